// Where somebody is served who books a time: only what the chosen service can be had by.
import { byId } from "../page.js";

const part = byId("from-home"); // not there in an office that serves nobody from home
const offered = part ? JSON.parse(part.dataset.services) : {};

/** How the visit is had, as the server calls it. */
export const chosenVisit = () => (part && !part.hidden ? byId("visit-kind").value : "OFFICE");

function show() {
  const kind = chosenVisit();
  byId("kind-phone").hidden = kind !== "PHONE";
  byId("kind-video").hidden = kind !== "VIDEO";
  const phone = byId("phone");
  phone.required = kind === "PHONE";
  phone.closest(".field").querySelector(".field__optional").hidden = phone.required;
  // A call is with one person, and the field says so.
  byId("people").disabled = kind !== "OFFICE";
  if (byId("people").disabled) byId("people").value = "1";
}

function offer() {
  const kinds = offered[byId("service").value] ?? [];
  for (const option of byId("visit-kind").options) {
    option.hidden = option.value !== "OFFICE" && !kinds.includes(option.value);
    option.disabled = option.hidden;
  }
  if (byId("visit-kind").selectedOptions[0]?.disabled) byId("visit-kind").value = "OFFICE";
  part.hidden = kinds.length === 0;
  show();
}

if (part) {
  byId("service").addEventListener("change", offer);
  byId("visit-kind").addEventListener("change", () => {
    show();
    byId("people").dispatchEvent(new Event("change")); // other times are free
  });
  for (const radio of byId("new").elements.when) {
    radio.addEventListener("change", () => {
      // Who is given a number stands here.
      if (byId("new").elements.when.value !== "later") byId("visit-kind").value = "OFFICE";
      offer();
    });
  }
  byId("new").addEventListener("reset", () => queueMicrotask(offer));
  offer();
}
