// The open conversation: new messages are added at its end, changed ones in place, and what one reads stays still.
import { byId, fetchPiece, headers, openPane, parse, replace } from "./dom.js";
import { unfold } from "./handoff.js";
import { refreshRow } from "./queue.js";
import { toast } from "../ui/toasts.js";

const NEAR = 80; // pixels from the end that still count as being there
const PAUSE = 60; // milliseconds in which changes gather
const changed = new Set();
let timer = null;
let running = false;
let again = false;

const scroller = () => byId("feed-scroll");

/** Whether the newest message is on screen. The area runs upward: 0 is the end. */
export function atEnd() {
  const area = scroller();
  return !area || Math.abs(area.scrollTop) < NEAR;
}

export function toEnd() {
  const area = scroller();
  if (area) area.scrollTop = 0;
  const button = byId("feed-fresh");
  if (button) button.hidden = true;
}

/** Bring in what an answer of the server holds: messages, head, facts. Returns the new items. */
export function integrate(html) {
  const fresh = parse(html);
  const feed = byId("feed");
  const items = fresh.getElementById("updates-feed");
  if (!feed || !items) return [];
  const area = scroller();
  const stay = !atEnd();
  const anchor = stay && firstInView(area);
  const top = anchor && anchor.getBoundingClientRect().top;
  const added = [];
  for (const item of items.children) add(feed, item, added);
  feed.dataset.last = added.reduce((last, { dataset }) => (dataset.id > last ? dataset.id : last), feed.dataset.last);
  if (!openMenu()) replace(byId("conversation-head"), fresh.getElementById("conversation-head"));
  replace(byId("right-now"), fresh.getElementById("right-now"));
  replace(byId("composer-window"), fresh.getElementById("composer-window"));
  unfold(fresh);
  replace(byId("turn"), fresh.getElementById("turn"));
  if (!byId("promises")?.querySelector(":popover-open")) replace(byId("promises"), fresh.getElementById("promises"));
  replace(byId("promise-offer"), fresh.getElementById("promise-offer"));
  if (!byId("scheduled")?.querySelector(":popover-open")) replace(byId("scheduled"), fresh.getElementById("scheduled"));
  document.dispatchEvent(new CustomEvent("puente:integrated", { detail: { fresh } }));
  if (anchor?.isConnected) area.scrollTop += anchor.getBoundingClientRect().top - top;
  const theirs = added.filter((item) => !("mine" in item.dataset) && item.dataset.kind !== "event");
  if (stay && theirs.length) byId("feed-fresh").hidden = false;
  advanceSeen(added);
  return added;
}

function firstInView(area) {
  const edge = area.getBoundingClientRect().top;
  return [...byId("feed").children].find((item) => item.dataset.id && item.getBoundingClientRect().bottom > edge);
}

function add(feed, item, added) {
  if (item.dataset.day) {
    if (!feed.querySelector(`[data-day="${item.dataset.day}"]`)) feed.append(document.importNode(item, true));
    return;
  }
  if (item.dataset.episode) {
    if (!feed.querySelector(`[data-episode="${CSS.escape(item.dataset.episode)}"]`)) feed.append(document.importNode(item, true));
    return;
  }
  const known = feed.querySelector(`[data-id="${item.dataset.id}"]`);
  if (known) {
    if (known.dataset.stamp !== item.dataset.stamp) replace(known, item);
    return;
  }
  const later = laterThan(feed, item.dataset.id);
  if (later && byId("feed-earlier") && feed.querySelector("[data-id]") === later) return; // of a page not shown
  if (item.dataset.client) feed.querySelector(`[data-pending="${item.dataset.client}"]`)?.remove();
  const node = document.importNode(item, true);
  feed.insertBefore(node, later ?? feed.querySelector("[data-pending]"));
  window.htmx?.process(node);
  added.push(node);
}

// Ids are in order. A message that another overtook on its way stands before it.
function laterThan(feed, id) {
  if (!feed.dataset.last || id > feed.dataset.last) return null;
  return [...feed.querySelectorAll("[data-id]")].find((shown) => shown.dataset.id > id);
}

function openMenu() {
  return byId("conversation-head")?.querySelector("[popover]:popover-open");
}

// What the sender has on screen moves on by itself, except past a colleague's answer while he is writing.
function advanceSeen(added) {
  const form = byId("composer");
  if (!form || !added.length) return;
  const writing = form.elements.text.value.trim();
  const answered = added.some((item) => item.dataset.kind === "outbound" && !("mine" in item.dataset));
  if (!(writing && answered)) form.elements.seen.value = byId("feed").dataset.last;
}

/** Ask for what is new. */
export async function update() {
  const pane = openPane();
  if (!pane?.dataset.updates) return;
  if (running) {
    again = true;
    return;
  }
  running = true;
  const ids = [...changed];
  changed.clear();
  const looking = document.visibilityState === "visible" ? "&looking=1" : "";
  const query = `after=${byId("feed").dataset.last}${looking}${ids.map((id) => `&changed=${id}`).join("")}`;
  const html = await fetchPiece(`${pane.dataset.updates}?${query}&${byId("workspace").dataset.query}`);
  running = false;
  if (html && openPane() === pane) integrate(html);
  if (again) {
    again = false;
    schedule();
  }
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(update, PAUSE);
}

document.addEventListener("puente:event", ({ detail }) => {
  const pane = openPane();
  if (!pane || detail.data.conversation !== pane.dataset.id) return;
  if (!["message", "conversation"].includes(detail.kind)) return;
  if (detail.data.message) changed.add(detail.data.message);
  schedule();
});
document.addEventListener("puente:resync", schedule);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) schedule();
});

// Without a stream the page asks every few seconds.
let polling = null;
document.addEventListener("puente:connection", ({ detail }) => {
  clearInterval(polling);
  if (!detail.up) polling = setInterval(update, 10_000);
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#feed-fresh")) toEnd();
});
document.addEventListener(
  "scroll",
  (event) => {
    if (event.target.id === "feed-scroll" && atEnd()) byId("feed-fresh").hidden = true;
  },
  true,
);

// Earlier messages come in above without moving what one reads.
let heightBefore = 0;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "feed-earlier") heightBefore = scroller().scrollTop;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "feed-earlier") scroller().scrollTop = heightBefore;
});

// A head that was changed by hand leaves a line in the feed.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || event.detail.requestConfig.verb !== "post") return;
  const pane = openPane();
  if (pane?.contains(event.detail.elt)) {
    schedule();
    refreshRow(pane.dataset.id);
  }
});

// Labels are applied when their menu closes.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("#label-form");
  if (form) form.dataset.changed = "yes";
});
document.addEventListener(
  "toggle",
  (event) => {
    const form = event.target.id === "label-menu" && event.newState === "closed" && byId("label-form");
    if (!form || !form.dataset.changed) return;
    delete form.dataset.changed;
    form.requestSubmit();
  },
  true,
);
document.addEventListener("submit", (event) => {
  if (event.target.id === "label-form") {
    delete event.target.dataset.changed;
    byId("label-menu").hidePopover();
  }
});

// Sending again what did not arrive; answering and hiding public comments.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("[data-resend]");
  if (!form) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  body.set("after", byId("feed").dataset.last);
  try {
    const response = await fetch(form.action, { method: "POST", headers: headers(), body });
    const ours = response.headers.get("Content-Type")?.startsWith("text/plain");
    if (!response.ok) return toast(ours ? await response.text() : document.body.dataset.refused, "error");
    form.reset();
    form.closest("details")?.removeAttribute("open");
    integrate(await response.text());
  } catch {
    toast(document.body.dataset.offline, "error");
  }
});

// "Closed. Undo": the toast carries a button.
document.addEventListener("puente:undo", ({ detail }) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--link toast-undo";
  button.textContent = detail.label;
  button.addEventListener("click", () => {
    button.closest("[data-toast]").remove();
    takeBack(detail);
  });
  toast(detail.text, "success", button);
});

async function takeBack({ url, fields }) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
  const workspace = byId("workspace");
  const response = await fetch(`${url}?${workspace.dataset.query}`, { method: "POST", headers: headers("customer-panel"), body }).catch(() => null);
  if (!response) {
    toast(document.body.dataset.offline, "error");
  } else if (response.ok) {
    toast(workspace.dataset.textUndone, "info");
    document.body.dispatchEvent(new Event("puente:customer"));
    update();
  } else {
    const ours = response.headers.get("Content-Type")?.startsWith("text/plain");
    toast(ours ? await response.text() : document.body.dataset.refused, "error");
  }
}

// A mail's frame is as high as the mail. It is same-origin without scripts, so it can be measured.
function fit(frame) {
  const page = frame.contentDocument?.documentElement;
  if (!page || frame.contentDocument.URL === "about:blank") return;
  const size = () => {
    frame.style.height = `${Math.min(Math.max(page.scrollHeight, 96), 4000)}px`;
  };
  size();
  new ResizeObserver(size).observe(frame.contentDocument.body);
}
document.addEventListener(
  "load",
  (event) => {
    if (event.target.matches?.("iframe.message-frame")) fit(event.target);
  },
  true,
);

// Frames that were there before this script was.
for (const frame of document.querySelectorAll("iframe.message-frame")) {
  if (frame.contentDocument?.readyState === "complete") fit(frame);
}
