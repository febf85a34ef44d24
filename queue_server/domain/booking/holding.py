"""Whether a slot's places may be held while the visitor fills in the form, and what a hold becomes:
longer, or a booking.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from queue_server.domain.errors import BadInput, TooLate, UnknownCode
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.standstill import Act, Pause, admit_act
from queue_server.domain.visit.step import Draw, Step
from queue_server.domain.visit.ticket import Channel, Origin, Ticket
from queue_server.domain.visit.transitions import State

from . import steps
from .availability import SlotWish, admit_wish, claim_slot
from .booking import BookingRequest, Taken, admit_reach, admit_visitor, request_for
from .person_limits import PersonFacts
from .places import DayPlan
from .rush import Source
from .takings import Crowd, Replaced, admit_source

DRAFT_GRACE = timedelta(minutes=20)
"""How long answers are kept after the hold: for whoever comes back to a time that has run out, and
finds nothing lost.
"""


@dataclass(frozen=True)
class HoldRequest:
    """The slot to be held. `urgency` is the coded reason of an urgent case; `instead` the code of
    an earlier hold of the same visitor, to be given back; `source` where the request comes from,
    None for what nobody need judge.
    """

    service: str
    slot: datetime
    party_size: int = 1
    urgent: bool = False
    urgency: str | None = None
    instead: str | None = None
    source: Source | None = None
    kind: VisitKind = VisitKind.OFFICE

    @property
    def wish(self) -> SlotWish:
        return SlotWish(self.service, self.slot, self.party_size, self.urgent, kind=self.kind)


@dataclass(frozen=True)
class GivenUp:
    """A hold as it was before it was given back in its time, and how its taking counted."""

    hold: Ticket
    taking: Replaced | None


@dataclass(frozen=True)
class HoldFacts:
    """What a hold is decided by. `plan` is the slot's day, up to date with the settings; `earlier`
    the visitor's hold that was given back for this one; `paused` what makes that day stand still.

    `crowd` may be None where the source is not judged, or the slot is refused in any case.
    """

    office: Office
    plan: DayPlan
    crowd: Crowd | None = None
    earlier: GivenUp | None = None
    paused: Pause | None = None


def decide_hold(facts: HoldFacts, wanted: HoldRequest, draw: Draw, now: datetime) -> Taken:
    """Set places aside for `hold_minutes`. One that follows an earlier hold of the same slot gets
    what is left of its time and no more.

    Refuses in this order: `Paused` on a day of an evacuation, `UnknownService`, `NotInService`,
    `BadInput` (party_size, visit), `UnknownSlot`, `SlotPassed`, `SlotTooFar`, `SlotFull`,
    `LimitReached` (rule browser), `ProofNeeded`.
    """
    office, wish, earlier = facts.office, wanted.wish, facts.earlier
    admit_act(facts.paused, Act.BOOK)
    claim = claim_slot(office, facts.plan, wish, now)
    plan = facts.plan.change(claim, 1)
    replaced = None if earlier is None else earlier.taking
    uses_proof = admit_source(office, plan, claim, wanted.source, facts.crowd, replaced, now)
    same = None if earlier is None or earlier.hold.slot != wanted.slot else earlier.hold
    ticket, event = steps.hold(
        request_for(office, wish, claim, draw, Origin.ONLINE),
        wanted.slot,
        office.rules,
        now,
        until=None if same is None else same.expires_at,
        extensions=0 if same is None else same.extensions,
    )
    return Taken(ticket, event.adding(urgency=wanted.urgency), plan, uses_proof)


@dataclass(frozen=True)
class HeldFacts:
    """What the booking of a hold is decided by. `is_offered`: it is kept for somebody on the
    waitlist. `paused` is what makes its day stand still.
    """

    office: Office
    held: Ticket
    person: PersonFacts
    is_offered: bool = False
    is_contact_proved: bool = False
    paused: Pause | None = None


def decide_confirmation(facts: HeldFacts, wanted: BookingRequest, now: datetime) -> Step:
    """Turn a hold into the booking that was asked for.

    Refuses in this order: `UnknownCode` for the hold of another office, service or slot; as
    `admit_hold`; `Paused` on a day of an evacuation; `UnknownService`, `NotInService`, `BadInput`
    (party_size, visit, phone), `TooLate` once it has run out, `WrongState`, `ContactUnproved`,
    `LimitReached` (rule service, office, day, phone, no_shows).
    """
    office, held = facts.office, facts.held
    if held.office != office.code or held.service != wanted.service or held.slot != wanted.slot:
        raise UnknownCode()
    admit_hold(held, is_offered=facts.is_offered)
    admit_act(facts.paused, Act.BOOK)
    # Places of the urgent share were held for an urgent case; who names no reason now has named it
    # then.
    urgent = wanted.urgent or held.channel is Channel.URGENT
    admit_wish(office, replace(wanted.wish, urgent=urgent, kind=held.kind))
    if held.kind is not wanted.kind:
        raise BadInput(field="visit", reason="differs_from_hold", held=held.kind.value)
    admit_reach(held.kind, wanted.visitor)
    if held.party_size != wanted.party_size:
        raise BadInput(field="party_size", reason="differs_from_hold", held=held.party_size)
    booked, event = steps.confirm(
        held,
        now,
        channel=Channel.URGENT if urgent else held.channel,
        priority=wanted.priority,
        language=wanted.language,
    )
    admit_visitor(office, facts.person, wanted, now, is_contact_proved=facts.is_contact_proved)
    return booked, event.adding(urgency=wanted.urgency)


def decide_extension(held: Ticket, rules: Rules, now: datetime, *, is_offered: bool) -> Step:
    """Give a hold its time once more. Refuses as `admit_hold`, then as `steps.extend_hold`."""
    admit_hold(held, is_offered=is_offered)
    return steps.extend_hold(held, rules, now)


def admit_hold(held: Ticket, *, is_offered: bool) -> None:
    """Refuse a hold that is over, or that is an offer to somebody on the waitlist. Raises
    `TooLate`, `UnknownCode`.
    """
    if held.state is State.EXPIRED:
        raise TooLate(until=held.ended_at.isoformat() if held.ended_at else None)
    if held.state is State.HELD and is_offered:
        raise UnknownCode()


def can_be_given_up(held: Ticket, office: str, *, is_offered: bool) -> bool:
    """Whether an office's ticket is a hold whose visitor may give it back."""
    return held.office == office and held.state is State.HELD and not is_offered


def is_running(held: Ticket, now: datetime) -> bool:
    """Whether a hold's time is not over yet."""
    return held.expires_at is not None and held.expires_at > now


def draft_until(rules: Rules, now: datetime) -> datetime:
    """Until when the answers of a booking that is not finished are kept: as long as a hold can
    last, and `DRAFT_GRACE`.
    """
    booking = rules.booking
    minutes = booking.hold_minutes * (1 + booking.hold_extensions_max)
    return now + timedelta(minutes=minutes) + DRAFT_GRACE
