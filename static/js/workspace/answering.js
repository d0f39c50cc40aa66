// Answering one message: quoting it, an emoji under it. And how long free text still goes out.
import { byId, headers } from "./dom.js";
import { integrate, update } from "./thread.js";
import { segments } from "./segments.js";
import { toast } from "../ui/toasts.js";

const NEAR = 0.9; // of the longest text, from where the count is worth showing
const MINUTE = 60_000;

// --- quoting ---

function quote(item) {
  const place = byId("composer-quote");
  if (!place) return;
  const text = item.querySelector(".message-text")?.textContent.trim().replace(/\s+/g, " ") || "📎";
  place.querySelector("[data-quote-text]").textContent = text.slice(0, 160);
  place.querySelector("[name=reply_to]").value = item.dataset.id;
  place.hidden = false;
  byId("composer").elements.kind.value = "reply";
  byId("composer-text").focus();
}

/** Answer no particular message any more. */
export function unquote() {
  const place = byId("composer-quote");
  if (!place) return;
  place.querySelector("[name=reply_to]").value = "";
  place.hidden = true;
}

// --- an emoji ---

let reactingTo = null;

function openMenu(button) {
  const menu = byId("reaction-menu");
  if (!menu) return;
  reactingTo = button.closest(".feed-item");
  for (const choice of menu.querySelectorAll("[data-emoji]")) {
    choice.setAttribute("aria-pressed", String(choice.dataset.emoji === button.dataset.react));
  }
  menu.showPopover({ source: button });
  const box = button.getBoundingClientRect();
  menu.style.top = `${Math.max(box.top - menu.offsetHeight - 4, 8)}px`;
  menu.style.left = `${Math.min(box.left, window.innerWidth - menu.offsetWidth - 8)}px`;
  menu.querySelector("[data-emoji]").focus();
}

async function react(choice) {
  const menu = byId("reaction-menu");
  const item = reactingTo;
  menu.hidePopover();
  if (!item) return;
  const taken = item.querySelector("[data-react]")?.dataset.react === choice.dataset.emoji;
  const body = new URLSearchParams({ message: item.dataset.id, emoji: taken ? "" : choice.dataset.emoji, after: byId("feed").dataset.last });
  const response = await fetch(menu.dataset.url, { method: "POST", headers: headers(), body }).catch(() => null);
  if (!response) toast(document.body.dataset.offline, "error");
  else if (response.ok) integrate(await response.text());
  else toast(response.status === 422 ? await response.text() : document.body.dataset.refused, "error");
}

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-quote], [data-unquote], [data-react], [data-emoji]");
  if (!target) return;
  if ("quote" in target.dataset) quote(target.closest(".feed-item"));
  else if ("unquote" in target.dataset) unquote();
  else if ("emoji" in target.dataset) react(target);
  else openMenu(target);
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("#reaction-menu");
  if (!menu || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  const choices = [...menu.querySelectorAll("[data-emoji]")];
  const now = choices.indexOf(document.activeElement);
  choices[(now + (event.key === "ArrowRight" ? 1 : -1) + choices.length) % choices.length].focus();
});

// --- what more the message holds ---

/** What did not go out stands there again. */
export function restoreMore(composer, body) {
  const given = {};
  for (const input of composer.querySelectorAll("[data-tool] input")) {
    given[input.name] ??= body.getAll(input.name);
    input.value ||= given[input.name].shift() ?? "";
  }
  const answered = byId("composer-quote")?.querySelector("[name=reply_to]");
  if (answered && !answered.value && body.get("reply_to")) {
    answered.value = body.get("reply_to");
    byId("composer-quote").hidden = false;
  }
}

/** Whether there is something beside text and files: choices, a place. */
export function hasMore(composer) {
  const filled = [...composer.querySelectorAll("[data-tool] input")].some((input) => input.value.trim());
  return filled;
}

/** Begin the next message with nothing. */
export function clearMore(composer) {
  for (const input of composer.querySelectorAll("[data-tool] input")) input.value = "";
  unquote();
  count();
}

// --- how long it is ---

function count() {
  const composer = byId("composer");
  const place = byId("composer-count");
  if (!composer || !place) return;
  const text = byId("composer-text").value;
  const limit = Number(composer.dataset.textLimit);
  const isNote = composer.elements.kind.value === "note";
  let said = "";
  if (!isNote && composer.dataset.segments && text) {
    const { parts, left } = segments(text);
    said = `${parts} ${composer.dataset.segments} · ${left}`;
  } else if (!isNote && limit && text.length > limit * NEAR) {
    said = `${text.length} / ${limit}`;
  }
  if (place.textContent !== said) place.textContent = said;
  place.classList.toggle("is-over", !isNote && limit > 0 && text.length > limit);
}

document.addEventListener("input", (event) => {
  if (event.target.id === "composer-text") count();
});
document.addEventListener("change", (event) => {
  if (event.target.name === "kind" && event.target.form?.id === "composer") count();
});
document.addEventListener("htmx:afterSwap", count);
count();

// --- the window ---

function tick() {
  const place = byId("composer-window");
  const until = Date.parse(place?.dataset.until ?? "");
  if (!until) return;
  const minutes = Math.floor((until - Date.now()) / MINUTE);
  if (minutes < 0) {
    update(); // the server says what goes out now
    return;
  }
  const hours = Math.floor(minutes / 60);
  const text = hours >= 48 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
  const shown = place.querySelector("[data-left]");
  if (shown && shown.textContent !== text) shown.textContent = text;
}
setInterval(tick, MINUTE / 2);
document.addEventListener("visibilitychange", () => document.hidden || tick());
