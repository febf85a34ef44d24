// The guard's picture: how many are inside, what holds the door, who comes next and who is inside.
import { drawAlarm, drawStopBar, stopText } from "../evacuation.js";
import { byId, fill, keepList, say, setText } from "../page.js";
import { nameButton } from "../tell.js";
import { drawLeaving, whereOf } from "./leave.js";
import { countInside } from "./presses.js";
import { isSentOut, nameOf, personsOf, root, state, timeOf, words } from "./state.js";

const COMMANDS = "[data-do], #stop-bar button, #recount, #leave-nobody";
let wasOut = false; // whether an evacuation lasted in the snapshot before

export function draw() {
  if (!state.snapshot) return;
  drawMeter();
  drawOver();
  drawStop();
  drawLists();
  for (const button of document.querySelectorAll(COMMANDS)) {
    const isHeld = button.dataset.fits === "no";
    button.disabled = !state.isConnected || state.isBusy || isHeld;
  }
}

/** What a press of plus or minus changes. */
export function drawMeter() {
  const { counted, limit, over, sensed, ticketed } = state.snapshot;
  const inside = countInside();
  byId("inside").textContent = String(inside);
  byId("limit").textContent = limit === null ? "" : `/${limit}`;
  byId("meter").dataset.state = isSentOut() ? "STOPPED" : state.snapshot.state;
  byId("meter").dataset.over = over > 0 && !isSentOut() ? "yes" : "";
  byId("minus-words").textContent = ticketed > 0 ? words.out : words.outBare;
  byId("state").textContent = stateWords(inside);
  byId("sensors").hidden = sensed === null || sensed === counted;
  byId("sensors").textContent = say(words.sensors, { sensed, counted });
  for (const key of document.querySelectorAll("[data-press]")) key.disabled = !state.isConnected;
}

function stateWords(inside) {
  const { limit, over, state: door, waits_for: number } = state.snapshot;
  if (isSentOut()) return words.state[inside > 0 ? "LEAVING" : "LEFT"];
  if (door !== "OPEN") return say(words.state[door], { number: number ?? "", n: over });
  if (limit === null) return words.state.ANY;
  return inside < limit ? say(words.state.OPEN, { n: limit - inside }) : words.state.FULL;
}

function drawOver() {
  const { inside, limit, over, over_minutes: minutes } = state.snapshot;
  const banner = byId("over-banner");
  // Whoever sends everybody out must not be told to keep people waiting.
  const isOver = over > 0 && !isSentOut();
  if (isOver && banner.hidden) navigator.vibrate?.([200, 100, 200]);
  banner.hidden = !isOver;
  if (!isOver) return;
  byId("over-words").textContent = say(words.over, { inside, limit });
  byId("over-more").textContent = say(words.overMore, { n: minutes });
}

function drawStop() {
  const { stop } = state.snapshot;
  const mark = words.clockMark;
  const out = drawAlarm(root, stop, { since: words.calledSince, mark, nameOf });
  // Who waits inside has to be counted out one by one.
  if (out && !wasOut) byId("inside-part").open = true;
  wasOut = out;
  byId("stop-banner").hidden = !stop || out;
  byId("stop").hidden = Boolean(stop);
  byId("resume").hidden = !stop || Boolean(stop.kind);
  const isOurs = !stop?.kind || (out && byId("end-evacuation"));
  drawStopBar(stop, isOurs ? "" : words.supervisor[stop.kind]);
  if (!stop || out) return;
  setText(byId("stop-words"), stopText(stop, words.stopped, { by: nameOf(stop.by), mark }));
}

function drawRow(row, party) {
  const came = party.arrived_at ? say(words.nextHint, { time: timeOf(party.arrived_at) }) : "";
  fill(row, {
    number: party.number,
    persons: personsOf(party.party_size),
    hint: party.priority ? `${came} · ${words.priority}` : came,
  });
  const button = row.querySelector("button");
  if (!button) return;
  button.dataset.fits = button.dataset.do === "admit" && !party.fits ? "no" : "";
  nameButton(button, party.number);
}

/** Who is inside: those who wait, or in an evacuation everybody with a number. */
function drawInside(row, party) {
  drawRow(row, party);
  if (isSentOut()) fill(row, { hint: whereOf(party) });
  const button = row.querySelector("button");
  button.textContent = isSentOut() ? words.out : words.gone;
  nameButton(button, party.number);
}

function drawLists() {
  const { entered, next, outside, too_large: tooLarge } = state.snapshot;
  byId("next-count").textContent = String(outside - tooLarge.length);
  byId("next-empty").hidden = outside > 0;
  keepList(byId("next"), byId("row-next"), next, drawRow);
  byId("large-part").hidden = tooLarge.length === 0;
  keepList(byId("too-large"), byId("row-leave"), tooLarge, drawRow);
  byId("entered-part").hidden = entered.length === 0;
  keepList(byId("entered"), byId("row-chip"), entered, drawRow);
  drawLeaving();
  const inside = isSentOut() ? state.snapshot.inside_parties : state.snapshot.inside_waiting;
  byId("inside-title").textContent = isSentOut() ? words.insideAll : words.insideWaiting;
  byId("inside-count").textContent = String(inside.length);
  keepList(byId("inside-waiting"), byId("row-leave"), inside, drawInside);
}
