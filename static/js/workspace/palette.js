// Ctrl K: type what you want, Enter does it.
import { byId, openPane } from "./dom.js";
import { press } from "./keys.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const options = () => [...byId("palette-list").querySelectorAll("[role=option]")].filter((one) => one.getClientRects().length);

/** Open the palette. */
export function openPalette() {
  const dialog = byId("palette");
  if (!dialog || dialog.open) return;
  const input = byId("palette-input");
  input.value = "";
  byId("palette-customers").replaceChildren();
  dialog.querySelector("[data-needs-conversation]").hidden = !openPane();
  filter();
  dialog.showModal();
  input.focus();
  mark(0);
}

function filter() {
  const typed = plain(byId("palette-input").value.trim());
  for (const option of byId("palette-list").querySelectorAll("[role=option]:not([data-found])")) {
    option.hidden = !plain(option.textContent).includes(typed);
  }
  mark(0);
}

function mark(index) {
  const all = options();
  all.forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
  all[index]?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.('[data-dialog="palette"]');
  if (opener) {
    queueMicrotask(() => {
      byId("palette").close();
      openPalette();
    });
    return;
  }
  const option = event.target.closest?.("#palette [role=option]");
  if (!option) return;
  byId("palette").close();
  if (option.dataset.press) {
    event.preventDefault();
    requestAnimationFrame(() => press(option.dataset.press));
  }
});
document.addEventListener("input", (event) => {
  if (event.target.id === "palette-input") filter();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "palette-customers") mark(0);
});
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "palette-input") return;
  const all = options();
  const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark((now + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    all[now]?.click();
  }
});
