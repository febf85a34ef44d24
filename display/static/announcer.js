// Announces every call once, one after another, however many arrive in the same moment.
const REMEMBERED = 200;
const FRESH_MS = 60_000;
const HOLD_MS = 5000;
const HOLD_IN_A_RUSH_MS = 3500;
const MEMORY = "antrean.announced";

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY)) || [];
  } catch {
    return [];
  }
}

export class Announcer {
  // `show` is told when a call starts to be announced; `rest` when there is nothing more to announce.
  constructor(officeNow, show, rest) {
    this.officeNow = officeNow;
    this.show = show;
    this.rest = rest;
    this.known = remembered();
    this.queue = [];
    this.current = null;
  }

  get busy() {
    return this.current !== null;
  }

  // `calls` newest first, as on the board. Old ones are only remembered.
  offer(calls) {
    for (const call of [...calls].reverse()) {
      if (this.known.includes(call.id)) continue;
      this.known.push(call.id);
      if (this.isFresh(call)) this.queue.push(call);
    }
    this.known = this.known.slice(-REMEMBERED);
    sessionStorage.setItem(MEMORY, JSON.stringify(this.known));
    if (!this.busy) this.next();
  }

  isFresh(call) {
    return this.officeNow() - Date.parse(call.at) < FRESH_MS;
  }

  next() {
    this.current = this.queue.shift() ?? null;
    while (this.current && !this.isFresh(this.current)) this.current = this.queue.shift() ?? null;
    if (!this.current) {
      this.rest();
      return;
    }
    this.show(this.current);
    setTimeout(() => this.next(), this.queue.length > 2 ? HOLD_IN_A_RUSH_MS : HOLD_MS);
  }
}
