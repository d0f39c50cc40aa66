// Replies proposed to the customer's last word: taken with a click or Alt and a number, always editable.
import { byId, fetchPiece, headers, openPane } from "./dom.js";
import { write } from "./composer.js";

const place = () => byId("suggestions");

async function load() {
  const at = place();
  if (!at) return;
  const html = await fetchPiece(at.dataset.url);
  if (html === null || place() !== at) return;
  const fresh = html.trim();
  if (at.dataset.shown === fresh) return;
  at.dataset.shown = fresh;
  at.innerHTML = fresh;
}

function clear() {
  if (!place()) return;
  place().replaceChildren();
  place().dataset.shown = "";
}

function take(item) {
  const text = byId("composer-text");
  if (!item || !text) return;
  write("reply");
  const proposed = item.querySelector("[data-suggestion-text]").textContent.trim();
  const kept = text.value.trimEnd();
  text.setRangeText(kept ? `\n\n${proposed}` : proposed, kept.length, text.value.length, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", async (event) => {
  const item = event.target.closest?.("#suggestions [data-suggestion]");
  if (!item) return;
  const no = event.target.closest("[data-suggestion-no]");
  if (!no) {
    if (event.target.closest("[data-suggest]")) take(item);
    return;
  }
  const body = new URLSearchParams({ outcome: "rejected" });
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  (next?.querySelector("button") ?? byId("composer-text"))?.focus();
  if (no.dataset.suggestionNo) await fetch(no.dataset.suggestionNo, { method: "POST", headers: headers(), body }).catch(() => null);
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return;
  const number = /^Digit([1-3])$/.exec(event.code)?.[1];
  const item = number && place()?.querySelectorAll("[data-suggestion]")[number - 1];
  if (!item) return;
  event.preventDefault();
  take(item);
});
document.addEventListener("submit", (event) => {
  if (event.target.id === "composer" && event.target.elements.kind.value === "reply") clear();
});
document.addEventListener("puente:event", ({ detail }) => {
  if (detail.data.conversation !== openPane()?.dataset.id) return;
  if (detail.kind === "suggestions") load();
  else if (detail.kind === "message" && detail.data.kind === "outbound") clear();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (["conversation", "workspace"].includes(event.detail.target?.id)) load();
});
load();
