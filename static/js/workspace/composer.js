// Writing: sending once and safely, drafts that survive, files, canned replies.
import { byId, fetchPiece, headers, newId, openPane } from "./dom.js";
import { clearMore, hasMore, restoreMore } from "./answering.js";
import { integrate, toEnd } from "./thread.js";
import { refreshRow } from "./queue.js";
import { sign } from "./presence.js";

const DRAFT_PAUSE = 900; // milliseconds without a key before a draft is kept
let files = [];
let draftTimer = null;
let draftRequest = null;
let keptText = null;

const form = () => byId("composer");
const field = () => byId("composer-text");
const mode = () => form().elements.kind.value;

function say(text) {
  const state = byId("composer-state");
  if (state && state.textContent !== text) state.textContent = text;
}

function complain(html, isText = true) {
  const place = byId("composer-problem");
  if (!place) return;
  place.replaceChildren();
  if (!html) return;
  if (isText) {
    const banner = document.createElement("div");
    banner.className = "banner tone-danger";
    const body = document.createElement("div");
    body.className = "banner-body";
    body.textContent = html;
    banner.append(body);
    place.append(banner);
  } else {
    place.innerHTML = html;
  }
}

/** Choose reply or note and go to the text. */
export function write(kind) {
  const composer = form();
  if (!composer?.querySelector(`[name=kind][value=${kind}]`)) return;
  composer.elements.kind.value = kind;
  showMode();
  field().focus();
}

function showMode() {
  const text = field();
  text.placeholder = mode() === "note" ? text.dataset.placeholderNote : text.dataset.placeholderReply;
}

// --- drafts ---

async function keepDraft() {
  clearTimeout(draftTimer);
  const composer = form();
  if (!composer?.dataset.draft || field().value === keptText) return;
  const text = field().value;
  draftRequest?.abort();
  draftRequest = new AbortController();
  const body = new URLSearchParams({ text, kind: mode(), client_id: composer.elements.client_id.value });
  try {
    const response = await fetch(composer.dataset.draft, { method: "POST", headers: headers(), body, signal: draftRequest.signal });
    if (!response.ok) throw new Error(String(response.status));
    keptText = text;
    if (form() === composer && field().value === text) say((await response.text()).trim());
  } catch (error) {
    if (error.name !== "AbortError") say(composer.dataset.textUnsaved);
  }
}

function keepSoon() {
  clearTimeout(draftTimer);
  draftTimer = setTimeout(keepDraft, DRAFT_PAUSE);
}

function forgetDraft() {
  clearTimeout(draftTimer);
  draftRequest?.abort();
}

// --- sending ---

function pendingBubble(id, text, isNote) {
  const node = byId("pending-template").content.firstElementChild.cloneNode(true);
  node.dataset.pending = id;
  node.querySelector("[data-pending-text]").textContent = text || "📎";
  if (isNote) node.querySelector(".message").classList.replace("message--outbound", "message--note");
  byId("feed").append(node);
  toEnd();
  return node;
}

let queue = Promise.resolve(); // messages leave one after the other, in the order they were written

function send(composer, submitter) {
  const text = field().value;
  if (!text.trim() && !files.length && !(mode() === "reply" && hasMore(composer))) {
    field().focus();
    return;
  }
  const message = { composer, text, files, isNote: mode() === "note", id: composer.elements.client_id.value };
  message.body = new FormData(composer);
  if (submitter?.name) message.body.set(submitter.name, submitter.value);
  message.body.delete("files");
  for (const file of files) message.body.append("files", file, file.name);
  message.url = `${message.isNote ? composer.dataset.notes : composer.dataset.replies}?${byId("workspace").dataset.query}`;
  forgetDraft();
  complain("");
  message.bubble = pendingBubble(message.id, text.trim(), message.isNote);
  // From here on the composer is free for the next message, which begins as a reply: what becomes
  // of this one never changes the mode of what is being typed.
  empty(composer);
  say(composer.dataset.textSending);
  field().focus();
  queue = queue.then(() => deliver(message));
}

function empty(composer) {
  keptText = null;
  files = [];
  field().value = "";
  composer.elements.client_id.value = newId();
  composer.elements.kind.value = "reply";
  clearMore(composer);
  showMode();
  showFiles();
}

async function deliver(message) {
  const { composer, body, bubble } = message;
  if (form() === composer) body.set("after", byId("feed").dataset.last);
  const keepalive = !message.files.length && message.text.length < 15_000; // also when the page closes meanwhile
  let response = null;
  try {
    response = await fetch(message.url, { method: "POST", headers: headers(), body, keepalive });
  } catch {
    response = null;
  }
  const html = response && !response.redirected ? await response.text().catch(() => null) : null;
  bubble.remove();
  if (form() !== composer) return;
  say("");
  if (html !== null && response.ok) {
    integrate(html);
    if (!field()?.value) composer.elements.seen.value = byId("feed").dataset.last;
    toEnd();
    refreshRow(openPane().dataset.id);
  } else {
    giveBack(message);
    if (response?.status === 409) complain(html, false);
    else if (response?.status === 422) complain(html);
    else complain(composer.dataset.textUnsent);
  }
}

// What did not go out stands in the composer again, under its own id: should it have arrived after
// all, sending it again makes no second one. What was typed meanwhile follows it.
function giveBack(message) {
  const { composer } = message;
  const typed = field().value;
  field().value = [message.text, typed].filter(Boolean).join("\n\n");
  files = [...message.files, ...files];
  showFiles();
  if (!typed) composer.elements.client_id.value = message.id;
  if (!message.isNote) restoreMore(composer, message.body);
  if (message.isNote) composer.elements.kind.value = "note";
  showMode();
  keepSoon();
}

document.addEventListener("submit", (event) => {
  const composer = event.target;
  if (composer.id !== "composer") return;
  event.preventDefault();
  if (event.submitter?.hasAttribute("data-discard")) discard(composer);
  else send(composer, event.submitter);
});

function discard(composer) {
  field().value = "";
  files = [];
  showFiles();
  complain("");
  composer.elements.seen.value = byId("feed").dataset.last;
  keepDraft();
}

// --- files ---

function showFiles() {
  const list = byId("composer-files");
  if (!list) return;
  list.replaceChildren(
    ...files.map((file, index) => {
      const item = document.createElement("li");
      const chip = document.createElement("span");
      chip.className = "attachment";
      const name = document.createElement("span");
      name.className = "attachment-name";
      name.textContent = file.name;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "icon-button icon-button--small";
      remove.setAttribute("aria-label", `${form().dataset.textRemove}: ${file.name}`);
      remove.textContent = "×";
      remove.addEventListener("click", () => {
        files = files.filter((_, other) => other !== index);
        showFiles();
      });
      chip.append(name, remove);
      item.append(chip);
      return item;
    }),
  );
  list.hidden = !files.length;
}

function addFiles(more) {
  const composer = form();
  const limit = Number(composer.dataset.limit);
  if (!more.length || !limit) return;
  const all = [...files, ...more];
  if (all.reduce((sum, file) => sum + file.size, 0) > limit) {
    complain(composer.dataset.textLarge);
    return;
  }
  files = all;
  complain("");
  showFiles();
}

document.addEventListener("change", (event) => {
  if (event.target.id === "composer-input") {
    addFiles([...event.target.files]);
    event.target.value = "";
  } else if (event.target.name === "kind" && event.target.form?.id === "composer") {
    showMode();
    field().focus();
    keptText = null;
    if (field().value) keepSoon();
  }
});
document.addEventListener("paste", (event) => {
  if (event.target.id !== "composer-text" || !event.clipboardData?.files.length) return;
  event.preventDefault();
  addFiles([...event.clipboardData.files]);
});
for (const name of ["dragover", "drop", "dragleave"]) {
  document.addEventListener(name, (event) => {
    const pane = event.target.closest?.("#conversation");
    if (!pane || !form() || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form().classList.toggle("is-dropping", name === "dragover");
    if (name === "drop") addFiles([...event.dataTransfer.files]);
  });
}

// --- canned replies ---

const menu = () => byId("canned-menu");
let slash = -1; // where in the text the slash stands that opened the list; -1 for the button

async function openCanned(from) {
  const list = menu();
  slash = from;
  if (!list.dataset.loaded) {
    const html = await fetchPiece(form().dataset.canned);
    if (html === null || menu() !== list) return;
    list.innerHTML = html;
    list.dataset.loaded = "yes";
  }
  filterCanned();
  if (!list.matches(":popover-open")) list.showPopover();
}

function closeCanned() {
  if (menu()?.matches(":popover-open")) menu().hidePopover();
  slash = -1;
}

function choices() {
  return [...menu().querySelectorAll(".canned-choice:not([hidden])")];
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function filterCanned() {
  const typed = slash >= 0 ? plain(field().value.slice(slash + 1, field().selectionStart)) : "";
  if (/\s/.test(typed)) {
    closeCanned();
    return;
  }
  for (const choice of menu().querySelectorAll(".canned-choice")) choice.hidden = !plain(choice.dataset.find).includes(typed);
  mark(0);
}

function mark(index) {
  const shown = choices();
  shown.forEach((choice, place) => choice.setAttribute("aria-selected", String(place === index)));
  shown[index]?.scrollIntoView({ block: "nearest" });
}

function insert(choice) {
  const text = field();
  const start = slash >= 0 ? slash : text.selectionStart;
  text.setRangeText(choice.dataset.text, start, text.selectionStart, "end");
  closeCanned();
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest?.(".canned-choice");
  if (choice) insert(choice);
  else if (event.target.closest?.("#canned-open")) {
    if (menu().matches(":popover-open")) closeCanned();
    else openCanned(-1).then(() => choices()[0]?.focus());
  } else if (menu()?.matches(":popover-open") && !event.target.closest?.("#canned-menu")) closeCanned();
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "composer-text") return;
  const text = event.target;
  const caret = text.selectionStart;
  if (slash < 0 && text.value[caret - 1] === "/" && /^$|\s/.test(text.value[caret - 2] ?? "")) openCanned(caret - 1);
  else if (slash >= 0) {
    if (text.value[slash] === "/" && caret > slash) filterCanned();
    else closeCanned();
  }
  keepSoon();
  sign(mode());
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "composer-text" && !event.target.closest?.("#canned-menu")) return;
  const open = menu()?.matches(":popover-open");
  if (open && event.key === "Escape") {
    event.preventDefault();
    closeCanned();
    field().focus();
  } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const shown = choices();
    const now = shown.findIndex((choice) => choice.getAttribute("aria-selected") === "true");
    mark((now + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
  } else if (open && (event.key === "Enter" || event.key === "Tab") && slash >= 0) {
    const chosen = choices().find((choice) => choice.getAttribute("aria-selected") === "true");
    if (chosen) {
      event.preventDefault();
      insert(chosen);
    }
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "composer-text") {
    event.preventDefault();
    form().requestSubmit(byId("send"));
  }
});

document.addEventListener("focusout", (event) => {
  if (event.target.id === "composer-text") keepDraft();
});
window.addEventListener("pagehide", () => {
  const composer = form();
  if (!composer?.dataset.draft || keptText === field().value || !field().dataset.touched) return;
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "client_id"]) body.set(name, composer.elements[name].value);
  body.set("text", field().value);
  body.set("kind", mode());
  navigator.sendBeacon(composer.dataset.draft, body);
});
document.addEventListener("input", (event) => {
  if (event.target.id === "composer-text") event.target.dataset.touched = "yes";
});
// Leaving for another conversation inside the page: keep what was typed, begin afresh.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!["conversation", "workspace"].includes(event.detail.target?.id) || !form()) return;
  if (field().dataset.touched) keepDraft();
  files = [];
  keptText = null;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (["conversation", "workspace"].includes(event.detail.target?.id) && form()) showMode();
});
if (form()) showMode();
