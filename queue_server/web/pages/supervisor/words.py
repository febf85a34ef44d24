"""Everything the supervisor's pages say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queue_server.domain.counter.call_log import Explained
from queue_server.domain.events import EventType
from queue_server.domain.office.devices.health import PrinterCode
from queue_server.domain.office.office import Office, VisitKind
from queue_server.services.counter.overrides import Act
from queue_server.services.shown import service_of
from queue_server.web.edge.locale import current_language, format_moment, in_language
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.calls import stop_reasons
from queue_server.web.edge.words.codes import mode_name_words
from queue_server.web.edge.words.descriptions import told_words
from queue_server.web.edge.words.devices.troubles import (
    printer_words,
    trouble_names,
    trouble_sentences,
)
from queue_server.web.edge.words.log.alerts import alert_sentences
from queue_server.web.edge.words.log.events import alert_name, event_words, step_words
from queue_server.web.edge.words.office_file import taken_over_words
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.edge.words.remote import kind_words
from queue_server.web.edge.words.rooms import room_changes_words
from queue_server.web.edge.words.rules.values import changes_words
from queue_server.web.edge.words.settings.parts import parts_words
from queue_server.web.edge.words.standstill import (
    called_since_words,
    evacuated_words,
    evacuation_over_words,
)
from queue_server.web.edge.words.units import short_wait_forms
from queue_server.web.edge.words.urgency import urgency_words

from .look_words import look_words


def stop_word() -> str:
    """What is typed to confirm that everything shall stop."""
    return _("STOP")


def dashboard_script_words() -> dict[str, Any]:
    """Everything `supervisor.js` says."""
    return {
        "clockMark": "." if current_language() == "id" else ":",
        "minutes": _("{n} min"),
        "wait": short_wait_forms(),
        "ofLimit": _("of {limit}"),
        "noLimit": _("no limit"),
        "outside": _("{n} parties outside"),
        "needed": _("{n} needed"),
        "short": _("{n} too few"),
        "silent": _("Not connected"),
        "heard": _("Working"),
        "never": _("Never connected"),
        "since": _("since {time}"),
        "state": {"open": _("Open"), "break": _("On break"), "closed": _("Closed")},
        "because": {code: text for reasons in stop_reasons().values() for code, text in reasons},
        "ticket": {"CALLED": _("Called"), "SERVING": _("Being served")},
        "forgotten": _("2 × planned time"),
        "idle": _("No visitor"),
        "lent": _("Other streams today"),
        "kind": {
            "kiosk": _("Kiosk"),
            "display": _("Lobby TV"),
            "printer": _("Printer"),
            "sensor": _("Counting sensor"),
        },
        "stop": {"PAUSE": _("Everything stands still"), "EVACUATION": _("Evacuation")},
        "calledSince": called_since_words(),
        "colleague": _("a colleague"),
        "evacuated": evacuated_words(),
        "evacuationOver": evacuation_over_words(),
        "stopped": _("{what} since {time}, by {by}: {because}"),
        "alert": alert_sentences(),
        "trouble": trouble_sentences(),
        "troubleName": trouble_names(),
        "printer": {code.value: printer_words(code) for code in PrinterCode},
        "over": _(
            "Over the limit: {inside} of {limit} people, since {time}. Nobody is let in until "
            "enough have left."
        ),
        "conflicts": _("Kiosk numbers to look at: {n}"),
        "overBy": _("of {limit}: {n} too many"),
        "remoteMore": _(
            "waiting; today {served} served, {missed} not reached; {counters_open} counters at home"
        ),
        "overToday": _("{n} min over the limit today"),
        "letter": {
            "due": _("e-mail on its way"),
            "sent": _("told by e-mail"),
            "failed": _("the e-mail could not be sent"),
        },
        "alertOpen": _("Since {time}"),
        "alertOver": _("{time}, over at {end}"),
        "seenBy": _("Seen by {by} at {time}"),
        "newAlert": _("Alert: {text}"),
        "announced": _("On the screens until {time}"),
        "planned": _("From {time} until {end}"),
        "stoppedDone": _("Everything stands still now"),
        "resumedDone": _("Everything goes on"),
        "releasedDone": _("{counter} is closed; whoever was there is next again"),
        "lentDone": _("{counter} now serves {letters}"),
        "seenDone": _("Noted that you have seen it"),
        "announcedDone": _("The announcement is on its way to the screens"),
        "endedDone": _("The announcement is off the screens"),
        "wordWrong": _("Please type {word} to confirm."),
        "needReason": _("Please say why."),
        "needStream": _("Choose at least one stream."),
        "fields": {
            "text_id": _("Please write the Indonesian text: one line of at most 140 characters."),
            "text_en": _("Please write the English text: one line of at most 140 characters."),
            "text.id": _("Please write the Indonesian text: one line of at most 140 characters."),
            "text.en": _("Please write the English text: one line of at most 140 characters."),
            "starts_at": _("Please check the time from which it is shown."),
            "ends_at": _("The end must be later than now, and later than the start."),
            "reason": _("Please say why."),
        },
        "soundOn": _("Sound is on"),
        "soundOff": _("Sound is off"),
        "soundAsk": _("Press to turn on the sound"),
        "offline": _("No connection. Nothing was done; please try again when it is back."),
        "problem": _("This did not work. Please try again."),
        "problems": {
            **{code: refusal_words(code, {}) for code in ("forbidden", "changed", "counter_taken")},
            "bad_input": _("Please check what you have typed."),
            "limit_reached": _(
                "Five announcements are the most that anybody reads. Please end one first."
            ),
        },
    }


def override_words(act: Act, counters: Mapping[str, str], office: Office) -> str:
    """One act of a day as a sentence. `counters`: what each is called."""
    facts = act.facts
    changed: Mapping[str, Any] = facts.get("changed", {})
    numbers = {
        "number": facts.get("number") or "–",
        "counter": counters.get(str(facts.get("counter", "")), ""),
    }
    match act.type:
        case EventType.UNDONE if facts.get("number") is None:
            return _("Took back “{what}” for a booking").format(
                what=step_words(str(facts.get("undid", "")))
            )
        case EventType.UNDONE:
            return _("Took back “{what}” for {number}").format(
                what=step_words(str(facts.get("undid", ""))), **numbers
            )
        case EventType.OCCUPANCY_CORRECTED:
            if "persons" in facts:
                return _("Counted {n} persons inside").format(n=facts["persons"])
            return _("Corrected the persons inside by {delta}").format(
                delta=f"{int(facts.get('delta', 0)):+d}".replace("-", "−")
            )
        case EventType.ADMISSIONS_STOPPED:
            return _("Stopped the door")
        case EventType.ADMISSIONS_RESUMED:
            return _("Opened the door again")
        case EventType.SERVICE_PAUSED:
            return (
                _("Called an evacuation")
                if changed.get("paused", ["", ""])[1] == "EVACUATION"
                else _("Stopped everything for a while")
            )
        case EventType.SERVICE_RESUMED:
            return _("Let everything go on")
        case EventType.COUNTER_STREAMS_CHANGED:
            before, after = changed.get("letters", ["", ""])
            return _("{counter}: streams {before} became {after} for this day").format(
                counter=numbers["counter"], before=", ".join(before), after=", ".join(after)
            )
        case EventType.COUNTER_RELEASED:
            if facts.get("number"):
                return _("Closed {counter}, whose clerk was gone; {number} is next again").format(
                    **numbers
                )
            return _("Closed {counter}, whose clerk was gone").format(counter=numbers["counter"])
        case EventType.MODE_CHANGED:
            return _mode_words(act, office)
        case EventType.LIMIT_CHANGED:
            before, after = changed.get("limit") or changed.get("people_limit") or (None, None)
            if before is None and after is None:
                return _("Changed how places are shared")
            none = _("no limit")
            return _("Changed the room's limit from {before} to {after}").format(
                before=none if before is None else before, after=none if after is None else after
            )
        case EventType.RULES_CHANGED:
            return _("Changed the queue rules: {what}").format(what=changes_words(changed))
        case EventType.ROOM_DESCRIBED:
            return _("Described the room anew: {what}").format(what=room_changes_words(facts))
        case EventType.OFFICE_ADDED:
            return _("Set the office up")
        case EventType.OFFICE_CHANGED:
            return _("Changed the office as a whole: {what}").format(what=taken_over_words(facts))
        case EventType.OFFICE_DELETED:
            return _("Deleted the office {code}").format(code=facts.get("deleted", ""))
        case EventType.OFFICE_DESCRIBED:
            return _("Changed what the public reads of the office: {what}").format(
                what=told_words(facts.get("told", ()))
            )
        case EventType.SERVICE_DESCRIBED:
            return _("Changed what the public reads of “{service}”: {what}").format(
                service=in_language(service_of(office, str(facts.get("service", ""))).name),
                what=told_words(facts.get("told", ())),
            )
        case EventType.SLIP_DESIGNED:
            return _("Changed the printed slip: {what}").format(what=told_words(changed))
        case EventType.OFFICE_RESTRUCTURED:
            return _("Changed services, queues or counters: {what}").format(
                what=parts_words(changed, office)
            )
        case EventType.HOURS_CHANGED:
            return _("Changed the opening hours")
        case EventType.ANNOUNCED:
            return _("Announced: {text}").format(text=_text(facts))
        case EventType.ANNOUNCEMENT_ENDED:
            return _("Took off the screens: {text}").format(text=_text(facts))
        case EventType.ALERT_ACKNOWLEDGED:
            return _("Saw the alert: {text}").format(text=alert_name(str(facts.get("kind", ""))))
        case EventType.PARTY_CHANGED:
            before, after = changed.get("party_size", ["–", "–"])
            return _("Changed the party of {number} from {before} to {after}").format(
                number=numbers["number"], before=before, after=after
            )
        case EventType.MADE_URGENT:
            what = urgency_words().get(str(facts.get("urgency", "")), ("–", ""))[0]
            return _("Made {number} urgent: {what}").format(number=numbers["number"], what=what)
        case EventType.PRIORITY_SET:
            given = bool(changed.get("priority", [False, False])[1])
            said = _("Gave {number} priority") if given else _("Took priority from {number}")
            return said.format(number=numbers["number"])
        case EventType.ISSUED_BEYOND:
            return _("Gave {number} beyond the day’s places").format(number=numbers["number"])
        case EventType.LET_PAST:
            return _("Let {number} in before {due}, who was next").format(
                number=numbers["number"], due=facts.get("due_number") or "–"
            )
        case EventType.SLIP_COPIED:
            return _("Gave out a copy of the slip of {number}").format(number=numbers["number"])
        case EventType.CHANGES_UNLOCKED:
            return _("Let {number} be changed online again").format(number=numbers["number"])
        case EventType.DAY_LISTED:
            return _("Printed the list of {date}: {n} bookings").format(
                date=facts.get("date", ""), n=facts.get("listed", 0)
            )
        case EventType.VOIDED:
            if facts.get("number") is None:
                return _("Voided a booking before it checked in")
            return _("Voided the booking of {number}").format(number=numbers["number"])
        case EventType.BOOKER_SHOWN | EventType.CONTACT_SHOWN | EventType.NAMES_SEARCHED:
            return look_words(act.type, facts)
        case EventType.CALLS_LISTED:
            return _("Took the list of visitors to ring: {n} calls").format(
                n=facts.get("listed", 0)
            )
        case EventType.CONFLICT_SEEN:
            return _("Dealt with the kiosk number {number}").format(number=numbers["number"])
        case EventType.REMOTE_SET:
            return _set_remote_words(facts, counters, office)
    return event_words().get(act.type, "–")


def _mode_words(act: Act, office: Office) -> str:
    """A decision on the mode, or the end of one: what held until then holds no longer, which is the
    very opposite.
    """
    facts = act.facts
    mode = str(facts.get("mode") or (facts.get("changed", {}).get("mode") or ["", ""])[1] or "")
    named = {"mode": mode_name_words(mode) if mode else "–"}
    service = next((each for each in office.services if each.code == facts.get("service")), None)
    if "ended_at" in facts:
        ended_at = _moment(facts["ended_at"])
        if ended_at <= act.at:
            words = _("Ended the service mode: {mode}").format(**named)
        else:
            words = _("Set an end for the service mode “{mode}”: {time}").format(
                time=_say(ended_at, office), **named
            )
    else:
        starts_at, ends_at = (
            _moment(facts[name]) if facts.get(name) else None for name in ("starts_at", "ends_at")
        )
        if starts_at is not None and starts_at > act.at:
            words = _("Decided the service mode from {time} on: {mode}").format(
                time=_say(starts_at, office), **named
            )
        else:
            words = _("Changed the service mode: {mode}").format(**named)
        if ends_at is not None:
            words = _("{what}, until {time}").format(what=words, time=_say(ends_at, office))
    return f"{words} ({in_language(service.name)})" if service is not None else words


def _set_remote_words(facts: Mapping[str, Any], counters: Mapping[str, str], office: Office) -> str:
    """What can be had from home since, and which counters were brought home or back."""
    kinds = kind_words()
    services = [
        "{service}: {kinds}".format(
            service=in_language(service_of(office, code).name),
            kinds=", ".join(kinds[each] for each in (VisitKind.OFFICE, *after)),
        )
        for code, (_before, after) in facts.get("services", {}).items()
    ]
    from_where = {"home": _("from home"), "office": _("in the office")}
    moved = [
        f"{counters.get(id, id)}: {from_where[where]}"
        for id, where in facts.get("counters", {}).items()
    ]
    return _("Set visits by phone and video: {what}").format(what="; ".join(services + moved))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _say(moment: datetime, office: Office) -> str:
    return format_moment(moment, current_language(), office.zone)


def _text(facts: Mapping[str, Any]) -> str:
    words: Mapping[str, str] = facts.get("text", {})
    return words.get(current_language(), "") or next(iter(words.values()), "")


def call_sentence(call: Explained) -> str:
    """A direct call or one out of order, as a sentence."""
    if call.in_order:
        return _("{number} was called directly, and it was its turn").format(number=call.number)
    if call.due is None:
        return _("{number} was called directly; nobody else could be called").format(
            number=call.number
        )
    return _("{number} was called although it was {due}'s turn").format(
        number=call.number, due=call.due_number or "–"
    )


def picked_sentence(call: Act) -> str:
    """A direct call, as its own event tells it: without the log of its day nobody knows whose turn
    it was.
    """
    number = call.facts.get("number") or "–"
    if call.is_out_of_order:
        return _("{number} was called out of turn").format(number=number)
    return _("{number} was called directly, and it was its turn").format(number=number)
