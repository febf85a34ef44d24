// The clerk's console. The server alone decides who is next; this page shows its snapshots and
// sends one command per press.
import { counterUrl, ticketUrl } from "../command.js";
import { follow } from "../live.js";
import { byId, say } from "../page.js";
import { notify, showConnection } from "../tell.js";
import { makeAsker } from "./ask.js";
import { setUpBooker } from "./booker.js";
import { draw, drawQueue, holdFocus, tick } from "./draw.js";
import { setUpKeys } from "./keys.js";
import { stepButton, takeStep } from "./next_step.js";
import { setUpReach } from "./reach.js";
import { setUpScan } from "./scan.js";
import { fetchQueue, makeSender } from "./send.js";
import {
  becameOf,
  clock,
  counterName,
  desk,
  isConnected,
  isOnBreak,
  isSentOut,
  nobodyReason,
  state,
  take,
} from "./state.js";
import { words } from "./words.js";

const actions = [...document.querySelectorAll("[data-action]")];
const PENDING_MAX = 2; // further ahead a clerk cannot see what the actions would do

let running = null; // the action under way
let pending = []; // the buttons of other actions whose keys were pressed meanwhile, in order

// ---- What the server says

function show(fresh) {
  const before = state.current;
  const hadCounter = state.counter;
  take(fresh);
  sender.arrived();
  if (isSentOut()) return draw();
  // Not by a press on this page: another tab, a colleague or the visitor has moved it.
  if (state.busy) return draw();
  if (before && state.current?.id !== before.id) notify(becameOf(before.id, before.number));
  else if (hadCounter && !state.counter) notify(words.counterGone);
  draw();
}

function drawConnection() {
  showConnection(isConnected());
  if (state.snapshot) draw();
}

const sender = makeSender({ show, draw: drawConnection, refresh: () => live.refresh() });

// ---- Commands

async function send(url, body, done, more) {
  holdFocus();
  await sender.send(url, body, done, more);
  const wanted = pending.shift();
  if (wanted && !wanted.disabled) wanted.click();
  else pending = []; // what was to follow an action that cannot be taken is not wanted either
}

function acted(name, ticket, text) {
  state.lastActed = {
    id: ticket.id,
    number: ticket.number,
    name,
    untilMs: clock.nowMs() + words.undoMinutes * 60_000,
  };
  const told = text ?? say(words.done[name], { number: ticket.number, counter: counterName() });
  notify(told, { text: words.undo, press: () => state.lastActed && undo(state.lastActed) });
}

function undo(action) {
  running = "undo";
  const done = () => {
    state.lastActed = null;
    notify(say(words.done.undo, action));
    asker.recallLast().then(draw);
  };
  const refused = (problem) => refuseUndo(problem, action);
  send(ticketUrl(action.id, "undo"), {}, done, { about: action, refused });
}

// The place of somebody who did not come is given away at once, so undo may find the room full; the
// way back is the queue.
function refuseUndo(problem, { id, number, name }) {
  if (problem.code !== "nothing_to_undo") return false;
  state.lastActed = null;
  const { reason } = problem.facts;
  const text = say(words.undoRefused[reason] ?? words.problems.nothing_to_undo, { number });
  const wayBack = { text: words.toQueue, press: () => asker.putBack({ id, number }) };
  notify(text, reason === "no_place" && name === "no-show" ? wayBack : null);
  return true;
}

const asker = makeAsker({ send, acted, undo });

function act(name) {
  running = name;
  const sendHere = (step, done) => send(counterUrl(state.counter.id, step), {}, done);
  if (name === "call-next") {
    return sendHere(name, (ticket) => (ticket ? acted("call", ticket) : notify(nobodyReason())));
  }
  if (name === "finish-next") return takeStep({ send, acted });
  if (name === "undo") return undo(state.lastActed);
  if (name === "break" && isOnBreak()) return sendHere("open", () => notify(words.done.open));
  if (name in asker.asks) return asker.asks[name]();
  const ticket = state.current;
  return send(ticketUrl(ticket.id, name), {}, () => acted(name, ticket), { about: ticket });
}

// ---- Hands

for (const button of actions) button.addEventListener("click", () => act(button.dataset.action));
byId("filter").addEventListener("change", () => drawQueue({ anew: true }));
byId("help-open").addEventListener("click", () => byId("help-dialog").showModal());
byId("counters").addEventListener("click", (event) => {
  const chosen = event.target.closest("button[data-counter]");
  if (chosen) send(counterUrl(chosen.dataset.counter, "open"), {});
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  const id = button?.closest("[data-id]")?.dataset.id;
  if (!id) return;
  running = button.dataset.do;
  asker.row(button.dataset.do, id);
});

setUpReach(send);
setUpBooker(send, acted);
setUpScan({ send, acted, asker, show });
setUpKeys({
  user: desk.dataset.me,
  texts: words.keys,
  isAwake: () => state.counter !== null && !isSentOut(),
  press(named) {
    const thing = named.id === "finish-next" ? stepButton() : named;
    if (thing.localName === "select") thing.focus();
    else if (state.busy) {
      // Other actions are taken next; the same key again is a double press of one command.
      const { action } = thing.dataset;
      const last = pending.at(-1)?.dataset.action ?? running;
      if (action && action !== last && pending.length < PENDING_MAX) pending.push(thing);
    } else if (!thing.disabled) thing.click();
    // Otherwise nobody could tell why the key does nothing.
    else if (!isConnected()) notify(words.offline);
  },
});

setInterval(tick, 1_000);
addEventListener("offline", () => {
  state.reached = false;
  drawConnection();
});
addEventListener("online", async () => {
  if (state.busy) return;
  try {
    const fresh = await fetchQueue();
    state.reached = true;
    show(fresh);
  } catch {
    // Not yet; the channel will tell.
  }
  drawConnection();
});
const live = follow({
  audience: "desk",
  key: desk.dataset.office,
  fetchNow: fetchQueue,
  onSnapshot(fresh) {
    if (!state.busy) state.reached = true;
    show(fresh);
    if (byId("connection").hidden !== isConnected()) drawConnection();
  },
  onHealth(health) {
    if (health === "refused") return location.assign(desk.dataset.login);
    state.live = health === "live";
    drawConnection();
  },
});
asker.recallLast().then(() => state.snapshot && draw());
