// The dashboard's picture: the figures, what stops the house, and which commands can be given.
import { drawAlarm, drawStopBar } from "../evacuation.js";
import { byId, say } from "../page.js";
import { drawRows } from "./rows.js";
import { isSentOut, minutesSince, nameOf, put, root, state, timeOf, words } from "./state.js";

const COMMANDS = "#dashboard [data-do], #dashboard #announce, #stop-bar button";

export function draw() {
  if (!state.snapshot) return;
  drawFigures();
  drawStop();
  drawOver();
  drawConflicts();
  drawRows();
  for (const button of document.querySelectorAll(COMMANDS)) {
    button.disabled = !state.isConnected || state.isBusy;
  }
}

/** The figures, some of which time alone changes. */
export function drawFigures() {
  const { snapshot } = state;
  const { oldest_since: oldest, outside } = snapshot;
  put("waiting", String(snapshot.waiting));
  put("outside", outside > 0 ? say(words.outside, { n: outside }) : "");
  put("oldest", oldest ? say(words.minutes, { n: minutesSince(oldest) }) : "–");
  put("oldest-since", oldest ? say(words.since, { time: timeOf(oldest) }) : "");
  const isLate = oldest && minutesSince(oldest) > snapshot.target_minutes;
  byId("figure-oldest").dataset.state = isLate ? "over" : "";
  put("served", String(snapshot.served_last_hour));
  drawInside(snapshot);
  drawCountersOpen(snapshot);
  drawRemote(snapshot.remote);
}

// Who is rung at home is counted apart: nobody of them is in the room.
function drawRemote(remote) {
  byId("figure-remote").hidden = !remote;
  if (!remote) return;
  put("remote", String(remote.waiting));
  put("remote-more", say(words.remoteMore, remote));
}

function drawInside(snapshot) {
  const { inside, limit, over } = snapshot;
  const isOver = over > 0;
  const minutesOver = overMinutes(snapshot);
  const ofLimit = isOver ? say(words.overBy, { limit, n: over }) : say(words.ofLimit, { limit });
  put("inside", String(inside));
  put("limit", limit === null ? words.noLimit : ofLimit);
  put("over-today", isOver || minutesOver > 0 ? say(words.overToday, { n: minutesOver }) : "");
  const isFull = (isSentOut() && inside > 0) || (limit !== null && inside >= limit);
  byId("figure-inside").dataset.state = isOver ? "exceeded" : isFull ? "over" : "";
}

// What had been counted when the snapshot was made, and the time since.
const overMinutes = ({ over, over_minutes: minutes, sent_at: sentAt }) =>
  minutes + (over > 0 ? minutesSince(sentAt) : 0);

function drawCountersOpen({ counters_open: open, counters_needed: needed }) {
  const isShort = needed > open;
  const text = say(words.needed, { n: needed });
  put("open", String(open));
  put("needed", isShort ? `${text}: ${say(words.short, { n: needed - open })}` : text);
  byId("figure-counters").dataset.state = isShort ? "over" : "";
}

function drawStop() {
  const { stop } = state.snapshot;
  const out = drawAlarm(root, stop, { since: words.calledSince, mark: words.clockMark, nameOf });
  byId("stop-banner").hidden = !stop || out;
  byId("stop").hidden = Boolean(stop);
  byId("resume").hidden = !stop || out;
  drawStopBar(stop, "");
  if (!stop || out) return;
  const facts = { time: timeOf(stop.at), by: nameOf(stop.by), because: stop.because };
  put("stop-words", say(words.stopped, { what: words.stop[stop.kind], ...facts }));
}

function drawOver() {
  const { inside, limit, over, over_since: since } = state.snapshot;
  const isOver = over > 0 && !isSentOut();
  byId("over-banner").hidden = !isOver;
  if (isOver) put("over-words", say(words.over, { inside, limit, time: timeOf(since) }));
}

function drawConflicts() {
  const { conflicts } = state.snapshot;
  byId("conflicts-banner").hidden = conflicts === 0;
  put("conflicts", say(words.conflicts, { n: conflicts }));
}
