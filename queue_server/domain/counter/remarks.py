"""What clerks say about a ticket without moving it: whether an urgent case is proven, and short
notes for each other.
"""

from __future__ import annotations

import re
from enum import StrEnum

from queue_server.domain.errors import BadInput, LimitReached, NotYourTicket, WrongState
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import PRESENT_STATES, State

NOTE_LENGTH_MAX = 200
NOTES_MAX = 10
"""Notes on one ticket."""

_NIK_LIKE = re.compile(r"(?:\d[ .\-]?){15}\d")


class Evidence(StrEnum):
    """What a clerk found when asked for the proof of an urgent case. Never what kind of proof, nor
    of what.
    """

    OK = "OK"
    NOT_OK = "NOT_OK"
    NOT_NEEDED = "NOT_NEEDED"


def admit_remark(ticket: Ticket, clerk: str) -> None:
    """Refuse a remark about somebody who has not come, has gone, or stands at another clerk's
    counter.

    Raises `WrongState`, `NotYourTicket`.
    """
    if ticket.state not in PRESENT_STATES:
        raise WrongState(action="remark", state=ticket.state.value, allowed=sorted(PRESENT_STATES))
    if ticket.state in (State.CALLED, State.SERVING) and ticket.clerk not in (None, clerk):
        raise NotYourTicket(counter=ticket.counter)


def admit_evidence(ticket: Ticket, clerk: str) -> None:
    """Refuse to judge the proof of what is no urgent case. Raises `BadInput`, and as `admit_remark`
    does.
    """
    admit_remark(ticket, clerk)
    if ticket.channel is not Channel.URGENT:
        raise BadInput(field="evidence", reason="not_urgent")


def clean_note(text: str) -> str:
    """A note as it is kept: in one line, 1..NOTE_LENGTH_MAX characters, never with a NIK. Raises
    `BadInput`.
    """
    kept = " ".join(text.split())
    if not kept:
        raise BadInput(field="text", reason="missing")
    if len(kept) > NOTE_LENGTH_MAX:
        raise BadInput(field="text", reason="too_long")
    if _NIK_LIKE.search(kept):
        raise BadInput(field="text", reason="nik")
    return kept


def admit_another_note(notes: int) -> None:
    """Refuse more than NOTES_MAX notes on one ticket. Raises `LimitReached`."""
    if notes >= NOTES_MAX:
        raise LimitReached(rule="notes", limit=NOTES_MAX)
