// What stops the staff's pages: a stop of the door or the house, and above all an evacuation.
import { clockOf } from "./clock.js";
import { byId, say, setText } from "./page.js";
import { ask } from "./tell.js";

export const isEvacuation = (stop) => stop?.kind === "EVACUATION";

/**
 * One sentence about a stop that is no evacuation. `stopped` holds its forms, `by` who called it.
 */
export function stopText(stop, stopped, { by, mark }) {
  const form = stopped[stop.kind ? "all" : "door"][stop.reason ? "why" : "bare"];
  return say(form, { ...stop, by, time: clockOf(stop.at, mark) });
}

/**
 * Show or hide the alarm, and hide what would go on as usual. `stop` is the snapshot's, or null.
 * `since` is a sentence with {time} and {by}, `mark` what stands between hours and minutes,
 * `nameOf` gives a person's name. Returns whether an evacuation lasts.
 */
export function drawAlarm(root, stop, { since = "", mark, nameOf } = {}) {
  const isOn = isEvacuation(stop);
  const alarm = byId("alarm");
  if (isOn && alarm.hidden) {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close("");
  }
  root.dataset.evacuation = isOn ? "yes" : "";
  byId("alarm-drill").hidden = !stop?.drill;
  const isTold = isOn && since;
  const text = isTold ? say(since, { time: clockOf(stop.at, mark), by: nameOf(stop.by) }) : "";
  setText(byId("alarm-since"), text);
  alarm.hidden = !isOn;
  return isOn;
}

/**
 * The row of stop buttons: an evacuation can be called at any time, also in place of a drill.
 * `note` says who else must act, or is "".
 */
export function drawStopBar(stop, note) {
  byId("evacuate").hidden = isEvacuation(stop) && !stop.drill;
  byId("end-evacuation")?.toggleAttribute("hidden", !isEvacuation(stop));
  byId("stop-note").hidden = !note;
  setText(byId("stop-note"), note);
}

/**
 * Wire the buttons. `call(drill)` starts an evacuation at once; `end()` is reached by one more
 * press, which says that it is safe.
 */
export function setUpEvacuation({ call, end }) {
  byId("evacuate").addEventListener("click", () =>
    ask(byId("evacuate-dialog"), (kind) => call(kind === "drill")),
  );
  byId("end-evacuation")?.addEventListener("click", () => ask(byId("end-dialog"), end));
  const bar = byId("stop-bar");
  const tellHeight = () =>
    document.documentElement.style.setProperty("--stop-bar", `${bar.offsetHeight}px`);
  new ResizeObserver(tellHeight).observe(bar);
}
