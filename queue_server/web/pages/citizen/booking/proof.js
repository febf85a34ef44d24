// Does the work that is asked while many people book at once, in small pieces so that the page
// stays alive. A worker would need an address as a trusted script, which the content policy forbids
// for good reason. On the pages where times are chosen it works ahead.
import { scrypt } from "./scrypt.js";

const PIECE_MS = 24;
const STORE = "antrean.proofs";
const encoder = new TextEncoder();
const channel = new MessageChannel();

/** Let everything else have its turn. Timers would be slowed down in a tab that is not in front. */
function breathe() {
  return new Promise((done) => {
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  });
}

/** The nonce that solves one unit. */
async function solve(name, unit, bits) {
  const salt = encoder.encode(`${name}:${unit}`);
  // Begins anywhere: the same challenge in two tabs is not the same work twice.
  let nonce = Math.floor(Math.random() * 2 ** 31);
  for (;;) {
    const untilMs = performance.now() + PIECE_MS;
    do {
      const text = nonce.toString(36);
      const hash = scrypt(encoder.encode(text), salt);
      if (((hash[0] << 24) | (hash[1] << 16) | (hash[2] << 8) | hash[3]) >>> (32 - bits) === 0)
        return text;
      nonce += 1;
    } while (performance.now() < untilMs);
    await breathe();
  }
}

/** Solves a task's units one after the other, and notes each. */
async function work({ name, bits, units }, nonces, note) {
  while (nonces.length < units) {
    nonces.push(await solve(name, nonces.length, bits));
    note(nonces);
  }
}

function addProof(form, text) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "proof";
  field.value = text;
  form.append(field);
}

function asked(box) {
  const { challenge, name, bits, units } = box.dataset;
  return { challenge, name, bits: Number(bits), units: Number(units) };
}

const form = document.getElementById("go-on");
const box = document.getElementById("work");
if (form && box) {
  box.hidden = false;
  const bar = box.querySelector("progress");
  const task = asked(box);
  const nonces = [];
  await work(task, nonces, () => {
    bar.value = nonces.length;
  });
  document.getElementById("work-say").textContent = box.dataset.done;
  addProof(form, `${task.challenge}:${nonces.join("-")}`);
  form.submit();
} else if (form?.dataset.wait) {
  setTimeout(() => form.submit(), Number(form.dataset.wait) * 1000);
}

// While the visitor reads: what is done by then need not be waited for. It follows the visitor from
// page to page of this tab.
const ahead = document.getElementById("work-ahead");
if (ahead) {
  let known = null;
  try {
    known = JSON.parse(sessionStorage.getItem(STORE));
  } catch {
    // Not to be read: begin anew.
  }
  const isGood = known && known.until > Date.now();
  const task = isGood ? known.task : asked(ahead);
  const nonces = isGood ? known.nonces : [];
  const untilMs = isGood ? known.until : Date.now() + 8 * 60_000;
  let shown = false;
  const keep = () => {
    // The work goes on until the next page is there; what was shown must not be kept again.
    if (shown) return;
    try {
      sessionStorage.setItem(STORE, JSON.stringify({ task, nonces, until: untilMs }));
    } catch {
      // Storage is off: this page's work still counts here.
    }
  };
  for (const each of document.querySelectorAll("form[data-proofs]")) {
    each.addEventListener("submit", () => {
      shown = true;
      if (nonces.length) addProof(each, `${task.challenge}:${nonces.join("-")}`);
      sessionStorage.removeItem(STORE);
    });
  }
  await work(task, nonces, keep);
}
