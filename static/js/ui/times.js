// Keeps <time data-relative> fresh, by the rule of the template tag `timestamp`.
const MINUTE = 60_000;
const WEEK = 7 * 24 * 60;

function text(moment, now) {
  const ahead = moment > now ? "+" : "";
  const minutes = Math.floor(Math.abs(now - moment) / MINUTE);
  if (minutes < 1) return document.body.dataset.now;
  if (minutes < 60) return `${ahead}${minutes} min`;
  if (minutes < 24 * 60) return `${ahead}${Math.floor(minutes / 60)} h`;
  if (minutes < WEEK) return `${ahead}${Math.floor(minutes / (24 * 60))} d`;
  return null;
}

function refresh() {
  const now = Date.now();
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const fresh = text(Date.parse(element.dateTime), now);
    if (fresh && element.textContent !== fresh) element.textContent = fresh;
  }
}

setInterval(refresh, MINUTE / 2);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
