// Small things several modules need.

/** The element with an id, or null. */
export const byId = (id) => document.getElementById(id);

/** The pane of the open conversation, or null. */
export function openPane() {
  const pane = byId("conversation");
  return pane?.dataset.id ? pane : null;
}

/** HTML as a document fragment that can be searched. */
export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/** Headers that make the server answer with a piece of the page. */
export function headers(target = "") {
  const own = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  return { ...own, "HX-Request": "true", ...(target && { "HX-Target": target }) };
}

/** The text of a piece of the page; null when there is no connection or the server said no. */
export async function fetchPiece(url) {
  try {
    const response = await fetch(url, { headers: headers() });
    if (response.redirected || response.status === 404) return null;
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

/** A random identifier (RFC 9562 version 4), also on pages without https. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Puts an element in place of another unless they are alike; keeps the focus inside. */
export function replace(old, fresh) {
  if (!old || !fresh || old.outerHTML === fresh.outerHTML) return false;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const index = focused && [...old.querySelectorAll("a, button, input")].indexOf(focused);
  const node = document.importNode(fresh, true);
  old.replaceWith(node);
  window.htmx?.process(node);
  if (focused) [...node.querySelectorAll("a, button, input")][index]?.focus({ preventScroll: true });
  return true;
}
