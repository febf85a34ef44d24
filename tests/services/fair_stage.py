"""People at a small office with few places: they book, cancel and wait, each by a plain
function.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.waitlist import Entry
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import availability, booking, cancelling, waitlist
from queue_server.services.booking.waitlist import Standing, WaitRequest
from queue_server.services.places.places import reclaim
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.writer import slots as slot_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.rules import vary_rules
from tests.services import stage

CODE = "o1"
NOW = stage.at(9 * 60)
SLOT, LATER, TOMORROW = stage.at(13 * 60), stage.at(13 * 60 + 30), stage.at(13 * 60 + 1440)
LAST_CHANCE = 0.999
"""The draw by which places are kept back for as long as the office allows."""

T = TypeVar("T")
_persons = itertools.count(1)


def open_office(database: Database, *, places: int = 2, **rules: Any) -> Office:
    """An office whose slots take `places` persons, all of them booked online."""
    office = stage.small_office(
        CODE, limit=places, booking={"online_share": 1.0, "urgent_share": 0.0}
    )
    return stage.open_office(database, replace(office, rules=vary_rules(office.rules, **rules)))


def person(number: int | None = None) -> Visitor:
    """Somebody; the same number is the same person."""
    number = next(_persons) if number is None else number
    return Visitor(
        f"Warga {number}",
        f"{number:064d}",
        f"{number % 10_000:04d}",
        f"+62812{number:08d}",
        f"warga{number}@contoh.id",
    )


def book(
    database: Database,
    slot: datetime = SLOT,
    *,
    visitor: Visitor | None = None,
    now: datetime = NOW,
    **wanted: Any,
) -> Ticket:
    request = BookingRequest(wanted.pop("service", "REK"), slot, visitor or person(), **wanted)
    drawn = draw()
    return database.write(
        [(CODE, day_of(slot))], lambda tx: booking.book(tx, CODE, request, drawn, now)
    )


def fill(database: Database, slot: datetime = SLOT, *, places: int = 2) -> list[Ticket]:
    return [book(database, slot) for _ in range(places)]


def cancel(database: Database, ticket: Ticket, now: datetime = NOW) -> Ticket:
    return database.write(
        [(CODE, ticket.date)],
        lambda tx: cancelling.cancel(tx, ticket.id, "holder", LAST_CHANCE, now),
    )


def join(database: Database, *, now: datetime = NOW, **wanted: Any) -> str:
    """Join the waitlist for today, as somebody new; returns the entry's code."""
    visitor = wanted.pop("visitor", None) or person()
    request = WaitRequest(
        wanted.pop("service", "REK"),
        wanted.pop("first", stage.TODAY),
        wanted.pop("last", stage.TODAY),
        visitor,
        **wanted,
    )
    drawn = draw()
    return database.write([], lambda tx: waitlist.join(tx, CODE, request, drawn, now)).code


def look(database: Database, code: str) -> Standing:
    with database.read() as connection:
        return waitlist.look(connection, code)


def entry(database: Database, code: str) -> Entry:
    return look(database, code).entry


def states(database: Database, codes: Sequence[str]) -> list[str]:
    return [entry(database, code).state.value for code in codes]


def press(
    database: Database,
    step: Callable[[Transaction, Standing, datetime], T],
    standing: Standing,
    now: datetime,
) -> T:
    """One step of an entry as its page was seen."""
    return database.write(waitlist.days_of_offer(standing), lambda tx: step(tx, standing, now))


def accept(database: Database, code: str, now: datetime = NOW) -> Ticket:
    return press(database, waitlist.accept, look(database, code), now)


def decline(database: Database, code: str, now: datetime = NOW) -> Entry:
    return press(database, waitlist.decline, look(database, code), now)


def leave(database: Database, code: str, now: datetime = NOW) -> Entry:
    return press(database, waitlist.leave, look(database, code), now)


def pass_time(database: Database, now: datetime) -> None:
    """What upkeep does with places as time passes."""
    database.write([(CODE, stage.TODAY)], lambda tx: reclaim(tx, CODE, stage.TODAY, now))


def day_of(slot: datetime) -> Any:
    return (slot + timedelta(hours=7)).date()


def taken(database: Database, slot: datetime = SLOT) -> int:
    """Persons for whom places of a slot are taken, kept-back ones included."""
    with database.read() as connection:
        plan = slot_store.load(connection, CODE, day_of(slot))
    return plan.run(slot, 1)[0].people.taken_total


def free(database: Database, slot: datetime = SLOT, now: datetime = NOW) -> int:
    with database.read() as connection:
        office = database.offices.get(connection, CODE)
        days = availability.list_availability(connection, office, "REK", day_of(slot), 1, 1, now)
    return next(each.free for day in days for each in day.slots if each.starts_at == slot)


def counts_agree(database: Database) -> None:
    """What the slots say is taken is what tickets and kept-back places take, slot by slot."""
    claims: dict[datetime, int] = {}
    for row in stage.rows_of(database, tables.tickets, CODE):
        if row.claim_at is not None and row.kind == VisitKind.OFFICE:
            claims[row.claim_at] = claims.get(row.claim_at, 0) + row.party_size
    for row in stage.rows_of(database, tables.kept_places, CODE):
        if row.people:
            claims[row.starts_at] = claims.get(row.starts_at, 0) + row.people
    found = {
        row.starts_at: row.online_taken + row.walk_in_taken + row.urgent_taken
        for row in stage.rows_of(database, tables.slots, CODE)
        if row.online_taken + row.walk_in_taken + row.urgent_taken
    }
    assert found == claims


def minutes(number: float, since: datetime = NOW) -> datetime:
    return since + timedelta(minutes=number)
