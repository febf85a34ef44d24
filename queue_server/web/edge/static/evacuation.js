// An evacuation on the pages of the staff: the alarm, what is hidden while it lasts, and the dialogs that call and end it.
import { byId, clockOf } from "./list.js";

export const isEvacuation = (stop) => stop?.kind === "EVACUATION";

/**
 * Show or hide the alarm, and hide what would go on as usual. `stop` is the snapshot's, or null. Returns whether an evacuation lasts.
 * `since` is a sentence with {time} and {by}, `mark` what stands between hours and minutes, `nameOf` gives a person's name.
 */
export function drawAlarm(root, stop, { since = "", mark, nameOf } = {}) {
  const is = isEvacuation(stop);
  const alarm = byId("alarm");
  if (is && alarm.hidden)
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close("");
  root.dataset.evacuation = is ? "yes" : "";
  byId("alarm-drill").hidden = !stop?.drill;
  const text =
    is && since
      ? since.replace("{time}", clockOf(stop.at, mark)).replace("{by}", () => nameOf(stop.by))
      : "";
  if (byId("alarm-since").textContent !== text) byId("alarm-since").textContent = text;
  alarm.hidden = !is;
  return is;
}

/** The row of stop buttons: an evacuation can be called at any time, also in place of a drill; `note` says who else must act, or "". */
export function drawStopBar(stop, note) {
  byId("evacuate").hidden = isEvacuation(stop) && !stop.drill;
  byId("end-evacuation")?.toggleAttribute("hidden", !isEvacuation(stop));
  byId("stop-note").hidden = !note;
  if (byId("stop-note").textContent !== note) byId("stop-note").textContent = note;
}

/** Wire the buttons. `call(drill)` starts an evacuation at once; `end()` is reached by one more press, which says that it is safe. */
export function setUpEvacuation({ call, end }) {
  const ask = (name, done) => {
    const dialog = byId(name);
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue) done(dialog.returnValue);
      },
      { once: true },
    );
  };
  byId("evacuate").addEventListener("click", () =>
    ask("evacuate-dialog", (what) => call(what === "drill")),
  );
  byId("end-evacuation")?.addEventListener("click", () => ask("end-dialog", end));
  const bar = byId("stop-bar");
  new ResizeObserver(() =>
    document.documentElement.style.setProperty("--stop-bar", `${bar.offsetHeight}px`),
  ).observe(bar);
}
