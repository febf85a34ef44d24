// One touch, one key, one number: sends a request and follows it to its end, through lost answers and a restarted agent.
import { AgentGone, giveUp, readRequest, sendRequest } from "./agent.js";

const PAUSE_MS = 700;
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
    this.#begin(key, { key, ...wish });
    await this.#follow(key, () => sendRequest({ key, ...wish }));
  }

  // After a reload of the page in the middle of a request: its visitor is still standing here.
  async resume() {
    const kept = JSON.parse(sessionStorage.getItem(MEMORY) ?? "null");
    if (!kept) return;
    this.#begin(kept.key, kept);
    await this.#follow(kept.key, () => this.#ask(kept.key, kept));
  }

  leave() {
    if (this.open) giveUp(this.key).catch(() => {});
    sessionStorage.removeItem(MEMORY);
    this.key = null;
    this.state = null;
  }

  #begin(key, wish) {
    this.key = key;
    this.state = null;
    sessionStorage.setItem(MEMORY, JSON.stringify(wish));
  }

  // The agent's answer; the same key is sent again only if the agent never wrote it down.
  async #ask(key, wish) {
    return (await readRequest(key)) ?? sendRequest(wish);
  }

  async #follow(key, first) {
    const wish = JSON.parse(sessionStorage.getItem(MEMORY));
    let ask = first;
    while (this.key === key) {
      let answer = { state: "pending" };
      try {
        answer = await ask();
      } catch (problem) {
        if (!(problem instanceof AgentGone)) throw problem;
      }
      if (this.key !== key) return;
      this.state = answer.state ?? "refused";
      this.changed(answer.state ? answer : { state: "refused", refusal: { code: answer.code } });
      if (this.state === "refused" || this.state === "abandoned") return;
      await pause();
      ask = () => this.#ask(key, wish);
    }
  }
}
