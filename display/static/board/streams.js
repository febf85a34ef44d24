// The queues: how many wait in each, and how long.
import { byId, make } from "../page.js";
import { firstLanguage, languages, word } from "../words.js";
import { fitting, pageOf } from "./rules/plans.js";
import { isStanding } from "./rules/sizes.js";
import { harmless } from "./rules/texts.js";
import { sayingOf } from "./rules/waits.js";
import { putText, screenSize } from "./type.js";

const CARD_EM = 15; // the least width of a card, of the size of its text
const CARD_MOST_EM = 27; // wider, and the wait is too far from the name
const CARD_STANDING_EM = 16;
const NAME_LINES = 3; // of both languages together
const NAME_LINES_STANDING = 2;

let drawn = "";

/** Draw the page of queues that has its turn. `rows` of them stand above each other. */
export function drawStreams(streams, turn, fonts, { rows, isOneLine }) {
  const list = byId("streams");
  list.hidden = streams.length === 0;
  if (list.hidden) return;
  const standing = isStanding(screenSize());
  const gap = parseFloat(getComputedStyle(list).columnGap);
  const least = fonts.near * (isOneLine ? 2 : 1) * (standing ? CARD_STANDING_EM : CARD_EM);
  const columns = fitting(list.clientWidth, least, gap, Math.ceil(streams.length / rows));
  const { shown, page, pages } = pageOf(streams, columns * rows, turn);
  const lines = isOneLine ? 1 : standing ? NAME_LINES_STANDING : NAME_LINES;
  const now = JSON.stringify([shown, page, pages, columns, lines, languages(), fonts.near]);
  if (now === drawn) return;
  drawn = now;
  list.classList.toggle("one-line", isOneLine);
  const widest = isOneLine ? list.clientWidth : CARD_MOST_EM * fonts.near;
  list.style.gridTemplateColumns = `repeat(${columns}, minmax(0, ${widest}px))`;
  list.dataset.page = pages > 1 ? `${page + 1}/${pages}` : "";
  list.textContent = "";
  for (const stream of shown) list.append(card(stream));
  const names = [...list.querySelectorAll(".name")];
  const widths = names.map((name) => name.clientWidth * 0.99);
  names.forEach((name, place) => putNames(name, shown[place], lines, widths[place]));
  const crowded = [...list.querySelectorAll(".load")].filter(
    (load) => load.scrollWidth > load.clientWidth,
  );
  for (const load of crowded) load.dataset.size = "small";
}

function card(stream) {
  const item = make("li");
  const load = make("span", "load");
  const count = make("span", "count");
  count.append(make("strong", "", String(stream.waiting)), ` ${word("waiting", firstLanguage())}`);
  load.append(count);
  if (stream.wait && stream.waiting > 0) {
    const { key, values } = sayingOf(stream.wait);
    load.append(make("span", "wait", word(key, firstLanguage(), values)));
  }
  item.append(make("span", "letter", stream.letter), make("span", "name"), load);
  return item;
}

// The first language leaves one line to the other, which has all that remain.
function putNames(element, stream, lines, width) {
  const texts = [];
  for (const language of languages()) {
    const text = harmless(stream.name[language] ?? "");
    if (text && !texts.some((each) => each.text === text)) texts.push({ language, text });
  }
  let free = lines;
  for (const [place, { language, text }] of texts.slice(0, lines).entries()) {
    const part = make("span", place === 0 ? "first" : "other");
    element.append(part);
    const kept = Math.min(texts.length, lines) - place - 1;
    putText(part, text, free - kept, language, width);
    free -= part.childElementCount;
  }
}
