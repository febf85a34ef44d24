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
  // `show(call)` starts to announce a call, `rest()` follows when there is no other.
  constructor(officeNowMs, show, rest) {
    this.officeNowMs = officeNowMs;
    this.show = show;
    this.rest = rest;
    this.known = remembered();
    this.queue = [];
    this.current = null;
  }

  get busy() {
    return this.current !== null;
  }

  // `calls` newest first, as on the board. Old ones are only recorded.
  offer(calls) {
    for (const call of [...calls].reverse()) {
      if (this.known.includes(call.id) || this.queue.some((each) => each.id === call.id)) continue;
      if (this.isFresh(call)) this.queue.push(call);
      else this.remember(call);
    }
    if (!this.busy) this.next();
  }

  // Stop announcing now; calls that were not announced may be offered again.
  hush() {
    this.queue = [];
  }

  // A call is remembered only when its turn has come, so that a page loaded anew in between still
  // announces the others.
  remember(call) {
    this.known = [...this.known, call.id].slice(-REMEMBERED);
    sessionStorage.setItem(MEMORY, JSON.stringify(this.known));
  }

  isFresh(call) {
    return this.officeNowMs() - Date.parse(call.at) < FRESH_MS;
  }

  next() {
    do {
      this.current = this.queue.shift() ?? null;
      if (this.current) this.remember(this.current);
    } while (this.current && !this.isFresh(this.current));
    if (!this.current) {
      this.rest();
      return;
    }
    // First, so that the next comes even if this one fails.
    setTimeout(() => this.next(), this.queue.length > 2 ? HOLD_IN_A_RUSH_MS : HOLD_MS);
    this.show(this.current);
  }
}
