// The reception: a visit is looked up, changed by one command, and shown again as the server then knows it.
import { follow, getJson, postJson } from "../live.js";
import { byId, clockOf, fill } from "../list.js";
import { newKey } from "../idempotency.js";
import { notify } from "../tell.js";
import { makeCamera } from "../door/camera.js";
import { drawAlarm } from "../evacuation.js";

const root = byId("reception");
const words = JSON.parse(root.dataset.words);
const base = `/api/v1/offices/${encodeURIComponent(root.dataset.office)}`;
const desk = `${base}/reception`;
let visit = null; // the visit on the card
let days = []; // days and times that can be booked
let busy = false;
let kept = null; // { what, key }: a command whose answer was lost is sent again under its own key

const say = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
const count = (forms, n) =>
  n === 0 && forms.none ? forms.none : n === 1 ? forms.one : say(forms.other, { n });
const inLanguage = (text) => text[words.language] ?? text.id ?? "";
const clock = (time) => clockOf(time, words.clockMark);
const dateLocale = words.language === "en" ? "en-GB" : words.language;
const datePart = (date, wanted) =>
  new Intl.DateTimeFormat(dateLocale, { ...wanted, timeZone: "UTC" }).format(
    new Date(`${date}T00:00:00Z`),
  );
const dateWords = (date) =>
  `${datePart(date, { weekday: "long" })}, ${datePart(date, { day: "numeric", month: "long" })}`;

function complain(place, text) {
  byId(place).textContent = text;
  byId(place).hidden = !text;
}

function reasonOf(problem) {
  if (problem.status === 401) location.assign(root.dataset.login);
  if (!problem.status) return words.offline;
  const facts = problem.facts;
  if (problem.code === "bad_input")
    return (
      words.fields[facts.field] ??
      (facts.field === "beyond" || facts.field === "reason" ? words.needReason : words.problem)
    );
  if (problem.code === "limit_reached") return words.limits[facts.rule] ?? facts.detail;
  return words.problems[problem.code] ?? facts.detail ?? words.problem;
}

/** Send one command; the same press again after a lost answer is the same command. */
async function command(place, url, body, done, refused = () => false) {
  if (busy) return;
  busy = true;
  root.setAttribute("aria-busy", "true");
  complain(place, "");
  const what = JSON.stringify([url, body]);
  if (kept?.what !== what) kept = { what, key: newKey() };
  try {
    const answer = await postJson(url, body, { token: root.dataset.token, key: kept.key });
    kept = null;
    await done(answer);
  } catch (problem) {
    if (problem.status) kept = null;
    if (!refused(problem)) complain(place, reasonOf(problem));
    if (["wrong_state", "changed"].includes(problem.code) && visit)
      await show(visit.id).catch(() => {});
  } finally {
    busy = false;
    root.removeAttribute("aria-busy");
  }
}

// ---- The visit on the card -----------------------------------------------------------------------------------------

async function show(reference, { fresh = false } = {}) {
  visit = await getJson(`${desk}/ticket?shown=${encodeURIComponent(reference)}`);
  draw(fresh);
}

function draw(fresh) {
  const ticket = visit.ticket;
  const waiting = ticket.status === "WAITING";
  const booked = ticket.status === "BOOKED";
  byId("visit").hidden = false;
  complain("visit-error", "");
  byId("visit-number").textContent = ticket.number ?? ticket.code.replace(/(.{4})(?=.)/g, "$1-");
  byId("visit-state").textContent = words.states[ticket.status] ?? ticket.status;
  byId("visit-state").className = `badge badge--${words.badges[ticket.status] ?? "info"}`;
  byId("visit-service").textContent = inLanguage(ticket.service_name);
  const marks = [
    count(words.persons, ticket.party_size),
    visit.channel === "URGENT" && words.urgent,
    visit.priority && words.priority,
  ];
  const when =
    ticket.starts_at &&
    say(words.bookedFor, {
      time: say(words.at, { date: dateWords(ticket.date), time: clock(ticket.starts_at) }),
    });
  byId("visit-time").textContent = [when, ...marks].filter(Boolean).join(" · ");
  const place = byId("visit-place");
  place.dataset.place = ticket.place ?? "";
  const wait = ticket.wait && say(ticket.wait.low > 0 ? words.wait : words.waitUnder, ticket.wait);
  place.textContent = waiting
    ? [words.place[ticket.place], count(words.ahead, ticket.ahead ?? 0), wait]
        .filter(Boolean)
        .join(" · ")
    : ticket.counter
      ? say(words.counter, { name: ticket.counter })
      : "";
  byId("check-in").hidden = !booked || !visit.today;
  byId("print").hidden = !fresh;
  byId("print").href = `/api/v1/tickets/${encodeURIComponent(ticket.code)}/slip.pdf`;
  byId("copy").hidden =
    fresh || !["BOOKED", "WAITING", "CALLED", "SERVING", "PARKED"].includes(ticket.status);
  byId("copy").action = `/api/v1/tickets/${encodeURIComponent(visit.id)}/copy`;
  byId("locked").hidden = !visit.locked;
  byId("party").hidden = !waiting && !booked;
  const sizes = Array.from({ length: visit.party_max }, (_each, n) => new Option(String(n + 1)));
  byId("party-size").replaceChildren(...sizes);
  byId("party-size").value = String(ticket.party_size);
  byId("evidence").hidden =
    visit.channel !== "URGENT" ||
    !["WAITING", "CALLED", "SERVING", "PARKED"].includes(ticket.status);
  byId("evidence-now").textContent = words.evidence[visit.evidence] ?? words.notLooked;
  for (const button of root.querySelectorAll("[data-evidence]"))
    button.setAttribute("aria-pressed", String(button.dataset.evidence === visit.evidence));
  byId("urgent").hidden = !waiting || visit.channel === "URGENT";
  byId("urgent").open = false;
  byId("urgent-why").value = "";
}

function settle() {
  byId("visit").focus({ preventScroll: true });
  byId("visit").scrollIntoView({
    block: "nearest",
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  });
}

async function look(text) {
  complain("find-error", "");
  byId("found").hidden = true;
  try {
    await show(text);
    byId("shown").value = "";
    settle();
  } catch (problem) {
    complain("find-error", [404, 422].includes(problem.status) ? words.unknown : reasonOf(problem));
  }
}

const ticketUrl = (name) => `/api/v1/tickets/${encodeURIComponent(visit.id)}/${name}`;
const numberNow = () => byId("visit-number").textContent;

byId("scan").addEventListener("submit", (event) => {
  event.preventDefault();
  look(byId("shown").value);
});
makeCamera({
  button: byId("camera"),
  view: byId("view"),
  video: byId("video"),
  off: byId("camera-off"),
  found: look,
  failed: () => notify(words.noCamera),
});

byId("names").addEventListener("submit", async (event) => {
  event.preventDefault();
  complain("find-error", "");
  const list = byId("found");
  list.hidden = true;
  try {
    const { found, more } = await postJson(
      `${desk}/names`,
      { name: byId("name-part").value },
      { token: root.dataset.token, key: newKey() },
    );
    list.replaceChildren(
      ...found.map((each) => {
        const row = byId("row-name").content.firstElementChild.cloneNode(true);
        fill(row, {
          name: each.name,
          what: `${clock(each.starts_at)} · ${inLanguage(each.service_name)} · ${count(words.persons, each.party_size)}`,
          state: each.number ?? words.states[each.status],
        });
        row.querySelector("button").addEventListener("click", () => look(each.id));
        return row;
      }),
    );
    list.hidden = found.length === 0;
    if (found.length === 0) complain("find-error", words.foundNone);
    else if (more) complain("find-error", words.foundMore);
    list.querySelector("button")?.focus();
  } catch (problem) {
    complain("find-error", problem.code === "bad_input" ? words.nameShort : reasonOf(problem));
  }
});

byId("check-in").addEventListener("click", () =>
  command("visit-error", `${desk}/arrivals`, { ticket: visit.id }, async (slip) => {
    await show(slip.id, { fresh: true });
    settle();
    notify(say(words.checkedIn, { number: slip.number }));
  }),
);
byId("unlock").addEventListener("click", () =>
  command("visit-error", ticketUrl("unlock"), {}, async () => {
    await show(visit.id);
    notify(words.unlocked);
  }),
);
byId("party").addEventListener("submit", (event) => {
  event.preventDefault();
  command(
    "visit-error",
    ticketUrl("party"),
    { party_size: Number(byId("party-size").value) },
    async (ticket) => {
      await show(visit.id);
      notify(say(words.partyDone, { persons: count(words.persons, ticket.party_size) }));
    },
    () => {
      byId("party-size").value = String(visit.ticket.party_size);
      return false;
    },
  );
});
byId("urgent-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const urgency = byId("urgent-why").value;
  if (!urgency) return complain("visit-error", words.chooseReason);
  command("visit-error", ticketUrl("urgent"), { urgency }, async () => {
    await show(visit.id);
    notify(say(words.urgentDone, { number: numberNow() }));
  });
});
for (const button of root.querySelectorAll("[data-evidence]")) {
  button.addEventListener("click", () =>
    command(
      "visit-error",
      ticketUrl("evidence"),
      { evidence: button.dataset.evidence },
      async () => {
        await show(visit.id);
        notify(say(words.evidenceDone, { text: words.evidence[button.dataset.evidence] }));
      },
    ),
  );
}

// ---- For somebody at the desk --------------------------------------------------------------------------------------

const isLater = () => byId("new").elements.when.value === "later";

function chooseDay() {
  const day = days.find((each) => each.date === byId("day").value);
  byId("slot").replaceChildren(
    ...(day?.slots ?? [])
      .filter((each) => each.free > 0)
      .map(
        (each) =>
          new Option(say(words.free, { time: clock(each.starts_at), n: each.free }), each.slot),
      ),
  );
}

async function fetchDays() {
  if (!isLater()) return;
  complain("new-error", "");
  const query = new URLSearchParams({
    service: byId("service").value,
    party: byId("people").value,
    urgent: String(Boolean(byId("urgency").value)),
  });
  const before = [byId("day").value, byId("slot").value];
  try {
    days = (await getJson(`${base}/availability?${query}`)).days.filter((each) =>
      each.slots.some((slot) => slot.free > 0),
    );
  } catch (problem) {
    return complain("new-error", reasonOf(problem));
  }
  byId("day").replaceChildren(...days.map((each) => new Option(dateWords(each.date), each.date)));
  if (days.some((each) => each.date === before[0])) byId("day").value = before[0];
  chooseDay();
  if ([...byId("slot").options].some((each) => each.value === before[1]))
    byId("slot").value = before[1];
  if (days.length === 0) complain("new-error", words.noTimes);
}

function chooseWhen() {
  const later = isLater();
  byId("later").hidden = !later;
  byId("book").hidden = !later;
  byId("give").hidden = later;
  byId("beyond-part").hidden = true;
  for (const id of ["nik", "name"]) byId(id).required = later;
  complain("new-error", "");
  fetchDays();
}

for (const radio of byId("new").elements.when) radio.addEventListener("change", chooseWhen);
byId("day").addEventListener("change", chooseDay);
for (const id of ["service", "people", "urgency"]) byId(id).addEventListener("change", fetchDays);

function startAnew() {
  const service = byId("service").value;
  byId("new").reset();
  byId("service").value = service;
  chooseWhen();
}

byId("new").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = {
    service: byId("service").value,
    party_size: Number(byId("people").value),
    language: byId("language").value,
  };
  if (byId("urgency").value) body.urgency = byId("urgency").value;
  if (isLater()) return book(body);
  if (byId("priority").checked) body.priority = true;
  if (!byId("beyond-part").hidden) {
    if (!byId("beyond").value.trim()) return complain("new-error", words.needReason);
    body.beyond = byId("beyond").value.trim();
  }
  command(
    "new-error",
    `${desk}/tickets`,
    body,
    async (slip) => {
      startAnew();
      await show(slip.id, { fresh: true });
      settle();
      notify(say(words.given, { number: slip.number }));
    },
    (problem) => {
      if (problem.code !== "day_full") return false;
      byId("beyond-part").hidden = false;
      byId("beyond").focus();
      return true;
    },
  );
});

function book(body) {
  if (!byId("slot").value) return complain("new-error", words.fields.slot);
  const whole = {
    ...body,
    slot: byId("slot").value,
    nik: byId("nik").value,
    name: byId("name").value,
    assistance: byId("priority").checked,
  };
  if (byId("phone").value.trim()) whole.phone = byId("phone").value;
  command(
    "new-error",
    `${desk}/bookings`,
    whole,
    async (ticket) => {
      startAnew();
      await show(ticket.code, { fresh: true });
      settle();
      notify(
        say(words.booked, {
          time: say(words.at, { date: dateWords(ticket.date), time: clock(ticket.starts_at) }),
        }),
      );
    },
    (problem) => {
      if (["slot_full", "slot_passed"].includes(problem.code)) fetchDays();
      return false;
    },
  );
}

chooseWhen();

// ---- Whether everything stands still: the public board tells it at once ------------------------------------------------

follow({
  audience: "board",
  key: root.dataset.office,
  fetchNow: () => getJson(`${base}/board`),
  onSnapshot(board) {
    const stop = board.paused && { kind: board.paused, drill: board.drill };
    const out = drawAlarm(root, stop);
    byId("stop-banner").hidden = !stop || out;
    byId("give").disabled = Boolean(stop);
  },
  onHealth() {},
});
