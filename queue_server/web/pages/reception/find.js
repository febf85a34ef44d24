// Which visit is meant: by what is shown or scanned, or by a name.
import { setUpCamera } from "../camera.js";
import { byId, fill, say } from "../page.js";
import { isNik, keepFocus, setUpScanner } from "../scanner.js";
import { notify } from "../tell.js";
import { goToCard, showVisit } from "./card.js";
import { complain, reasonOf } from "./complaints.js";
import { post } from "./send.js";
import { momentOf, personsOf, serviceOf, timeOf, url, words } from "./state.js";

const list = byId("found");

// An identity card is dropped here: its number must reach no server's log.
function refuse(kind) {
  if (kind === "nik") byId("shown").value = "";
  complain("find-error", words.scan[kind]);
}

/** Open the visit that is meant by what was shown, scanned or pressed. */
export async function look(reference) {
  if (isNik(reference)) return refuse("nik");
  complain("find-error", "");
  list.hidden = true;
  try {
    await showVisit(reference);
    byId("shown").value = "";
    goToCard();
  } catch (problem) {
    complain("find-error", [404, 422].includes(problem.status) ? words.unknown : reasonOf(problem));
  }
}

function makeRow(visit, isDated) {
  const row = byId("row-name").content.firstElementChild.cloneNode(true);
  const facts = [
    isDated ? momentOf({ date: visit.starts_at.slice(0, 10), ...visit }) : timeOf(visit.starts_at),
    visit.delay_minutes && say(words.comesLater, { n: visit.delay_minutes }),
    serviceOf(visit),
    personsOf(visit.party_size),
  ];
  fill(row, {
    name: visit.name,
    what: facts.filter(Boolean).join(" · "),
    state: visit.number ?? words.states[visit.status],
  });
  row.querySelector("button").addEventListener("click", () => look(visit.id));
  return row;
}

const badNameOf = ({ facts }) => (facts.field === "last4" ? words.last4Short : words.nameShort);

async function lookByName(name, last4) {
  complain("find-error", "");
  list.hidden = true;
  try {
    const { visits, more } = await post(url("reception/names"), {
      name,
      ...(last4 && { last4 }),
    });
    list.replaceChildren(...visits.map((each) => makeRow(each, Boolean(last4))));
    list.hidden = visits.length === 0;
    if (visits.length === 0)
      complain("find-error", last4 ? words.foundNoneComing : words.foundNone);
    else if (more) complain("find-error", words.foundMore);
    list.querySelector("button")?.focus();
  } catch (problem) {
    complain("find-error", problem.code === "bad_input" ? badNameOf(problem) : reasonOf(problem));
  }
}

byId("scan").addEventListener("submit", (event) => {
  event.preventDefault();
  look(byId("shown").value);
});
byId("names").addEventListener("submit", (event) => {
  event.preventDefault();
  lookByName(byId("name-part").value, byId("last4").value);
});
setUpCamera({ read: look, failed: () => notify(words.noCamera) });
setUpScanner({ read: look, refuse });
keepFocus(byId("shown"));
