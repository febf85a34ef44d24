"""Everything the guard's page says."""

from __future__ import annotations

from typing import Any

from queue_server.web.edge.locale import current_language
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.calls import scan_refusals
from queue_server.web.edge.words.privacy.booker import booker_words
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.edge.words.standstill import (
    called_since_words,
    evacuated_words,
    evacuation_over_words,
    standstill_words,
)


def stop_reasons() -> list[str]:
    """Why a door is stopped, most often: one touch each."""
    return [
        _("Too crowded"),
        _("Emergency in the building"),
        _("Police or health officer asked"),
        _("Technical problem"),
    ]


def door_script_words() -> dict[str, Any]:
    """Everything `door.js` says."""
    return {
        "clockMark": "." if current_language() == "id" else ":",
        "persons": {"one": _("1 person"), "other": _("{n} people")},
        "noLimit": _("no limit"),
        "state": {
            "OPEN": _("Room for {n} more"),
            "FULL": _("Full: the next comes in when somebody leaves"),
            "PARTY_WAITS": _("{number} is next, but needs more room"),
            "TOO_LARGE": _(
                "{number} is larger than the room allows. Others may pass; help this party in "
                "another way."
            ),
            "CLOSED": _("Closed: nobody comes in without your hand"),
            "STOPPED": _("The door is stopped: nobody may come in"),
            "LEAVING": _("Still inside: count out everybody who leaves"),
            "LEFT": _("Nobody is counted inside any more"),
            "OVER_LIMIT": _("{n} too many"),
            "ANY": _("Whoever comes may go in"),
        },
        "stopped": {
            "door": {
                "why": _("Stopped at {time} by {by}: {reason}"),
                "bare": _("Stopped at {time} by {by}"),
            },
            "all": standstill_words(),
        },
        "calledSince": called_since_words(),
        "colleague": _("a colleague"),
        "supervisor": {
            "PAUSE": _("A supervisor lets the service go on."),
            "EVACUATION": _("A supervisor ends the evacuation."),
        },
        "evacuated": evacuated_words(),
        "evacuationOver": evacuation_over_words(),
        "sensors": _(
            "Sensors count {sensed}, tickets and your count say {counted}. The larger number holds."
        ),
        "over": _("Over the limit: {inside} of {limit} people"),
        "overMore": _("Let nobody in until enough have left. {n} min over the limit today."),
        "out": _("Out"),
        "outBare": _("Out without ticket"),
        "someone": _("Somebody without a number ({n} inside)"),
        "served": _(
            "Already taken off when their visit was finished: {numbers}. Press nothing for them."
        ),
        "insideSince": _("Inside since {time}"),
        "atCounter": _("At {counter}: the clerk there presses “Finish” or “Did not come”"),
        "atCounterNow": _("At {counter}"),
        "whoLeaves": _("Leaving: which number?"),
        "whoIsOut": _("Counted out: which number?"),
        "insideWaiting": _("Waiting inside"),
        "insideAll": _("Inside with a number"),
        "gone": _("Left"),
        "all": _("All {n}"),
        "one": _("1 of them"),
        "leftOne": _("1 person of {number} has left"),
        "undo": _("Undo"),
        "undone": _("{number} is still inside"),
        "verdict": {
            "served": _("Served, and taken off the count already"),
            "inside": _("Is inside already"),
            "enter": _("May come in"),
            "not_next": _("There is room, but {next} is next"),
            "wait": _("Must wait outside: not enough room"),
            "stopped": _("Must wait outside: the door is stopped"),
            "too_large": _("Cannot come in: more people than the room allows"),
            "called": _("Has been called: may come in"),
            "early": _("Too early: check-in opens at {time}"),
            "other_day": _("This ticket is for another day: {date}"),
            "remote": _("By phone or video: need not come in"),
            "over": _("This visit is over"),
            "missed": _("Missed the call: please send to the desk"),
            "check_in": _("Checking in…"),
            "came_in": _("Checked in: may come in"),
            "came_out": _("Checked in: must wait outside"),
            "evacuation": _("Evacuation: nobody comes in"),
        },
        "nextHint": _("Came at {time}"),
        "priority": _("Priority"),
        "booker": booker_words(),
        "letIn": _("{number} let in"),
        "letPast": _("Let {number} in before {next}?"),
        "notNext": _("Another party is next by now. Please say why {number} comes first."),
        "left": _("{number} has left"),
        "steppedOut": _("{number} is out and keeps the place in the queue"),
        "stoppedDone": _("The door is stopped"),
        "resumedDone": _("The door is open again"),
        "recounted": _("Set to {n} inside"),
        "tooFew": _(
            "Nobody without a ticket is counted inside. Use “Count anew” if the number is wrong."
        ),
        "recountLow": _(
            "At least {low}: so many are inside by their tickets. Mark who left first."
        ),
        "notCounted": _(
            "No connection: {n} presses were not counted. Please press again when it is back."
        ),
        "offline": _("No connection. Nothing was done; please try again when it is back."),
        "problem": _("This did not work. Please try again."),
        "noCamera": _("The camera cannot be used. Please type the code."),
        "scan": scan_refusals(),
        "unknown": _("No ticket has this code or number today."),
        "problems": {
            code: refusal_words(code, {})
            for code in (
                "wrong_state",
                "changed",
                "room_full",
                "fewer_without_ticket",
                "nothing_to_undo",
                "no_booking",
                "not_your_ticket",
                "admissions_stopped",
                "forbidden",
                "wrong_day",
                "remote_visit",
                "too_early",
                "not_in_service",
            )
        },
    }
