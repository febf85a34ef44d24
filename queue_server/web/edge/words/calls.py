"""The console's words for the call order: why a visitor is next or not yet, and when one may be
called again.
"""

from __future__ import annotations

from queue_server.web.edge.locale import gettext as _


def reason_words() -> dict[str, str]:
    """One sentence for each reason of `call_reasons`; {turn} is one of the sentences about the turn
    time.
    """
    return {
        "next": _("{number} is next for {counters}. {turn}."),
        "nextBefore": _("{number} is next for {counters}, before {rival} at {rivalTurn}. {turn}."),
        "behind": _(
            "{number} comes after {ahead} others; {rival} at {rivalTurn} is called first. {turn}."
        ),
        "behindOne": _("{rival} at {rivalTurn} is called before {number}. {turn}."),
        "waits": _("{number} comes as soon as a counter is free. {turn}."),
        "outside": _("{number} waits until the room has a place for the whole party. {turn}."),
        "away": _("{number} has stepped away until {away} and is passed over. {turn}."),
        "sentOn": _("{number} was sent on to {wanted} and waits for it. {turn}."),
        "noCounter": _("No open counter serves the queue of {number}. {turn}."),
    }


def turn_words() -> dict[str, str]:
    """How a turn time comes about."""
    return {
        "slot": _("Turn by booked time: {turn}"),
        "arrival": _("Turn by time of arrival: {turn}"),
        "late": _("Came after the booked time, so turn by arrival: {turn}"),
        "credit": _("({n} minutes earlier for priority)"),
        "first": _("(goes before others by the office's rule)"),
    }


def recall_words() -> dict[str, str]:
    """What the console says of a visitor who has been called and has not come."""
    return {
        "in": _("call again in {time}"),
        "now": _("may be called again"),
        "missed": _("did not answer {n} calls. Mark “Did not come”?"),
    }


def scan_refusals() -> dict[str, str]:
    """What is said of a scan that is no ticket."""
    return {
        "nik": _("This was an identity card. Nothing of it was sent or kept. Scan the ticket."),
        "other": _("This is no ticket of this office. Scan the QR code of the ticket."),
        "dialog": _("Answer or close the open question first, then scan again."),
    }


def became_words() -> dict[str, str]:
    """What has become of a ticket that was moved by somebody else, by the state it is found in."""
    return {
        "WAITING": _("{number} is back in the queue: somebody else has moved it."),
        "CALLED": _("{number} has been called to {counter} meanwhile."),
        "SERVING": _("{number} is being served at {counter} by now."),
        "PARKED": _("{number} has been put on hold meanwhile."),
        "NO_SHOW": _("{number} was marked “Did not come” meanwhile."),
        "SERVED": _("{number} has been finished already."),
        "CANCELLED": _("{number} was cancelled meanwhile."),
        "LEFT": _("{number} has gone away."),
        "GONE": _(
            "{number} is no longer here: it was finished, cancelled or moved by somebody else."
        ),
    }


def stop_reasons() -> dict[str, list[tuple[str, str]]]:
    """Why a clerk takes a break, and why one closes the counter: what the log keeps, and what it
    means.
    """
    return {
        "break": [
            ("meal", _("Meal")),
            ("prayer", _("Prayer")),
            ("short", _("Short break")),
            ("meeting", _("Meeting")),
            ("other", _("Another reason")),
        ],
        "close": [
            ("day_over", _("End of work")),
            ("handover", _("A colleague takes over")),
            ("other_task", _("Another task")),
            ("fault", _("Something does not work")),
            ("other", _("Another reason")),
        ],
    }


def stop_words() -> dict[str, dict[str, object]]:
    """What is asked before a counter stops; the first of each of `reasons` is what the log
    keeps.
    """
    reasons = stop_reasons()
    return {
        "break": {
            "title": _("Why do you take a break?"),
            "hint": _("Colleagues see the reason. Visitors sent on to you wait for you."),
            "reasons": reasons["break"],
        },
        "close": {
            "title": _("Why do you close the counter?"),
            "hint": _("Nobody is called here until somebody opens it again."),
            "reasons": reasons["close"],
        },
    }


def direct_call_reasons() -> list[tuple[str, str]]:
    """Why somebody is called out of turn: what the log keeps, and what it means."""
    return [
        ("needs_help", _("Needs help or cannot wait")),
        ("continues", _("Comes back with what was missing")),
        ("supervisor", _("Agreed with the supervisor")),
        ("together", _("Belongs to a visitor served just now")),
        ("other", _("Another reason")),
    ]


def direct_call_words() -> dict[str, object]:
    """What is asked before somebody is called out of turn; the first of each of `reasons` is what
    the log keeps.
    """
    return {
        "title": _("Why is {number} called out of turn?"),
        "hint": _("Others are passed over; the reason is kept in the log."),
        "reasons": direct_call_reasons(),
    }


def evidence_words() -> dict[str, object]:
    """The proof of an urgent case: what is asked, what can be answered, and how the answer is
    shown.
    """
    return {
        "title": _("Proof of the urgent case of {number}"),
        "hint": _("Only the answer is kept, never what was shown."),
        "answers": [
            ("OK", _("Seen and in order")),
            ("NOT_OK", _("Missing or not in order")),
            ("NOT_NEEDED", _("Not needed")),
        ],
        "found": {
            "OPEN": _("Proof: not checked yet"),
            "OK": _("Proof: in order"),
            "NOT_OK": _("Proof: missing"),
            "NOT_NEEDED": _("Proof: not needed"),
        },
    }


def history_words() -> dict[str, str]:
    """A clerk's own action in the list of the last ones, by its event."""
    return {
        "called": _("{number} called"),
        "recalled": _("{number} called again"),
        "started": _("{number}: service started"),
        "parked": _("{number} put on hold"),
        "not_shown": _("{number} did not come"),
        "resumed": _("{number} is back in the queue"),
        "finished": _("{number} finished"),
        "transferred": _("{number} sent on"),
        "returned": _("{number} is back in the queue"),
        "left": _("{number} has left"),
        "voided": _("{number}: booking voided"),
        "undone": _("Taken back: {number}"),
        "stepped_out": _("{number} is out and keeps the place in the queue"),
    }


ACTION_OF = {
    "called": "call",
    "recalled": "recall",
    "started": "start",
    "parked": "park",
    "not_shown": "no-show",
    "resumed": "resume",
    "finished": "finish",
    "transferred": "transfer",
    "left": "leave",
    "voided": "mismatch",
    "stepped_out": "leave",
}
"""The console's name of the action that an event tells of."""


def key_words() -> dict[str, str]:
    """What the dialog of the keys says."""
    return {
        "change": _("Change the key of “{what}”, now {key}"),
        "ask": _("Press the new key for “{what}”. Esc keeps the old one."),
        "changed": _("{key} now stands for “{what}”."),
        "unchanged": _("Nothing was changed."),
        "conflict": _("{key} already stands for “{what}”. Please choose another key."),
        "notOne": _("Only a single letter, digit or sign can be a key."),
        "reset": _("All keys are the usual ones again."),
    }


def key_actions() -> list[tuple[str, str, str]]:
    """Every action that has a key: its name in the page, the usual key, and what it does."""
    return [
        ("call-next", "N", _("Call next")),
        ("finish-next", "J", _("The usual next step")),
        ("start", "S", _("Start serving")),
        ("finish", "D", _("Finish")),
        ("recall", "R", _("Call again")),
        ("no-show", "M", _("Did not come")),
        ("park", "P", _("Put on hold")),
        ("transfer", "T", _("Send on")),
        ("ring", "G", _("Ring the visitor at home")),
        ("meeting", "V", _("Open the video meeting")),
        ("evidence", "E", _("Check proof")),
        ("note", "C", _("Add a note")),
        ("mismatch", "K", _("The card does not match the booking")),
        ("resume", "O", _("Take back from hold")),
        ("return", "L", _("Has come after all")),
        ("call-one", "A", _("Call out of turn")),
        ("undo", "U", _("Undo")),
        ("history", "H", _("My last actions")),
        ("break", "B", _("Break, or back from it")),
        ("close", "X", _("Close the counter")),
        ("filter", "F", _("Choose the queue shown")),
        ("why", "W", _("Why is this one next? Then the others")),
        ("help", "?", _("Keys")),
    ]


def let_past_reasons() -> list[tuple[str, str]]:
    """Why somebody is let in before the one who is next: what the log keeps, and what it means."""
    return [("needs_room", _("The next party does not fit yet")), *direct_call_reasons()]
