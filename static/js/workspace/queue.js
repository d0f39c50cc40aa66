// The queue: rows change in place, move without flicker, and never take the focus or the scroll along.
import { byId, fetchPiece, parse, replace } from "./dom.js";

const PAUSE = 120; // milliseconds in which changes gather
const waiting = new Set();
let timer = null;
let busy = false;
let mustReload = false;

const rowsOf = (list) => [...list.querySelectorAll(":scope > .queue-item")];

function order(row) {
  return [row.dataset.at.padStart(20, "0"), row.dataset.id].join(" ");
}

function place(list, row) {
  const after = rowsOf(list).find((other) => other !== row && order(other) < order(row));
  const before = after ?? list.querySelector(":scope > .queue-more");
  if (row.nextElementSibling === before && row.parentNode === list) return;
  if (!after && before && !row.isConnected) return; // it belongs to a page not loaded yet
  const focused = row.contains(document.activeElement);
  if (list.moveBefore && row.isConnected) list.moveBefore(row, before);
  else list.insertBefore(row, before);
  if (focused) row.querySelector("a")?.focus({ preventScroll: true });
}

function keepScroll(change) {
  const scroll = byId("queue-scroll");
  const anchor = scroll.scrollTop > 60 && rowsOf(byId("queue-list")).find((row) => row.offsetTop >= scroll.scrollTop);
  const before = anchor?.offsetTop;
  change();
  if (anchor?.isConnected) scroll.scrollTop += anchor.offsetTop - before;
}

function markCurrent() {
  const id = byId("conversation")?.dataset.id ?? "";
  for (const row of document.querySelectorAll("#queue-list > .queue-item")) {
    const current = row.dataset.id === id;
    row.classList.toggle("queue-item--current", current);
    const link = row.querySelector("a");
    if (current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function showCounts(fresh) {
  for (const item of fresh.querySelectorAll("#counts-update > li")) {
    for (const count of document.querySelectorAll(`[data-count="${item.dataset.view}"]`)) {
      if (count.textContent !== item.textContent) count.textContent = item.textContent;
    }
    if (item.dataset.view === "mine") setTitleCount(item.textContent);
  }
}

function setTitleCount(count) {
  const plain = document.title.replace(/^\(\d+\+?\) /, "");
  const title = count ? `(${count}) ${plain}` : plain;
  if (document.title !== title) document.title = title;
}

function announce(rows) {
  const scroll = byId("queue-scroll");
  const button = byId("queue-fresh");
  const above = rows.some((row) => row.offsetTop < scroll.scrollTop);
  if (above && scroll.scrollTop > 60) button.hidden = false;
}

async function update() {
  const workspace = byId("workspace");
  if (!workspace?.dataset.rows || busy) return;
  busy = true;
  const ids = [...waiting];
  waiting.clear();
  const query = ids.map((id) => `&id=${id}`).join("");
  const html = await fetchPiece(`${workspace.dataset.rows}?${workspace.dataset.query}${query}`);
  busy = false;
  const list = byId("queue-list");
  if (html && list) {
    const fresh = parse(html);
    keepScroll(() => {
      const moved = [];
      for (const id of ids) {
        const row = fresh.getElementById(`row-${id}`);
        const old = byId(`row-${id}`);
        if (!row) {
          old?.remove();
          continue;
        }
        if (old) replace(old, row);
        const now = byId(`row-${id}`) ?? document.importNode(row, true);
        const isNew = !now.isConnected;
        place(list, now);
        if (isNew && now.isConnected) {
          window.htmx?.process(now);
          moved.push(now);
        }
      }
      if (moved.length) announce(moved);
    });
    byId("queue-empty").hidden = rowsOf(list).length > 0;
    showCounts(fresh);
    markCurrent();
  }
  if (waiting.size || mustReload) schedule();
}

async function reload() {
  const list = byId("queue-list");
  const workspace = byId("workspace");
  if (!list || !workspace) return;
  mustReload = false;
  const html = await fetchPiece(`${workspace.dataset.inbox}?${workspace.dataset.query}`);
  const fresh = html && parse(html);
  const rows = fresh?.getElementById("queue-list");
  if (!rows) return;
  const scroll = byId("queue-scroll");
  const top = scroll.scrollTop;
  const focused = document.activeElement?.closest?.(".queue-item")?.dataset.id;
  list.replaceChildren(...[...rows.children].map((row) => document.importNode(row, true)));
  window.htmx?.process(list);
  scroll.scrollTop = top;
  if (focused) byId(`row-${focused}`)?.querySelector("a")?.focus({ preventScroll: true });
  byId("queue-empty").hidden = rowsOf(list).length > 0;
  for (const count of fresh.querySelectorAll("[data-count]")) {
    for (const shown of document.querySelectorAll(`[data-count="${count.dataset.count}"]`)) shown.textContent = count.textContent;
  }
  markCurrent();
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(() => (mustReload ? reload() : update()), PAUSE);
}

/** Show one conversation's row again. */
export function refreshRow(id) {
  waiting.add(id);
  schedule();
}

/** Put the focus on the next or previous row. */
export function step(by) {
  const list = byId("queue-list");
  if (!list) return;
  const rows = rowsOf(list);
  const focused = document.activeElement?.closest?.(".queue-item");
  const from = focused ?? list.querySelector(".queue-item--current");
  const index = from ? rows.indexOf(from) + by : by > 0 ? 0 : rows.length - 1;
  const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
  const link = row?.querySelector("a");
  link?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("puente:event", ({ detail }) => {
  if (["message", "conversation", "seen"].includes(detail.kind)) refreshRow(detail.data.conversation);
});
document.addEventListener("puente:resync", () => {
  mustReload = true;
  schedule();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#queue-fresh")) return;
  byId("queue-scroll").scrollTo({ top: 0 });
  byId("queue-fresh").hidden = true;
});
document.addEventListener(
  "scroll",
  (event) => {
    if (event.target.id === "queue-scroll" && event.target.scrollTop < 20) byId("queue-fresh").hidden = true;
  },
  true,
);
document.addEventListener("htmx:afterSwap", (event) => {
  const workspace = byId("workspace");
  if (!workspace) return;
  if (event.detail.target?.id === "conversation") {
    workspace.classList.remove("workspace--plain");
    workspace.dataset.pane = "conversation";
  }
  setTitleCount(document.querySelector(".queue-view [data-count=mine]")?.textContent ?? "");
  markCurrent();
});
setTitleCount(byId("workspace")?.dataset.titleCount ?? "");
