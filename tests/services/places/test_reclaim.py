"""What has run out is given on in the very transaction that needs the place, at the door as for
bookings, on both databases.
"""

from __future__ import annotations

from collections import Counter as Tally
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.errors import DayFull
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking, cancelling, holding
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.reception import reception
from queue_server.store import tables
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import ledger, stage
from tests.services.rush import rush

CODE = "o1"
KEY = (CODE, stage.TODAY)
SLOT = stage.at(10 * 60)
RUNS_OUT = stage.at(9 * 60 + 50)
"""When a hold of 9:40 does: within half an hour of the slot, so that its unused shares are open to
all.
"""

CLIENTS = 50


def open_office(
    database: Database, places: int = 1, limit: int = 1000, *, beyond: bool = False
) -> None:
    """An office that offers visits of one stream at ten o'clock, and nothing else today."""
    stage.open_office(
        database, stage.small_office(CODE, limit=limit, door={"walk_ins_beyond_places": beyond})
    )
    none = tables.stream_slots.update().values(online=0, walk_in=0, urgent=0)
    own = tables.stream_slots.update().where(
        tables.stream_slots.c.starts_at == SLOT, tables.stream_slots.c.letter == "A"
    )
    database.write([], lambda tx: tx.change(none))
    database.write([], lambda tx: tx.change(own.values(online=places)))


def hold(database: Database, minute: float = 9 * 60 + 40, party: int = 1) -> Ticket:
    drawn = draw()
    return database.write(
        [KEY],
        lambda tx: holding.hold(tx, CODE, HoldRequest("REK", SLOT, party), drawn, stage.at(minute)),
    )


def book(database: Database, minute: float) -> Ticket:
    drawn, wanted = (
        draw(),
        BookingRequest("REK", SLOT, Visitor("Siti", "1" * 64, "1111", "+628121")),
    )
    return database.write([KEY], lambda tx: booking.book(tx, CODE, wanted, drawn, stage.at(minute)))


def come(database: Database, minute: float, party: int = 1) -> Ticket:
    drawn = draw()
    return database.write(
        [KEY],
        lambda tx: arrival.issue_walk_in(
            tx, CODE, arrival.WalkIn("REK", party), drawn, stage.at(minute)
        ),
    ).ticket


def all_is_right(database: Database) -> ledger.Ledger:
    found = ledger.read(database, CODE)
    found.all_is_right()
    return found


@pytest.mark.parametrize("beyond", [False, True])
def test_a_visitor_at_the_door_gets_the_place_of_a_hold_that_ran_out(
    databases: list[Database], beyond: bool
) -> None:
    """Also where numbers are given beyond the places: this one is not."""
    open_office(databases[0], beyond=beyond)
    held = hold(databases[0])
    came = come(databases[-1], 9 * 60 + 50)
    assert came.claim is not None and came.claim.starts_at == SLOT
    states = {row.id: row.state for row in all_is_right(databases[0]).tickets}
    assert states == {held.id: "EXPIRED", came.id: "WAITING"}


def test_who_is_refused_meanwhile_does_not_hide_what_runs_out_later(
    databases: list[Database],
) -> None:
    """A full day is not searched again for each visitor; all that changes when something comes free
    is noticed all the same.
    """
    here, there = databases[0], databases[-1]
    open_office(here, places=2)
    booked, held = book(here, 9 * 60 + 35), hold(here)
    for minute in (41, 45, 49.9):
        with pytest.raises(DayFull):
            come(here, 9 * 60 + minute)
    there.write([KEY], lambda tx: holding.extend_hold(tx, held.id, stage.at(9 * 60 + 45)))
    with pytest.raises(DayFull):
        come(here, 9 * 60 + 54)
    assert come(here, 9 * 60 + 55).claim is not None, "extended by ten minutes from 9:45"
    with pytest.raises(DayFull):
        come(here, 9 * 60 + 55)
    here.write(
        [KEY], lambda tx: cancelling.cancel(tx, booked.id, "visitor", 0.0, stage.at(9 * 60 + 55))
    )
    [kept] = all_is_right(here).kept_places
    minutes = stage.minutes_at(kept.public_at)
    assert minutes is not None and minutes < 10 * 60
    with pytest.raises(DayFull):
        come(here, minutes - 0.1)
    assert come(here, minutes).claim is not None
    all_is_right(here)


def test_a_full_day_is_searched_once_for_all_who_come(
    databases: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    search = ticket_store.next_expiry

    def next_expiry(tx: Transaction, *arguments: Any) -> Any:
        looked.append(1)
        return search(tx, *arguments)

    monkeypatch.setattr(ticket_store, "next_expiry", next_expiry)
    open_office(databases[0], beyond=True)
    hold(databases[0])
    for place in range(20):
        assert come(databases[0], 9 * 60 + 41 + place / 10).claim is None
    assert len(looked) == 1


@pytest.mark.parametrize("beyond", [False, True])
def test_one_more_companion_gets_the_place_of_a_hold_that_ran_out(
    databases: list[Database], beyond: bool
) -> None:
    open_office(databases[0], places=2, limit=2, beyond=beyond)
    came = come(databases[0], 9 * 60 + 35)
    assert came.claim is not None
    hold(databases[0])
    larger = databases[-1].write(
        [KEY], lambda tx: reception.change_party(tx, CODE, came.id, 2, "ani", RUNS_OUT)
    )
    assert larger.claim is not None and (larger.claim.people, larger.claim.starts_at) == (2, SLOT)
    all_is_right(databases[0])


def test_fifty_come_for_the_place_of_a_hold_that_ran_out(databases: list[Database]) -> None:
    """One of them has it, and the hold ends once."""
    open_office(databases[0])
    held = hold(databases[0])
    got = rush(CLIENTS, lambda place: come(databases[place % len(databases)], 9 * 60 + 50))
    assert Tally(each if isinstance(each, str) else each.state.value for each in got) == {
        "WAITING": 1,
        "day_full": CLIENTS - 1,
    }
    found = all_is_right(databases[0])
    assert Tally(row.type for row in found.events if row.ticket == held.id) == {
        "held": 1,
        "expired": 1,
    }
    assert sum(found.places()[SLOT, "A"].taken.values()) == 1


def test_fifty_at_home_and_at_the_door_want_what_two_holds_leave(databases: list[Database]) -> None:
    open_office(databases[0], places=2)
    hold(databases[0])
    hold(databases[0])

    def want(place: int) -> Ticket:
        database = databases[place // 2 % len(databases)]
        return come(database, 9 * 60 + 50) if place % 2 else hold(database, 9 * 60 + 50)

    got = rush(CLIENTS, want)
    tally = Tally(each if isinstance(each, str) else each.state.value for each in got)
    assert tally["WAITING"] + tally["HELD"] == 2
    assert tally["day_full"] + tally["slot_full"] == CLIENTS - 2
    found = all_is_right(databases[0])
    assert Tally(row.type for row in found.events)["expired"] == 2
    assert sum(found.places()[SLOT, "A"].taken.values()) == 2
