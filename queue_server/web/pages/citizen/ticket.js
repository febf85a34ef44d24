// The visitor's ticket follows the queue by itself. Without this module the page works through its "Refresh" link.
import { follow, getJson } from "../live.js";

const root = document.getElementById("ticket");
const words = JSON.parse(root.dataset.words);
const byId = (id) => document.getElementById(id);
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
  const isNext =
    view.status === "WAITING" && view.ahead === 0 && (!view.entry || view.entry === "now");
  // A second call has words of its own: a screen reader is silent on a sentence that has not changed.
  const isRepeated = view.status === "CALLED" && view.calls > 1;
  const wasAbsent = view.status === "NO_SHOW" && !view.number;
  const parts = ["WAITING", "CALLED"].includes(view.status)
    ? [view.entry, isNext && "next", isRepeated && "again"]
    : [wasAbsent && "absent"];
  const name = [view.status, ...parts].filter(Boolean).join(".");
  return (words.say[name] ?? "")
    .replace("{counter}", counterName(view.counter ?? ""))
    .replace("{times}", view.calls ?? 0);
}

// Many offices name their counters by a bare number.
function counterName(name) {
  return /^\d/.test(name) ? words.counter.replace("{name}", name) : name;
}

function waitText(wait) {
  if (!wait) return "–";
  if (wait.high <= 0) return words.now;
  if (wait.low <= 0) return words.lessThan.replace("{high}", wait.high);
  return words.range.replace("{low}", wait.low).replace("{high}", wait.high);
}

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

// Two soft notes and a short buzz. Browsers refuse sound until the page was touched; then the words and the title still tell.
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

// Being let in is told by sound only to who asked for it; a touch of the page is what browsers want for that anyway.
function drawAlert() {
  const on = localStorage.getItem(ALERT) === "on";
  byId("alert-part").hidden = !AHEAD.includes(state);
  byId("alert").setAttribute("aria-pressed", String(on));
  setText(byId("alert-words"), on ? words.alertOn : words.alertOff);
}

if (byId("alert")) {
  drawAlert();
  byId("alert").addEventListener("click", () => {
    localStorage.setItem(ALERT, localStorage.getItem(ALERT) === "on" ? "off" : "on");
    drawAlert();
    if (localStorage.getItem(ALERT) === "on") ring();
  });
  document.addEventListener("pointerdown", () => {
    if (localStorage.getItem(ALERT) !== "on") return;
    audio ??= new AudioContext();
    audio.resume().catch(() => {});
  });
}

function show(view) {
  const before = state;
  const entryBefore = entry;
  state = view.status;
  // The visit was moved or its time withdrawn, a number was given, it has ended, or a missed visitor is back: the page looks different
  // then, and the server draws it.
  const facts = `${view.starts_at} ${view.party_size}`;
  if (drawn !== null && drawn !== facts) return location.reload();
  drawn = facts;
  if ((view.number && !byId("number")) || ENDED.includes(state) !== ENDED.includes(before))
    return location.reload();
  if ((state === "STRANDED") !== (before === "STRANDED")) return location.reload();
  const say = sentenceOf(view);
  setText(byId("number"), view.number);
  setText(byId("say"), say);
  setText(byId("ahead"), view.ahead == null ? "–" : String(view.ahead));
  setText(byId("wait"), waitText(view.wait));
  byId("progress").hidden = state !== "WAITING";
  byId("cancel")?.toggleAttribute("hidden", !words.cancellable.includes(state));
  const badge = byId("state").firstElementChild;
  setText(badge, words.states[state] ?? state);
  badge.className = `badge badge--${words.badges[state] ?? "busy"}`;
  entry = view.entry ?? null;
  const goOut = entry === "evacuation";
  byId("card").classList.toggle("ticket--evacuate", goOut);
  byId("alarm").hidden = !goOut;
  byId("drill").hidden = !view.drill;
  byId("card").classList.toggle("ticket--now", state === "CALLED" && !goOut);
  byId("card").classList.toggle("ticket--enter", state === "WAITING" && entry === "now");
  byId("card").classList.toggle(
    "ticket--outside",
    state === "WAITING" && HELD_BACK.includes(entry),
  );
  if (byId("alert")) drawAlert();
  const mayEnter = state === "WAITING" && entry === "now";
  if (mayEnter && HELD_BACK.includes(entryBefore) && localStorage.getItem(ALERT) === "on") ring();
  if (goOut && entryBefore !== "evacuation") ring();
  document.title = `${state === "CALLED" || mayEnter || goOut ? say : `${view.number ?? view.code}: ${words.states[state]}`} – Antrean`;
  const again = state === "CALLED" && calls !== null && (view.calls ?? 0) > calls;
  if ((state === "CALLED" && before !== "CALLED") || again) ring();
  calls = view.calls ?? 0;
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
