// Which frames and boards may be drawn. One that is broken, hostile or huge is refused whole, and
// the last good picture stays.
const FRAME_CHARACTERS_MAX = 1_000_000;
const SECONDS_MAX = 1e11; // a Date holds that much, and more would be no time at all
const LANGUAGES = ["id", "en"];

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isSeconds = (value) => Number.isFinite(value) && Math.abs(value) < SECONDS_MAX;
const isFlag = (value) => typeof value === "boolean";
const orNull = (isRight) => (value) => value === null || isRight(value);
const orNone = (isRight) => (value) => value === undefined || isRight(value);
const oneOf = (values) => (value) => values.includes(value);
const text =
  (most, least = 0) =>
  (value) =>
    typeof value === "string" && value.length >= least && value.length <= most;
const list = (most, isRight) => (value) =>
  Array.isArray(value) && value.length <= most && value.every(isRight);
const fields = (rules) => (value) =>
  isObject(value) && Object.keys(rules).every((name) => rules[name](value[name]));
const isTexts = (value) => isObject(value) && Object.values(value).every(text(2000));

function isMoment(value) {
  return text(40, 10)(value) && Number.isFinite(Date.parse(value));
}

function isZone(value) {
  if (!text(64, 1)(value)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

const isVersion = (value) =>
  Array.isArray(value) && value.length === 2 && text(10, 10)(value[0]) && isCount(value[1]);

/** Whether a board may be drawn. Fields that nobody knows do no harm. */
export const isBoard = fields({
  office: text(60, 1),
  office_name: text(300),
  date: text(10, 10),
  version: isVersion,
  sent_at: isMoment,
  build: text(100),
  zone: isZone,
  mode: text(30),
  open: isFlag,
  inside: isCount,
  limit: orNull(isCount),
  waiting: isCount,
  calls: list(
    500,
    fields({
      id: text(100, 1),
      number: text(16, 1),
      counter: text(200),
      at: isMoment,
      times: isCount,
      language: text(10),
    }),
  ),
  streams: list(
    100,
    fields({
      letter: text(4),
      name: isTexts,
      waiting: isCount,
      wait: orNull(fields({ low: isCount, high: isCount })),
    }),
  ),
  entering: list(500, text(16, 1)),
  notices: list(100, fields({ id: text(200), text: isTexts })),
  outside: isCount,
  admitting: isFlag,
  paused: orNull(text(30, 1)),
  drill: isFlag,
  over: isCount,
  calls_left_out: isCount,
  hours: orNone(list(20, fields({ opens: text(5, 5), closes: text(5, 5) }))),
  opens_at: orNone(orNull(isMoment)),
  mode_until: orNone(orNull(isMoment)),
});

const isSettings = fields({
  layout: text(20),
  zone: text(100),
  halls: list(20, fields({ name: isTexts, counters: list(200, text(200)) })),
  languages: list(2, oneOf(LANGUAGES)),
  voice: isFlag,
  spoken: text(20),
  repeats: isCount,
  volume: isCount,
  quiet: list(50, fields({ starts: text(5), ends: text(5) })),
  message: isTexts,
  media: isFlag,
  distance_m: isCount,
  diagonal_inch: isCount,
  logo: orNone(text(20_000)),
  version: text(200),
});

const isFrame = fields({
  build: text(100, 1),
  server: text(500),
  paired: isFlag,
  pairing_code: orNull(text(40)),
  connected: isFlag,
  age_seconds: orNull(isSeconds),
  office_time: isSeconds,
  board: orNull(isBoard),
  settings: isSettings,
  announced: list(5000, text(100)),
  test_call: orNull(text(100)),
  media: orNone(
    list(500, fields({ url: text(500, 1), kind: oneOf(["picture", "film"]), seconds: isCount })),
  ),
});

/** What a stream says as a frame; null for anything that is none. */
export function readFrame(message) {
  if (!text(FRAME_CHARACTERS_MAX)(message)) return null;
  try {
    const frame = JSON.parse(message);
    return isFrame(frame) ? frame : null;
  } catch {
    return null;
  }
}
