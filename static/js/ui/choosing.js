// Choosing rows of a list for the bar "many": a click on the box, with shift all in between, "x" for the row
// in focus. The bar says how many are chosen; "All" stands for all that the list has, also off the page.
const byId = (id) => document.getElementById(id);

/**
 * Let people choose rows.
 * list: id of the list; row, boxes: selectors of its rows and of their checkboxes; current: selector of the
 * row that "x" means while none is in focus.
 */
export function choosing({ list, row, boxes, current = "" }) {
  const chosen = new Set();
  let anchor = null;
  let isChoosing = false; // the boxes are shown, though none is ticked

  const all = () => [...document.querySelectorAll(`#${list} ${boxes}`)];
  const bar = () => byId("many");

  function show() {
    const form = bar();
    if (!form) return;
    const everything = form.elements.all.value === "1";
    form.hidden = !everything && chosen.size === 0;
    const { textOne, textMany, textAll } = form.dataset;
    const text = everything ? textAll : chosen.size === 1 ? textOne : textMany.replace("{count}", chosen.size);
    const count = byId("many-count");
    if (count.textContent !== text) count.textContent = text; // the page is watched for changes, this one too
    for (const box of all()) box.checked = everything || chosen.has(box.value);
    const page = byId("many-page");
    if (page) page.checked = everything || (all().length > 0 && all().every((box) => box.checked));
    const shown = isChoosing || !form.hidden;
    const place = byId(list);
    if (place && place.classList.contains("queue--choosing") !== shown) place.classList.toggle("queue--choosing", shown);
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
    const known = all();
    const [from, to] = [known.findIndex((one) => one.value === anchor), known.indexOf(box)];
    if (withShift && from >= 0) {
      for (const one of known.slice(Math.min(from, to), Math.max(from, to) + 1)) choose(one, on);
    } else choose(box, on);
    anchor = box.value;
    show();
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(boxes);
    if (box && bar()) toggle(box, box.checked, event.shiftKey);
    if (event.target.id === "many-page" && bar()) {
      bar().elements.all.value = "";
      for (const one of all()) choose(one, event.target.checked);
      show();
    }
    if (event.target.closest?.("#many-none")) clear();
    if (event.target.closest?.("#many-choose") && bar()) {
      const on = !byId(list)?.classList.contains("queue--choosing");
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
    const at = document.activeElement?.closest?.(row) ?? (current && document.querySelector(current));
    const box = at?.querySelector(boxes);
    if (!box || !bar()) return;
    event.preventDefault();
    toggle(box, !chosen.has(box.value), false);
  });

  // The boxes of rows that are not on the page any more are sent along.
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "many" || event.target.elements.all.value === "1") return;
    const here = new Set(all().map((box) => box.value));
    for (const id of chosen) {
      if (here.has(id)) continue;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "id", value: id });
      event.target.append(field);
    }
  });

  new MutationObserver(() => (chosen.size || isChoosing) && show()).observe(document.body, { childList: true, subtree: true });
  show();
  return { clear };
}
