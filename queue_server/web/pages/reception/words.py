"""Everything the reception's page says."""

from __future__ import annotations

from typing import Any

from queue_server.domain.office.devices.health import PrinterCode
from queue_server.protocol.codes import CANCEL_REASONS, PRIORITIES, CancelReason, Priority
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.locale import current_language
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.calls import scan_refusals
from queue_server.web.edge.words.codes import staff_need_words
from queue_server.web.edge.words.devices.troubles import printer_words
from queue_server.web.edge.words.privacy.booker import booker_words
from queue_server.web.edge.words.refusals import no_show_words, refusal_words
from queue_server.web.edge.words.tickets import STATE_BADGES, state_words
from queue_server.web.edge.words.units import short_wait_forms, wait_forms

from .spelling import spelling_words


def evidence_words() -> dict[str, str]:
    """What may be found of an urgent case's proof."""
    return {
        "OK": _("Proof is right"),
        "NOT_OK": _("Proof is missing or not right"),
        "NOT_NEEDED": _("No proof needed"),
    }


def priority_words() -> dict[str, str]:
    """Each reason for priority -> its words, in the order shown."""
    words: dict[Priority, str] = {
        "elderly": _("60 years or older"),
        "pregnant": _("Pregnant or nursing"),
        "disabled": _("Disabled or ill"),
        "child": _("With a small child"),
    }
    return {code: words[code] for code in PRIORITIES}


def cancel_words() -> dict[str, str]:
    """Each reason for cancelling -> what somebody else says of the visitor, in the order shown."""
    words: dict[CancelReason, str] = {
        "not_needed": _("They no longer need it"),
        "done_online": _("They did it online"),
        "no_time": _("They have no time then"),
        "other_office": _("They go to another office"),
        "mistake": _("It was booked or given by mistake"),
    }
    return {code: words[code] for code in CANCEL_REASONS}


def _order_words() -> dict[str, str]:
    """What has become of a slip that was ordered, and what to do."""
    return {
        "ordered": _("{printer} prints it (ordered at {ordered})."),
        "printed": _("It came out of {printer} (ordered at {ordered})."),
        "unconfirmed": _("{printer} does not know whether the slip came out. Please look: did it?"),
        "not_printed": _(
            "Nothing came out of {printer}. Please look at its paper, cover and switch, then press "
            "again."
        ),
        "lapsed": _(
            "{printer} has not answered since {ordered}. Please look whether a slip lies there "
            "before you press again."
        ),
    }


def _beside_words() -> dict[str, Any]:
    """What is said of those who are expected, and of the queue."""
    return {
        "visits": {"one": _("1 visit"), "other": _("{n} visits")},
        "present": _("{n} of {of} have come"),
        "late": _("{n} late"),
        "tooLate": _("{n} too late"),
        "attendance": {
            "COMING": _("Expected"),
            "LATE": _("Late, turn kept"),
            "TOO_LATE": _("Too late, turn lost"),
            "HERE": _("Has come"),
            "MISSED": _("Did not come"),
        },
        "inside": _("{inside} inside"),
        "insideOf": _("{inside} of {limit} inside"),
        "outside": {
            "none": _("Nobody outside"),
            "one": _("1 party outside"),
            "other": _("{n} parties outside"),
        },
        "waiting": {"none": _("nobody"), "one": _("1 waits"), "other": _("{n} wait")},
        "longest": _("longest {n} min"),
        "newcomers": _("new: {wait}"),
        "countersOpen": {
            "none": _("no counter open"),
            "one": _("1 counter open"),
            "other": _("{n} counters open"),
        },
        "shortWait": short_wait_forms(),
    }


def _after_words() -> dict[str, Any]:
    """What is said after a visit was changed."""
    return {
        "undo": _("Undo"),
        "undone": _("{number}: taken back"),
        "leftDone": _("{number} has gone away"),
        "steppedOutDone": _("{number} is outside and keeps the place in the queue"),
        "priorityDone": _("{number} has priority now"),
        "noPriorityDone": _("{number} has no priority any more"),
        "movedDone": _("Moved to {time}"),
        "cancelledDone": _("{number} is cancelled"),
        "choosePriority": _("Please choose who has priority."),
        "chooseCancel": _("Please choose why it is cancelled."),
    }


def reception_script_words() -> dict[str, Any]:
    """Everything `reception.js` says."""
    language = current_language()
    return {
        "language": language,
        "clockMark": "." if language == "id" else ":",
        "states": state_words(),
        "badges": STATE_BADGES,
        "persons": {"one": _("1 person"), "other": _("{n} people")},
        "place": {
            "INSIDE": _("May come in"),
            "OUTSIDE": _("Waits outside"),
            "REMOTE": _("Is at home"),
        },
        "ahead": {"none": _("Nobody ahead"), "one": _("1 ahead"), "other": _("{n} ahead")},
        "wait": wait_forms() | {"between": _("about {low}–{high} min")},
        "urgent": _("Urgent"),
        "priority": _("Priority"),
        "needs": staff_need_words(),
        "represented": _("Comes for somebody else: see the power of attorney"),
        "booker": booker_words(),
        "passport": _("Shows a passport or KITAS/KITAP"),
        "bookedFor": _("Booked for {time}"),
        "comesLater": _("comes {n} min late"),
        "awayUntil": _("away until {time}"),
        "at": _("{date}, {time}"),
        "counter": _("Counter {name}"),
        "evidence": evidence_words(),
        "notLooked": _("Nobody has looked at the proof yet"),
        "checkedIn": _("{number}: checked in"),
        "given": _("{number} was given"),
        "booked": _("Booked for {time}"),
        "partyDone": _("Now {persons}"),
        "urgentDone": _("{number} is urgent now"),
        "evidenceDone": _("Noted: {text}"),
        "advised": _("Noted: {title}"),
        "bring": _("Have this ready"),
        "steps": _("What to do next"),
        "unlocked": _("Can be changed online again"),
        "foundNone": _("Nobody booked for today has a name like this."),
        "foundNoneComing": _("No coming booking has a name and four digits like these."),
        "last4Short": _("Please type four digits, or leave them out."),
        "spelling": spelling_words(),
        "taskFound": _("Chosen: {name}"),
        "taskNone": _("No service fits these words. Please choose one below."),
        "printSlip": _("Print the slip"),
        "printConfirmation": _("Print the confirmation"),
        "printCopy": _("Print a copy"),
        "anyPrinter": _("The first that is ready"),
        "aPrinter": _("The printer"),
        "answered": _("The printer is told. It goes on in a moment."),
        "orders": _order_words(),
        "printers": {each.value: printer_words(each)[0] for each in PrinterCode},
        **_beside_words(),
        **_after_words(),
        "otherTime": _("Another time …"),
        "foundMore": _("More names fit. Please type more letters."),
        "free": _("{time} ({n} free)"),
        "noTimes": _("No time is free on the days that can be booked."),
        "chooseReason": _("Please choose why the case is urgent."),
        "noPaper": _("Numbers on paper begin with {letter}. Please look at the paper again."),
        "needReason": _("Please say why."),
        "dayFull": _("All places of today are taken. You may still give a number and say why."),
        "scan": scan_refusals(),
        "unknown": _("No ticket has this code or number today."),
        "noCamera": _("The camera cannot be used. Please type the code."),
        "offline": _(
            "No answer came. Please press again when the connection is back: nothing is done twice."
        ),
        "problem": _("This did not work. Please try again."),
        "fields": {
            "nik": bad_input_words("nik", "length"),
            "passport": bad_input_words("nik", "either_format"),
            "name": bad_input_words("name", "missing"),
            "phone": bad_input_words("phone", "format"),
            "party_size": _("So many people cannot come together."),
            "slot": bad_input_words("slot", "missing"),
        },
        "nameShort": _("Please type at least two letters of the name."),
        "limits": {
            "service": _("This person already has a booking for this service."),
            "office": _(
                "This person already holds as many bookings at this office as one person may have."
            ),
            "phone": _("This phone number is already used for as many bookings as it may have."),
            "day": _("This person already has a visit on this day."),
            "no_shows": no_show_words({}),
            "reschedules": _(
                "This visit was moved as often as the office allows. Cancel it and book a new time."
            ),
        },
        "problems": {
            **{
                code: refusal_words(code, {})
                for code in (
                    "wrong_state",
                    "changed",
                    "room_full",
                    "admissions_stopped",
                    "forbidden",
                    "wrong_day",
                    "remote_visit",
                    "too_early",
                    "not_in_service",
                    "slot_full",
                    "slot_passed",
                    "slot_too_far",
                    "day_full",
                    "already_checked_in",
                    "no_printer",
                    "no_booking",
                    "not_your_ticket",
                    "nothing_to_undo",
                    "paused",
                    "unknown_slot",
                    "nothing_to_undo",
                    "paused",
                )
            },
            "room_full": _(
                "The room is full: the companion must wait outside until there is room."
            ),
            "slot_full": _("This time has no place left for so many people."),
        },
    }
