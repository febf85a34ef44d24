// The supervisor's wall. Everything on it is the server's snapshot; each press is one command with a key of its own.
import { follow, getJson, postJson } from "../live.js";
import { byId, clockOf, fill, keepList, makeClock } from "../list.js";
import { chime, notify, readySound } from "../tell.js";
import { drawAlarm, drawStopBar, isEvacuation, setUpEvacuation } from "../evacuation.js";
import { newKey } from "../idempotency.js";

const root = byId("wall");
const office = encodeURIComponent(root.dataset.office);
const words = JSON.parse(root.dataset.words);
const clock = makeClock();
const SOUND = "antrean.wall.sound";
let snapshot = null;
let connected = true;
let busy = false;
let lending = null; // the counter whose dialog is open
let knownAlerts = null; // alerts this page has told of already

const say = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
const url = (name) => `/api/v1/offices/${office}/${name}`;
const at = (time) => (time ? clockOf(time, words.clockMark) : "");
const minutesSince = (time) => Math.floor(clock.secondsSince(time) / 60);
const nameOf = (id) => words.staff[id] ?? words.colleague;
const inLanguage = (text) => text[document.documentElement.lang] ?? Object.values(text)[0] ?? "";

// ---- Drawing -----------------------------------------------------------------------------------------------------

function put(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

function draw() {
  drawFigures();
  drawStop();
  drawOver();
  keepList(
    byId("streams"),
    byId("row-stream"),
    snapshot.streams.map((each) => ({ ...each, id: each.letter })),
    drawStream,
  );
  keepList(byId("counters"), byId("row-counter"), snapshot.counters, drawCounter);
  keepList(byId("alerts"), byId("row-alert"), snapshot.alerts, drawAlert);
  keepList(
    byId("announcements"),
    byId("row-announcement"),
    snapshot.announcements,
    drawAnnouncement,
  );
  keepList(
    byId("devices"),
    byId("row-device"),
    [...snapshot.devices].sort((a, b) => needsHand(b) - needsHand(a)),
    drawDevice,
  );
  for (const name of ["alerts", "announcements", "devices"])
    byId(`${name}-empty`).hidden = snapshot[name].length > 0;
  put("alerts-count", String(snapshot.alerts.filter((each) => !each.ended_at).length));
  for (const button of root.querySelectorAll("[data-do], #announce"))
    button.disabled = !connected || busy;
  for (const button of byId("stop-bar").querySelectorAll("button"))
    button.disabled = !connected || busy;
}

function drawFigures() {
  const {
    inside,
    limit,
    counters_open: open,
    counters_needed: needed,
    oldest_since: oldest,
  } = snapshot;
  const late = oldest && minutesSince(oldest) > snapshot.target_minutes;
  put("waiting", String(snapshot.waiting));
  put("outside", snapshot.outside > 0 ? say(words.outside, { n: snapshot.outside }) : "");
  put("oldest", oldest ? say(words.minutes, { n: minutesSince(oldest) }) : "–");
  put("oldest-since", oldest ? say(words.since, { time: at(oldest) }) : "");
  put("served", String(snapshot.served_last_hour));
  put("inside", String(inside));
  put(
    "limit",
    limit === null
      ? words.noLimit
      : snapshot.over > 0
        ? say(words.overBy, { limit, n: snapshot.over })
        : say(words.ofLimit, { limit }),
  );
  const minutesOver = overMinutes();
  put(
    "over-today",
    minutesOver > 0 || snapshot.over > 0 ? say(words.overToday, { n: minutesOver }) : "",
  );
  put("open", String(open));
  put(
    "needed",
    needed > open
      ? `${say(words.needed, { n: needed })}: ${say(words.short, { n: needed - open })}`
      : say(words.needed, { n: needed }),
  );
  byId("figure-oldest").dataset.state = late ? "over" : "";
  const holdsUp =
    (isEvacuation(snapshot.stop) && inside > 0) || (limit !== null && inside >= limit);
  byId("figure-inside").dataset.state = snapshot.over > 0 ? "exceeded" : holdsUp ? "over" : "";
  byId("figure-counters").dataset.state = needed > open ? "over" : "";
}

function drawStop() {
  const { stop } = snapshot;
  const out = drawAlarm(root, stop, { since: words.calledSince, mark: words.clockMark, nameOf });
  byId("stop-banner").hidden = !stop || out;
  byId("stop").hidden = Boolean(stop);
  byId("resume").hidden = !stop || out;
  drawStopBar(stop, "");
  if (stop && !out)
    put(
      "stop-words",
      say(words.stopped, {
        what: words.stop[stop.kind],
        time: at(stop.at),
        by: nameOf(stop.by),
        because: stop.because,
      }),
    );
}

// What had been counted when the snapshot was made, and the time since.
const overMinutes = () =>
  snapshot.over_minutes + (snapshot.over > 0 ? minutesSince(snapshot.sent_at) : 0);

function drawOver() {
  const { inside, limit } = snapshot;
  const isOver = snapshot.over > 0 && !isEvacuation(snapshot.stop);
  byId("over-banner").hidden = !isOver;
  if (isOver) put("over-words", say(words.over, { inside, limit, time: at(snapshot.over_since) }));
}

const rangeOf = (wait) => (wait ? say(wait.low > 0 ? words.range : words.under, wait) : "–");

function drawStream(row, stream) {
  const counters = `${stream.counters_open} / ${stream.counters_needed}`;
  fill(row, {
    letter: stream.letter,
    name: inLanguage(stream.name),
    waiting: String(stream.waiting),
    wait: rangeOf(stream.wait),
    arrived: String(stream.arrived_last_hour),
    counters,
  });
  row.querySelector("[data-slot=counters]").className =
    `badge ${stream.counters_needed > stream.counters_open ? "badge--late" : "badge--ok"}`;
}

function drawCounter(row, counter) {
  const state =
    counter.state === "closed"
      ? words.state.closed
      : `${words.state[counter.state]} ${say(words.since, { time: at(counter.since) })}`;
  const clerk = [
    counter.clerk ? nameOf(counter.clerk) : "",
    words.because[counter.because] ?? counter.because ?? "",
  ]
    .filter(Boolean)
    .join(" · ");
  const visit = counter.number
    ? `${words.ticket[counter.ticket_status]} · ${say(words.minutes, { n: minutesSince(counter.ticket_since) })}`
    : "";
  const letters = counter.letters.join(" ") + (counter.lent ? " *" : "");
  fill(row, {
    name: words.counters[counter.id],
    letters,
    state,
    clerk,
    number: counter.number ?? (counter.state === "open" ? words.idle : ""),
    visit,
  });
  row.dataset.state = counter.state;
  row.dataset.lent = counter.lent ? "yes" : "";
  row.querySelector("[data-slot=letters]").title = counter.lent ? words.lent : "";
  row
    .querySelector("button")
    .setAttribute(
      "aria-label",
      `${row.querySelector("button").textContent}: ${words.counters[counter.id]}${counter.lent ? ` (${words.lent})` : ""}`,
    );
}

const alertText = (alert) =>
  say(words.alert[alert.kind] ?? words.printerAlert[alert.values.code], alert.values);

function drawAlert(row, alert) {
  const when = alert.ended_at
    ? say(words.alertOver, { time: at(alert.raised_at), end: at(alert.ended_at) })
    : say(words.alertOpen, { time: at(alert.raised_at) });
  const seen = alert.acknowledged_at
    ? say(words.seenBy, { by: nameOf(alert.acknowledged_by), time: at(alert.acknowledged_at) })
    : "";
  fill(row, {
    text: alertText(alert),
    when: [when, words.letter[alert.letter], seen].filter(Boolean).join(" · "),
  });
  row.dataset.open = alert.ended_at ? "" : "yes";
  row.dataset.seen = alert.acknowledged_at ? "yes" : "";
  row.querySelector("button").hidden = Boolean(alert.acknowledged_at);
  row
    .querySelector("button")
    .setAttribute("aria-label", `${row.querySelector("button").textContent}: ${alertText(alert)}`);
}

function drawAnnouncement(row, announcement) {
  const times = { time: at(announcement.starts_at), end: at(announcement.ends_at) };
  const when = announcement.shown
    ? say(words.announced, { time: times.end })
    : say(words.planned, times);
  fill(row, { text: inLanguage(announcement.text), when: `${when} · ${nameOf(announcement.by)}` });
  row
    .querySelector("button")
    .setAttribute(
      "aria-label",
      `${row.querySelector("button").textContent}: ${inLanguage(announcement.text)}`,
    );
}

// Who needs a hand stands first: a device that is not heard, then one whose printer is in trouble.
const needsHand = (device) => 2 * device.silent + (words.printer[device.printer]?.[1] === "late");

function drawDevice(row, device) {
  const [printer, look] = words.printer[device.printer] ?? ["", ""];
  const chip = row.querySelector("[data-slot=printer]");
  chip.hidden = !printer;
  if (chip.textContent !== printer) chip.textContent = printer;
  chip.className = `badge badge--${look}`;
  const when = device.seen_at ? say(words.since, { time: at(device.seen_at) }) : words.never;
  fill(row, {
    name: device.name,
    when: device.silent ? `${words.kind[device.kind]} · ${when}` : words.kind[device.kind],
    state: device.silent ? words.silent : words.heard,
  });
  row.querySelector("[data-slot=state]").className =
    `badge ${device.silent ? "badge--late" : "badge--ok"}`;
}

// ---- Alerts: told once, in words and, if wanted, by a note ------------------------------------------------------------

let sounding = false;
let silent = false; // whether the browser keeps the page silent until it is pressed
try {
  sounding = localStorage.getItem(SOUND) === "on";
} catch {
  // Without storage the choice holds for this visit only.
}

function drawSound() {
  byId("sound").setAttribute("aria-pressed", String(sounding && !silent));
  byId("sound").dataset.silent = sounding && silent ? "yes" : "";
  put("sound-words", !sounding ? words.soundOff : silent ? words.soundAsk : words.soundOn);
}

function getReady() {
  if (sounding)
    readySound((is) => {
      silent = is;
      drawSound();
    });
  drawSound();
}

function tellAlerts() {
  const open = snapshot.alerts.filter((each) => !each.ended_at && !each.acknowledged_at);
  const fresh = knownAlerts === null ? [] : open.filter((each) => !knownAlerts.has(each.id));
  knownAlerts = new Set([...(knownAlerts ?? []), ...open.map((each) => each.id)]);
  if (fresh.length === 0) return;
  const text = say(words.newAlert, { text: alertText(fresh[0]) });
  put("spoken", text);
  if (sounding) chime();
}

byId("sound").addEventListener("click", () => {
  if (sounding && silent) return chime(); // the press that the page has asked for
  sounding = !sounding;
  try {
    localStorage.setItem(SOUND, sounding ? "on" : "off");
  } catch {
    // As above.
  }
  getReady();
  if (sounding) chime();
});

// ---- Commands --------------------------------------------------------------------------------------------------------

function problemText(problem) {
  return words.problems[problem.code] ?? problem.facts?.detail ?? words.problem;
}

/** Send a command. Resolves to null when it is done, else to what is in the way, which `complain` has said. */
async function command(
  address,
  body,
  done,
  complain = (problem) => notify(problem.status ? problemText(problem) : words.offline),
) {
  if (busy) return {}; // one at a time: what waits for its turn is neither sent nor thrown away
  if (!connected) {
    complain({});
    return {};
  }
  busy = true;
  draw();
  try {
    await postJson(address, body, { token: root.dataset.token, key: newKey() });
    notify(done);
    return null;
  } catch (problem) {
    if (problem.status === 401) location.assign(root.dataset.login);
    else complain(problem);
    return problem;
  } finally {
    busy = false;
    draw();
    live.refresh();
  }
}

/**
 * Open a dialog. It stays open, with everything typed, until `send` has been done: `check` gives what is wrong as [text, id of the
 * field] or null, `send(complain)` is the command, and `fields` names the field of each of the server's own.
 */
function ask(name, check, send, fields = {}) {
  const dialog = byId(`${name}-dialog`);
  const form = byId(`${name}-form`);
  const error = byId(`${name}-error`);
  const show = (text, id) => {
    error.textContent = text;
    error.hidden = !text;
    for (const field of form.querySelectorAll("input, textarea")) {
      const isWrong = Boolean(text) && field.id === id;
      if (isWrong) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", error.id);
        field.focus();
      } else for (const name of ["aria-invalid", "aria-describedby"]) field.removeAttribute(name);
      field.closest(".field")?.classList.toggle("field--error", isWrong);
    }
    if (text) error.scrollIntoView({ block: "nearest" });
  };
  const complain = (problem) => {
    const id = fields[problem.facts?.field];
    show(
      id
        ? words.fields[problem.facts.field]
        : problem.status
          ? problemText(problem)
          : words.offline,
      id,
    );
  };
  show("");
  form.onsubmit = async (event) => {
    if (event.submitter?.value !== "go") return;
    event.preventDefault();
    const wrong = check();
    show(...(wrong ?? [""]));
    if (wrong) return;
    const button = event.submitter;
    button.disabled = true;
    const refused = await send(complain);
    button.disabled = false;
    if (!refused) dialog.close();
  };
  dialog.showModal();
}

byId("stop").addEventListener("click", () => {
  byId("stop-reason").value = "";
  byId("stop-confirm").value = "";
  const typed = () =>
    byId("stop-confirm").value.trim().toLowerCase() === words.stopWord.toLowerCase();
  const check = () => {
    if (!byId("stop-reason").value.trim()) return [words.needReason, "stop-reason"];
    return typed() ? null : [say(words.wordWrong, { word: words.stopWord }), "stop-confirm"];
  };
  const send = (complain) =>
    command(
      url("pause"),
      { kind: "PAUSE", reason: byId("stop-reason").value.trim() },
      words.stoppedDone,
      complain,
    );
  ask("stop", check, send, { reason: "stop-reason" });
});
byId("resume").addEventListener("click", () =>
  command(url("resume"), { kind: "PAUSE" }, words.resumedDone),
);
setUpEvacuation({
  call: (drill) => command(url("pause"), { kind: "EVACUATION", drill }, words.evacuated),
  end: () => command(url("resume"), { kind: "EVACUATION" }, words.evacuationOver),
});

const ANNOUNCED = {
  text_id: "text-id",
  text_en: "text-en",
  "text.id": "text-id",
  "text.en": "text-en",
  starts_at: "from",
  ends_at: "until",
};

byId("announce").addEventListener("click", () => {
  // What was typed and not announced yet is still there: a wrong time, a look at the wall or a lost connection takes nobody's text.
  // Times are the office's: the day and the offset come from the server's clock.
  const moment = (text) => `${snapshot.date}T${text}:00${snapshot.sent_at.slice(19)}`;
  const check = () => {
    for (const [field, id] of [
      ["text_id", "text-id"],
      ["text_en", "text-en"],
    ])
      if (!byId(id).value.trim()) return [words.fields[field], id];
    const [from, until] = [byId("from").value, byId("until").value];
    return (from && until <= from) || until <= snapshot.sent_at.slice(11, 16)
      ? [words.fields.ends_at, "until"]
      : null;
  };
  const send = async (complain) => {
    const body = {
      text: { id: byId("text-id").value.trim(), en: byId("text-en").value.trim() },
      ends_at: moment(byId("until").value),
    };
    if (byId("from").value) body.starts_at = moment(byId("from").value);
    const refused = await command(url("announcements"), body, words.announcedDone, complain);
    if (!refused) byId("announce-form").reset();
    return refused;
  };
  ask("announce", check, send, ANNOUNCED);
});

function lend(counter) {
  lending = counter;
  const boxes = [...byId("lend-form").querySelectorAll("[name=stream]")];
  for (const box of boxes) box.checked = counter.letters.includes(box.value);
  byId("lend-reason").value = "";
  byId("lend-usual").textContent = `${words.counters[counter.id]}: ${counter.usual.join(" ")}`;
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const check = () => {
    if (chosen().length === 0) return [words.needStream];
    return byId("lend-reason").value.trim() ? null : [words.needReason, "lend-reason"];
  };
  const send = (complain) => {
    const address = `/api/v1/counters/${encodeURIComponent(lending.id)}/streams`;
    const done = say(words.lentDone, {
      counter: words.counters[lending.id],
      letters: chosen().join(", "),
    });
    return command(
      address,
      { streams: chosen(), reason: byId("lend-reason").value.trim() },
      done,
      complain,
    );
  };
  ask("lend", check, send, { reason: "lend-reason" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-id] [data-do]");
  if (!button) return;
  const id = button.closest("[data-id]").dataset.id;
  const step = button.dataset.do;
  if (step === "lend") lend(snapshot.counters.find((each) => each.id === id));
  if (step === "acknowledge")
    command(url(`alerts/${encodeURIComponent(id)}/acknowledge`), {}, words.seenDone);
  if (step === "end")
    command(url(`announcements/${encodeURIComponent(id)}/end`), {}, words.endedDone);
});

// ---- The channel -----------------------------------------------------------------------------------------------------

function setConnected(is) {
  connected = is;
  const banner = byId("connection");
  banner.hidden = is;
  banner.classList.toggle("connection--off", !is);
  banner.textContent = is ? "" : banner.dataset.off;
}

const live = follow({
  audience: "wall",
  key: root.dataset.office,
  fetchNow: () => getJson(url("wall")),
  onSnapshot(fresh) {
    snapshot = fresh;
    clock.set(fresh.sent_at);
    setConnected(true);
    draw();
    tellAlerts();
  },
  onHealth(health) {
    if (health === "refused") return location.assign(root.dataset.login);
    setConnected(health === "live");
    if (snapshot) draw();
  },
});
getReady();
setInterval(() => {
  if (!snapshot) return;
  drawFigures();
  keepList(byId("counters"), byId("row-counter"), snapshot.counters, drawCounter);
}, 1_000);
