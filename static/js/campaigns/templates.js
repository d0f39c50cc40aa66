// The editor of templates without loading pages: blocks are added, moved and removed in place, names and markup
// are put in where the cursor is, and what a customer would get follows what is written.
const PAUSE = 500;
const form = document.querySelector("[data-template-editor]");
const names = document.getElementById("template-names");
let asked = 0;
let waiting = 0;
let changed = false;
let target = null;

const blocks = () => form.querySelector("[data-blocks]");

async function post(url, op) {
  const body = new FormData(form);
  if (op) body.set("op", op);
  const response = await fetch(url, { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
  return response?.ok && !response.redirected ? response.text() : null;
}

async function look() {
  const place = document.getElementById("template-look");
  const number = ++asked;
  place.setAttribute("aria-busy", "true");
  const html = await post(form.dataset.look);
  if (number !== asked) return;
  place.removeAttribute("aria-busy");
  if (html !== null) place.innerHTML = html;
}

function lookSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
}

function touched() {
  changed = true;
  lookSoon();
}

/** Post the form with a change and put the answer's part in place. */
async function change(op, focus) {
  const html = await post(form.action, op);
  if (html === null) return;
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("template-writing");
  if (!fresh) return;
  form.querySelector("#template-writing").replaceWith(document.importNode(fresh, true));
  ready();
  focus?.();
  touched();
}

function focusIn(block) {
  block?.scrollIntoView({ block: "nearest" });
  block?.querySelector("textarea, input:not([type=hidden]), .block-moves button")?.focus();
}

function move(block, up) {
  const beside = up ? block.previousElementSibling : block.nextElementSibling;
  if (!beside) return;
  if (up) beside.before(block);
  else beside.after(block);
  touched();
}

/** Put text around what is chosen in a field, or in its place. */
function put(field, before, after = "", chosen = null) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const inside = value.slice(start, end) || chosen || "";
  field.setRangeText(before + inside + after, start, end, "end");
  field.focus();
  field.setSelectionRange(start + before.length, start + before.length + inside.length);
  touched();
}

function wrap(button) {
  const field = document.getElementById(button.closest("[data-tools-for]").dataset.toolsFor);
  const kind = button.dataset.wrap;
  if (kind === "link") {
    const words = field.value.slice(field.selectionStart, field.selectionEnd);
    put(field, `[${words || "…"}](`, ")", "https://");
    if (words) {
      const start = field.selectionStart;
      field.setRangeText("", start, start + words.length, "end");
      put(field, "", "", "https://");
    }
  } else if (kind === "list") {
    const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    const lines = field.value.slice(start, field.selectionEnd).split("\n").map((line) => (line.startsWith("- ") ? line : `- ${line}`));
    field.setRangeText(lines.join("\n"), start, field.selectionEnd, "end");
    field.focus();
    touched();
  } else put(field, kind, kind);
}

function insert(button) {
  const name = button.dataset.insert;
  const field = target ?? form.querySelector("textarea");
  names.hidePopover();
  if (!field) return;
  if (button.hasAttribute("data-always")) put(field, `{{ ${name} }}`);
  else put(field, `{{ ${name} | default: "`, '" }}', names.dataset.fallback);
}

function choose(link) {
  form.elements.customer.value = link.dataset.customer;
  form.querySelector("[data-as]").textContent = link.dataset.name;
  document.getElementById("template-customers").hidePopover();
  look();
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  let found;
  if ((found = at("[data-names-for]"))) target = document.getElementById(found.dataset.namesFor);
  else if ((found = at("[data-insert]"))) insert(found);
  else if ((found = at("[data-wrap]"))) wrap(found);
  else if ((found = at("[data-customer]"))) {
    event.preventDefault();
    choose(found);
  }
});

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.hasAttribute("data-op")) {
    changed = false;
    return;
  }
  event.preventDefault();
  const block = button.closest("[data-block]");
  if (button.dataset.move) {
    move(block, button.dataset.move === "up");
    button.focus();
    return;
  }
  // Rows are numbered as they were drawn; the server counts them as they stand.
  const place = block ? [...blocks().children].indexOf(block) : -1;
  const op = block ? button.value.replace(/\d+$/, place) : button.value;
  change(op, () => focusIn(block ? blocks().children[place] : blocks()?.lastElementChild));
});

form.addEventListener("input", (event) => {
  if (event.target.form === form) touched();
});
form.addEventListener("change", (event) => {
  if (event.target.matches("[data-upload]") || event.target.name === "attachment" || event.target.matches("[data-op-on-change]")) change("look");
  else if (event.target.name?.endsWith("-only")) touched();
});

form.addEventListener("keydown", (event) => {
  const block = event.target.closest("[data-block]");
  if (block && event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const held = document.activeElement;
    move(block, event.key === "ArrowUp");
    held.focus();
  } else if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.button--primary[value=save]"));
  }
});

// Dragging by the grip, with mouse, pen or finger: the block follows the pointer from place to place.
document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || !form.contains(grip)) return;
  event.preventDefault();
  const block = grip.closest("[data-block]");
  block.classList.add("block--moving");
  const follow = (at) => {
    const over = document.elementFromPoint(at.clientX, at.clientY)?.closest("[data-block]");
    if (!over || over === block) return;
    const { top, height } = over.getBoundingClientRect();
    if (at.clientY < top + height / 2) over.before(block);
    else over.after(block);
  };
  const release = () => {
    block.classList.remove("block--moving");
    document.removeEventListener("pointermove", follow);
    touched();
  };
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", release, { once: true });
});

window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

function ready() {
  form.toggleAttribute("data-ready", true);
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
}

ready();
