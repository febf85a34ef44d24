// The line at the foot of a screen: the office's notices in turn, and one usual sentence with them.
import { byId } from "../page.js";
import { bothWords, languages } from "../words.js";
import { allPieces, putLines } from "./type.js";
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

/** Draw the one of these texts by language that has its turn. What is longer than two lines is
 * shown in pieces, one after another. */
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
  const each = spoken.map(({ language, text }) => ({
    language,
    pieces: allPieces(notice, text, LINES),
  }));
  const firsts = each.map(({ pieces }) => pieces[0]);
  if (each.length === 2 && each.every(isOneLine))
    return [{ lines: firsts.map(([line]) => line), language: each[0].language }];
  return each.flatMap(({ language, pieces }) => pieces.map((lines) => ({ language, lines })));
}

const isOneLine = ({ pieces }) => pieces.length === 1 && pieces[0].length === 1;
