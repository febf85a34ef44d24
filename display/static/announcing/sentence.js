// Which words a call is said with: from a call, its form and a voice pack to the keys of clips.
// Pure. A pack is `{sentences, has(key)}`; `has` tells whether a clip can be played.

const DIGIT = /^[0-9]$/;
const LETTER = /^[A-Z]$/;
const SIGNS_MOST = 3;
const COUNTER_WORD = /^(loket|counter)\s+/i;
const SEE_SCREEN = "see_screen";

/** The form of a call that is announced in full, by how often it was made. */
export function formOf(call) {
  if (call.times >= 3) return "last";
  return call.times === 2 ? "second" : "full";
}

/**
 * The words of one sentence, `[{key, part}]`, part being phrase, number or counter; null if the
 * pack cannot say the number or the counter. Other words that cannot be played are left out.
 *
 * `form` is full, second, last, short or test. A counter with a name that no clip stands for is
 * replaced by "please look at the screen".
 */
export function wordsOf(call, form, pack) {
  const number = spell([...call.number.toUpperCase()].filter(isSpoken), "number", pack);
  const counter = counterWords(call.counter, pack);
  const isNamed = counter !== null && counter.some((word) => word.key === SEE_SCREEN);
  const wanted = form === "full" && isNamed ? SEE_SCREEN : form;
  const words = [];
  for (const key of pack.sentences[wanted] ?? []) {
    const part = key === "{number}" ? number : key === "{counter}" ? counter : phrase(key, pack);
    if (part === null) return null;
    words.push(...part);
  }
  const says = (part) => words.some((word) => word.part === part);
  const isWhole = form === "test" || (says("number") && (isNamed || says("counter")));
  return isWhole && words.length > 0 ? words : null;
}

/** The words that a pack should have, whatever is called. */
export function expectedWords(sentences) {
  const phrases = Object.values(sentences)
    .flat()
    .filter((key) => !key.startsWith("{"));
  const digits = [..."0123456789"].flatMap((digit) => [`digit_${digit}`, `digit_${digit}_final`]);
  const letters = [..."abcdefghijklmnopqrstuvwxyz"].map((letter) => `letter_${letter}`);
  const counters = Array.from({ length: 20 }, (_, index) => `counter_${index + 1}`);
  return [...new Set([...phrases, ...letters, ...digits, ...counters, "counter", SEE_SCREEN])];
}

const isSpoken = (sign) => !/[\s./-]/.test(sign);

const phrase = (key, pack) => (pack.has(key) ? [{ key, part: "phrase" }] : []);

// Signs one by one, the last digit with a falling tone; null if one of them has no clip.
function spell(signs, part, pack) {
  const words = signs.map((sign, index) => {
    const key = keyOf(sign, index === signs.length - 1, pack);
    return key && { key, part };
  });
  return words.length > 0 && words.every(Boolean) ? words : null;
}

function keyOf(sign, isLast, pack) {
  const medial = `digit_${sign}`;
  const keys = DIGIT.test(sign)
    ? isLast
      ? [`${medial}_final`, medial]
      : [medial, `${medial}_final`]
    : LETTER.test(sign)
      ? [`letter_${sign.toLowerCase()}`]
      : [];
  return keys.find((key) => pack.has(key));
}

function counterWords(counter, pack) {
  const bare = counter.trim().replace(COUNTER_WORD, "").toUpperCase();
  const isNumber = /^\d+$/.test(bare);
  const whole = isNumber
    ? [`counter_${Number(bare)}`]
    : [counter, bare].map((name) => `name_${slugOf(name)}`);
  const key = whole.find((each) => pack.has(each));
  if (key) return [{ key, part: "counter" }];
  const isSigns = isNumber || (bare.length <= SIGNS_MOST && /^[0-9A-Z]+$/.test(bare));
  if (isSigns) {
    const spelled = spell([...bare], "counter", pack);
    return spelled && pack.has("counter")
      ? [{ key: "counter", part: "counter" }, ...spelled]
      : null;
  }
  return pack.has(SEE_SCREEN) ? [{ key: SEE_SCREEN, part: "phrase" }] : null;
}

/** The name of an office's own clip for a counter, from the counter's name. */
function slugOf(name) {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
}
