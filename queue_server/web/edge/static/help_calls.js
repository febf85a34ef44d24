// Calls for help at the kiosks: shown at once above every page that stays open all day. Who presses
// first goes; all others see who that is.
import { clockOf } from "./clock.js";
import { makePost, officeUrl, problemText } from "./command.js";
import { follow, getJson } from "./live.js";
import { byId, fill, keepList, say, setText } from "./page.js";
import { chime, nameButton, notify } from "./tell.js";

const box = byId("help-calls");
const words = JSON.parse(box.dataset.words);
const post = makePost(box.dataset.token);
const url = (name) => officeUrl(box.dataset.office, name);
const nameOf = (id) => words.staff[id] ?? words.colleague;
const timeOf = (time) => clockOf(time, words.clockMark);

let known = null; // ids of the calls that this page has told of already
let isBusy = false;

const asksOf = (call) => say(words.asks[call.reason], call);

function hintOf(call) {
  if (call.answered_by)
    return say(words.going, { by: nameOf(call.answered_by), time: timeOf(call.answered_at) });
  const since = call.stage === "unanswered" ? words.late : words.since;
  return [say(since, { time: timeOf(call.asked_at) }), words.speaks[call.language]]
    .filter(Boolean)
    .join(" · ");
}

function drawCall(row, call) {
  fill(row, { asks: asksOf(call), hint: hintOf(call) });
  row.dataset.stage = call.stage;
  const [answer, end] = row.querySelectorAll("button");
  answer.hidden = call.stage === "answered";
  end.hidden = call.stage !== "answered";
  for (const button of [answer, end]) {
    button.disabled = isBusy;
    nameButton(button, call.name);
  }
}

function tell(calls) {
  const open = calls.filter((each) => !each.answered_by);
  const fresh = open.filter((each) => !known?.has(each.id));
  const isFirst = known === null;
  known = new Set([...(known ?? []), ...open.map((each) => each.id)]);
  if (fresh.length === 0) return;
  setText(byId("help-calls-spoken"), asksOf(fresh[0]));
  if (isFirst) return; // nobody has pressed anything here yet, so nothing may sound or shake
  navigator.vibrate?.([200, 100, 200]);
  // Where the page lets its sound be turned off, that holds here too.
  if (byId("sound")?.getAttribute("aria-pressed") !== "false") chime();
}

function draw({ calls }) {
  box.hidden = calls.length === 0;
  keepList(byId("help-calls-list"), byId("help-call"), calls, drawCall);
  tell(calls);
}

async function send(id, step) {
  if (isBusy) return;
  isBusy = true;
  try {
    const call = await post(url(`help/${encodeURIComponent(id)}/${step}`), {});
    const by = nameOf(call.answered_by);
    const going = call.answered_by === words.me ? words.iAmGoing : say(words.otherGoes, { by });
    notify(step === "end" ? words.ended : going);
  } catch (problem) {
    notify(problemText(problem, words));
  } finally {
    isBusy = false;
    live.refresh();
  }
}

box.addEventListener("click", (event) => {
  const button = event.target.closest("[data-help]");
  if (button) send(button.closest("[data-id]").dataset.id, button.dataset.help);
});

const live = follow({
  audience: "help",
  key: box.dataset.office,
  fetchNow: () => getJson(url("help")),
  onSnapshot: draw,
});
