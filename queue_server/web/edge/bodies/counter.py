"""What clerks send from a counter."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from queue_server.domain.counter.remarks import NOTE_LENGTH_MAX, Evidence
from queue_server.domain.office.descriptions import URL_MAX

from .base import Body
from .kinds import PRINTABLE, BreakReason, Line, Reason, Word


class CallBody(Body):
    """The counter to call to, the clerk's own open counter if left out, and why, if it is not this
    visitor's turn.
    """

    counter: Word | None = None
    reason: Reason | None = None


class FinishNextBody(Body):
    """The id of the visit to finish, so that a press on an old picture finishes no other;
    whichever the counter serves if left out.
    """

    ticket: Word | None = None


class ReasonBody(Body):
    """Why a counter is closed, or everything goes on."""

    reason: Line = ""


class BreakBody(Body):
    """Why a counter is left for a while: colleagues and the supervisor read it, each in their
    language.
    """

    reason: BreakReason


class TransferBody(Body):
    """Where to send the visitor: a stream's letter or a service, or one counter or clerk, or
    both.
    """

    stream: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")] | None = None
    service: Word | None = None
    counter: Word | None = None
    clerk: Word | None = None


class EvidenceBody(Body):
    """What was found of an urgent case's proof."""

    evidence: Evidence


class MeetingBody(Body):
    """Where a visit by video meets; empty for the address of the counter."""

    url: Annotated[str, StringConstraints(max_length=URL_MAX, pattern=PRINTABLE)] = ""


class NoteBody(Body):
    """A short note of a clerk on a ticket."""

    text: Annotated[
        str, StringConstraints(min_length=1, max_length=NOTE_LENGTH_MAX, pattern=PRINTABLE)
    ]
