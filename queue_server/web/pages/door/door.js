// The guard's page. The server alone decides who comes in; this page shows its snapshots and sends one command per press.
import { follow, getJson, postJson } from "../live.js";
import { byId, clockOf, fill, keepList } from "../list.js";
import { newKey } from "../idempotency.js";
import { notify } from "../tell.js";
import { drawAlarm, drawStopBar, isEvacuation, setUpEvacuation } from "../evacuation.js";
import { makeCamera } from "./camera.js";
import { makeLeaving } from "./leave.js";

const root = byId("door");
const office = encodeURIComponent(root.dataset.office);
const words = JSON.parse(root.dataset.words);
let snapshot = null;
let connected = true;
let busy = false;
let shown = null; // the ticket checked last
const presses = []; // presses of plus and minus that the server has not counted yet
let insideBefore = null; // persons inside before those presses, by the server's last word
let sending = false;
let wasOut = false; // whether an evacuation lasted in the snapshot before

const say = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
const personsOf = (n) => (n === 1 ? words.persons.one : say(words.persons.other, { n }));
const url = (name) => `/api/v1/offices/${office}/${name}`;
const nameOf = (id) => words.staff[id] ?? words.colleague;

// ---- Drawing -----------------------------------------------------------------------------------------------------

function readSnapshot(fresh) {
  snapshot = fresh;
  setConnected(true);
  if (!sending) insideBefore = fresh.inside;
  draw();
}

function draw() {
  drawMeter();
  drawOver();
  drawStop();
  drawLists();
  for (const button of document.querySelectorAll(
    "[data-do], #stop-bar button, #recount, #leave-nobody",
  )) {
    const kept = button.dataset.fits === "no";
    button.disabled = !connected || busy || kept;
  }
}

function drawMeter() {
  if (!snapshot) return;
  const inside = Math.max(0, insideBefore + presses.reduce((sum, each) => sum + each.delta, 0));
  byId("inside").textContent = String(inside);
  byId("limit").textContent = snapshot.limit === null ? "" : `/${snapshot.limit}`;
  byId("meter").dataset.state = isEvacuation(snapshot.stop) ? "STOPPED" : snapshot.state;
  byId("meter").dataset.over = snapshot.over > 0 && !isEvacuation(snapshot.stop) ? "yes" : "";
  byId("minus-words").textContent = snapshot.ticketed > 0 ? words.out : words.outBare;
  byId("state").textContent = stateWords(inside);
  byId("sensors").hidden = snapshot.sensed === null || snapshot.sensed === snapshot.counted;
  byId("sensors").textContent = say(words.sensors, {
    sensed: snapshot.sensed,
    counted: snapshot.counted,
  });
  for (const key of document.querySelectorAll("[data-press]")) key.disabled = !connected;
}

function stateWords(inside) {
  if (isEvacuation(snapshot.stop)) return words.state[inside > 0 ? "LEAVING" : "LEFT"];
  if (snapshot.state !== "OPEN")
    return say(words.state[snapshot.state], { number: snapshot.waits_for ?? "", n: snapshot.over });
  if (snapshot.limit === null) return words.state.ANY;
  return inside < snapshot.limit
    ? say(words.state.OPEN, { n: snapshot.limit - inside })
    : words.state.FULL;
}

function drawOver() {
  const { inside, limit, over_minutes: minutes } = snapshot;
  const banner = byId("over-banner");
  // Whoever sends everybody out must not be told to keep people waiting.
  const isOver = snapshot.over > 0 && !isEvacuation(snapshot.stop);
  if (isOver && banner.hidden) navigator.vibrate?.([200, 100, 200]);
  banner.hidden = !isOver;
  if (!isOver) return;
  byId("over-words").textContent = say(words.over, { inside, limit });
  byId("over-more").textContent = say(words.overMore, { n: minutes });
}

function drawStop() {
  const stop = snapshot.stop;
  const out = drawAlarm(root, stop, { since: words.calledSince, mark: words.clockMark, nameOf });
  // Who waits inside has to be counted out one by one.
  if (out && !wasOut) byId("inside-part").open = true;
  wasOut = out;
  byId("stop-banner").hidden = !stop || out;
  byId("stop").hidden = Boolean(stop);
  byId("resume").hidden = !stop || Boolean(stop.kind);
  drawStopBar(
    stop,
    stop?.kind && !(out && byId("end-evacuation")) ? words.supervisor[stop.kind] : "",
  );
  if (!stop || out) return;
  const text = say(words.stopped[stop.kind ? "all" : "door"][stop.reason ? "why" : "bare"], {
    ...stop,
    by: nameOf(stop.by),
    time: clockOf(stop.at, words.clockMark),
  });
  if (byId("stop-words").textContent !== text) byId("stop-words").textContent = text;
}

function drawRow(row, party) {
  const came = party.arrived_at
    ? say(words.nextHint, { time: clockOf(party.arrived_at, words.clockMark) })
    : "";
  fill(row, {
    number: party.number,
    persons: personsOf(party.party_size),
    hint: party.priority ? `${came} · ${words.priority}` : came,
  });
  const button = row.querySelector("button");
  if (!button) return;
  button.dataset.fits = button.dataset.do === "admit" && !party.fits ? "no" : "";
  nameButton(button, party);
}

/** Who is inside: those who wait, or in an evacuation everybody with a number. */
function drawInside(row, party) {
  const sentOut = isEvacuation(snapshot.stop);
  drawRow(row, party);
  if (sentOut) fill(row, { hint: leaving.whereOf(party) });
  const button = row.querySelector("button");
  button.textContent = sentOut ? words.out : words.gone;
  nameButton(button, party);
}

const nameButton = (button, party) =>
  button.setAttribute("aria-label", `${button.textContent}: ${party.number}`);

function drawLists() {
  byId("next-count").textContent = String(snapshot.outside - snapshot.too_large.length);
  byId("next-empty").hidden = snapshot.outside > 0;
  keepList(byId("next"), byId("row-next"), snapshot.next, drawRow);
  byId("large-part").hidden = snapshot.too_large.length === 0;
  keepList(byId("too-large"), byId("row-leave"), snapshot.too_large, drawRow);
  byId("entered-part").hidden = snapshot.entered.length === 0;
  keepList(byId("entered"), byId("row-chip"), snapshot.entered, drawRow);
  leaving.draw(snapshot, uncounted());
  const sentOut = isEvacuation(snapshot.stop);
  const inside = sentOut ? snapshot.inside_parties : snapshot.inside_waiting;
  byId("inside-title").textContent = sentOut ? words.insideAll : words.insideWaiting;
  byId("inside-count").textContent = String(inside.length);
  keepList(byId("inside-waiting"), byId("row-leave"), inside, drawInside);
}

/** Persons without a ticket, by the server's last word and the presses since. */
const uncounted = () =>
  snapshot.without_ticket + presses.reduce((sum, each) => sum + each.delta, 0);

// ---- Plus and minus: each press is one command of its own, sent in order ----------------------------------------------

function press(delta) {
  if (!connected || !snapshot) return notify(words.offline);
  presses.push({ delta, key: newKey() });
  navigator.vibrate?.(20);
  drawMeter();
  if (!sending) sendPresses();
}

async function sendPresses() {
  sending = true;
  while (presses.length > 0) {
    const { delta, key } = presses[0];
    try {
      const answer = await postJson(
        url("occupancy"),
        { delta, reason: delta > 0 ? "in without ticket" : "out without ticket" },
        { token: root.dataset.token, key },
      );
      insideBefore = answer.inside;
      presses.shift();
    } catch (problem) {
      if (!problem.status) {
        notify(say(words.notCounted, { n: presses.length }));
        presses.length = 0;
      } else {
        presses.shift();
        refuse(problem, {
          bad_input: words.tooFew,
          fewer_without_ticket: () => {
            notify(words.problems.fewer_without_ticket);
            minus();
          },
        });
      }
    }
    drawMeter();
  }
  sending = false;
  live.refresh();
}

function setConnected(is) {
  connected = is;
  const banner = byId("connection");
  banner.hidden = is;
  banner.classList.toggle("connection--off", !is);
  banner.textContent = is ? "" : banner.dataset.off;
}

// Without tickets inside there is nothing to choose, and minus stays one press.
function minus() {
  if (!connected || !snapshot) return notify(words.offline);
  if (snapshot.ticketed === 0) return press(-1);
  leaving.ask(snapshot, uncounted());
}

function leave(id, number, persons) {
  leaving.close();
  const undo = {
    text: words.undo,
    press: () => command(ticketUrl(id, "undo"), {}, () => notify(say(words.undone, { number }))),
  };
  if (persons)
    return command(ticketUrl(id, "leave"), { persons }, () =>
      notify(say(words.leftOne, { number })),
    );
  // What has become of the party is the server's word: an evacuation may have begun or ended with this press.
  command(ticketUrl(id, "leave"), {}, ({ status }) =>
    notify(say(status === "LEFT" ? words.left : words.steppedOut, { number }), undo),
  );
}

// ---- Other commands --------------------------------------------------------------------------------------------------

function refuse(problem, own = {}) {
  if (problem.status === 401) return location.assign(root.dataset.login);
  if (typeof own[problem.code] === "function") return own[problem.code]();
  notify(
    problem.status
      ? (own[problem.code] ?? words.problems[problem.code] ?? problem.facts.detail ?? words.problem)
      : words.offline,
  );
}

async function command(address, body, done, own) {
  if (busy) return;
  if (!connected) return notify(words.offline);
  busy = true;
  draw();
  try {
    done(await postJson(address, body, { token: root.dataset.token, key: newKey() }));
  } catch (problem) {
    refuse(problem, own);
  } finally {
    busy = false;
    if (snapshot) draw();
    live.refresh();
  }
}

const ticketUrl = (id, name) => `/api/v1/tickets/${encodeURIComponent(id)}/${name}`;

function ask(dialog, done) {
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue) done(dialog.returnValue);
    },
    { once: true },
  );
}

/** Let a party in. Before the one who is next it comes only with a reason, which is asked for first. */
function letIn({ id, number }, done) {
  const next = snapshot.next[0];
  const send = (body, own) => command(ticketUrl(id, "admit"), body, done, own);
  const askWhy = (text) => {
    byId("past-title").textContent = text;
    ask(byId("past-dialog"), (reason) => send({ reason }));
  };
  if (next && next.id !== id) return askWhy(say(words.letPast, { number, next: next.number }));
  // Somebody may have come before it since this page was told.
  send({}, { bad_input: () => askWhy(say(words.notNext, { number })) });
}

// ---- A ticket that is shown --------------------------------------------------------------------------------------------

const KINDS = {
  inside: "ok",
  enter: "ok",
  called: "ok",
  came_in: "ok",
  not_next: "wait",
  wait: "wait",
  stopped: "wait",
  came_out: "wait",
  early: "wait",
  check_in: "",
};

function showVerdict(ticket, verdict) {
  byId("verdict").hidden = false;
  byId("verdict").dataset.kind = KINDS[verdict] ?? "no";
  byId("verdict-number").textContent = ticket
    ? `${ticket.number ?? ""} ${personsOf(ticket.party_size)}`.trim()
    : "";
  const time = ticket?.opens_at ? clockOf(ticket.opens_at, words.clockMark) : "";
  if (verdict === "over" && ticket?.status === "SERVED") verdict = "served";
  byId("verdict-words").textContent = ticket
    ? say(words.verdict[verdict], {
        time,
        date: ticket.date,
        next: snapshot?.next[0]?.number ?? "",
      })
    : verdict;
  const admit = byId("verdict-admit");
  admit.hidden = !["enter", "not_next"].includes(verdict) || ticket.place !== "OUTSIDE";
  shown = ticket;
}

async function check(text) {
  if (!connected) return notify(words.offline);
  const find = (what) => getJson(`${url("door/ticket")}?shown=${encodeURIComponent(what)}`);
  try {
    let ticket = await find(text);
    let verdict = ticket.verdict;
    showVerdict(ticket, verdict);
    if (verdict === "check_in") {
      const code = text.trim().replace(/\/+$/, "").split("/").pop();
      const slip = await postJson(
        ticketUrl(code, "check-in"),
        {},
        { token: root.dataset.token, key: newKey() },
      );
      ticket = await find(slip.number);
      verdict =
        ticket.verdict === "inside"
          ? "came_in"
          : ticket.verdict === "wait"
            ? "came_out"
            : ticket.verdict;
      showVerdict(ticket, verdict);
      live.refresh();
    }
    byId("shown").value = "";
  } catch (problem) {
    if (problem.status === 401) return location.assign(root.dataset.login);
    if (problem.status === 404 || problem.status === 422) showVerdict(null, words.unknown);
    else if (problem.status)
      showVerdict(null, words.problems[problem.code] ?? problem.facts.detail ?? words.problem);
    else notify(words.offline);
  }
}

// ---- Hands -------------------------------------------------------------------------------------------------------------

for (const key of document.querySelectorAll("[data-press]")) {
  const delta = Number(key.dataset.press);
  key.addEventListener("click", () => (delta < 0 ? minus() : press(delta)));
}
byId("scan").addEventListener("submit", (event) => {
  event.preventDefault();
  check(byId("shown").value);
});
byId("verdict-admit").addEventListener("click", (event) => {
  event.stopPropagation();
  const ticket = shown;
  letIn(ticket, () => showVerdict({ ...ticket, place: "INSIDE" }, "enter"));
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-id] [data-do]");
  if (!button) return;
  const row = button.closest("[data-id]");
  const number = row.querySelector("[data-slot=number]").textContent;
  const { id } = row.dataset;
  if (button.dataset.do === "admit")
    return letIn({ id, number }, () => notify(say(words.letIn, { number })));
  leave(id, number, button.dataset.do === "leave-one" ? 1 : null);
});
byId("stop").addEventListener("click", () =>
  ask(byId("stop-dialog"), (reason) =>
    command(url("admissions"), { admitting: false, reason }, () => notify(words.stoppedDone)),
  ),
);
byId("resume").addEventListener("click", () =>
  command(url("admissions"), { admitting: true, reason: "" }, () => notify(words.resumedDone)),
);
setUpEvacuation({
  call: (drill) =>
    command(url("pause"), { kind: "EVACUATION", drill }, () => notify(words.evacuated)),
  end: () => command(url("resume"), { kind: "EVACUATION" }, () => notify(words.evacuationOver)),
});
byId("recount").addEventListener("click", () => {
  byId("persons").value = "";
  byId("persons").min = String(snapshot?.ticketed ?? 0);
  ask(byId("recount-dialog"), () => {
    const persons = Number(byId("persons").value);
    const low = say(words.recountLow, { low: snapshot.ticketed });
    command(
      url("occupancy/recount"),
      { persons, reason: "counted at the door" },
      () => notify(say(words.recounted, { n: persons })),
      { bad_input: low },
    );
  });
});

const leaving = makeLeaving({ words, say, personsOf, withoutNumber: () => press(-1) });
makeCamera({
  button: byId("camera"),
  view: byId("view"),
  video: byId("video"),
  off: byId("camera-off"),
  found: check,
  failed: () => notify(words.noCamera),
});

const live = follow({
  audience: "door",
  key: root.dataset.office,
  fetchNow: () => getJson(url("door")),
  onSnapshot: readSnapshot,
  onHealth(health) {
    if (health === "refused") return location.assign(root.dataset.login);
    setConnected(health === "live");
    if (snapshot) draw();
  },
});
// A phone in dead air knows it before the channel does.
addEventListener("offline", () => {
  setConnected(false);
  if (snapshot) draw();
});
