"""Fifty at once at the door of a room for five, on both databases: never one too many, never a
place left empty.
"""

from __future__ import annotations

from collections import Counter as Tally
from typing import Any

import pytest

from queue_server.domain.visit.ticket import Ticket
from queue_server.services.door import admission, arrival
from queue_server.services.office.offices import set_people_limit
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from tests.services import ledger, stage
from tests.services.rush import rush

CODE = "o1"
KEY = (CODE, stage.TODAY)
NOW = stage.at(9 * 60)
ROOM, CLIENTS = 5, 50


@pytest.fixture
def room(databases: list[Database]) -> list[Database]:
    """The databases of an office that holds five persons."""
    stage.open_office(databases[0], stage.small_office(CODE, limit=ROOM))
    return databases


def come(databases: list[Database], place: int) -> Ticket:
    drawn = draw()
    return (
        databases[place % len(databases)]
        .write([KEY], lambda tx: arrival.issue_walk_in(tx, CODE, arrival.WalkIn("REK"), drawn, NOW))
        .ticket
    )


def standing(databases: list[Database]) -> Tally[Any]:
    """How many tickets stand where. Everything stored adds up."""
    found = ledger.read(databases[0], CODE)
    found.all_is_right()
    return Tally(row.place for row in found.tickets)


def test_fifty_come_to_a_room_for_five(room: list[Database]) -> None:
    got = rush(CLIENTS, lambda place: come(room, place))
    assert Tally(each.place.value for each in got) == {"INSIDE": ROOM, "OUTSIDE": CLIENTS - ROOM}
    assert standing(room) == {"INSIDE": ROOM, "OUTSIDE": CLIENTS - ROOM}


def test_for_each_who_leaves_one_comes_in(room: list[Database]) -> None:
    """Three go, each noted by five clerks at once, while others come, are let in by hand and
    counted by a guard.
    """
    first = [come(room, place) for place in range(10)]
    leaving, outside = first[:3], first[9]

    def act(place: int) -> Any:
        database = room[place % len(room)]
        if place < 15:
            return database.write(
                [KEY], lambda tx: admission.leave(tx, CODE, leaving[place % 3].id, "guard", NOW)
            )
        if place < 20:
            return database.write(
                [KEY], lambda tx: admission.admit(tx, CODE, outside.id, "guard", NOW, "ill")
            )
        return come(room, place)

    got = rush(CLIENTS, act)
    assert Tally(each for each in got[:15] if each == "wrong_state") == {"wrong_state": 12}
    assert standing(room) == {"INSIDE": ROOM, "OUTSIDE": 10 - 3 - ROOM + 30, None: 3}


def test_a_stopped_door_lets_nobody_in_and_an_opened_one_five(room: list[Database]) -> None:
    def come_or_stop(place: int) -> Any:
        if place == CLIENTS // 2:
            return (
                room[-1]
                .write(
                    [KEY], lambda tx: admission.set_admitting(tx, CODE, False, "fire", "guard", NOW)
                )
                .admitting
            )
        return come(room, place)

    rush(CLIENTS, come_or_stop)
    before = standing(room)["INSIDE"]
    assert before <= ROOM
    stopped = ledger.read(room[0], CODE)
    at = next(event.seq for event in stopped.events if event.type == "admissions_stopped")
    inside = {row.id for row in stopped.tickets if row.place == "INSIDE"}
    assert all(event.seq < at for event in stopped.events if event.ticket in inside), (
        "who is inside came in before"
    )
    rush(
        10,
        lambda place: (
            room[place % len(room)]
            .write([KEY], lambda tx: admission.set_admitting(tx, CODE, True, "", "guard", NOW))
            .seq
        ),
    )
    assert standing(room) == {"INSIDE": ROOM, "OUTSIDE": CLIENTS - 1 - ROOM}
    assert (
        Tally(event.type for event in ledger.read(room[0], CODE).events)["admissions_resumed"] == 1
    )


def test_a_limit_raised_and_lowered_in_the_rush_is_never_overstepped(room: list[Database]) -> None:
    """Limits of three to eight, one after another: at each entry the room held no more than the
    limit of that moment.
    """

    def come_or_set(place: int) -> Any:
        if place % 8 == 0:
            return (
                room[place % len(room)]
                .write([KEY], lambda tx: set_people_limit(tx, CODE, 3 + place // 8, "manager", NOW))
                .people_limit
            )
        return come(room, place)

    rush(CLIENTS, come_or_set)
    found = ledger.read(room[0], CODE)
    found.all_is_right()
    limit, inside = ROOM, 0
    for event in found.events:
        if event.date != stage.TODAY:
            continue
        if event.type == "limit_changed":
            limit = event.facts["changed"]["limit"][1]
        entered = event.type == "admitted" or (
            event.type == "walked_in" and event.facts["place"] == "INSIDE"
        )
        if entered:
            inside += 1
            assert inside <= limit, f"event {event.seq}"
    assert inside == sum(row.place == "INSIDE" for row in found.tickets)
