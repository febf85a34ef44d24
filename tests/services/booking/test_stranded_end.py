"""What nobody has seen to when its day is over: cancelled by the upkeep, nobody blamed, nothing
left that blocks a new booking.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

import pytest
import sqlalchemy as sa

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.events import EventType
from queue_server.domain.messages.message import MessageKind, is_needed
from queue_server.domain.office.changes import HoursChange
from queue_server.domain.office.hours import DayHours
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services import upkeep
from queue_server.services.booking import booking, moving, stranded
from queue_server.services.office.changes import apply_change
from queue_server.services.office.offices import add_office
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import TODAY, at, make_office
from tests.services.stage import new_code

TOMORROW = TODAY + timedelta(days=1)
MIDNIGHT = at(0, day=2)


@pytest.fixture
def office(database: Database) -> Office:
    made = make_office(new_code())
    database.write([], partial(add_office, office=made))
    upkeep.plan_office(database, made.code, at(9))
    return database.find_office(made.code)


def book(database: Database, office: Office, start: datetime, now: datetime) -> Ticket:
    visitor = Visitor("Tamu", sha256(office.code.encode()).hexdigest(), "0001", "+6281200000001")
    wanted = BookingRequest("REK", start, visitor)
    return database.write(
        [(office.code, office.date_at(start))],
        partial(booking.book, office=office.code, wanted=wanted, draw=draw(), now=now),
    )


def strand(database: Database, office: Office) -> Ticket:
    ticket = book(database, office, at(10, day=1), at(9))
    closed = HoursChange(days={TOMORROW: DayHours(())})
    database.write(
        [(office.code, TODAY)],
        partial(apply_change, office=office.code, change=closed, by="manager", now=at(9)),
    )
    upkeep.plan_office(database, office.code, at(9))
    assert find(database, ticket).state is State.STRANDED
    return ticket


def find(database: Database, ticket: Ticket) -> Ticket:
    with database.read() as connection:
        return ticket_store.find(connection, ticket.id)


def test_a_stranded_booking_ends_with_its_day(database: Database, office: Office) -> None:
    ticket = strand(database, office)
    assert stranded.end_stranded(database, MIDNIGHT - timedelta(seconds=1)) == 0, (
        "until midnight another time may be chosen"
    )
    upkeep.keep_up(database, MIDNIGHT)
    ended = find(database, ticket)
    assert (ended.state, ended.claim, ended.ended_at) == (State.CANCELLED, None, MIDNIGHT)
    with database.read() as connection:
        log = event_store.list_after(connection, office.code, ticket.date, 0)
        told = [each.event for each in log if each.event.ticket == ticket.id]
        messages = message_store.list_newest(connection, office.code, [ticket.id])
        assert (
            connection.execute(sa.select(sa.func.count()).select_from(tables.no_shows)).scalar_one()
            == 0
        ), "nobody is blamed"
    assert [each.type for each in told] == [
        EventType.BOOKED,
        EventType.STRANDED,
        EventType.CANCELLED,
    ]
    assert told[-1].facts["by"] == "upkeep"
    assert messages[ticket.id].kind == MessageKind.STRANDED and not is_needed(
        messages[ticket.id], ended, MIDNIGHT
    ), "nobody is rung"
    assert stranded.end_stranded(database, MIDNIGHT) == 0, "again changes nothing"
    assert book(database, office, at(10, day=2), MIDNIGHT).state is State.BOOKED, (
        "it stands in nobody's way"
    )


def test_one_that_was_moved_meanwhile_is_left_alone(database: Database, office: Office) -> None:
    ticket = strand(database, office)
    days = [(office.code, TOMORROW), (office.code, TODAY + timedelta(days=3))]
    database.write(
        days,
        partial(
            moving.reschedule,
            ticket=ticket.id,
            slot=at(10, day=3),
            by="holder",
            chance=0.5,
            now=at(9),
        ),
    )
    assert stranded.end_stranded(database, MIDNIGHT) == 0
    assert find(database, ticket).state is State.BOOKED
