// The search page: arrows move through what was found, Enter opens it.
const lines = () => [...document.querySelectorAll("#search-found a.search-line")];

function move(by) {
  const all = lines();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  const next = at + by;
  if (next < 0) document.getElementById("search-q").focus();
  else all[Math.min(next, all.length - 1)].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const inField = event.target.id === "search-q";
  const inLines = event.target.closest?.("#search-found");
  if (!inField && !inLines) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  }
});
