// Pictures of a conversation, large: click, arrow keys, Escape.
import { byId } from "./dom.js";

let shown = null;

const box = () => byId("lightbox");
const pictures = () => [...document.querySelectorAll("#feed [data-lightbox]")];

function show(link) {
  shown = link;
  const dialog = box();
  const image = dialog.querySelector(".lightbox-picture");
  const small = link.querySelector("img");
  image.src = link.href;
  image.alt = small.alt;
  dialog.querySelector(".lightbox-name").textContent = small.alt;
  dialog.querySelector("[data-download]").href = `${link.href}?download=1`;
  const all = pictures();
  for (const button of dialog.querySelectorAll("[data-step]")) button.hidden = !all[all.indexOf(link) + Number(button.dataset.step)];
  if (!dialog.open) dialog.showModal();
}

function step(by) {
  const all = pictures();
  const next = all[all.indexOf(shown) + by];
  if (next) show(next);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-lightbox]");
  if (link && box() && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    show(link);
  } else if (event.target.closest?.("#lightbox [data-step]")) {
    step(Number(event.target.closest("[data-step]").dataset.step));
  } else if (event.target.id === "lightbox") {
    event.target.close(); // beside the picture
  }
});
document.addEventListener("keydown", (event) => {
  if (!box()?.open) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    event.preventDefault();
    step(event.key === "ArrowLeft" ? -1 : 1);
  }
  event.stopPropagation();
});
document.addEventListener(
  "close",
  (event) => {
    if (event.target.id !== "lightbox") return;
    event.target.querySelector(".lightbox-picture").removeAttribute("src");
    shown?.focus();
    shown = null;
  },
  true,
);
