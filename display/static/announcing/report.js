// Tells the agent what this page does, and learns from the answer whether it has the voice.
const REPORT_MS = 5000;
const SOON_MS = 300;
const ANSWER_MS = 4000;

export class Reporter {
  /** `facts()` are told; `answered()` follows when the agent has named another page. */
  constructor({ facts, answered }) {
    Object.assign(this, { facts, answered });
    this.page = String(Math.random()).slice(2);
    this.speaks = null;
    this.timer = 0;
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", () => this.soon());
    this.report();
  }

  /** Report in a moment: something has changed that others wait for. */
  soon() {
    this.again(SOON_MS);
  }

  // Never later than it was to be, however often something changes.
  again(ms) {
    const dueMs = Math.min(performance.now() + ms, this.dueMs);
    if (dueMs === this.dueMs) return;
    this.dueMs = dueMs;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), ms);
  }

  async report() {
    this.dueMs = Infinity;
    this.again(REPORT_MS);
    const answer = await post("/report", { page: this.page, ...this.facts() });
    if (!answer) return;
    const { speaks } = answer;
    if (typeof speaks !== "boolean" || speaks === this.speaks) return;
    this.speaks = speaks;
    this.answered();
  }

  // A request would be dropped together with the page.
  close() {
    navigator.sendBeacon?.("/report", JSON.stringify({ page: this.page, closing: true }));
  }
}

/** Hand over what was announced; whether the agent keeps it. */
export async function sendAnnounced(ids) {
  return (await post("/announced", ids)) !== null;
}

// The answer, `{}` for an empty one; null if the agent is not there, or refuses.
async function post(address, content) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ANSWER_MS);
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
      keepalive: true,
      signal: stop.signal,
    });
    if (!answer.ok) return null;
    return answer.status === 204 ? {} : await answer.json();
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
