// Texts that somebody has written: made harmless, broken into lines, shortened by one rule.
// `widthOf(text)` measures; nothing here knows a font.

const ELLIPSIS = "…";
// Marks that turn the direction of what follows, or are seen by nobody.
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const HEAPED_MARKS = /(\p{M}{2})\p{M}+/gu;

/** A text as one line of words, without marks that could disturb what stands beside it. An emoji
 * that is joined of several falls into its parts. */
export const harmless = (text) =>
  text
    .replace(/[\s\u2028\u2029]+/g, " ")
    .replace(UNSEEN, "")
    .replace(HEAPED_MARKS, "$1")
    .trim();

/** Lines no wider than `width`: broken between words, inside a word only if it fills a line. */
function linesOf(text, widthOf, width) {
  const lines = [];
  let line = "";
  for (const word of harmless(text).split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = word;
    while (line && widthOf(line) > width) {
      const head = headOf(line, widthOf, width);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  if (line) lines.push(line);
  return lines;
}

/** At most `most` lines. What does not fit ends with an ellipsis after a whole word where one ends
 * in the later half of the line, and never inside a number: "Loket 12" becomes "Loket…". */
export function shortened(text, most, widthOf, width) {
  const lines = linesOf(text, widthOf, width);
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most - 1);
  const rest = harmless(text).slice(lengthOf(harmless(text), kept));
  const head = headOf(rest, (part) => widthOf(part + ELLIPSIS), width);
  return [...kept, endingWell(head, rest) + ELLIPSIS];
}

/** A text in pieces of at most `most` lines each, to be shown one after another. */
export function piecesOf(text, most, widthOf, width) {
  const lines = linesOf(text, widthOf, width);
  const pieces = [];
  for (let start = 0; start < lines.length; start += most)
    pieces.push(lines.slice(start, start + most));
  return pieces;
}

// As much of the beginning as fits, at least one character; by halving, as texts may be long.
function headOf(text, widthOf, width) {
  const signs = Array.from(text);
  let fits = 1;
  let over = signs.length + 1;
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (widthOf(signs.slice(0, middle).join("")) <= width) fits = middle;
    else over = middle;
  }
  return signs.slice(0, fits).join("");
}

// How much of the text stands in these lines. They leave out the spaces between words.
function lengthOf(text, lines) {
  let length = 0;
  for (const line of lines) length = text.indexOf(line, length) + line.length;
  return text[length] === " " ? length + 1 : length;
}

function endingWell(head, whole) {
  const space = head.lastIndexOf(" ");
  const isWhole = whole[head.length] === " " || whole.length === head.length;
  const atWord = isWhole || space < head.length / 2 ? head : head.slice(0, space);
  const cutsNumber = /\d/.test(whole[atWord.length] ?? "") && /[\p{L}\d]$/u.test(atWord);
  const shorter = cutsNumber ? atWord.replace(/\s*[\p{L}\d]*$/u, "") || atWord : atWord;
  return shorter.replace(/[\s,;:.–-]+$/, "");
}
