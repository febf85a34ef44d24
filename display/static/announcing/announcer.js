// Announces: carries out the rule's orders with a voice, timers and a memory. Each stage has a time
// of its own, so that sound which fails or hangs stops nothing.
import { layoutOf } from "../board/rules/layout.js";
import { isQuiet } from "./quiet.js";
import { begin, finish, noteLast, take } from "./rule.js";

const HOLD_MS = 5000;
const HOLD_IN_A_RUSH_MS = 3500;
const TAIL_MS = 400;
const SEEN_MS = 2400; // the flashes are over
const STAGE_MOST_MS = 60_000;
const TICK_MS = 5000;
const LOADING_MOST_MS = 8000;

export class Announcer {
  /**
   * `nowMs()` is the office's time. `memory` and `voice` are as `Memory` and `Voice`;
   * `changed(stage)` follows when the stage is another. `speaks()` is false if another page has the
   * voice, null while that is not known.
   */
  constructor({ nowMs, memory, voice, changed, speaks = () => true }) {
    Object.assign(this, { nowMs, memory, voice, changed, speaks });
    this.openedMs = performance.now();
    this.state = null;
    this.stage = { kind: "rest" };
    this.offered = null;
    this.lastCall = "";
    this.timers = [];
    setInterval(() => this.tick(), TICK_MS);
  }

  get isBusy() {
    return this.state !== null && (this.state.current !== null || this.state.waiting.length > 0);
  }

  /**
   * Take the calls of a board, newest first. `sentAtMs` and `leftOut` are the board's; `settings`
   * the screen's; `zone` the office's.
   */
  offer(calls, { settings, zone, sentAtMs, leftOut, paused, testCall }) {
    this.offered = { calls, settings, zone, sentAtMs, leftOut, paused, testCall };
    this.step();
  }

  facts() {
    const { settings } = this.offered ?? {};
    const facts = this.voice.facts();
    const sound = !settings?.voice ? "off" : this.isQuietNow() ? "quiet" : facts.sound;
    return {
      ...facts,
      sound: settings ? sound : facts.sound,
      last_call: this.lastCall,
      queued: this.state?.waiting.length ?? 0,
    };
  }

  /** Something other than the board may have changed: time, clips, who speaks. */
  tick() {
    this.voice.look();
    if (this.offered) this.step();
  }

  step() {
    const nowMs = this.nowMs();
    if (!this.state)
      this.state = begin({
        heard: this.memory.heard(),
        shown: this.memory.shown(),
        ...this.memory.left(nowMs),
      });
    const { settings, calls, sentAtMs, leftOut, paused, testCall } = this.offered;
    this.carryOut(
      take(this.state, {
        calls,
        sentAtMs,
        leftOut,
        paused,
        testCall,
        counters: countersOf(settings),
        nowMs,
        awakeMs: performance.now(),
        heard: this.memory.heard(),
        voice: this.voiceNow(),
      }),
    );
  }

  // Not before the clips are there, or are not to be waited for: the first call would be a chime.
  voiceNow() {
    if (!this.offered.settings.voice) return "off";
    const speaks = this.speaks();
    const isLate = performance.now() - this.openedMs > LOADING_MOST_MS;
    if (speaks === null && !isLate) return null;
    if (!speaks) return "beside";
    return this.voice.isReady || isLate ? "speaks" : null;
  }

  isQuietNow() {
    const { settings, zone } = this.offered;
    return isQuiet(settings.quiet, this.nowMs(), zone);
  }

  carryOut({ state, orders }) {
    this.state = state;
    for (const order of orders) {
      if (order.do === "note") this.note(order);
      if (order.do === "cut") this.cut();
      if (order.do === "say") this.say(order);
    }
    const { waiting, current, beside } = state;
    const unfinished = current && !current.noted && current.form !== "test" ? [current.call] : [];
    this.memory.keep({ waiting: [...unfinished, ...waiting], beside }, this.nowMs());
    if (JSON.stringify(state.stage) === JSON.stringify(this.stage)) return;
    this.stage = state.stage;
    this.changed(this.stage);
  }

  note({ id, as }) {
    if (as === "heard") this.memory.noteHeard(id);
    this.memory.noteShown(id);
  }

  say({ call, form, chime }) {
    this.cut();
    if (form !== "test") this.lastCall = call.id;
    const isLoud = this.state.voice === "speaks" && !this.isQuietNow();
    const wish = { call, form, hasChime: chime };
    const said = isLoud ? this.voice.say(wish, this.offered.settings) : null;
    const holdMs = form === "short" ? HOLD_IN_A_RUSH_MS : HOLD_MS;
    const lastMs = said?.lastMs ?? SEEN_MS;
    const endMs = said ? said.totalMs + TAIL_MS : holdMs;
    const least = form === "short" ? 0 : HOLD_MS;
    this.after(Math.min(lastMs, STAGE_MOST_MS), noteLast);
    this.after(Math.min(Math.max(endMs, least), STAGE_MOST_MS), finish);
  }

  after(ms, event) {
    this.timers.push(setTimeout(() => this.carryOut(event(this.state, performance.now())), ms));
  }

  cut() {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
    this.voice.stop();
  }
}

// The counters that a screen is for; none for all of the office.
function countersOf(settings) {
  const { halls } = layoutOf(settings);
  const isWhole = halls.some((hall) => hall.counters.length === 0);
  return isWhole ? [] : halls.flatMap((hall) => hall.counters);
}
