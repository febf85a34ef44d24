// The dashboard's lists: queues, counters, alerts, announcements and devices, a row for each.
import { byId, fill, inLanguage, keepList, say, sayWait, setText } from "../page.js";
import { nameButton } from "../tell.js";
import { alertText, clock, minutesSince, nameOf, put, state, timeOf, words } from "./state.js";

const join = (facts) => facts.filter(Boolean).join(" · ");
const lookOf = (isLate) => `badge badge--${isLate ? "late" : "ok"}`;

function drawStream(row, stream) {
  const { counters_open: open, counters_needed: needed, letter, wait } = stream;
  fill(row, {
    letter,
    name: inLanguage(stream.name),
    waiting: String(stream.waiting),
    wait: wait ? sayWait(wait, words.wait) : "–",
    arrived: String(stream.arrived_last_hour),
    counters: `${open} / ${needed}`,
  });
  row.querySelector("[data-slot=counters]").className = lookOf(needed > open);
}

function stateOf({ state: name, since }) {
  if (name === "closed") return words.state.closed;
  return `${words.state[name]} ${say(words.since, { time: timeOf(since) })}`;
}

function visitOf({ number, ticket_status: status, ticket_since: since }) {
  if (!number) return "";
  return `${words.ticket[status]} · ${say(words.minutes, { n: minutesSince(since) })}`;
}

function drawCounter(row, counter) {
  const { because, clerk, lent, letters } = counter;
  const name = words.counters[counter.id];
  fill(row, {
    name,
    letters: letters.join(" ") + (lent ? " *" : ""),
    state: stateOf(counter),
    clerk: join([clerk && nameOf(clerk), words.because[because] ?? because]),
    number: counter.number ?? (counter.state === "open" ? words.idle : ""),
    visit: visitOf(counter),
    forgotten: words.forgotten,
  });
  // The visit may be over long since, and only not be finished.
  const askedFrom = counter.ticket_asked_from;
  row.querySelector("[data-slot=forgotten]").hidden =
    !askedFrom || clock.nowMs() < Date.parse(askedFrom);
  row.dataset.state = counter.state;
  row.dataset.lent = lent ? "yes" : "";
  row.querySelector("[data-slot=letters]").title = lent ? words.lent : "";
  const lend = row.querySelector("[data-do=lend]");
  nameButton(lend, lent ? `${name} (${words.lent})` : name);
  // Who works at home serves calls alone.
  lend.hidden = counter.remote;
  const release = row.querySelector("[data-do=release]");
  release.hidden = !clerk;
  nameButton(release, name);
}

function drawAlert(row, alert) {
  const times = { time: timeOf(alert.raised_at), end: timeOf(alert.ended_at) };
  const seenAt = alert.acknowledged_at;
  const text = alertText(alert);
  const when = join([
    say(alert.ended_at ? words.alertOver : words.alertOpen, times),
    words.letter[alert.letter],
    seenAt && say(words.seenBy, { by: nameOf(alert.acknowledged_by), time: timeOf(seenAt) }),
  ]);
  fill(row, { text, when });
  row.dataset.open = alert.ended_at ? "" : "yes";
  row.dataset.seen = seenAt ? "yes" : "";
  const button = row.querySelector("button");
  button.hidden = Boolean(seenAt);
  nameButton(button, text);
}

function drawAnnouncement(row, { by, ends_at: endsAt, shown, starts_at: startsAt, text }) {
  const [start, end] = [timeOf(startsAt), timeOf(endsAt)];
  const when = shown
    ? say(words.announced, { time: end })
    : say(words.planned, { time: start, end });
  fill(row, { text: inLanguage(text), when: join([when, nameOf(by)]) });
  nameButton(row.querySelector("button"), inLanguage(text));
}

function drawDevice(row, device) {
  const kind = words.kind[device.kind];
  const seen = device.seen_at ? say(words.since, { time: timeOf(device.seen_at) }) : words.never;
  fill(row, {
    name: device.name,
    when: device.silent ? join([kind, seen]) : kind,
    state: device.silent ? words.silent : words.heard,
  });
  row.querySelector("[data-slot=state]").className = lookOf(device.silent);
  const [printer, look] = words.printer[device.printer] ?? ["", ""];
  const chip = row.querySelector("[data-slot=printer]");
  chip.hidden = !printer;
  chip.className = `badge badge--${look}`;
  setText(chip, printer);
  // What the two other badges do not say already; the alerts beside say what to do.
  const [trouble] = device.troubles.filter(
    ({ code }) => code !== "silent" && words.troubleName[code] !== printer,
  );
  const mark = row.querySelector("[data-slot=trouble]");
  mark.hidden = !trouble;
  mark.className = `badge badge--${trouble?.urgent ? "late" : "warn"}`;
  setText(mark, trouble ? words.troubleName[trouble.code] : "");
}

// Who needs a hand stands first: a device that is not heard, then one in another urgent trouble.
const needsHand = ({ silent, troubles }) =>
  2 * silent + troubles.some((each) => each.urgent) + (troubles.length > 0) / 2;

/** The counters' rows alone: time changes what they say. */
export function drawCounters() {
  keepList(byId("counters"), byId("row-counter"), state.snapshot.counters, drawCounter);
}

export function drawRows() {
  const { alerts, announcements, devices } = state.snapshot;
  const streams = state.snapshot.streams.map((each) => ({ ...each, id: each.letter }));
  const inOrder = [...devices].sort((one, other) => needsHand(other) - needsHand(one));
  keepList(byId("streams"), byId("row-stream"), streams, drawStream);
  drawCounters();
  keepList(byId("alerts"), byId("row-alert"), alerts, drawAlert);
  keepList(byId("announcements"), byId("row-announcement"), announcements, drawAnnouncement);
  keepList(byId("devices"), byId("row-device"), inOrder, drawDevice);
  for (const name of ["alerts", "announcements", "devices"]) {
    byId(`${name}-empty`).hidden = state.snapshot[name].length > 0;
  }
  put("alerts-count", String(alerts.filter((each) => !each.ended_at).length));
}
