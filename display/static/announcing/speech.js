// What is said of a call, and when each word begins: sentences by the screen's settings, laid out
// in time. Pure.
import { formOf, wordsOf } from "./sentence.js";

/** So long the chime has for itself. */
export const CHIME_S = 1.0;
const GAP_S = 0.04;
const NUMBER_GAP_S = 0.12; // after a ticket number
const SENTENCE_GAP_S = 0.6;
const REPEATS_MOST = 3;
const SENTENCE_MOST_S = 6; // one that would be longer is said in short

/**
 * The sentences of a call, `[{language, words}]`. Empty if no language can say it.
 *
 * `form` is full, short or test; `settings` a screen's; `packs` a pack by language, each
 * `{sentences, has(key), seconds(key)}`. In full a call is said in the visitor's language, or in
 * both, then in a further one that is set, and as often as the screen repeats it; in short once, in
 * the visitor's language.
 */
export function sentencesOf(call, form, settings, packs) {
  const own = packs[call.language] ? call.language : settings.languages[0];
  const languages = [...new Set([own, ...settings.languages, ...Object.keys(packs)])];
  const said = languages
    .map((language) => ({ language, words: bestWords(call, form, packs[language]) }))
    .filter((sentence) => sentence.words);
  const also = said.filter(({ language }) => language === settings.also_spoken);
  if (form === "test") {
    return said.filter(({ language }) => settings.languages.includes(language)).concat(also);
  }
  if (form === "short") return said.slice(0, 1);
  const main = said.slice(0, settings.spoken === "both" ? 2 : 1);
  const once = [...main, ...also.filter((sentence) => !main.includes(sentence))];
  const times = Math.min(REPEATS_MOST, Math.max(1, settings.repeats));
  return Array.from({ length: times }, () => once).flat();
}

/**
 * When each word begins: `{words: [{language, key, startS, endS}], lastS, totalS}`, counted from
 * the start, which is the chime's if there is one. `lastS` is when the last word begins.
 */
export function layOut(sentences, packs, hasChime) {
  const words = [];
  let at = hasChime ? CHIME_S : 0;
  for (const sentence of sentences) {
    if (words.length > 0) at += SENTENCE_GAP_S;
    const { length } = sentence.words;
    sentence.words.forEach(({ key, part }, index) => {
      const seconds = packs[sentence.language].seconds(key);
      words.push({ language: sentence.language, key, startS: at, endS: at + seconds });
      at += seconds;
      if (index < length - 1) at += gapAfter(part, sentence.words[index + 1].part);
    });
  }
  const lastS = words.length > 0 ? words[words.length - 1].startS : 0;
  return { words, lastS, totalS: at };
}

const gapAfter = (part, next) => (part === "number" && next !== "number" ? NUMBER_GAP_S : GAP_S);

// In the form that is wanted, or in short where that takes too long.
function bestWords(call, form, pack) {
  if (!pack) return null;
  const forms = form === "full" ? [formOf(call), "short"] : [form];
  for (const each of forms) {
    const words = wordsOf(call, each, pack);
    if (words && secondsOf(words, pack) <= SENTENCE_MOST_S) return words;
  }
  return null;
}

function secondsOf(words, pack) {
  return words.reduce(
    (sum, { key, part }, index) =>
      sum +
      pack.seconds(key) +
      (index < words.length - 1 ? gapAfter(part, words[index + 1].part) : 0),
    0,
  );
}
