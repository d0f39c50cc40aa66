// Short messages in the corner. From the server: Django's messages, or HX-Trigger: {"toast": {"text": …, "level": …}}.
const LASTS = 6000; // milliseconds
const UNDOABLE = 12000;
const stack = document.getElementById("toasts");
const template = document.getElementById("toast-template");
const icons = { success: "circle-check", warning: "triangle-alert", error: "circle-alert", info: "info" };

function dismissLater(toast) {
  if (toast.classList.contains("toast--error")) return;
  let timer = setTimeout(() => toast.remove(), toast.querySelector(".toast-undo") ? UNDOABLE : LASTS);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => {
    timer = setTimeout(() => toast.remove(), LASTS / 2);
  });
}

/** Show a message; level is info, success, warning or error. `undo` is a button that takes it back. */
export function toast(text, level = "info", undo = null) {
  if (!stack || !text) return;
  const shown = [...stack.querySelectorAll(".toast-text")].find((other) => other.textContent === text);
  if (shown && !undo) return;
  shown?.closest("[data-toast]").remove();
  const element = template.content.firstElementChild.cloneNode(true);
  const known = level in icons ? level : "info";
  element.classList.replace("toast--info", `toast--${known}`);
  element.querySelector("use").setAttribute("href", `${document.body.dataset.icons}#${icons[known]}`);
  element.querySelector(".toast-text").textContent = text;
  if (undo) element.querySelector(".toast-text").after(undo);
  stack.append(element);
  dismissLater(element);
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest("[data-toast]").remove();
});
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.level));
document.addEventListener("htmx:sendError", () => toast(document.body.dataset.offline, "error"));
document.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  const ours = event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  if (ours && responseText.length < 300) toast(responseText, "error");
  else toast(status >= 500 ? document.body.dataset.serverError : document.body.dataset.refused, "error");
});
stack?.querySelectorAll("[data-toast]").forEach(dismissLater);
