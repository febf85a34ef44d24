// What a supervisor decides in a form: to stop the house, to announce something, to lend a counter.
import { counterUrl } from "../command.js";
import { byId, say } from "../page.js";
import { askInForm } from "./form.js";
import { nameOf, state, url, words } from "./state.js";

/** The ids of the fields of an announcement, by the server's names for them. */
const ANNOUNCED = {
  text_id: "text-id",
  text_en: "text-en",
  "text.id": "text-id",
  "text.en": "text-en",
  starts_at: "from",
  ends_at: "until",
};

const typed = (id) => byId(id).value.trim();

/** `send` sends a command. */
export function makeDecisions(send) {
  function stop() {
    byId("stop-reason").value = "";
    byId("stop-confirm").value = "";
    askInForm("stop", {
      check() {
        if (!typed("stop-reason")) return [words.needReason, "stop-reason"];
        if (typed("stop-confirm").toLowerCase() === words.stopWord.toLowerCase()) return null;
        return [say(words.wordWrong, { word: words.stopWord }), "stop-confirm"];
      },
      send(complain) {
        const body = { kind: "PAUSE", reason: typed("stop-reason") };
        return send(url("pause"), body, words.stoppedDone, complain);
      },
      fields: { reason: "stop-reason" },
    });
  }

  // What was typed and not announced yet is still there: a wrong time, a look at the page or a lost
  // connection takes nobody's text.
  function announce() {
    askInForm("announce", {
      check: checkAnnouncement,
      async send(complain) {
        const body = readAnnouncement();
        const refused = await send(url("announcements"), body, words.announcedDone, complain);
        if (!refused) byId("announce-form").reset();
        return refused;
      },
      fields: ANNOUNCED,
    });
  }

  function lend(counter) {
    const name = words.counters[counter.id];
    const boxes = [...byId("lend-form").querySelectorAll("[name=stream]")];
    for (const box of boxes) box.checked = counter.letters.includes(box.value);
    byId("lend-reason").value = "";
    byId("lend-usual").textContent = `${name}: ${counter.usual.join(" ")}`;
    const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
    askInForm("lend", {
      check() {
        if (chosen().length === 0) return [words.needStream];
        return typed("lend-reason") ? null : [words.needReason, "lend-reason"];
      },
      send(complain) {
        const body = { streams: chosen(), reason: typed("lend-reason") };
        const done = say(words.lentDone, { counter: name, letters: chosen().join(", ") });
        return send(counterUrl(counter.id, "streams"), body, done, complain);
      },
      fields: { reason: "lend-reason" },
    });
  }

  function release({ id, clerk, number }) {
    const name = words.counters[id];
    byId("release-reason").value = "";
    byId("release-who").textContent = `${name} · ${nameOf(clerk)}`;
    byId("release-visitor").hidden = !number;
    byId("release-number").textContent = number ?? "";
    askInForm("release", {
      check: () => (typed("release-reason") ? null : [words.needReason, "release-reason"]),
      send(complain) {
        const body = { clerk, reason: typed("release-reason") };
        const done = say(words.releasedDone, { counter: name });
        return send(counterUrl(id, "release"), body, done, complain);
      },
      fields: { reason: "release-reason" },
    });
  }

  return { stop, announce, lend, release };
}

function checkAnnouncement() {
  if (!typed("text-id")) return [words.fields.text_id, "text-id"];
  if (!typed("text-en")) return [words.fields.text_en, "text-en"];
  const [from, until] = [byId("from").value, byId("until").value];
  const isPast = until <= state.snapshot.sent_at.slice(11, 16);
  return isPast || (from && until <= from) ? [words.fields.ends_at, "until"] : null;
}

function readAnnouncement() {
  const { date, sent_at: sentAt } = state.snapshot;
  const [from, until] = [byId("from").value, byId("until").value];
  // Times are the office's: the day and the offset come from the server's clock.
  const moment = (time) => `${date}T${time}:00${sentAt.slice(19)}`;
  const text = { id: typed("text-id"), en: typed("text-en") };
  const body = { text, ends_at: moment(until) };
  if (from) body.starts_at = moment(from);
  return body;
}
