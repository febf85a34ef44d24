"""Many at once, on both databases: nothing given twice, nothing lost, numbers and events without
gaps.

Real threads start together at a barrier.
"""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import asdict, replace
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.office.office import Counter, Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.numbering import ticket_number
from queue_server.services.booking import booking
from queue_server.services.counter import calling, serving
from queue_server.services.door import arrival
from queue_server.services.idempotency import do_once
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.services import ledger, stage
from tests.services.rush import CLIENTS, rush

SLOT = stage.at(10 * 60)
NOW = stage.at(9 * 60)


def unlimited(databases: list[Database], **settings: Any) -> Office:
    return stage.open_office(databases[0], stage.small_office("o1", limit=None, **settings))


def log_is_whole(database: Database, expected: dict[str, int]) -> None:
    """The day's events are exactly these many of each type after its slots were made; everything
    stored adds up.
    """
    assert Tally(type for _, type, _ in stage.event_log(database, "o1", stage.TODAY)) == {
        "slots_planned": 1,
        **expected,
    }
    ledger.read(database, "o1").all_is_right()


@pytest.mark.parametrize("places", [1, 5, 10])
@pytest.mark.parametrize("bound", ["room", "counters"])
def test_fifty_clients_for_the_last_places(
    databases: list[Database], places: int, bound: str
) -> None:
    """Exactly as many are booked as there are places, whether the room or the counters have the
    last ones.
    """
    limit = places if bound == "room" else 1000
    stage.open_office(
        databases[0],
        stage.small_office("o1", limit=limit, booking={"online_share": 1.0, "urgent_share": 0.0}),
    )
    staff_places = 1000 if bound == "room" else places
    databases[0].write(
        [], lambda tx: tx.change(tables.stream_slots.update().values(online=staff_places))
    )

    def book(place: int) -> str:
        visitor = Visitor("Siti", f"{place:064d}", f"{place:04d}", f"+62812{place:08d}")
        drawn, wanted = draw(), BookingRequest("REK", SLOT, visitor)
        return (
            databases[place % len(databases)]
            .write([("o1", stage.TODAY)], lambda tx: booking.book(tx, "o1", wanted, drawn, NOW))
            .id
        )

    got = rush(CLIENTS, book)
    assert got.count("slot_full") == CLIENTS - places
    assert sorted(row.id for row in stage.rows_of(databases[0], tables.tickets, "o1")) == sorted(
        id for id in got if id != "slot_full"
    )
    [slot] = [
        row for row in stage.rows_of(databases[0], tables.slots, "o1") if row.starts_at == SLOT
    ]
    [own] = [
        row
        for row in stage.rows_of(databases[0], tables.stream_slots, "o1")
        if row.starts_at == SLOT and row.letter == "A"
    ]
    assert slot.online_taken == own.online_taken == places
    log_is_whole(databases[0], {"booked": places})


def test_one_person_books_once_however_often_they_press(databases: list[Database]) -> None:
    """Fifty requests of one NIK for one service on different days: the office's limit holds across
    office-days too.
    """
    office = unlimited(databases)
    visitor = Visitor("Siti", "7" * 64, "7777", "+628121")
    slots = [stage.at(10 * 60), stage.at(10 * 60 + 1440)]

    def book(place: int) -> str:
        drawn, slot = draw(), slots[place % 2]
        wanted = BookingRequest("REK", slot, visitor)
        day = office.date_at(slot)
        return (
            databases[place // 2 % len(databases)]
            .write([("o1", day)], lambda tx: booking.book(tx, "o1", wanted, drawn, NOW))
            .id
        )

    got = rush(CLIENTS, book)
    assert got.count("limit_reached") == CLIENTS - 1


@pytest.mark.parametrize(("clerks", "tickets"), [(16, 200), (CLIENTS, 75)])
def test_clerks_call_each_ticket_once(databases: list[Database], clerks: int, tickets: int) -> None:
    counters = [f"o1-{place}" for place in range(clerks)]
    office = stage.small_office("o1", limit=None)
    stage.open_office(
        databases[0],
        replace(office, counters=tuple(Counter(each, each, ("A", "C")) for each in counters)),
    )
    ids = [issue(databases[0], place).ticket.id for place in range(tickets)]

    def work(place: int) -> list[str]:
        database, desk, clerk = databases[place % len(databases)], counters[place], f"clerk-{place}"
        called = []
        key = [("o1", stage.TODAY)]
        while (
            ticket := database.write(key, lambda tx: calling.call_next(tx, "o1", desk, clerk, NOW))
        ) is not None:
            called.append(ticket.id)
            database.write(key, lambda tx, id=ticket.id: serving.start(tx, "o1", id, clerk, NOW))
            database.write(key, lambda tx, id=ticket.id: serving.finish(tx, "o1", id, clerk, NOW))
        return called

    called = [id for mine in rush(clerks, work) for id in mine]
    assert sorted(called) == sorted(ids), "each is called exactly once"
    assert {row.state for row in stage.rows_of(databases[0], tables.tickets, "o1")} == {"SERVED"}
    log_is_whole(
        databases[0],
        {
            "walked_in": tickets,
            "counter_opened": clerks,
            "called": tickets,
            "started": tickets,
            "finished": tickets,
        },
    )


def test_one_counter_pressed_fifty_times_calls_one(databases: list[Database]) -> None:
    unlimited(databases)
    for place in range(20):
        issue(databases[0], place)

    def press(place: int) -> str:
        called = databases[place % len(databases)].write(
            [("o1", stage.TODAY)], lambda tx: calling.call_next(tx, "o1", "o1-1", "ani", NOW)
        )
        assert called is not None
        return called.id

    got = rush(CLIENTS, press)
    assert got.count("counter_busy") == CLIENTS - 1
    log_is_whole(databases[0], {"walked_in": 20, "counter_opened": 1, "called": 1})


def issue(database: Database, place: int) -> arrival.Arrived:
    drawn = draw()
    service = ("REK", "IKD")[place % 2]
    return database.write(
        [("o1", stage.TODAY)],
        lambda tx: arrival.issue_walk_in(tx, "o1", arrival.WalkIn(service), drawn, NOW),
    )


@pytest.mark.parametrize(("kiosks", "each"), [(16, 25), (CLIENTS, 8)])
def test_kiosks_issue_four_hundred_different_numbers(
    databases: list[Database], kiosks: int, each: int
) -> None:
    unlimited(databases)
    got = rush(
        kiosks,
        lambda place: [issue(databases[place % len(databases)], turn) for turn in range(each)],
    )
    arrived = [one for mine in got for one in mine]
    numbers = [one.ticket.number for one in arrived]
    assert sorted(number or "" for number in numbers) == [
        ticket_number("A", sequence) for sequence in range(1, 401)
    ]
    assert len({one.ticket.code for one in arrived}) == 400
    log_is_whole(databases[0], {"walked_in": 400})


def test_a_room_is_never_overfilled_by_a_crowd(databases: list[Database]) -> None:
    """Parties of three rush into a room for six: two go in, the others wait outside."""
    stage.open_office(databases[0], stage.small_office("o1"))

    def come(place: int) -> Any:
        drawn = draw()
        return (
            databases[place % len(databases)]
            .write(
                [("o1", stage.TODAY)],
                lambda tx: arrival.issue_walk_in(
                    tx, "o1", arrival.WalkIn("REK", party_size=3), drawn, NOW
                ),
            )
            .ticket.place
        )

    assert Tally(rush(CLIENTS, come)) == {"INSIDE": 2, "OUTSIDE": CLIENTS - 2}
    [day] = [
        row
        for row in stage.rows_of(databases[0], tables.office_days, "o1")
        if row.date == stage.TODAY
    ]
    assert (day.persons_inside, day.parties_outside) == (6, CLIENTS - 2)


def test_one_key_from_fifty_threads_gives_one_ticket(databases: list[Database]) -> None:
    unlimited(databases)
    request = "issue REK"

    def send(place: int) -> Any:
        drawn = draw()

        def command(tx: Any) -> dict[str, Any]:
            arrived = arrival.issue_walk_in(tx, "o1", arrival.WalkIn("REK"), drawn, NOW)
            return {
                "id": arrived.ticket.id,
                "number": arrived.ticket.number,
                "wanted": asdict(arrival.WalkIn("REK"))["service"],
            }

        return databases[place % len(databases)].write(
            [("o1", stage.TODAY)],
            lambda tx: do_once(tx, "kiosk-1", "the-key", request, command, NOW),
        )

    got = rush(CLIENTS, send)
    assert all(each == got[0] for each in got)
    [ticket] = stage.rows_of(databases[0], tables.tickets, "o1")
    assert ticket.id == got[0]["id"]
    log_is_whole(databases[0], {"walked_in": 1})


def test_a_refused_command_leaves_those_beside_it_untouched(databases: list[Database]) -> None:
    """Half of the clients ask for what cannot be; the other half's tickets are all there, without a
    gap in the numbers.
    """
    unlimited(databases)

    def come(place: int) -> Any:
        drawn, party = draw(), 1 if place % 2 else 99
        return (
            databases[place // 2 % len(databases)]
            .write(
                [("o1", stage.TODAY)],
                lambda tx: arrival.issue_walk_in(
                    tx, "o1", arrival.WalkIn("REK", party_size=party), drawn, NOW
                ),
            )
            .ticket.number
        )

    got = Tally(rush(CLIENTS, come))
    assert got.pop("bad_input") == CLIENTS // 2
    assert got == Tally(ticket_number("A", sequence) for sequence in range(1, CLIENTS // 2 + 1))
    log_is_whole(databases[0], {"walked_in": CLIENTS // 2})
