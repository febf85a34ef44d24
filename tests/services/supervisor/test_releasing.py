"""A counter whose clerk is gone is closed from afar, on both databases: its visitor loses nothing,
the clerk sees why, and nothing happens twice.
"""

from __future__ import annotations

import pytest

from queue_server.domain.audit.acts import SoughtActs
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.counter import calling, serving, undoing
from queue_server.services.counter.overrides import page_acts
from queue_server.services.screens.queue import view_queue
from queue_server.services.supervisor import supervision
from queue_server.services.supervisor.releasing import release_counter
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import CLERKS, FrontDesk, front_desk, refused
from tests.services.supervisor.watching import BOSS, events_of, seen

WHY = "Ani dipanggil ke rumah sakit"


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, calling={"resume_keeps_turn": False})


def release(desk: FrontDesk, name: str = "1", clerk: str | None = None, why: str = WHY) -> None:
    desk.do(release_counter, desk.at(name), clerk or CLERKS[name], why, BOSS)


def find(desk: FrontDesk, ticket: Ticket) -> Ticket:
    with desk.database.read() as connection:
        return ticket_store.find(connection, ticket.id, desk.code)


def call_next(desk: FrontDesk, name: str) -> Ticket | None:
    return desk.do(calling.call_next, desk.at(name), CLERKS[name])


@pytest.mark.parametrize("served", [False, True], ids=["called", "served"])
def test_whoever_was_there_is_next_again_with_the_turn_kept(desk: FrontDesk, served: bool) -> None:
    desk.open("1")
    first = desk.come()
    desk.pass_by(5)
    second = desk.come()
    called = call_next(desk, "1")
    assert called is not None and called.id == first.id
    if served:
        desk.do(serving.start, first.id, CLERKS["1"])
    desk.pass_by(20)
    release(desk)
    back = find(desk, first)
    assert (back.state, back.turn_time, back.counter, back.clerk) == (
        State.WAITING,
        first.turn_time,
        None,
        None,
    )
    assert (back.number, back.persons_inside) == (first.number, called.persons_inside)
    desk.open("3")
    again = call_next(desk, "3")
    assert again is not None and again.id == first.id, "before the one who came later"
    assert find(desk, second).state is State.WAITING
    assert [explained.in_order for explained in desk.explained()] == [True, True]


def test_the_counter_is_closed_says_why_and_the_log_names_who_did_it(desk: FrontDesk) -> None:
    desk.open("1")
    ticket = desk.come()
    call_next(desk, "1")
    release(desk)
    counter = next(each for each in seen(desk).counters if each.id == desk.at("1"))
    assert (counter.state, counter.clerk, counter.because) == ("closed", None, WHY)
    with desk.database.read() as connection:
        shown = view_queue(connection, desk.office, stage.at(desk.minute), "test")
    assert next(each for each in shown.counters if each.id == desk.at("1")).because == WHY
    told = events_of(desk, "parked", "resumed", "counter_closed", "counter_released")
    assert [type for type, _facts in told] == [
        "parked",
        "resumed",
        "counter_closed",
        "counter_released",
    ]
    assert {facts["by"] for _type, facts in told} == {BOSS}
    assert told[-1][1] | {"counter": ""} == {
        "counter": "",
        "clerk": CLERKS["1"],
        "by": BOSS,
        "reason": WHY,
        "number": ticket.number,
    }
    with desk.database.read() as connection:
        today = SoughtActs(stage.TODAY, stage.TODAY)
        acts, _next = page_acts(connection, desk.office, today, None)
    assert [(each.type.value, each.by, each.because) for each in acts] == [
        ("counter_released", BOSS, WHY)
    ]


def test_what_the_clerk_presses_next_is_refused_and_the_counter_can_be_opened_again(
    desk: FrontDesk,
) -> None:
    desk.open("1")
    ticket = desk.come()
    call_next(desk, "1")
    release(desk)
    refused("wrong_state", lambda: desk.do(serving.start, ticket.id, CLERKS["1"]))
    refused("nothing_to_undo", lambda: desk.do(undoing.undo, ticket.id, CLERKS["1"]))
    back = call_next(desk, "1")
    assert back is not None and back.id == ticket.id


def test_a_second_press_changes_nothing(desk: FrontDesk) -> None:
    desk.open("1")
    desk.come()
    call_next(desk, "1")
    release(desk)
    before = stage.event_log(desk.database, desk.code, stage.TODAY)
    release(desk)
    assert stage.event_log(desk.database, desk.code, stage.TODAY) == before


def test_a_clerk_who_has_come_instead_is_not_sent_away(desk: FrontDesk) -> None:
    desk.open("1")
    desk.close("1")
    desk.do(
        lambda tx, office, now: calling.call_next(tx, office, desk.at("1"), CLERKS["2"], now=now)
    )
    before = stage.event_log(desk.database, desk.code, stage.TODAY)
    refused("counter_taken", lambda: release(desk))
    refused("bad_input", lambda: release(desk, clerk=CLERKS["2"], why="  "))
    assert stage.event_log(desk.database, desk.code, stage.TODAY) == before


def test_a_counter_on_a_break_and_one_without_a_visitor_are_closed_too(desk: FrontDesk) -> None:
    desk.open("1")
    desk.rest("1")
    desk.open("2")
    for name in "12":
        release(desk, name)
    assert {each.state for each in seen(desk).counters} == {"closed"}
    assert seen(desk).counters_open == 0


def test_while_people_are_sent_out_a_visitor_stays_at_the_counter(desk: FrontDesk) -> None:
    desk.open("1")
    ticket = desk.come()
    call_next(desk, "1")
    desk.do(supervision.pause, Pause.EVACUATION, "", BOSS)
    refused("paused", lambda: release(desk))
    assert find(desk, ticket).state is State.CALLED
    desk.do(supervision.resume, "", BOSS)
    release(desk)
    assert find(desk, ticket).state is State.WAITING
