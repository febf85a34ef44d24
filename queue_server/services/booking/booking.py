"""Booking a place ahead: what is free, holding, booking, moving and giving back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from queue_server.domain.booking import steps
from queue_server.domain.booking.availability import pools_of
from queue_server.domain.booking.contacts import admit_party_contact, needs_proof
from queue_server.domain.booking.person_limits import admit_day, admit_person
from queue_server.domain.booking.rush import Source
from queue_server.domain.booking.slots import slot_id, span_of
from queue_server.domain.errors import BadInput, TooLate, UnknownCode
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.admission import admit_service
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.occupancy import admit_party_size
from queue_server.domain.visit.step import Draw, Request
from queue_server.domain.visit.ticket import Channel, Origin, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.places import places
from queue_server.services.places.no_shows import admit_ahead
from queue_server.services.places.replanning import replan_day
from queue_server.store.booking import takings as taking_store
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from . import contacts
from .takings import Replaced, admit_source, note_source


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


def hold(
    tx: Transaction,
    office: str,
    service: str,
    slot: datetime,
    party_size: int,
    draw: Draw,
    now: datetime,
    *,
    urgent: bool = False,
    urgency: str | None = None,
    instead: str | None = None,
    source: Source | None = None,
) -> Ticket:
    """Set places aside for `hold_minutes`. Raises as `book` does, but for the person's limits;
    `LimitReached` (rule browser).

    `instead` is the code of an earlier hold of the same visitor, given back at once; the command
    must declare its day too. If it holds the same slot, for another number of persons say, the new
    one gets what is left of its time and no more.
    """
    settings = tx.office(office)
    admit_service(settings, settings.service(service), urgent=urgent, at=slot)
    admit_party_size(party_size, settings.largest_party)
    earlier, replaced = (
        (None, None) if instead is None else _give_up_hold(tx, office, instead, slot, now)
    )
    horizon_days = settings.rules.booking.horizon_days
    claim = places.take_slot(
        tx, settings, service, slot, party_size, urgent=urgent, horizon_days=horizon_days, now=now
    )
    admit_source(tx, settings, claim, source, replaced, now)
    request = Request(
        draw.id,
        draw.code,
        office,
        settings.date_at(slot),
        claim.letter,
        service,
        Origin.ONLINE,
        channel=Channel.URGENT if urgent else Channel.REGULAR,
        party_size=party_size,
        claim=claim,
    )
    kept = (
        {}
        if earlier is None or earlier.slot != slot
        else {"until": earlier.expires_at, "extensions": earlier.extensions}
    )
    # until and extensions as they were
    ticket, event = steps.hold(request, slot, settings.rules, now, **kept)  # type: ignore[arg-type]
    held = ticket_store.add(tx, ticket, _with_reason(event, urgency))
    note_source(tx, held, source, replaced, now)
    return held


def give_up_hold(tx: Transaction, office: str, code: str, now: datetime) -> None:
    """Give a hold's places back, if it still holds any. Must declare its day."""
    _give_up_hold(tx, office, code, None, now)


def _give_up_hold(
    tx: Transaction, office: str, code: str, wanted: datetime | None, now: datetime
) -> tuple[Ticket | None, Replaced | None]:
    """Give an earlier hold's places back: the hold, if its time was not over, and how its taking
    counted.

    Nothing for a code that holds nothing any more.
    """
    try:
        held = ticket_store.find_by_code(tx, code)
    except UnknownCode:
        return None, None
    if (
        held.office != office
        or held.state is not State.HELD
        or waitlist_store.find_offered(tx, held.office, held.id) is not None
    ):
        return None, None
    after, event = steps.expire(held, now, withdrawn=True)
    ticket_store.save(tx, held, after, event)
    if held.slot == wanted:
        # The same visitor is about to take these places again, so nobody else is asked whether they
        # want them.
        places.give_back(tx, office, held.date, held.claim)
    else:
        places.free(tx, office, held.date, held.claim, now)
    if held.expires_at is None or held.expires_at <= now:
        return None, None
    return held, taking_store.withdraw(tx, office, held.id)


def extend_hold(tx: Transaction, ticket: str, now: datetime) -> Ticket:
    """Give a hold its time once more. Raises `TooLate`, `LimitReached`, `WrongState`,
    `UnknownTicket`, `UnknownCode` for an offer.
    """
    held = ticket_store.get(tx, ticket)
    _admit_hold(tx, held)
    after, event = steps.extend_hold(held, tx.office(held.office).rules, now)
    if after.expires_at is not None:
        taking_store.extend(tx, after.office, after.id, after.expires_at)
    return ticket_store.save(tx, held, after, event)


def _admit_hold(tx: Transaction, held: Ticket) -> None:
    """Refuse a hold that is over, or that is an offer to somebody on the waitlist. Raises
    `TooLate`, `UnknownCode`.
    """
    if held.state is State.EXPIRED:
        raise TooLate(until=held.ended_at.isoformat() if held.ended_at else None)
    if (
        held.state is State.HELD
        and waitlist_store.find_offered(tx, held.office, held.id) is not None
    ):
        raise UnknownCode()


def _with_reason(event: Event, urgency: str | None) -> Event:
    """The event with the coded reason of an urgent case, for the clerk and the statistics."""
    return event if urgency is None else replace(event, facts={**event.facts, "urgency": urgency})


def book(tx: Transaction, office: str, wanted: BookingRequest, draw: Draw, now: datetime) -> Ticket:
    """Book a slot, at once or from a hold.

    Raises `UnknownService`, `UnknownSlot`, `NotInService`, `BadInput`, `SlotPassed`, `SlotTooFar`,
    `SlotFull`, `LimitReached`, `ProofNeeded`, `ContactUnproved`; with a hold also `UnknownCode`,
    `TooLate`, `WrongState`.
    """
    settings = tx.office(office)
    if wanted.hold is not None:
        return _confirm_hold(tx, settings, wanted, wanted.hold, now)
    _admit(settings, wanted)
    horizon_days = settings.rules.booking.horizon_days
    claim = places.take_slot(
        tx,
        settings,
        wanted.service,
        wanted.slot,
        wanted.party_size,
        urgent=wanted.urgent,
        horizon_days=horizon_days,
        now=now,
    )
    # What the browser may hold has nothing to do with what is booked at once.
    admit_source(
        tx, settings, claim, wanted.source and replace(wanted.source, browser=None), None, now
    )
    _admit_visitor(tx, settings, wanted, now)
    request = Request(
        draw.id,
        draw.code,
        office,
        settings.date_at(wanted.slot),
        claim.letter,
        wanted.service,
        wanted.origin,
        channel=Channel.URGENT if wanted.urgent else Channel.REGULAR,
        party_size=wanted.party_size,
        priority=wanted.priority,
        language=wanted.language,
        claim=claim,
    )
    ticket, event = steps.book(request, wanted.slot, now)
    told = event if wanted.by is None else replace(event, facts={**event.facts, "by": wanted.by})
    booked = ticket_store.add(tx, ticket, _with_reason(told, wanted.urgency), wanted.visitor)
    note_source(tx, booked, wanted.source, None, now)
    return booked


def _admit(office: Office, wanted: BookingRequest) -> None:
    """Refuse what the mode or the party's size forbids."""
    admit_service(office, office.service(wanted.service), urgent=wanted.urgent, at=wanted.slot)
    admit_party_size(wanted.party_size, office.largest_party)


def _admit_visitor(tx: Transaction, office: Office, wanted: BookingRequest, now: datetime) -> None:
    """Refuse what the person's limits forbid. Staff who book for somebody may book far ahead. A
    large party needs a contact that has answered.

    The person is the last question of all: a request that is refused for any other reason must be
    answered alike whoever the person is, or it would tell whether somebody's NIK is known here.
    """
    if wanted.origin is Origin.ONLINE and needs_proof(
        wanted.party_size, sends_letters=wanted.sends_letters
    ):
        is_proved = contacts.is_proved(tx, wanted.contact)
        admit_party_contact(
            wanted.party_size, sends_letters=wanted.sends_letters, is_proved=is_proved
        )
    admit_limits(
        tx,
        office,
        wanted.service,
        wanted.visitor,
        wanted.slot,
        now,
        ahead=wanted.origin is Origin.ONLINE,
        people=wanted.party_size,
    )


def admit_limits(
    tx: Transaction,
    office: Office,
    service: str,
    visitor: Visitor,
    slot: datetime,
    now: datetime,
    *,
    ahead: bool = True,
    people: int,
) -> None:
    """Refuse a party of `people` one visit too many of its person, or one too far `ahead` after
    missed visits. Raises `LimitReached`.
    """
    live = ticket_store.list_live_bookings(tx, office.code, visitor.nik_fingerprint, visitor.phone)
    admit_person(office.rules, service, office.date_at(slot), live, people)
    if ahead:
        admit_ahead(tx, office, visitor.nik_fingerprint, slot, now)


def _confirm_hold(
    tx: Transaction, office: Office, wanted: BookingRequest, code: str, now: datetime
) -> Ticket:
    held = ticket_store.find_by_code(tx, code)
    if held.office != office.code or held.service != wanted.service or held.slot != wanted.slot:
        raise UnknownCode()
    _admit_hold(tx, held)
    # Places of the urgent share were held for an urgent case; who names no reason now has named it
    # then.
    urgent = wanted.urgent or held.channel is Channel.URGENT
    _admit(office, replace(wanted, urgent=urgent))
    if held.party_size != wanted.party_size:
        raise BadInput(field="party_size", reason="differs_from_hold", held=held.party_size)
    booked, event = steps.confirm(
        held,
        now,
        channel=Channel.URGENT if urgent else held.channel,
        priority=wanted.priority,
        language=wanted.language,
    )
    _admit_visitor(tx, office, wanted, now)
    saved = ticket_store.save(tx, held, booked, _with_reason(event, wanted.urgency))
    ticket_store.add_visitor(tx, saved, wanted.visitor)
    return saved


def reschedule(
    tx: Transaction, ticket: str, slot: datetime, by: str, chance: float, now: datetime
) -> Ticket:
    """Move a booking to another slot of the same service. The command must declare both
    office-days.

    The new places are taken before the old are given up, so a full slot leaves the booking as it
    was. Moving a stranded booking is not counted: the office withdrew its slot. Raises
    `LimitReached` (rule `reschedules`), `WrongState`, and as `book` does for the slot.
    """
    found = ticket_store.get(tx, ticket)
    office = tx.office(found.office)
    # A change of settings that has not reached this day yet may take its places from this very
    # booking.
    replan_day(tx, found.office, found.date, now)
    before = ticket_store.get(tx, ticket)
    steps.admit_reschedule(before, office.rules)
    if before.slot == slot and before.state is State.BOOKED:
        raise BadInput(field="slot", reason="same")
    urgent = before.channel is Channel.URGENT
    service = office.service(before.service)
    admit_service(office, service, urgent=urgent, at=slot)
    pools = pools_of(office, before.service, online=True, urgent=urgent, at=slot)
    claim = places.take_slot_of(
        tx,
        office,
        before.letter,
        span_of(office, service),
        slot,
        pools,
        before.party_size,
        horizon_days=office.rules.booking.horizon_days,
        now=now,
    )
    _admit_move(tx, office, before, slot, now)
    after, event = steps.reschedule(before, claim, office.date_at(slot), now)
    saved = ticket_store.save(tx, before, after, replace(event, facts={**event.facts, "by": by}))
    places.keep_back(tx, before, saved, chance, now)
    if before.date != saved.date:
        # The move itself is told on the day it leaves; on the day it comes to, places have gone.
        facts = {
            "slot": slot_id(slot),
            "letter": claim.letter,
            "pool": claim.pool.value,
            "people": claim.people,
        }
        tx.record(Event(EventType.PLACES_TAKEN, saved.office, saved.date, now, None, facts))
    return saved


def _admit_move(
    tx: Transaction, office: Office, ticket: Ticket, slot: datetime, now: datetime
) -> None:
    """Refuse a move by which a person would get what a new booking would not: a time far ahead, or
    two visits on one day.
    """
    visitor = ticket_store.find_visitor(tx, ticket.office, ticket.id)
    if visitor is None or ticket.state is State.STRANDED:
        return
    admit_ahead(tx, office, visitor.nik_fingerprint, slot, now)
    if office.rules.booking.per_day_max is not None and office.date_at(slot) != ticket.date:
        live = ticket_store.list_live_bookings(
            tx, office.code, visitor.nik_fingerprint, visitor.phone
        )
        admit_day(office.rules, office.date_at(slot), live)
