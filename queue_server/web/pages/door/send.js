// The guard's commands: one at a time, and what is said when one is refused.
import { makePost, problemText } from "../command.js";
import { notify } from "../tell.js";
import { root, state, words } from "./state.js";

export const post = makePost(root.dataset.token);

/** Say why a command was not done. `own` has sentences or functions for some codes of problems. */
export function refuse(problem, own = {}) {
  if (problem.status === 401) return location.assign(root.dataset.login);
  const answer = own[problem.code];
  if (typeof answer === "function") return answer();
  notify(problem.status && answer ? answer : problemText(problem, words));
}

/** `draw` shows what is known, `refresh` asks for the newest snapshot. */
export function makeSender({ draw, refresh }) {
  return async function send(url, body, done, own) {
    if (state.isBusy) return;
    if (!state.isConnected) return notify(words.offline);
    state.isBusy = true;
    draw();
    try {
      done(await post(url, body));
    } catch (problem) {
      refuse(problem, own);
    } finally {
      state.isBusy = false;
      draw();
      refresh();
    }
  };
}
