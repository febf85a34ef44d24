"""The console's words for the call order: why a visitor is next or not yet, and when one may be called again."""
from __future__ import annotations

from .locale import gettext

_ = gettext


def reason_words() -> dict[str, str]:
    """One sentence for each reason of `call_reasons`; {turn} is one of the sentences about the turn time."""
    return {
        "next": _("{number} is next for {counters}. {turn}."),
        "nextBefore": _("{number} is next for {counters}, before {rival} at {rivalTurn}. {turn}."),
        "behind": _("{number} comes after {ahead} others; {rival} at {rivalTurn} is called first. {turn}."),
        "behindOne": _("{rival} at {rivalTurn} is called before {number}. {turn}."),
        "waits": _("{number} comes as soon as a counter is free. {turn}."),
        "outside": _("{number} waits until the room has a place for the whole party. {turn}."),
        "sentOn": _("{number} was sent on to {wanted} and waits for it. {turn}."),
        "noCounter": _("No open counter serves the queue of {number}. {turn}."),
    }


def turn_words() -> dict[str, str]:
    """How a turn time comes about."""
    return {
        "slot": _("Turn by booked time: {turn}"), "arrival": _("Turn by time of arrival: {turn}"),
        "late": _("Came after the booked time, so turn by arrival: {turn}"),
        "credit": _("({n} minutes earlier for priority)"), "first": _("(goes before others by the office's rule)"),
    }


def recall_words() -> dict[str, str]:
    """What the console says of a visitor who has been called and has not come."""
    return {
        "in": _("call again in {time}"), "now": _("may be called again"),
        "missed": _("did not answer {n} calls. Mark “Did not come”?"),
    }
