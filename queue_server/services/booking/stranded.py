"""Seeing to bookings whose time the office has withdrawn: moving them to the nearest free times, or
cancelling them, in bulk.

What nobody has seen to by the end of the day it was for is cancelled by the upkeep. That is no
missed visit: there was none to miss.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.booking.availability import pools_of
from queue_server.domain.booking.places import DayPlan, choose_claim, release_bound
from queue_server.domain.booking.slots import span_of
from queue_server.domain.errors import NotInService, UnknownService
from queue_server.domain.events import EventType
from queue_server.domain.office.admission import admit_service
from queue_server.domain.office.office import Office
from queue_server.domain.visit.claim import Claim
from queue_server.domain.visit.ticket import Channel, Ticket, people_of
from queue_server.domain.visit.transitions import State
from queue_server.services.bulk import Step
from queue_server.services.messages.queueing import queue_message
from queue_server.services.places.ticket_ids import draw_chance
from queue_server.services.run_each import do_each
from queue_server.store.booking.stranded import (
    ALL_STRANDED,
    SoughtBookings,
    list_stranded,
    list_stranded_before,
)
from queue_server.store.office import offices as office_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import slots as slot_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from . import cancelling, moving

MOST = 500
"""Bookings that one look shows and one bulk action takes; what is left is shown after it."""

BATCH = 200
BY = "upkeep"

NOTICE = timedelta(hours=24)
"""Nobody is moved to a time that begins sooner than this: they have to hear of it first."""


@dataclass(frozen=True)
class Move:
    """Where a stranded booking would go: the start of the nearest time that is free for it, or
    None.
    """

    ticket: Ticket
    slot: datetime | None


def propose_moves(
    connection: Connection,
    office: Office,
    now: datetime,
    most: int = MOST,
    after: tuple[datetime, str] | None = None,
    sought: SoughtBookings = ALL_STRANDED,
) -> list[Move]:
    """Where each stranded booking that is `sought` would go, nothing is changed. Whoever booked
    first chooses first, and no place is given twice.

    The answer is in order of the lost times; `after` is the lost time and the id of the ticket
    after which it begins.
    """
    stranded = list_stranded(connection, office.code, most, after, sought)
    today = office.date_at(now)
    last = today + timedelta(days=office.rules.booking.horizon_days)
    plans = {
        plan.date: plan for plan in slot_store.list_between(connection, office.code, today, last)
    }
    starts = [slot.starts_at for plan in plans.values() for slot in plan.slots]
    first = bisect_left(starts, now + NOTICE)
    starts = starts[
        first : bisect_left(starts, now + timedelta(days=office.rules.booking.horizon_days))
    ]
    chosen: dict[str, datetime] = {}
    # A time that is full for one booking is so for all of its like: places only get fewer here.
    left: dict[tuple[object, ...], Sequence[datetime]] = {}
    for ticket in sorted(stranded, key=lambda each: (each.created_at, each.id)):
        like = (ticket.service, ticket.letter, ticket.channel, ticket.kind, ticket.party_size)
        full: set[datetime] = set()
        open_to_it = left.get(like, starts)
        claim = _nearest(office, plans, open_to_it, ticket, now, full)
        if full:
            left[like] = [each for each in open_to_it if each not in full]
        if claim is not None:
            chosen[ticket.id] = claim.starts_at
            day = office.date_at(claim.starts_at)
            plans[day] = plans[day].change(claim, 1)
    return [Move(each, chosen.get(each.id)) for each in stranded]


def _nearest(
    office: Office,
    plans: Mapping[date, DayPlan],
    starts: Sequence[datetime],
    ticket: Ticket,
    now: datetime,
    full: set[datetime],
) -> Claim | None:
    """The nearest places that are free for a booking; the times that were not are put into
    `full`.
    """
    try:
        service = office.service(ticket.service)
    except UnknownService:
        return None
    urgent = ticket.channel is Channel.URGENT
    span = span_of(office, service)
    for start in _outwards(starts, ticket.slot or now):
        full.add(start)
        try:
            admit_service(office, service, urgent=urgent, at=start, kind=ticket.kind)
        except NotInService:
            continue
        pools = pools_of(office, ticket.service, online=True, urgent=urgent, at=start)
        released_until = release_bound(office.rules.booking.release_minutes, now)
        plan = plans[office.date_at(start)]
        claim = choose_claim(
            plan,
            start,
            span,
            ticket.letter,
            pools,
            people_of(ticket.kind, ticket.party_size),
            released_until=released_until,
        )
        if claim is not None:
            full.discard(start)
            return claim
    return None


def _outwards(starts: Sequence[datetime], wanted: datetime) -> Iterator[datetime]:
    """Ordered times from the one nearest to `wanted` on; of two equally near the later."""
    later = bisect_left(starts, wanted)
    earlier = later - 1
    while earlier >= 0 or later < len(starts):
        if earlier < 0 or (
            later < len(starts) and starts[later] - wanted <= wanted - starts[earlier]
        ):
            yield starts[later]
            later += 1
        else:
            yield starts[earlier]
            earlier -= 1


def move(
    tx: Transaction, office: str, ticket: str, slot: datetime, by: str, chance: float, now: datetime
) -> bool:
    """Give a stranded booking a new time and owe its holder a message. Must declare both
    office-days.

    False, and nothing changed, if it is not stranded any more. Raises as `moving.reschedule` does.
    """
    before = ticket_store.get(tx, ticket, office)
    if before.state is not State.STRANDED:
        return False
    queue_message(
        tx, moving.reschedule(tx, ticket, slot, by, chance, now), EventType.RESCHEDULED, now
    )
    return True


def cancel(
    tx: Transaction, office: str, ticket: str, by: str, chance: float, now: datetime
) -> bool:
    """Give a stranded booking up and owe its holder a message. False, and nothing changed, if it is
    not stranded any more.
    """
    before = ticket_store.get(tx, ticket, office)
    if before.state is not State.STRANDED:
        return False
    queue_message(tx, cancelling.cancel(tx, ticket, by, chance, now), EventType.CANCELLED, now)
    return True


def plan_move(office: Office, ticket: Ticket, slot: datetime, by: str, now: datetime) -> Step:
    """`move` as a step of a bulk action."""
    take = partial(
        move, office=office.code, ticket=ticket.id, slot=slot, by=by, chance=draw_chance(), now=now
    )
    days = {(office.code, ticket.date), (office.code, office.date_at(slot))}
    return Step(ticket.id, tuple(days), take)


def plan_cancel(office: Office, ticket: Ticket, by: str, now: datetime) -> Step:
    """`cancel` as a step of a bulk action."""
    take = partial(
        cancel, office=office.code, ticket=ticket.id, by=by, chance=draw_chance(), now=now
    )
    return Step(ticket.id, ((office.code, ticket.date),), take)


def end_stranded(database: Database, now: datetime) -> int:
    """Cancel the bookings whose lost day is over. Their holders have been told already that the
    time is lost. Returns how many.

    Until then they may choose another time themselves; after it they may book anew, which a live
    ticket would forbid.
    """
    with database.read() as connection:
        over = [
            each
            for code in office_store.all_codes(connection)
            for each in list_stranded_before(
                connection, code, database.offices.get(connection, code).date_at(now), BATCH
            )
        ]
    return do_each(
        over,
        lambda each: database.write(
            [(each.office, each.date)], partial(_end, id=each.id, day=each.date, now=now)
        ),
    )


def _end(tx: Transaction, id: str, day: date, now: datetime) -> bool:
    before = ticket_store.get(tx, id)
    if before.state is not State.STRANDED or before.date != day:
        return False
    cancelling.cancel(tx, id, BY, 0.0, now)
    return True
