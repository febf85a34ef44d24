// For somebody at the desk: a number for now, or a booking for another time.
import { getJson } from "../live.js";
import { byId, say } from "../page.js";
import { notify } from "../tell.js";
import { goToCard, showVisit } from "./card.js";
import { complain, reasonOf } from "./complaints.js";
import { send } from "./send.js";
import { dateOf, momentOf, timeOf, url, words } from "./state.js";

const form = byId("new");
let days = []; // days and times that can be booked

export const isLater = () => form.elements.when.value === "later";
const isFree = (slot) => slot.free > 0;

function chooseDay() {
  const day = days.find((each) => each.date === byId("day").value);
  const options = (day?.slots ?? []).filter(isFree).map((slot) => {
    const text = say(words.free, { time: timeOf(slot.starts_at), n: slot.free });
    return new Option(text, slot.slot);
  });
  byId("slot").replaceChildren(...options);
}

/** Choose again what was chosen before, if it is still offered. */
function keepChoice(select, value) {
  if ([...select.options].some((each) => each.value === value)) select.value = value;
}

async function fetchDays() {
  if (!isLater()) return;
  complain("new-error", "");
  const query = new URLSearchParams({
    service: byId("service").value,
    party: byId("people").value,
    urgent: String(Boolean(byId("urgency").value)),
  });
  const [date, slot] = [byId("day").value, byId("slot").value];
  try {
    const offer = await getJson(`${url("availability")}?${query}`);
    days = offer.days.filter((each) => each.slots.some(isFree));
  } catch (problem) {
    return complain("new-error", reasonOf(problem));
  }
  byId("day").replaceChildren(...days.map((each) => new Option(dateOf(each.date), each.date)));
  keepChoice(byId("day"), date);
  chooseDay();
  keepChoice(byId("slot"), slot);
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

function startAnew() {
  const service = byId("service").value;
  form.reset();
  byId("service").value = service;
  chooseWhen();
}

async function showNew(reference, text) {
  startAnew();
  await showVisit(reference, { isFresh: true });
  goToCard();
  notify(text);
}

function readForm() {
  const body = {
    service: byId("service").value,
    party_size: Number(byId("people").value),
    language: byId("language").value,
  };
  if (byId("urgency").value) body.urgency = byId("urgency").value;
  return body;
}

/** Give a number for now; `anyway` is why, where the triage advised otherwise. */
export function giveNumber(anyway) {
  const body = readForm();
  if (anyway) body.anyway = anyway;
  const beyond = byId("beyond").value.trim();
  if (byId("priority").checked) body.priority = true;
  if (!byId("beyond-part").hidden) {
    if (!beyond) return complain("new-error", words.needReason);
    body.beyond = beyond;
  }
  const done = (slip) => showNew(slip.id, say(words.given, { number: slip.number }));
  send("new-error", url("reception/tickets"), body, done, (problem) => {
    if (problem.code !== "day_full") return false;
    byId("beyond-part").hidden = false;
    byId("beyond").focus();
    return true;
  });
}

/** The field takes either number: letters, or few digits, are of a passport. */
function identityOf(typed) {
  const isNik = /^[\d\s.-]*$/.test(typed) && (typed.match(/\d/g) ?? []).length > 9;
  return isNik || !typed.trim() ? { nik: typed } : { passport: typed };
}

function book() {
  if (!byId("slot").value) return complain("new-error", words.fields.slot);
  const body = {
    ...readForm(),
    slot: byId("slot").value,
    ...identityOf(byId("nik").value),
    name: byId("name").value,
    assistance: byId("priority").checked,
  };
  if (byId("phone").value.trim()) body.phone = byId("phone").value;
  const done = (ticket) => showNew(ticket.code, say(words.booked, { time: momentOf(ticket) }));
  send("new-error", url("reception/bookings"), body, done, (problem) => {
    if (["slot_full", "slot_passed"].includes(problem.code)) fetchDays();
    return false;
  });
}

for (const radio of form.elements.when) radio.addEventListener("change", chooseWhen);
byId("day").addEventListener("change", chooseDay);
for (const id of ["service", "people", "urgency"]) byId(id).addEventListener("change", fetchDays);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isLater()) book();
  else giveNumber();
});
chooseWhen();
