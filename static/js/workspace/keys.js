// Keys of the workspace. Those that press a visible button are in the templates (data-hotkey).
import { byId, openPane } from "./dom.js";
import { step } from "./queue.js";
import { write } from "./composer.js";
import { openPalette } from "./palette.js";

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]";
let awaiting = 0; // until when a "g" waits for its second key

function go(place) {
  const workspace = byId("workspace");
  const base = workspace?.dataset.inbox.replace(/inbox\/$/, "");
  if (base) location.assign(base + place);
}

const commands = {
  j: () => step(1),
  k: () => step(-1),
  o: () => document.activeElement?.closest?.(".queue-item")?.querySelector("a")?.click(),
  c: () => byId("new-conversation")?.click(),
  r: () => write("reply"),
  n: () => write("note"),
  a: () => byId("conversation-head")?.querySelector("[data-act=take]")?.click(),
};

/** Do what a key does. */
export function press(key) {
  if (commands[key]) {
    commands[key]();
    return true;
  }
  const button = [...document.querySelectorAll(`[data-hotkey="${key}"]`)].find((one) => one.getClientRects().length);
  button?.click();
  return Boolean(button);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(`${TYPING}, dialog[open]`) || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    document.activeElement?.blur?.();
    return;
  }
  if (Date.now() < awaiting) {
    awaiting = 0;
    const place = { i: "inbox/", c: "customers/", f: "feedback/", s: "settings/" }[event.key];
    if (place) {
      event.preventDefault();
      go(place);
      return;
    }
  }
  if (event.key === "g") {
    awaiting = Date.now() + 1000;
    return;
  }
  if (commands[event.key] && (["j", "k", "o", "c"].includes(event.key) || openPane())) {
    event.preventDefault();
    commands[event.key]();
  }
});
