// A hand scanner types like a keyboard, only faster: the code of a ticket, or the address in its QR
// code, and Enter. It is heard wherever the focus is, so nobody has to click before they scan, and
// what it types is no command and no text of anybody.

const GAP_MS = 50; // a scanner's next character comes within this time, a hand's later
const SETTLE_MS = GAP_MS + 30; // a key that nothing follows by then was pressed by a hand
const KEYS_MIN = 4; // nobody presses so many different keys so fast
const CODE = /(?:^|[^0-9A-Z])([0-9A-HJKMNP-TV-Z]{12})[^0-9A-Z]*$/; // Crockford's base 32

let typed = ""; // the characters of the burst so far
let lastMs = -Infinity;
let field = null; // the field that had the focus when the burst began, and what stood in it
let before = "";
let waiting = []; // what the keys of the burst stand for, if a hand pressed them
let timer = 0;
let hear = null;

const isBurst = () => typed.length >= KEYS_MIN && new Set(typed).size > 1;

/** Whether a text is a NIK, which is dropped: an identity card was scanned in place of a ticket. */
export const isNik = (text) => /^\d{16}$/.test(text.replace(/[\s.-]/g, ""));

/** The code at the end of a text, or "": alone or in an address, whatever the signs before it. */
function codeIn(text) {
  return CODE.exec(text.toUpperCase())?.[1] ?? "";
}

function settle() {
  const acts = isBurst() ? [] : waiting;
  waiting = [];
  for (const act of acts) act();
}

/**
 * Do what a single key stands for once it is known that it was no scanner's: so late that nobody
 * notices, and never if a scanner typed it.
 */
export function afterGap(act) {
  waiting.push(act);
  clearTimeout(timer);
  timer = setTimeout(settle, SETTLE_MS);
}

function begin(target) {
  typed = "";
  field = target.closest?.("input, select, textarea") ?? null;
  before = field?.value ?? "";
}

// What the scanner typed into a field was meant for no field.
function takeBack() {
  if (!field) return;
  field.value = before;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function end(event) {
  const text = typed;
  typed = "";
  const isMeant = isNik(text) && field?.dataset.scan === "nik"; // a card reader fills that field
  const isOurs = Boolean(codeIn(text)) || isNik(text);
  if (isMeant || (field && !isOurs)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = [];
  takeBack();
  hear(text);
}

document.addEventListener(
  "keydown",
  (event) => {
    if (!hear || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isFast = event.timeStamp - lastMs <= GAP_MS;
    if (event.key === "Enter") {
      if (isFast && isBurst()) end(event);
      return;
    }
    if ([...event.key].length !== 1 || event.repeat) return;
    if (!isFast) begin(event.target);
    typed += event.key;
    lastMs = event.timeStamp;
  },
  true,
);

/**
 * Hear the scanner. `read(code)` gets the code of a ticket, `refuse(kind)` hears "nik" for an
 * identity card, "dialog" for a scan while a question is open, and "other" for what is no ticket.
 */
export function setUpScanner({ read, refuse }) {
  hear = (text) => {
    const code = codeIn(text);
    if (isNik(text)) refuse("nik");
    else if (document.querySelector("dialog[open]")) refuse("dialog");
    else if (code) read(code);
    else refuse("other");
  };
}

// ---- Focus

const TYPED_INTO = "input, select, textarea, [contenteditable]";
// A field with the focus opens the keyboard of a phone, which covers half the page.
const hasKeys = () => !matchMedia("(hover: none) and (pointer: coarse)").matches;

/**
 * Bring the focus back to `home`, the field for codes, whenever nobody types elsewhere: after a
 * press, when a dialog has closed, when what had the focus is gone, when the page is come back to.
 * Whoever goes by the keyboard keeps their place. Returns what brings it back after anything else.
 */
export function keepFocus(home) {
  let isByHand = true; // the last that was used: the mouse, not the keys

  function giveBack() {
    const active = document.activeElement;
    const isTaken = active.matches(TYPED_INTO) || document.querySelector("dialog[open]");
    if (isTaken || !hasKeys() || !home.checkVisibility() || String(getSelection())) return;
    home.focus({ preventScroll: true });
  }

  const afterPress = () => setTimeout(() => isByHand && giveBack());
  // Whatever had the focus is gone or switched off, or empty space was pressed before this page was
  // ready.
  const isNowhere = () => document.activeElement.matches("body, main");
  const ifNowhere = () => setTimeout(() => isNowhere() && document.hasFocus() && giveBack());
  document.addEventListener("pointerdown", () => (isByHand = true), true);
  document.addEventListener("keydown", () => (isByHand = false), true);
  document.addEventListener("click", (event) => {
    if (event.detail > 0 && !event.target.closest(`${TYPED_INTO}, label, a`)) afterPress();
  });
  document.addEventListener("close", afterPress, true); // of a dialog, which does not bubble
  document.addEventListener("focusout", ifNowhere);
  addEventListener("focus", ifNowhere);
  ifNowhere();
  return ifNowhere;
}
