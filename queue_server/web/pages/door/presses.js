// Plus and minus: each press is one command of its own, sent in order and counted at once.
import { newKey } from "../command.js";
import { say } from "../page.js";
import { notify } from "../tell.js";
import { post, refuse } from "./send.js";
import { state, url, words } from "./state.js";

const waiting = []; // presses that the server has not counted yet
let isSending = false;
let insideBefore = null; // persons inside before those presses, by the server's last word

const sum = () => waiting.reduce((total, each) => total + each.delta, 0);

/** Persons inside, with the presses that are still to be sent. */
export const countInside = () => Math.max(0, insideBefore + sum());

/** Persons inside without a ticket, counted the same way. */
export const countUncounted = () => state.snapshot.without_ticket + sum();

/** Take a snapshot's count over, unless presses are on their way that it may not know yet. */
export function takeInside(inside) {
  if (!isSending) insideBefore = inside;
}

/**
 * `draw` shows the new number, `refresh` asks for the newest snapshot, `askWho` asks which ticket
 * leaves, when the server says that somebody with one must be meant.
 */
export function makePresses({ draw, refresh, askWho }) {
  function askInstead() {
    notify(words.problems.fewer_without_ticket);
    askWho();
  }

  async function sendFirst() {
    const { delta, key } = waiting[0];
    const body = { delta, reason: delta > 0 ? "in without ticket" : "out without ticket" };
    try {
      const answer = await post(url("occupancy"), body, key);
      insideBefore = answer.inside;
      waiting.shift();
    } catch (problem) {
      if (problem.status) {
        waiting.shift();
        refuse(problem, { bad_input: words.tooFew, fewer_without_ticket: askInstead });
      } else {
        notify(say(words.notCounted, { n: waiting.length }));
        waiting.length = 0;
      }
    }
  }

  async function sendAll() {
    isSending = true;
    while (waiting.length > 0) {
      await sendFirst();
      draw();
    }
    isSending = false;
    refresh();
  }

  return function press(delta) {
    if (!state.isConnected || !state.snapshot) return notify(words.offline);
    waiting.push({ delta, key: newKey() });
    navigator.vibrate?.(20);
    draw();
    if (!isSending) sendAll();
  };
}
