// One touch, one key, one number: sends a request and follows it to its end, through lost answers
// and a restarted agent.
import { AgentGone, giveUp, readRequest, sendRequest } from "./agent.js";

const PAUSE_MS = 700;
const PATIENCE_MS = 65_000; // the agent itself gives up after 60 s, and the visitor goes away
const MEMORY = "antrean.request";
const pause = () => new Promise((done) => setTimeout(done, PAUSE_MS));

export class Requests {
  // `changed(request)` with what the agent says; `{state: "pending"}` while it says nothing.
  constructor(changed) {
    this.changed = changed;
    this.key = null;
    this.state = null;
  }

  get open() {
    return this.key !== null && (this.state === null || this.state === "pending");
  }

  // A second tap while the first is on its way is the same touch: it does nothing.
  async start(wish) {
    if (this.open) return;
    const key = crypto.randomUUID();
    const asked = { key, ...wish };
    sessionStorage.setItem(MEMORY, JSON.stringify({ asked, at: Date.now() }));
    await this.#follow(asked, PATIENCE_MS, () => sendRequest(asked));
  }

  // After a reload of the page in the middle of a request: its visitor is still standing here,
  // unless it was long ago.
  async resume() {
    const { asked, at } = JSON.parse(sessionStorage.getItem(MEMORY)) ?? {};
    const leftMs = PATIENCE_MS - Math.abs(Date.now() - at);
    if (leftMs > 0) await this.#follow(asked, leftMs, () => this.#ask(asked));
    else if (asked) sessionStorage.removeItem(MEMORY);
  }

  leave() {
    // Also of a number that was issued: a slip that has not come out yet would come to nobody.
    if (this.open || this.state === "issued") giveUp(this.key).catch(() => {});
    sessionStorage.removeItem(MEMORY);
    this.key = null;
    this.state = null;
  }

  // The agent's answer; the same key is sent again only if the agent never wrote it down.
  async #ask(asked) {
    return (await readRequest(asked.key)) ?? sendRequest(asked);
  }

  async #follow(asked, patienceMs, first) {
    const { key } = asked;
    const untilMs = performance.now() + patienceMs;
    let ask = first;
    this.key = key;
    this.state = null;
    while (this.key === key) {
      const answer = await this.#answer(ask);
      if (this.key !== key) return;
      const silent = answer.state === "pending";
      if (silent && performance.now() > untilMs) {
        giveUp(key).catch(() => {});
        answer.state = "abandoned";
      }
      // A number once shown stays, whatever becomes of the agent.
      if (this.state !== "issued" || !silent) {
        this.state = answer.state ?? "refused";
        this.changed(answer.state ? answer : { state: "refused", refusal: { code: answer.code } });
      }
      if (this.state === "refused" || this.state === "abandoned") return;
      await pause();
      ask = () => this.#ask(asked);
    }
  }

  async #answer(ask) {
    try {
      return await ask();
    } catch (problem) {
      if (!(problem instanceof AgentGone)) throw problem;
      return { state: "pending" };
    }
  }
}
