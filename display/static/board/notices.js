// The line at the foot of a screen: the office's notices in turn, and one usual sentence with them.
import { byId } from "../page.js";
import { pair, pairText } from "../words.js";

const NOTICE_MS = 9000;
let turn = 0;

/** Draw what has its turn; `usual` is the key of the usual sentence. */
export function drawNotice(board, usual) {
  const texts = board.notices.map((notice) => notice.text);
  const place = turn % (texts.length + 1);
  if (place === 0) pair(byId("notice"), usual);
  else pairText(byId("notice"), texts[place - 1]);
}

/** Call `draw` whenever another one has its turn. */
export function turnNotices(draw) {
  setInterval(() => {
    turn += 1;
    draw();
  }, NOTICE_MS);
}
