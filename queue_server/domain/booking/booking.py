"""Whether a slot may be booked at once, and the booking that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from queue_server.domain.errors import BadInput
from queue_server.domain.events import Event
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.claim import Claim
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.standstill import Act, Pause, admit_act
from queue_server.domain.visit.step import Draw, Request
from queue_server.domain.visit.ticket import Channel, Origin, Ticket

from . import steps
from .availability import SlotWish, claim_slot
from .contacts import admit_party_contact, needs_proof
from .person_limits import PersonFacts, admit_visit
from .places import DayPlan
from .rush import Source
from .takings import Crowd, admit_source


@dataclass(frozen=True)
class BookingRequest:
    """What a citizen asks for. `hold` is the code of an earlier hold of the same slot; `urgency`
    the coded reason of an urgent case; `by` the member of staff who books for the visitor;
    `contact` the mark of the visitor's e-mail address, to be proved for a large party where the
    office `sends_letters`; `source` where the request comes from, None for what nobody need judge.
    """

    service: str
    slot: datetime
    visitor: Visitor
    party_size: int = 1
    language: str = "id"
    priority: bool = False
    urgent: bool = False
    hold: str | None = None
    origin: Origin = Origin.ONLINE
    urgency: str | None = None
    by: str | None = None
    contact: str | None = None
    sends_letters: bool = False
    source: Source | None = None
    kind: VisitKind = VisitKind.OFFICE

    @property
    def wish(self) -> SlotWish:
        return SlotWish(
            self.service,
            self.slot,
            self.party_size,
            self.urgent,
            by_staff=not self.is_own,
            kind=self.kind,
        )

    @property
    def is_own(self) -> bool:
        """Whether visitors book for themselves. Staff may book far ahead, for any party."""
        return self.origin is Origin.ONLINE

    @property
    def needs_contact(self) -> bool:
        """Whether a contact that has answered is asked for."""
        return self.is_own and needs_proof(self.party_size, sends_letters=self.sends_letters)

    @property
    def judged_source(self) -> Source | None:
        """The source as it is judged: what the browser may hold has nothing to do with what is
        booked at once.
        """
        return self.source and replace(self.source, browser=None)


@dataclass(frozen=True)
class BookingFacts:
    """What a booking is decided by. `plan` is the slot's day, up to date with the settings;
    `paused` what makes that day stand still.

    `crowd` may be None where the source is not judged, and `crowd` and `person` where the slot is
    refused in any case.
    """

    office: Office
    plan: DayPlan
    crowd: Crowd | None = None
    person: PersonFacts | None = None
    is_contact_proved: bool = False
    paused: Pause | None = None


@dataclass(frozen=True)
class Taken:
    """A new ticket that takes places: the ticket with its event, the day's plan without those
    places, and whether the proof shown is used up.
    """

    ticket: Ticket
    event: Event
    plan: DayPlan
    uses_proof: bool = False


def decide_booking(facts: BookingFacts, wanted: BookingRequest, draw: Draw, now: datetime) -> Taken:
    """Book a slot at once, without a hold.

    Refuses in this order: `Paused` on a day of an evacuation, `UnknownService`, `NotInService`,
    `BadInput` (party_size, visit), `UnknownSlot`, `SlotPassed`, `SlotTooFar`, `SlotFull`,
    `BadInput` (phone), `ProofNeeded`, `ContactUnproved`, `LimitReached` (rule service, office, day,
    phone, no_shows).
    """
    office, wish = facts.office, wanted.wish
    admit_act(facts.paused, Act.BOOK)
    claim = claim_slot(office, facts.plan, wish, now)
    admit_reach(wanted.kind, wanted.visitor)
    plan = facts.plan.change(claim, 1)
    uses_proof = admit_source(office, plan, claim, wanted.judged_source, facts.crowd, None, now)
    admit_visitor(office, facts.person, wanted, now, is_contact_proved=facts.is_contact_proved)
    request = request_for(office, wish, claim, draw, wanted.origin)
    request = replace(request, priority=wanted.priority, language=wanted.language)
    ticket, event = steps.book(request, wanted.slot, now)
    return Taken(ticket, event.adding(by=wanted.by, urgency=wanted.urgency), plan, uses_proof)


def admit_reach(kind: VisitKind, visitor: Visitor) -> None:
    """Refuse a call to somebody who has given no number. Raises `BadInput` (phone)."""
    if kind is VisitKind.PHONE and not visitor.phone:
        raise BadInput(field="phone", reason="needed_for_call")


def admit_visitor(
    office: Office,
    person: PersonFacts | None,
    wanted: BookingRequest,
    now: datetime,
    *,
    is_contact_proved: bool,
) -> None:
    """Refuse what the person's limits forbid; a large party needs a contact that has answered.

    The person is the last question of all: a request that is refused for any other reason must be
    answered alike whoever the person is, or it would tell whether somebody's NIK is known here.

    Raises `ContactUnproved`, `LimitReached`, in this order.
    """
    assert person is not None, "whoever gives a slot to somebody has looked at their bookings"
    if wanted.needs_contact:
        admit_party_contact(
            wanted.party_size, sends_letters=wanted.sends_letters, is_proved=is_contact_proved
        )
    admit_visit(
        office, person, wanted.service, wanted.slot, wanted.party_size, now, ahead=wanted.is_own
    )


def request_for(
    office: Office, wish: SlotWish, claim: Claim, draw: Draw, origin: Origin
) -> Request:
    """The new ticket of a wish that has got its places."""
    return Request(
        draw.id,
        draw.code,
        office.code,
        office.date_at(wish.slot),
        claim.letter,
        wish.service,
        origin,
        channel=Channel.URGENT if wish.urgent else Channel.REGULAR,
        party_size=wish.party_size,
        claim=claim,
        kind=wish.kind,
    )
