"""What time brings about in one office waits for no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services import upkeep
from queue_server.services.booking import booking
from queue_server.services.office.offices import add_office
from queue_server.services.places.ticket_ids import draw
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import at, make_office
from tests.fixtures.migrated import migrated
from tests.services.stage import new_code


def test_who_did_not_come_is_noted_once_the_doors_close_there_however_many_are_late_elsewhere(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jayapura closes two hours before Jakarta, where more are late than one look takes in."""
    database = Database(migrated(sqlite_url))

    def open_office(zone: str) -> Office:
        office = replace(make_office(new_code()), zone=zone)
        database.write([], partial(add_office, office=office))
        upkeep.plan_office(database, office.code, at(9))
        return office

    def book(office: Office, start: datetime) -> Ticket:
        wanted = BookingRequest(
            "REK",
            start,
            Visitor("Tamu", sha256(office.code.encode()).hexdigest(), "0001", "+6281200000001"),
        )
        command = partial(booking.book, office=office.code, wanted=wanted, draw=draw(), now=at(9))
        return database.write([(office.code, office.date_at(start))], command)

    def state_of(ticket: Ticket) -> State:
        with database.read() as connection:
            return ticket_store.find(connection, ticket.id).state

    monkeypatch.setattr(upkeep, "BATCH", 1)
    late, missed = (
        book(open_office("Asia/Jakarta"), at(10)),
        book(open_office("Asia/Jayapura"), at(12, 30)),
    )
    assert upkeep.miss_slots(database, at(12, 59)) == 0
    assert upkeep.miss_slots(database, at(13)) == 1
    assert (state_of(late), state_of(missed)) == (State.BOOKED, State.NO_SHOW)
    assert upkeep.miss_slots(database, at(15)) == 1 and state_of(late) is State.NO_SHOW
    database.close()
