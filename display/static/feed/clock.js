// The office's own clock: its zone, and dates by our own tables, independent of the machine's
// settings.
import { word } from "../words.js";

const INDONESIAN_ZONES = {
  "Asia/Jakarta": "WIB",
  "Asia/Pontianak": "WIB",
  "Asia/Makassar": "WITA",
  "Asia/Jayapura": "WIT",
};
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function parts(moment, zone) {
  const options = {
    timeZone: zone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  };
  return Object.fromEntries(
    new Intl.DateTimeFormat("en-US", options)
      .formatToParts(moment)
      .map((part) => [part.type, part.value]),
  );
}

export function timeText(moment, zone) {
  const { hour, minute } = parts(moment, zone);
  return `${hour}.${minute}`;
}

export function dateText(moment, zone, language) {
  const { weekday, day, month, year } = parts(moment, zone);
  const dayWord = word(`day_${DAYS.indexOf(weekday)}`, language);
  return `${dayWord}, ${day} ${word(`month_${month}`, language)} ${year}`;
}

export function zoneName(moment, zone) {
  if (zone in INDONESIAN_ZONES) return INDONESIAN_ZONES[zone];
  const named = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    timeZoneName: "short",
  }).formatToParts(moment);
  return named.find((part) => part.type === "timeZoneName").value;
}
