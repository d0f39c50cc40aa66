// Choosing rows of the queue: a click on the box, with shift all in between, "x" for the row in focus. Where
// nothing hovers, a button above the queue shows the boxes.
import { byId } from "./dom.js";

const chosen = new Set();
let anchor = null;
let isChoosing = false; // the boxes are shown, though none is ticked

const boxes = () => [...document.querySelectorAll("#queue-list .queue-choose input")];
const bar = () => byId("many");

function show() {
  const form = bar();
  if (!form) return;
  const all = form.elements.all.value === "1";
  form.hidden = !all && chosen.size === 0;
  const { textOne, textMany, textAll } = form.dataset;
  const text = all ? textAll : chosen.size === 1 ? textOne : textMany.replace("{count}", chosen.size);
  const count = byId("many-count");
  if (count.textContent !== text) count.textContent = text; // the page is watched for changes, this one too
  for (const box of boxes()) box.checked = all || chosen.has(box.value);
  const list = byId("queue-list");
  const shown = isChoosing || !form.hidden;
  if (list && list.classList.contains("queue--choosing") !== shown) list.classList.toggle("queue--choosing", shown);
  const button = byId("many-choose");
  if (button && button.getAttribute("aria-pressed") !== String(shown)) button.setAttribute("aria-pressed", String(shown));
}

function choose(box, on) {
  if (on) chosen.add(box.value);
  else chosen.delete(box.value);
}

function clear() {
  chosen.clear();
  anchor = null;
  isChoosing = false;
  if (bar()) bar().elements.all.value = "";
  show();
}

function toggle(box, on, withShift) {
  bar().elements.all.value = "";
  const all = boxes();
  const [from, to] = [all.findIndex((one) => one.value === anchor), all.indexOf(box)];
  if (withShift && from >= 0) {
    for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) choose(one, on);
  } else choose(box, on);
  anchor = box.value;
  show();
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".queue-choose input");
  if (box && bar()) toggle(box, box.checked, event.shiftKey);
  if (event.target.closest?.("#many-none")) clear();
  if (event.target.closest?.("#many-choose") && bar()) {
    const on = !byId("queue-list")?.classList.contains("queue--choosing");
    clear();
    isChoosing = on;
    show();
  }
  if (event.target.closest?.("#many-all")) {
    bar().elements.all.value = "1";
    show();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable=true]")) return;
  if (event.key === "Escape" && bar() && !bar().hidden && !document.querySelector(":popover-open")) clear();
  if (event.key !== "x") return;
  const row = document.activeElement?.closest?.(".queue-item") ?? document.querySelector(".queue-item--current");
  const box = row?.querySelector(".queue-choose input");
  if (!box || !bar()) return;
  event.preventDefault();
  toggle(box, !chosen.has(box.value), false);
});

// The boxes of rows that are not on the page any more are sent along.
document.addEventListener("submit", (event) => {
  if (event.target.id !== "many" || event.target.elements.all.value === "1") return;
  const here = new Set(boxes().map((box) => box.value));
  for (const id of chosen) {
    if (here.has(id)) continue;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "id", value: id });
    event.target.append(field);
  }
});

new MutationObserver(() => (chosen.size || isChoosing) && show()).observe(document.body, { childList: true, subtree: true });
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "workspace") clear();
});
show();
