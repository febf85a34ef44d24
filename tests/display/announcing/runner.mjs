// Runs the pure parts of announcing for a test: one question a line on standard input, one answer a
// line.
import { createInterface } from "node:readline";
import { isQuiet } from "../../../display/static/announcing/quiet.js";
import { begin, finish, noteLast, take } from "../../../display/static/announcing/rule.js";
import { expectedWords } from "../../../display/static/announcing/sentence.js";
import { layOut, sentencesOf } from "../../../display/static/announcing/speech.js";

let state = null;

function settle(done) {
  state = done.state;
  const { stage, waiting, beside, heard, shown, fresh } = state;
  const remembered = Math.max(heard.size, shown.size, fresh.size, beside.length);
  return { orders: done.orders, stage, waiting, beside, remembered };
}

// A pack as a test gives it: sentences, and the seconds of each word that can be played.
function packsOf(given) {
  const packs = Object.entries(given).map(([language, { sentences, words }]) => [
    language,
    { sentences, has: (key) => key in words, seconds: (key) => words[key] },
  ]);
  return Object.fromEntries(packs);
}

const steps = {
  begin: (memory) => settle({ state: begin(memory), orders: [] }),
  take: (board) => settle(take(state, board)),
  note: (awakeMs) => settle(noteLast(state, awakeMs)),
  finish: (awakeMs) => settle(finish(state, awakeMs)),
  speech({ call, form, settings, packs, hasChime }) {
    const made = packsOf(packs);
    return layOut(sentencesOf(call, form, settings, made), made, hasChime);
  },
  expected: (sentences) => expectedWords(sentences),
  quiet: ({ quiet, nowMs, zone }) => isQuiet(quiet, nowMs, zone),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [step, given] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(steps[step](given))}\n`);
}
