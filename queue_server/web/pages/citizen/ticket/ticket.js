// The visitor's ticket follows the queue by itself. Without this module the page works through its
// "Refresh" link.
import { follow, getJson } from "../../live.js";
import { byId, counterWords, say, sayWait, setText } from "../../page.js";
import { clockOf, makeClock } from "../../clock.js";
import { offerAlerts, ring } from "./alerts.js";
import { followTicket } from "./following.js";

const root = document.getElementById("ticket");
const words = JSON.parse(root.dataset.words);
const AHEAD = ["BOOKED", "WAITING"];
const ENDED = ["SERVED", "NO_SHOW", "LEFT", "CANCELLED", "EXPIRED"];
const OLD_MS = 60_000;
const HELD_BACK = ["outside", "stopped", "too_large", "paused"];
let state = root.dataset.state;
let entry = null;
let calls = null;
let drawn = null;
let wakeAt = null;
let updatedAt = root.dataset.drawn;
const clock = makeClock();
clock.set(updatedAt);
const drawFollowing = followTicket(words, clock);
// The ticket is read first; keeping it can wait.
import("./offline.js").catch(() => {});

// A visit that is over has none of these.
if (byId("print")) {
  byId("print").hidden = false;
  byId("print").addEventListener("click", () => globalThis.print());
  byId("live-hint").textContent = words.live;
  byId("refresh").hidden = true;
}

// What ends by itself, without anything happening at the office.
const endOf = (view) => view.away_until || view.return_until;

function sentenceOf(view) {
  if (view.entry === "evacuation") return words.say.evacuation;
  const isInside = !view.entry || view.entry === "now";
  const isNext = view.status === "WAITING" && view.ahead === 0 && isInside;
  // A second call has words of its own: a screen reader is silent on a sentence that has not
  // changed.
  const isRepeated = view.status === "CALLED" && view.calls > 1;
  const isAway = view.status === "WAITING" && view.away_until && view.entry !== "paused";
  const wasAbsent = view.status === "NO_SHOW" && !view.number;
  const isOver = view.status === "NO_SHOW" && !view.return_until;
  const parts = ["WAITING", "CALLED"].includes(view.status)
    ? [view.entry, isNext && "next", isRepeated && "again"]
    : [wasAbsent ? "absent" : isOver && "over", view.voided && "void"];
  const name = [view.status, ...(isAway ? ["away"] : parts)].filter(Boolean).join(".");
  const counter = counterWords(view.counter ?? "", words.counter);
  const ends = endOf(view);
  const until = ends ? clockOf(ends, words.clockMark) : "";
  return say(words.say[name] ?? "", { counter, times: view.calls ?? 0, until });
}

function waitText(wait) {
  if (!wait) return "–";
  return wait.high > 0 ? sayWait(wait, words.wait) : words.now;
}

// The visit was moved or its time withdrawn, a number was given, it has ended, or a missed visitor
// is back: the page looks different then, and the server draws it.
function isAnotherPage(view, facts, before) {
  if (drawn !== null && drawn !== facts) return true;
  if (view.number && !byId("number")) return true;
  const changes = (isIt) => isIt(view.status) !== isIt(before);
  return changes((each) => ENDED.includes(each)) || changes((each) => each === "STRANDED");
}

// A page from the phone's memory that finds the office again: the server draws the present one.
const isOld = (view) => drawn === null && Date.parse(view.sent_at) - Date.parse(updatedAt) > OLD_MS;

function show(view) {
  if (isOld(view)) return location.reload();
  clock.set(view.sent_at);
  updatedAt = view.sent_at ?? updatedAt;
  tellConnection(true);
  const before = state;
  const entryBefore = entry;
  const facts = [
    view.starts_at,
    view.party_size,
    view.delay_minutes,
    view.meeting_url,
    Boolean(view.away_until),
    view.status === "NO_SHOW" && Boolean(view.return_until),
  ].join(" ");
  state = view.status;
  if (isAnotherPage(view, facts, before)) return location.reload();
  drawn = facts;
  lookAgainAt(endOf(view));
  entry = view.entry ?? null;
  const goOut = entry === "evacuation";
  const mayEnter = state === "WAITING" && entry === "now";
  const sentence = sentenceOf(view);
  drawCard(view, sentence);
  drawFollowing(view);
  offerAlerts(AHEAD.includes(state));
  if (mayEnter && HELD_BACK.includes(entryBefore)) ring();
  if (goOut && entryBefore !== "evacuation") ring();
  const isTold = state === "CALLED" || mayEnter || goOut;
  const title = isTold ? sentence : `${view.number ?? view.code}: ${words.states[state]}`;
  document.title = `${title} – Antrean`;
  const again = state === "CALLED" && calls !== null && (view.calls ?? 0) > calls;
  if ((state === "CALLED" && before !== "CALLED") || again) ring();
  calls = view.calls ?? 0;
}

// The end of a time away changes what the page says, and no event tells of it.
function lookAgainAt(ends) {
  if (ends === wakeAt) return;
  wakeAt = ends;
  if (ends) setTimeout(refresh, Math.max(0, Date.parse(ends) - clock.nowMs()) + 1_000);
}

function drawCard(view, sentence) {
  setText(byId("number"), view.number);
  setText(byId("say"), sentence);
  setText(byId("ahead"), view.ahead == null ? "–" : String(view.ahead));
  setText(byId("wait"), waitText(view.wait));
  byId("progress").hidden = state !== "WAITING";
  byId("own-steps")?.toggleAttribute("hidden", !AHEAD.includes(state));
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

function tellConnection(isThere) {
  const banner = byId("connection");
  banner.hidden = isThere;
  const time = clockOf(updatedAt, words.clockMark);
  setText(banner, isThere ? "" : say(words.stale, { time }));
}

const code = root.dataset.code;
const { refresh } = follow({
  audience: "ticket",
  key: code,
  fetchNow: () => getJson(`/api/v1/tickets/${encodeURIComponent(code)}`),
  onSnapshot: show,
  onHealth(health) {
    if (byId("refresh")) byId("refresh").hidden = health === "live";
    tellConnection(health === "live");
  },
});
if (!navigator.onLine) tellConnection(false);
addEventListener("offline", () => tellConnection(false));
