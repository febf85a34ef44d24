// When to leave, why no wait is known, and which numbers are called: drawn from each snapshot.
import { clockOf } from "../../clock.js";
import { byId, counterWords, say, setText } from "../../page.js";

const TRAVEL = "antrean.travel";
const MINUTE_MS = 60_000;
let words = null;
let clock = null;
let last = null;

// On the clock of `like`, a time of the office with its offset.
function clockAt(ms, like) {
  const offsetMs = Date.parse(`${like.slice(0, 19)}Z`) - Date.parse(like);
  return clockOf(new Date(ms + offsetMs).toISOString(), words.clockMark);
}

// The same rule as `leave_at`: never in the past, and by the server's clock.
function sayLeaving(view) {
  const minutes = Number(byId("travel").value);
  const atMs = Date.parse(view.be_there_at) - minutes * MINUTE_MS;
  if (atMs <= clock.nowMs()) return say(words.leaving.now, { minutes });
  return say(words.leaving.at, { minutes, time: clockAt(atMs, view.be_there_at) });
}

function draw(view) {
  last = view;
  byId("leaving").hidden = !view.be_there_at;
  if (view.be_there_at) setText(byId("leave-at"), sayLeaving(view));
  const reason = view.status === "WAITING" ? (words.noWait[view.no_wait] ?? "") : "";
  byId("no-wait").hidden = !reason;
  setText(byId("no-wait"), reason);
  const called = view.called ?? [];
  byId("called").hidden = called.length === 0;
  byId("called-list").replaceChildren(
    ...called.map(({ number, counter }) => {
      const [row, shown, where] = ["li", "b", "span"].map((tag) => document.createElement(tag));
      shown.className = "numbers";
      shown.textContent = number;
      where.textContent = counterWords(counter, words.counter);
      row.append(shown, " ", where);
      return row;
    }),
  );
}

/** Follow the snapshots. Returns what draws one. */
export function followTicket(texts, serverClock) {
  if (!byId("following")) return () => {};
  words = texts;
  clock = serverClock;
  const kept = localStorage.getItem(TRAVEL);
  const isChosen = new URLSearchParams(location.search).has("travel");
  const travel = byId("travel");
  if (kept && !isChosen && [...travel.options].some((each) => each.value === kept)) {
    travel.value = kept;
  }
  byId("travel-set").hidden = true;
  travel.addEventListener("change", () => {
    localStorage.setItem(TRAVEL, travel.value);
    if (last) draw(last);
  });
  return draw;
}
