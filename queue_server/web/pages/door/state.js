// What the guard's page knows: the last snapshot, what is under way, and the words for it.
import { clockOf } from "../clock.js";
import { officeUrl } from "../command.js";
import { isEvacuation } from "../evacuation.js";
import { byId, sayCount } from "../page.js";

export const root = byId("door");
export const words = JSON.parse(root.dataset.words);

/** `isBusy` while a command is under way; `isConnected` while the channel brings snapshots. */
export const state = { snapshot: null, isConnected: true, isBusy: false };

export const url = (name) => officeUrl(root.dataset.office, name);
export const nameOf = (id) => words.staff[id] ?? words.colleague;
export const timeOf = (time) => clockOf(time, words.clockMark);
export const personsOf = (n) => sayCount(words.persons, n);
export const isSentOut = () => isEvacuation(state.snapshot.stop);
