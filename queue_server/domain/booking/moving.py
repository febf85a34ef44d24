"""Whether a booking may be moved to another slot of its service, and what it becomes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.errors import BadInput
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.standstill import Act, Pause, admit_act
from queue_server.domain.visit.step import introduce
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import State

from . import steps
from .availability import SlotWish, claim_slot, letter_for
from .person_limits import PersonFacts, admit_ahead, admit_day
from .places import DayPlan, facts_of_claim


@dataclass(frozen=True)
class MoveFacts:
    """What a move is decided by. `plan` is the new slot's day, up to date with the settings;
    `person` is None where nobody is known behind the booking; `paused` is what makes the new day
    stand still; `has_phone`: there is a number that can be rung.
    """

    office: Office
    booking: Ticket
    plan: DayPlan
    person: PersonFacts | None = None
    paused: Pause | None = None
    has_phone: bool = True


@dataclass(frozen=True)
class Moved:
    """A booking with its new slot and the event, told on the day that it leaves; the plan of the
    new day; and what that day is told, if it is another one.
    """

    ticket: Ticket
    event: Event
    plan: DayPlan
    arrival: Event | None = None


def wish_of(booking: Ticket, slot: datetime, kind: VisitKind | None = None) -> SlotWish:
    """The slot that a booking asks for when it is moved: it stays in its stream, unless it becomes
    another `kind` of visit (None: the same).
    """
    urgent = booking.channel is Channel.URGENT
    wanted = kind or booking.kind
    letter = booking.letter if wanted.is_remote == booking.kind.is_remote else None
    return SlotWish(booking.service, slot, booking.party_size, urgent, letter, kind=wanted)


def is_day_counted(office: Office, booking: Ticket, slot: datetime) -> bool:
    """Whether a move comes to another day, in an office that counts a person's visits on one."""
    counts = office.rules.booking.per_day_max is not None
    return counts and office.date_at(slot) != booking.date


def decide_move(
    facts: MoveFacts, slot: datetime, by: str, now: datetime, kind: VisitKind | None = None
) -> Moved:
    """Move a booking, `by` its holder or a member of staff, and perhaps make it another `kind` of
    visit: from the office to a call, or back. The new places are taken before the old
    are given up, so a full slot leaves the booking as it was. Moving a stranded one is not counted,
    nor is its person judged: the office withdrew its slot.

    Refuses in this order: `WrongState`, `LimitReached` (rule reschedules), `BadInput` (the slot
    that it has, visit, phone), `Paused` on a day of an evacuation, as `claim_slot`, `LimitReached`
    (rule no_shows, day).
    """
    office, booking = facts.office, facts.booking
    steps.admit_reschedule(booking, office.rules)
    wish = wish_of(booking, slot, kind)
    if booking.slot == slot and booking.state is State.BOOKED and wish.kind is booking.kind:
        raise BadInput(field="slot", reason="same")
    admit_act(facts.paused, Act.BOOK)
    _admit_kind(facts, wish)
    claim = claim_slot(office, facts.plan, wish, now)
    plan = facts.plan.change(claim, 1)
    _admit_person(facts, slot, now)
    after, event = steps.reschedule(booking, claim, office.date_at(slot), now, kind=wish.kind)
    arrival = None
    if booking.date != after.date:
        # The move itself is told on the day it leaves; on the day it comes to, places have gone,
        # and a visit is to come that its log has not named before.
        arrival = Event(
            EventType.PLACES_TAKEN,
            after.office,
            after.date,
            now,
            after.id,
            {**introduce(after), **facts_of_claim(claim)},
        )
    return Moved(after, event.adding(by=by), plan, arrival)


def moved_from(booking: Ticket, events: Sequence[Event]) -> datetime | None:
    """The time that a visit had before its present one; None for one that still has its first.

    `events` are those of the visit, oldest first, of which only its moves count.
    """
    moves = [each for each in events if each.type is EventType.RESCHEDULED]
    slots = moves[-1].facts["changed"].get("slot") if moves else None
    if slots is None or booking.slot is None:
        return None
    before, after = map(datetime.fromisoformat, slots)
    return before if after == booking.slot else None


def _admit_kind(facts: MoveFacts, wish: SlotWish) -> None:
    """Refuse a visit that the service does not give, or a call to somebody without a number."""
    if wish.kind is facts.booking.kind:
        return
    letter_for(facts.office, wish.service, urgent=wish.urgent, kind=wish.kind)
    if wish.kind is VisitKind.PHONE and not facts.has_phone:
        raise BadInput(field="phone", reason="needed_for_call")


def _admit_person(facts: MoveFacts, slot: datetime, now: datetime) -> None:
    """Refuse a move by which a person would get what a new booking would not: a time far ahead, or
    two visits on one day.
    """
    office, booking, person = facts.office, facts.booking, facts.person
    if person is None or booking.state is State.STRANDED:
        return
    admit_ahead(office, person, slot, now)
    if is_day_counted(office, booking, slot):
        admit_day(office.rules, office.date_at(slot), person.live)
