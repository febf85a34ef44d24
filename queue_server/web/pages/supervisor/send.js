// The supervisor's commands: one at a time, each under a key of its own.
import { makePost, problemText } from "../command.js";
import { notify } from "../tell.js";
import { root, state, words } from "./state.js";

const post = makePost(root.dataset.token);

const tellProblem = (problem) => notify(problemText(problem, words));

/** `draw` shows what is known, `refresh` asks for the newest snapshot. */
export function makeSender({ draw, refresh }) {
  /**
   * Send a command, and say `done` when it is done. Resolves to null then, else to what is in the
   * way, which `complain` has said.
   */
  return async function send(url, body, done, complain = tellProblem) {
    if (state.isBusy) return {}; // one at a time; a form that is not sent keeps what was typed
    if (!state.isConnected) {
      complain({});
      return {};
    }
    state.isBusy = true;
    draw();
    try {
      await post(url, body);
      notify(done);
      return null;
    } catch (problem) {
      if (problem.status === 401) location.assign(root.dataset.login);
      else complain(problem);
      return problem;
    } finally {
      state.isBusy = false;
      draw();
      refresh();
    }
  };
}
