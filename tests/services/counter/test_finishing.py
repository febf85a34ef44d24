"""Finish and call next with one press, on both databases: the finish holds whether or not anybody
can be called.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from queue_server.domain.counter.finish_next import NotCalled
from queue_server.domain.errors import WrongState
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.counter import finishing, serving, undoing
from queue_server.services.counter.finishing import FinishedNext
from queue_server.services.door import admission
from queue_server.services.supervisor import supervision
from queue_server.store import tables
from queue_server.store.counter import counters as counter_store
from queue_server.store.counter.counters import CounterDay
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import days
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import CLERKS, FrontDesk, front_desk, refused


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, limit=2)


def finish_next(desk: FrontDesk, name: str = "1", ticket: str | None = None) -> FinishedNext:
    return desk.do(finishing.finish_next, desk.at(name), CLERKS[name], ticket=ticket)


def state_of(desk: FrontDesk, ticket: Ticket) -> State:
    with desk.database.read() as connection:
        return ticket_store.find(connection, ticket.id, desk.code).state


def steps_of(desk: FrontDesk) -> list[tuple[str, str | None]]:
    """The day's events of tickets, in order."""
    rows = stage.rows_of(desk.database, tables.events, desk.code)
    return [(row.type, row.ticket) for row in sorted(rows, key=lambda row: row.seq) if row.ticket]


def inside(desk: FrontDesk) -> int:
    with desk.database.read() as connection:
        return days.find(connection, desk.code, stage.TODAY).persons_inside


def test_one_press_is_two_steps_in_their_order(desk: FrontDesk) -> None:
    first, second = desk.come(), desk.come()
    desk.serve("1")
    done = finish_next(desk, ticket=first.id)
    assert (done.finished.id, done.finished.state) == (first.id, State.SERVED)
    assert done.called is not None and done.because is None
    assert (done.called.id, done.called.state, done.called.counter) == (
        second.id,
        State.CALLED,
        desk.at("1"),
    )
    assert steps_of(desk)[-2:] == [("finished", first.id), ("called", second.id)]
    assert [each.in_order for each in desk.explained()] == [True, True]


def test_whoever_leaves_makes_room_for_the_next_outside(desk: FrontDesk) -> None:
    desk.come(party_size=2)
    outside = desk.come()
    desk.serve("1")
    done = finish_next(desk)
    assert done.called is not None and done.called.id == outside.id
    assert inside(desk) == 1


def test_each_is_taken_back_by_itself_the_call_first(desk: FrontDesk) -> None:
    first, second = desk.come(), desk.come()
    desk.serve("1")
    finish_next(desk)
    facts = refused("nothing_to_undo", lambda: desk.do(undoing.undo, first.id, "ani"))
    assert facts["reason"] == "counter_busy"
    desk.do(undoing.undo, second.id, "ani")
    desk.do(undoing.undo, first.id, "ani")
    assert (state_of(desk, first), state_of(desk, second)) == (State.SERVING, State.WAITING)


def test_two_presses_at_once_finish_one_and_call_one(desk: FrontDesk) -> None:
    first, second = desk.come(), desk.come()
    third = desk.come()
    desk.serve("1")

    def press(_: int) -> str:
        try:
            called = finish_next(desk, ticket=first.id).called
        except WrongState as error:
            return str(error.facts["state"])
        return "nobody" if called is None else called.id

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(press, range(2))) == sorted([second.id, "SERVED"])
    assert state_of(desk, third) is State.WAITING


class TestNobodyIsCalled:
    def test_because_nobody_waits(self, desk: FrontDesk) -> None:
        first = desk.come()
        desk.come("CTK")
        desk.serve("1")
        assert finish_next(desk).because is NotCalled.NOBODY
        assert state_of(desk, first) is State.SERVED

    def test_because_the_door_is_stopped(self, desk: FrontDesk) -> None:
        first = desk.come(party_size=2)
        desk.come()
        desk.serve("1")
        desk.do(admission.set_admitting, False, "crowd", "guard")
        assert finish_next(desk).because is NotCalled.DOOR_STOPPED
        assert state_of(desk, first) is State.SERVED

    def test_because_the_next_party_does_not_fit(self, desk: FrontDesk) -> None:
        first = desk.come()
        desk.come("CTK")
        desk.come(party_size=2)
        desk.serve("1")
        assert finish_next(desk).because is NotCalled.ROOM
        assert state_of(desk, first) is State.SERVED

    def test_because_everything_stands_still(self, desk: FrontDesk) -> None:
        first = desk.come()
        second = desk.come()
        desk.serve("1")
        desk.do(supervision.pause, Pause.PAUSE, "power cut", "dewi")
        assert finish_next(desk).because is NotCalled.PAUSED
        assert (state_of(desk, first), state_of(desk, second)) == (State.SERVED, State.WAITING)

    def test_because_the_counter_is_on_a_break(self, desk: FrontDesk) -> None:
        first, second = desk.come(), desk.come()
        desk.serve("1")
        rested = CounterDay("ani", stage.at(9 * 60), stage.at(desk.minute), "meal")
        desk.database.write(
            [(desk.code, stage.TODAY)],
            lambda tx: counter_store.put(tx, desk.code, stage.TODAY, desk.at("1"), rested),
        )
        assert finish_next(desk).because is NotCalled.ON_BREAK, "a finish ends no break"
        assert (state_of(desk, first), state_of(desk, second)) == (State.SERVED, State.WAITING)


class TestRefused:
    def unchanged(self, desk: FrontDesk, code: str, **press: Any) -> dict[str, object]:
        before = steps_of(desk)
        facts = refused(code, lambda: finish_next(desk, **press))
        assert steps_of(desk) == before
        return facts

    def test_without_a_visitor(self, desk: FrontDesk) -> None:
        desk.come()
        desk.open("1")
        assert self.unchanged(desk, "wrong_state")["state"] is None

    def test_for_one_who_has_not_come_to_the_counter_yet(self, desk: FrontDesk) -> None:
        desk.come()
        desk.serve("1")
        desk.come()
        called = finish_next(desk).called
        assert called is not None
        facts = self.unchanged(desk, "wrong_state")
        assert facts["state"] == "CALLED", "a second press finishes nobody"

    def test_on_an_old_picture(self, desk: FrontDesk) -> None:
        first = desk.come()
        desk.come()
        desk.serve("1")
        second = finish_next(desk).called
        assert second is not None
        desk.do(serving.start, second.id, "ani")
        facts = self.unchanged(desk, "wrong_state", ticket=first.id)
        assert facts["state"] == "SERVED"
        assert state_of(desk, second) is State.SERVING

    def test_at_the_counter_of_a_colleague(self, desk: FrontDesk) -> None:
        desk.come()
        desk.serve("3")
        before = steps_of(desk)
        refused("not_your_ticket", lambda: desk.do(finishing.finish_next, desk.at("3"), "ani"))
        refused("not_your_ticket", lambda: finish_next(desk, "1", _at(desk, "3")))
        assert steps_of(desk) == before

    def test_of_an_unknown_counter(self, desk: FrontDesk) -> None:
        refused("unknown_counter", lambda: desk.do(finishing.finish_next, "nowhere", "ani"))


def _at(desk: FrontDesk, name: str) -> str:
    """The ticket that a counter serves."""
    return next(
        row.id
        for row in stage.rows_of(desk.database, tables.tickets, desk.code)
        if row.counter == desk.at(name) and row.state == "SERVING"
    )
