// The form of a screen: how far its numbers can be read follows what is typed, and what only the
// layout with two halls has is shown only there.
import { byId } from "../../page.js";

const MM_PER_M = 5;
const HEIGHT_MM_PER_INCH = 12.45;

const form = byId("screen-form");
const legible = byId("legible");

const legibleTo = (inches, share) =>
  Math.floor((Number(share) * HEIGHT_MM_PER_INCH * inches) / MM_PER_M);

function follow() {
  const inches = Number(form.elements.diagonal_inch.value);
  const distance = Number(form.elements.distance_m.value);
  const { callShare, recentShare, recentShareMost } = legible.dataset;
  legible.hidden = !(inches > 0);
  if (inches > 0) {
    legible.querySelector('[data-legible="call"]').textContent = legibleTo(inches, callShare);
    legible.querySelector('[data-legible="recent"]').textContent = Math.min(
      Math.max(legibleTo(inches, recentShare), Math.floor(distance)),
      legibleTo(inches, recentShareMost),
    );
  }
  byId("too-far").hidden = !(inches > 0 && distance > legibleTo(inches, callShare));
  const twoHalls = form.elements.layout.value === "halls";
  byId("hall-names").hidden = !twoHalls;
  for (const option of form.querySelectorAll('#f-counters option[value="2"]'))
    option.hidden = option.disabled = !twoHalls && !option.selected;
}

form.addEventListener("input", follow);
follow();
