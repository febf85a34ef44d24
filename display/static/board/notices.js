// The line at the foot of a screen: the office's notices in turn, and one usual sentence with them.
import { byId } from "../page.js";
import { bothWords, languages } from "../words.js";
import { allLines, putLines } from "./type.js";
import { harmless } from "./rules/texts.js";

const NOTICE_MS = 9000;
const LINES = 2;
let turn = 0;

/** Draw what has its turn: `usual` are the keys of the usual sentences, `message` a text of this
 * screen alone. */
export function drawNotice(board, usual, message) {
  const said = usual.map((key) => bothWords(key));
  drawTexts([...said, message, ...board.notices.map((notice) => notice.text)]);
}

/** Draw the one of these texts by language that has its turn. What is longer than two lines is shown
 * in pieces, one after another. */
export function drawTexts(texts) {
  const notice = byId("notice");
  if (notice.hidden || notice.clientWidth === 0) return;
  const pieces = texts.flatMap((text) => piecesIn(notice, text));
  const { lines, language } = pieces[turn % pieces.length];
  const now = JSON.stringify([lines, language]);
  if (notice.dataset.drawn === now) return;
  notice.dataset.drawn = now;
  putLines(notice, lines, language);
}

/** Call `draw` whenever another one has its turn. */
export function turnNotices(draw) {
  setInterval(() => {
    turn += 1;
    draw();
  }, NOTICE_MS);
}

// Both languages together where each takes one line, else one after the other.
function piecesIn(notice, texts) {
  const spoken = [];
  for (const language of languages()) {
    const text = harmless(texts[language] ?? "");
    if (text && !spoken.some((each) => each.text === text)) spoken.push({ language, text });
  }
  const each = spoken.map(({ language, text }) => ({ language, lines: allLines(notice, text) }));
  if (each.length === 2 && each.every(({ lines }) => lines.length === 1))
    return [{ lines: each.map(({ lines }) => lines[0]), language: each[0].language }];
  return each.flatMap(({ language, lines }) =>
    pairsOf(lines).map((two) => ({ language, lines: two })),
  );
}

const pairsOf = (lines) =>
  Array.from({ length: Math.ceil(lines.length / LINES) }, (_, place) =>
    lines.slice(place * LINES, (place + 1) * LINES),
  );
