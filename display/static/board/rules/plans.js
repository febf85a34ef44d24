// How many calls and queues fit at a time, and whose turn it is. All lengths in px; `width_em` is
// the width of the widest number at 1 px.

const ARROW_EM = 0.75; // of the number's size, with the room around it
const BESIDE_EM = 2.3; // the least width of a counter's name beside a number
const GAP_EM = 0.2;
const BESIDE_ROW_EM = 1.12;
const BELOW_ROW_EM = 1.45; // a number and, below it, its counter
const TIGHT_ROW_EM = 1.3; // the same with a small counter
const SQUEEZED_GLADLY = 0.75;
const SQUEEZED_IN_A_GRID = 0.9;
const SQUEEZED_LEAST = 0.6;
const BIG = 1000; // the smallest size that may be counts more than anything else

/**
 * The list of recent calls in a box: rows with the counter beside the number, or columns with the
 * counter below it, whichever holds more. If more than that have been called in the last minute
 * (`fresh`), they count more than the distance of the reader: all of them as small as may be.
 */
export function planRecent(box, { width_em, font, smallest, fresh }) {
  const usual = listIn(box, width_em, font);
  if (fresh <= usual.columns * usual.rows) return usual;
  const dense = listIn(box, width_em, smallest);
  return dense.columns * dense.rows > usual.columns * usual.rows ? dense : usual;
}

function listIn({ width, height }, width_em, wanted) {
  const font = Math.min(wanted, height / BESIDE_ROW_EM);
  const beside = {
    form: "beside",
    columns: 1,
    rows: Math.max(1, Math.floor(height / (font * BESIDE_ROW_EM))),
    font,
    squeeze: (width / font - ARROW_EM - BESIDE_EM) / width_em,
  };
  const least = font * (width_em * SQUEEZED_GLADLY + GAP_EM);
  const columns = Math.max(1, Math.floor(width / least));
  const below = {
    form: "below",
    columns,
    rows: Math.floor(height / (font * BELOW_ROW_EM)),
    font,
    squeeze: (width / columns / font - GAP_EM) / width_em,
  };
  const isBelow =
    below.rows > 0 && (beside.squeeze < SQUEEZED_GLADLY || columns * below.rows > beside.rows);
  const chosen = isBelow ? below : beside;
  return { ...chosen, squeeze: Math.max(SQUEEZED_LEAST, Math.min(1, chosen.squeeze)) };
}

/**
 * The grid of calls that are announced together, all at once: the one in which the numbers take
 * most room, high and wide. Where they would be smaller than `smallest`, the counters give way.
 */
export function planBurst(box, wanted) {
  const grids = [];
  for (let columns = 1; columns <= wanted.count; columns += 1)
    for (const row_em of [BELOW_ROW_EM, TIGHT_ROW_EM])
      grids.push(gridOf(box, wanted, columns, row_em));
  const worth = ({ font, squeeze, row_em }) =>
    squeeze < SQUEEZED_LEAST ? 0 : BIG * Math.min(font, wanted.smallest) + font * squeeze * row_em;
  const [best] = grids.sort((a, b) => worth(b) - worth(a));
  return { ...best, squeeze: Math.max(SQUEEZED_LEAST, best.squeeze) };
}

function gridOf(box, { width_em, count, smallest, gap }, columns, row_em) {
  const rows = Math.ceil(count / columns);
  const width = (box.width - gap * (columns - 1)) / columns - 2 * gap;
  const height = (box.height - gap * (rows - 1)) / rows - 2 * gap;
  const gladly = Math.max(smallest, width / (width_em * SQUEEZED_IN_A_GRID));
  const font = Math.min(height / row_em, gladly);
  return { columns, rows, font, squeeze: Math.min(1, width / (width_em * font)), row_em };
}

/** How many of `count` things stand side by side if each needs `least` px. */
export function fitting(width, least, gap, count) {
  const most = Math.max(1, Math.floor((width + gap) / (least + gap)));
  // Pages of nearly the same number: 3 and 2 rather than 4 and 1.
  return Math.ceil(count / Math.ceil(count / Math.min(most, Math.max(1, count))));
}

/** The page of `things` that has its turn, of pages of `size`. */
export function pageOf(things, size, turn) {
  const pages = Math.max(1, Math.ceil(things.length / size));
  const page = turn % pages;
  return { shown: things.slice(page * size, (page + 1) * size), page, pages };
}
