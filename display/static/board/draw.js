// Draws a board as it is told; knows nothing of time or sound.
import { byId, make } from "../page.js";
import { counterName, pair, pairText, word } from "../words.js";

const RECENT = 6; // as many of them as the screen has room for: the style sheet drops the rest

export function newestFirst(calls) {
  return [...calls].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

export function drawCall(call, announcing) {
  const panel = byId("call");
  panel.hidden = !call;
  byId("idle").hidden = Boolean(call);
  panel.classList.remove("flash");
  panel.classList.toggle("fresh", announcing);
  if (!call) return;
  const other = call.language === "en" ? "id" : "en";
  const first = call.language === "en" ? "en" : "id";
  panel.dataset.letters = String(call.number.length);
  panel.dataset.call = call.id;
  pair(
    byId("call-title"),
    call.times >= 3 ? "last_call" : call.times === 2 ? "second_call" : "now_calling",
    {},
    first,
  );
  byId("number").textContent = call.number;
  const name = counterName(call.counter, first);
  const otherName = counterName(call.counter, other);
  panel.dataset.counter = lengthOf(name);
  byId("counter").textContent = name;
  byId("counter").lang = first;
  byId("counter-other").textContent = otherName === name ? "" : otherName;
  byId("counter-other").lang = other;
  if (announcing) {
    panel.getBoundingClientRect(); // restarts the animation of the same class
    panel.classList.add("flash");
  }
}

export function drawFrame(board, calls, shown) {
  byId("office").textContent = board.office_name;
  drawRoom(board);
  drawMode(board);
  drawRecent(calls, shown);
  drawEntering(board.admitting === false || board.over > 0 ? [] : board.entering);
  drawStreams(board.streams);
}

function drawRoom(board) {
  byId("room").hidden = board.limit === null;
  byId("room").dataset.over = board.over > 0 ? "yes" : "";
  pair(byId("room-label"), "inside");
  byId("inside").textContent = String(board.inside);
  byId("limit").textContent = board.limit === null ? "" : `/ ${board.limit}`;
}

function drawMode(board) {
  const usual =
    !board.open || board.mode === "CLOSED"
      ? "closed"
      : { URGENT_ONLY: "urgent_only", ONLINE_FIRST: "online_first" }[board.mode];
  const mode = board.admitting === false ? "stopped" : board.over > 0 ? "over" : usual;
  byId("mode").hidden = !mode;
  byId("mode").dataset.mode = mode ?? "";
  if (mode) {
    pair(byId("mode-title"), mode, { inside: board.inside, limit: board.limit });
    pair(byId("mode-hint"), `${mode}_hint`);
  }
  pair(byId("idle-title"), mode === "closed" ? "closed" : "look_and_listen");
  pair(byId("idle-hint"), mode === "closed" ? "closed_hint" : "no_calls");
}

function drawRecent(calls, shown) {
  if (calls.length > 0) pair(byId("recent-title"), "recent");
  else byId("recent-title").replaceChildren();
  const seen = new Set(shown ? [`${shown.number} ${shown.counter}`] : []);
  const rows = [];
  for (const call of calls) {
    const same = `${call.number} ${call.counter}`;
    if (seen.has(same)) continue;
    seen.add(same);
    rows.push(call);
  }
  const items = rows.slice(0, RECENT).map((call) => {
    const item = make("li");
    const name = counterName(call.counter, "id");
    item.append(make("span", "n", call.number), arrow(), make("span", "c", name));
    item.dataset.counter = lengthOf(name);
    return item;
  });
  byId("recent").replaceChildren(...items);
}

// "Loket 12" stands in large letters; a name such as "Konsultasi dan pengaduan" takes two smaller
// lines.
const lengthOf = (name) => (name.length <= 11 ? "short" : name.length <= 26 ? "long" : "longest");

function arrow() {
  return document.querySelector(".arrow").cloneNode(true);
}

function drawEntering(numbers) {
  byId("entering").hidden = numbers.length === 0;
  pair(byId("entering-title"), "come_in");
  byId("entering-list").replaceChildren(...numbers.map((number) => make("li", "", number)));
}

function drawStreams(streams) {
  byId("streams").replaceChildren(
    ...streams.map((stream) => {
      const item = make("li");
      const name = make("span", "name pair");
      pairText(name, stream.name);
      const load = make("span", "load");
      const count = make("span");
      count.append(make("strong", "", String(stream.waiting)), ` ${word("waiting", "id")}`);
      load.append(count);
      if (stream.wait && stream.waiting > 0) {
        load.append(
          make(
            "span",
            "wait",
            word(stream.wait.low > 0 ? "minutes" : "minutes_under", "id", stream.wait),
          ),
        );
      }
      item.append(make("span", "letter", stream.letter), name, load);
      return item;
    }),
  );
}

// A standstill: one message as large as the screen, and nothing that could distract from it.
export function drawStandstill(kind, drill) {
  const key = kind === "EVACUATION" ? "evacuation" : "paused";
  byId("standstill").dataset.kind = key;
  byId("standstill-drill").hidden = !drill;
  pair(byId("standstill-drill"), "drill");
  pair(byId("standstill-title"), key);
  pair(byId("standstill-hint"), `${key}_hint`);
}

export function drawPairing(frame) {
  pair(byId("pair-title"), frame.paired ? "starting" : "pair_title");
  byId("pair-code").textContent = frame.paired ? "" : (frame.pairing_code ?? "");
  byId("pair-steps").hidden = frame.paired || !frame.pairing_code;
  pair(byId("pair-steps"), "pair_steps");
  pair(byId("pair-server-label"), "pair_server");
  byId("pair-server").textContent = frame.server;
  byId("pair-state").hidden = frame.paired;
  pair(byId("pair-state"), frame.pairing_code ? "pair_waiting" : "pair_unreachable");
}
