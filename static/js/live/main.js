// Pages that keep themselves fresh. An element with data-live (kinds of events), data-live-events (the stream)
// and data-live-since says what it follows; data-live-customer narrows it to one customer. Its parts
// (data-live-part, with an id) are put in place anew when they changed, except while somebody writes in them;
// data-live-pause waits so many milliseconds between two readings, data-live-every reads again anyway;
// of a list (data-live-list) only what is new comes in, so that older entries stay where they are.
import { follow } from "../workspace/live.js";

const PAUSE = 400; // milliseconds in which changes gather
const FIELDS = "input:not([type=hidden]), textarea, select";
const page = document.querySelector("[data-live]");
let timer = null;
let running = false;
let stale = false;

function concerns({ kind, data }) {
  const customer = page.dataset.liveCustomer;
  return page.dataset.live.split(" ").includes(kind) && (!customer || [data.id, data.customer].includes(customer));
}

function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.localName !== "select") return field.value !== field.defaultValue;
  const options = [...field.options];
  const usual = Math.max(options.findIndex((option) => option.defaultSelected), 0);
  return field.selectedIndex !== usual;
}

// Somebody writes in it, or is told there what was wrong with what he wrote.
function isBusy(part) {
  const fields = [...part.querySelectorAll(FIELDS)];
  return fields.some((field) => field === document.activeElement || isChanged(field)) || part.querySelector("[aria-invalid=true]");
}

// What a part says, apart from what changes by itself or by opening and closing.
function shape(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = "";
  for (const fold of copy.querySelectorAll("details")) fold.removeAttribute("open");
  return copy.innerHTML;
}

function adopt(fresh) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  for (const field of fresh.querySelectorAll("[name=csrfmiddlewaretoken]")) field.setAttribute("value", token ?? field.value);
  let postponed = false;
  for (const part of page.querySelectorAll("[data-live-part]")) {
    const other = fresh.getElementById(part.id);
    if (!other) continue;
    const list = part.querySelector("[data-live-list]");
    const otherList = other.querySelector("[data-live-list]");
    if (list && otherList) mergeList(list, otherList);
    else if (shape(part) !== shape(other)) {
      if (isBusy(part)) postponed = true;
      else replacePart(part, other);
    }
  }
  return postponed;
}

function replacePart(part, other) {
  const open = [...part.querySelectorAll("details")].map((fold) => fold.open);
  const focus = [...part.querySelectorAll("a, button, summary")].indexOf(document.activeElement);
  const node = document.importNode(other, true);
  const folds = [...node.querySelectorAll("details")];
  if (folds.length === open.length) folds.forEach((fold, index) => (fold.open = open[index]));
  part.replaceWith(node);
  window.htmx?.process(node);
  if (focus >= 0) [...node.querySelectorAll("a, button, summary")][focus]?.focus({ preventScroll: true });
}

// An entry is known by what it says and when: nothing is written into a history twice.
function mergeList(list, fresh) {
  const entries = (of) => [...of.children].filter((item) => !item.matches("[data-live-rest]"));
  const known = new Map(entries(list).map((item) => [shape(item), item]));
  const shown = new Set();
  let place = list.firstElementChild;
  let last = null;
  for (const item of entries(fresh)) {
    const key = shape(item);
    shown.add(key);
    last = known.get(key);
    if (last) {
      place = last.nextElementSibling;
    } else {
      last = document.importNode(item, true);
      list.insertBefore(last, place);
      window.htmx?.process(last);
    }
  }
  for (const item of entries(list)) {
    if (item === last) break; // what is older was fetched later, and stays
    if (!shown.has(shape(item))) item.remove();
  }
}

async function refresh() {
  if (document.hidden || running) {
    stale = true;
    return;
  }
  running = true;
  stale = false;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.ok && !response.redirected) {
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      if (adopt(fresh)) stale = true;
    }
  } catch {
    stale = true; // without a connection: again with the next event
  }
  running = false;
}

function schedule() {
  const pause = Number(page.dataset.livePause);
  if (pause && timer) return; // a page that counts what never stops coming is read again all the same
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = null;
    refresh();
  }, pause || PAUSE);
}

if (page) {
  document.addEventListener("puente:event", ({ detail }) => concerns(detail) && schedule());
  document.addEventListener("puente:resync", schedule);
  document.addEventListener("visibilitychange", () => stale && !document.hidden && schedule());
  page.addEventListener("focusout", () => stale && schedule());
  if (page.dataset.liveEvery) setInterval(schedule, Number(page.dataset.liveEvery));
  follow(page.dataset.liveEvents, page.dataset.liveSince);
}
