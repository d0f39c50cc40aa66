// Menus are native popovers. Here: their place where the browser cannot anchor them, arrow keys, closing on choice.
const anchored = CSS.supports("position-area: block-end");

function place(menu, opener) {
  const box = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const beside = menu.classList.contains("menu--beside");
  let left = beside ? box.right : menu.classList.contains("menu--end") ? box.right - width : box.left;
  let top = beside ? box.bottom - height : box.bottom;
  if (!beside && top + height > innerHeight - 8) top = box.top - height - 8;
  left = Math.max(8, Math.min(left, innerWidth - width - 8));
  top = Math.max(8, Math.min(top, innerHeight - height - 8));
  Object.assign(menu.style, { left: `${left}px`, top: `${top}px` });
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]") || event.newState !== "open" || anchored) return;
    const opener = event.source ?? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    if (opener) place(menu, opener);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const menu =
    event.target.closest?.(".menu[popover]") ??
    (event.target.hasAttribute?.("popovertarget") && document.querySelector(".menu[popover]:popover-open"));
  if (!menu || event.target.matches("textarea, input")) return;
  const items = [...menu.querySelectorAll("a, button, input, select")].filter((item) => item.getClientRects().length);
  const step = event.key === "ArrowDown" ? 1 : -1;
  const index = items.indexOf(document.activeElement);
  const next = index < 0 ? (step > 0 ? 0 : items.length - 1) : (index + step + items.length) % items.length;
  items[next]?.focus();
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const item = event.target.closest?.(".menu[popover] .menu-item");
  if (item && !item.hasAttribute("data-menu-stay") && !item.hasAttribute("popovertarget")) {
    // Once the form has been sent: hidden at once, the button would lose the focus, and htmx its value with it.
    setTimeout(() => item.closest(".menu")?.hidePopover());
  }
});
