"""Random days at a front desk, on both databases: every call is found right again from the log
alone, whatever the policy.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.counter.call_log import explain_calls
from queue_server.domain.counter.reasons import Why
from queue_server.domain.errors import DomainError
from queue_server.domain.events import RecordedEvent
from queue_server.domain.office.rules import CallPolicy
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.booking import booking, moving
from queue_server.services.counter import call_log, calling, serving, undoing
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from tests.services import ledger, stage
from tests.services.front_desk import CLERKS, FrontDesk, front_desk

STEPS = 220
PERSON = Visitor("Siti", "7" * 64, "7777", "+628121")


class Day:
    """A day of random acts. Whatever is refused changes nothing, so nothing needs to be known
    beforehand.
    """

    def __init__(self, desk: FrontDesk, seed: int) -> None:
        self.desk, self.random = desk, Random(seed)
        self.booked = [desk.book(9 * 60 + 30 * each) for each in range(1, 4)]
        self.tickets: list[Ticket] = list(self.booked)
        self.out_of_turn = 0

    def act(self) -> None:
        """Do something that may well be refused."""
        random = self.random
        self.desk.pass_by(random.choice([0, 0, 1, 2, 3]))
        name = random.choice("123")
        acts = {
            self.come: 8,
            self.check_in: 2,
            self.call_next: 12,
            self.step: 24,
            self.send_on: 3,
            self.call: 2,
            self.rest: 1,
            self.open: 2,
            self.close: 1,
            self.undo: 2,
            self.come_back: 1,
        }
        act = random.choices(list(acts), list(acts.values()))[0]
        try:
            act(name)
        except DomainError:
            return

    def come(self, _name: str) -> None:
        service = self.random.choice(["REK", "IKD", "CTK"])
        party, priority = self.random.choice([1, 1, 1, 2, 3]), self.random.random() < 0.25
        self.tickets.append(self.desk.come(service, party_size=party, priority=priority))

    def check_in(self, _name: str) -> None:
        self.desk.check_in(self.random.choice(self.booked))

    def call_next(self, name: str) -> None:
        due = {
            each: reason.counters
            for each, reason in self.desk.reasons().items()
            if reason.why is Why.NEXT
        }
        called = self.desk.do(calling.call_next, self.desk.at(name), CLERKS[name])
        if called is not None and any(self.desk.at(name) in counters for counters in due.values()):
            assert self.desk.at(name) in due.get(called.id, ()), (
                "the page named another one as next"
            )

    def at(self, name: str) -> Ticket:
        """The visitor of a counter, or anybody."""
        with self.desk.database.read() as connection:
            rows = connection.execute(
                sa.select(tables.tickets.c.id).where(
                    tables.tickets.c.office == self.desk.code,
                    tables.tickets.c.counter == self.desk.at(name),
                    tables.tickets.c.state.in_(["CALLED", "SERVING", "PARKED"]),
                )
            )
            ids = [row.id for row in rows] or [self.random.choice(self.tickets).id]
            return ticket_store.find(connection, self.random.choice(ids))

    def step(self, name: str) -> None:
        ticket = self.at(name)
        steps: dict[State, list[Any]] = {
            State.CALLED: [
                serving.start,
                serving.start,
                serving.start,
                serving.no_show,
                serving.park,
                serving.recall,
            ],
            State.SERVING: [serving.finish, serving.finish, serving.park],
            State.PARKED: [serving.resume],
        }
        for step in (
            self.random.sample(steps.get(ticket.state, []), 1) if ticket.state in steps else []
        ):
            self.desk.do(step, ticket.id, CLERKS[name])

    def send_on(self, name: str) -> None:
        ticket = self.at(name)
        to = self.random.choice(
            [
                {"counter": self.desk.at(self.random.choice("123"))},
                {"to_clerk": CLERKS[self.random.choice("123")]},
                {"letter": "C"},
                {"letter": "A"},
            ]
        )
        self.desk.send_on(ticket, name, **to)

    def call(self, name: str) -> None:
        before = len(self.desk.explained())
        self.desk.call(self.random.choice(self.tickets), name, "darurat")
        self.out_of_turn += not self.desk.explained()[before].in_order

    def rest(self, name: str) -> None:
        self.desk.rest(name)

    def open(self, name: str) -> None:
        self.desk.open(name)

    def close(self, name: str) -> None:
        self.desk.close(name)

    def undo(self, name: str) -> None:
        self.desk.do(undoing.undo, self.at(name).id, CLERKS[name])

    def come_back(self, _name: str) -> None:
        ticket, now = self.random.choice(self.tickets), stage.at(self.desk.minute)
        self.desk.database.write(
            [(self.desk.code, stage.TODAY)],
            lambda tx: arrival.return_late(tx, ticket.id, "ani", now),
        )


def log_of(desk: FrontDesk) -> list[RecordedEvent]:
    with desk.database.read() as connection:
        return event_store.list_after(connection, desk.code, stage.TODAY, 0, 10_000)


@pytest.mark.parametrize("policy", list(CallPolicy))
@pytest.mark.parametrize("limit", [None, 5])
def test_every_call_of_a_random_day_is_explained_from_its_log(
    shared_database: Database, policy: CallPolicy, limit: int | None
) -> None:
    desk = front_desk(
        shared_database,
        limit=limit,
        calling={"policy": policy, "ratio": 2, "walk_in_offset_minutes": 4, "late_minutes": 10},
    )
    day = Day(desk, seed=len(policy.value) * 10 + (limit or 0))
    for _ in range(STEPS):
        day.act()
    ledger.read(shared_database, desk.code).all_is_right()
    calls = desk.explained()
    assert len(calls) > 15
    assert all(each.in_order for each in calls if not each.direct)
    wrong = [each for each in calls if not each.in_order]
    assert (len(wrong), {each.reason for each in wrong} - {"darurat"}) == (day.out_of_turn, set())
    with shared_database.read() as connection:
        some = {each.seq for each in calls[::3]}
        assert call_log.explain_day(connection, desk.office, stage.TODAY, some) == calls[::3]
        today = (tables.office_days.c.office == desk.code, tables.office_days.c.date == stage.TODAY)
        row = connection.execute(sa.select(tables.office_days.c.streams).where(*today)).one()
    waiting = [
        each
        for each in stage.rows_of(shared_database, tables.tickets, desk.code)
        if each.state == "WAITING"
    ]
    sent_on = sum(1 for each in waiting if each.wanted_counter or each.wanted_clerk)
    assert sum(each[4] for each in row.streams.values() if len(each) > 4) == sent_on


def denied(recorded: RecordedEvent) -> RecordedEvent:
    """The same event, but a direct call that says it was none."""
    facts = recorded.event.facts
    return RecordedEvent(
        recorded.seq,
        replace(recorded.event, facts={**facts, "direct": False} if "direct" in facts else facts),
    )


def test_a_wrong_call_does_not_go_unseen(shared_database: Database) -> None:
    """The replay is no echo of the log: a call of the second in line, written as if it were the
    next, is found.
    """
    desk = front_desk(shared_database)
    first, second = desk.come(), desk.come()
    desk.call(second, "1")
    [call] = explain_calls([denied(each) for each in log_of(desk)], desk.office)
    assert (call.direct, call.in_order, call.due, call.ticket) == (
        False,
        False,
        first.id,
        second.id,
    )


def test_a_log_that_contradicts_itself_is_refused(shared_database: Database) -> None:
    desk = front_desk(shared_database)
    desk.come()
    desk.next("1")
    with pytest.raises(ValueError, match="who does not wait"):
        explain_calls(
            [each for each in log_of(desk) if each.event.type != "walked_in"], desk.office
        )


def test_a_booking_moved_here_from_another_day_is_explained_too(shared_database: Database) -> None:
    """Its booking is in the other day's log; the check-in says all that this day needs."""
    desk = front_desk(shared_database)
    now = stage.at(desk.minute)
    visitor_days = [(desk.code, each) for each in stage.DAYS]
    wanted = BookingRequest("CTK", stage.at(10 * 60 + 1440), PERSON, party_size=2)
    made = shared_database.write(
        visitor_days, lambda tx: booking.book(tx, desk.code, wanted, draw(), now)
    )
    shared_database.write(
        visitor_days,
        lambda tx: moving.reschedule(tx, made.id, stage.at(9 * 60 + 30), "holder", 0.5, now),
    )
    desk.minute = 9 * 60 + 20
    desk.check_in(made)
    assert desk.next("2") == made.id
    [call] = desk.explained()
    assert (call.in_order, call.ticket) == (True, made.id)
