// data-copy="text" copies it and says so for a moment.
import { toast } from "./toasts.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const code = button.parentElement.querySelector("code, pre");
    if (code) getSelection().selectAllChildren(code);
    return;
  }
  const text = button.querySelector("[data-copy-text]");
  if (!text) {
    toast(button.dataset.copied, "success");
    return;
  }
  const usual = (text.dataset.usual ??= text.textContent);
  text.textContent = button.dataset.copied;
  setTimeout(() => {
    text.textContent = usual;
  }, 1600);
});
