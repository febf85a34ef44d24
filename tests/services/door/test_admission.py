"""Who comes in from outside: order, parties too large, closing time, the stopped door. On both
databases.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from queue_server.domain.errors import AdmissionsStopped, BadInput, RoomFull, WrongState
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import CallPolicy
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.counter import calling, serving, undoing
from queue_server.services.door import admission, arrival, closing
from queue_server.services.office import offices
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import days as day_store
from queue_server.store.writer.database import Database
from tests.services import stage

NOON = 12 * 60
BY = "guard"


class Room:
    """One office with a room for six, and short ways to do things in it at a minute of the day."""

    def __init__(self, database: Database, office: Office) -> None:
        self.database, self.office, self.code = database, office, office.code
        self.day = (office.code, stage.TODAY)

    def do(self, command: Callable[..., Any], *values: Any, at: float = NOON, **more: Any) -> Any:
        return self.database.write(
            [self.day], lambda tx: command(tx, *values, now=stage.at(at), **more)
        )

    def come(
        self, party: int = 1, *, at: float = NOON, service: str = "REK", priority: bool = False
    ) -> str:
        wanted = arrival.WalkIn(service, party_size=party, priority=priority)
        arrived = self.database.write(
            [self.day],
            lambda tx: arrival.issue_walk_in(tx, self.code, wanted, draw(), stage.at(at)),
        )
        return str(arrived.ticket.id)

    def read(self, id: str) -> Ticket:
        with self.database.read() as connection:
            return ticket_store.find(connection, id)

    def places(self, *ids: str) -> list[str]:
        """OUTSIDE or INSIDE, or the state of who is neither."""
        found = [self.read(each) for each in ids]
        return [each.place.value if each.place else each.state.value for each in found]

    def inside(self) -> int:
        with self.database.read() as connection:
            return day_store.find(connection, *self.day).occupancy(None).inside

    def limit(self, limit: int | None, *, at: float = NOON) -> None:
        self.do(offices.set_people_limit, self.code, limit, BY, at=at)

    def leave(self, id: str, *, at: float = NOON) -> None:
        self.do(admission.leave, self.code, id, BY, at=at)

    def call_next(self, name: str = "3", *, at: float = NOON) -> Ticket | None:
        called: Ticket | None = self.do(
            calling.call_next, self.code, f"{self.code}-{name}", name, at=at
        )
        return called

    def finish(self, id: str, name: str = "3", *, at: float = NOON) -> None:
        if self.read(id).state is State.CALLED:
            self.do(serving.start, self.code, id, name, at=at)
        self.do(serving.finish, self.code, id, name, at=at)

    def stop(self, *, at: float = NOON) -> None:
        self.do(admission.set_admitting, self.code, False, "smoke", BY, at=at)

    def resume(self, *, at: float = NOON) -> None:
        self.do(admission.set_admitting, self.code, True, "clear", BY, at=at)

    def types(self) -> list[str]:
        return [
            type for _seq, type, _ticket in stage.event_log(self.database, self.code, stage.TODAY)
        ]


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database, stage.open_office(database, stage.small_office(stage.new_code())))


def test_whoever_waits_outside_comes_in_by_turn_and_not_by_size(room: Room) -> None:
    first = [room.come(3), room.come(2)]
    family, single = room.come(3, at=NOON + 1), room.come(1, at=NOON + 2)
    assert room.places(*first, family, single) == ["INSIDE", "INSIDE", "OUTSIDE", "OUTSIDE"], (
        "the single waits behind the family"
    )
    room.leave(first[1], at=NOON + 3)
    assert room.places(family, single) == ["INSIDE", "OUTSIDE"]
    room.leave(first[0], at=NOON + 4)
    assert room.places(family, single) == ["INSIDE", "INSIDE"]


def test_nobody_is_sent_out_when_the_limit_falls_and_nobody_comes_in_before_there_is_room(
    room: Room,
) -> None:
    inside = [room.come(2) for _ in range(3)]
    waiting = room.come(1)
    room.limit(4)
    assert room.inside() == 6 and room.places(*inside) == ["INSIDE"] * 3
    with pytest.raises(RoomFull):
        room.do(admission.admit, room.code, waiting, BY)
    room.leave(inside[0])
    assert room.inside() == 4 and room.places(waiting) == ["OUTSIDE"]
    room.leave(inside[1])
    assert room.inside() == 3 and room.places(waiting) == ["INSIDE"]


def test_a_party_larger_than_the_limit_keeps_the_door_for_nobody(room: Room) -> None:
    inside = [room.come(3), room.come(3)]
    family, single = room.come(3), room.come(1, at=NOON + 1)
    room.limit(2, at=NOON + 2)
    for each in inside:
        room.leave(each, at=NOON + 3)
    assert room.places(family, single) == ["OUTSIDE", "INSIDE"]
    newcomer = room.come(1, at=NOON + 4)
    assert room.places(newcomer) == ["INSIDE"], "a newcomer need not wait for who can never come in"
    with pytest.raises(RoomFull):
        room.do(admission.admit, room.code, family, BY)
    called = room.call_next(at=NOON + 30)
    assert called is not None and called.id == single, (
        "the counter passes the family over, for however long it has waited"
    )
    room.limit(6, at=NOON + 31)
    assert room.places(family) == ["INSIDE"]


def test_an_idle_counter_calls_past_a_family_but_not_for_ever(room: Room) -> None:
    room.limit(3)
    held = room.come(2)
    family = room.come(3)
    single = room.come(1, at=NOON + 1)
    assert room.call_next("1") is not None and room.read(held).state is State.CALLED
    assert room.places(family, single) == ["OUTSIDE", "OUTSIDE"]
    later = room.call_next("3", at=NOON + 20)
    assert later is None, "20 minutes after its turn the family keeps the door"
    earlier = room.call_next("3", at=NOON + 19)
    assert earlier is not None and earlier.id == single
    room.finish(held, "1", at=NOON + 21)
    assert room.places(family) == ["OUTSIDE"]
    room.finish(single, at=NOON + 22)
    assert room.places(family) == ["INSIDE"]


@pytest.mark.parametrize("policy", CallPolicy)
def test_a_favoured_family_is_passed_over_as_long_as_any_other(
    database: Database, policy: CallPolicy
) -> None:
    room = Room(
        database,
        stage.open_office(
            database, stage.small_office(stage.new_code(), limit=3, calling={"policy": policy})
        ),
    )
    held, family, single = room.come(2), room.come(3, priority=True), room.come(1, at=NOON + 1)
    assert room.call_next("1") is not None and room.read(held).state is State.CALLED
    assert room.call_next("3", at=NOON + 20) is None
    earlier = room.call_next("3", at=NOON + 19)
    assert earlier is not None and earlier.id == single
    assert room.places(family) == ["OUTSIDE"]


def test_who_stood_in_the_line_is_passed_over_only_from_its_head_on(room: Room) -> None:
    room.limit(4)
    held, first, second = room.come(2), room.come(3), room.come(3, at=NOON + 1)
    singles = [room.come(1, at=NOON + 2), room.come(1, at=NOON + 3)]
    room.leave(held, at=NOON + 30)
    assert room.places(first, second, *singles) == ["INSIDE", "OUTSIDE", "OUTSIDE", "OUTSIDE"]
    assert (called := room.call_next("1", at=NOON + 31)) is not None and called.id == first
    assert room.call_next("3", at=NOON + 50) is None, "first at the door since 12:30"
    assert (passed := room.call_next("3", at=NOON + 49)) is not None and passed.id == singles[0]


def test_favoured_newcomers_do_not_put_a_familys_time_off(database: Database) -> None:
    office = stage.small_office(stage.new_code(), limit=4, calling={"policy": CallPolicy.STRICT})
    room = Room(database, stage.open_office(database, office))
    held, family = room.come(2, service="CTK"), room.come(3, at=NOON + 1)
    favoured, single = room.come(1, at=NOON + 10, priority=True), room.come(1, at=NOON + 11)
    room.do(admission.admit, room.code, favoured, BY, at=NOON + 12)
    assert room.places(held, family, favoured, single) == ["INSIDE", "OUTSIDE", "INSIDE", "OUTSIDE"]
    for name in "12":
        room.call_next(name, at=NOON + 13)
    assert room.call_next("3", at=NOON + 21) is None
    assert (passed := room.call_next("3", at=NOON + 20)) is not None and passed.id == single


def test_past_others_somebody_is_let_in_only_with_a_reason_which_the_log_keeps(room: Room) -> None:
    for _ in range(2):
        room.come(2)
    family, single = room.come(3, at=NOON + 1), room.come(1, at=NOON + 2)
    for nothing in ("", "  "):
        with pytest.raises(BadInput) as refused:
            room.do(admission.admit, room.code, single, BY, reason=nothing)
        assert refused.value.facts == {"field": "reason", "reason": "missing"}
    assert room.places(family, single) == ["OUTSIDE", "OUTSIDE"]
    before = room.types()
    room.do(admission.admit, room.code, single, BY, reason=" ill ")
    assert room.places(family, single) == ["OUTSIDE", "INSIDE"] and room.types()[len(before) :] == [
        "admitted",
        "let_past",
    ]
    [told] = [
        row.facts
        for row in stage.rows_of(room.database, tables.events, room.code)
        if row.type == "let_past"
    ]
    assert told == {
        "number": room.read(single).number,
        "by": BY,
        "reason": "ill",
        "due_number": room.read(family).number,
    }


def test_the_next_one_is_let_in_by_hand_without_a_reason(room: Room) -> None:
    late = stage.CLOSES + 1
    room.stop()
    first, second = room.come(1, at=NOON), room.come(1, at=NOON + 1)
    room.resume(at=late)
    assert room.places(first, second) == ["OUTSIDE", "OUTSIDE"], (
        "after the last opening nobody comes in by itself"
    )
    room.do(admission.admit, room.code, first, BY, at=late)
    room.do(admission.admit, room.code, second, BY, at=late)
    assert room.places(first, second) == ["INSIDE", "INSIDE"] and "let_past" not in room.types()


def test_called_means_admitted_if_the_party_fits(room: Room) -> None:
    for _ in range(2):
        room.come(3)
    family, single = room.come(2), room.come(1)
    room.limit(7)
    assert room.places(family, single) == ["OUTSIDE", "OUTSIDE"]
    with pytest.raises(RoomFull):
        room.do(calling.call, room.code, family, f"{room.code}-3", "3")
    room.do(calling.call, room.code, single, f"{room.code}-3", "3")
    called = room.read(single)
    assert (called.state, called.place, called.admitted_at) == (
        State.CALLED,
        Place.INSIDE,
        stage.at(NOON),
    ) and room.inside() == 7


def test_who_leaves_unserved_makes_room_only_if_inside(room: Room) -> None:
    first, second = room.come(3), room.come(3)
    third, fourth = room.come(2), room.come(1)
    room.leave(third)
    assert room.inside() == 6 and room.places(third, fourth) == ["LEFT", "OUTSIDE"]
    room.leave(first)
    assert room.inside() == 4 and room.places(fourth) == ["INSIDE"]
    with pytest.raises(WrongState):
        room.leave(first)
    assert room.call_next() is not None
    room.do(serving.park, room.code, second, "3")
    room.leave(second)
    assert room.places(second) == ["LEFT"] and room.inside() == 1


def test_after_the_last_opening_nobody_comes_in_without_a_hand(room: Room) -> None:
    inside = [room.come(3, at=stage.CLOSES - 2) for _ in range(2)]
    outside = [room.come(1, at=stage.CLOSES - 1) for _ in range(3)]
    room.leave(inside[0], at=stage.CLOSES)
    room.limit(5, at=stage.CLOSES + 1)
    room.do(admission.correct_occupancy, room.code, 1, "count", BY, at=stage.CLOSES + 1)
    assert room.places(*outside) == ["OUTSIDE"] * 3 and room.inside() == 4
    room.do(admission.admit, room.code, outside[0], BY, at=stage.CLOSES + 2)
    assert room.places(*outside) == ["INSIDE", "OUTSIDE", "OUTSIDE"]
    room.do(admission.correct_occupancy, room.code, -1, "count", BY, at=stage.CLOSES + 2)
    for expected in (inside[1], outside[0], outside[1]):
        called = room.call_next(at=stage.CLOSES + 3)
        assert called is not None and called.id == expected
        room.finish(expected, at=stage.CLOSES + 4)


def test_a_stopped_door_lets_nobody_in_and_serves_who_is_inside(room: Room) -> None:
    inside = room.come(1)
    room.stop()
    room.stop()
    outside = room.come(1)
    assert room.places(inside, outside) == ["INSIDE", "OUTSIDE"]
    with pytest.raises(AdmissionsStopped):
        room.do(admission.admit, room.code, outside, BY)
    with pytest.raises(AdmissionsStopped):
        room.do(calling.call, room.code, outside, f"{room.code}-3", "3")
    called = room.call_next()
    assert called is not None and called.id == inside
    room.finish(inside)
    assert room.call_next() is None and room.places(outside) == ["OUTSIDE"]
    room.do(undoing.undo, room.code, inside, "3")
    assert room.places(inside) == ["INSIDE"], "who was inside just now may be taken back"
    room.resume()
    room.resume()
    assert room.places(outside) == ["INSIDE"]
    assert [each for each in room.types() if each.startswith("admissions")] == [
        "admissions_stopped",
        "admissions_resumed",
    ]


def test_an_office_without_a_limit_can_be_stopped_too(database: Database) -> None:
    room = Room(
        database, stage.open_office(database, stage.small_office(stage.new_code(), limit=None))
    )
    room.stop()
    waiting = [room.come(3) for _ in range(admission.ADMITTED_AT_ONCE + 5)]
    room.resume()
    assert room.places(*waiting).count("INSIDE") == admission.ADMITTED_AT_ONCE
    assert closing.settle_doors(database, stage.at(NOON)) == 1
    assert room.places(*waiting).count("OUTSIDE") == 0
    assert closing.settle_doors(database, stage.at(NOON)) == 0
    database.close()


def in_room(database: Database, office: Office) -> tuple[Room, dict[str, str]]:
    """Somebody in each state that a visitor can be in at the end of a day, at two counters and a
    stopped door.
    """
    room = Room(database, office)
    ids = {name: room.come(1) for name in ("serving", "parked", "called", "inside")}
    room.do(calling.call, room.code, ids["parked"], f"{room.code}-1", "1")
    room.do(serving.park, room.code, ids["parked"], "1")
    room.do(calling.call, room.code, ids["serving"], f"{room.code}-1", "1")
    room.do(serving.start, room.code, ids["serving"], "1")
    room.do(calling.call, room.code, ids["called"], f"{room.code}-3", "3")
    room.stop()
    ids["outside"] = room.come(2)
    return room, ids


def test_the_day_is_closed_once_however_often_and_wherever_it_is_stopped(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    _room, ids = in_room(room.database, room.office)
    midnight, before = stage.at(24 * 60), stage.at(24 * 60 - 1)
    assert closing.close_days(room.database, before) == 0, "the day is not over"
    monkeypatch.setattr(closing, "TICKETS_AT_ONCE", 2)
    assert room.database.write(
        [room.day], partial(closing.close_some, office=room.code, day=stage.TODAY, now=midnight)
    ), "killed here"
    assert closing.close_days(room.database, midnight) == 3, (
        "two more steps for tickets, one for counters and door"
    )
    states = {name: room.read(id).state.value for name, id in ids.items()}
    assert states == {
        "serving": "SERVED",
        "parked": "LEFT",
        "called": "NO_SHOW",
        "inside": "LEFT",
        "outside": "LEFT",
    }
    with room.database.read() as connection:
        day = day_store.find(connection, *room.day)
    assert (
        day.persons_inside,
        day.parties_outside,
        day.waiting,
        day.open_counters,
        day.admitting,
    ) == (0, 0, 0, (), True)
    log = room.types()
    assert (
        log[-3:] == ["counter_closed", "counter_closed", "admissions_resumed"]
        and log.count("left") == 3
    )
    assert closing.close_days(room.database, midnight) == 0 and room.types() == log, (
        "again changes nothing"
    )
    assert room.inside() == 0


def test_places_of_who_left_at_the_end_are_given_back(room: Room) -> None:
    in_room(room.database, room.office)
    closing.close_days(room.database, stage.at(25 * 60))

    def count(tx: Any) -> tuple[int, int]:
        plan = tx.plan(room.code, stage.TODAY)
        taken = sum(sum(each.people.taken) for each in plan.slots)
        claims = sum(
            each.party_size for each in ticket_store.list_claiming(tx, room.code, stage.TODAY)
        )
        return taken, claims

    taken, claims = room.database.write([room.day], count)
    assert taken == claims == 2, "who was served and who was called keep theirs"


def test_a_new_day_begins_with_an_open_door(room: Room) -> None:
    room.stop()
    tomorrow = stage.DAYS[1]
    moment: datetime = stage.at(24 * 60 + NOON)
    arrived = room.database.write(
        [(room.code, tomorrow)],
        lambda tx: arrival.issue_walk_in(tx, room.code, arrival.WalkIn("REK"), draw(), moment),
    )
    assert arrived.ticket.place is Place.INSIDE
