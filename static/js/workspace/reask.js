// While a reply is written: a quiet line where it asks for what the customer told already.
import { byId, headers } from "./dom.js";

const PAUSE = 700; // milliseconds without a key
let timer = null;
let request = null;
let looked = "";
const dismissed = new Set(); // what the writer does not want to hear of this conversation again

const place = () => byId("draft-hints");
const field = () => byId("composer-text");

function lookSoon() {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
}

async function look() {
  const text = field();
  const composer = byId("composer");
  if (!text || !composer || !place()) return;
  const isReply = composer.elements.kind.value === "reply";
  const value = isReply ? text.value : "";
  if (value === looked) return;
  looked = value;
  request?.abort();
  if (!value.trim()) return show("");
  request = new AbortController();
  try {
    const body = new URLSearchParams({ text: value, kind: "reply" });
    const response = await fetch(composer.dataset.draftCheck, { method: "POST", headers: headers(), body, signal: request.signal });
    if (response.ok && !response.redirected && byId("composer") === composer) show(await response.text());
  } catch (error) {
    if (error.name !== "AbortError") looked = ""; // without a connection nothing is said
  }
}

function show(html) {
  const at = place();
  if (!at) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  for (const hint of fresh.content.querySelectorAll("[data-hint]")) {
    if (dismissed.has(key(hint.dataset.hint))) hint.remove();
  }
  const now = fresh.innerHTML.trim();
  if (at.innerHTML.trim() !== now) at.innerHTML = now; // the same is not announced twice
}

const key = (kind) => `${byId("conversation")?.dataset.id}:${kind}`;

document.addEventListener("input", (event) => {
  if (event.target.id === "composer-text") lookSoon();
});
document.addEventListener("change", (event) => {
  if (event.target.name === "kind" && event.target.form?.id === "composer") lookSoon();
});
document.addEventListener("submit", (event) => {
  if (event.target.id !== "composer") return;
  clearTimeout(timer);
  request?.abort();
  looked = "";
  show("");
});
document.addEventListener("click", (event) => {
  const hint = event.target.closest?.("#draft-hints [data-hint]");
  if (!hint) return;
  const insert = event.target.closest("[data-insert]");
  if (insert) {
    const text = field();
    const at = text.selectionStart;
    const gap = at && !/\s$/.test(text.value.slice(0, at)) ? " " : "";
    text.setRangeText(gap + insert.dataset.insert, at, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (event.target.closest("[data-dismiss]")) {
    dismissed.add(key(hint.dataset.hint));
    hint.remove();
    field().focus();
  }
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!["conversation", "workspace"].includes(event.detail.target?.id)) return;
  looked = "";
  if (field()?.value) lookSoon();
});
if (field()?.value) lookSoon();
