"""What the pages of a booking say of a time that could not be had, and of help on the spot."""

from __future__ import annotations

from queue_server.domain.visit.identity import Need
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.refusals import refusal_words

PROBLEMS = frozenset(
    {
        "missing",
        "hold_over",
        "slot_full",
        "slot_passed",
        "slot_too_far",
        "unknown_slot",
        "not_in_service",
        "paused",
    }
)
"""Why a time must be chosen once more, as an address may say it."""


def problem_words(problem: str) -> dict[str, str]:
    """What is wrong with the chosen time, at its field; nothing for any other word in an
    address.
    """
    if problem not in PROBLEMS:
        return {}
    if problem == "missing":
        return {"slot": bad_input_words("slot", "missing")}
    if problem == "paused":
        return {"slot": refusal_words("day_evacuated", {})}
    return {"slot": refusal_words(problem, {})}


def need_words() -> dict[str, str]:
    """Each kind of help -> its words, in the order shown."""
    words = {
        Need.WHEELCHAIR: _("A way and a counter for a wheelchair"),
        Need.HEARING: _("Hearing: a sign language interpreter, or written words"),
        Need.SEEING: _("Seeing: somebody who leads and reads aloud"),
        Need.COMPANION: _("A companion comes along to the counter"),
    }
    return {need.value.lower(): words[need] for need in Need}
