"""What is sent from the door: by guards, kiosks and counting sensors."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from queue_server.domain.visit.booker import Where
from queue_server.protocol.codes import Priority, Urgency

from .base import Body, Query
from .kinds import PRINTABLE, Language, Line, Moment, PartySize, Reason, Word


class WalkInBody(Body):
    """A visitor at the door. Only that somebody has priority is kept, never why."""

    service: Word
    party_size: PartySize = 1
    priority: Priority | bool | None = None
    language: Language = "id"
    urgency: Urgency | None = None


class AdmitBody(Body):
    """Why a visitor is let in before the one who is next; the next one needs no reason."""

    reason: Reason | None = None


class LeaveBody(Body):
    """How many of a party went away; left out: all, as it must be in an evacuation."""

    persons: Annotated[int, Field(ge=1, le=50, strict=True)] | None = None


class WhereBody(Body):
    """Where the visitor is whom this is about: counter, reception or door."""

    where: Where


class OccupancyBody(Body):
    """Persons that came or went without a ticket, and why."""

    delta: Annotated[int, Field(ge=-500, le=500, strict=True)]
    reason: Reason


class RecountBody(Body):
    """How many persons somebody has counted inside."""

    persons: Annotated[int, Field(ge=0, le=10_000, strict=True)]
    reason: Line = ""


class AdmissionsBody(Body):
    """Whether to let people in from now on, and why."""

    admitting: Annotated[bool, Field(strict=True)]
    reason: Line = ""


class DoorCountBody(Body):
    """How many persons a sensor has seen come in and go out so far, and when that was."""

    total_in: Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
    total_out: Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
    at: Moment


class ShownQuery(Query):
    """What was typed or scanned: a code, the link in a QR code, a number such as A012, or a
    ticket's id.
    """

    shown: Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)] = ""
