"""What visitors send: wishes for times, bookings and what becomes of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from queue_server.domain.office.office import VisitKind
from queue_server.protocol.codes import PARTY_SIZE_MAX, CancelReason, Urgency

from .base import Body, PageQuery, Query
from .kinds import PRINTABLE, Day, Kind, Language, Line, Needs, PartySize, Proofs, SlotId, Word


class AvailabilityQuery(Query):
    """Which days to look at, for how many persons and which kind of visit: a call or a meeting by
    video is with one.
    """

    service: Word
    from_: Annotated[Day | None, Field(alias="from")] = None
    days: Annotated[int, Field(ge=1, le=31)] = 14
    party: Annotated[int, Field(ge=1, le=PARTY_SIZE_MAX)] = 1
    urgent: bool = False
    visit: VisitKind = VisitKind.OFFICE


class TriageBody(Body):
    """What was answered so far, by question. `advised` counts the advice as given to somebody: for
    devices and staff, who send it once for each visitor.
    """

    service: Word
    answers: Annotated[dict[Word, Word], Field(max_length=8)] = {}
    advised: bool = False


class EarliestQuery(PageQuery):
    """For which service, and for how many persons."""

    service: Word
    party: Annotated[int, Field(ge=1, le=PARTY_SIZE_MAX)] = 1


class HoldBody(Body):
    """Places to set aside: for an urgent case if a reason is given, `instead` of an earlier hold
    that is given back at once.

    `proofs` answer the challenges of earlier `proof_needed`, or are turns that have come. `visit`
    is the kind of visit.
    """

    service: Word
    slot: SlotId
    party_size: PartySize = 1
    urgency: Urgency | None = None
    instead: Line | None = None
    proofs: Proofs = []
    visit: Kind = VisitKind.OFFICE


class LineBody(Body):
    """For how many persons a pass is waited for."""

    party_size: PartySize = 1


class WaitBody(Body):
    """A wish for a place on one of the dates first_date..last_date, and who would come. `visit` is
    the kind of visit: PHONE is rung at `phone`, which it needs.
    """

    service: Word
    first_date: Day
    last_date: Day
    nik: Line | None = None
    passport: Line | None = None
    name: Line
    phone: Line | None = None
    email: Line | None = None
    party_size: PartySize = 1
    language: Language = "id"
    assistance: bool = False
    notify: bool = False
    needs: Needs = []
    represented: bool = False
    visit: Kind = VisitKind.OFFICE


class BookingBody(Body):
    """A booking: a slot, or the code of a hold, and who comes: a `nik`, or for a service that takes
    one a `passport`. `assistance` asks for priority, `needs` for help on the spot; `represented`:
    somebody else comes for who is named. `notify`: the visitor asks for reminders and calls, by
    telephone too; without it an e-mail address gets what has become of the booking, and a phone
    nothing. `proofs` as for a hold; places that are held need none. `visit`: PHONE is rung at
    `phone`, which it needs; a call or a meeting by video is with one person.
    """

    service: Word
    slot: SlotId | None = None
    hold: Line | None = None
    nik: Line | None = None
    passport: Line | None = None
    name: Line
    phone: Line | None = None
    email: Line | None = None
    party_size: PartySize = 1
    language: Language = "id"
    assistance: bool = False
    notify: bool = False
    needs: Needs = []
    represented: bool = False
    urgency: Urgency | None = None
    proofs: Proofs = []
    visit: Kind = VisitKind.OFFICE


class ProofBody(Body):
    """The last four digits of the booking's NIK, passport or phone; needed unless the caller is
    staff or the ticket a walk-in.
    """

    last4: Annotated[str, StringConstraints(max_length=8, pattern=PRINTABLE)] | None = None


class CancelBody(ProofBody):
    """Why the visit is cancelled, if the visitor says so."""

    reason: CancelReason | None = None


class RescheduleBody(ProofBody):
    """The new slot; `visit`: the kind of visit that it becomes, None for the same as before."""

    slot: SlotId
    visit: Kind | None = None
