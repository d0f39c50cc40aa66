// One stream for all tabs of this browser: the tab that holds the lock reads it and tells the others.
// Each event becomes "puente:event" on the document, a gap "puente:resync".
const KEPT = 300; // events a reading tab remembers for tabs that open later

let last = "";
let channel = null;
let kept = [];

function newer(one, other) {
  const [a, b] = one.split("-").map(Number);
  const [c, d] = other.split("-").map(Number);
  return a > c || (a === c && b > d);
}

function deliver(event) {
  if (event.id) {
    if (last && !newer(event.id, last) && event.kind !== "resync") return;
    last = event.id;
  }
  const name = event.kind === "resync" ? "puente:resync" : "puente:event";
  document.dispatchEvent(new CustomEvent(name, { detail: event }));
}

function connection(up) {
  document.dispatchEvent(new CustomEvent("puente:connection", { detail: { up } }));
}

function tell(event) {
  kept.push(event);
  if (kept.length > KEPT) kept = kept.slice(-KEPT);
  channel?.postMessage({ event });
  deliver(event);
}

function read(url) {
  return new Promise(() => {
    // Held until the tab closes; the browser then gives the lock to the next tab.
    let source = null;
    let timer = null;
    const open = () => {
      const address = new URL(url, location.href);
      if (last) address.searchParams.set("since", last);
      source = new EventSource(address);
      source.onopen = () => {
        connection(true);
        channel?.postMessage({ connection: true });
      };
      source.onmessage = (message) => tell({ id: message.lastEventId, ...JSON.parse(message.data) });
      source.addEventListener("resync", (message) => tell({ id: message.lastEventId, kind: "resync", data: {} }));
      source.onerror = () => {
        connection(false);
        channel?.postMessage({ connection: false });
        if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself, with the last id
        clearTimeout(timer);
        timer = setTimeout(open, 3000 + Math.random() * 3000);
      };
    };
    open();
  });
}

/** Follow the live stream from where the page was made. */
export function follow(url, since) {
  last = since || "";
  const name = `puente:${url}`;
  if (!("BroadcastChannel" in window) || !navigator.locks) {
    read(url);
    return;
  }
  channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => {
    if (data.event) {
      kept.push(data.event);
      if (kept.length > KEPT) kept = kept.slice(-KEPT);
      deliver(data.event);
    } else if ("connection" in data) {
      connection(data.connection);
    } else if (data.hello !== undefined && kept.length) {
      const missed = kept.filter((event) => !data.hello || newer(event.id || "0-0", data.hello));
      for (const event of missed) channel.postMessage({ event });
    }
  };
  channel.postMessage({ hello: last });
  navigator.locks.request(name, () => read(url));
}
