// Clocks on rows and elsewhere: text and tone follow the time without asking the server. Elements carry
// data-countdown (the moment), data-warns (from when it is urgent), data-left and data-late (what to say).
import { refreshRow } from "./queue.js";

const EVERY = 15_000;
const TONES = ["tone-grey", "tone-warning", "tone-danger"];

// As `span` of conversations/workspace/countdowns.py.
function span(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
  if (minutes < 60) return `${Math.max(minutes, 1)} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} d`;
}

function show(clock, now) {
  const { countdown, warns, left, late } = clock.dataset;
  const at = Date.parse(countdown);
  const text = (at <= now ? late : left).replace("{time}", span(at - now));
  const tone = at <= now ? "tone-danger" : warns && Date.parse(warns) <= now ? "tone-warning" : "tone-grey";
  const shown = clock.querySelector("[data-countdown-text]");
  if (shown.textContent !== text) shown.textContent = text;
  if (!clock.classList.contains(tone)) {
    clock.classList.remove(...TONES);
    clock.classList.add(tone);
  }
}

function tick() {
  const now = Date.now();
  for (const clock of document.querySelectorAll("[data-countdown]")) show(clock, now);
  for (const row of document.querySelectorAll("[data-rises]")) {
    if (Date.parse(row.dataset.rises) > now) continue;
    row.removeAttribute("data-rises");
    refreshRow(row.dataset.id);
  }
}

setInterval(tick, EVERY);
document.addEventListener("visibilitychange", () => document.hidden || tick());
