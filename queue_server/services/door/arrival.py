"""At the door: numbers for walk-ins, check-in of bookings, and the way back of those who missed
their call.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from queue_server.domain.booking.availability import letter_for
from queue_server.domain.door import steps
from queue_server.domain.errors import AlreadyCheckedIn, DayFull, NumberUsed
from queue_server.domain.office.admission import admit_hours, admit_service
from queue_server.domain.office.office import Office
from queue_server.domain.office.roll import roll_number
from queue_server.domain.office.settings.quotas import admit_walk_in
from queue_server.domain.visit.occupancy import admit_party_size
from queue_server.domain.visit.office_day import OfficeDay, admit_today, draw_number
from queue_server.domain.visit.standstill import Act
from queue_server.domain.visit.step import Draw, Request
from queue_server.domain.visit.ticket import Channel, Origin, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.places import places
from queue_server.services.places.no_shows import follow_no_show
from queue_server.store.counter import line
from queue_server.store.door import leases as lease_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from .admission import comes_in


@dataclass(frozen=True)
class WalkIn:
    """What a visitor at the door asks for.

    `by` is the member of staff who asks for them, `urgency` the coded reason of an urgent case;
    `beyond_places` gives a number though the day is full. `device` is the kiosk at which they
    stand, whose lease may have places for them. `roll` is which number on paper they hold already,
    as `roll_number` counts them.
    """

    service: str
    party_size: int = 1
    priority: bool = False
    language: str = "id"
    urgent: bool = False
    origin: Origin = Origin.WALK_IN
    by: str | None = None
    urgency: str | None = None
    beyond_places: bool = False
    device: str | None = None
    roll: int | None = None


@dataclass(frozen=True)
class Arrived:
    """A visitor who has come: the ticket, how many stand before it in its stream, and the office's
    day as it was found. `repeated`: an earlier request has checked the visitor in.
    """

    ticket: Ticket
    ahead: int
    day: OfficeDay
    repeated: bool = False


def issue_walk_in(
    tx: Transaction, office: str, wanted: WalkIn, draw: Draw, now: datetime
) -> Arrived:
    """Give a number to a visitor at the door.

    Raises `UnknownOffice`, `UnknownService`, `NotInService`, `BadInput` (party size, roll),
    `Paused`, `NumberUsed`, and `DayFull` where the stream's quota is used up, or the office gives
    numbers only for places that are left; staff may go `beyond_places`.
    """
    settings = tx.office(office)
    today = settings.date_at(now)
    now = tx.time_on(office, today, now)
    service = settings.service(wanted.service)
    admit_today(tx.day(office, today), Act.GIVE_NUMBER)
    admit_hours(settings, now)
    admit_service(settings, service, urgent=wanted.urgent, at=now)
    admit_party_size(wanted.party_size, settings.largest_party)
    letter = letter_for(settings, wanted.service, urgent=wanted.urgent)
    if settings.stream(letter).walk_in_quota is not None and not wanted.beyond_places:
        given = ticket_store.count_walk_ins(tx, office, today, letter)
        admit_walk_in(settings, letter, given, today)
    lease = (
        lease_store.find_active(tx, wanted.device, office, today)
        if wanted.device is not None and not settings.rules.door.walk_ins_beyond_places
        else None
    )
    claim = places.take_at_door(
        tx, settings, wanted.service, wanted.party_size, urgent=wanted.urgent, now=now, lease=lease
    )
    if claim is None and not (settings.rules.door.walk_ins_beyond_places or wanted.beyond_places):
        raise DayFull(date=today.isoformat())
    before, number = _number_for(tx, settings, today, letter, wanted.roll)
    request = Request(
        draw.id,
        draw.code,
        office,
        today,
        letter,
        wanted.service,
        wanted.origin,
        channel=Channel.URGENT if wanted.urgent else Channel.REGULAR,
        party_size=wanted.party_size,
        priority=wanted.priority,
        language=wanted.language,
        claim=claim,
    )
    ticket, event = steps.walk_in(
        request, settings.rules, number, comes_in(tx, settings, before, wanted.party_size, now), now
    )
    said = {
        name: value
        for name, value in (("by", wanted.by), ("urgency", wanted.urgency))
        if value is not None
    }
    ticket_store.add(tx, ticket, replace(event, facts={**event.facts, **said}) if said else event)
    return _arrived(tx, before, ticket)


def _number_for(
    tx: Transaction, office: Office, today: date, letter: str, roll: int | None
) -> tuple[OfficeDay, str]:
    """The day, and the next number of a stream, or the one on the paper that the visitor holds."""
    day = tx.day(office.code, today)
    if roll is None:
        before, number = draw_number(day, letter)
        tx.put_day(before)
        return before, number
    number = roll_number(office, roll)
    if ticket_store.has_number(tx, office.code, today, number):
        raise NumberUsed(number=number)
    return day, number


def check_in(tx: Transaction, ticket: str, now: datetime) -> Arrived:
    """Note that a booked visitor has come, and give the number.

    Raises `UnknownTicket`, `AlreadyCheckedIn`, `WrongState`, `WrongDay`, `TooEarly`, `NotInService`
    when the doors are closed, `Paused` while everybody is sent out.
    """
    booked = ticket_store.get(tx, ticket)
    settings = tx.office(booked.office)
    now = tx.time_on(booked.office, booked.date, now)
    steps.admit_check_in(booked, settings, now)
    admit_today(tx.day(booked.office, booked.date), Act.CHECK_IN)
    admit_hours(settings, now)
    before, number = draw_number(tx.day(booked.office, booked.date), booked.letter)
    tx.put_day(before)
    after, event = steps.check_in(
        booked, settings.rules, number, comes_in(tx, settings, before, booked.party_size, now), now
    )
    return _arrived(tx, before, ticket_store.save(tx, booked, after, event))


def check_in_or_repeat(tx: Transaction, ticket: str, now: datetime) -> Arrived:
    """Note that a booked visitor has come; if another request has done so, say what it would say
    now. Of two at one moment the second is `repeated`.

    Raises as `check_in` does, `AlreadyCheckedIn` once the visitor is no longer waiting.
    """
    try:
        return check_in(tx, ticket, now)
    except AlreadyCheckedIn:
        return repeat_check_in(tx, ticket)


def repeat_check_in(tx: Transaction, ticket: str) -> Arrived:
    """What a check-in that was done already would say now. Raises `AlreadyCheckedIn` once the
    visitor is no longer waiting.
    """
    checked_in = ticket_store.get(tx, ticket)
    if checked_in.state is not State.WAITING:
        raise AlreadyCheckedIn(
            checked_in_at=checked_in.arrived_at.isoformat() if checked_in.arrived_at else None,
            number=checked_in.number,
            state=checked_in.state.value,
        )
    day = tx.day(checked_in.office, checked_in.date)
    ahead = day.stream(checked_in.letter).waiting - 1 - line.count_behind(tx, checked_in)
    return Arrived(checked_in, ahead, day, repeated=True)


def return_late(tx: Transaction, ticket: str, by: str, now: datetime) -> Arrived:
    """Take a missed visitor back into the queue of the same day within the office's time.

    Raises `TooLate`, `WrongDay`, `WrongState`, `Paused`.
    """
    missed = ticket_store.get(tx, ticket)
    settings = tx.office(missed.office)
    now = tx.time_on(missed.office, missed.date, now)
    steps.admit_return(missed, settings.rules, settings.date_at(now), now)
    before = tx.day(missed.office, missed.date)
    admit_today(before, Act.CHECK_IN)
    number = missed.number
    if number is None:
        before, number = draw_number(before, missed.letter)
        tx.put_day(before)
    after, event = steps.return_late(
        missed, settings.rules, number, comes_in(tx, settings, before, missed.party_size, now), now
    )
    saved = ticket_store.save(tx, missed, after, replace(event, facts={**event.facts, "by": by}))
    follow_no_show(tx, missed, saved, now)
    return _arrived(tx, before, saved)


def _arrived(tx: Transaction, before: OfficeDay, ticket: Ticket) -> Arrived:
    """Work out the place in the queue without counting the queue: a newcomer usually stands
    last.
    """
    stream = before.stream(ticket.letter)
    assert ticket.turn_time is not None, "a visitor who has come has a turn time"
    stands_last = stream.latest_turn is None or stream.latest_turn < ticket.turn_time
    behind = 0 if stands_last else line.count_behind(tx, ticket)
    return Arrived(ticket, stream.waiting - behind, before)
