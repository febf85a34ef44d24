// The clerk's console. The server alone decides who is next; this page shows its snapshots and sends one command per press.
import { follow, getJson, isOlder, postJson } from "./live.js";
import { byId, clockOf, fill, keepList, makeClock } from "./console_list.js";
import { chime, notify } from "./console_tell.js";
import { makeSpeaker, say } from "./console_words.js";

const SETTLE_MS = 2_000;
const desk = byId("desk");
const office = desk.dataset.office;
const words = JSON.parse(desk.dataset.words);
const actions = [...document.querySelectorAll("[data-action]")];
const clock = makeClock();
const { needsOf, reasonOf, recallOf, serviceName, turnOf, whyOf } = makeSpeaker(words);
let snapshot = null;
let counter = null;      // {id, name, letters} of the counter this clerk has open
let current = null;      // the ticket called to or served at that counter
let lastActed = null;    // {id, number, name, until} for undo
let busy = false;
let connected = true;
let waitingBefore = null;
let onArrival = () => {};
let running = null;      // the action under way
let pending = null;      // the button of another action whose key was pressed meanwhile
let keepFocus = false;   // the hand was on a button that is about to be switched off

// ---- What the snapshot says about this clerk -------------------------------------------------------------------

function readSnapshot(fresh) {
  snapshot = fresh;
  onArrival();
  clock.set(fresh.sent_at);
  const mine = fresh.counters.find((each) => each.clerk === desk.dataset.me);
  counter = mine ?? null;
  current = counter ? [...fresh.called, ...fresh.serving].find((each) => each.counter === counter.id) ?? null : null;
  draw();
}

// Many offices name their counters by a bare number.
function counterName() {
  const name = counter?.name ?? "";
  return /^\d/.test(name) ? say(words.counter, { name }) : name;
}

/** What a counter or a clerk is called, by id. */
function nameOf(id) {
  const found = snapshot.counters.find((each) => each.id === id);
  if (!found) return words.staff[id] ?? words.colleague;
  return /^\d/.test(found.name) ? say(words.counter, { name: found.name }) : found.name;
}

function mayCall(ticket) {
  return !counter || counter.letters.includes(ticket.stream);
}

function fits(ticket) {
  if (ticket.place === "INSIDE") return true;
  return snapshot.door !== "STOPPED" && (snapshot.limit === null || snapshot.inside + ticket.party_size <= snapshot.limit);
}

// The server decides; what it would do as the snapshot was made, each ticket says. A closed counter has no next one yet.
function likelyNext() {
  const isOpen = snapshot.counters.some((each) => each.id === counter?.id && each.state === "open");
  return snapshot.waiting.find((each) => (isOpen ? each.why.counters.includes(counter.id) : mayCall(each) && fits(each)));
}

function nobodyReason() {
  return snapshot.waiting.some(mayCall) ? words.door[snapshot.door] ?? words.roomFull : words.nobody;
}

// ---- Drawing -----------------------------------------------------------------------------------------------------

function draw() {
  byId("chooser").hidden = counter !== null;
  byId("workplace").hidden = counter === null;
  byId("counter-name").hidden = counter === null;
  byId("counter-name").textContent = counterName();
  drawChooser();
  drawStop();
  // Where there is room the message stands in the clerk's own column, so that it covers no button.
  const place = counter ? byId("now").parentElement : desk;
  if (byId("snackbar").parentElement !== place) place.append(byId("snackbar"));
  if (counter) {
    drawNow();
    drawQueue();
    drawParked();
    drawButtons();
  }
}

function drawStop() {
  const { stop } = snapshot;
  byId("door-stop").hidden = !stop;
  const text = stop ? say(stop.reason ? words.stopped : words.stoppedBare, { ...stop, by: words.staff[stop.by] ?? stop.by, time: clockOf(stop.at, words.clockMark) }) : "";
  if (byId("door-stop").textContent !== text) byId("door-stop").textContent = text;
}

function drawChooser() {
  for (const button of document.querySelectorAll("button[data-counter]")) {
    const state = snapshot.counters.find((each) => each.id === button.dataset.counter);
    button.disabled = !connected || Boolean(state?.clerk);
    button.querySelector(".counter__state").textContent = state?.clerk ? say(words.taken, { clerk: words.staff[state.clerk] ?? words.colleague }) : words.free;
  }
}

function drawNow() {
  const state = current?.status ?? "";
  byId("now").dataset.state = state;
  byId("now-number").textContent = current?.number ?? "–";
  byId("now-service").textContent = current ? serviceName(current) : "";
  byId("now-why").textContent = current ? turnOf(current) : "";
  byId("now-idle").hidden = Boolean(current);
  const badge = byId("now-badge");
  badge.hidden = !current;
  badge.textContent = words.states[state] ?? "";
  badge.className = `badge badge--${words.badges[state] ?? "busy"}`;
  byId("now-needs").replaceChildren(...(current ? needsOf(current) : []));
  byId("now-timer").hidden = !current;
  byId("now-timer-label").textContent = state === "SERVING" ? words.servingFor : words.calledFor;
  tick();
}

function chosenQueue() {
  const filter = byId("filter").value;
  return snapshot.waiting.filter((each) => (filter === "mine" ? mayCall(each) : !filter || each.stream === filter));
}

function drawQueue() {
  const rows = chosenQueue();
  const next = likelyNext();
  byId("count").textContent = String(rows.length);
  byId("queue-empty").hidden = rows.length > 0;
  keepList(byId("queue"), byId("row-waiting"), rows, (row, ticket) => {
    row.classList.toggle("queue__item--next", ticket === next);
    fill(row, { number: ticket.number, service: serviceName(ticket), why: whyOf(ticket) });
    // Who is early for a booked time waits only from that time on.
    row.dataset.since = ticket.starts_at && ticket.starts_at > ticket.arrived_at ? ticket.starts_at : ticket.arrived_at;
    row.title = reasonOf(ticket, nameOf);
    const call = row.querySelector("[data-do=call]");
    call.disabled = !mayCall(ticket) || !fits(ticket) || Boolean(current) || !connected || busy;
    call.setAttribute("aria-label", `${call.textContent} ${ticket.number}`);
  });
  byId("peek").textContent = current ? say(words.finishFirst, { number: current.number }) : next ? say(words.next, { number: next.number, service: serviceName(next) }) : nobodyReason();
  byId("room").textContent = snapshot.limit === null ? say(words.inside, { n: snapshot.inside }) : say(words.insideOf, { n: snapshot.inside, limit: snapshot.limit });
  if (waitingBefore === 0 && rows.length > 0) chime();
  waitingBefore = rows.length;
  tick();
}

// Who is put on hold, and who did not come when called: both may come back at any moment.
function drawParked() {
  const lists = [["parked", "resume", whyOf], ["missed", "return", (ticket) => say(words.calledAt, { time: clockOf(ticket.called_at ?? ticket.arrived_at, words.clockMark) })]];
  for (const [list, step, why] of lists) {
    const rows = snapshot[list];
    byId(`${list}-part`).hidden = rows.length === 0;
    byId(`${list}-count`).textContent = String(rows.length);
    keepList(byId(list), byId(`row-${list}`), rows, (row, ticket) => {
      fill(row, { number: ticket.number, service: serviceName(ticket), why: why(ticket) });
      const back = row.querySelector(`[data-do=${step}]`);
      back.disabled = !connected || busy;
      back.setAttribute("aria-label", `${back.textContent}: ${ticket.number}`);
    });
  }
  byId("parked-panel").hidden = snapshot.parked.length + snapshot.missed.length === 0;
}

const POSSIBLE = { "call-next": [""], start: ["CALLED"], finish: ["SERVING"], recall: ["CALLED"], "no-show": ["CALLED"], park: ["CALLED", "SERVING"], transfer: ["SERVING"] };

const USUAL = { CALLED: "start", SERVING: "finish" };

function drawButtons() {
  for (const button of actions) {
    const name = button.dataset.action;
    const fits = name === "undo" ? Boolean(lastActed) && clock.now() < lastActed.until : POSSIBLE[name].includes(current?.status ?? "");
    button.disabled = !fits || !connected || busy || (name === "recall" && !mayRecall());
    // The step that usually follows looks like it.
    if (button.closest(".actions")) button.classList.toggle("button--secondary", name !== USUAL[current?.status]);
  }
  // A switched-off button loses the focus; it goes on to the step that usually follows.
  const following = document.querySelector(`[data-action="${USUAL[current?.status] ?? "call-next"}"]`);
  if (keepFocus && !busy && !following.disabled) {
    keepFocus = false;
    following.focus();
  }
}

function mayRecall() {
  return Boolean(current?.recall_at) && clock.now() >= Date.parse(current.recall_at);
}

function tick() {
  if (!snapshot) return;
  const hint = current?.status === "CALLED" ? recallOf(current, clock) : "";
  if (byId("now-recall").textContent !== hint) {
    byId("now-recall").textContent = hint;
    drawButtons();
  }
  const since = current && (current.status === "SERVING" ? current.started_at : current.called_at);
  if (since) byId("now-timer-value").textContent = clock.minutesAndSeconds(since);
  for (const row of byId("queue").children) {
    const minutes = Math.max(0, Math.floor(clock.secondsSince(row.dataset.since) / 60));
    const chip = row.querySelector("[data-slot=chip]");
    const share = minutes / words.targetMinutes;
    const [kind, text] = share >= 1 ? ["late", words.late] : share >= 0.7 ? ["warn", words.watch] : ["ok", words.onTime];
    fill(row, { wait: say(words.minutes, { n: minutes }), chip: text });
    chip.className = `badge badge--${kind}`;
  }
  if (lastActed && clock.now() >= lastActed.until) {
    lastActed = null;
    drawButtons();
  }
}

// ---- Commands ----------------------------------------------------------------------------------------------------

async function command(url, body, done, refused) {
  if (busy) return;
  if (!connected) return notify(words.offline);
  const before = snapshot.version;
  busy = true;
  keepFocus = Boolean(document.activeElement?.closest("[data-action], [data-do], [data-counter]"));
  draw();
  try {
    const answer = await postJson(url, body, { token: desk.dataset.token, key: crypto.randomUUID() });
    done?.(answer);
    live.refresh();
    if (answer !== null) await newerThan(before);
  } catch (problem) {
    if (problem.status === 401) return location.assign(desk.dataset.login);
    if (!refused?.(problem)) notify(problem.status ? words.problems[problem.code] ?? problem.facts.detail ?? words.problem : words.offline);
    live.refresh();
  } finally {
    busy = false;
    draw();
    const wanted = pending;
    pending = null;
    if (wanted && !wanted.disabled) wanted.click();
  }
}

// Until the picture shows what was done, a further press would act on the old one.
async function newerThan(version) {
  const until = Date.now() + SETTLE_MS;
  while (!isOlder(version, snapshot.version) && Date.now() < until) {
    await new Promise((arrived) => { onArrival = arrived; setTimeout(arrived, 250); });
  }
}

function acted(name, ticket) {
  lastActed = { id: ticket.id, number: ticket.number, name, until: clock.now() + words.undoMinutes * 60_000 };
  notify(say(words.done[name], { number: ticket.number, counter: counterName() }), { text: words.undo, press: () => lastActed && act("undo") });
}

// The place of somebody who did not come is given away at once, so undo may find the room full; the way back is the queue.
function undoRefused(problem, { id, number, name }) {
  if (problem.code !== "nothing_to_undo") return false;
  lastActed = null;
  const { reason } = problem.facts;
  const text = say(words.undoRefused[reason] ?? words.problems.nothing_to_undo, { number });
  if (reason === "no_place" && name === "no-show") notify(text, { text: words.toQueue, press: () => putBack(id, number) });
  else notify(text);
  return true;
}

function putBack(id, number) {
  running = "return";
  command(ticketUrl(id, "return"), {}, () => { lastActed = null; notify(say(words.done.return, { number })); });
}

const ticketUrl = (id, name) => `/api/v1/tickets/${encodeURIComponent(id)}/${name}`;
const counterUrl = (id, name) => `/api/v1/counters/${encodeURIComponent(id)}/${name}`;

function act(name) {
  running = name;
  if (name === "call-next") return command(counterUrl(counter.id, "call-next"), {}, (ticket) => (ticket ? acted("call", ticket) : notify(nobodyReason())));
  if (name === "undo") {
    const undone = lastActed;
    return command(ticketUrl(undone.id, "undo"), {}, () => { lastActed = null; notify(say(words.done.undo, undone)); }, (problem) => undoRefused(problem, undone));
  }
  if (name === "transfer") return askTransfer();
  const ticket = current;
  return command(ticketUrl(ticket.id, name), {}, () => acted(name, ticket));
}

function askTransfer() {
  const dialog = byId("transfer-dialog");
  const ticket = current;
  const service = byId("transfer-service");
  dialog.returnValue = "";
  service.value = "";
  for (const option of service.options) option.hidden = option.disabled = option.value === ticket.service;
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "go") command(ticketUrl(ticket.id, "transfer"), { service: service.value }, () => acted("transfer", ticket));
  }, { once: true });
}

// ---- Hands -------------------------------------------------------------------------------------------------------

for (const button of actions) button.addEventListener("click", () => act(button.dataset.action));
byId("filter").addEventListener("change", () => { waitingBefore = null; drawQueue(); });
byId("help-open").addEventListener("click", () => byId("help-dialog").showModal());
byId("close-counter").addEventListener("click", () => command(counterUrl(counter.id, "close"), {}, () => notify(words.done.close)));
byId("counters").addEventListener("click", (event) => {
  const chosen = event.target.closest("button[data-counter]");
  if (chosen) command(counterUrl(chosen.dataset.counter, "open"), {});
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  const id = button?.closest("[data-id]")?.dataset.id;
  const ticket = id && [...snapshot.waiting, ...snapshot.parked, ...snapshot.missed].find((each) => each.id === id);
  if (!ticket) return;
  const step = button.dataset.do;
  if (step === "return") return putBack(id, ticket.number);
  running = step;
  command(ticketUrl(id, step), step === "call" ? { counter: counter.id } : {}, () => acted(step, ticket));
});

const keysOn = byId("keys-on");
keysOn.checked = localStorage.getItem("keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !keysOn.checked || !counter) return;
  let key = event.key.toLowerCase();
  if (key === " ") {
    if (event.target.closest("button, a, summary, [tabindex='0']")) return;
    key = "n";
  }
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!button) return;
  event.preventDefault();
  if (busy) {
    // A quick hand need not wait; the same key again is a double press and stays one command.
    if (button.dataset.action !== running) pending = button;
  } else if (!button.disabled) button.click();
});

setInterval(tick, 1_000);
const live = follow({
  audience: "desk",
  key: office,
  fetchNow: () => getJson(`/api/v1/offices/${encodeURIComponent(office)}/queue`),
  onSnapshot: readSnapshot,
  onHealth(health) {
    if (health === "refused") return location.assign(desk.dataset.login);
    connected = health === "live";
    const banner = byId("connection");
    banner.hidden = connected;
    banner.classList.toggle("connection--off", !connected);
    banner.textContent = connected ? "" : banner.dataset.off;
    if (snapshot) draw();
  },
});
