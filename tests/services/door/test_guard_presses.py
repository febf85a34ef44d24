"""Random days with guards who press minus for everybody who goes, on both databases: the room never
fills above its limit by it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from queue_server.domain.errors import DomainError
from queue_server.domain.visit.over_limit import over_seconds
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.counter import calling, serving, undoing
from queue_server.services.door import admission, sensors
from queue_server.services.office import offices
from queue_server.services.screens import queue as board
from queue_server.services.screens.day import read_day
from queue_server.services.screens.door import view_guard_door
from queue_server.store import tables
from queue_server.store.writer import days
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import CLERKS, FrontDesk, front_desk

LIMIT = 6
STEPS = 90


class GuardedDay:
    """One random day at an office whose guards press minus whenever somebody passes them on the way
    out, and sometimes out of habit.
    """

    def __init__(self, database: Database, seed: int) -> None:
        self.desk = front_desk(database, limit=LIMIT)
        self.chance = random.Random(seed)
        self.strangers = 0

    def play(self, look: Callable[[GuardedDay], None]) -> None:
        acts = [
            self.come,
            self.come,
            self.come,
            self.call,
            self.call,
            self.finish,
            self.walk_out,
            self.stranger,
            self.habit,
            self.by_eye,
        ]
        for _ in range(STEPS):
            self.desk.pass_by(self.chance.choice([0, 1, 2]))
            self.chance.choice(acts)()
            look(self)

    def tickets(self, *states: str) -> list[Any]:
        rows = stage.rows_of(self.desk.database, tables.tickets, self.desk.code)
        return sorted((row for row in rows if row.state in states), key=lambda row: str(row.number))

    def try_to(self, command: Callable[..., Any], *values: Any, **more: Any) -> bool:
        """What a person presses; a refusal changes nothing and the day goes on."""
        try:
            self.desk.do(command, *values, **more)
        except DomainError:
            return False
        return True

    def minus(self, presses: int) -> None:
        for _ in range(presses):
            self.try_to(admission.correct_occupancy, -1, "out without ticket", by="guard")

    def come(self) -> None:
        self.desk.come(party_size=self.chance.choice([1, 1, 2, 3]))

    def call(self) -> None:
        self.try_to(calling.call_next, self.desk.at("3"), CLERKS["3"])

    def finish(self) -> None:
        """Served, gone home past the guard, who presses once for each of the party."""
        for row in self.tickets("CALLED", "SERVING"):
            if row.state == "CALLED":
                self.try_to(serving.start, row.id, row.clerk)
            if self.try_to(serving.finish, row.id, row.clerk):
                self.minus(row.party_size)

    def walk_out(self) -> None:
        """Somebody who waits goes home. This guard asks for the number; the other one then presses
        as well.
        """
        here = self.tickets("WAITING", "PARKED")
        if here:
            row = self.chance.choice(here)
            self.try_to(admission.leave, row.id, by="guard")
            self.minus(row.party_size)

    def stranger(self) -> None:
        """A courier comes, or goes again."""
        if self.strangers and self.chance.random() < 0.5:
            self.strangers -= 1
            self.minus(1)
        else:
            self.strangers += 1
            self.try_to(admission.correct_occupancy, 1, "in without ticket", by="guard")

    def habit(self) -> None:
        self.minus(self.chance.randint(1, 4))

    def by_eye(self) -> None:
        self.try_to(sensors.recount, self.chance.randint(0, LIMIT + 3), "looked", by="guard")

    def seen(self) -> tuple[int, int]:
        """Persons inside by their tickets, counted one by one, and by the day's own count."""
        rows = list(stage.rows_of(self.desk.database, tables.tickets, self.desk.code))
        with self.desk.database.read() as connection:
            day = days.find(connection, self.desk.code, stage.TODAY)
        return sum(row.party_size for row in rows if row.place == "INSIDE"), day.occupancy(
            LIMIT
        ).inside


@pytest.mark.parametrize("seed", range(4))
def test_never_more_ticketed_people_than_the_limit_however_often_minus_is_pressed(
    shared_database: Database, seed: int
) -> None:
    day = GuardedDay(shared_database, seed)
    most = 0

    def look(day: GuardedDay) -> None:
        nonlocal most
        ticketed, counted = day.seen()
        assert ticketed <= LIMIT, f"{ticketed} people with tickets inside, by a guard's minus"
        assert counted >= ticketed, "the count never says less than the tickets"
        most = max(most, ticketed)

    day.play(look)
    assert most >= LIMIT - 1, "the room was full, or the day proves nothing"


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, limit=3)


def inside(desk: FrontDesk) -> int:
    with desk.database.read() as connection:
        return read_day(connection, desk.office, stage.at(desk.minute)).occupancy(3).inside


def place_of(desk: FrontDesk, ticket: Ticket) -> str | None:
    return next(
        row.place
        for row in stage.rows_of(desk.database, tables.tickets, desk.code)
        if row.id == ticket.id
    )


class TestTakingBack:
    """Whoever was finished or marked as gone by mistake stands in the room: undo is always
    possible, and the count says the truth.
    """

    def serve(self, desk: FrontDesk) -> Ticket:
        served, *_ = [desk.come() for _ in range(3)]
        assert desk.serve("3").id == served.id
        return served

    def test_a_finish_is_taken_back_though_the_room_is_full_again(self, desk: FrontDesk) -> None:
        served = self.serve(desk)
        waiting = [desk.come(), desk.come()]
        desk.do(serving.finish, served.id, CLERKS["3"])
        assert (place_of(desk, waiting[0]), place_of(desk, waiting[1]), inside(desk)) == (
            "INSIDE",
            "OUTSIDE",
            3,
        )
        back = desk.do(undoing.undo, served.id, CLERKS["3"])
        assert (back.state, back.place, inside(desk)) == ("SERVING", "INSIDE", 4)
        desk.do(serving.finish, served.id, CLERKS["3"])
        assert (place_of(desk, waiting[1]), inside(desk)) == ("OUTSIDE", 3), (
            "nobody comes in before there is room below the limit"
        )

    def test_taking_back_a_finish_ends_the_break_that_began_after_it(self, desk: FrontDesk) -> None:
        served = self.serve(desk)
        desk.do(serving.finish, served.id, CLERKS["3"])
        desk.rest("3")
        back = desk.do(undoing.undo, served.id, CLERKS["3"])
        with desk.database.read() as connection:
            queue = board.view_queue(connection, desk.office, stage.at(desk.minute), "test")
        assert back.state == "SERVING" and [each.state for each in queue.counters] == [
            "closed",
            "closed",
            "open",
        ]

    def test_one_who_was_marked_as_gone_by_mistake_is_still_inside(self, desk: FrontDesk) -> None:
        here = [desk.come() for _ in range(3)]
        outside = desk.come()
        desk.do(admission.leave, here[0].id, by="guard")
        assert place_of(desk, outside) == "INSIDE"
        back = desk.do(undoing.undo, here[0].id, "guard")
        assert (back.state, back.place, back.number, inside(desk)) == (
            "WAITING",
            "INSIDE",
            here[0].number,
            4,
        )

    def test_the_way_back_of_one_who_did_not_come_still_needs_room(self, desk: FrontDesk) -> None:
        desk.come()
        others = [desk.come() for _ in range(3)]
        called = desk.do(calling.call_next, desk.at("3"), CLERKS["3"]).id
        desk.do(serving.no_show, called, CLERKS["3"])
        assert place_of(desk, others[2]) == "INSIDE"
        with pytest.raises(DomainError) as refused:
            desk.do(undoing.undo, called, CLERKS["3"])
        assert refused.value.code == "nothing_to_undo"


class TestTimeAboveTheLimit:
    """Minutes above the limit are counted from when the count rose above it until it fell back,
    whatever moved it.
    """

    def minutes(self, desk: FrontDesk) -> float:
        with desk.database.read() as connection:
            return view_guard_door(
                connection, desk.office, stage.at(desk.minute), "test"
            ).over_minutes

    def test_stretches_add_up(self, desk: FrontDesk) -> None:
        here = [desk.come() for _ in range(3)]
        desk.pass_by(10)
        assert self.minutes(desk) == 0, "full is not above"
        desk.do(admission.correct_occupancy, 2, "came with them", by="guard")
        desk.pass_by(7)
        assert self.minutes(desk) == 7
        desk.do(admission.leave, here[0].id, by="guard")
        desk.pass_by(5)
        assert self.minutes(desk) == 12, "still one too many"
        desk.do(admission.correct_occupancy, -1, "gone", by="guard")
        desk.pass_by(30)
        assert self.minutes(desk) == 12
        desk.do(admission.correct_occupancy, 1, "back", by="guard")
        desk.pass_by(3)
        assert self.minutes(desk) == 15

    def test_a_lower_limit_counts_too_and_midnight_ends_it(self, desk: FrontDesk) -> None:
        for _ in range(3):
            desk.come()
        desk.do(offices.set_people_limit, 2, by="manager")
        desk.office = desk.database.write([], lambda tx: tx.office(desk.code))
        desk.pass_by(4)
        assert self.minutes(desk) == 4
        with desk.database.read() as connection:
            day = days.find(connection, desk.code, stage.TODAY)
        late: datetime = stage.at(24 * 60 + 500)
        began = desk.minute - 4
        assert over_seconds(day, desk.office, late) == (24 * 60 - began) * 60
