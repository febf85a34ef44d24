// What stands beside the work: who is expected now, by time, and the queue. Figures come live; the
// bookings of a time, without names, are asked for when it is opened.
import { getJson } from "../live.js";
import { byId, fill, inLanguage, keepList, say, sayCount, sayWait, setText } from "../page.js";
import { nameButton } from "../tell.js";
import { complain, reasonOf } from "./complaints.js";
import { look } from "./find.js";
import { personsOf, serviceOf, timeOf, url, words } from "./state.js";

const BADGES = { COMING: "info", LATE: "warn", TOO_LATE: "late", HERE: "ok", MISSED: "busy" };
const MINUTE_MS = 60_000;

let opened = ""; // the slot whose bookings are shown
let asked = 0;

/** Draw what the server says of the hall. */
export function drawBeside(overview) {
  drawRoom(overview);
  drawStreams(overview);
  const slots = overview.slots.map((each) => ({ id: each.slot, ...each }));
  keepList(byId("slots"), byId("row-slot"), slots, drawSlot);
  byId("slots-none").hidden = slots.length > 0;
  if (!slots.some((each) => each.slot === opened)) opened = "";
  if (opened) showDue();
}

function drawRoom({ inside, limit, outside, over }) {
  const text = limit === null ? words.inside : words.insideOf;
  setText(byId("room"), say(text, { inside, limit }));
  byId("room").dataset.over = over > 0 ? "yes" : "";
  setText(byId("outside"), sayCount(words.outside, outside));
}

function drawStreams({ streams, sent_at: sentAt }) {
  const rows = streams.map((each) => ({ id: each.letter, ...each }));
  keepList(byId("streams"), byId("row-stream"), rows, (row, each) => {
    const oldest = each.oldest_since
      ? Math.max(0, Math.floor((Date.parse(sentAt) - Date.parse(each.oldest_since)) / MINUTE_MS))
      : null;
    const facts = [
      oldest !== null && say(words.longest, { n: oldest }),
      each.wait && say(words.newcomers, { wait: sayWait(each.wait, words.shortWait) }),
      sayCount(words.countersOpen, each.counters_open),
    ];
    fill(row, {
      letter: each.letter,
      name: inLanguage(each.name),
      waiting: sayCount(words.waiting, each.waiting),
      // Each fact stays in one piece where the line breaks.
      facts: facts
        .filter(Boolean)
        .map((each) => each.replaceAll(" ", "\u00a0"))
        .join(" · "),
    });
  });
}

function drawSlot(row, each) {
  const late = [each.late && say(words.late, { n: each.late })];
  const tooLate = [each.too_late && say(words.tooLate, { n: each.too_late })];
  fill(row, {
    time: timeOf(each.starts_at),
    booked: `${sayCount(words.visits, each.bookings)}, ${personsOf(each.people)}`,
    present: say(words.present, { n: each.present, of: each.bookings }),
    late: late.filter(Boolean).join(""),
    too_late: tooLate.filter(Boolean).join(""),
  });
  const button = row.querySelector("[data-slot=button]");
  button.setAttribute("aria-expanded", String(each.slot === opened));
  row.querySelector("[data-slot=due]").hidden = each.slot !== opened;
  button.onclick = () => toggle(each.slot);
}

const rowOf = (slot) => [...byId("slots").children].find((each) => each.dataset.id === slot);

function toggle(slot) {
  opened = opened === slot ? "" : slot;
  for (const row of byId("slots").children) {
    const isOpen = row.dataset.id === opened;
    row.querySelector("[data-slot=button]").setAttribute("aria-expanded", String(isOpen));
    row.querySelector("[data-slot=due]").hidden = !isOpen;
  }
  complain("expected-error", "");
  if (opened) showDue();
}

async function showDue() {
  const slot = opened;
  asked += 1;
  const own = asked;
  try {
    const query = new URLSearchParams({ slot });
    const { visits } = await getJson(`${url("reception/expected")}?${query}`);
    const row = rowOf(slot);
    if (own !== asked || !row) return;
    keepList(row.querySelector("[data-slot=due]"), byId("row-due"), visits, drawDue);
  } catch (problem) {
    if (own === asked) complain("expected-error", reasonOf(problem));
  }
}

function drawDue(row, visit) {
  const facts = [
    personsOf(visit.party_size),
    visit.delay_minutes && say(words.comesLater, { n: visit.delay_minutes }),
    visit.attendance === "HERE" && words.states[visit.status],
  ];
  fill(row, {
    service: serviceOf(visit),
    what: facts.filter(Boolean).join(" · "),
    state: visit.number ?? words.attendance[visit.attendance],
  });
  const badge = row.querySelector("[data-slot=state]");
  badge.className = `badge badge--${BADGES[visit.attendance] ?? "info"}`;
  const button = row.querySelector("[data-slot=button]");
  nameButton(button, timeOf(visit.starts_at));
  button.onclick = () => look(visit.id);
}

// On a phone the work comes first; who wants to see the hall opens it.
if (matchMedia("(max-width: 48rem)").matches) {
  for (const id of ["expected", "queue"]) byId(id).open = false;
}
