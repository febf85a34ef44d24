"""What the reception sends."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from queue_server.domain.office.office import VisitKind
from queue_server.domain.office.roll import ROLL_LAST
from queue_server.domain.office.search import LONGEST_QUERY
from queue_server.domain.triage.counting import AnywayReason
from queue_server.protocol.codes import Priority, Urgency

from .base import Body, Query
from .door import WalkInBody
from .kinds import PRINTABLE, Kind, Language, Line, Needs, PartySize, SlotId, Word


class NameBody(Body):
    """Two letters or more of a visitor's name; with the last four characters of their NIK, passport
    or phone the bookings of all coming days are meant.
    """

    name: Line
    last4: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{4}$")] | None = None


class ServiceQuery(Query):
    """What somebody says of their task."""

    q: Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY)]


class ArrivalBody(Body):
    """The id or the code of a booking whose visitor has come."""

    ticket: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE)]


class ReceptionTicketBody(WalkInBody):
    """Somebody at the desk; `beyond` is why a number is given though the day's places are gone,
    `anyway` why somebody is served whom the triage advised otherwise, `roll` which number on paper
    they hold: 17 for R017.
    """

    beyond: Line | None = None
    roll: Annotated[int, Field(ge=1, le=ROLL_LAST, strict=True)] | None = None
    anyway: AnywayReason | None = None


class ReceptionBookingBody(Body):
    """A time for somebody at the reception or on the telephone, and who comes. `notify`: they want
    to be told of the booking, reminded and called by telephone.
    """

    service: Word
    slot: SlotId
    nik: Line | None = None
    passport: Line | None = None
    name: Line
    phone: Line | None = None
    party_size: PartySize = 1
    language: Language = "id"
    assistance: bool = False
    needs: Needs = []
    notify: bool = False
    represented: bool = False
    urgency: Urgency | None = None
    visit: Kind = VisitKind.OFFICE


class PartyBody(Body):
    """How many persons come after all."""

    party_size: PartySize


class UrgencyBody(Body):
    """Why a waiting case is urgent."""

    urgency: Urgency


class PriorityBody(Body):
    """Why a visitor has priority; null takes it away. Only that there is a reason is kept."""

    reason: Priority | None


class ExpectedQuery(Query):
    """The time whose bookings are asked for."""

    slot: SlotId


class PrintBody(Body):
    """The printer that shall print; left out: the first that is ready."""

    printer: Word | None = None


class CameOutBody(Body):
    """Whether the slip came out of which the printer does not know."""

    came_out: Annotated[bool, Field(strict=True)]
