// Which times may be chosen: the first free ones at hand, and every other by its day. Once for a
// new booking, once for a visit that is moved; the parts of each have ids of their own.
import { byId, fill, say } from "../page.js";
import { complain, reasonOf } from "./complaints.js";
import { dateOf, momentOf, timeOf, words } from "./state.js";

const OTHER = "other";
const DAYS_OFFERED = 3;
const TIMES_OF_DAY = 2;

const isFree = (slot) => slot.free > 0;
const freeOf = (day) => (day?.slots ?? []).filter(isFree);

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

/**
 * The choice of a time in `form`, whose parts have ids that begin with `prefix`; `ask` gives what
 * the server offers. Returns { offer, chosen }: ask anew, and the slot that is chosen, "" for none.
 */
export function makeTimes(form, prefix, error, ask) {
  const part = (name) => byId(prefix + name);
  let days = []; // days and times that can be booked
  let asked = 0; // an answer to an earlier question is dropped

  const picked = () => form.elements.time?.value ?? "";

  /** What is chosen, and has the focus, at this very moment stays so if it is still offered. */
  function drawOffers() {
    const before = picked();
    const hasFocus = part("offers").contains(document.activeElement);
    const first = days.slice(0, DAYS_OFFERED).flatMap((day) =>
      freeOf(day)
        .slice(0, TIMES_OF_DAY)
        .map((slot) => makeOffer(slot.slot, momentOf({ date: day.date, ...slot }))),
    );
    const offers = first.length ? [...first, makeOffer(OTHER, words.otherTime)] : [];
    part("offers").replaceChildren(...offers);
    const inputs = offers.map((each) => each.querySelector("input"));
    const kept = inputs.find((each) => each.value === before) ?? inputs[0];
    if (!kept) return;
    kept.checked = true;
    if (hasFocus) kept.focus();
  }

  function chooseDay() {
    const day = days.find((each) => each.date === part("day").value);
    const options = freeOf(day).map((slot) => {
      const text = say(words.free, { time: timeOf(slot.starts_at), n: slot.free });
      return new Option(text, slot.slot);
    });
    part("slot").replaceChildren(...options);
  }

  function showOther() {
    part("other-time").hidden = picked() !== OTHER;
  }

  async function offer() {
    complain(error, "");
    asked += 1;
    const own = asked;
    try {
      const answer = await ask();
      if (own !== asked) return;
      days = answer.days.filter((each) => each.slots.some(isFree));
    } catch (problem) {
      if (own === asked) complain(error, reasonOf(problem));
      return;
    }
    const [date, slot] = [part("day").value, part("slot").value];
    drawOffers();
    part("day").replaceChildren(...days.map((each) => new Option(dateOf(each.date), each.date)));
    keepChoice(part("day"), date);
    chooseDay();
    keepChoice(part("slot"), slot);
    showOther();
    if (days.length === 0) complain(error, words.noTimes);
  }

  part("day").addEventListener("change", chooseDay);
  part("offers").addEventListener("change", showOther);
  return { offer, chosen: () => (picked() === OTHER ? part("slot").value : picked()) };
}
