// One command at a time, each under one key of its own: a second press, a second tab or a lost
// answer never does it twice.
import { makePost, newKey, officeUrl, problemText } from "../command.js";
import { getJson, isOlder } from "../live.js";
import { notify } from "../tell.js";
import { becameOf, desk, isConnected, state } from "./state.js";
import { words } from "./words.js";

const SETTLE_MS = 2_000; // how long a press waits for the picture that shows what it did
const ANSWER_MS = 10_000; // an answer that takes longer is as good as lost
const KNOCK_MS = 1_000; // how often a lost server is asked whether it is back
const RETRY_WITHIN_MS = 60_000; // later than this the visitor has seen the clerk do something else

export const fetchQueue = () => getJson(officeUrl(desk.dataset.office, "queue"));

const pause = (pauseMs) => new Promise((over) => setTimeout(over, pauseMs));

async function failAfter(pauseMs) {
  await pause(pauseMs);
  throw new Error("no answer in time");
}

const within = (promise, limitMs) => Promise.race([promise, failAfter(limitMs)]);

/**
 * `show(snapshot)` takes a picture over, `draw` shows the present one, `refresh` asks for another.
 */
export function makeSender({ show, draw, refresh }) {
  let arrived = () => {};

  const postNow = makePost(desk.dataset.token);
  const post = (url, body, key) => within(postNow(url, body, key), ANSWER_MS);
  // Without a status, or from a proxy that cannot say, nobody knows whether it was done.
  const isLost = (problem) => !problem.status || [502, 503, 504].includes(problem.status);

  /**
   * Nobody knows whether it was done: wait for the server, look, and send the same key once more.
   */
  async function settle(url, body, key) {
    const sinceMs = performance.now();
    state.reached = false;
    draw();
    notify(words.lost);
    for (;;) {
      await pause(KNOCK_MS);
      try {
        const fresh = await within(fetchQueue(), ANSWER_MS);
        state.reached = true;
        show(fresh);
        break;
      } catch (problem) {
        if (problem.status === 401) throw problem;
      }
    }
    if (performance.now() - sinceMs > RETRY_WITHIN_MS) {
      throw Object.assign(new Error("too late to repeat"), { isOld: true });
    }
    return post(url, body, key);
  }

  /**
   * Send one command; `done(answer)` after it, `refused(problem)` may take a refusal over by
   * returning true. `about` is the {id, number} of the ticket meant, so that a refusal can say what
   * became of it.
   */
  async function send(url, body, done, { about = null, refused = () => false } = {}) {
    if (state.busy) return;
    if (!isConnected()) return notify(words.offline);
    const before = state.snapshot.version;
    const key = newKey();
    state.busy = true;
    draw();
    try {
      let answer;
      try {
        answer = await post(url, body, key);
      } catch (problem) {
        if (!isLost(problem)) throw problem;
        answer = await settle(url, body, key);
      }
      done?.(answer);
      refresh();
      if (answer !== null) await newerThan(before);
    } catch (problem) {
      await tell(problem, about, refused);
    } finally {
      state.busy = false;
      draw();
    }
  }

  async function tell(problem, about, refused) {
    if (problem.status === 401) return location.assign(desk.dataset.login);
    if (problem.isOld) return notify(words.lostLong);
    // The newest picture first, so that the sentence agrees with what is shown.
    await within(fetchQueue().then(show), ANSWER_MS).catch(refresh);
    if (refused(problem)) return;
    if (about && ["wrong_state", "changed", "not_your_ticket"].includes(problem.code)) {
      return notify(becameOf(about.id, about.number, problem.facts.state));
    }
    notify(problem.status ? problemText(problem, words) : words.unknown);
  }

  // Until the picture shows what was done, a further press would act on the old one.
  async function newerThan(version) {
    const untilMs = performance.now() + SETTLE_MS;
    while (!isOlder(version, state.snapshot.version) && performance.now() < untilMs) {
      await new Promise((over) => {
        arrived = over;
        setTimeout(over, 250);
      });
    }
  }

  return { send, arrived: () => arrived() };
}
