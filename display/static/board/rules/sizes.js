// How large a text must be for whoever has to read it. Sizes are heights of capitals in percent of
// the screen's height, so that they hold for every panel.

const MM_PER_METRE = 5; // below it nobody reads with certainty; good is 25 mm per 3 m
const MM_PER_INCH = 25.4;
const NEAR = 3; // who wants to know a wait or a notice comes this many times nearer
const MARGIN = 1.02; // browsers round what they draw

/** The least sizes of a board, whatever else is shown, on a screen that lies or stands. */
const LEAST = {
  lying: { number: 20, counter: 8, recent: 6, burst: 6, near: 2 },
  standing: { number: 12, counter: 5, recent: 6, burst: 6, near: 2 },
};
/** Where a reader far away asks for more, the calls still have to fit: not above these. */
const MOST = {
  lying: { counter: 9.5, recent: 12, near: 3 },
  standing: { counter: 6, recent: 8, near: 2.2 },
};

export const isStanding = ({ width, height }) => height >= width;

/** What a reader at `distance_m` from a screen of `diagonal_inch` needs, in percent of its
 * height. */
function leastToRead({ distance_m, diagonal_inch }, { width, height }) {
  const high = (MM_PER_INCH * diagonal_inch * height) / Math.hypot(width, height);
  return (100 * MM_PER_METRE * distance_m) / high;
}

/** The size of each kind of text. Calls and counters are for the last row of readers. The number
 * that is called fills its box, and a burst has to be whole at once: theirs are floors only. */
export function sizesFor(settings, screen) {
  const kind = isStanding(screen) ? "standing" : "lying";
  const least = LEAST[kind];
  const most = MOST[kind];
  const far = leastToRead(settings, screen);
  const size = (name, needed) => MARGIN * Math.min(most[name], Math.max(least[name], needed));
  return {
    number: MARGIN * least.number,
    counter: size("counter", far),
    recent: size("recent", far),
    burst: MARGIN * least.burst,
    near: size("near", far / NEAR),
  };
}

const SQUEEZED_MOST = 0.6;
const AIR = 1.14; // of the capitals' height, above and below them

/** The height of the box that a number needs. */
export const heightOf = (font, cap) => font * cap * AIR;

/** The font size in px of a number that fills its box: by height at first, but a number too wide at
 * `least` px is squeezed sideways, and made smaller only where that is not enough. `width_em` is
 * its width at 1 px, `cap` the height of its capitals. */
export function numberSize({ width, height }, { width_em, cap, least, most }) {
  const high = Math.max(least, Math.min(most, height / (cap * AIR)));
  const font = Math.min(high, Math.max(least, width / width_em));
  const squeeze = Math.min(1, width / (width_em * font));
  if (squeeze >= SQUEEZED_MOST) return { font, squeeze };
  return { font: width / (width_em * SQUEEZED_MOST), squeeze: SQUEEZED_MOST };
}
