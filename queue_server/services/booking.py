"""Booking a place ahead: what is free, holding, booking, moving and giving back."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from ..domain import ticket as life
from ..domain.eligibility import admit_person
from ..domain.errors import BadInput, LimitReached, UnknownCode, WrongProof
from ..domain.identity import Visitor, proves_ownership
from ..domain.occupancy import admit_party_size
from ..domain.office import Office, admit_service
from ..domain.slots import Slot, admit_booking, cut_slots, people_places, stream_places
from ..domain.ticket import Channel, Origin, Ticket
from ..domain.transitions import TRANSITIONS, Action, State
from ..store import slots as slot_store
from ..store import tickets as ticket_store
from ..store.transaction import Transaction
from .door import admit_who_fit, letter_for
from .draws import Draw


@dataclass(frozen=True)
class BookingRequest:
    """What a citizen asks for. `hold` is the code of an earlier hold of the same slot."""

    service: str
    slot: datetime
    visitor: Visitor
    party_size: int = 1
    language: str = "id"
    priority: bool = False
    urgent: bool = False
    hold: str | None = None
    origin: Origin = Origin.ONLINE


@dataclass(frozen=True)
class AvailableDay:
    """A local date and its slots with what is left for the party asked for."""

    date: date
    slots: tuple[tuple[Slot, int], ...]

    @property
    def free(self) -> int:
        return sum(free for _slot, free in self.slots)


MOST_DAYS = 31


def list_availability(
    connection: Connection, office: Office, service: str, first: date, days: int, party_size: int, now: datetime
) -> list[AvailableDay]:
    """Days and slots with places left, past and not yet opened slots left out. One indexed query.

    Raises `UnknownService`, `BadInput`.
    """
    admit_party_size(party_size, party_max=office.rules.party_max, people_limit=office.people_limit)
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(field="days", reason="range", low=1, high=MOST_DAYS)
    letter = office.service(service).letter
    last_start = now + timedelta(days=office.rules.horizon_days)
    by_day: dict[date, list[tuple[Slot, int]]] = {}
    for day, slot in slot_store.list_between(connection, office.code, letter, first, first + timedelta(days=days - 1)):
        if now < slot.starts_at <= last_start:
            by_day.setdefault(day, []).append((slot, slot.free(party_size)))
    return [AvailableDay(day, tuple(slots)) for day, slots in by_day.items()]


def availability_version(connection: Connection, office: Office, first: date, days: int, now: datetime) -> str:
    """A mark that changes whenever `list_availability` may answer differently. Two cheap look-ups."""
    revision, events = slot_store.version(connection, office.code, first, first + timedelta(days=days - 1))
    step = int(now.timestamp()) // (office.rules.slot_minutes * 60)
    return f"{revision}-{events}-{step}"


def nearest_free(days: Sequence[AvailableDay], wanted: datetime, count: int = 3) -> list[Slot]:
    """The free slots nearest to a wanted time, in order of time."""
    free = [slot for day in days for slot, left in day.slots if left > 0]
    nearest = sorted(free, key=lambda slot: abs(slot.starts_at - wanted))[:count]
    return sorted(nearest, key=lambda slot: slot.starts_at)


def offer_slots(tx: Transaction, office: Office, day: date) -> None:
    """Make the slots of one date from the office's hours. Call once per date."""
    places = {stream.letter: stream_places(office, stream.letter) for stream in office.streams}
    slot_store.add(tx, office.code, day, cut_slots(office, day), people_places(office), places)


def hold(tx: Transaction, office: str, service: str, slot: datetime, party_size: int, draw: Draw, now: datetime) -> Ticket:
    """Set places aside for `hold_minutes`. Raises as `book` does, but for the person's limits."""
    settings = tx.office(office)
    letter = _take_places(tx, settings, service, slot, party_size, urgent=False, now=now)
    request = life.Request(
        draw.id, draw.code, office, settings.date_at(slot), letter, service, Origin.ONLINE, party_size=party_size
    )
    ticket, event = life.hold(request, slot, settings.rules, now)
    return ticket_store.add(tx, ticket, event)


def book(tx: Transaction, office: str, wanted: BookingRequest, draw: Draw, now: datetime) -> Ticket:
    """Book a slot, at once or from a hold.

    Raises `UnknownService`, `UnknownSlot`, `NotInService`, `BadInput`, `SlotPassed`, `SlotTooFar`, `SlotFull`, `LimitReached`;
    with a hold also `UnknownCode`, `TooLate`, `WrongState`.
    """
    settings = tx.office(office)
    service = settings.service(wanted.service)
    admit_service(settings, service, urgent=wanted.urgent)
    admit_party_size(wanted.party_size, party_max=settings.rules.party_max, people_limit=settings.people_limit)
    live = ticket_store.list_live_bookings(tx, office, wanted.visitor.nik_fingerprint, wanted.visitor.phone)
    admit_person(settings.rules, wanted.service, live)
    if wanted.hold is not None:
        return _confirm_hold(tx, office, wanted, wanted.hold, now)
    letter = _take_places(tx, settings, wanted.service, wanted.slot, wanted.party_size, urgent=wanted.urgent, now=now)
    request = life.Request(
        draw.id, draw.code, office, settings.date_at(wanted.slot), letter, wanted.service, wanted.origin,
        channel=Channel.URGENT if wanted.urgent else Channel.REGULAR, party_size=wanted.party_size, priority=wanted.priority,
        language=wanted.language,
    )
    ticket, event = life.book(request, wanted.slot, now)
    return ticket_store.add(tx, ticket, event, wanted.visitor)


def _confirm_hold(tx: Transaction, office: str, wanted: BookingRequest, code: str, now: datetime) -> Ticket:
    held = ticket_store.get_by_code(tx, code)
    if held.office != office or held.service != wanted.service or held.slot != wanted.slot:
        raise UnknownCode()
    if held.party_size != wanted.party_size:
        raise BadInput(field="party_size", reason="differs_from_hold", held=held.party_size)
    channel = Channel.URGENT if wanted.urgent else held.channel
    booked, event = life.confirm(held, now, channel=channel, priority=wanted.priority, language=wanted.language)
    saved = ticket_store.save(tx, held, booked, event)
    ticket_store.add_visitor(tx, saved, wanted.visitor)
    return saved


def _take_places(
    tx: Transaction, office: Office, service: str, slot: datetime, party_size: int, *, urgent: bool, now: datetime
) -> str:
    """Check and take a slot's places; returns the stream they were taken from. Holds that ran out are reclaimed first."""
    offered = office.service(service)
    admit_service(office, offered, urgent=urgent)
    admit_party_size(party_size, party_max=office.rules.party_max, people_limit=office.people_limit)
    letter = letter_for(office, offered, urgent=urgent)
    found = slot_store.get(tx, office.code, letter, slot)
    if found.free(party_size) < 1 and reclaim_holds(tx, office.code, office.date_at(slot), slot, now):
        found = slot_store.get(tx, office.code, letter, slot)
    admit_booking(office, found, party_size, now)
    slot_store.take(tx, office.code, letter, slot, party_size)
    return letter


def reclaim_holds(tx: Transaction, office: str, day: date, slot: datetime | None, now: datetime) -> int:
    """Expire the holds of an office-day (or of one slot) that have run out and give their places back. Returns how many."""
    expired = ticket_store.list_expired_holds(tx, office, day, slot, now)
    for held in expired:
        after, event = life.expire(held, now)
        ticket_store.save(tx, held, after, event)
        _give_back(tx, held)
    return len(expired)


def _give_back(tx: Transaction, ticket: Ticket) -> None:
    if ticket.slot is not None:
        slot_store.give_back(tx, ticket.office, ticket.letter, ticket.slot, ticket.party_size)


def cancel(tx: Transaction, ticket: str, by: str, now: datetime) -> Ticket:
    """Cancel a visit; a booked place that has not begun goes back into the slot. Raises `UnknownTicket`, `WrongState`."""
    before = ticket_store.get(tx, ticket)
    after, event = life.cancel(before, now)
    saved = ticket_store.save(tx, before, after, replace(event, facts={**event.facts, "by": by}))
    if before.state is State.BOOKED and before.slot is not None and before.slot > now:
        _give_back(tx, before)
    if before.place is not None:
        admit_who_fit(tx, saved.office, saved.date, now)
    return saved


def reschedule(tx: Transaction, ticket: str, slot: datetime, by: str, now: datetime) -> Ticket:
    """Move a booking to another slot of the same service. The command must declare both office-days.

    The new places are taken before the old are given back, so a full slot leaves the booking as it was.
    Raises `LimitReached` (rule `reschedules`), `WrongState`, and as `book` does for the slot.
    """
    before = ticket_store.get(tx, ticket)
    office = tx.office(before.office)
    if before.state not in TRANSITIONS[Action.RESCHEDULE].sources:
        life.reschedule(before, slot, before.date, now)
    if before.reschedules >= office.rules.reschedules_max:
        raise LimitReached(rule="reschedules", limit=office.rules.reschedules_max)
    if before.slot == slot:
        raise BadInput(field="slot", reason="same")
    found = slot_store.get(tx, office.code, before.letter, slot)
    if found.free(before.party_size) < 1:
        reclaim_holds(tx, office.code, office.date_at(slot), slot, now)
        found = slot_store.get(tx, office.code, before.letter, slot)
    admit_booking(office, found, before.party_size, now)
    slot_store.take(tx, office.code, before.letter, slot, before.party_size)
    if before.state is State.BOOKED:
        _give_back(tx, before)
    after, event = life.reschedule(before, slot, office.date_at(slot), now)
    return ticket_store.save(tx, before, after, replace(event, facts={**event.facts, "by": by}))


def admit_owner(connection: Connection, ticket: Ticket, last4: str) -> None:
    """Refuse whoever cannot name the last four digits of the booking's NIK or phone. Raises `WrongProof`.

    A walk-in has no such digits: the paper in hand is the proof.
    """
    visitor = ticket_store.find_visitor(connection, ticket.id)
    if visitor is not None and not proves_ownership(visitor, last4):
        raise WrongProof()

