// Which times staff may book: the first free ones at hand, and every other by its day.
import { getJson } from "../live.js";
import { byId, fill, say } from "../page.js";
import { complain, reasonOf } from "./complaints.js";
import { chosenVisit } from "./from_home.js";
import { dateOf, momentOf, timeOf, url, words } from "./state.js";

const OTHER = "other";
const DAYS_OFFERED = 3;
const TIMES_OF_DAY = 2;

const form = byId("new");
let days = []; // days and times that can be booked
let asked = 0; // an answer to an earlier question is dropped

const isFree = (slot) => slot.free > 0;
const freeOf = (day) => (day?.slots ?? []).filter(isFree);
const chosen = () => form.elements.time?.value ?? "";

/** The slot that is chosen; "" for none. */
export const chosenSlot = () => (chosen() === OTHER ? byId("slot").value : chosen());

/** Choose again what was chosen before, if it is still offered. */
function keepChoice(select, value) {
  if ([...select.options].some((each) => each.value === value)) select.value = value;
}

function makeOffer(value, text) {
  const offer = byId("row-time").content.firstElementChild.cloneNode(true);
  offer.querySelector("input").value = value;
  fill(offer, { text });
  return offer;
}

/** What is chosen, and has the focus, at this very moment stays so if it is still offered. */
function drawOffers() {
  const before = chosen();
  const hasFocus = byId("offers").contains(document.activeElement);
  const first = days.slice(0, DAYS_OFFERED).flatMap((day) =>
    freeOf(day)
      .slice(0, TIMES_OF_DAY)
      .map((slot) => makeOffer(slot.slot, momentOf({ date: day.date, ...slot }))),
  );
  const offers = first.length ? [...first, makeOffer(OTHER, words.otherTime)] : [];
  byId("offers").replaceChildren(...offers);
  const inputs = offers.map((each) => each.querySelector("input"));
  const kept = inputs.find((each) => each.value === before) ?? inputs[0];
  if (!kept) return;
  kept.checked = true;
  if (hasFocus) kept.focus();
}

function chooseDay() {
  const day = days.find((each) => each.date === byId("day").value);
  const options = freeOf(day).map((slot) => {
    const text = say(words.free, { time: timeOf(slot.starts_at), n: slot.free });
    return new Option(text, slot.slot);
  });
  byId("slot").replaceChildren(...options);
}

function showOther() {
  byId("other-time").hidden = chosen() !== OTHER;
}

/** Ask which times are free for the service, the people and the urgency of the form. */
export async function offerTimes() {
  complain("new-error", "");
  asked += 1;
  const own = asked;
  const query = new URLSearchParams({
    service: byId("service").value,
    party: byId("people").value,
    urgent: String(Boolean(byId("urgency").value)),
    visit: chosenVisit(),
  });
  try {
    const offer = await getJson(`${url("reception/availability")}?${query}`);
    if (own !== asked) return;
    days = offer.days.filter((each) => each.slots.some(isFree));
  } catch (problem) {
    if (own === asked) complain("new-error", reasonOf(problem));
    return;
  }
  const [date, slot] = [byId("day").value, byId("slot").value];
  drawOffers();
  byId("day").replaceChildren(...days.map((each) => new Option(dateOf(each.date), each.date)));
  keepChoice(byId("day"), date);
  chooseDay();
  keepChoice(byId("slot"), slot);
  showOther();
  if (days.length === 0) complain("new-error", words.noTimes);
}

byId("day").addEventListener("change", chooseDay);
byId("offers").addEventListener("change", showOther);
