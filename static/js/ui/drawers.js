// <a href="#id" data-drawer> slides in the pane with that id. Without script the address (:target) does it.
function set(pane, open, opener) {
  pane.classList.toggle("is-open", open);
  for (const link of document.querySelectorAll(`[data-drawer][href="#${CSS.escape(pane.id)}"]`)) {
    link.setAttribute("aria-expanded", String(open));
  }
  if (open) {
    pane.opener = opener;
    pane.querySelector("[data-drawer-close]")?.focus();
  } else {
    pane.opener?.focus();
  }
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-drawer]");
  if (opener) {
    const pane = document.querySelector(opener.getAttribute("href"));
    if (!pane) return;
    event.preventDefault();
    set(pane, !pane.classList.contains("is-open"), opener);
    return;
  }
  const closing = event.target.closest?.("[data-drawer-close]");
  const open = document.querySelector(".is-open");
  if (closing) {
    event.preventDefault();
    const pane = closing.closest(".is-open");
    if (pane) set(pane, false);
    else history.replaceState(null, "", location.pathname + location.search);
  } else if (open && !open.contains(event.target) && !event.target.closest?.("dialog, [popover]")) {
    set(open, false);
  }
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".is-open");
  if (event.key === "Escape" && open && !event.defaultPrevented) set(open, false);
});
