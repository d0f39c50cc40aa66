// The builder of macros and rules without loading pages: a button that changes a row posts the form and puts the
// answer's form in place; a change of a field puts only the sentence in place, so that nobody loses the focus.
const SENTENCE = "sentence";
const form = () => document.querySelector("[data-builder]");
let asked = 0;

async function post(op) {
  const body = new FormData(form());
  body.set("op", op);
  const number = ++asked;
  const response = await fetch(location.href, { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok || response.redirected || number !== asked) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function put(fresh, id) {
  const [old, next] = [document.getElementById(id), fresh?.getElementById(id)];
  if (!old || !next) return;
  const placed = document.importNode(next, true);
  old.replaceWith(placed);
  window.htmx?.process(placed);
}

async function change(op, part) {
  const fresh = await post(op);
  if (!fresh) return;
  put(fresh, part);
  if (part === "builder" && op.startsWith("add-")) focusLast(op.slice(4, 5));
  if (part === "trial") document.getElementById("trial").scrollIntoView({ block: "nearest" });
}

function focusLast(prefix) {
  const rows = [...form().querySelectorAll(`input[type=hidden][name="${prefix}"]`)];
  rows.at(-1)?.closest(".part").querySelector("textarea, select, input:not([type=hidden])")?.focus();
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.target !== form() || !button?.hasAttribute("data-op")) return;
  event.preventDefault();
  change(button.value, button.dataset.op || "builder");
});
document.addEventListener("change", async (event) => {
  if (event.target.form !== form() || event.target.name === "name") return;
  if (event.target.hasAttribute("data-op-on-change")) {
    const fresh = await post("look");
    put(fresh, "builder");
  } else if (document.getElementById(SENTENCE)) {
    put(await post("look"), SENTENCE);
  }
});
