// The guard's page. The server alone decides who comes in; this page shows its snapshots and sends
// one command per press.
import { setUpCamera } from "../camera.js";
import { ticketUrl } from "../command.js";
import { setUpEvacuation } from "../evacuation.js";
import { follow, getJson } from "../live.js";
import { byId, say } from "../page.js";
import { keepFocus, setUpScanner } from "../scanner.js";
import { ask, notify, showConnection } from "../tell.js";
import { setUpBooker } from "./booker.js";
import { draw, drawMeter } from "./draw.js";
import { askWhoLeaves, closeLeaving, setUpLeaving } from "./leave.js";
import { makePresses, takeInside } from "./presses.js";
import { makeSender } from "./send.js";
import { root, state, url, words } from "./state.js";
import { setUpSticky } from "./sticky.js";
import { setUpVerdict, showProblem } from "./verdict.js";

const refresh = () => live.refresh();
const send = makeSender({ draw, refresh });
const press = makePresses({ draw: drawMeter, refresh, askWho: minus });
const tellDone = (text) => () => notify(text);

// Without tickets inside there is nothing to choose, and minus stays one press.
function minus() {
  if (!state.isConnected || !state.snapshot) return notify(words.offline);
  if (state.snapshot.ticketed === 0) return press(-1);
  askWhoLeaves();
}

/** Let a party in. Before the one who is next it comes only with a reason, asked for first. */
function letIn({ id, number }, done) {
  const next = state.snapshot.next[0];
  const admit = (body, own) => send(ticketUrl(id, "admit"), body, done, own);
  const askWhy = (text) => {
    byId("past-title").textContent = text;
    ask(byId("past-dialog"), (reason) => admit({ reason }));
  };
  if (next && next.id !== id) return askWhy(say(words.letPast, { number, next: next.number }));
  // Somebody may have come before it since this page was told.
  admit({}, { bad_input: () => askWhy(say(words.notNext, { number })) });
}

function leaveOne(id, number) {
  closeLeaving();
  send(ticketUrl(id, "leave"), { persons: 1 }, tellDone(say(words.leftOne, { number })));
}

function leave(id, number) {
  closeLeaving();
  const undone = tellDone(say(words.undone, { number }));
  const undo = { text: words.undo, press: () => send(ticketUrl(id, "undo"), {}, undone) };
  // What has become of the party is the server's word: an evacuation may have begun or ended with
  // this press.
  send(ticketUrl(id, "leave"), {}, ({ status }) =>
    notify(say(status === "LEFT" ? words.left : words.steppedOut, { number }), undo),
  );
}

function recount() {
  const persons = Number(byId("persons").value);
  const low = say(words.recountLow, { low: state.snapshot.ticketed });
  send(
    url("occupancy/recount"),
    { persons, reason: "counted at the door" },
    tellDone(say(words.recounted, { n: persons })),
    { bad_input: low },
  );
}

// ---- Hands

for (const key of document.querySelectorAll("[data-press]")) {
  const delta = Number(key.dataset.press);
  key.addEventListener("click", () => (delta < 0 ? minus() : press(delta)));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-id] [data-do]");
  if (!button) return;
  const row = button.closest("[data-id]");
  const number = row.querySelector("[data-slot=number]").textContent;
  const { id } = row.dataset;
  if (button.dataset.do === "admit") letIn({ id, number }, tellDone(say(words.letIn, { number })));
  else if (button.dataset.do === "leave-one") leaveOne(id, number);
  else leave(id, number);
});
byId("stop").addEventListener("click", () =>
  ask(byId("stop-dialog"), (reason) =>
    send(url("admissions"), { admitting: false, reason }, tellDone(words.stoppedDone)),
  ),
);
byId("resume").addEventListener("click", () =>
  send(url("admissions"), { admitting: true, reason: "" }, tellDone(words.resumedDone)),
);
byId("recount").addEventListener("click", () => {
  byId("persons").value = "";
  byId("persons").min = String(state.snapshot?.ticketed ?? 0);
  ask(byId("recount-dialog"), recount);
});
setUpEvacuation({
  call: (drill) => send(url("pause"), { kind: "EVACUATION", drill }, tellDone(words.evacuated)),
  end: () => send(url("resume"), { kind: "EVACUATION" }, tellDone(words.evacuationOver)),
});
setUpLeaving({ withoutNumber: () => press(-1) });
const showBooker = setUpBooker({
  send,
  voided(text) {
    showProblem(text);
    byId("shown").focus(); // the pressed button is gone
  },
  undone: () => {
    byId("verdict").hidden = true;
  },
});
const { check, refuse } = setUpVerdict({ letIn, refresh, showBooker });
setUpCamera({ read: check, failed: tellDone(words.noCamera) });
setUpScanner({ read: check, refuse });
setUpSticky();
const giveFocusBack = keepFocus(byId("shown"));

// ---- What the server says

function setConnected(isConnected) {
  state.isConnected = isConnected;
  showConnection(isConnected);
}

const live = follow({
  audience: "door",
  key: root.dataset.office,
  fetchNow: () => getJson(url("door")),
  onSnapshot(fresh) {
    state.snapshot = fresh;
    setConnected(true);
    takeInside(fresh.inside);
    draw();
  },
  onHealth(health) {
    if (health === "refused") return location.assign(root.dataset.login);
    setConnected(health === "live");
    draw();
    giveFocusBack();
  },
});
// A phone knows that it has no network before the channel does.
addEventListener("offline", () => {
  setConnected(false);
  draw();
});
