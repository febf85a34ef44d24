// What was scanned or typed: a booking code, or why it is none. Nothing but a code is ever kept or
// sent.
const LENGTH = 12;
const CODE = /^[0-9A-HJKMNP-TV-Z]{12}$/;
const LOOKALIKES = { I: "1", L: "1", O: "0" };
const NOISE = 4; // shorter than this nobody has held anything in front of the scanner

const clean = (text) => text.replace(/[ILO]/g, (letter) => LOOKALIKES[letter]);

/**
 * `{ code }`, or `{ fault }`: `nik` (an ID card), `foreign` (a code of somebody else), `half` (part
 * of a code), or null for noise. The address of a visit ends in /T/ and its code, whatever the
 * host, and whatever a keyboard makes of ":/?".
 */
export function readScan(text) {
  const shouted = text.toUpperCase().trim();
  if (/(^|\D)\d{16}(\D|$)/.test(shouted)) return { fault: "nik" };
  const parts = shouted.split(/[^0-9A-Z]+/).filter(Boolean);
  if (parts.join("").length < NOISE) return null;
  const last = clean(parts.at(-1));
  if (parts.length > 1 && parts.at(-2) === "T" && CODE.test(last)) return { code: last };
  const bare = clean(shouted.replace(/[\s-]/g, ""));
  if (CODE.test(bare)) return { code: bare };
  const isPart = /^[0-9A-Z]+$/.test(bare) && bare.length < LENGTH;
  return { fault: isPart ? "half" : "foreign" };
}
