// The visitor's ticket follows the queue by itself. Without this module the page works through its
// "Refresh" link.
import { follow, getJson } from "../../live.js";
import { byId, counterWords, say, sayWait, setText } from "../../page.js";

const root = document.getElementById("ticket");
const words = JSON.parse(root.dataset.words);
const AHEAD = ["BOOKED", "WAITING"];
const ENDED = ["SERVED", "NO_SHOW", "LEFT", "CANCELLED", "EXPIRED"];
const HELD_BACK = ["outside", "stopped", "too_large", "paused"];
const ALERT = "antrean.alert";
let state = root.dataset.state;
let entry = null;
let calls = null;
let drawn = null;
let audio = null;

// A visit that is over has none of these.
if (byId("print")) {
  byId("print").hidden = false;
  byId("print").addEventListener("click", () => globalThis.print());
  byId("live-hint").textContent = words.live;
  byId("refresh").hidden = true;
}

function sentenceOf(view) {
  if (view.entry === "evacuation") return words.say.evacuation;
  const isInside = !view.entry || view.entry === "now";
  const isNext = view.status === "WAITING" && view.ahead === 0 && isInside;
  // A second call has words of its own: a screen reader is silent on a sentence that has not
  // changed.
  const isRepeated = view.status === "CALLED" && view.calls > 1;
  const wasAbsent = view.status === "NO_SHOW" && !view.number;
  const parts = ["WAITING", "CALLED"].includes(view.status)
    ? [view.entry, isNext && "next", isRepeated && "again"]
    : [wasAbsent && "absent"];
  const name = [view.status, ...parts].filter(Boolean).join(".");
  const counter = counterWords(view.counter ?? "", words.counter);
  return say(words.say[name] ?? "", { counter, times: view.calls ?? 0 });
}

function waitText(wait) {
  if (!wait) return "–";
  return wait.high > 0 ? sayWait(wait, words.range, words.lessThan) : words.now;
}

// Two soft notes and a short buzz. Browsers refuse sound until the page was touched; then the words
// and the title still tell.
function ring() {
  navigator.vibrate?.([300, 150, 300]);
  try {
    audio ??= new AudioContext();
    [659.3, 523.3].forEach((pitch, index) => {
      const note = audio.createOscillator();
      const level = audio.createGain();
      const start = audio.currentTime + index * 0.45;
      note.frequency.value = pitch;
      level.gain.setValueAtTime(0.25, start);
      level.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
      note.connect(level).connect(audio.destination);
      note.start(start);
      note.stop(start + 1);
    });
  } catch {
    // No sound here; the page itself shows the call.
  }
}

// Being let in is told by sound only to those who asked for it: browsers want a touch of the page
// for that anyway.
const isAlertOn = () => localStorage.getItem(ALERT) === "on";

function drawAlert() {
  const on = isAlertOn();
  byId("alert-part").hidden = !AHEAD.includes(state);
  byId("alert").setAttribute("aria-pressed", String(on));
  setText(byId("alert-words"), on ? words.alertOn : words.alertOff);
}

if (byId("alert")) {
  drawAlert();
  byId("alert").addEventListener("click", () => {
    localStorage.setItem(ALERT, isAlertOn() ? "off" : "on");
    drawAlert();
    if (isAlertOn()) ring();
  });
  document.addEventListener("pointerdown", () => {
    if (!isAlertOn()) return;
    audio ??= new AudioContext();
    audio.resume().catch(() => {});
  });
}

// The visit was moved or its time withdrawn, a number was given, it has ended, or a missed visitor
// is back: the page looks different then, and the server draws it.
function isAnotherPage(view, facts, before) {
  if (drawn !== null && drawn !== facts) return true;
  if (view.number && !byId("number")) return true;
  const changes = (isIt) => isIt(view.status) !== isIt(before);
  return changes((each) => ENDED.includes(each)) || changes((each) => each === "STRANDED");
}

function show(view) {
  const before = state;
  const entryBefore = entry;
  const facts = `${view.starts_at} ${view.party_size}`;
  state = view.status;
  if (isAnotherPage(view, facts, before)) return location.reload();
  drawn = facts;
  entry = view.entry ?? null;
  const goOut = entry === "evacuation";
  const mayEnter = state === "WAITING" && entry === "now";
  const sentence = sentenceOf(view);
  drawCard(view, sentence);
  if (byId("alert")) drawAlert();
  if (mayEnter && HELD_BACK.includes(entryBefore) && isAlertOn()) ring();
  if (goOut && entryBefore !== "evacuation") ring();
  const isTold = state === "CALLED" || mayEnter || goOut;
  const title = isTold ? sentence : `${view.number ?? view.code}: ${words.states[state]}`;
  document.title = `${title} – Antrean`;
  const again = state === "CALLED" && calls !== null && (view.calls ?? 0) > calls;
  if ((state === "CALLED" && before !== "CALLED") || again) ring();
  calls = view.calls ?? 0;
}

function drawCard(view, sentence) {
  setText(byId("number"), view.number);
  setText(byId("say"), sentence);
  setText(byId("ahead"), view.ahead == null ? "–" : String(view.ahead));
  setText(byId("wait"), waitText(view.wait));
  byId("progress").hidden = state !== "WAITING";
  byId("cancel")?.toggleAttribute("hidden", !words.cancellable.includes(state));
  const badge = byId("state").firstElementChild;
  setText(badge, words.states[state] ?? state);
  badge.className = `badge badge--${words.badges[state] ?? "busy"}`;
  const goOut = entry === "evacuation";
  const waits = state === "WAITING";
  const look = byId("card").classList;
  look.toggle("ticket--evacuate", goOut);
  look.toggle("ticket--now", state === "CALLED" && !goOut);
  look.toggle("ticket--enter", waits && entry === "now");
  look.toggle("ticket--outside", waits && HELD_BACK.includes(entry));
  byId("alarm").hidden = !goOut;
  byId("drill").hidden = !view.drill;
}

const code = root.dataset.code;
follow({
  audience: "ticket",
  key: code,
  fetchNow: () => getJson(`/api/v1/tickets/${encodeURIComponent(code)}`),
  onSnapshot: show,
  onHealth(health) {
    const banner = byId("connection");
    banner.hidden = health === "live";
    if (byId("refresh")) byId("refresh").hidden = health === "live";
    banner.textContent = health === "live" ? "" : banner.dataset.stale;
  },
});
