// Single keys: which key does what, kept per user on this computer; off while somebody types, and
// off altogether if wished.
import { byId, say } from "../page.js";
import { afterGap } from "../scanner.js";

const VERSION = 1;

/**
 * `press(element)` carries out what a key stands for. Elements name themselves by data-name and
 * their usual key by data-key.
 */
export function setUpKeys({ user, texts, isAwake, press }) {
  const store = `antrean.keys.v${VERSION}.${user}`;
  const things = [...document.querySelectorAll("[data-name]")];
  const usual = Object.fromEntries(things.map((each) => [each.dataset.name, each.dataset.key]));
  const rows = new Map(
    [...byId("keys-list").querySelectorAll("[data-of]")].map((row) => [row.dataset.of, row]),
  );
  const kept = read();
  let asked = null; // the action whose new key is awaited

  // What is kept may be of an older page or made by hand: only known actions and single, distinct
  // keys count.
  function read() {
    let stored = {};
    try {
      stored = JSON.parse(localStorage.getItem(store)) ?? {};
    } catch {
      // Unreadable is as good as none.
    }
    const wished = Object.entries(stored.keys ?? {}).filter(
      ([name, key]) => name in usual && isKey(key),
    );
    const changed = { ...usual, ...Object.fromEntries(wished) };
    const keys = new Set(Object.values(changed)).size === things.length ? changed : { ...usual };
    return { on: stored.on !== false, keys };
  }

  function isKey(key) {
    return (
      typeof key === "string" &&
      [...key].length === 1 &&
      key.trim() !== "" &&
      key === key.toLowerCase()
    );
  }

  function keep() {
    const keys = Object.fromEntries(
      Object.entries(kept.keys).filter(([name, key]) => key !== usual[name]),
    );
    try {
      localStorage.setItem(store, JSON.stringify({ on: kept.on, keys }));
    } catch {
      // A browser that keeps nothing still has the keys until the page is left.
    }
  }

  function show() {
    for (const thing of things) {
      const key = kept.keys[thing.dataset.name];
      thing.dataset.key = key;
      thing.setAttribute("aria-keyshortcuts", key);
      const mark = thing.querySelector(".key") ?? thing.parentElement.querySelector(".key");
      if (mark) mark.textContent = key.toUpperCase();
    }
    for (const [name, row] of rows) {
      const button = row.querySelector("button");
      button.querySelector(".key").textContent =
        name === asked ? "…" : kept.keys[name].toUpperCase();
      button.setAttribute(
        "aria-label",
        say(texts.change, {
          what: row.querySelector("[data-what]").textContent,
          key: kept.keys[name].toUpperCase(),
        }),
      );
    }
  }

  function tell(text) {
    byId("keys-said").textContent = text;
  }

  const whatOf = (name) => rows.get(name).querySelector("[data-what]").textContent;

  function change(key) {
    const name = asked;
    asked = null;
    const other = Object.keys(kept.keys).find((each) => each !== name && kept.keys[each] === key);
    if (key === "escape") tell(texts.unchanged);
    else if (!isKey(key)) tell(texts.notOne);
    else if (other) tell(say(texts.conflict, { key: key.toUpperCase(), what: whatOf(other) }));
    else {
      kept.keys[name] = key;
      keep();
      tell(say(texts.changed, { key: key.toUpperCase(), what: whatOf(name) }));
    }
    show();
  }

  for (const [name, row] of rows) {
    row.querySelector("button").addEventListener("click", () => {
      asked = name;
      tell(say(texts.ask, { what: whatOf(name) }));
      show();
    });
  }
  byId("help-dialog").addEventListener("keydown", (event) => {
    if (!asked || ["Tab", "Shift"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    afterGap(() => asked && change(event.key.toLowerCase()));
  });
  byId("help-dialog").addEventListener("close", () => {
    asked = null;
    tell("");
    show();
  });
  byId("keys-reset").addEventListener("click", () => {
    asked = null;
    kept.keys = { ...usual };
    keep();
    tell(texts.reset);
    show();
  });
  byId("keys-on").checked = kept.on;
  byId("keys-on").addEventListener("change", () => {
    kept.on = byId("keys-on").checked;
    keep();
  });
  // Another tab of this clerk has changed them.
  addEventListener("storage", (event) => {
    if (event.key !== store) return;
    Object.assign(kept, read());
    byId("keys-on").checked = kept.on;
    show();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, dialog, [contenteditable]");
    if (
      typing ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.repeat ||
      event.isComposing ||
      !kept.on ||
      !isAwake()
    )
      return;
    const isSpace = event.key === " ";
    if (isSpace && event.target.closest("button, a, summary, [tabindex='0']")) return;
    const key = isSpace ? kept.keys["call-next"] : event.key.toLowerCase();
    const thing = things.find((each) => kept.keys[each.dataset.name] === key);
    if (!thing) return;
    event.preventDefault();
    afterGap(() => press(thing));
  });
  show();
}
