// What was announced, beyond the life of a page: in the browser's storage, and with the agent where
// there is one. Storage that is full, broken or forbidden only makes it forget.
const REMEMBERED = 1000;
const HEARD = "antrean.announced";
const SHOWN = "antrean.shown";
const WAITING = "antrean.waiting";
const LEFT_FOR_MS = 60_000;
const SENT_AT_ONCE = 20;
const RETRY_FIRST_MS = 1000;
const RETRY_LAST_MS = 30_000;

export class Memory {
  /** `send(ids)` hands what was announced to the agent: a promise of whether it was kept. */
  constructor({ send = null } = {}) {
    this.send = send;
    this.agentIds = [];
    this.heardIds = new Set(readList(HEARD));
    this.shownIds = new Set(readList(SHOWN));
    this.unsent = [];
    this.retryMs = RETRY_FIRST_MS;
    this.isSending = false;
    this.written = "";
  }

  heard() {
    return [...this.agentIds, ...this.heardIds];
  }

  shown() {
    return [...this.shownIds];
  }

  /** Take what the agent knows to be announced: all of it. */
  take(ids) {
    this.agentIds = ids;
  }

  noteHeard(id) {
    this.heardIds.add(id);
    this.writeIds(HEARD, this.heardIds);
    if (!this.send) return;
    this.unsent.push(id);
    this.sendAll();
  }

  noteShown(id) {
    this.shownIds.add(id);
    this.writeIds(SHOWN, this.shownIds);
  }

  /** Keep the calls that wait, for a page that is loaded in a moment. */
  keep({ waiting, beside }, nowMs) {
    const content = waiting.length + beside.length > 0 ? { atMs: nowMs, waiting, beside } : null;
    const text = JSON.stringify(content);
    if (text === this.written) return;
    this.written = text;
    write(WAITING, text);
  }

  /** The calls that waited when the page before this one went, if that was just now. */
  left(nowMs) {
    const content = read(WAITING);
    const isRecent = Math.abs(nowMs - Number(content?.atMs)) < LEFT_FOR_MS;
    const { waiting, beside } = isRecent ? content : {};
    return { waiting: callsIn(waiting), beside: callsIn(beside) };
  }

  writeIds(name, ids) {
    const kept = [...ids].slice(-REMEMBERED);
    ids.clear();
    for (const id of kept) ids.add(id);
    write(name, JSON.stringify(kept));
  }

  async sendAll() {
    if (this.isSending) return;
    this.isSending = true;
    while (this.unsent.length > 0) {
      const ids = this.unsent.slice(0, SENT_AT_ONCE);
      if (await this.send(ids)) {
        this.unsent = this.unsent.slice(ids.length);
        this.retryMs = RETRY_FIRST_MS;
      } else {
        await new Promise((done) => setTimeout(done, this.retryMs));
        this.retryMs = Math.min(2 * this.retryMs, RETRY_LAST_MS);
      }
    }
    this.isSending = false;
  }
}

function readList(name) {
  const list = read(name);
  return Array.isArray(list) ? list.filter((id) => typeof id === "string") : [];
}

function callsIn(list) {
  const isCall = (call) =>
    ["id", "number", "counter", "at", "language"].every((name) => typeof call?.[name] === "string");
  return Array.isArray(list) ? list.filter(isCall) : [];
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function write(name, text) {
  try {
    localStorage.setItem(name, text);
  } catch {
    // The page goes on with what it remembers itself.
  }
}
