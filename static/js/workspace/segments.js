// How many parts an SMS is paid as. Source: 3GPP TS 23.038 §6.2.1, TS 23.040 §9.2.3.24.1.
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€"); // two places each

/** Parts of a text, and the places left in the last one. */
export function segments(text) {
  const signs = [...text];
  const basic = signs.every((sign) => BASIC.has(sign) || EXTENDED.has(sign));
  const places = signs.map((sign) => (basic ? (EXTENDED.has(sign) ? 2 : 1) : sign.length));
  const total = places.reduce((sum, place) => sum + place, 0);
  const [alone, joined] = basic ? [160, 153] : [70, 67];
  if (total <= alone) return { parts: total ? 1 : 0, left: alone - total };
  let parts = 1;
  let used = 0;
  for (const place of places) {
    if (used + place > joined) {
      parts += 1;
      used = 0;
    }
    used += place;
  }
  return { parts, left: joined - used };
}
