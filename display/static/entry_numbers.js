// How large the numbers at the entry stand, and how many at a time: none below 6 % of the screen's
// height, so longer ones on an upright screen are fewer.
const USUAL_LETTERS = 4;
const LYING = [28, 18, 15, 15, 12.5, 12.5];
const STANDING = [33, 21, 16.5, 16.5, 16.5, 16.5];
const STANDING_LONG = [27, 21, 18];
const ROW = 136; // hundredths of the short side that one upright row has for a number, by letter

/** `{ perPage, sizeOf(count) }`: sizes in hundredths of the short side (--u). */
export function layOutNumbers(numbers, isStanding) {
  const longest = Math.max(USUAL_LETTERS, ...numbers.map((number) => number.length));
  if (!isStanding) return sized(LYING, (size) => (size * USUAL_LETTERS) / longest);
  if (longest <= USUAL_LETTERS) return sized(STANDING, (size) => size);
  return sized(STANDING_LONG, (size) => Math.min(size, ROW / longest));
}

function sized(sizes, scale) {
  return { perPage: sizes.length, sizeOf: (count) => scale(sizes[Math.max(1, count) - 1]) };
}
