// Texts of the business's language model: asked for, waited for beside the work, taken over by a press.
import { byId, headers } from "./dom.js";
import { write } from "./composer.js";

const PAUSE = 1500; // milliseconds between looks, where no live event comes first
const LOOKS = 100;
let asked = null; // { url, looks, timer }

const place = () => byId("composer-model-text");

function show(html) {
  const box = place();
  if (!box) return;
  box.hidden = !html;
  box.innerHTML = html;
}

function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  show(line.outerHTML);
}

async function ask(use) {
  const menu = byId("composer-model");
  const url = menu.dataset.url;
  menu.hidePopover();
  stop();
  say(place().dataset.textWriting);
  const body = new URLSearchParams({ use, text: use === "rephrase" ? byId("composer-text").value : "" });
  let response = null;
  try {
    response = await fetch(url, { method: "POST", headers: headers(), body });
  } catch {
    response = null;
  }
  if (byId("composer-model")?.dataset.url !== url) return;
  if (response?.status === 202) {
    asked = { url: await response.text(), looks: 0, timer: 0 };
    look();
  } else if (response && [409, 422].includes(response.status)) say(await response.text());
  else say(place().dataset.textOffline);
}

function stop() {
  if (asked) clearTimeout(asked.timer);
  asked = null;
}

async function look() {
  const mine = asked;
  if (!mine || !place()) return;
  clearTimeout(mine.timer);
  mine.looks += 1;
  let response = null;
  try {
    response = await fetch(mine.url, { headers: headers() });
  } catch {
    response = null;
  }
  if (asked !== mine || !place()) return;
  if (response?.status === 200) {
    const html = await response.text();
    if (asked !== mine) return;
    stop();
    show(html);
  } else if (response?.status === 404 || mine.looks >= LOOKS) {
    stop();
    say(place().dataset.textLate);
  } else mine.timer = setTimeout(look, PAUSE);
}

function take() {
  const said = place().querySelector("[data-model-text]");
  const field = byId("composer-text");
  write(said.dataset.modelMode);
  field.value = said.dataset.modelText;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  show("");
}

document.addEventListener("click", (event) => {
  const use = event.target.closest?.("[data-model-use]");
  if (use) ask(use.dataset.modelUse);
  else if (event.target.closest?.("#composer-model-text [data-model-take]")) take();
  else if (event.target.closest?.("#composer-model-text [data-model-leave]")) {
    stop();
    show("");
    byId("composer-text")?.focus();
  }
});
document.addEventListener("puente:event", ({ detail }) => {
  if (detail.kind === "model_text" && asked?.url.includes(detail.data.call)) look();
});
