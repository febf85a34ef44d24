// The timer at the counter: how long since the call or the start, against the time that is planned
// for the service. It says so and asks; it stops nobody.
import { minutesAndSeconds } from "../clock.js";
import { byId, say, setText } from "../page.js";
import { clock, state } from "./state.js";
import { words } from "./words.js";

let answered = null; // the visit whose clerk has said that it still goes on

const visitOf = (ticket) => `${ticket.id} ${ticket.started_at}`;

/** "", "longer" than planned, or "forgotten": the server has said from when on. */
function paceOf({ target }) {
  if (!target) return "";
  const nowMs = clock.nowMs();
  if (nowMs >= Date.parse(target.asked_from)) return "forgotten";
  return nowMs >= Date.parse(target.longer_from) ? "longer" : "";
}

/** Show the time of the present visit; once for each the question whether it still goes on. */
export function drawTimer() {
  const { current } = state;
  byId("now-timer").hidden = !current;
  if (!current) return;
  const isServed = current.status === "SERVING";
  setText(byId("now-timer-label"), isServed ? words.servingFor : words.calledFor);
  const since = isServed ? current.started_at : current.called_at;
  const passed = since ? minutesAndSeconds(clock.secondsSince(since)) : "0:00";
  byId("now-timer-value").textContent = passed.padStart(5, "0");
  const { target } = current;
  setText(byId("now-target"), target ? say(words.pace.target, { n: target.minutes }) : "");
  const pace = paceOf(current);
  const asks = pace === "forgotten" && answered !== visitOf(current);
  byId("now-timer").dataset.pace = pace;
  byId("still").hidden = !asks;
  setText(byId("now-pace"), asks ? words.pace.asked : pace && words.pace.longer);
}

byId("still").addEventListener("click", () => {
  answered = visitOf(state.current);
  drawTimer();
});
