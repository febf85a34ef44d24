// The one screen before a number: one touch for one person; party, priority, urgency and the
// triage stand beside it.
import { closedText } from "../home/home.js";
import { breakable, load, whyClosed } from "../home/tiles.js";
import { plainDate } from "../frame/clock.js";
import { byId } from "../frame/page.js";
import { pick, word } from "../frame/words.js";
import { Panel } from "./panel.js";
import { drawParty, drawPriority } from "./party.js";

const HERE = ["VISIT", "URGENT"];

/** What one visitor chooses. */
export class Choosing {
  // `send(wish)` takes a number, `askStaff(text)` says whom to ask, `changed()` after each choice.
  constructor({ send, askStaff, changed }) {
    Object.assign(this, { send, askStaff, changed });
    this.wish = null;
    this.panel = new Panel({
      urgent: (urgency) => this.#takeUrgent(urgency),
      other: (code) => this.#chooseOther(code),
      changed,
    });
  }

  /** `why` is why this kiosk can give no number at all, or null. */
  begin(service, offer, why) {
    this.service = service;
    this.offer = offer;
    this.why = why;
    this.wish = { service: service.code, party_size: 1, priority: null, urgency: null };
  }

  leave() {
    this.wish = null;
  }

  /** Why a regular visit gets no number: a word's key, or null. */
  get closed() {
    return this.why ? `refused_${this.why}` : whyClosed(this.offer, this.service);
  }

  get mayBeUrgent() {
    return !this.why && this.offer.open && Boolean(this.service.urgent_open);
  }

  /** What the large button says: it never says less than that a number can be had all the same. */
  get goText() {
    const { advice } = this.panel;
    const away = advice && !HERE.includes(advice.outcome);
    if (this.wish.party_size > 1) return word("take_for", { n: this.wish.party_size });
    return word(away ? "take_anyway" : "take");
  }

  take() {
    if (!this.closed) this.send(this.wish);
  }

  draw(offer) {
    this.offer = offer ?? this.offer;
    const { code } = this.service;
    this.service = this.offer.services.find((each) => each.code === code) ?? this.service;
    const { closed, mayBeUrgent } = this;
    const onlyUrgent = Boolean(closed) && mayBeUrgent;
    byId("confirm-service").textContent = breakable(pick(this.service.name));
    byId("confirm-load").textContent = closed ? "" : load(this.service).join(" · ");
    byId("closed").hidden = !closed;
    byId("closed").textContent = closed ? this.#closedText(closed) : "";
    byId("wishes").hidden = Boolean(closed) && !mayBeUrgent;
    document.body.toggleAttribute("data-closed", Boolean(closed));
    drawParty(this.wish, this.offer.party_max, this);
    drawPriority(this.wish);
    this.panel.open(this.service, { mayBeUrgent, onlyUrgent });
  }

  #closedText(closed) {
    if (this.why) return word(closed);
    if (closed === "closed_office") return closedText(this.offer);
    const next = this.service.next_day;
    const from = next ? word("served_from", { date: plainDate(next) }) : "";
    return [word(`${closed}_text`), from].filter(Boolean).join(" ");
  }

  #takeUrgent(urgency) {
    this.wish.urgency = urgency;
    this.send(this.wish);
  }

  #chooseOther(code) {
    const other = this.offer.services.find((each) => each.code === code);
    if (!other) return;
    this.begin(other, this.offer, this.why);
    this.draw();
    this.changed();
  }
}
