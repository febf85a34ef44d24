// One key for the whole visit: what usually follows. Nobody there: the next is called; called: the
// visitor has come; served: finished, and the next is called.
import { counterUrl, ticketUrl } from "../command.js";
import { byId, setText, say } from "../page.js";
import { notify } from "../tell.js";
import { counterName, likelyNext, nobodyReason, state } from "./state.js";
import { serviceName, words } from "./words.js";

const SETTLE_MS = 600; // a second press so soon after the picture has changed was a double press
const button = byId("finish-next");
let shown = ""; // the visit and its state when the button was last drawn

/** The button that the one key stands for now. */
export const stepButton = () => (state.current ? button : byId("call-next"));

function peek() {
  const { current } = state;
  if (current.status === "CALLED") return say(words.step.whenHere, { number: current.number });
  const next = likelyNext();
  return next
    ? say(words.next, { number: next.number, service: serviceName(next) })
    : say(words.step.onlyFinish, { why: nobodyReason() });
}

/** Show the step that follows in the place of "Call next". */
export function drawStep() {
  const { current } = state;
  byId("call-next").dataset.off = current ? "yes" : "";
  button.dataset.off = current ? "" : "yes";
  if (!current) {
    shown = "";
    return;
  }
  const isCalled = current.status === "CALLED";
  setText(byId("finish-next-words"), isCalled ? words.step.start : words.step.finish);
  setText(byId("finish-next-peek"), peek());
  const now = `${current.id} ${current.status}`;
  if (now === shown) return;
  shown = now;
  button.dataset.settling = "yes";
  setTimeout(() => {
    if (shown === now) delete button.dataset.settling;
  }, SETTLE_MS);
}

// Why nobody was called, by what the server found; the picture knows more of a full room.
function whyNobody(because) {
  if (because === "room") return nobodyReason();
  return words.notCalled[because] ?? words.nobody;
}

/**
 * Take the step. `send` sends a command, `acted(name, ticket, text)` says what was done and offers
 * to undo it.
 */
export function takeStep({ send, acted }) {
  if ("settling" in button.dataset) return;
  const { counter, current } = state;
  const { number } = current;
  if (current.status === "CALLED") {
    const done = () => acted("start", current);
    return send(ticketUrl(current.id, "start"), {}, done, { about: current });
  }
  const done = ({ because, called }) => {
    if (!called) {
      return acted("finish", current, say(words.step.done, { number, why: whyNobody(because) }));
    }
    const facts = { number, next: called.number, counter: counterName() };
    acted("call", called, say(words.step.doneNext, facts));
  };
  const refused = ({ facts }) => {
    if (facts?.state !== null) return false;
    notify(words.step.nobodyThere);
    return true;
  };
  const url = counterUrl(counter.id, "finish-next");
  return send(url, { ticket: current.id }, done, { about: current, refused });
}
