// The card of a hand-off: folded as one left it, its reply into the composer. And promises noted beside it.
import { byId } from "./dom.js";
import { write } from "./composer.js";

const KEY = "puente:handoffs";
const MOST = 50; // cards of which it is remembered how they were left

function folds() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function remember(card) {
  const known = Object.entries({ ...folds(), [card.id]: card.open });
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(known.slice(-MOST))));
  } catch {
    // Nothing is remembered in a private window.
  }
}

/** Leave the cards in a piece of the page as this reader left them. */
export function unfold(piece) {
  const known = folds();
  for (const card of piece?.querySelectorAll("[data-handoff]") ?? []) if (card.id in known) card.open = known[card.id];
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-offer-no]")?.closest("#promise-offer").replaceChildren();
  const summary = event.target.closest?.("[data-handoff] > summary");
  if (summary) setTimeout(() => remember(summary.parentElement));
  const use = event.target.closest?.("[data-use-reply]");
  if (!use || !byId("composer")) return;
  write("reply");
  const text = byId("composer-text");
  const reply = byId(use.dataset.useReply).textContent.trim();
  if (!text.value.includes(reply)) {
    const start = text.value.trimEnd().length;
    text.setRangeText(start ? `\n\n${reply}` : reply, start, text.value.length, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

document.addEventListener("htmx:afterSwap", (event) => unfold(event.detail.target?.isConnected ? event.detail.target : document));
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  event.detail.elt.closest?.("#promise-offer")?.replaceChildren();
  const menu = event.detail.elt.closest?.("#promise-menu");
  if (!menu) return;
  event.detail.elt.reset?.();
  menu.hidePopover();
});
unfold(document);
