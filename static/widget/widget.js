/* Puente web chat: the visitor's side.
 * One plain script in a shadow root; no cookies, no eval, no inline styles, no HTML made from data.
 * The agreement with the server: docs/guides/web-chat-protocol.md. How to install it: docs/guides/web-chat.md. */
(() => {
"use strict";

const script = document.currentScript || document.querySelector('script[data-channel][src*="/widget.js"]');
const channel = (script?.dataset.channel || "").trim().toLowerCase();
if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(channel)) {
  console.warn("Puente: data-channel must hold the id of a web chat channel.");
  return;
}
const origin = new URL(script.src, location.href).origin;
const base = `${origin}/w/${channel}/`;
const prefix = `puente:${channel}:`;
const options = { ...script.dataset };
if (window[prefix]) return; // the snippet stands on the page twice
Object.defineProperty(window, prefix, { value: true });

const MINUTE = 60000;
const DAY = 1440 * MINUTE;
let config = null;
let configAge = 0;
let language = options.language || document.documentElement.lang || navigator.language || "";
let opened = false;
let known = false; // the pre-chat questions need not be asked
let live = false; // something may arrive although the panel is closed
let cursor = null;
let before = null; // where earlier messages start, if there are any
const messages = new Map(); // by client_id, else id: what the server has confirmed

// --- storage
// localStorage where the browser gives it, else memory. One key per waiting message, so that two tabs
// never rewrite each other's.

const attempt = (work) => {
  try {
    return work();
  } catch {
    return null;
  }
};
const disk = attempt(() => window.localStorage);
const memory = new Map();
const store = {
  get: (key) => (memory.has(key) ? memory.get(key) : attempt(() => JSON.parse(disk.getItem(prefix + key)))),
  set(key, value) {
    memory.set(key, value);
    attempt(() => (disk.setItem(prefix + key, JSON.stringify(value)), memory.delete(key)));
  },
  remove(key) {
    memory.delete(key);
    attempt(() => disk.removeItem(prefix + key));
  },
  keys(start) {
    const found = attempt(() => Object.keys(disk)) || [];
    const mine = found.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    return [...new Set([...mine, ...memory.keys()])].filter((key) => key.startsWith(start)).sort();
  },
};

// --- between tabs

let locks = navigator.locks; // absent on http pages, refusing in sandboxes
const locked = (name, work, signal) => (locks ? locks.request(prefix + name, { signal }, work) : work());
const wire = attempt(() => new BroadcastChannel(prefix));
const tell = (kind, data) => leading && wire && wire.postMessage([kind, data]);
let leading = false; // this tab holds the one stream of the browser

// --- network

const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

const sleep = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    if (signal) signal.addEventListener("abort", () => (clearTimeout(timer), done()));
  });

const backoff = (failures) => Math.min(60, 2 ** Math.max(0, failures - 1)) * 1000 * (0.5 + Math.random());

/* What went wrong, whether trying again makes sense, and after how many milliseconds at the earliest. */
const trouble = (status = 0, detail = "", headers = new Headers()) => ({
  detail,
  message: `HTTP ${status}`,
  again: !status || [408, 425, 429].includes(status) || status >= 500,
  wait: status === 429 ? Math.min(600, Number(headers.get("Retry-After")) || 10) * 1000 : 0,
});

const head = (token) => ({
  ...(language && { "Accept-Language": language }),
  ...(token && { Authorization: `Visitor ${token}` }),
});

/* One request. Gives the parsed body; throws trouble() for everything else. */
async function request(path, body, renewed = false) {
  const token = /^[cs]/.test(path) ? null : store.get("token"); // config/ and session/ ask for none
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 20000);
  let response;
  let data;
  try {
    response = await fetch(base + path, {
      method: body ? "POST" : "GET",
      headers: { ...head(token), ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      credentials: "omit",
      signal: stop.signal,
    });
    data = await response.json().catch(() => ({}));
    if (stop.signal.aborted) throw 0;
  } catch {
    throw trouble();
  } finally {
    clearTimeout(timer);
  }
  if (response.status === 401 && token && !renewed) {
    await introduce(token);
    return request(path, body, true);
  }
  if (!response.ok) throw trouble(response.status, data?.detail, response.headers);
  return data || {};
}

let introduction = null;
let identity; // what the site's server signed about the visitor
let logins = 0;
/* Gets or renews the visitor's token. `refused` is the one the server no longer takes. */
function introduce(refused) {
  introduction ||= locked("session", async () => {
    const token = store.get("token");
    if (token && refused && token !== refused) return; // another tab has been here
    const login = logins;
    const reply = await request("session/", { ...(token && !refused && { token }), identity });
    if (login !== logins) return; // logged in or out meanwhile
    if (token && !reply.same) forget();
    store.set("token", reply.token);
    known = !!reply.known;
    live ||= !!reply.live;
    if (reply.problem) console.warn(`Puente: identify is ignored: ${reply.problem}`);
  }).finally(() => (introduction = null));
  return introduction;
}

/* What was on screen is another visitor's. */
function forget() {
  messages.clear();
  store.remove("asked");
  cursor = before = null;
  live = known = false;
  since = "";
  ear?.abort();
  ear = null;
}

/* What the page may ask of the chat: puente("identify", {…}), puente("logout"), puente("open"). */
const calls = {
  async identify(said) {
    identity = said;
    logins += 1;
    const who = String(said?.id || said?.email);
    const last = store.get("who");
    if (last && last !== who) calls.logout(said);
    store.set("who", who);
    if (!config) return;
    await introduction;
    await introduce().then(() => (sync(), tune(), paint()), () => {});
  },
  logout(next) {
    identity = next;
    logins += 1;
    for (const key of store.keys("")) store.remove(key);
    drop();
    forget();
    paint();
  },
  open: () => toggle(true),
};

// --- sending

let draining = false;
let drainAgain = false;
let failures = 0;
let retryTimer = 0;
let last = 0;
const outbox = () =>
  store
    .keys("out:")
    .map((key) => ({ ...store.get(key), key }))
    .filter((item) => item.client_id);

function send(text, attachments, choice) {
  const at = (last = Math.max(Date.now(), last + 1));
  const client_id = uuid();
  const cut = (value) => String(value || "").slice(0, 2000);
  const page = { url: cut(location.href.split("#")[0]), title: cut(title), referrer: cut(document.referrer) };
  store.set(`out:${at}:${client_id}`, { client_id, text, at, page, attachments, choice, state: "queued" });
  follows = true;
  paint();
  drain();
}

const change = (item, change) => store.set(item.key, { ...item, ...change });

function retry(item) {
  change(item, { state: "queued", detail: null });
  drain();
}

/* Sends what waits, oldest first, one at a time, in one tab at a time. The client_id makes repeating harmless. */
async function drain() {
  if (draining) {
    drainAgain = true;
    return;
  }
  draining = true;
  clearTimeout(retryTimer);
  await locked("send", async () => {
    let item;
    while ((item = outbox().find((one) => one.state === "queued"))) {
      const pause = (store.get("pause") || 0) - Date.now();
      if (pause > 0 && pause < 601000) {
        retryTimer = setTimeout(drain, pause);
        failures ||= 1;
        break;
      }
      if (!(await post(item))) break;
      paint();
    }
  }).catch(() => {});
  draining = false;
  paint();
  if (drainAgain) {
    drainAgain = false;
    drain();
  }
}

/* Gives whether the next message may follow. */
async function post(item) {
  const { key, client_id, text, page, at, attachments, choice } = item;
  // A message that came back through the stream meanwhile is settled and no longer stored.
  const settle = (news) => store.get(key) && change(item, news);
  try {
    if (!store.get("token")) await introduce();
    const answers = (!known && store.get("answers")) || undefined;
    const files = attachments?.length ? attachments.map((file) => file.id) : undefined;
    const waited = Math.round((Date.now() - at) / 1000);
    await request("messages/", { client_id, text, page, answers, files, choice, age: waited > 30 ? waited : undefined });
    failures = 0;
    live = true;
    known ||= !!answers;
    store.remove("answers");
    settle({ state: "sent" });
    tune();
  } catch ({ again, wait, detail }) {
    if (again) {
      failures += 1;
      if (wait) store.set("pause", Date.now() + wait);
      retryTimer = setTimeout(drain, wait || backoff(failures));
      return false;
    }
    settle({ state: "failed", detail });
  }
  return true;
}

/* On arrival: what is a day old is not sent behind the visitor's back. */
function sortOut() {
  for (const item of outbox()) {
    if (Date.now() - item.at < DAY) continue;
    if (item.state === "sent") store.remove(item.key);
    else change(item, { state: "failed" });
  }
}

// --- receiving

const time = (message) => +new Date(message.at) || 0;
const ordered = () => [...messages.values()].sort((a, b) => time(a) - time(b));
const foreign = (message) => message.from !== "visitor";

function take(list) {
  const waiting = outbox();
  for (const message of list || []) {
    if (!message?.id) continue;
    if (foreign(message) && !messages.has(nameOf(message))) hush();
    message.read ||= messages.get(nameOf(message))?.read;
    messages.set(nameOf(message), message);
    for (const item of waiting) if (item.client_id === message.client_id) store.remove(item.key);
  }
  paint();
  see();
}

let syncing = null;
let syncAgain = false;
let quiet = 0; // the server asked not to be read before
/* Reads everything after the cursor; the first time the latest page. */
function sync() {
  if (!store.get("token") || Date.now() < quiet) return;
  syncAgain = true;
  syncing ||= (async () => {
    for (let more; more || syncAgain; ) {
      syncAgain = false;
      const login = logins;
      const page = await request(`messages/${cursor ? `?after=${encodeURIComponent(cursor)}` : ""}`);
      if (login !== logins) continue; // it was another's
      if (!cursor) before = page.before;
      cursor = page.cursor || cursor;
      const had = messages.size;
      take(page.messages);
      more = page.more && messages.size > had;
      for (const message of page.messages || []) tell("message", { message });
    }
  })()
    .catch(({ wait }) => (quiet = Date.now() + wait))
    .finally(() => (syncing = null));
  return syncing;
}

async function earlier() {
  const { scrollHeight, scrollTop } = ui.log;
  const login = logins;
  const page = await request(`messages/?before=${encodeURIComponent(before)}`).catch(() => null);
  if (!page || login !== logins) return; // the button stays and can be pressed again
  before = page.before;
  take(page.messages);
  flush();
  ui.log.scrollTop = ui.log.scrollHeight - scrollHeight + scrollTop;
}

function handle(kind, data) {
  if (kind === "message") take([data.message]);
  else if (kind === "resync") sync();
  else if (kind === "typing") data.on ? hear(data.name) : hush();
  else if (kind === "status" && data.presence) {
    config.presence = data.presence;
    paint();
  } else if (kind === "read") {
    const all = ordered();
    const last = all.findIndex((message) => message.id === data.upto);
    for (const message of all.slice(0, last + 1)) message.read = true;
    paint();
  }
}

let ear = null;
/* Opens or closes the stream: it runs while the panel is open, or while an answer may come. */
function tune() {
  const wanted = store.get("token") && (opened || live);
  if (wanted && !ear) {
    const { signal } = (ear = new AbortController());
    sync();
    locked("live", () => follow(signal), signal)
      .catch(() => {});
  } else if (!wanted) {
    ear?.abort();
    ear = null;
  }
}

let broken = 0; // streams in a row that did not hold
async function follow(signal) {
  leading = true;
  while (!signal.aborted) {
    broken += 1;
    const wait = await stream(signal);
    if (broken < 3) await sleep(wait || backoff(broken), signal);
    else await poll(signal, Date.now() + 2 * MINUTE);
  }
  leading = false;
}

async function poll(signal, until) {
  const seconds = Math.max(1, Number(config.poll_seconds) || 5);
  while (!signal.aborted && Date.now() < until) {
    await sync();
    await sleep(seconds * (opened && !document.hidden ? 1000 : 4000), signal);
  }
}

let since = "";
/* One stream until it ends. Gives how long the server asked to wait, if it did. */
async function stream(signal) {
  const stop = new AbortController();
  const quit = () => stop.abort();
  signal.addEventListener("abort", quit);
  let alarm = setTimeout(quit, 10000);
  try {
    const token = store.get("token");
    const { status, headers, ok, body } = await fetch(`${base}events/${since && `?since=${encodeURIComponent(since)}`}`, {
      headers: head(token),
      credentials: "omit",
      cache: "no-store",
      signal: stop.signal,
    });
    if (status === 401) await introduce(token);
    if (!ok) return trouble(status, "", headers).wait;
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const began = Date.now();
    let text = "";
    for (let heard = false; ; heard = true) {
      const { value, done } = await reader.read();
      if (done) break;
      clearTimeout(alarm);
      alarm = setTimeout(quit, 50000);
      if (!heard) sync();
      if (Date.now() - began > 5000) broken = 0;
      const blocks = (text + decoder.decode(value, { stream: true })).split("\n\n");
      text = blocks.pop();
      blocks.forEach(dispatch);
    }
  } catch {
    // the line broke; follow() decides what next
  } finally {
    clearTimeout(alarm);
    signal.removeEventListener("abort", quit);
  }
  return 0;
}

function dispatch(block) {
  const event = { event: "message", data: "" };
  for (const line of block.split("\n")) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) || [];
    if (field === "data") event.data += value;
    else if (field) event[field] = value;
  }
  if (event.id) since = event.id;
  const data = attempt(() => JSON.parse(event.data));
  if (!data) return;
  handle(event.event, data);
  if (event.event !== "resync") tell(event.event, data);
}

const unread = () => ordered().filter((message) => foreign(message) && time(message) > (store.get("seen") || 0));

/* What is on screen counts as read. */
function see() {
  if (!opened || document.hidden) return;
  const last = unread().pop();
  if (!last) return;
  store.set("seen", time(last));
  request("read/", { upto: last.id }).catch(() => {});
  paint();
}

let typist = "";
let typistTimer = 0;
function hear(name) {
  clearTimeout(typistTimer);
  typist = String(name || config.business);
  typistTimer = setTimeout(hush, 6000);
  paint();
}
function hush() {
  clearTimeout(typistTimer);
  if (typist) paint();
  typist = "";
}

let typedAt = 0;
function typing() {
  if (!store.get("token") || Date.now() - typedAt < 3000) return;
  typedAt = Date.now();
  request("typing/", {}).catch(() => {});
}

// --- files of the visitor
// Each is handed in as soon as it is chosen; the message then names it.

let tray = [];
let note = "";

function pick(files) {
  const { max_size: most, max_files: max } = config.attachments;
  note = "";
  for (const file of files) {
    const item = { file, name: file.name, size: file.size, type: file.type, part: 0 };
    if (file.size > most) note = t("too_large", { name: file.name, max: most / 1e6 });
    else if (tray.length >= max) note = t("too_many", { max });
    else tray.push(item) && upload(item);
  }
  paint();
}

async function upload(item, renewed) {
  item.failed = "";
  const call = (item.call = new XMLHttpRequest());
  if (!store.get("token")) await introduce().catch(() => {});
  const token = store.get("token");
  call.open("POST", `${base}files/?name=${encodeURIComponent(item.name)}`);
  for (const [name, value] of Object.entries(head(token))) call.setRequestHeader(name, value);
  call.setRequestHeader("Content-Type", "application/octet-stream");
  call.upload.onprogress = ({ loaded, total }) => ((item.part = loaded / total), paint());
  call.onloadend = async () => {
    const reply = attempt(() => JSON.parse(call.responseText)) || {};
    if (call.status === 401 && !renewed) return introduce(token).then(() => upload(item, true), () => {});
    if (call.status === 201) Object.assign(item, { id: reply.id, type: reply.type });
    else item.failed = (call.status < 500 && reply.detail) || t("upload_failed", { name: item.name });
    paint();
  };
  call.send(item.file);
  paint();
}

function drop(item) {
  for (const one of tray) if (!item || one === item) one.call.abort();
  tray = tray.filter((one) => item && one !== item);
  note = "";
  paint();
}

const chip = (item) => {
  const { id, failed, name, part } = item;
  const said = failed || (id ? name : t("uploading", { n: Math.round(part * 100), name }));
  const gone = button(".round", () => (drop(item), ui.text.focus()), icon(CLOSE));
  return el(`div.chip${failed && ".error"}`, {}, failed ? button("", () => upload(item), said) : said, set(gone, { "aria-label": t("remove", { name }) }));
};

// --- building blocks

/* What the server translated; its English name when that is missing. */
const t = (key, values = {}) =>
  String((config.texts || {})[key] || key.replace("_", " ")).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/* Sets attributes and listeners; `text` only when it differs, so that nothing is read aloud twice. */
function set(node, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") node.textContent === value || (node.textContent = value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value != null) node.setAttribute(name, value);
  }
  return node;
}

/* el("p.note", {dir: "auto"}, "text", node, …) */
function el(shape, properties, ...children) {
  const [tag, ...classes] = shape.split(".");
  const node = set(document.createElement(tag), { ...properties });
  node.classList.add(...classes);
  node.append(...children);
  return node;
}
const button = (shape, onclick, ...children) => el(`button${shape}`, { type: "button", onclick }, ...children);

function icon(...shapes) {
  const make = (tag, properties) => set(document.createElementNS("http://www.w3.org/2000/svg", tag), properties);
  const svg = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  svg.append(...shapes.map((d) => make("path", { d })));
  return svg;
}
const BUBBLE = "M12 3c5 0 9 3.5 9 8s-4 8-9 8a11 11 0 0 1-3-.4L4 21l1-4a7.5 7.5 0 0 1-2-6c0-4.5 4-8 9-8z";
const BRIDGE = "M6 13h12M9 8v7M15 8v7M6 12q3-1 3-4q3 5 6 0q0 3 3 4";
const CLOSE = "M6 6l12 12M18 6L6 18";
const SEND = "M5 12L4 5l16 7-16 7zh7";
const STAR = "M12 4l2.5 5 5.5.8-4 3.9 1 5.5-5-2.6-5 2.6 1-5.5-4-3.9 5.5-.8z";
const CLIP = "M19 12l-8 8a4.5 4.5 0 0 1-6-6l8-8a3 3 0 0 1 4 4l-8 8a1 1 0 0 1-2-2l7-7";

const web = (address) => {
  const url = attempt(() => new URL(address, origin));
  return /^https?:$/.test(url?.protocol) ? url.href : null;
};
const link = (href, ...children) => el("a", { href, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, ...children);

/* Text with its web addresses made clickable; never parsed as HTML. */
function linked(text) {
  const parts = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(/\bhttps?:\/\/[^\s<>"'`\u202a-\u202e\u2066-\u2069]+/gi)) {
    let found = match.replace(/[.,:;!?*_~\]}]+$/, "");
    if (!found.includes("(")) found = found.replace(/\)+$/, "");
    const address = web(found);
    if (!address) continue;
    parts.push(text.slice(end, index), link(address, found));
    end = index + found.length;
  }
  return [...parts, text.slice(end)];
}

const format = (date, settings) => new Intl.DateTimeFormat(language, settings).format(date);
const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
function dayName(date) {
  const days = Math.round((midnight(Date.now()) - midnight(date)) / DAY);
  const name =
    days < 2
      ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day")
      : format(date, { weekday: "long", day: "numeric", month: "long" });
  return name[0].toUpperCase() + name.slice(1);
}

// --- look

const CSS = `
:host{all:initial!important;position:fixed!important;z-index:2147483000!important;display:block!important}
@media print{:host{display:none!important}}
*,::before,::after{box-sizing:border-box}
[hidden]{display:none!important}
.root{--bg:#fff;--soft:#f3f4f2;--line:#e4e6e3;--edge:#868e89;--text:#1d2320;--mute:#5d6661;--bad:#b3261e;--ok:#12805c;--star:#c77700;
 --shadow:0 1px 2px rgb(0 0 0/.08),0 12px 40px rgb(0 0 0/.16);color-scheme:light;
 font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;color:var(--text);text-align:left}
.dark{--bg:#191c1b;--soft:#272b29;--line:#343937;--text:#eceeec;--mute:#a3aca7;--bad:#ffb4ab;--ok:#4fd1a1;--star:#f5b83d;
 --shadow:0 0 0 1px #343937,0 12px 40px rgb(0 0 0/.5);color-scheme:dark}
button,input,select,textarea{font:inherit;color:inherit;margin:0}
button{background:none;border:0;padding:0;cursor:pointer}
:focus-visible{outline:2px solid var(--text);outline-offset:2px}
svg{width:20px;height:20px;display:block;flex:none;fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
a{color:inherit;text-underline-offset:2px;unicode-bidi:isolate}
p,.name{margin:0;overflow-wrap:anywhere}
.veiled,.m:not(.last) .foot:not(.loud){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.launcher,.mark,.round,.go,.stars button{flex:none;display:grid;place-items:center;border-radius:50%}
.launcher,.mark,.go,.main,.own .b{background:var(--accent);color:var(--on)}
.launcher,.panel{position:fixed;right:20px;bottom:calc(20px + env(safe-area-inset-bottom));box-shadow:var(--shadow)}
.left .launcher,.left .panel{right:auto;left:20px}
.launcher{width:58px;height:58px;box-shadow:0 1px 3px rgb(0 0 0/.2),0 6px 18px rgb(0 0 0/.2)}
.launcher svg{width:32px;height:32px}
.launcher :first-child path{fill:currentColor}
.launcher :first-child path+path{fill:none;stroke:var(--accent);stroke-width:1.4}
[aria-expanded=true]>:first-child,[aria-expanded=false]>:nth-child(2){display:none}
.badge{position:absolute;top:-3px;right:-3px;min-width:22px;padding:0 6px;border-radius:11px;background:#c62828;color:#fff;
 font-size:12px;font-weight:600;line-height:22px;box-shadow:0 0 0 2px #fff}
.panel{bottom:calc(92px + env(safe-area-inset-bottom));width:384px;height:min(640px,100vh - 116px);background:var(--bg);border-radius:18px;
 display:flex;flex-direction:column;overflow:hidden;animation:rise .18s ease-out}
@keyframes rise{from{opacity:0;transform:translateY(10px)}}
header{display:flex;align-items:center;gap:12px;padding:14px 12px 13px 16px;border-bottom:1px solid var(--line)}
.mark{width:40px;height:40px;font-weight:600;font-size:17px}
.who{flex:1;min-width:0}
h2{margin:0;font-size:16px;font-weight:600;line-height:1.3;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.presence{font-size:13px;line-height:1.35;color:var(--mute);display:flex;gap:7px}
.presence::before{content:"";flex:none;width:8px;height:8px;margin-top:5px;border-radius:50%;border:1.5px solid}
.on::before{background:var(--ok);border-color:var(--ok)}
.round,.go{width:36px;height:36px}
.round,.more,.day,.typing,.ends,.line,.fine,.foot,.name,small,.system .b{color:var(--mute);font-size:12.5px}
.round:hover,.more:hover,.file:hover,.stars button:hover,.plain:hover{background:var(--soft)}
.body{flex:1;min-height:0;position:relative;display:flex}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;outline-offset:-3px}
.log>:first-child{margin-top:auto}
.more,.jump{align-self:center;padding:6px 14px;border-radius:99px;font-size:13px}
.jump{position:absolute;bottom:10px;left:50%;transform:translateX(-50%);background:var(--text);color:var(--bg);white-space:nowrap}
.day{align-self:center;margin:18px 0 4px}
.m{display:flex;flex-direction:column;align-items:flex-start;max-width:86%;margin-top:12px}
.joined{margin-top:3px}
.own{align-self:flex-end;align-items:flex-end;text-align:right}
.system{align-self:center;align-items:center}
.name{margin:0 13px 3px;font-weight:600}
.joined .name,.name:empty,.fine:empty,.ways:empty{display:none}
.ways{display:flex;flex-wrap:wrap;gap:6px;margin-top:6px}
.b,.dots{padding:8px 13px;border-radius:17px;background:var(--soft);white-space:pre-wrap;max-width:100%;text-align:start}
.m:not(.own,.last) .b{border-bottom-left-radius:6px}
.joined:not(.own) .b{border-top-left-radius:6px}
.own:not(.last) .b{border-bottom-right-radius:6px}
.own.joined .b{border-top-right-radius:6px}
.system .b{background:none;padding:2px 8px;text-align:center}
.file{display:flex;align-items:center;gap:9px;margin-top:3px;padding:9px 13px;border:1px solid var(--line);border-radius:14px;text-decoration:none;overflow-wrap:anywhere}
canvas{display:block;max-width:100%;max-height:240px;border-radius:10px}
.file.pic{padding:4px}
.chip{display:flex;align-items:center;justify-content:space-between;gap:8px;padding:0 2px 0 12px;margin-bottom:6px;border:1px solid var(--line);border-radius:12px;overflow-wrap:anywhere;font-size:13px}
.chip button{text-align:start}
.foot{margin:3px 5px 0}
.queued .b{opacity:.75}
.foot button{text-decoration:underline;padding:4px 0}
.loud,.error{color:var(--bad)!important}
.typing{display:flex;align-items:center;gap:8px;margin-top:12px}
.dots{display:flex;gap:4px;padding:12px 13px}
i{width:6px;height:6px;border-radius:50%;background:var(--mute);animation:dot 1.2s infinite}
i+i{animation-delay:.15s}
i+i+i{animation-delay:.3s}
@keyframes dot{0%,60%,to{opacity:.35}30%{transform:translateY(-2px)}}
.card{border:1px solid var(--line);border-radius:16px;padding:16px;margin-top:14px;text-align:center}
.stars,.ends{display:flex;width:236px;max-width:100%;margin:10px auto 2px;justify-content:space-between}
.ends{margin:0 auto}
.stars button{width:44px;height:44px;color:var(--mute)}
.stars svg{width:30px;height:30px;stroke-width:1.3}
.stars .lit{color:var(--star)}
.lit path{fill:currentColor}
.note{margin-top:10px;font-weight:600}
form:not(.box){margin-top:12px;display:grid;gap:12px;text-align:left}
label{display:block;font-size:13px;font-weight:600;margin-bottom:5px}
small{font-weight:400}
.field,.box,.plain{border:1px solid var(--edge);border-radius:12px;background:var(--bg)}
.field{width:100%;min-height:42px;padding:9px 12px;resize:none;font-size:16px}
.field:focus,.box:focus-within{outline:0;border-color:var(--text);box-shadow:inset 0 0 0 .5px}
.error{font-size:13px}
.main,.plain{min-height:42px;padding:8px 16px;border-radius:12px;font-weight:600}
.bottom{padding:0 12px calc(10px + env(safe-area-inset-bottom))}
.box{display:flex;align-items:flex-end;gap:6px;padding:4px 4px 4px 6px;border-radius:22px}
.box textarea{flex:1;min-width:0;height:36px;padding:6px 8px;border:0;background:none;outline:0;resize:none;font-size:16px;line-height:24px}
::placeholder{color:var(--mute);opacity:1}
.go:disabled{background:var(--soft);color:var(--mute);cursor:default}
.line{margin:0 6px 8px}
.line:empty,.note:empty{margin:0}
.fine{margin-top:8px;text-align:center}
@media (max-width:480px),(max-height:430px){
 .panel,.left .panel{inset:0;width:auto;height:var(--room,100dvh);border-radius:0}
 .open .launcher{display:none}
 header{padding-top:calc(12px + env(safe-area-inset-top))}
}
@media (prefers-reduced-motion:reduce){*{animation:none!important}}
@media (forced-colors:active){.panel,.launcher,.b{border:1px solid}}`;

const luminance = (hex) => {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part < 0.04 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

// --- the panel

const ui = {};
const dim = matchMedia("(prefers-color-scheme: dark)");
const full = matchMedia("(max-width:480px),(max-height:430px)"); // as in the style: the panel fills the screen

function build() {
  const host = document.createElement("puente-chat");
  ui.shadow = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    ui.shadow.adoptedStyleSheets = [sheet];
  } catch {
    ui.shadow.append(el("style", {}, CSS)); // browsers before adoptedStyleSheets
  }
  ui.badge = el("span.badge", { "aria-hidden": "true" });
  ui.launcher = button(".launcher", () => toggle(!opened), icon(BUBBLE, BRIDGE), icon(CLOSE), ui.badge);
  ui.said = el("div.veiled", { role: "status" });
  ui.mark = el("div.mark", { "aria-hidden": "true" });
  ui.title = el("h2", { id: "title" });
  ui.presence = el("p.presence", { id: "presence" });
  ui.close = button(".round", () => toggle(false), icon(CLOSE));
  ui.log = el("div.log", { role: "log", tabindex: "0", "aria-live": "off", "aria-relevant": "additions", onscroll: scrolled });
  ui.jump = button(".jump", bottom);
  ui.line = el("p.line", { role: "status", id: "line" });
  ui.text = el("textarea", { rows: "1", enterkeyhint: "send", "aria-describedby": "line", oninput: typed, onkeydown: pressed, onpaste: pasted });
  ui.go = el("button.go", {}, icon(SEND));
  ui.input = el("input", { type: "file", multiple: "", hidden: "", onchange: () => (pick(ui.input.files), (ui.input.value = "")) });
  ui.clip = button(".round", () => ui.input.click(), icon(CLIP));
  ui.tray = el("div.tray", { role: "status" });
  ui.form = el("form.box", { onsubmit: submit }, ui.clip, ui.input, ui.text, ui.go);
  ui.fine = el("p.fine");
  ui.panel = el(
    "div.panel",
    { role: "dialog", "aria-labelledby": "title", "aria-describedby": "presence" },
    el("header", {}, ui.mark, el("div.who", {}, ui.title, ui.presence), ui.close),
    el("div.body", {}, ui.log, ui.jump),
    el("div.bottom", {}, ui.line, ui.tray, ui.form, ui.fine),
  );
  ui.root = el(`div.root.${options.position === "left" ? "left" : "right"}`, { lang: language }, ui.launcher, ui.panel, ui.said);
  // The page's own keyboard shortcuts must not fire while somebody writes here.
  for (const kind of ["keydown", "keypress", "keyup"]) ui.root.addEventListener(kind, keyed);
  ui.shadow.append(ui.root);
  document.body.append(host);
  ui.text.value = attempt(() => sessionStorage.getItem(prefix + "draft")) || "";
}

/* Colours, names and texts out of the configuration. */
function dress() {
  const hex = [options.color, config.color, "#0b6e4f"].find((one) => /^#[0-9a-f]{6}$/i.test(one));
  ui.root.style.setProperty("--accent", hex);
  ui.root.style.setProperty("--on", luminance(hex) < 0.183 ? "#fff" : "#000");
  ui.root.classList.toggle("dark", options.theme ? options.theme === "dark" : dim.matches);
  const name = String(config.business);
  set(ui.title, { text: name });
  set(ui.mark, { text: [...name][0] });
  set(ui.close, { "aria-label": t("close") });
  set(ui.log, { "aria-label": t("log") });
  set(ui.text, { "aria-label": t("placeholder"), placeholder: t("placeholder") });
  set(ui.go, { "aria-label": t("send") });
  const { max_size: most, accept } = config.attachments || {};
  ui.clip.hidden = !most;
  const offer = t("attach", { max: most / 1e6 });
  set(ui.clip, { "aria-label": offer, title: offer });
  set(ui.input, { accept });
  const privacy = web(config.privacy?.url || "x:");
  if (privacy) ui.fine.replaceChildren(link(privacy, String(config.privacy.label)));
}

// --- painting
// Every entry of the log has a key and keeps its node: nothing flickers, screen readers hear only what is new,
// and a comment half written stays.

let nodes = new Map();
let title = ""; // the page's own
let marked = ""; // the same with our count before it
let due = false;
let follows = true; // the log stands at its end and stays there
let fresh = 0; // arrived while the visitor reads further up

function paint() {
  if (due || !ui.root) return;
  due = true;
  queueMicrotask(flush);
}

function flush() {
  due = false;
  const count = unread().length;
  const news = !opened && count ? t("unread", { n: count }) : "";
  ui.root.classList.toggle("open", opened);
  ui.panel.hidden = !opened;
  set(ui.panel, { "aria-modal": opened && full.matches });
  set(ui.launcher, { "aria-expanded": opened, "aria-label": `${t(opened ? "close" : "open")} ${news}`.trim() });
  ui.badge.hidden = !news;
  set(ui.badge, { text: String(Math.min(99, count)) });
  set(ui.said, { text: news });
  if (document.title !== marked) title = document.title;
  marked = count ? `(${count}) ${title}` : title;
  if (document.title !== marked) document.title = marked;
  ui.presence.classList.toggle("on", !!config.presence?.online);
  set(ui.presence, { text: String(config.presence?.text || "") });
  const asking = config.prechat?.length && !known && !store.get("asked") && !messages.size && !outbox().length;
  ui.form.hidden = asking;
  const chips = JSON.stringify(tray);
  if (ui.tray.dataset.now !== chips) ui.tray.replaceChildren(...tray.map(chip));
  ui.tray.dataset.now = chips;
  limit();
  arrange(asking);
}

/* Brings the log to what it should show, moving no node that stands right. */
function arrange(asking) {
  const wanted = [];
  const add = (key, make, entry) => wanted.push({ key, make, entry });
  if (before) add("earlier", () => button(".more", earlier, t("earlier")));
  else if (config.greeting) add("greeting", () => el("div.m.last", {}, el("p.b", { dir: "auto" }, ...linked(config.greeting))));
  const all = [...ordered(), ...outbox().map((item) => ({ ...item, from: "visitor", item }))];
  all.forEach((entry, index) => {
    const day = midnight(time(entry));
    if (!index || midnight(time(all[index - 1])) !== day) add(day, () => el("div.day", {}, dayName(day)));
    const joins = joined(all[index - 1], entry) ? "joined" : "";
    const ends = joined(entry, all[index + 1]) ? "" : "last";
    add(nameOf(entry), entry.rating ? ratingNode : messageNode, { ...entry, shape: `m ${joins} ${ends}`, ways: !all[index + 1] && entry.buttons });
  });
  if (typist) add("typing", () => el("div.typing", {}, el("span.dots", {}, el("i"), el("i"), el("i")), t("typing", { name: typist })));
  if (asking) add("ask", askNode);

  const kept = new Map();
  let place = ui.log.firstChild;
  for (const { key, make, entry } of wanted) {
    const node = nodes.get(key) || make(entry);
    if (entry && foreign(entry) && !nodes.has(key)) fresh += 1;
    kept.set(key, node);
    node.refresh?.(entry);
    if (node === place) place = place.nextSibling;
    else ui.log.insertBefore(node, place);
  }
  for (const [key, node] of nodes) if (!kept.has(key)) node.remove();
  nodes = kept;
  if (follows) bottom();
  ui.jump.hidden = !fresh;
  set(ui.jump, { text: t("unread", { n: fresh }) });
  // Only what comes after the first screen is read aloud.
  if (opened && !syncing) setTimeout(() => set(ui.log, { "aria-live": "polite" }), 300);
}

const nameOf = (message) => message.client_id || message.id;
const joined = (one, two) =>
  one && two && !one.rating && !two.rating && one.from === two.from && one.author?.name === two.author?.name && time(two) - time(one) < 5 * MINUTE;

function messageNode() {
  const name = el("div.name");
  const text = el("p.b", { dir: "auto" });
  const files = el("div");
  const ways = el("div.ways");
  const foot = el("div.foot", { "aria-live": "off" });
  const node = el("div", {}, name, text, files, ways, foot);
  let shown;
  node.refresh = (entry) => {
    const own = !foreign(entry);
    node.className = `${entry.shape} ${own ? "own" : entry.from} ${entry.item?.state}`;
    set(name, { text: own ? t("you") : [entry.author?.name, entry.from === "bot" && t("bot")].filter(Boolean).join(" · ") });
    name.classList.toggle("veiled", own);
    const now = JSON.stringify([entry.text, entry.attachments?.map(({ name, small }) => [name, !!small]), entry.ways]);
    if (now !== shown) {
      shown = now;
      text.replaceChildren(...linked(String(entry.text)));
      text.hidden = !entry.text;
      files.replaceChildren(...(entry.attachments || []).map(fileNode));
      ways.replaceChildren(...(entry.ways || []).map(({ id, title }) => button(".plain", () => (send(title, [], id), ui.log.focus()), title)));
    }
    footer(foot, entry, own);
  };
  return node;
}

/* Pictures are drawn, not embedded: the site's policy for images need not know of us. */
function fileNode({ name, url, size, small, width, height }) {
  const plain = [icon(CLIP), String(name), el("small", {}, size > 0 ? `${Math.ceil(size / 1024)} kB` : "")];
  const node = url ? link(web(url), ...plain) : el("div", {}, ...plain);
  node.classList.add("file");
  const draw = async () => {
    const bitmap = await createImageBitmap(await (await fetch(web(small), { credentials: "omit" })).blob());
    const canvas = el("canvas", { width: bitmap.width, height: bitmap.height, role: "img", "aria-label": name });
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    node.classList.add("pic");
    node.replaceChildren(canvas);
    if (follows) bottom();
  };
  if (small) draw().catch(() => {});
  return node;
}

/* Time, and for the visitor's own messages how far they have got. */
function footer(foot, entry, own) {
  const { item } = entry;
  const trying = item?.state === "queued";
  const state = !item ? (entry.read ? "read" : "sent") : !trying ? item.state : failures ? "waiting" : "sending";
  const loud = /waiting|failed/.test(state);
  const now = `${state} ${item?.detail} ${entry.at}`;
  if (foot.dataset.now === now) return;
  foot.dataset.now = now;
  foot.classList.toggle("loud", loud);
  const date = time(entry);
  const stamp = el("time", { title: format(date, { dateStyle: "long", timeStyle: "short" }) }, format(date, { timeStyle: "short" }));
  if (loud) foot.replaceChildren(item.detail ? `${item.detail} ` : "", button("", () => retry(item), t(state)));
  else foot.replaceChildren(stamp, own ? ` · ${t(state)}` : "");
}

function ratingNode({ id, rating }) {
  const scale = rating.scale || [1, 2, 3, 4, 5];
  let score = rating.answered;
  let told = rating.commented;
  const question = String(rating.question);
  const note = el("p.note", { role: "status" });
  const comment = el("textarea.field", { rows: "2", maxlength: "1000", id: `comment-${id}` });
  const form = el("form", { onsubmit: say }, el("label", { for: comment.id }, t("comment")), comment, el("button.plain", {}, t("comment_send")));
  const stars = scale.map((n) => set(button("", () => give(n), icon(STAR)), { "aria-label": t("rate_of", { n, max: scale.at(-1) }) }));
  function show(text) {
    stars.forEach((star, index) => {
      star.classList.toggle("lit", scale[index] <= score);
      set(star, { "aria-pressed": scale[index] === score });
    });
    set(note, { text: text || (score ? t("rate_thanks") : "") });
    form.hidden = !score || told;
    if (follows) bottom();
  }
  async function give(n, text) {
    const old = score;
    score = n;
    show();
    try {
      await request("rating/", { token: rating.token, score: n, comment: text });
      told ||= !!text;
      if (text && form.contains(ui.shadow.activeElement)) ui.text.focus();
      show();
    } catch ({ detail }) {
      score = old;
      show(detail || t("rate_failed"));
    }
  }
  function say(event) {
    event.preventDefault();
    if (comment.value.trim()) give(score, comment.value.trim());
  }
  const node = el(
    "div.card",
    {},
    el("p", { dir: "auto" }, question),
    el("div.stars", { role: "group", "aria-label": question }, ...stars),
    el("div.ends", { "aria-hidden": "true" }, el("span", {}, t("rate_low")), el("span", {}, t("rate_high"))),
    note,
    form,
  );
  let seen = score;
  node.refresh = ({ rating: { answered, commented } }) => {
    if (!answered || (answered === seen && !commented)) return; // an older page may come after a newer event
    seen = score = answered;
    told ||= commented;
    show();
  };
  show();
  return node;
}

function askNode() {
  const fields = config.prechat.map(({ name, label, type, required, options: choices, autocomplete }, index) => {
    const id = `ask-${index}`;
    const shared = { id, name, required: required ? "" : null, "aria-describedby": `${id}-error` };
    const input =
      type === "select"
        ? el("select.field", shared, ...[{ value: "", label: "–" }, ...(choices || [])].map((one) => el("option", { value: one.value }, String(one.label))))
        : el("input.field", { ...shared, type, maxlength: "200", autocomplete });
    const error = el("p.error", { id: `${id}-error` });
    const row = el("div", {}, el("label", { for: id }, String(label), el("small", {}, required ? "" : ` (${t("optional")})`)), input, error);
    return { input, error, row };
  });
  const submitted = (event) => {
    event.preventDefault();
    const answers = {};
    const wrong = fields.filter(({ input, error }) => {
      input.value = answers[input.name] = input.value.trim();
      const bad = !input.checkValidity();
      set(error, { text: bad ? t("invalid") : "" });
      set(input, { "aria-invalid": bad });
      return bad;
    });
    if (wrong.length) return wrong[0].input.focus();
    store.set("answers", answers);
    store.set("asked", true);
    flush();
    ui.text.focus();
  };
  return el("form", { novalidate: "", onsubmit: submitted }, ...fields.map(({ row }) => row), el("button.main", {}, t("start")));
}

function scrolled() {
  follows = ui.log.scrollHeight - ui.log.scrollTop - ui.log.clientHeight < 40;
  if (follows && fresh) bottom();
}

function bottom() {
  fresh = 0;
  follows = ui.jump.hidden = true;
  ui.log.scrollTop = ui.log.scrollHeight;
}

// --- writing

function limit() {
  const max = Number(config.max_length) || 4000;
  const n = [...ui.text.value.trim()].length;
  const long = n > max;
  const text = long ? t("too_long", { n, max }) : note || (navigator.onLine ? "" : t("offline"));
  set(ui.line, { text });
  ui.line.classList.toggle("error", long || !!note);
  set(ui.text, { "aria-invalid": long });
  ui.go.disabled = long || tray.some((item) => !item.id) || !(n || tray.length);
}

function grow() {
  ui.text.style.height = "auto";
  ui.text.style.height = `${Math.min(132, ui.text.scrollHeight)}px`;
  if (follows) bottom();
}

function typed() {
  limit();
  grow();
  const text = ui.text.value;
  attempt(() => sessionStorage.setItem(prefix + "draft", text.slice(0, 20000)));
  if (text.trim()) typing();
}

function pressed(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
}

function pasted(event) {
  const { files } = event.clipboardData;
  if (!files.length || ui.clip.hidden) return;
  event.preventDefault();
  pick(files);
}

function submit(event) {
  event.preventDefault();
  limit();
  if (ui.go.disabled) return;
  const text = ui.text.value.trim();
  const files = tray.map(({ id, name, size, type }) => ({ id, name, size, type }));
  ui.text.value = "";
  tray = [];
  note = "";
  typed();
  send(text, files);
  ui.text.focus();
}

function keyed(event) {
  event.stopPropagation();
  if (event.type !== "keydown" || !opened || event.isComposing) return;
  if (event.key === "Escape") toggle(false);
  if (event.key !== "Tab" || !full.matches) return;
  // Full screen, Tab goes round in the panel.
  const stops = [...ui.panel.querySelectorAll("button,a,input,select,textarea,.log")].filter((one) => !one.disabled && one.getClientRects().length);
  if (event.shiftKey) stops.reverse();
  if (ui.shadow.activeElement !== stops.at(-1)) return;
  event.preventDefault();
  stops[0].focus();
}

/* `quietly`: reopened by itself on the shop's next page, so the focus stays where it is. */
function toggle(open, quietly) {
  opened = open;
  follows ||= open;
  attempt(() => sessionStorage.setItem(prefix + "open", open ? "1" : ""));
  flush();
  tune();
  if (open) {
    see();
    grow();
    if (Date.now() - configAge > 5 * MINUTE) configure().catch(() => {});
  }
  if (!quietly) (open ? ui.panel.querySelector("form .field") || ui.text : ui.launcher).focus();
}

// --- start

async function configure() {
  config = await request(`config/?lang=${encodeURIComponent(language)}`);
  configAge = Date.now();
  language = attempt(() => Intl.getCanonicalLocales(config.language)[0]) || "en";
  if (!ui.root) build();
  dress();
  paint();
}

function listen() {
  const room = () => ui.root.style.setProperty("--room", `${visualViewport.height * visualViewport.scale}px`);
  room();
  visualViewport.addEventListener("resize", () => (room(), follows && bottom()));
  dim.addEventListener("change", dress);
  full.addEventListener("change", paint);
  addEventListener("online", () => (paint(), drain(), sync()));
  addEventListener("offline", paint);
  addEventListener("pagehide", () => (ear?.abort(), (ear = null)));
  addEventListener("pageshow", tune);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (ear) sync();
    drain();
    see();
    paint();
  });
  // Another tab wrote: a waiting message, a new token, what has been read; or it logged out.
  addEventListener("storage", ({ key, newValue }) => {
    if (key === `${prefix}token` && !newValue) forget();
    else if (key?.startsWith(prefix)) live = true;
    tune();
    paint();
  });
  if (wire) wire.onmessage = ({ data }) => handle(...data);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-puente-open]")) return;
    event.preventDefault();
    toggle(true);
  });
}

async function start() {
  if (locks) await locks.query().catch(() => (locks = null));
  known = !!store.get("token");
  sortOut();
  for (let tries = 1; !config; tries++) {
    try {
      await configure();
    } catch ({ again, wait, message }) {
      if (!again || tries > 4) return console.warn("Puente: the chat is not available here.", message);
      await sleep(wait || backoff(tries));
    }
  }
  listen();
  flush();
  if (attempt(() => sessionStorage.getItem(prefix + "open")) && !full.matches) toggle(true, true);
  if (known || identity) await introduce().then(sync, () => {});
  drain();
  tune();
  paint();
}

// Calls of the page, also those made before this script was here.
const early = window.puente?.q || [];
window.puente = (what, ...rest) => (calls[what] ? calls[what](...rest) : console.warn(`Puente: there is no "${what}".`));
for (const call of early) window.puente(...call);

if (document.body) start();
else addEventListener("DOMContentLoaded", start);
})();
