// The touch page: one visitor at a time, two touches for a number.
import { Requests } from "./agent/request.js";
import { Standing } from "./agent/standing.js";
import { Choosing } from "./choosing/choosing.js";
import { readScan } from "./code/codes.js";
import { CodePad } from "./code/pad.js";
import { listenForScans } from "./code/scanner.js";
import { Idle } from "./frame/idle.js";
import { byId } from "./frame/page.js";
import { isPressed, watchTouches } from "./frame/touch.js";
import { firstLanguage, language, offerLanguages, speak, word } from "./frame/words.js";
import { Help } from "./help/help.js";
import { drawHome, drawPairing } from "./home/home.js";
import { listenForArrows } from "./modes/keys.js";
import { Modes } from "./modes/modes.js";
import { Pager } from "./modes/pager.js";
import { Voice } from "./modes/voice.js";
import { drawBusy, drawProblem, waysOn } from "./notices/problem.js";
import { ResultScreen } from "./result/screen.js";
import { Staff } from "./staff/staff.js";

const HELP_PATIENCE = 4; // whoever waits for an officer is not sent away meanwhile
const QUIET_SCREENS = new Set(["starting", "pairing", "home", "busy", "evacuation"]);
const FLAGS = ["pending", "copy", "again", "number", "closed", "phone"];
const SCAN_FAULTS = { nik: "not_a_code", foreign: "foreign_code", half: "half_code" };

const pageBuild = document.querySelector('meta[name="build"]').content;
const requests = new Requests(follow);
const standing = new Standing(drawState);
const idle = new Idle({ warn, calm, reset: leave });
const voice = new Voice();
const pager = new Pager();
const modes = new Modes({ changed: changeMode, unheard: () => voice.unheard });
const help = new Help({ screen: () => screen, changed: () => watchIdle(idle.limitMs) });
const staff = new Staff({
  isStopped: () => Boolean(standing.state?.stopped),
  changed: () => watchIdle(idle.limitMs),
  done: obeyStaff,
});
const result = new ResultScreen({
  show: (limitMs) => show("result", limitMs),
  watchIdle,
  drawGo,
  key: () => requests.key,
  zone: () => standing.zone,
  callStaff: () => help.call("PAPER"),
});
const pad = new CodePad(byId("pad"), byId("code"), drawGo);
const choosing = new Choosing({ send, askStaff: (text) => help.explain(text), changed: drawGo });
let screen = "starting";
let tilePage = 0;
let answer = null;
let asked = null;

function show(name, limitMs = null) {
  screen = name;
  for (const dialog of [help, modes, staff]) dialog.close();
  document.body.dataset.screen = name;
  for (const flag of FLAGS) delete document.body.dataset[flag];
  watchIdle(limitMs);
  drawGo();
  document.querySelector(`[data-for="${name}"] h1`)?.focus({ preventScroll: true });
}

function watchIdle(limitMs = null) {
  const isAnyOpen = [help, modes, staff].some((dialog) => dialog.isOpen);
  const touchedHome =
    screen === "home" &&
    (language() !== firstLanguage() || tilePage !== 0 || modes.isAny || isAnyOpen);
  idle.watch({
    resting: QUIET_SCREENS.has(screen) && !touchedHome,
    limitMs,
    patience: help.isWaiting ? HELP_PATIENCE : modes.patience,
  });
}

// If the same visitor looks again, the language stays. Otherwise it goes back to the
// office's first one.
function goBack() {
  requests.leave();
  choosing.leave();
  pad.clear();
  show("starting");
  drawState();
}

// Nobody is there any more: the next visitor finds everything as usual.
function leave() {
  modes.reset();
  goHome();
}

function changeMode(mode) {
  voice.turnOn(modes.has("voice"));
  if (mode === "voice" && voice.isOn) voice.speak(byId("mode-voice"));
  watchIdle(idle.limitMs);
  pager.draw();
  if (["home", "confirm"].includes(screen)) REDRAW[screen]();
}

function goHome() {
  answer = null;
  tilePage = 0;
  speak();
  help.draw();
  goBack();
}

function drawState() {
  const { state } = standing;
  if (!state) return;
  if (state.build !== pageBuild && ["home", "starting", "pairing"].includes(screen))
    location.reload();
  if (offerLanguages(state.offer?.languages)) speak();
  byId("office").textContent = state.offer?.name ?? word("title");
  help.follow(state.help);
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
  const { paired } = standing.state;
  const out = paired && standing.offer?.paused === "EVACUATION";
  if (out) byId("drill").hidden = !standing.offer.drill;
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
  drawHome(standing.state, standing.why, tilePage, { chosen: choose, turn });
}

function turn() {
  tilePage += 1;
  watchIdle();
  drawOffer();
}

// ---- a visitor's way to a number

function choose(service) {
  choosing.begin(service, standing.offer, standing.why);
  show("confirm");
  choosing.draw();
  drawGo();
}

function send(wish) {
  if (requests.open) return;
  answer = null;
  asked = wish;
  drawBusy(answer);
  show("busy");
  requests.start({ ...wish, language: language() });
}

function takeScan(text) {
  if (!standing.state?.paired || ["busy", "evacuation", "starting", "pairing"].includes(screen))
    return;
  const scan = readScan(text);
  if (!scan) return;
  requests.leave();
  if (scan.fault) answer = { state: "refused", refusal: { code: SCAN_FAULTS[scan.fault] } };
  else if (standing.why) answer = { state: "refused", refusal: { code: standing.why } };
  else return send({ code: scan.code });
  showProblem();
}

function follow(received) {
  if (screen === "evacuation") return;
  const first = answer?.state !== received.state;
  answer = received;
  if (received.state === "pending") showPending();
  else if (received.state === "issued" && first) result.begin(answer, asked?.urgency);
  else if (received.state === "issued") result.follow(answer);
  else showProblem();
}

function showPending() {
  if (screen !== "busy") show("busy");
  drawBusy(answer);
  document.body.dataset.pending = "";
  drawGo();
}

function showProblem() {
  show("problem");
  drawProblem(answer, standing.zone);
  for (const flag of waysOn(answer)) document.body.dataset[flag] = "";
  drawGo();
}

// ---- the buttons

const GO = {
  confirm: { text: () => choosing.goText, press: () => choosing.take() },
  code: { text: () => word("code_go"), press: () => pad.complete && send({ code: pad.code }) },
  busy: { text: () => word("home"), press: goHome },
  result: { text: () => word("done"), press: () => result.isSeen && leave() },
  problem: { text: () => word("home"), press: goHome },
};

const BACK = {
  confirm: goBack,
  code: goBack,
  problem: () => {
    requests.leave();
    show("code");
  },
};

function drawGo() {
  const go = GO[screen];
  if (!go || (screen === "confirm" && !choosing.wish)) return;
  byId("go").textContent = go.text();
  if ((screen === "code" && !pad.complete) || (screen === "result" && !result.isSeen))
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

// A right PIN: the staff are here, so nobody needs to be called any more.
async function obeyStaff() {
  if (help.isCalled) await help.takeBack();
  await standing.look();
}

const REDRAW = {
  home: drawOffer,
  pairing: () => drawPairing(standing.state),
  confirm: () => choosing.draw(standing.offer),
  busy: () => drawBusy(answer),
  result: () => result.draw(),
  problem: showProblem,
};

function changeLanguage(name) {
  speak(name);
  for (const part of [help, modes, result.noSlip, pad]) part.draw();
  REDRAW[screen]?.();
  if (!["problem", "busy"].includes(screen)) watchIdle(idle.limitMs);
  drawGo();
}

const onClick = (id, pressed) => byId(id).addEventListener("click", pressed);

onClick("go", () => GO[screen]?.press());
onClick("back", () => BACK[screen]?.());
onClick("new-number", goBack);
onClick("staff", () => {
  help.close();
  staff.open();
});
onClick("have-code", () => {
  pad.clear();
  show("code");
});
onClick("idle-stay", () => idle.touch());
for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => changeLanguage(button.dataset.language));
watchTouches(() => screen, byId("tiles"));
addEventListener("resize", () => ["home", "confirm"].includes(screen) && REDRAW[screen]());
listenForScans(document, takeScan);

listenForArrows();
speak();
for (const part of [help, modes, pad]) part.draw();
show("starting");
standing.look().finally(() => {
  standing.lookWithoutEnd();
  requests.resume();
});
