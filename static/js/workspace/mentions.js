// @ in a private note: a list of colleagues and teams. What is chosen becomes text; the server finds the names
// in it, and a hidden field says who is meant of two with one name. Also the buttons by which an author lets
// somebody he mentioned see the conversation.
import { byId, fetchPiece } from "./dom.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const LONGEST = 40; // characters after the at sign in which a name is looked for

let at = -1; // where the at sign stands that opened the list
let current = -1;

const menu = () => byId("mention-menu");
const field = () => byId("composer-text");
const isNote = () => byId("composer")?.elements.kind.value === "note";
const isOpen = () => Boolean(menu()?.matches(":popover-open"));
const shown = () => [...menu().querySelectorAll(".mention-choice:not([hidden])")];

async function load() {
  const list = menu();
  if (list.dataset.loaded) return true;
  const html = await fetchPiece(list.dataset.choices);
  if (html === null || menu() !== list) return false;
  list.innerHTML = html;
  list.dataset.loaded = "yes";
  return true;
}

async function open(from) {
  at = from;
  if (!(await load()) || at !== from) return;
  filter();
}

function close() {
  at = -1;
  current = -1;
  if (!menu()) return;
  if (isOpen()) menu().hidePopover();
  field()?.removeAttribute("aria-activedescendant");
}

function filter() {
  if (!menu().dataset.loaded) return undefined; // what is typed meanwhile is looked at when the names are here
  const text = field();
  const typed = plain(text.value.slice(at + 1, text.selectionStart));
  if (typed.length > LONGEST || typed.includes("\n")) return close();
  for (const choice of menu().querySelectorAll(".mention-choice")) {
    const name = plain(choice.dataset.name);
    choice.hidden = !(name.startsWith(typed) || name.includes(` ${typed}`));
  }
  const count = shown().length;
  if (!count) return close();
  if (!isOpen()) menu().showPopover();
  const said = byId("mention-count");
  said.textContent = count === 1 ? said.dataset.one : said.dataset.many.replace("{count}", count);
  return mark(0);
}

function mark(index) {
  const all = shown();
  current = all.length ? (index + all.length) % all.length : -1;
  all.forEach((choice, place) => choice.setAttribute("aria-selected", String(place === current)));
  const chosen = all[current];
  if (!chosen) return;
  field().setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function choose(choice) {
  const text = field();
  text.setRangeText(`@${choice.dataset.name} `, at, text.selectionStart, "end");
  const chosen = document.createElement("input");
  chosen.type = "hidden";
  chosen.name = "mention";
  chosen.value = choice.dataset.id;
  byId("composer").append(chosen);
  close();
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "composer-text" || !menu()) return;
  const text = event.target;
  const caret = text.selectionStart;
  if (at >= 0) {
    if (isNote() && text.value[at] === "@" && caret > at) filter();
    else close();
  } else if (isNote() && text.value[caret - 1] === "@" && !/[\p{L}\p{N}]/u.test(text.value[caret - 2] ?? "")) {
    open(caret - 1);
  }
});

document.addEventListener(
  "keydown",
  (event) => {
    if (event.target.id !== "composer-text" || !isOpen()) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(current + step);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey && shown()[current]) choose(shown()[current]);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener("focusin", (event) => {
  if (event.target.id !== "composer-text" || !menu()) return;
  event.target.setAttribute("aria-autocomplete", "list");
  event.target.setAttribute("aria-controls", "mention-menu");
});

document.addEventListener("click", (event) => {
  const choice = event.target.closest?.(".mention-choice");
  if (choice) choose(choice);
  else if (isOpen() && !event.target.closest?.("#mention-menu")) close();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.elt.matches?.("[data-share]")) event.detail.elt.closest("li")?.remove();
});
document.addEventListener("change", (event) => {
  if (event.target.name === "kind" && event.target.form?.id === "composer") close();
});
