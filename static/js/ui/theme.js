// Light, dark or as the system: buttons with data-theme-set ("light", "dark" or "").
const KEY = "puente-theme";
const root = document.documentElement;

function show() {
  const chosen = root.dataset.theme ?? "";
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === chosen));
  }
}

function choose(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  try {
    if (theme) localStorage.setItem(KEY, theme);
    else localStorage.removeItem(KEY);
  } catch {
    // Refused storage: the choice lasts as long as this page.
  }
  show();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-theme-set]");
  if (button) choose(button.dataset.themeSet);
});
window.addEventListener("storage", (event) => {
  if (event.key === KEY) choose(event.newValue ?? "");
});
show();
