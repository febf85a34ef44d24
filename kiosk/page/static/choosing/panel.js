// Beside the number: whether a visit is needed at all, question by question, and how else it is
// had. It never stands in the way of a number.
import { byId, drawCode, make, makeButton } from "../frame/page.js";
import { pick, word } from "../frame/words.js";
import { breakable } from "../home/tiles.js";
import { evidenceOf, guideOf, qrOf } from "./guide.js";

const { urgencies } = JSON.parse(byId("choices").textContent);
const HERE = ["VISIT", "URGENT"];
const LESS = [
  ".bring li:last-child:not(:first-child)",
  ".bring",
  ".hint",
  ".evidence",
  ".steps li:last-child:not(:first-child)",
  ".reason-text",
  ".steps",
];

/** The panel of one service: where the visitor stands in its questions. */
export class Panel {
  // `urgent(reason)` takes a number for an urgent case, `other(code)` goes to another service,
  // `changed()` after each step.
  constructor({ urgent, other, changed }) {
    Object.assign(this, { urgent, other, changed });
    this.box = byId("panel");
  }

  open(service, { mayBeUrgent, onlyUrgent }) {
    this.service = service;
    this.mayBeUrgent = mayBeUrgent;
    this.guide = guideOf(service.code);
    this.node = this.guide?.first ?? null;
    // Without a guide the reasons of urgent cases are asked all the same.
    if (onlyUrgent && !this.guide) this.node = "urgencies";
    this.draw();
  }

  /** What is advised now; null while something is asked. */
  get advice() {
    return this.guide?.advice[this.node] ?? null;
  }

  go(node) {
    const advice = this.guide?.advice[node];
    if (advice?.urgency) {
      if (this.mayBeUrgent) this.urgent(advice.urgency);
      return;
    }
    this.node = node;
    this.draw();
    this.changed();
  }

  draw() {
    const question = this.guide?.questions[this.node];
    this.box.dataset.shows =
      this.node === "urgencies" ? "reasons" : question ? "question" : "advice";
    if (this.node === "urgencies") this.#drawUrgencies();
    else if (question) this.#drawQuestion(question);
    else this.#drawAdvice();
    this.#fit();
  }

  #drawUrgencies() {
    const reasons = urgencies.map((each) => this.#reason(each, word(`urgency_${each}`)));
    this.#fill(
      make("h2", "", word("urgency_title")),
      make("p", "hint", word("urgency_hint")),
      this.#answers(reasons),
    );
  }

  #reason(urgency, text) {
    const button = makeButton("reason", undefined, () => this.urgent(urgency));
    button.dataset.urgency = urgency;
    const evidence = evidenceOf(urgency);
    button.append(make("span", "", breakable(text)));
    if (evidence) button.append(make("small", "evidence", pick(evidence)));
    return button;
  }

  #drawQuestion({ text, hint, answers }) {
    const buttons = answers.map((answer) => {
      const { urgency } = this.guide.advice[answer.to] ?? {};
      return urgency
        ? this.#reason(urgency, pick(answer.text))
        : makeButton("", pick(answer.text), () => this.go(answer.to));
    });
    const many = buttons.length > 4;
    this.#fill(
      make("h2", "", pick(text)),
      make("p", "hint", pick(many ? {} : hint)),
      this.#answers(buttons),
      ...this.#ways(!many),
    );
  }

  #drawAdvice() {
    const { advice, guide, service } = this;
    if (!advice) {
      const bring = pick(guide?.bring ?? {});
      this.#fill(
        make("p", "reason-text", pick(service.summary)),
        ...(bring ? [this.#list("bring", word("bring"), bring)] : []),
        ...this.#ways(true),
      );
      return;
    }
    const here = HERE.includes(advice.outcome);
    const bring = pick(advice.bring);
    this.#fill(
      make("h2", "", pick(advice.title)),
      make("p", "reason-text", pick(advice.reason)),
      ...(here ? [] : [this.#phone(advice)]),
      ...(bring ? [this.#list("bring", word("bring"), bring)] : []),
      ...this.#ways(true, advice.service),
    );
  }

  // The way on by phone: what to do, and the code of where.
  #phone(advice) {
    const box = make("div", "by-phone");
    const words = this.#list("steps", "", pick(advice.steps));
    const qr = qrOf(advice.url);
    if (!qr) {
      box.append(words);
      return box;
    }
    const figure = make("figure");
    const where = new URL(advice.url).host;
    figure.append(drawCode(qr), make("figcaption", "", word("scan_online", { host: where })));
    box.append(figure, words);
    return box;
  }

  #list(className, title, lines) {
    const box = make("div", className);
    if (title) box.append(make("h3", "", title));
    const list = make("ul");
    list.append(
      ...lines
        .split("\n")
        .filter(Boolean)
        .map((line) => make("li", "", line)),
    );
    box.append(list);
    return box;
  }

  #answers(buttons) {
    const box = make("div", "answers");
    box.append(...buttons);
    return box;
  }

  #ways(isWanted, other = null) {
    const ways = make("div", "ways");
    if (other) ways.append(makeButton("", word("other_service"), () => this.other(other)));
    if (this.guide && this.node !== this.guide.first)
      ways.append(makeButton("", word("answer_again"), () => this.go(this.guide.first)));
    if (isWanted && this.mayBeUrgent)
      ways.append(
        makeButton("is-urgent", word("is_urgent"), () => {
          this.node = "urgencies";
          this.draw();
          this.changed();
        }),
      );
    return ways.children.length ? [ways] : [];
  }

  #fill(...parts) {
    this.box.replaceChildren(...parts.filter((each) => each.textContent || each.children.length));
  }

  // A screen that is too low says less, from the least important on: nothing is cut off.
  #fit() {
    const isFull = () => this.box.scrollHeight > this.box.clientHeight + 1;
    const lastOf = (what) => [...this.box.querySelectorAll(what)].at(-1);
    for (const what of LESS) {
      for (let last = lastOf(what); last && isFull(); last = lastOf(what)) {
        const before = this.box.scrollHeight;
        last.hidden = true;
        if (this.box.scrollHeight === before && what.includes("li")) {
          last.hidden = false; // what stands beside it is as high
          break;
        }
        last.remove();
      }
    }
  }
}
