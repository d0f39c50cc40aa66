/* Puente web chat: the visitor's side.
 * One plain script in a shadow root; no cookies, no eval, no inline styles, no HTML made from data.
 * The agreement with the server: docs/guides/web-chat-protocol.md. How to install it: docs/guides/web-chat.md. */
(() => {
  "use strict";

  const script = document.currentScript || document.querySelector('script[data-channel][src*="/widget.js"]');
  const channel = ((script && script.dataset.channel) || "").trim().toLowerCase();
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
  const ENGLISH = {
    open: "Open chat",
    close: "Close chat",
    unread: "New messages: {n}",
    log: "Conversation",
    you: "You",
    bot: "Automatic reply",
    placeholder: "Write a message…",
    send: "Send",
    start: "Start chat",
    optional: "optional",
    invalid: "Please check this answer.",
    too_long: "Too long: {n} of {max} characters.",
    sending: "Sending…",
    sent: "Sent",
    read: "Read",
    waiting: "Not sent yet. Try now",
    failed: "Not sent. Try again",
    offline: "No connection. We send it as soon as it is back.",
    typing: "{name} is typing…",
    earlier: "Earlier messages",
    rate_of: "{n} of {max}",
    rate_low: "Bad",
    rate_high: "Excellent",
    rate_thanks: "Thank you!",
    rate_failed: "That could not be saved. Please try again.",
    comment: "Would you tell us more? (optional)",
    comment_send: "Send comment",
  };

  let config = null;
  let configAge = 0;
  let texts = ENGLISH;
  let language = options.language || document.documentElement.lang || navigator.language || "";
  let opened = false;
  let known = false; // the pre-chat questions need not be asked
  let live = false; // something may arrive although the panel is closed
  let cursor = null;
  let before = null; // where earlier messages start, if there are any
  const messages = new Map(); // by client_id, else id: what the server has confirmed

  // ---------------------------------------------------------------- storage
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

  // ---------------------------------------------------------------- between tabs

  let locks = navigator.locks; // absent on http pages, refusing in sandboxes
  const locked = (name, work, signal) => (locks ? locks.request(prefix + name, { signal }, work) : work());
  const wire = attempt(() => new BroadcastChannel(prefix));
  const tell = (kind, data) => leading && wire && wire.postMessage([kind, data]);
  let leading = false; // this tab holds the one stream of the browser

  // ---------------------------------------------------------------- network

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

  const trouble = (status, detail, wait) =>
    Object.assign(new Error(detail || `HTTP ${status}`), {
      detail,
      wait,
      again: !status || status === 408 || status === 425 || status === 429 || status >= 500,
    });

  const head = (token) => ({
    ...(language && { "Accept-Language": language }),
    ...(token && { Authorization: `Visitor ${token}` }),
  });

  const retryAfter = (response) =>
    response.status === 429 ? Math.min(600, Number(response.headers.get("Retry-After")) || 10) * 1000 : 0;

  /* One request. Gives the parsed body; throws trouble() for everything else. */
  async function request(path, body, renewed = false) {
    const anonymous = /^(config|session)/.test(path);
    const token = anonymous ? null : store.get("token");
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
      if (stop.signal.aborted) throw trouble(0);
    } catch {
      throw trouble(0);
    } finally {
      clearTimeout(timer);
    }
    if (response.status === 401 && token && !renewed) {
      await introduce(token);
      return request(path, body, true);
    }
    if (!response.ok) throw trouble(response.status, data && data.detail, retryAfter(response));
    return data || {};
  }

  let introduction = null;
  /* Gets or renews the visitor's token. `refused` is the one the server no longer takes. */
  function introduce(refused) {
    introduction ||= locked("session", async () => {
      const token = store.get("token");
      if (token && refused && token !== refused) return; // another tab has been here
      const reply = await request("session/", token && !refused ? { token } : {});
      if (refused) {
        messages.clear();
        store.remove("asked");
        cursor = before = null;
      }
      store.set("token", reply.token);
      known = !!reply.known;
      live ||= !!reply.live;
    }).finally(() => (introduction = null));
    return introduction;
  }

  // ---------------------------------------------------------------- sending

  let draining = false;
  let drainAgain = false;
  let failures = 0;
  let retryTimer = 0;
  let counter = 0;
  const outbox = () =>
    store
      .keys("out:")
      .map((key) => ({ ...store.get(key), key }))
      .filter((item) => item.client_id);

  function send(text) {
    const at = Date.now();
    const client_id = uuid();
    const cut = (value) => String(value || "").slice(0, 2000);
    const page = { url: cut(location.href.split("#")[0]), title: cut(title), referrer: cut(document.referrer) };
    const order = `${String(at).padStart(15, "0")}-${String(counter++).padStart(5, "0")}`;
    store.set(`out:${order}:${client_id}`, { client_id, text, at, page, state: "queued" });
    paint(true);
    drain();
  }

  function retry(item) {
    const { key, ...kept } = item;
    store.set(key, { ...kept, state: "queued", detail: null });
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
  async function post({ key, client_id, text, page }) {
    // A message that came back through the stream is settled and no longer stored.
    const settle = (change) => store.get(key) && store.set(key, { ...store.get(key), ...change });
    try {
      if (!store.get("token")) await introduce();
      const answers = known ? null : store.get("answers");
      await request("messages/", { client_id, text, page, ...(answers && { answers }) });
      failures = 0;
      live = true;
      if (answers) known = true;
      store.remove("answers");
      settle({ state: "sent" });
      tune();
    } catch (error) {
      if (error.again) {
        failures += 1;
        if (error.wait) store.set("pause", Date.now() + error.wait);
        retryTimer = setTimeout(drain, error.wait || backoff(failures));
        return false;
      }
      settle({ state: "failed", detail: error.detail });
    }
    return true;
  }

  /* On arrival: what is a day old is not sent behind the visitor's back. */
  function sortOut() {
    for (const { key, ...item } of outbox()) {
      if (Date.now() - item.at < DAY) continue;
      if (item.state === "sent") store.remove(key);
      else store.set(key, { ...item, state: "failed" });
    }
  }

  // ---------------------------------------------------------------- receiving

  const time = (message) => Date.parse(message.at) || 0;
  const ordered = () => [...messages.values()].sort((a, b) => time(a) - time(b));
  const foreign = (message) => message.from !== "visitor";

  function take(list) {
    const waiting = outbox();
    for (const message of Array.isArray(list) ? list : []) {
      if (!message || !message.id) continue;
      const key = message.client_id || message.id;
      if (foreign(message) && !messages.has(key)) hush();
      messages.set(key, message);
      for (const item of waiting) if (item.client_id === message.client_id) store.remove(item.key);
    }
    paint();
    see();
  }

  let syncing = null;
  let syncAgain = false;
  /* Reads everything after the cursor; the first time the latest page. */
  async function sync() {
    if (!store.get("token")) return;
    if (syncing) {
      syncAgain = true;
      return syncing;
    }
    syncing = (async () => {
      let page;
      do {
        syncAgain = false;
        const first = !cursor;
        page = await request(`messages/${first ? "" : `?after=${encodeURIComponent(cursor)}`}`);
        if (first) before = page.before;
        cursor = page.cursor || cursor;
        take(page.messages);
        for (const message of page.messages || []) tell("message", { message });
      } while (page.more || syncAgain);
    })();
    try {
      await syncing;
    } catch (error) {
      if (error.wait) await sleep(error.wait);
    }
    syncing = null;
  }

  async function earlier(button) {
    button.disabled = true;
    const { scrollHeight, scrollTop } = ui.log;
    try {
      const page = await request(`messages/?before=${encodeURIComponent(before)}`);
      before = page.before;
      take(page.messages);
      flush();
      ui.log.scrollTop = ui.log.scrollHeight - scrollHeight + scrollTop;
    } catch {
      /* the button stays and can be pressed again */
    }
    button.disabled = false;
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
    const wanted = config && store.get("token") && (opened || live);
    if (wanted && !ear) {
      const mine = (ear = new AbortController());
      sync();
      locked("live", () => follow(mine.signal), mine.signal)
        .catch(() => {})
        .then(() => {
          if (ear === mine) ear = null;
        });
    } else if (!wanted && ear) {
      ear.abort();
      ear = null;
    }
  }

  async function follow(signal) {
    let broken = 0;
    leading = true;
    while (!signal.aborted) {
      const began = Date.now();
      const wait = await stream(signal);
      broken = Date.now() - began > 5000 ? 0 : broken + 1;
      if (signal.aborted) break;
      if (broken < 3) await sleep(wait || backoff(broken), signal);
      else await poll(signal, Date.now() + 2 * MINUTE);
    }
    leading = false;
  }

  async function poll(signal, until) {
    const seconds = Math.max(2, Number(config.poll_seconds) || 5);
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
      const response = await fetch(`${base}events/${since && `?since=${encodeURIComponent(since)}`}`, {
        headers: head(token),
        credentials: "omit",
        cache: "no-store",
        signal: stop.signal,
      });
      if (response.status === 401) await introduce(token);
      if (!response.ok) return retryAfter(response);
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let text = "";
      for (let first = true; ; first = false) {
        const { value, done } = await reader.read();
        if (done) break;
        clearTimeout(alarm);
        alarm = setTimeout(quit, 50000);
        if (first) sync();
        const blocks = (text + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
        text = blocks.pop();
        blocks.forEach(dispatch);
      }
    } catch {
      /* the line broke; follow() decides what next */
    } finally {
      clearTimeout(alarm);
      signal.removeEventListener("abort", quit);
      quit();
    }
    return 0;
  }

  function dispatch(block) {
    const event = { event: "message", data: "" };
    for (const line of block.split(/\r?\n/)) {
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

  // ---------------------------------------------------------------- building blocks

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

  function el(tag, properties, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child != null));
    return node;
  }

  function icon(...paths) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    for (const shape of paths) {
      const path = document.createElementNS(svg.namespaceURI, "path");
      path.setAttribute("d", shape);
      svg.append(path);
    }
    return svg;
  }
  const bubble = () => icon("M12 3.5c5 0 9 3.3 9 7.7s-4 7.8-9 7.8a11 11 0 0 1-3.4-.5L4 20.5l1.1-3.7A7.3 7.3 0 0 1 3 11.2c0-4.4 4-7.7 9-7.7z", "M7.2 13.7h9.6M7.2 13.5a4.8 4.8 0 0 1 9.6 0M12 8.7v4.8M9.3 9.8v3.7M14.7 9.8v3.7");
  const CLOSE = "M6 6l12 12M18 6L6 18";
  const DOWN = "M6 9.5l6 6 6-6";
  const SEND = "M4.5 12L4 5l16.5 7L4 19l.5-7zm0 0H12";
  const STAR = "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z";
  const CLIP = "M19.5 11.5l-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-7.9 7.9a1.5 1.5 0 0 1-2.1-2.1l7.2-7.2";

  const web = (address) => {
    const url = attempt(() => new URL(address, origin));
    return url && /^https?:$/.test(url.protocol) ? url.href : null;
  };
  const link = (address, ...children) =>
    el("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, ...children);

  /* Text with its web addresses made clickable; never parsed as HTML. */
  function linked(text) {
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(/\b(?:https?:\/\/|www\.)[^\s<>"'`\u202a-\u202e\u2066-\u2069]+/gi)) {
      let found = match[0].replace(/[.,:;!?*_~\]}]+$/, "");
      if (!found.includes("(")) found = found.replace(/\)+$/, "");
      const address = web(/^www/i.test(found) ? `https://${found}` : found);
      if (!address) continue;
      parts.push(text.slice(end, match.index), link(address, found));
      end = match.index + found.length;
    }
    return [...parts, text.slice(end)];
  }

  const format = (date, settings) => new Intl.DateTimeFormat(language, settings).format(date);
  const clock = (date) => format(date, { timeStyle: "short" });
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  function dayName(date) {
    const days = Math.round((midnight(Date.now()) - midnight(date)) / DAY);
    const name =
      days < 2
        ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day")
        : format(date, { weekday: "long", day: "numeric", month: "long" });
    return name[0].toUpperCase() + name.slice(1);
  }

  // ---------------------------------------------------------------- look

  const CSS = `
:host{all:initial!important;position:fixed!important;z-index:2147483000!important;inset:auto!important;display:block!important}
@media print{:host{display:none!important}}
*,*::before,*::after{box-sizing:border-box}
[hidden]{display:none!important}
.root{--bg:#fff;--soft:#f3f4f2;--line:#e4e6e3;--text:#1d2320;--mute:#5d6661;--bad:#b3261e;--ok:#12805c;
 --shadow:0 1px 2px rgb(0 0 0/.08),0 12px 40px rgb(0 0 0/.16);
 font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:var(--text);
 -webkit-font-smoothing:antialiased;text-align:left;color-scheme:light}
.root.dark{--bg:#191c1b;--soft:#272b29;--line:#343937;--text:#eceeec;--mute:#a3aca7;--bad:#ffb4ab;--ok:#4fd1a1;
 --shadow:0 0 0 1px #343937,0 12px 40px rgb(0 0 0/.5);color-scheme:dark}
button,input,select,textarea{font:inherit;color:inherit;margin:0;letter-spacing:inherit}
button{background:none;border:0;padding:0;cursor:pointer}
:focus-visible{outline:2px solid var(--text);outline-offset:2px}
svg{width:24px;height:24px;display:block;fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
a{color:inherit;text-decoration:underline;text-underline-offset:2px;unicode-bidi:isolate}
.veiled{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.launcher{position:fixed;bottom:calc(20px + env(safe-area-inset-bottom));right:20px;width:58px;height:58px;border-radius:50%;
 background:var(--accent);color:var(--on);display:grid;place-items:center;box-shadow:0 1px 3px rgb(0 0 0/.2),0 6px 20px rgb(0 0 0/.2);
 transition:transform .16s}
.launcher:hover{transform:translateY(-2px)}
.launcher svg{width:30px;height:30px;stroke-width:1.5}
.left .launcher{right:auto;left:20px}
.badge{position:absolute;top:-3px;right:-3px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;background:#c62828;color:#fff;
 font-size:12px;font-weight:650;line-height:22px;text-align:center;box-shadow:0 0 0 2px #fff}
.panel{position:fixed;right:20px;bottom:calc(92px + env(safe-area-inset-bottom));width:384px;height:min(640px,100vh - 116px);
 background:var(--bg);border-radius:18px;box-shadow:var(--shadow);display:flex;flex-direction:column;overflow:hidden;
 animation:rise .18s ease-out}
.left .panel{right:auto;left:20px}
@keyframes rise{from{opacity:0;transform:translateY(10px)}}
header{display:flex;align-items:center;gap:12px;padding:14px 12px 13px 16px;border-bottom:1px solid var(--line)}
.mark{flex:none;width:40px;height:40px;border-radius:50%;background:var(--accent);color:var(--on);display:grid;place-items:center;
 font-weight:650;font-size:17px}
.who{flex:1;min-width:0}
h2{margin:0;font-size:15.5px;font-weight:650;line-height:1.3;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.presence{margin:1px 0 0;font-size:13px;line-height:1.35;color:var(--mute);display:flex;gap:7px}
.presence::before{content:"";flex:none;width:8px;height:8px;margin-top:5px;border-radius:50%;border:1.5px solid var(--mute)}
.presence.on::before{background:var(--ok);border-color:var(--ok)}
.round{flex:none;width:36px;height:36px;border-radius:50%;display:grid;place-items:center;color:var(--mute)}
.round:hover{background:var(--soft);color:var(--text)}
.round svg{width:20px;height:20px}
.body{flex:1;min-height:0;position:relative;display:flex}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;outline-offset:-3px}
.log>:first-child{margin-top:auto}
.more{align-self:center;padding:5px 12px;margin-bottom:8px;border-radius:99px;font-size:13px;color:var(--mute)}
.more:hover{background:var(--soft);color:var(--text)}
.day{align-self:center;margin:18px 0 4px;font-size:12.5px;color:var(--mute)}
.m{display:flex;flex-direction:column;align-items:flex-start;max-width:86%;margin-top:12px}
.m.joined{margin-top:3px}
.m.own{align-self:flex-end;align-items:flex-end}
.m.system{align-self:center;align-items:center;max-width:100%;text-align:center}
.name{margin:0 0 3px 13px;font-size:12.5px;font-weight:600;color:var(--mute)}
.m.joined .name{display:none}
.b{padding:8px 13px;border-radius:17px;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere;margin:0;max-width:100%}
.own .b{background:var(--accent);color:var(--on)}
.m:not(.own,.last) .b{border-bottom-left-radius:6px}
.own:not(.last) .b{border-bottom-right-radius:6px}
.joined:not(.own) .b{border-top-left-radius:6px}
.own.joined .b{border-top-right-radius:6px}
.system .b{background:none;padding:2px 8px;font-size:13px;color:var(--mute)}
.file{display:flex;align-items:center;gap:9px;margin-top:3px;padding:9px 13px;border:1px solid var(--line);border-radius:14px;
 text-decoration:none;overflow-wrap:anywhere;max-width:100%}
.file:hover{background:var(--soft)}
.file svg{flex:none;width:18px;height:18px}
.file small{color:var(--mute);white-space:nowrap}
.foot{margin:3px 5px 0;font-size:12px;color:var(--mute)}
.m:not(.last) .foot:not(.loud){position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
.m.pending .b{opacity:.75}
.foot button{color:var(--bad);text-decoration:underline;text-underline-offset:2px;padding:4px 0}
.foot .why{color:var(--bad)}
.typing{display:flex;align-items:center;gap:8px;margin-top:12px;font-size:13px;color:var(--mute)}
.dots{display:flex;gap:4px;padding:12px 13px;border-radius:17px;background:var(--soft)}
.dots i{width:6px;height:6px;border-radius:50%;background:var(--mute);animation:dot 1.2s infinite}
.dots i:nth-child(2){animation-delay:.15s}
.dots i:nth-child(3){animation-delay:.3s}
@keyframes dot{0%,60%,100%{opacity:.35}30%{opacity:1;transform:translateY(-2px)}}
.jump{position:absolute;bottom:10px;left:50%;transform:translateX(-50%);padding:6px 14px;border-radius:99px;background:var(--text);
 color:var(--bg);font-size:13px;box-shadow:0 2px 10px rgb(0 0 0/.2);white-space:nowrap}
.card{align-self:stretch;max-width:100%;border:1px solid var(--line);border-radius:16px;padding:16px;margin-top:14px;text-align:center}
.card p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.stars{display:flex;flex-wrap:wrap;justify-content:center;gap:4px;margin:10px 0 2px}
.stars button{width:44px;height:44px;border-radius:12px;display:grid;place-items:center;color:var(--mute);font-weight:600}
.stars button:hover{background:var(--soft)}
.stars svg{width:30px;height:30px;stroke-width:1.4}
.stars .lit{color:#c77700}
.dark .stars .lit{color:#f5b83d}
.stars .lit path{fill:currentColor}
.ends{display:flex;justify-content:space-between;max-width:228px;margin:0 auto;padding:0 4px;font-size:12px;color:var(--mute)}
.card .note{margin-top:10px;font-weight:600}
.card form{margin-top:10px;display:grid;gap:8px;text-align:left}
.ask{display:grid;gap:14px;margin-top:16px}
label{display:block;font-size:13px;font-weight:600;margin-bottom:5px}
label small{font-weight:400;color:var(--mute)}
.field{width:100%;min-height:42px;padding:9px 12px;border:1px solid #868e89;border-radius:11px;background:var(--bg);resize:none;font-size:16px}
.field:focus-visible,.box:focus-within{outline:2px solid var(--text);outline-offset:-1px}
.error{margin:5px 0 0;font-size:13px;color:var(--bad)}
.main{min-height:44px;padding:10px 18px;border-radius:12px;background:var(--accent);color:var(--on);font-weight:600}
.main:hover{filter:brightness(1.08)}
.plain{min-height:38px;padding:7px 14px;border-radius:11px;border:1px solid #868e89;font-weight:600;font-size:14px}
.plain:hover{background:var(--soft)}
.bottom{padding:0 12px calc(10px + env(safe-area-inset-bottom))}
.box{display:flex;align-items:flex-end;gap:6px;padding:4px 4px 4px 6px;border:1px solid #868e89;border-radius:22px;background:var(--bg)}
.box textarea{flex:1;min-width:0;height:36px;max-height:132px;padding:6px 8px;border:0;background:none;outline:0;resize:none;font-size:16px;line-height:24px}
textarea::placeholder{color:var(--mute);opacity:1}
.go{flex:none;width:36px;height:36px;border-radius:50%;display:grid;place-items:center;background:var(--accent);color:var(--on);transition:opacity .12s}
.go:disabled{background:var(--soft);color:var(--mute);cursor:default}
.go svg{width:19px;height:19px}
.line{margin:0 6px 8px;font-size:13px;color:var(--mute)}
.fine{margin:8px 0 0;font-size:12px;text-align:center;color:var(--mute)}
@media (max-width:480px),(max-height:430px){
 .panel,.left .panel{inset:0;width:auto;height:var(--room,100dvh);border-radius:0;box-shadow:none}
 .open .launcher{display:none}
 header{padding-top:calc(12px + env(safe-area-inset-top))}
}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media (forced-colors:active){.panel,.launcher,.b{border:1px solid}}`;

  const luminance = (hex) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  // ---------------------------------------------------------------- the panel

  const ui = {};
  const dim = window.matchMedia("(prefers-color-scheme: dark)");
  const full = window.matchMedia("(max-width:480px),(max-height:430px)");

  function build() {
    const host = document.createElement("puente-chat");
    const shadow = host.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      shadow.append(el("style", null, CSS)); // browsers before adoptedStyleSheets
    }
    ui.badge = el("span", { class: "badge", "aria-hidden": "true" });
    ui.glyph = el("span");
    ui.launcher = el("button", { class: "launcher", type: "button", "aria-controls": "panel", onclick: () => toggle(!opened) }, ui.glyph, ui.badge);
    ui.said = el("div", { class: "veiled", role: "status" });
    ui.title = el("h2", { id: "title" });
    ui.presence = el("p", { class: "presence", id: "presence" });
    ui.mark = el("div", { class: "mark", "aria-hidden": "true" });
    ui.close = el("button", { class: "round", type: "button", onclick: () => toggle(false) }, icon(CLOSE));
    ui.log = el("div", { class: "log", role: "log", tabindex: "0", "aria-live": "off", "aria-relevant": "additions", onscroll: scrolled });
    ui.jump = el("button", { class: "jump", type: "button", hidden: true, onclick: bottom });
    ui.line = el("p", { class: "line", role: "status", id: "line" });
    ui.text = el("textarea", { rows: "1", enterkeyhint: "send", "aria-describedby": "line", oninput: typed, onkeydown: pressed });
    ui.go = el("button", { class: "go", type: "submit" }, icon(SEND));
    ui.form = el("form", { class: "box", onsubmit: submit }, ui.text, ui.go);
    ui.fine = el("p", { class: "fine" });
    ui.bottom = el("div", { class: "bottom" }, ui.line, ui.form, ui.fine);
    ui.panel = el(
      "div",
      { class: "panel", id: "panel", role: "dialog", tabindex: "-1", hidden: true, "aria-labelledby": "title", "aria-describedby": "presence" },
      el("header", null, ui.mark, el("div", { class: "who" }, ui.title, ui.presence), ui.close),
      el("div", { class: "body" }, ui.log, ui.jump),
      ui.bottom,
    );
    ui.root = el("div", { class: `root ${options.position === "left" ? "left" : ""}` }, ui.launcher, ui.panel, ui.said);
    ui.host = host;
    ui.shadow = shadow;
    // The page's own keyboard shortcuts must not fire while somebody writes here.
    for (const kind of ["keydown", "keypress", "keyup"]) ui.root.addEventListener(kind, keyed);
    shadow.append(ui.root);
    document.body.append(host);
    ui.text.value = attempt(() => sessionStorage.getItem(prefix + "draft")) || "";
  }

  /* Colours, names and texts out of the configuration. */
  function dress() {
    const hex = [options.color, config.color, "#0b6e4f"].find((one) => /^#[0-9a-f]{6}$/i.test(one || ""));
    ui.root.style.setProperty("--accent", hex);
    ui.root.style.setProperty("--on", luminance(hex) < 0.1833 ? "#fff" : "#000");
    const name = String(config.business || "");
    ui.host.lang = language;
    ui.title.textContent = name;
    ui.mark.textContent = [...name.trim()][0] || "";
    ui.close.setAttribute("aria-label", texts.close);
    ui.log.setAttribute("aria-label", texts.log);
    ui.text.setAttribute("aria-label", texts.placeholder);
    ui.text.placeholder = texts.placeholder;
    ui.go.setAttribute("aria-label", texts.send);
    const privacy = config.privacy && web(config.privacy.url);
    ui.fine.hidden = !privacy;
    if (privacy) ui.fine.replaceChildren(link(privacy, String(config.privacy.label)));
    shade();
  }

  const shade = () => ui.root.classList.toggle("dark", options.theme ? options.theme === "dark" : dim.matches);

  // ---------------------------------------------------------------- painting
  // Every entry of the log has a key and keeps its node, so that nothing flickers, screen readers hear only
  // what is new, and what somebody types into a rating's comment stays.

  let nodes = new Map();
  let title = ""; // the page's own, and with our count before it
  let marked = "";
  let due = false;
  let follows = true; // the log stands at its end and stays there
  let fresh = 0; // arrived while the visitor reads further up

  function paint(own = false) {
    if (own) follows = true;
    if (due || !config) return;
    due = true;
    queueMicrotask(flush);
  }

  function flush() {
    due = false;
    const count = unread().length;
    const asking = asks();
    ui.root.classList.toggle("open", opened);
    ui.panel.hidden = !opened;
    ui.panel.setAttribute("aria-modal", String(opened && full.matches));
    ui.launcher.setAttribute("aria-expanded", String(opened));
    ui.launcher.setAttribute("aria-label", opened ? texts.close : count ? `${texts.open}. ${fill(texts.unread, { n: count })}` : texts.open);
    swap(ui.glyph, opened ? "down" : "bubble", () => (opened ? icon(DOWN) : bubble()));
    ui.badge.hidden = opened || !count;
    ui.badge.textContent = count > 99 ? "99+" : count;
    const said = count && !opened ? fill(texts.unread, { n: count }) : "";
    if (ui.said.textContent !== said) ui.said.textContent = said;
    if (document.title !== marked) title = document.title;
    marked = count ? `(${count}) ${title}` : title;
    if (document.title !== marked) document.title = marked;
    const presence = config.presence || {};
    ui.presence.classList.toggle("on", !!presence.online);
    if (ui.presence.textContent !== presence.text) ui.presence.textContent = presence.text || "";
    ui.bottom.classList.toggle("asking", asking);
    ui.form.hidden = asking;
    limit();
    arrange(asking);
  }

  function swap(parent, name, make) {
    if (parent.dataset.now === name) return;
    parent.dataset.now = name;
    parent.replaceChildren(make());
  }

  const asks = () =>
    !!(config.prechat || []).length && !known && !store.get("asked") && !messages.size && !outbox().length;

  /* Brings the log to what it should show, moving no node that stands right. */
  function arrange(asking) {
    const wanted = [];
    const add = (key, make, entry) => wanted.push({ key, make, entry });
    if (before) add("earlier", () => el("button", { class: "more", type: "button", onclick: (event) => earlier(event.target) }, texts.earlier));
    if (config.greeting && !before)
      add("greeting", () => el("div", { class: "m last" }, el("p", { class: "b", dir: "auto" }, ...linked(String(config.greeting)))));
    const all = [...ordered(), ...outbox().filter((item) => !messages.has(item.client_id)).map(local)];
    all.forEach((entry, index) => {
      const day = new Date(time(entry)).toDateString();
      const next = all[index + 1];
      if (!index || new Date(time(all[index - 1])).toDateString() !== day) {
        add(`day ${day}`, () => el("div", { class: "day" }, dayName(new Date(time(entry)))));
      }
      entry = { ...entry, joined: joined(all[index - 1], entry), last: !next || !joined(entry, next) };
      add(entry.client_id || entry.id, entry.rating ? ratingNode : messageNode, entry);
    });
    if (typist) add("typing", () => el("div", { class: "typing" }, el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), fill(texts.typing, { name: typist })));
    if (asking) add("ask", askNode);

    const grown = wanted.filter(({ key, entry }) => entry && foreign(entry) && !nodes.has(key)).length;
    const kept = new Map();
    let place = ui.log.firstChild;
    for (const { key, make, entry } of wanted) {
      const node = nodes.get(key) || make(entry);
      kept.set(key, node);
      if (node.refresh) node.refresh(entry);
      if (node === place) place = place.nextSibling;
      else ui.log.insertBefore(node, place);
    }
    for (const [key, node] of nodes) if (kept.get(key) !== node) node.remove();
    nodes = kept;
    if (follows) bottom();
    else if (grown) fresh += grown;
    ui.jump.hidden = !fresh;
    ui.jump.textContent = fill(texts.unread, { n: fresh });
    // Only what comes after the first screen is read aloud.
    if (opened && !syncing && ui.log.getAttribute("aria-live") === "off") setTimeout(() => ui.log.setAttribute("aria-live", "polite"), 300);
  }

  const joined = (one, two) =>
    !!one && !one.rating && !two.rating && one.from === two.from && (one.author || {}).name === (two.author || {}).name &&
    time(two) - time(one) < 5 * MINUTE && new Date(time(one)).toDateString() === new Date(time(two)).toDateString();

  const local = (item) => ({ ...item, from: "visitor", at: new Date(item.at).toISOString(), waiting: item });

  function messageNode() {
    const name = el("div", { class: "name" });
    const text = el("p", { class: "b", dir: "auto" });
    const files = el("div");
    const foot = el("div", { class: "foot", "aria-live": "off" });
    const node = el("div", null, name, text, files, foot);
    let shown;
    node.refresh = (entry) => {
      const own = !foreign(entry);
      const state = own ? entry.waiting : null;
      const kind = own ? "own" : entry.from === "system" ? "system" : "agent";
      node.className = `m ${kind} ${entry.joined ? "joined" : ""} ${entry.last ? "last" : ""} ${state && state.state === "queued" ? "pending" : ""}`;
      const author = own ? texts.you : [entry.author && entry.author.name, entry.from === "bot" && texts.bot].filter(Boolean).join(" · ");
      if (name.textContent !== author) name.textContent = author;
      name.classList.toggle("veiled", own);
      name.hidden = !author;
      const now = JSON.stringify([entry.text, entry.attachments]);
      if (now !== shown) {
        shown = now;
        text.replaceChildren(...linked(String(entry.text || "")));
        text.hidden = !entry.text;
        files.replaceChildren(...(entry.attachments || []).map(fileNode));
      }
      footer(foot, entry, state);
    };
    return node;
  }

  function fileNode(file) {
    const address = web(file.url);
    const parts = [icon(CLIP), el("span", null, String(file.name || file.url)), el("small", null, file.size > 0 ? `${Math.ceil(file.size / 1024)} kB` : "")];
    const node = address ? link(address, ...parts) : el("span", null, ...parts);
    node.classList.add("file");
    return node;
  }

  /* Time, and for the visitor's own messages how far they have got. */
  function footer(foot, entry, item) {
    const trying = item && item.state === "queued" && failures > 0;
    const failed = item && item.state === "failed";
    const state = !item ? (entry.read ? "read" : "sent") : failed ? "failed" : trying ? "waiting" : item.state === "sent" ? "sent" : "sending";
    const date = new Date(time(entry));
    const now = `${state}${(item && item.detail) || ""}${clock(date)}`;
    if (foot.dataset.now === now) return;
    foot.dataset.now = now;
    foot.classList.toggle("loud", !!(failed || trying));
    if (failed || trying) {
      const button = el("button", { type: "button", onclick: () => retry(item) }, texts[state]);
      foot.replaceChildren(...(item.detail ? [el("span", { class: "why" }, `${item.detail} `)] : []), button);
    } else {
      const stamp = el("time", { datetime: date.toISOString(), title: format(date, { dateStyle: "long", timeStyle: "short" }) }, clock(date));
      foot.replaceChildren(stamp, ...(foreign(entry) ? [] : [` · ${texts[state]}`]));
    }
  }

  function ratingNode(entry) {
    const { rating } = entry;
    const scale = Array.isArray(rating.scale) && rating.scale.length ? rating.scale.slice(0, 11).map(Number) : [1, 2, 3, 4, 5];
    let score = rating.answered;
    let told = rating.commented;
    const note = el("p", { class: "note" });
    const comment = el("textarea", { class: "field", rows: "2", maxlength: "1000", id: `comment-${entry.id}` });
    const form = el(
      "form",
      { onsubmit: say },
      el("label", { for: comment.id }, texts.comment),
      comment,
      el("button", { class: "plain", type: "submit" }, texts.comment_send),
    );
    const buttons = scale.map((n) =>
      el(
        "button",
        { type: "button", "aria-label": fill(texts.rate_of, { n, max: scale[scale.length - 1] }), onclick: () => tap(n) },
        scale.length === 5 ? icon(STAR) : String(n),
      ),
    );
    const show = (text) => {
      buttons.forEach((button, index) => {
        button.classList.toggle("lit", score != null && scale[index] <= score);
        button.setAttribute("aria-pressed", String(scale[index] === score));
      });
      note.textContent = text || (score == null ? "" : texts.rate_thanks);
      note.hidden = !note.textContent;
      form.hidden = score == null || told;
      if (follows) bottom();
    };
    async function give(body, done, undo) {
      try {
        await request("rating/", { token: rating.token, ...body });
        done();
        show();
      } catch (error) {
        undo();
        show(error.detail || texts.rate_failed);
      }
    }
    function tap(n) {
      const old = score;
      score = n;
      show();
      give({ score: n }, () => Object.assign(rating, { answered: n }), () => (score = old));
    }
    function say(event) {
      event.preventDefault();
      const text = comment.value.trim();
      if (!text) return comment.focus();
      const held = ui.shadow.activeElement;
      give(
        { score, comment: text },
        () => {
          told = rating.commented = true;
          if (form.contains(held)) ui.text.focus();
        },
        () => {},
      );
    }
    const node = el(
      "div",
      { class: "card" },
      el("p", { dir: "auto" }, String(rating.question || "")),
      el("div", { class: "stars", role: "group", "aria-label": String(rating.question || "") }, ...buttons),
      el("div", { class: "ends", "aria-hidden": "true" }, el("span", null, texts.rate_low), el("span", null, texts.rate_high)),
      note,
      form,
    );
    node.refresh = ({ rating: newer }) => {
      if (newer.answered == null || (newer.answered === score && !newer.commented === !told)) return;
      score = newer.answered;
      told = told || newer.commented;
      show();
    };
    show();
    return node;
  }

  function askNode() {
    const fields = config.prechat.map((question, index) => {
      const id = `ask-${index}`;
      const shared = { class: "field", id, name: question.name, required: !!question.required, "aria-describedby": `${id}-error` };
      const type = ["email", "tel"].includes(question.type) ? question.type : "text";
      const input =
        question.type === "select"
          ? el("select", shared, el("option", { value: "" }, "–"), ...(question.options || []).map((one) => el("option", { value: one.value }, String(one.label))))
          : el("input", { ...shared, type, maxlength: "200", autocomplete: question.autocomplete || "off" });
      const error = el("p", { class: "error", id: `${id}-error` });
      const label = el("label", { for: id }, String(question.label), question.required ? null : el("small", null, ` (${texts.optional})`));
      return { input, error, row: el("div", null, label, input, error) };
    });
    return el(
      "form",
      {
        class: "ask",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          const wrong = fields.filter(({ input, error }) => {
            const bad = !input.checkValidity() || (input.required && !input.value.trim());
            error.textContent = bad ? texts.invalid : "";
            input.setAttribute("aria-invalid", String(bad));
            return bad;
          });
          if (wrong.length) return wrong[0].input.focus();
          store.set("answers", Object.fromEntries(fields.map(({ input }) => [input.name, input.value.trim()]).filter(([, value]) => value)));
          store.set("asked", true);
          flush();
          ui.text.focus();
        },
      },
      ...fields.map(({ row }) => row),
      el("button", { class: "main", type: "submit" }, texts.start),
    );
  }

  function scrolled() {
    follows = ui.log.scrollHeight - ui.log.scrollTop - ui.log.clientHeight < 40;
    if (!follows || !fresh) return;
    fresh = 0;
    ui.jump.hidden = true;
  }

  function bottom() {
    fresh = 0;
    follows = true;
    ui.jump.hidden = true;
    ui.log.scrollTop = ui.log.scrollHeight;
  }

  // ---------------------------------------------------------------- writing

  const most = () => Number(config.max_length) || 4000;

  function limit() {
    const count = [...ui.text.value.trim()].length;
    const long = count > most();
    const line = long ? fill(texts.too_long, { n: count, max: most() }) : navigator.onLine === false ? texts.offline : "";
    if (ui.line.textContent !== line) ui.line.textContent = line;
    ui.line.hidden = !line;
    ui.line.classList.toggle("error", long);
    ui.text.setAttribute("aria-invalid", String(long));
    ui.go.disabled = long || !count;
  }

  function grow() {
    ui.text.style.height = "auto";
    ui.text.style.height = `${Math.min(132, Math.max(36, ui.text.scrollHeight))}px`;
    if (follows) bottom();
  }

  function typed() {
    limit();
    grow();
    attempt(() => sessionStorage.setItem(prefix + "draft", ui.text.value.slice(0, 20000)));
    if (ui.text.value.trim()) typing();
  }

  function pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    submit(event);
  }

  function submit(event) {
    event.preventDefault();
    limit();
    if (ui.go.disabled) return;
    const text = ui.text.value.trim();
    ui.text.value = "";
    typed();
    send(text);
    ui.text.focus();
  }

  function keyed(event) {
    event.stopPropagation();
    if (event.type !== "keydown" || !opened || event.isComposing) return;
    if (event.key === "Escape") toggle(false);
    if (event.key !== "Tab" || !full.matches) return;
    // On a phone the panel is the page: Tab goes round in it.
    const stops = [...ui.panel.querySelectorAll("button,a,input,select,textarea,[tabindex='0']")].filter((one) => !one.disabled && one.getClientRects().length);
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (ui.shadow.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  }

  /* `quiet`: reopened by itself on the next page of the shop, so the focus stays where it is. */
  function toggle(open, quiet = false) {
    opened = open;
    attempt(() => sessionStorage.setItem(prefix + "open", open ? "1" : ""));
    if (open) follows = true;
    flush();
    if (open && Date.now() - configAge > 5 * MINUTE) configure().catch(() => {});
    tune();
    see();
    if (open) grow();
    if (quiet) return;
    if (!open) ui.launcher.focus();
    else (ui.panel.querySelector(".ask .field") || ui.text).focus();
  }

  // ---------------------------------------------------------------- start

  async function configure() {
    const asked = encodeURIComponent(options.language || document.documentElement.lang || navigator.language || "");
    config = await request(`config/?lang=${asked}`);
    configAge = Date.now();
    language = attempt(() => Intl.getCanonicalLocales(config.language)[0]) || "en";
    texts = { ...ENGLISH };
    for (const key of Object.keys(ENGLISH)) if (config.texts && config.texts[key]) texts[key] = String(config.texts[key]);
    if (ui.root) {
      dress();
      paint();
    }
  }

  const room = () => ui.root.style.setProperty("--room", `${window.visualViewport.height}px`);

  function listen() {
    dim.addEventListener("change", shade);
    full.addEventListener("change", () => paint());
    if (window.visualViewport) visualViewport.addEventListener("resize", () => (room(), follows && bottom()));
    addEventListener("online", () => (paint(), drain(), sync()));
    addEventListener("offline", () => paint());
    addEventListener("pagehide", () => ear && (ear.abort(), (ear = null)));
    addEventListener("pageshow", (event) => event.persisted && tune());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      if (ear) sync();
      drain();
      see();
      paint();
    });
    // Another tab wrote: a waiting message, a new token, what has been read.
    addEventListener("storage", ({ key }) => {
      if (!key || !key.startsWith(prefix)) return;
      tune();
      paint();
    });
    if (wire) wire.onmessage = ({ data }) => handle(...data);
    document.addEventListener("click", (event) => {
      if (!event.target.closest || !event.target.closest("[data-puente-open]")) return;
      event.preventDefault();
      toggle(true);
    });
  }

  async function start() {
    if (locks) await locks.query().catch(() => (locks = null));
    for (let tries = 1; !config && tries < 6; tries++) {
      await configure().catch(async (error) => {
        if (!error.again) tries = 6;
        if (tries > 4) return console.warn("Puente: the chat is not available here.", error.message);
        return sleep(error.wait || backoff(tries));
      });
    }
    if (!config) return;
    known = !!store.get("token");
    sortOut();
    build();
    dress();
    if (window.visualViewport) room();
    listen();
    flush();
    if (attempt(() => sessionStorage.getItem(prefix + "open")) && !full.matches) toggle(true, true);
    if (store.get("token")) {
      await introduce().catch(() => {});
      await sync();
    }
    drain();
    tune();
    paint();
  }

  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
