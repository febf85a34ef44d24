// What the supervisor dashboard knows: the last snapshot, what is under way, and the words for it.
import { clockOf, makeClock } from "../clock.js";
import { officeUrl } from "../command.js";
import { isEvacuation } from "../evacuation.js";
import { byId, say, setText } from "../page.js";

export const root = byId("dashboard");
export const words = JSON.parse(root.dataset.words);
export const clock = makeClock();

/** `isBusy` while a command is under way; `isConnected` while the channel brings snapshots. */
export const state = { snapshot: null, isConnected: true, isBusy: false };

export const url = (name) => officeUrl(root.dataset.office, name);
export const nameOf = (id) => words.staff[id] ?? words.colleague;
export const timeOf = (time) => (time ? clockOf(time, words.clockMark) : "");
export const minutesSince = (time) => Math.floor(clock.secondsSince(time) / 60);
export const isSentOut = () => isEvacuation(state.snapshot.stop);
export const put = (id, text) => setText(byId(id), text);

export const alertText = ({ kind, values }) =>
  say(words.alert[kind] ?? words.trouble[values.code ?? "silent"], values);
