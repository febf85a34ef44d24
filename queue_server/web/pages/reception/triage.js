// Whether the person at the desk needs a visit at all: the questions of the citizens' pages, in
// short. Nothing here keeps anybody from getting a number.
import { byId, say } from "../page.js";
import { notify } from "../tell.js";
import { giveNumber, isLater } from "./arrival.js";
import { complain, reasonOf } from "./complaints.js";
import { post, send } from "./send.js";
import { root, url, words } from "./state.js";

const box = byId("triage");
let answers = {};
let urgency = ""; // the reason that was chosen here, not by hand
let asked = 0; // an answer to an earlier question is dropped

const request = () => ({ service: byId("service").value, answers });

async function ask(given) {
  answers = given;
  asked += 1;
  const own = asked;
  complain("triage-error", "");
  try {
    const view = await post(url("triage"), request());
    if (own === asked) draw(view);
  } catch (problem) {
    if (own !== asked) return;
    box.hidden = false;
    complain("triage-error", reasonOf(problem));
  }
}

function makeAnswer({ id }, { answer, text }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--secondary button--small";
  button.textContent = text;
  button.addEventListener("click", async () => {
    await ask({ ...answers, [id]: answer });
    box.focus();
  });
  return button;
}

function makeLine(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}

function draw(view) {
  const { question, outcome } = view;
  const isAsked = Object.keys(answers).length > 0;
  const isComing = outcome === "VISIT" || outcome === "URGENT";
  box.hidden = outcome === "VISIT" && !isAsked;
  byId("triage-title").textContent = question?.text ?? view.title;
  byId("triage-why").textContent = question ? question.hint : view.reasons.join(" ");
  byId("triage-why").hidden = !byId("triage-why").textContent;
  const buttons = question?.answers.map((each) => makeAnswer(question, each)) ?? [];
  byId("triage-answers").replaceChildren(...buttons);
  byId("triage-answers").hidden = !question;
  const addresses = view.links.filter(({ rel }) => rel === "online").map(({ url }) => url);
  const lines = isComing ? view.bring : [...view.steps, ...addresses];
  byId("triage-steps").replaceChildren(...lines.map(makeLine));
  byId("triage-more").hidden = lines.length === 0;
  byId("triage-more").open = false;
  byId("triage-more-title").textContent = isComing ? words.bring : words.steps;
  byId("triage-advised").hidden = isComing || Boolean(question);
  byId("triage-again").hidden = !isAsked;
  chooseUrgency(view.urgency ?? "");
  drawAnyway();
}

/** Choose the reason of an urgent case, and take back the one of an earlier case. */
function chooseUrgency(code) {
  const select = byId("urgency");
  const isOwn = urgency !== "" && select.value === urgency;
  urgency = code;
  if (select.value === code || !(code || isOwn)) return;
  select.value = code;
  select.dispatchEvent(new Event("change"));
}

/** Serving somebody anyway gives a number for now. */
function drawAnyway() {
  byId("triage-anyway").hidden = byId("triage-advised").hidden || isLater();
}

byId("service").addEventListener("change", () => ask({}));
for (const radio of byId("new").elements.when) radio.addEventListener("change", drawAnyway);
byId("new").addEventListener("reset", () => ask({}));
byId("triage-again").addEventListener("click", () => ask({}));
byId("triage-advised").addEventListener("click", () =>
  send("triage-error", url("triage"), { ...request(), advised: true }, (view) => {
    notify(say(words.advised, { title: view.title }));
    return ask({});
  }),
);
for (const button of root.querySelectorAll("[data-anyway]")) {
  button.addEventListener("click", () => giveNumber(button.dataset.anyway));
}
ask({});
