"""The office is asked of the database and not only of the code around it, and costs nothing: a
ticket is still found by its id.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.counter import steps
from queue_server.domain.errors import Changed, LimitReached, UnknownCode, UnknownTicket
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking, cancelling, moving
from queue_server.services.counter import calling
from queue_server.services.places.ticket_ids import draw
from queue_server.services.upkeep import miss_slot
from queue_server.store import tables
from queue_server.store.visit import tickets
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.migrated import migrated
from tests.services import stage
from tests.store.crowd import CODE, KEY, NOON, issue, open_database

ELSEWHERE = "o2"


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = open_database(migrated_url)
    stage.open_office(database, stage.small_office(ELSEWHERE, limit=None))
    yield database
    database.close()


@pytest.fixture
def ticket(database: Database) -> Ticket:
    return database.write([KEY], issue).ticket


def test_another_offices_ticket_is_as_unknown_as_none(database: Database, ticket: Ticket) -> None:
    assert database.write([KEY], lambda tx: tickets.get(tx, ticket.id, CODE)) == ticket
    with pytest.raises(UnknownTicket):
        database.write([KEY], lambda tx: tickets.get(tx, ticket.id, ELSEWHERE))
    with database.read() as connection:
        assert (
            tickets.find(connection, ticket.id)
            == tickets.find(connection, ticket.id, CODE)
            == ticket
        )
        assert (
            tickets.find_by_code(connection, ticket.code)
            == tickets.find_by_code(connection, ticket.code, CODE)
            == ticket
        )
        with pytest.raises(UnknownTicket):
            tickets.find(connection, ticket.id, ELSEWHERE)
        with pytest.raises(UnknownCode):
            tickets.find_by_code(connection, ticket.code, ELSEWHERE)


def test_a_step_believed_to_be_of_another_office_changes_nothing(
    database: Database, ticket: Ticket
) -> None:
    wrong = replace(ticket, office=ELSEWHERE)
    called, event = steps.call(wrong, f"{ELSEWHERE}-1", "ani", 1, NOON)
    with pytest.raises(Changed):
        database.write(
            [(ELSEWHERE, ticket.date)], lambda tx: tickets.save(tx, wrong, called, event)
        )
    with database.read() as connection:
        assert tickets.find(connection, ticket.id) == ticket
    assert stage.event_log(database, ELSEWHERE, ticket.date)[-1][1] != "called"


def test_one_moved_to_a_day_that_the_command_has_not_locked_is_left_alone(
    database: Database,
) -> None:
    visitor = Visitor("Siti", "1".zfill(64), "0001")
    wanted = BookingRequest("REK", stage.at(9 * 60), visitor)
    ticket = database.write(
        [KEY], lambda tx: booking.book(tx, CODE, wanted, draw(), stage.MIDNIGHT)
    )
    move = partial(
        moving.reschedule,
        ticket=ticket.id,
        slot=stage.at(33 * 60),
        by="visitor",
        chance=0.0,
        now=stage.MIDNIGHT,
    )
    moved = database.write([KEY, (CODE, stage.DAYS[1])], move)
    for late in (
        partial(cancelling.cancel, ticket=ticket.id, by="visitor", chance=0.0, now=stage.MIDNIGHT),
        partial(move, slot=stage.at(10 * 60)),
    ):
        with pytest.raises(Changed):
            database.write([KEY], late)
    missed = partial(miss_slot, ticket=ticket.id, now=stage.at(16 * 60))
    assert database.write([KEY, (CODE, stage.DAYS[1])], missed) == 0, (
        "its new time is still to come"
    )
    with database.read() as connection:
        assert tickets.find(connection, ticket.id) == moved


def test_a_ticket_is_found_by_its_id_however_many_an_office_has(sqlite_url: str) -> None:
    """Neither reading nor saving one walks the tickets of its office, before and after ANALYZE."""
    database = open_database(migrated(sqlite_url))
    first = database.write([KEY], issue).ticket
    with database.read() as connection:
        row = dict(
            connection.execute(sa.select(tables.tickets).where(tables.tickets.c.id == first.id))
            .one()
            ._mapping
        )
    many = [
        {**row, "id": str(n), "code": str(n), "number": f"A{n}", "state": "SERVED"}
        for n in range(20_000)
    ]
    database.write([], lambda tx: tx.change(sa.insert(tables.tickets), many))

    def statements(tx: Any) -> list[str]:
        seen: list[str] = []
        driver = tx._connection.connection.driver_connection
        driver.set_trace_callback(seen.append)
        calling.call(tx, CODE, first.id, f"{CODE}-1", "ani", NOON)
        driver.set_trace_callback(None)
        return [each for each in seen if "tickets.id =" in each]

    def plans(found: list[str]) -> list[str]:
        with database.read() as connection:
            driver: Any = connection.connection.driver_connection
            return [
                line[3] for each in found for line in driver.execute(f"EXPLAIN QUERY PLAN {each}")
            ]

    found = database.write([KEY], statements)
    assert any(each.startswith("UPDATE") for each in found) and any(
        each.startswith("SELECT") for each in found
    )
    before = plans(found)
    assert set(before) == {"SEARCH tickets USING INDEX sqlite_autoindex_tickets_1 (id=?)"}
    database.write([], lambda tx: tx.change(sa.text("ANALYZE")))
    assert plans(found) == before
    database.close()


@pytest.mark.requires_postgresql
def test_one_phone_gets_no_more_bookings_by_asking_for_two_days_at_once(
    migrated_postgresql_url: str,
) -> None:
    """Two processes lock nothing in common but the person and the phone: other people, other days,
    one telephone.
    """
    ours, theirs = open_database(migrated_postgresql_url), Database(migrated_postgresql_url)
    stage.open_office(ours, stage.small_office(ELSEWHERE, booking={"people_per_phone_max": 1}))

    def book(tx: Transaction, day: int) -> Ticket:
        visitor = Visitor("Siti", f"{day:064d}", "0001", "+628121234567")
        wanted = BookingRequest("REK", stage.at((24 * day + 9) * 60), visitor)
        return booking.book(tx, ELSEWHERE, wanted, draw(), stage.MIDNIGHT)

    with ThreadPoolExecutor(1) as other:

        def book_while_another_does(tx: Transaction) -> Future[Ticket]:
            book(tx, 0)
            waiting = other.submit(
                theirs.write, [(ELSEWHERE, stage.DAYS[1])], lambda tx: book(tx, 1)
            )
            wait([waiting], timeout=0.3)
            return waiting

        second = ours.write([(ELSEWHERE, stage.DAYS[0])], book_while_another_does)
        with pytest.raises(LimitReached):
            second.result(timeout=30)
    for each in (ours, theirs):
        each.close()
