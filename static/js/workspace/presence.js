// Who else is here: a sign of life every few seconds, and a line that says who looks and who writes.
import { byId, fetchPiece, headers, openPane } from "./dom.js";

const EVERY = 15_000; // milliseconds
const TYPING_EVERY = 3_000;
let here = "";
let lastTyped = 0;
let stopTyping = null;
let customerTimer = null;

async function post(url, data, show = true) {
  try {
    const response = await fetch(url, { method: "POST", headers: headers(), body: new URLSearchParams(data) });
    if (response.ok && show && openPane()?.dataset.presence === url) display(await response.text());
  } catch {
    // Presence is a courtesy: without a connection there is none.
  }
}

function display(html) {
  const line = byId("presence");
  if (!line || line.innerHTML.trim() === html.trim()) return;
  const typing = byId("customer-typing");
  const shown = typing && !typing.hidden;
  line.innerHTML = html;
  if (shown) byId("customer-typing").replaceWith(typing);
}

function beat() {
  const pane = openPane();
  const url = pane?.dataset.presence ?? "";
  if (here && here !== url) leave(here);
  here = url;
  if (url && document.visibilityState === "visible") post(url, { typing: Date.now() - lastTyped < 5000 ? "1" : "0" });
}

function leave(url) {
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token);
  body.set("leaving", "1");
  navigator.sendBeacon(url, body);
}

/** Somebody types in the composer. */
export function sign(kind) {
  const pane = openPane();
  if (!pane?.dataset.presence) return;
  clearTimeout(stopTyping);
  stopTyping = setTimeout(() => {
    lastTyped = 0;
    beat();
  }, 5000);
  if (Date.now() - lastTyped < TYPING_EVERY) return;
  lastTyped = Date.now();
  post(pane.dataset.presence, { typing: "1", kind });
}

document.addEventListener("puente:event", async ({ detail }) => {
  const pane = openPane();
  if (!pane || detail.data.conversation !== pane.dataset.id) return;
  if (detail.kind === "presence") {
    const html = await fetchPiece(pane.dataset.presence);
    if (html !== null && openPane() === pane) display(html);
  } else if (detail.kind === "customer_typing") {
    const line = byId("customer-typing");
    if (!line) return;
    line.querySelector(".typing").lastChild.textContent = pane.dataset.typing;
    line.hidden = false;
    clearTimeout(customerTimer);
    customerTimer = setTimeout(() => {
      if (byId("customer-typing")) byId("customer-typing").hidden = true;
    }, 6000);
  } else if (detail.kind === "message" && detail.data.kind === "inbound" && byId("customer-typing")) {
    byId("customer-typing").hidden = true;
  }
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (["conversation", "workspace"].includes(event.detail.target?.id)) {
    lastTyped = 0;
    beat();
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    if (here) leave(here);
    here = "";
  } else beat();
});
window.addEventListener("pagehide", () => here && leave(here));
setInterval(beat, EVERY);
beat();
