// Macros: the menu is fetched when it is opened, filtered while one types, and closed when one was run.
import { byId, fetchPiece } from "./dom.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const menu = () => byId("macro-menu");
const choices = () => [...menu().querySelectorAll(".macro-choice:not([hidden])")];

function mark(index) {
  const all = choices();
  all.forEach((choice, place) => choice.classList.toggle("is-marked", place === index));
  all[index]?.scrollIntoView({ block: "nearest" });
}

async function fill() {
  const list = menu();
  const html = await fetchPiece(list.dataset.choices);
  if (html === null || menu() !== list) return;
  list.innerHTML = html;
  window.htmx?.process(list);
  list.querySelector("input[type=search]")?.focus();
  mark(0);
}

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id === "macro-menu" && event.newState === "open") fill();
  },
  true,
);
document.addEventListener("input", (event) => {
  if (!event.target.matches?.("#macro-menu input[type=search]")) return;
  const typed = plain(event.target.value.trim());
  for (const choice of menu().querySelectorAll(".macro-choice")) choice.hidden = !plain(choice.dataset.find).includes(typed);
  mark(0);
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("#macro-menu input[type=search]")) return;
  const all = choices();
  const now = all.findIndex((choice) => choice.classList.contains("is-marked"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length) mark((now + step + all.length) % all.length);
  else if (event.key === "Enter") all[now]?.querySelector("button")?.click();
  else return;
  event.preventDefault();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const choice = event.detail.elt.closest?.(".macro-choice");
  if (choice && event.detail.successful && menu()?.matches(":popover-open")) menu().hidePopover();
});
