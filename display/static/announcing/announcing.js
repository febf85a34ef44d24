// All of a page's announcing, put together: what tv.js needs to know of it.
import { newestFirst } from "../board/rules/calls.js";
import { byId } from "../page.js";
import { pair } from "../words.js";
import { Announcer } from "./announcer.js";
import { Clips } from "./clips.js";
import { Memory } from "./memory.js";
import { Output } from "./output.js";
import { Reporter, sendAnnounced } from "./report.js";
import { Voice } from "./voice.js";

const DEFAULT_LANGUAGES = ["id", "en"];

/**
 * Announce the calls of each frame that is given to `take`, together with its board as far as it is
 * today's. `nowMs()` is the office's time, `changed(stage)` follows when another stage is to be
 * drawn, `pageFacts()` is what else the agent is told. Without an agent the page itself remembers,
 * and always speaks.
 */
export function setUpAnnouncing({ nowMs, hasAgent, changed, pageFacts }) {
  let frame = null;
  let board = null;
  const memory = new Memory({ send: hasAgent ? sendAnnounced : null });
  const clips = new Clips({
    languages: () => frame?.settings.languages ?? DEFAULT_LANGUAGES,
    changed: () => announcer.tick(),
  });
  const output = new Output(() => showSound());
  const announcer = new Announcer({
    nowMs,
    memory,
    voice: new Voice({ clips, output }),
    speaks: () => (reporter ? reporter.speaks : true),
    changed: (stage) => {
      changed(stage);
      reporter?.soon();
    },
  });
  const reporter = hasAgent
    ? new Reporter({
        facts: () => ({ ...pageFacts(), ...announcer.facts(), showing: showing() }),
        answered: () => announcer.tick(),
      })
    : null;

  function showSound() {
    byId("muted").hidden = !board || announcer.facts().sound !== "blocked";
    reporter?.soon();
  }

  // What stands in large letters.
  function showing() {
    const { stage } = announcer;
    if (stage.kind === "burst") return stage.calls.map((call) => call.number).join(" ");
    const call = stage.kind === "call" ? stage.call : newestFirst(board?.calls ?? [])[0];
    return call ? `${call.number} ${call.counter}` : "";
  }

  pair(byId("muted-words"), "muted");
  clips.keepUp();
  return {
    get isBusy() {
      return announcer.isBusy;
    },
    take(fresh, today) {
      frame = fresh;
      board = today;
      memory.take(frame.announced);
      const { settings } = frame;
      if (frame.paired && !board) return; // what waits, waits for the board
      announcer.offer(newestFirst(board?.calls ?? []), {
        settings,
        zone: board?.zone ?? "UTC",
        sentAtMs: board ? Date.parse(board.sent_at) : nowMs(),
        leftOut: board?.calls_left_out ?? 0,
        paused: !board || Boolean(board.paused),
        testCall: frame.test_call,
      });
      showSound();
    },
  };
}
