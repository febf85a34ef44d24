// For somebody at the desk: a number for now, or a booking for another time.
import { getJson } from "../live.js";
import { byId, say } from "../page.js";
import { notify } from "../tell.js";
import { goToCard, showVisit } from "./card.js";
import { complain, reasonOf } from "./complaints.js";
import { chosenVisit } from "./from_home.js";
import { send } from "./send.js";
import { momentOf, url, words } from "./state.js";
import { makeTimes } from "./times.js";

const form = byId("new");
const times = makeTimes(form, "", "new-error", () => {
  const query = new URLSearchParams({
    service: byId("service").value,
    party: byId("people").value,
    urgent: String(Boolean(byId("urgency").value)),
    visit: chosenVisit(),
  });
  return getJson(`${url("reception/availability")}?${query}`);
});

export const isLater = () => form.elements.when.value === "later";

function offerIfLater() {
  if (isLater()) times.offer();
}

function chooseWhen() {
  const later = isLater();
  byId("later").hidden = !later;
  byId("book").hidden = !later;
  byId("give").hidden = later;
  byId("roll-part").hidden = later;
  byId("beyond-part").hidden = true;
  for (const id of ["nik", "name"]) byId(id).required = later;
  complain("new-error", "");
  offerIfLater();
}

function startAnew() {
  const service = byId("service").value;
  form.reset();
  byId("service").value = service;
  byId("help").open = false;
  chooseWhen();
}

async function showNew(reference, text) {
  startAnew();
  await showVisit(reference, { isFresh: true, isEntered: true });
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
  const paper = byId("roll").value.trim().toUpperCase();
  if (paper) {
    const { letter } = byId("roll").dataset;
    const digits = paper.startsWith(letter) ? paper.slice(1) : paper;
    if (!/^\d{1,3}$/.test(digits)) return complain("new-error", say(words.noPaper, { letter }));
    body.roll = Number(digits);
  }
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
  if (!times.chosen()) return complain("new-error", words.fields.slot);
  const body = {
    ...readForm(),
    slot: times.chosen(),
    visit: chosenVisit(),
    ...identityOf(byId("nik").value),
    name: byId("name").value,
    assistance: byId("priority").checked,
    needs: [...form.querySelectorAll("[name=need]:checked")].map((each) => each.value),
    represented: byId("represented").checked,
    notify: byId("notify").checked,
  };
  if (byId("phone").value.trim()) body.phone = byId("phone").value;
  const done = (ticket) => showNew(ticket.code, say(words.booked, { time: momentOf(ticket) }));
  send("new-error", url("reception/bookings"), body, done, (problem) => {
    if (["slot_full", "slot_passed"].includes(problem.code)) times.offer();
    return false;
  });
}

for (const radio of form.elements.when) radio.addEventListener("change", chooseWhen);
for (const id of ["service", "people", "urgency"]) {
  byId(id).addEventListener("change", offerIfLater);
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isLater()) book();
  else giveNumber();
});
chooseWhen();
