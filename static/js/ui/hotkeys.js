// data-hotkey="e" on a button or link presses it, on a field goes to it. Never while someone types.
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";

function visible(element) {
  return element.getClientRects().length > 0 && !element.disabled;
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (key === "Escape" && target.matches?.(TYPING)) {
    target.blur();
    return;
  }
  if (target.closest?.(`${TYPING}, dialog[open]`) || document.querySelector("dialog[open]")) return;
  const all = [...document.querySelectorAll("[data-hotkey]")];
  const element = all.find((one) => one.dataset.hotkey.split(" ").includes(key) && visible(one));
  if (!element) return;
  event.preventDefault();
  if (element.matches(TYPING)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
});
