// The touch page: one visitor at a time, three touches at most.
import { AgentGone, printCopy, readState } from "./agent/agent.js";
import { drawParty, drawPriority, drawUrgencies } from "./choosing/choices.js";
import { drawHome, drawPairing } from "./home/home.js";
import { Idle } from "./frame/idle.js";
import { CodePad } from "./code/pad.js";
import { byId } from "./frame/page.js";
import { isInvitation, refusalText, refusalTitle, worthAnotherTry } from "./notices/refusal.js";
import { Requests } from "./agent/request.js";
import { drawPrint, drawResult } from "./result/result.js";
import { listenForScans } from "./code/scanner.js";
import { asksUrgency, load } from "./home/tiles.js";
import { isPressed, watchTouches } from "./frame/touch.js";
import { language, pick, speak, word } from "./frame/words.js";

const STATE_MS = 1000;
const RESULT_MS = 10_000;
const RESULT_WITHOUT_PAPER_MS = 30_000;
const RESULT_PRINTING_MS = 60_000; // the printer tells sooner whether the number is on paper
const HASTY_MS = 700;
const QUIET_SCREENS = new Set(["starting", "pairing", "home", "busy", "evacuation"]);
const WITHOUT_PAPER = new Set(["trouble", "unconfirmed", "none"]);

const pageBuild = document.querySelector('meta[name="build"]').content;
const requests = new Requests(follow);
const idle = new Idle({ warn, calm, reset: goHome });
const pad = new CodePad(byId("pad"), byId("code"), drawGo);
let state = null;
let agentHere = false;
let screen = "starting";
let tilePage = 0;
let wish = null;
let chosen = null;
let shownAtMs = 0;
let answer = null;

const zone = () => state?.offer?.zone ?? "Asia/Jakarta";

function show(name, limitMs = null) {
  screen = name;
  shownAtMs = performance.now();
  byId("help-dialog").close();
  document.body.dataset.screen = name;
  for (const flag of ["pending", "copy", "again"]) delete document.body.dataset[flag];
  watchIdle(limitMs);
  drawGo();
  document.querySelector(`[data-for="${name}"] h1`)?.focus({ preventScroll: true });
}

function watchIdle(limitMs = null) {
  const touchedHome =
    screen === "home" && (language() !== "id" || tilePage !== 0 || byId("help-dialog").open);
  idle.watch({ resting: QUIET_SCREENS.has(screen) && !touchedHome, limitMs });
}

// If the same visitor looks again, the language stays. Otherwise it goes back to Indonesian.
function goBack() {
  requests.leave();
  wish = null;
  pad.clear();
  show("starting");
  drawState();
}

function goHome() {
  answer = null;
  tilePage = 0;
  speak();
  goBack();
}

// ---- the state of the kiosk

function pollWithoutEnd() {
  setTimeout(() => poll().finally(pollWithoutEnd), STATE_MS);
}

async function poll() {
  try {
    state = await readState();
    agentHere = true;
  } catch (problem) {
    if (!(problem instanceof AgentGone)) throw problem;
    agentHere = false;
  }
  if (state && state.build !== pageBuild && ["home", "starting", "pairing"].includes(screen))
    location.reload();
  drawState();
}

function drawState() {
  if (!state) return;
  byId("office").textContent = state.offer?.name ?? word("title");
  if (drawEvacuation()) return;
  if (["starting", "pairing", "home"].includes(screen)) {
    const wanted = !state.paired
      ? "pairing"
      : state.offer || !state.connected
        ? "home"
        : "starting";
    if (wanted !== screen) show(wanted);
  }
  if (screen === "pairing") drawPairing(state);
  if (screen === "home" && !isPressed()) drawOffer();
}

// Evacuation: whatever a visitor was doing here ends, and the alarm stays while the server is
// unreachable.
function drawEvacuation() {
  const out = state.paired && state.offer?.paused === "EVACUATION";
  if (out) byId("drill").hidden = !state.offer.drill;
  if (out && screen !== "evacuation") {
    requests.leave();
    calm();
    speak();
    show("evacuation");
  }
  if (!out && screen === "evacuation") goHome();
  return out;
}

function drawOffer() {
  const usable = agentHere && state.connected;
  drawHome(state.offer, usable, tilePage, { chosen: choose, turn });
}

function turn() {
  tilePage += 1;
  watchIdle();
  drawOffer();
}

// ---- a visitor's way to a number

function choose(service) {
  chosen = service;
  wish = {
    language: language(),
    service: service.code,
    party_size: 1,
    priority: null,
    urgency: null,
  };
  if (asksUrgency(state.offer, service)) {
    drawUrgencies(byId("urgencies"), (urgency) => {
      wish.urgency = urgency;
      confirm();
    });
    show("urgency");
  } else {
    confirm();
  }
}

function confirm() {
  drawConfirm();
  show("confirm");
}

function drawConfirm() {
  const service = state.offer?.services.find((each) => each.code === wish.service) ?? chosen;
  byId("confirm-service").textContent = pick(service.name);
  byId("confirm-load").textContent = load(service).join(" · ");
  drawParty(byId("party"), wish, state.offer?.party_max, askStaff);
  drawPriority(byId("priority"), wish);
}

function send(asked) {
  if (requests.open) return;
  answer = null;
  drawBusy();
  show("busy");
  requests.start({ ...asked, language: language() });
}

function drawBusy() {
  const pending = answer?.state === "pending";
  byId("busy-title").textContent = word(pending ? "pending_title" : "busy");
  byId("busy-text").textContent = word(pending ? "pending_text" : "busy_hint");
}

function checkIn(code) {
  requests.leave();
  send({ code });
}

function follow(received) {
  if (screen === "evacuation") return;
  const first = answer?.state !== received.state;
  answer = received;
  if (received.state === "pending") showPending();
  else if (received.state === "issued") showResult(first);
  else showProblem();
}

function showPending() {
  if (screen !== "busy") show("busy");
  drawBusy();
  document.body.dataset.pending = "";
  drawGo();
}

function resultLimit() {
  if (answer.print === "printing") return RESULT_PRINTING_MS;
  return WITHOUT_PAPER.has(answer.print) ? RESULT_WITHOUT_PAPER_MS : RESULT_MS;
}

function showResult(first) {
  if (first) {
    speak(answer.language);
    drawResult(answer, zone());
    show("result", resultLimit());
    setTimeout(drawGo, HASTY_MS + 50);
    if (answer.repeated && answer.print === null) document.body.dataset.copy = "";
  } else if (byId("print").dataset.print !== (answer.print ?? "")) {
    drawPrint(answer);
    watchIdle(resultLimit());
    drawGo();
  }
}

function showProblem() {
  const abandoned = answer.state === "abandoned";
  byId("problem-title").textContent = abandoned
    ? word("abandoned_title")
    : refusalTitle(answer.refusal);
  byId("problem-sign").classList.toggle("calm", !abandoned && isInvitation(answer.refusal));
  byId("problem-text").textContent = abandoned
    ? word("abandoned_text")
    : refusalText(answer.refusal, zone());
  show("problem");
  if (!abandoned && worthAnotherTry(answer.refusal)) document.body.dataset.again = "";
  drawGo();
}

// ---- the buttons

const GO = {
  confirm: { text: () => word("take"), press: () => send(wish) },
  code: { text: () => word("code_go"), press: () => pad.complete && checkIn(pad.code) },
  busy: { text: () => word("home"), press: goHome },
  result: { text: () => word("done"), press: () => isResultSeen() && goHome() },
  problem: { text: () => word("home"), press: goHome },
};

const BACK = {
  urgency: goBack,
  confirm: goBack,
  code: goBack,
  problem: () => {
    requests.leave();
    show("code");
  },
};

// A late second tap on "Take a number" must not close the number: the next button is in the same
// place.
const isResultSeen = () => performance.now() - shownAtMs >= HASTY_MS;

function drawGo() {
  const go = GO[screen];
  if (!go) return;
  byId("go").textContent = go.text();
  if ((screen === "code" && !pad.complete) || (screen === "result" && !isResultSeen()))
    byId("go").setAttribute("aria-disabled", "true");
  else byId("go").removeAttribute("aria-disabled");
  byId("back").textContent = word(screen === "problem" ? "try_again" : "back");
}

function warn(seconds) {
  if (screen === "result") {
    if (answer.print !== "printing") byId("go").textContent = `${word("done")} (${seconds})`;
    return;
  }
  byId("idle-text").textContent = word("idle_text", { n: seconds });
  if (!byId("idle-dialog").open) byId("idle-dialog").showModal();
}

function calm() {
  byId("idle-dialog").close();
}

function changeLanguage(name) {
  speak(name);
  pad.draw();
  if (screen === "home") drawOffer();
  if (screen === "pairing") drawPairing(state);
  if (screen === "urgency")
    drawUrgencies(byId("urgencies"), (urgency) => ((wish.urgency = urgency), confirm()));
  if (screen === "confirm") drawConfirm();
  if (screen === "busy") drawBusy();
  if (screen === "result") drawResult(answer, zone());
  if (screen === "problem") showProblem();
  else if (screen !== "busy") watchIdle(idle.limitMs);
  drawGo();
}

byId("go").addEventListener("click", () => GO[screen]?.press());
byId("back").addEventListener("click", () => BACK[screen]?.());
byId("have-code").addEventListener("click", () => {
  pad.clear();
  show("code");
});
byId("copy").addEventListener("click", () => {
  const { key } = requests;
  delete document.body.dataset.copy;
  printCopy(key).catch(() => {
    if (requests.key === key) document.body.dataset.copy = "";
  });
});
function askStaff(text) {
  byId("help-text").textContent = text;
  byId("help-dialog").showModal();
  watchIdle(idle.limitMs);
}

byId("help").addEventListener("click", () => askStaff(word("help_text")));
byId("help-close").addEventListener("click", () => byId("help-dialog").close());
byId("help-dialog").addEventListener("close", () => watchIdle(idle.limitMs));
byId("idle-stay").addEventListener("click", () => idle.touch());
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => changeLanguage(button.dataset.language));
}
watchTouches(() => screen, byId("tiles"));
addEventListener("resize", () => screen === "home" && drawOffer());
listenForScans(document, (code) => {
  if (state?.paired && state.connected && !["busy", "evacuation"].includes(screen)) checkIn(code);
});

speak();
pad.draw();
show("starting");
poll().finally(() => {
  pollWithoutEnd();
  requests.resume();
});
