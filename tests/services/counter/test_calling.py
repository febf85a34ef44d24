"""At the counter, on both databases: breaks, sending on, calling again, calling out of turn, and
the policies.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.counter.call_log import PassedOver
from queue_server.domain.counter.reasons import Why
from queue_server.domain.office.rules import CallPolicy
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.counter import calling, serving, undoing
from queue_server.services.office import offices
from queue_server.services.screens import queue as board
from queue_server.services.screens.day import read_day
from queue_server.store import tables
from queue_server.store.writer import days
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import CLERKS, FrontDesk, front_desk, refused


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database)


def facts_of(desk: FrontDesk, type: str) -> list[dict[str, Any]]:
    """The facts of the day's events of one type."""
    return [
        row.facts
        for row in stage.rows_of(desk.database, tables.events, desk.code)
        if row.type == type
    ]


def counters_of(desk: FrontDesk) -> dict[str, tuple[str, str | None]]:
    """Each counter's state and the reason, as the clerks see them."""
    with desk.database.read() as connection:
        queue = board.view_queue(connection, desk.office, stage.at(desk.minute), "test")
    return {each.name: (each.state, each.because) for each in queue.counters}


class TestBreaks:
    def test_a_break_has_a_reason_and_ends_by_opening(self, desk: FrontDesk) -> None:
        desk.open("1")
        desk.pass_by(60)
        desk.rest("1")
        assert counters_of(desk)["1"] == ("break", "makan siang")
        desk.rest("1", "lagi")
        desk.pass_by(30)
        desk.open("1")
        assert counters_of(desk)["1"] == ("open", None)
        desk.close("1", "selesai")
        assert counters_of(desk)["1"] == ("closed", "selesai")
        assert facts_of(desk, "break_started") == [
            {"counter": desk.at("1"), "by": "ani", "reason": "makan siang"}
        ]
        assert [each["after_break"] for each in facts_of(desk, "counter_opened")] == [False, True]
        assert [each["reason"] for each in facts_of(desk, "counter_closed")] == ["selesai"]

    def test_who_is_on_break_counts_as_no_open_counter(self, desk: FrontDesk) -> None:
        desk.open("1")
        desk.rest("1")
        [day] = [
            row
            for row in stage.rows_of(desk.database, tables.office_days, desk.code)
            if row.date == stage.TODAY
        ]
        assert day.open_counters == []
        mine = desk.come()
        assert desk.reasons()[mine.id].why is Why.NO_COUNTER

    def test_calling_ends_the_break(self, desk: FrontDesk) -> None:
        desk.open("1")
        desk.rest("1")
        mine = desk.come()
        assert desk.next("1") == mine.id
        assert counters_of(desk)["1"][0] == "open"

    def test_what_is_refused(self, desk: FrontDesk) -> None:
        refused("counter_closed", lambda: desk.rest("1"))
        desk.come()
        desk.serve("1")
        refused("counter_busy", lambda: desk.rest("1"))
        refused("counter_busy", lambda: desk.close("1"))
        refused("counter_taken", lambda: desk.do(calling.call_next, desk.at("1"), "budi"))
        assert counters_of(desk)["1"][0] == "open"


class TestCallingAgain:
    def test_only_at_its_time(self, desk: FrontDesk) -> None:
        desk.come()
        called = desk.do(calling.call_next, desk.at("1"), "ani")
        assert called is not None
        desk.pass_by(59 / 60)
        facts = refused("too_early", lambda: desk.do(serving.recall, called.id, "ani"))
        assert facts == {"action": "recall", "opens_at": stage.at(9 * 60 + 1).isoformat()}
        desk.pass_by(1 / 60)
        desk.do(serving.recall, called.id, "ani")
        refused("too_early", lambda: desk.do(serving.recall, called.id, "ani"))
        desk.pass_by(1)
        assert desk.do(serving.recall, called.id, "ani").calls == 3
        desk.pass_by(5)
        refused("recalls_used_up", lambda: desk.do(serving.recall, called.id, "ani"))

    def test_the_console_learns_when(self, desk: FrontDesk) -> None:
        desk.come()
        desk.minute += 0.5 / 60
        called = desk.do(calling.call_next, desk.at("1"), "ani")
        assert called is not None

        def shown() -> tuple[str | None, str | None]:
            with desk.database.read() as connection:
                [found] = board.view_queue(
                    connection, desk.office, stage.at(desk.minute), "test"
                ).called
            return found.recall_at, found.missed_from

        assert shown() == ("2026-11-23T09:01:01+07:00", None), (
            "a part of a second is never shown too early"
        )
        for _ in range(2):
            desk.pass_by(1)
            desk.do(serving.recall, called.id, "ani")
        assert shown() == (None, "2026-11-23T09:03:01+07:00")

    def test_an_office_may_set_its_own_times(self, shared_database: Database) -> None:
        desk = front_desk(shared_database, calling={"recall_seconds": (0, 10), "calls_max": 3})
        desk.come()
        called = desk.do(calling.call_next, desk.at("1"), "ani")
        assert called is not None
        desk.pass_by(10 / 60)
        for times in (2, 3):
            assert desk.do(serving.recall, called.id, "ani").calls == times


class TestSendingOn:
    def test_to_a_counter_that_alone_is_offered_the_visitor(self, desk: FrontDesk) -> None:
        first, second = desk.come(), desk.come()
        desk.open("1")
        served = desk.serve("3")
        sent = desk.send_on(served, "3", counter=desk.at("1"))
        assert (served.id, sent.letter, sent.turn_time, sent.number) == (
            first.id,
            "A",
            first.turn_time,
            first.number,
        )
        assert desk.reasons()[first.id].counters == (desk.at("1"),)
        assert desk.next("3") == second.id, "passed over here"
        assert desk.next("3") is None
        assert desk.reasons()[first.id].wanted is None
        assert desk.next("1") == first.id
        assert [each.in_order for each in desk.explained()] == [True] * 3

    def test_the_place_is_kept_before_those_who_came_later(self, desk: FrontDesk) -> None:
        first = desk.come()
        desk.open("1")
        served = desk.serve("3")
        desk.pass_by(10)
        desk.come()
        desk.send_on(served, "3", counter=desk.at("1"))
        assert desk.next("1") == first.id

    def test_to_a_counter_that_does_not_serve_the_stream(self, desk: FrontDesk) -> None:
        mine = desk.come("CTK")
        desk.open("1")
        served = desk.serve("2")
        desk.send_on(served, "2", counter=desk.at("1"))
        assert waiting_of(desk) == {mine.number: (desk.at("1"), (desk.at("1"),))}
        assert desk.next("2") is None
        assert desk.next("1") == mine.id

    def test_to_a_clerk_wherever_they_sit(self, desk: FrontDesk) -> None:
        mine = desk.come()
        desk.open("2")
        served = desk.serve("3")
        desk.send_on(served, "3", to_clerk="budi")
        other = desk.come()
        assert waiting_of(desk) == {
            mine.number: ("budi", (desk.at("2"),)),
            other.number: (None, None),
        }
        assert desk.next("3") == other.id
        assert desk.next("3") is None
        assert desk.next("2") == mine.id

    def test_a_break_keeps_the_visitor_and_a_closed_counter_gives_them_back(
        self, desk: FrontDesk
    ) -> None:
        mine = desk.come()
        desk.open("1")
        served = desk.serve("3")
        desk.send_on(served, "3", counter=desk.at("1"))
        desk.rest("1")
        assert desk.next("3") is None
        found = desk.reasons()[mine.id]
        assert (found.why, found.wanted, found.counters) == (Why.SENT_ON, desk.at("1"), ())
        assert waiting_of(desk) == {mine.number: (desk.at("1"), (desk.at("1"),))}, (
            "the break does not give them back"
        )
        desk.close("1")
        assert waiting_of(desk) == {mine.number: (desk.at("1"), (desk.at("3"),))}
        assert desk.reasons()[mine.id].counters == (desk.at("3"),)
        assert desk.next("3") == mine.id
        [call] = [each for each in desk.explained() if each.counter == desk.at("3")][1:]
        assert call.in_order

    def test_the_wish_ends_with_the_call_and_comes_back_with_undo(self, desk: FrontDesk) -> None:
        mine = desk.come()
        desk.open("1")
        desk.send_on(desk.serve("3"), "3", counter=desk.at("1"))
        called = desk.do(calling.call_next, desk.at("1"), "ani")
        assert called is not None
        assert called.wanted is None
        back = desk.do(undoing.undo, mine.id, "ani")
        assert back.wanted_counter == desk.at("1")
        assert desk.next("3") is None
        assert sent_on_by_letter(desk) == {"A": 1}
        assert desk.next("1") == mine.id
        assert sent_on_by_letter(desk) == {"A": 0}

    def test_to_a_service_and_a_counter_at_once(self, desk: FrontDesk) -> None:
        desk.come()
        desk.open("2")
        sent = desk.send_on(desk.serve("3"), "3", service="CTK", counter=desk.at("2"))
        assert (sent.letter, sent.service, sent.wanted_counter) == ("C", "CTK", desk.at("2"))

    def test_what_is_refused(self, desk: FrontDesk) -> None:
        desk.come()
        served = desk.serve("3")
        refused("counter_closed", lambda: desk.send_on(served, "3", counter=desk.at("1")))
        refused("unknown_counter", lambda: desk.send_on(served, "3", counter="o9-1"))
        refused("clerk_away", lambda: desk.send_on(served, "3", to_clerk="nobody"))
        assert refused("bad_input", lambda: desk.send_on(served, "3"))["reason"] == "missing"
        assert (
            refused(
                "bad_input",
                lambda: desk.send_on(served, "3", counter=desk.at("3"), to_clerk="citra"),
            )["field"]
            == "clerk"
        )
        with desk.database.read() as connection:
            state = sa.select(tables.tickets.c.state).where(tables.tickets.c.office == desk.code)
            assert connection.execute(state).scalar_one() == "SERVING"


def waiting_of(desk: FrontDesk) -> dict[str | None, tuple[str | None, tuple[str, ...] | None]]:
    """To whom each of those waiting was sent on, and which counters they are offered to, as the
    clerks' page is told.
    """
    with desk.database.read() as connection:
        queue = board.view_queue(connection, desk.office, stage.at(desk.minute), "test")
    return {each.number: (each.wanted, each.offered_to) for each in queue.waiting}


def sent_on_by_letter(desk: FrontDesk) -> dict[str, int]:
    with desk.database.read() as connection:
        return {
            letter: each.sent_on
            for letter, each in read_day(
                connection, desk.office, stage.at(desk.minute)
            ).streams.items()
        }


class TestOutOfTurn:
    def test_the_reason_and_who_was_due_are_in_the_log(self, desk: FrontDesk) -> None:
        first = desk.come()
        second = desk.come()
        desk.call(second, "1", "ibu hamil")
        [call] = desk.explained()
        assert (call.direct, call.reason, call.in_order, call.due, call.due_number) == (
            True,
            "ibu hamil",
            False,
            first.id,
            "A001",
        )
        assert (call.clerk, call.number, dict(call.passed)) == (
            "ani",
            "A002",
            {PassedOver.OVERTAKEN: 1},
        )

    def test_a_direct_call_of_who_is_next_anyway_is_in_order(self, desk: FrontDesk) -> None:
        first = desk.come()
        desk.come()
        desk.call(first, "1")
        [call] = desk.explained()
        assert (call.direct, call.in_order, call.runner_up) == (True, True, "A002")

    def test_those_passed_over_are_counted_by_reason(self, shared_database: Database) -> None:
        """A room for three: two are inside, a family waits outside, another queue's visitor came
        first of all.
        """
        desk = front_desk(shared_database, limit=3)
        desk.come("CTK")
        inside = desk.come(party_size=2)
        family, third = desk.come(party_size=3), desk.come()
        desk.open("2")
        assert (inside.place, family.place, third.place) == ("INSIDE", "OUTSIDE", "OUTSIDE")
        desk.serve("1")
        desk.office = desk.do(offices.set_people_limit, 4, by="manager")
        desk.pass_by(1)
        desk.open("3")
        reasons = desk.reasons()
        assert reasons[family.id].why is Why.OUTSIDE
        assert reasons[third.id].counters == (desk.at("1"),), (
            "at counter 3 the one of the other queue comes first"
        )
        assert reasons[third.id].ahead == 0, "a party that cannot come in yet is not before anybody"
        desk.close("3")
        called = desk.call(third, "3", "darurat")
        found = desk.explained()[-1]
        assert found.ticket == called.id
        assert dict(found.passed) == {PassedOver.OVERTAKEN: 1, PassedOver.OUTSIDE: 1}


def order_of(desk: FrontDesk, people: list[Ticket]) -> str:
    """Call everybody at counter 1. Returns the places of `people` in the order of their calls."""
    names = {ticket.id: str(place) for place, ticket in enumerate(people)}
    found = ""
    while (called := desk.next("1")) is not None:
        found += names[called]
    assert all(each.in_order for each in desk.explained())
    return found


@pytest.mark.parametrize(
    ("policy", "order"),
    [
        (CallPolicy.TURN_TIME, "30214"),
        (CallPolicy.FIFO, "01324"),
        (CallPolicy.STRICT, "23014"),
        (CallPolicy.RATIO, "32014"),
    ],
)
def test_the_same_visitors_under_each_policy(
    shared_database: Database, policy: CallPolicy, order: str
) -> None:
    """Walk-ins at 9:01, 9:08 and 9:25, one with priority (15 minutes) at 9:20, one booked for 9:00
    who comes at 9:09.
    """
    desk = front_desk(shared_database, calling={"policy": policy, "ratio": 2})
    desk.minute = 8 * 60 + 30
    booked = desk.book(9 * 60)
    desk.minute = 9 * 60 + 1
    people = [desk.come()]
    desk.pass_by(7)
    people.append(desk.come())
    desk.pass_by(1)
    punctual = desk.check_in(booked)
    desk.pass_by(11)
    people += [desk.come(priority=True), punctual]
    desk.pass_by(5)
    people.append(desk.come())
    assert order_of(desk, people) == order


def test_a_direct_call_uses_up_no_turn_of_the_ratio(shared_database: Database) -> None:
    desk = front_desk(shared_database, calling={"policy": CallPolicy.RATIO, "ratio": 1})
    favoured = []
    for _ in range(3):
        favoured.append(desk.come(priority=True))
        desk.pass_by(1)
    other = desk.come()
    desk.do(serving.no_show, desk.call(favoured[2], "1", "darurat").id, "ani")
    assert [desk.next("1") for _ in range(3)] == [favoured[0].id, other.id, favoured[1].id]
    assert [each.in_order for each in desk.explained()] == [False, True, True, True]


def run_of(desk: FrontDesk) -> int:
    with desk.database.read() as connection:
        return days.find(connection, desk.code, stage.TODAY).stream("A").favoured_run


def test_a_call_taken_back_uses_up_no_turn_of_the_ratio(shared_database: Database) -> None:
    """Two favoured to each other one. Taken back: the call of another one, a favoured one's, and
    one with calls after it.
    """
    desk = front_desk(shared_database, calling={"policy": CallPolicy.RATIO, "ratio": 2})
    favoured, others = [], []
    for _ in range(5):
        favoured.append(desk.come(priority=True))
        desk.pass_by(1)
    for _ in range(3):
        others.append(desk.come())
        desk.pass_by(1)

    def take_back(id: str, name: str) -> None:
        desk.do(undoing.undo, id, CLERKS[name])

    assert [desk.next("1"), desk.next("1")] == [favoured[0].id, favoured[1].id] and run_of(
        desk
    ) == 2
    assert (
        desk.do(calling.call_next, desk.at("1"), CLERKS["1"]).id == others[0].id
        and run_of(desk) == 0
    )
    take_back(others[0].id, "1")
    assert run_of(desk) == 2, (
        "it is another one's turn again, and not three favoured ones' after one another"
    )
    assert desk.next("1") == others[0].id
    called = desk.do(calling.call_next, desk.at("1"), CLERKS["1"])
    assert called.id == favoured[2].id and desk.next("3") == favoured[3].id and run_of(desk) == 2
    take_back(called.id, "1")
    assert run_of(desk) == 1, "one favoured visitor stands called since the last other one"
    assert [desk.next("1") for _ in range(4)] == [
        favoured[2].id,
        others[1].id,
        favoured[4].id,
        others[2].id,
    ]
    explained = desk.explained()
    assert len(explained) == 10 and all(each.in_order for each in explained), (
        "the log tells the same"
    )


def test_a_direct_call_taken_back_changes_no_turn(shared_database: Database) -> None:
    desk = front_desk(shared_database, calling={"policy": CallPolicy.RATIO, "ratio": 1})
    first = desk.come(priority=True)
    desk.pass_by(1)
    second, other = desk.come(priority=True), desk.come()
    assert desk.next("1") == first.id
    desk.do(undoing.undo, desk.call(second, "1", "darurat").id, CLERKS["1"])
    assert run_of(desk) == 1
    assert [desk.next("1"), desk.next("1")] == [other.id, second.id]


def test_the_two_numbers_are_on_the_ticket_and_in_the_log(desk: FrontDesk) -> None:
    mine = desk.come(priority=True)
    assert (mine.turn_time, mine.credit_minutes) == (stage.at(9 * 60 - 15), 15)
    desk.next("1")
    [call] = desk.explained()
    assert (call.counts, call.credit_minutes, call.turn_time) == (
        stage.at(9 * 60),
        15,
        stage.at(9 * 60 - 15),
    )
    [facts] = facts_of(desk, "called")
    assert (facts["policy"], facts["letters"], facts["room"], facts["credit_minutes"]) == (
        "TURN_TIME",
        "A",
        None,
        15,
    )


def test_a_clerk_of_a_counter_sees_why(desk: FrontDesk) -> None:
    first, second, third = desk.come(), desk.come(priority=True), desk.come("CTK")
    assert {each.why for each in desk.reasons().values()} == {Why.NO_COUNTER}
    desk.open("1")
    found = desk.reasons()
    assert (found[second.id].why, found[second.id].counters) == (Why.NEXT, (desk.at("1"),))
    assert found[second.id].rival is not None and found[second.id].rival.number == first.number
    assert (found[first.id].why, found[first.id].ahead) == (Why.BEHIND, 1)
    assert found[first.id].rival is not None and found[first.id].rival.number == second.number
    assert found[third.id].why is Why.NO_COUNTER
    desk.open("3")
    assert desk.reasons()[second.id].counters == (desk.at("1"), desk.at("3"))
