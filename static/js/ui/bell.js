// The bell: how many notifications are unread, in the rail and in the tab's title, and a window of the system
// for who wants one. It counts when the page opens, when one comes back to it, and whenever the live stream
// says so; where a page follows no stream, once a minute.
const MINUTE = 60_000;
const PAUSE = 300; // milliseconds in which events gather
const WANTED = "puente:desktop-notices";
const bell = document.getElementById("bell");
let timer = null;
let known = null;

const granted = () => "Notification" in window && Notification.permission === "granted";

function wanted() {
  try {
    return localStorage.getItem(WANTED) === "on" && granted();
  } catch {
    return false;
  }
}

function show({ count, label, newest }) {
  const place = bell.querySelector("[data-bell-count]");
  if (place.textContent !== count) place.textContent = count;
  bell.title = label;
  if (!document.getElementById("workspace")) {
    const plain = document.title.replace(/^\(\d+\+?\) /, "");
    const title = count ? `(${count}) ${plain}` : plain;
    if (document.title !== title) document.title = title;
  }
  if (known !== null && newest && newest.id > known && document.hidden && wanted()) {
    const note = new Notification(newest.title, { body: newest.detail, tag: newest.id, icon: bell.dataset.icon });
    note.onclick = () => {
      window.focus();
      location.assign(bell.href);
    };
  }
  known = newest?.id ?? known ?? "";
}

async function count() {
  try {
    const response = await fetch(bell.dataset.bell, { headers: { Accept: "application/json" } });
    if (response.ok && !response.redirected) show(await response.json());
  } catch {
    // without a connection: with the next event, or in a minute
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(count, PAUSE);
}

function say(box) {
  const state = box.querySelector("[data-desktop-state]");
  if (!("Notification" in window)) state.textContent = box.dataset.missing;
  else if (Notification.permission === "denied") state.textContent = box.dataset.denied;
  else state.textContent = wanted() ? box.dataset.on : box.dataset.off;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-desktop]");
  if (!button) return;
  const on = button.dataset.desktop === "on";
  if (on && "Notification" in window && Notification.permission === "default") await Notification.requestPermission();
  try {
    localStorage.setItem(WANTED, on ? "on" : "off");
  } catch {
    // a browser that keeps nothing shows nothing
  }
  say(button.closest("#desktop-notices"));
});

if (bell) {
  count();
  document.addEventListener("puente:event", ({ detail }) => detail.kind === "notification" && soon());
  document.addEventListener("puente:resync", soon);
  document.addEventListener("visibilitychange", () => document.hidden || soon());
  setInterval(() => document.hidden && !wanted() ? null : count(), MINUTE);
  const box = document.getElementById("desktop-notices");
  if (box) say(box);
}
