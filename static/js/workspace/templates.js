// Pieces that open in a dialog: the template picker and the customer's other channels.
import { byId, fetchPiece, headers, openPane } from "./dom.js";
import { integrate, toEnd } from "./thread.js";
import { refreshRow } from "./queue.js";

const dialog = () => byId("piece-dialog");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

async function open(url) {
  const place = dialog();
  const html = await fetchPiece(url);
  if (html === null || place !== dialog()) return;
  place.innerHTML = html;
  if (!place.open) place.showModal();
  place.querySelector("[autofocus]")?.focus();
  carryDraft(place);
}

// What was typed goes along to another channel.
function carryDraft(place) {
  const carried = place.querySelector("[data-elsewhere] [name=text]");
  if (carried) carried.value = byId("composer-text")?.value ?? "";
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("a[data-piece]");
  if (!opener || !dialog() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(opener.href);
});
document.addEventListener("keydown", (event) => {
  const opener = event.target.closest?.("a[data-piece][role=button]");
  if (opener && event.key === " ") {
    event.preventDefault();
    opener.click();
  }
});

// --- the list ---

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-template-search]")) return;
  const words = plain(event.target.value).split(/\s+/).filter(Boolean);
  const picker = event.target.closest(".template-picker");
  let shown = 0;
  for (const row of picker.querySelectorAll("[data-find]")) {
    const found = plain(row.dataset.find);
    row.hidden = !words.every((word) => found.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  picker.querySelector("[data-template-none]").hidden = shown > 0;
});
document.addEventListener("keydown", (event) => {
  const picker = event.target.closest?.(".template-picker");
  if (!picker || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const stops = [...picker.querySelectorAll("[data-template-search], li:not([hidden]) > a")];
  const now = stops.indexOf(document.activeElement);
  stops[(now + (event.key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length]?.focus();
});

// --- one of them ---

document.addEventListener("input", (event) => {
  const key = event.target.dataset?.fills;
  if (!key) return;
  for (const place of event.target.form.querySelectorAll(`[data-hole="${CSS.escape(key)}"]`)) {
    place.textContent = event.target.value || place.dataset.empty;
  }
});
document.addEventListener("change", (event) => {
  if (event.target.id !== "template-file") return;
  const picture = event.target.form.querySelector("[data-template-picture]");
  const file = event.target.files[0];
  if (!picture) return;
  if (picture.src) URL.revokeObjectURL(picture.src);
  picture.hidden = !file?.type.startsWith("image/");
  if (!picture.hidden) picture.src = URL.createObjectURL(file);
});

function complain(form, text) {
  const banner = form.querySelector("[data-template-problem]");
  banner.hidden = !text;
  banner.querySelector(".banner-body").textContent = text;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("[data-template-form]");
  if (!form || !byId("feed")) return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  complain(form, "");
  const body = new FormData(form);
  body.set("after", byId("feed").dataset.last);
  const response = await fetch(form.action, { method: "POST", headers: headers(), body }).catch(() => null);
  button.disabled = false;
  if (!response) {
    complain(form, dialog().dataset.textOffline);
  } else if (response.ok && !response.redirected) {
    dialog().close();
    integrate(await response.text());
    toEnd();
    if (openPane()) refreshRow(openPane().dataset.id);
  } else {
    const ours = response.headers.get("Content-Type")?.startsWith("text/plain");
    complain(form, ours ? await response.text() : document.body.dataset.refused);
  }
});
