"""Everything the clerk's console says by script, in one language, with the figures it needs."""

from __future__ import annotations

from typing import Any

from queue_server.domain.office.rules import Rules
from queue_server.web.edge.locale import LANGUAGE_NAMES, current_language, ngettext
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.calls import (
    ACTION_OF,
    became_words,
    direct_call_words,
    evidence_words,
    history_words,
    key_words,
    reason_words,
    recall_words,
    stop_words,
    turn_words,
)
from queue_server.web.edge.words.codes import staff_need_words
from queue_server.web.edge.words.privacy.booker import booker_words
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.edge.words.remote import kind_words
from queue_server.web.edge.words.standstill import called_since_words, standstill_words
from queue_server.web.edge.words.tickets import STATE_BADGES, state_words
from queue_server.web.edge.words.units import short_wait_forms

from .visit_words import not_called_words, pace_words, scan_words, step_words


def console_script_words(rules: Rules) -> dict[str, Any]:
    """Everything `console.js` says, with the figures of the office's rules that it needs."""
    language, booked = current_language(), booker_words()
    return {
        "language": language,
        "languages": LANGUAGE_NAMES,
        "clockMark": "." if language == "id" else ":",
        "states": state_words(),
        "badges": STATE_BADGES,
        "targetMinutes": rules.alerts.target_minutes,
        "undoMinutes": rules.calling.undo_minutes,
        "counter": _("Counter %(name)s", name="{name}"),
        "taken": _("Open: {clerk}"),
        "colleague": _("another clerk"),
        "free": _("Free"),
        "freeStopped": _("Free. Last closed: {reason}"),
        "servingFor": _("Being served for"),
        "calledFor": _("Called"),
        "urgent": _("Urgent"),
        "priority": _("Priority"),
        "needs": staff_need_words(),
        "represented": _("Comes for somebody else: see the power of attorney"),
        "party": _("{n} people"),
        "callTimes": _("Call {n}"),
        "bookedFor": _("Booked for {time}"),
        "cameAt": _("Came at {time}"),
        "calledAt": _("Called at {time}"),
        "outside": _("waits outside"),
        "awayUntil": _("away until {time}"),
        "sentTo": _("sent on to {wanted}"),
        "sentToYou": _("sent on to you"),
        "andMore": _("{name} and {n} more counters"),
        "minutes": _("{n} min"),
        "onTime": _("On time"),
        "watch": _("Watch"),
        "late": _("Late"),
        "next": _("Next: {number} – {service}"),
        "nobody": _("Nobody is waiting for this counter"),
        "finishFirst": _("Finish {number} first"),
        "roomFull": _("The room is full: the next visitor waits outside until somebody leaves"),
        "door": {
            "STOPPED": _("The door is stopped: nobody is let in from outside"),
            "OVER_LIMIT": _(
                "More people are inside than are allowed: nobody is called in from outside until "
                "enough have left"
            ),
            "PARTY_WAITS": _(
                "The next party outside needs more room than is left; nobody is called past it now"
            ),
            "TOO_LARGE": _(
                "Only a party larger than the room allows waits outside. Serve it in another way"
            ),
        },
        "stopped": {
            "door": {
                "why": _("Door stopped at {time} by {by}: {reason}"),
                "bare": _("Door stopped at {time} by {by}"),
            },
            "all": standstill_words(),
        },
        "standstill": _("Everything stands still: nobody is called"),
        "calledSince": called_since_words(),
        "inside": _("{n} people inside"),
        "insideOf": _("{n} of {limit} people inside"),
        "overLimit": _("Over the limit: {n} of {limit} people"),
        "turn": turn_words(),
        "reason": reason_words(),
        "recall": recall_words(),
        "kinds": kind_words(),
        "reach": {
            "failed": _("The number could not be shown. Please try again."),
            "open": _("The meeting is open: the visitor sees its address."),
            "badUrl": _("Enter the address of the meeting. It begins with https://"),
        },
        "offline": _("No connection. Nothing was done; please try again when it is back."),
        "problem": _("This did not work. Please try again."),
        "problems": {
            code: refusal_words(code, {})
            for code in (
                "wrong_state",
                "changed",
                "counter_taken",
                "counter_busy",
                "not_your_ticket",
                "recalls_used_up",
                "room_full",
                "not_for_this_counter",
                "nothing_to_undo",
                "not_in_service",
                "forbidden",
                "counter_closed",
                "clerk_away",
            )
        }
        | {"too_early": _("It is too early to call again. The time is shown beside the number.")},
        "step": step_words(),
        "scan": scan_words(),
        "notCalled": not_called_words(),
        "pace": pace_words(),
        "undo": _("Undo"),
        "toQueue": _("Back to the queue"),
        "undoRefused": {
            "no_place": _("The place of {number} is taken already, so this cannot be undone."),
            "counter_busy": _("Your counter has another visitor by now, so this cannot be undone."),
            "booked_again": booked["bookedAgain"],
            "too_late": ngettext(
                "This was more than %(num)s minute ago and can no longer be undone.",
                "This was more than %(num)s minutes ago and can no longer be undone.",
                rules.calling.undo_minutes,
            ),
        },
        "done": {
            "call": _("{number} called to {counter}"),
            "start": _("{number}: service started"),
            "finish": _("{number} finished"),
            "recall": _("{number} called again"),
            "no-show": _("{number} did not come"),
            "park": _("{number} put on hold"),
            "transfer": _("{number} sent on"),
            "resume": _("{number} is back in the queue"),
            "return": _("{number} is back in the queue"),
            "undo": _("Taken back: {number}"),
            "close": _("The counter is closed"),
            "break": _("You are on break; nobody is called to you"),
            "open": _("The counter is open again"),
            "evidence": _("Proof of {number} noted"),
            "note": _("Note kept with {number}"),
            "mismatch": booked["voided"],
        },
        "became": became_words(),
        "anotherCounter": _("another counter"),
        "yourCounter": _("your counter"),
        "counterGone": _("Your counter was closed elsewhere, perhaps in another window."),
        "stop": stop_words(),
        "callWhy": direct_call_words(),
        "evidence": evidence_words(),
        "history": history_words(),
        "actionOf": ACTION_OF,
        "keys": key_words(),
        "booker": booked,
        "whom": {
            "resume": _("Take whom back from hold?"),
            "return": _("Who has come after all?"),
            "call": _("Call whom out of turn?"),
        },
        "nobodyThere": _("There is nobody to choose from"),
        "notes": _("{n} notes"),
        "noteFor": _("Note for {number}"),
        "noteRefused": {
            "nik": _("A note must not hold a NIK."),
            "limit": _("This ticket has as many notes as it may have."),
            "missing": _("The note is empty."),
            "too_long": _("The note is too long."),
        },
        "noteAgain": _("Change it"),
        "transferWhere": _("Please choose another service, a counter or a clerk."),
        "historyTitle": _("My last actions"),
        "historyHint": _("What can still be taken back has a number: press it."),
        "noHistory": _("You have done nothing here today yet."),
        "undoUntil": _("Can be taken back until {time}"),
        "idle": _("Nobody yet. Call the next visitor when you are ready."),
        "onBreak": _("On break"),
        "awayFor": _("{name} (on break)"),
        "awayBecause": _("{name} (on break: {reason})"),
        "takeBreak": _("Break"),
        "endBreak": _("End the break"),
        "breakSince": _("You are on break since {time}. {reason}"),
        "endBreakFirst": _("End the break first"),
        "notNow": _("Not possible without a connection"),
        "wait": short_wait_forms(),
        "streamSaid": _("{name}: {waiting} waiting"),
        "lost": _(
            "The connection broke off in the middle. We look what became of it as soon as it is "
            "back."
        ),
        "lostLong": _(
            "The connection was away too long, so nothing was repeated. You see the present state."
        ),
        "unknown": _(
            "It is not known whether this was done. Please look at the present state before you "
            "repeat it."
        ),
    }
