// The console's picture: the visitor at the counter, the queue by stream, who is on hold, and which buttons may be pressed.
import { byId, clockOf, fill, keepList } from "../list.js";
import { chime } from "../tell.js";
import { drawWhy } from "./why.js";
import { drawAlarm } from "../evacuation.js";
import { say } from "./words.js";
import {
  clock,
  counterName,
  desk,
  fits,
  isConnected,
  isMine,
  isOnBreak,
  isStandstill,
  likelyNext,
  mayCall,
  nameOf,
  nobodyReason,
  speaker,
  state,
  stopReason,
  words,
} from "./state.js";

const { evidenceOf, needsOf, recallOf, serviceName, turnOf, waitWords, whyOf } = speaker;
const buttons = [...document.querySelectorAll("[data-action]")];
const USUAL = { CALLED: "start", SERVING: "finish" };
const AT_COUNTER = ["CALLED", "SERVING"];
const POSSIBLE = {
  "call-next": [""],
  start: ["CALLED"],
  finish: ["SERVING"],
  recall: ["CALLED"],
  "no-show": ["CALLED"],
  park: AT_COUNTER,
  transfer: ["SERVING"],
  evidence: AT_COUNTER,
  note: AT_COUNTER,
  break: [""],
  close: [""],
  "call-one": [""],
};
let waitingBefore = null;
let keepFocus = false; // the hand was on a button that is about to be switched off

/** The buttons are about to be switched off: whoever has the focus gets it back at the step that follows. */
export function holdFocus() {
  keepFocus = Boolean(document.activeElement?.closest("[data-action], [data-do], [data-counter]"));
}

export function draw() {
  const { counter } = state;
  byId("chooser").hidden = counter !== null;
  byId("workplace").hidden = counter === null;
  byId("counter-name").hidden = counter === null;
  byId("counter-name").textContent = counterName();
  drawChooser();
  drawStop();
  // Where there is room the message stands in the clerk's own column, so that it covers no button.
  const place = counter ? byId("now").parentElement : desk;
  if (byId("snackbar").parentElement !== place) place.append(byId("snackbar"));
  if (!counter) return;
  drawNow();
  drawStreams();
  drawQueue();
  drawParked();
  drawButtons();
}

function drawChooser() {
  for (const button of document.querySelectorAll("button[data-counter]")) {
    const found = state.snapshot.counters.find((each) => each.id === button.dataset.counter);
    button.disabled = !isConnected() || state.busy || Boolean(found?.clerk);
    button.querySelector(".counter__state").textContent = found?.clerk
      ? say(words.taken, { clerk: words.staff[found.clerk] ?? words.colleague })
      : found && stopReason(found)
        ? say(words.freeStopped, { reason: stopReason(found) })
        : words.free;
  }
}

function drawNow() {
  const { counter, current } = state;
  const status = current?.status ?? (isOnBreak() ? "BREAK" : "");
  byId("now").dataset.state = current?.status ?? "";
  byId("now-number").textContent = current?.number ?? "–";
  byId("now-service").textContent = current ? serviceName(current) : "";
  byId("now-why").textContent = current ? turnOf(current) : "";
  byId("now-idle").hidden = Boolean(current);
  byId("now-idle").textContent = isOnBreak()
    ? say(words.breakSince, {
        time: clockOf(counter.since, words.clockMark),
        reason: stopReason(counter),
      })
    : words.idle;
  const badge = byId("now-badge");
  badge.hidden = !status;
  badge.textContent = status === "BREAK" ? words.onBreak : (words.states[status] ?? "");
  badge.className = `badge badge--${words.badges[status] ?? "busy"}`;
  byId("now-needs").replaceChildren(
    ...(current ? [...needsOf(current), ...evidenceOf(current)] : []),
  );
  byId("now-timer").hidden = !current;
  byId("now-timer-label").textContent =
    current?.status === "SERVING" ? words.servingFor : words.calledFor;
  byId("now-notes").hidden = !current?.notes.length;
  // The newest first: it tells best where things stand.
  keepList(
    byId("now-notes"),
    byId("row-note"),
    [...(current?.notes ?? [])]
      .reverse()
      .map((each) => ({ id: `${each.at} ${each.text}`, ...each })),
    (row, each) => {
      fill(row, {
        text: each.text,
        by: `${clockOf(each.at, words.clockMark)} · ${words.staff[each.clerk] ?? words.colleague}`,
      });
    },
  );
  if (current?.notes.length)
    byId("now-notes").tabIndex =
      byId("now-notes").scrollHeight > byId("now-notes").clientHeight ? 0 : -1;
  tick();
}

function drawStop() {
  const { stop } = state.snapshot;
  const by = (id) => words.staff[id] ?? words.colleague;
  const out = drawAlarm(desk, stop, {
    since: words.calledSince,
    mark: words.clockMark,
    nameOf: by,
  });
  byId("door-stop").hidden = !stop || out;
  const text =
    stop && !out
      ? say(words.stopped[stop.kind ? "all" : "door"][stop.reason ? "why" : "bare"], {
          ...stop,
          by: by(stop.by),
          time: clockOf(stop.at, words.clockMark),
        })
      : "";
  if (byId("door-stop").textContent !== text) byId("door-stop").textContent = text;
}

// Each queue of this counter: how many wait, how long a newcomer would, and a word if its first has waited too long.
function drawStreams() {
  const mine = state.snapshot.streams.filter((each) => state.counter.letters.includes(each.letter));
  keepList(
    byId("streams"),
    byId("row-stream"),
    mine.map((each) => ({ id: each.letter, ...each })),
    (row, stream) => {
      const waits = stream.wait
        ? say(stream.wait.low > 0 ? words.waitRange : words.waitUnder, stream.wait)
        : "";
      fill(row, { letter: stream.letter, waiting: String(stream.waiting), range: waits });
      row.querySelector("[data-slot=said]").textContent = say(words.streamSaid, {
        name: stream.name[words.language] ?? stream.name.id ?? "",
        waiting: stream.waiting,
      });
      row.title = stream.name[words.language] ?? stream.name.id ?? "";
    },
  );
}

function chosenQueue() {
  const filter = byId("filter").value;
  return state.snapshot.waiting.filter((each) =>
    filter === "mine" ? isMine(each) : !filter || each.stream === filter,
  );
}

// Who is early for a booked time waits only from that time on.
const sinceOf = (ticket) =>
  ticket.starts_at && ticket.starts_at > ticket.arrived_at ? ticket.starts_at : ticket.arrived_at;

// Not said of one whose counter has closed or whose clerk has left meanwhile: that one is of the stream again.
function sentTo(ticket) {
  if ([state.counter.id, desk.dataset.me].includes(ticket.wanted)) return words.sentToYou;
  return ticket.wanted && !isMine(ticket)
    ? say(words.sentTo, { wanted: nameOf(ticket.wanted) })
    : "";
}

export function drawQueue({ anew = false } = {}) {
  const { current, snapshot } = state;
  const rows = chosenQueue();
  const next = likelyNext();
  byId("count").textContent = String(rows.length);
  byId("queue-empty").hidden = rows.length > 0;
  keepList(byId("queue"), byId("row-waiting"), rows, (row, ticket) => {
    row.classList.toggle("queue__item--next", ticket === next);
    fill(row, {
      number: ticket.number,
      service: serviceName(ticket),
      why: [sentTo(ticket), whyOf(ticket)].filter(Boolean).join(" · "),
    });
    row.dataset.since = sinceOf(ticket);
    const call = row.querySelector("[data-do=call]");
    call.disabled =
      !mayCall(ticket) ||
      !fits(ticket) ||
      Boolean(current) ||
      isOnBreak() ||
      isStandstill() ||
      !isConnected() ||
      state.busy;
    call.setAttribute("aria-label", `${call.textContent} ${ticket.number}`);
  });
  drawWhy();
  byId("peek").textContent = peek(current, next);
  const count = { n: snapshot.inside, limit: snapshot.limit };
  byId("room").textContent = say(
    snapshot.limit === null ? words.inside : snapshot.over > 0 ? words.overLimit : words.insideOf,
    count,
  );
  byId("room").dataset.over = snapshot.over > 0 ? "yes" : "";
  if (!anew && waitingBefore === 0 && rows.length > 0) chime();
  waitingBefore = rows.length;
  tick();
}

function peek(current, next) {
  if (!isConnected()) return words.notNow;
  if (isStandstill()) return words.standstill;
  if (isOnBreak()) return words.endBreakFirst;
  if (current) return say(words.finishFirst, { number: current.number });
  return next
    ? say(words.next, { number: next.number, service: serviceName(next) })
    : nobodyReason();
}

// Who is put on hold, and who did not come when called: both may come back at any moment.
function drawParked() {
  const lists = [
    ["parked", "resume", whyOf],
    [
      "missed",
      "return",
      (ticket) =>
        say(words.calledAt, {
          time: clockOf(ticket.called_at ?? ticket.arrived_at, words.clockMark),
        }),
    ],
  ];
  for (const [list, step, why] of lists) {
    const rows = state.snapshot[list];
    byId(`${list}-part`).hidden = rows.length === 0;
    byId(`${list}-count`).textContent = String(rows.length);
    keepList(byId(list), byId(`row-${list}`), rows, (row, ticket) => {
      fill(row, {
        number: ticket.number,
        service: serviceName(ticket),
        why: [why(ticket), ...ticket.notes.slice(-1).map((each) => each.text)].join(" · "),
      });
      const back = row.querySelector(`[data-do=${step}]`);
      back.disabled = !isConnected() || state.busy;
      back.setAttribute("aria-label", `${back.textContent}: ${ticket.number}`);
    });
  }
  byId("parked-panel").hidden = state.snapshot.parked.length + state.snapshot.missed.length === 0;
}

function isPossible(name) {
  const { current, snapshot, lastActed } = state;
  if (name === "undo") return Boolean(lastActed) && clock.now() < lastActed.until;
  if (name === "resume") return snapshot.parked.length > 0;
  if (name === "return") return snapshot.missed.length > 0;
  if (name === "recall" && !mayRecall()) return false;
  if (name === "evidence" && current?.channel !== "URGENT") return false;
  if (isOnBreak() && ["call-next", "call-one"].includes(name)) return false;
  if (isStandstill() && ["call-next", "call-one", "recall"].includes(name)) return false;
  return !(name in POSSIBLE) || POSSIBLE[name].includes(current?.status ?? "");
}

const mayRecall = () =>
  Boolean(state.current?.recall_at) && clock.now() >= Date.parse(state.current.recall_at);

function drawButtons() {
  const { busy, current } = state;
  for (const button of buttons) {
    const name = button.dataset.action;
    button.disabled = !isPossible(name) || !isConnected() || busy;
    // The step that usually follows looks like it.
    if (button.closest(".actions"))
      button.classList.toggle("button--secondary", name !== USUAL[current?.status]);
  }
  byId("break-words").textContent = isOnBreak() ? words.endBreak : words.takeBreak;
  byId("break").classList.toggle("button--quiet", !isOnBreak());
  // A switched-off button loses the focus; it goes on to the step that usually follows.
  const following = isOnBreak()
    ? byId("break")
    : document.querySelector(`[data-action="${USUAL[current?.status] ?? "call-next"}"]`);
  if (keepFocus && !busy && !following.disabled) {
    keepFocus = false;
    following.focus();
  }
}

/** What time alone changes. */
export function tick() {
  if (!state.snapshot || !state.counter) return;
  const { current } = state;
  const hint = current?.status === "CALLED" ? recallOf(current, clock) : "";
  if (byId("now-recall").textContent !== hint) {
    byId("now-recall").textContent = hint;
    drawButtons();
  }
  const since = current && (current.status === "SERVING" ? current.started_at : current.called_at);
  if (since) byId("now-timer-value").textContent = clock.minutesAndSeconds(since);
  for (const row of byId("queue").children) {
    const [minutes, kind, text] = waitWords(clock.secondsSince(row.dataset.since));
    const chip = row.querySelector("[data-slot=chip]");
    fill(row, { wait: say(words.minutes, { n: minutes }), chip: text });
    chip.className = `badge badge--${kind}`;
  }
  drawWorst();
  if (state.lastActed && clock.now() >= state.lastActed.until) {
    state.lastActed = null;
    drawButtons();
  }
}

function drawWorst() {
  for (const row of byId("streams").children) {
    const first = state.snapshot.waiting
      .filter((each) => each.stream === row.dataset.id)
      .map(sinceOf)
      .sort()[0];
    const [, kind, text] = waitWords(clock.secondsSince(first));
    const chip = row.querySelector("[data-slot=chip]");
    chip.hidden = !first;
    if (chip.textContent !== text) chip.textContent = text;
    chip.className = `badge badge--${kind}`;
  }
}
