"""Fifty at once for places that are not enough, on both databases: every conditional take ends
exactly, counted from the rows.
"""

from __future__ import annotations

from collections import Counter as Tally
from datetime import datetime
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking, cancelling, holding, moving
from queue_server.services.door import arrival
from queue_server.services.office.offices import set_people_limit
from queue_server.services.places import places
from queue_server.services.places.replanning import replan_day
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.services import ledger, stage
from tests.services.rush import rush

CODE = "o1"
KEY = (CODE, stage.TODAY)
NOW = stage.at(9 * 60)
SLOT, NEXT_SLOT, FAR_SLOT = stage.at(10 * 60), stage.at(10 * 60 + 30), stage.at(13 * 60)
CLIENTS = 50


@pytest.fixture
def offering(databases: list[Database]) -> Any:
    """`offering(online=…, walk_in=…, urgent=…)`: an office whose every slot today has just these
    places in every stream.
    """

    def make(rules: dict[str, Any] | None = None, **offered: int) -> None:
        stage.open_office(databases[0], stage.small_office(CODE, limit=1000, **(rules or {})))
        set_places(databases[0], **offered)

    return make


def set_places(database: Database, at: datetime | None = None, **offered: int) -> None:
    """Give the streams just these visits, in one slot or in all; pools that are not named get
    none.
    """
    change = tables.stream_slots.update().values(
        {"online": 0, "walk_in": 0, "urgent": 0, **offered}
    )
    database.write(
        [],
        lambda tx: tx.change(
            change if at is None else change.where(tables.stream_slots.c.starts_at == at)
        ),
    )


def book(
    databases: list[Database],
    place: int,
    service: str = "REK",
    slot: datetime = SLOT,
    *,
    urgent: bool = False,
    hold: str | None = None,
    now: datetime = NOW,
) -> Ticket:
    visitor = Visitor("Siti", f"{place:064d}", f"{place:04d}", f"+62812{place:08d}")
    wanted, drawn = BookingRequest(service, slot, visitor, urgent=urgent, hold=hold), draw()
    return databases[place % len(databases)].write(
        [KEY], lambda tx: booking.book(tx, CODE, wanted, drawn, now)
    )


def come(databases: list[Database], place: int, *, urgent: bool = False) -> Ticket:
    wanted, drawn = arrival.WalkIn("REK", urgent=urgent), draw()
    return (
        databases[place % len(databases)]
        .write([KEY], lambda tx: arrival.issue_walk_in(tx, CODE, wanted, drawn, NOW))
        .ticket
    )


def outcomes(got: list[Any]) -> Tally[str]:
    """How many got a ticket in which state, or were refused with which code."""
    return Tally(each.state.value if isinstance(each, Ticket) else str(each) for each in got)


def taken(databases: list[Database], slot: datetime = SLOT, letter: str = "A") -> tuple[int, ...]:
    """Visits that pools have taken of a slot: online, walk-in, urgent. Everything stored adds
    up.
    """
    found = ledger.read(databases[0], CODE)
    found.all_is_right()
    return tuple(found.places()[slot, letter].taken.values())


@pytest.mark.parametrize("number", [1, 5, 10])
def test_the_last_places_of_the_online_share(
    databases: list[Database], offering: Any, number: int
) -> None:
    offering(online=number, walk_in=7, urgent=2)
    got = rush(CLIENTS, lambda place: book(databases, place))
    assert outcomes(got) == {"BOOKED": number, "slot_full": CLIENTS - number}
    assert taken(databases) == (number, 0, 0), "the other shares are untouched"


def test_urgent_visits_take_their_share_and_fall_back_on_the_online_one(
    databases: list[Database], offering: Any
) -> None:
    offering(online=4, walk_in=7, urgent=3)
    got = rush(CLIENTS, lambda place: book(databases, place, urgent=True))
    assert outcomes(got) == {"BOOKED": 7, "slot_full": CLIENTS - 7}
    assert taken(databases) == (4, 0, 3)


def test_urgent_and_regular_visits_together(databases: list[Database], offering: Any) -> None:
    """The urgent share is for urgent visits alone; of the online share each may have had any
    part.
    """
    offering(online=4, walk_in=0, urgent=3)
    got = rush(CLIENTS, lambda place: book(databases, place, urgent=place % 2 == 0))
    assert outcomes(got) == {"BOOKED": 7, "slot_full": CLIENTS - 7}
    assert taken(databases) == (4, 0, 3)
    assert sum(each.channel.value == "URGENT" for each in got if isinstance(each, Ticket)) >= 3


@pytest.mark.parametrize("beyond", [False, True])
def test_the_last_places_at_the_door(
    databases: list[Database], offering: Any, beyond: bool
) -> None:
    """Five places at ten o'clock: without numbers beyond the places the sixth is sent away,
    otherwise only the places are counted.
    """
    offering({"door": {"walk_ins_beyond_places": beyond}})
    set_places(databases[0], FAR_SLOT, walk_in=5, online=9)
    got = rush(CLIENTS, lambda place: come(databases, place))
    assert outcomes(got) == (
        {"WAITING": CLIENTS} if beyond else {"WAITING": 5, "day_full": CLIENTS - 5}
    )
    assert sum(each.claim is not None for each in got if isinstance(each, Ticket)) == 5
    numbers = sorted(each.number or "" for each in got if isinstance(each, Ticket))
    assert numbers == [f"A{number:03d}" for number in range(1, len(numbers) + 1)], (
        "who is refused uses up no number"
    )
    assert taken(databases, FAR_SLOT) == (0, 5, 0)


def test_citizens_at_home_and_at_the_door_do_not_take_from_each_other(
    databases: list[Database], offering: Any
) -> None:
    offering({"door": {"walk_ins_beyond_places": False}})
    set_places(databases[0], FAR_SLOT, online=3, walk_in=4, urgent=2)
    got = rush(
        CLIENTS,
        lambda place: (
            come(databases, place) if place % 2 else book(databases, place, slot=FAR_SLOT)
        ),
    )
    assert outcomes(got) == {"BOOKED": 3, "slot_full": 22, "WAITING": 4, "day_full": 21}
    assert taken(databases, FAR_SLOT) == (3, 4, 0)


def test_the_last_places_of_a_visit_that_needs_two_slots(
    databases: list[Database], offering: Any
) -> None:
    offering(online=20)
    set_places(databases[0], NEXT_SLOT, online=3)
    got = rush(CLIENTS, lambda place: book(databases, place, "AKL"))
    assert outcomes(got) == {"BOOKED": 3, "slot_full": CLIENTS - 3}
    assert taken(databases, SLOT, "C") == taken(databases, NEXT_SLOT, "C") == (3, 0, 0), (
        "all of a visit or nothing"
    )


def test_long_and_short_visits_meet_in_the_slot_they_share(
    databases: list[Database], offering: Any
) -> None:
    offering(online=20)
    set_places(databases[0], NEXT_SLOT, online=5)
    got = rush(
        CLIENTS,
        lambda place: (
            book(databases, place, "AKL") if place % 2 else book(databases, place, "CTK", NEXT_SLOT)
        ),
    )
    assert outcomes(got) == {"BOOKED": 5, "slot_full": CLIENTS - 5}
    long = sum(isinstance(each, Ticket) and each.service == "AKL" for each in got)
    assert taken(databases, SLOT, "C") == (long, 0, 0)
    assert taken(databases, NEXT_SLOT, "C") == (5, 0, 0)


def hold(databases: list[Database], place: int, now: datetime) -> Ticket:
    drawn = draw()
    return databases[place % len(databases)].write(
        [KEY], lambda tx: holding.hold(tx, CODE, HoldRequest("REK", SLOT), drawn, now)
    )


def test_a_hold_that_ran_out_gives_its_place_to_one(
    databases: list[Database], offering: Any
) -> None:
    """One place, held until ten past nine: at that minute the holder is too late, and of all others
    one is the first.
    """
    offering(online=1)
    held, later = hold(databases, 0, NOW), stage.at(9 * 60 + 10)

    def want(place: int) -> Ticket:
        if place % 5 == 0:
            return databases[place % len(databases)].write(
                [KEY], lambda tx: holding.extend_hold(tx, held.id, later)
            )
        return hold(databases, place, later) if place % 5 < 3 else book(databases, place, now=later)

    got = rush(CLIENTS, want)
    tally = outcomes(got)
    assert tally["HELD"] + tally["BOOKED"] == 1
    assert (tally["too_late"], tally["slot_full"]) == (10, 39)
    assert taken(databases) == (1, 0, 0)


def test_a_hold_that_runs_is_extended_once_and_booked_once(
    databases: list[Database], offering: Any
) -> None:
    offering(online=1)
    held = hold(databases, 0, NOW)

    def want(place: int) -> Ticket:
        if place % 3 == 0:
            return databases[place % len(databases)].write(
                [KEY], lambda tx: holding.extend_hold(tx, held.id, NOW)
            )
        return book(databases, place, hold=held.code if place % 3 == 1 else None)

    got = rush(CLIENTS, want)
    tally = outcomes(got)
    assert tally["BOOKED"] == 1
    assert tally["HELD"] <= 1, "it may have been booked before anybody extended it"
    assert tally["slot_full"] == 16
    assert taken(databases) == (1, 0, 0)


def test_a_place_given_up_is_nobodys_until_its_time_and_then_of_one(
    databases: list[Database], offering: Any
) -> None:
    offering(online=1)
    first = book(databases, 99)

    def cancel_or_book(place: int) -> Ticket:
        if place % 2:
            return book(databases, place)
        return databases[place // 2 % len(databases)].write(
            [KEY], lambda tx: cancelling.cancel(tx, first.id, "visitor", 0.5, NOW)
        )

    assert outcomes(rush(CLIENTS, cancel_or_book)) == {
        "CANCELLED": 1,
        "wrong_state": 24,
        "slot_full": 25,
    }
    assert taken(databases) == (1, 0, 0), "kept back"
    due = stage.at(9 * 60 + 6)

    def reclaim_or_book(place: int) -> Any:
        if place % 5:
            return book(databases, place, now=due)
        return databases[place % len(databases)].write(
            [KEY], lambda tx: places.reclaim(tx, CODE, stage.TODAY, due)
        )

    got = rush(CLIENTS, reclaim_or_book)
    assert sum(each for each in got if isinstance(each, int)) <= 1, "given back once"
    tally = outcomes(got)
    assert (tally["BOOKED"], tally["slot_full"]) == (1, 39)
    assert taken(databases) == (1, 0, 0)
    assert not ledger.read(databases[0], CODE).kept_places


def test_places_of_a_slot_about_to_begin_go_on_at_once_and_once(
    databases: list[Database], offering: Any
) -> None:
    """Cancelled a minute before its slot, a place is not kept back: one of the others has it,
    whoever comes after the cancelling.
    """
    offering(online=1)
    soon = stage.at(10 * 60 - 1)
    first = book(databases, 99)

    def cancel_or_book(place: int) -> Ticket:
        if place % 2:
            return book(databases, place, now=soon)
        return databases[place // 2 % len(databases)].write(
            [KEY], lambda tx: cancelling.cancel(tx, first.id, "visitor", 0.9, soon)
        )

    tally = outcomes(rush(CLIENTS, cancel_or_book))
    assert (tally["CANCELLED"], tally["wrong_state"]) == (1, 24)
    assert tally["BOOKED"] <= 1
    assert taken(databases) == (tally["BOOKED"], 0, 0)


def test_fifty_move_to_five_places(databases: list[Database], offering: Any) -> None:
    """Who gets one leaves the old place, which is kept back; who gets none keeps it."""
    offering(online=CLIENTS)
    set_places(databases[0], FAR_SLOT, online=5)
    booked = [book(databases, place) for place in range(CLIENTS)]
    key = [KEY, (CODE, stage.DAYS[1])]
    got = rush(
        CLIENTS,
        lambda place: databases[place % len(databases)].write(
            key, lambda tx: moving.reschedule(tx, booked[place].id, FAR_SLOT, "visitor", 0.5, NOW)
        ),
    )
    assert outcomes(got) == {"BOOKED": 5, "slot_full": CLIENTS - 5}
    assert taken(databases, FAR_SLOT) == (5, 0, 0)
    assert taken(databases) == (CLIENTS, 0, 0)
    assert len(ledger.read(databases[0], CODE).kept_places) == 5


def test_a_limit_lowered_among_bookings_leaves_as_many_as_fit(databases: list[Database]) -> None:
    """Whoever was quicker than the manager is stranded, but for the first four; whoever was slower
    finds the slot full.
    """
    stage.open_office(
        databases[0],
        stage.small_office(CODE, limit=1000, booking={"online_share": 1.0, "urgent_share": 0.0}),
    )
    databases[0].write([], lambda tx: tx.change(tables.stream_slots.update().values(online=1000)))

    def book_or_lower(place: int) -> Any:
        database = databases[place % len(databases)]
        if place == CLIENTS // 2:
            return database.write(
                [KEY], lambda tx: set_people_limit(tx, CODE, 4, "manager", NOW)
            ).people_limit
        if place % 10 == 0:
            return len(database.write([KEY], lambda tx: replan_day(tx, CODE, stage.TODAY, NOW)))
        return book(databases, place)

    got = rush(CLIENTS, book_or_lower)
    databases[-1].write([KEY], lambda tx: replan_day(tx, CODE, stage.TODAY, NOW))
    found = ledger.read(databases[0], CODE)
    found.all_is_right()
    answered = [each.id for each in got if isinstance(each, Ticket)]
    states = Tally(row.state for row in found.tickets)
    assert sorted(row.id for row in found.tickets) == sorted(answered), (
        "who got an answer has a ticket"
    )
    assert states["BOOKED"] == 4
    assert states["STRANDED"] == len(answered) - 4
    assert sum(found.places()[SLOT, None].taken.values()) == 4
    assert sum(found.places()[SLOT, None].offered.values()) == 4
