"""The lobby's board, on both databases: which calls it carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.errors import DomainError
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.protocol.messages import Board
from queue_server.services.counter import calling, serving, undoing
from queue_server.services.door import admission, arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.lobby import CALLS_CARRIED, CALLS_SHOWN, view_board
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import stage
from tests.services.front_desk import CLERKS, FrontDesk, front_desk

SECOND = 1 / 60
FRESH_SECONDS = 60


def board_of(desk: FrontDesk) -> Board:
    with desk.database.read() as connection:
        return view_board(connection, desk.office, stage.at(desk.minute), "test")


@dataclass(frozen=True)
class Call:
    """A call as the model knows it; `order` counts all calls and recalls ever made."""

    order: int
    number: str
    counter: str
    minute: float
    times: int


@dataclass
class Calls:
    """The calls that stand, and for each visitor those that stood before each step."""

    made: int = 0
    stand: dict[str, Call | None] = field(default_factory=dict)
    before: dict[str, list[Call | None]] = field(default_factory=dict)

    def step(self, ticket: Ticket, stands: Call | None) -> None:
        """A step after which this call of a visitor stands, or none."""
        self.before.setdefault(ticket.id, []).append(self.stand.get(ticket.id))
        self.stand[ticket.id] = stands

    def make(self, ticket: Ticket, counter: str, minute: float) -> None:
        """Call a visitor, or call the one called once more."""
        known = self.stand.get(ticket.id)
        self.made += 1
        times = 1 if known is None else known.times + 1
        self.step(ticket, Call(self.made, ticket.number or "", counter, minute, times))

    def take_back(self, ticket: Ticket) -> None:
        self.stand[ticket.id] = self.before[ticket.id].pop()

    def shown(self, minute: float) -> list[tuple[str, str, int]]:
        """What a board must carry: all calls of the last minute, and at least the newest six."""
        standing = sorted(
            (each for each in self.stand.values() if each is not None), key=lambda each: -each.order
        )
        return [
            (each.number, each.counter, each.times)
            for newer, each in enumerate(standing)
            if newer < CALLS_SHOWN or round((minute - each.minute) * 60, 3) <= FRESH_SECONDS
        ]


def carried(board: Board) -> list[tuple[str, str, int]]:
    return [(each.number, each.counter, each.times) for each in board.calls]


STEPS = ("come", "next", "next", "call", "recall", "start", "finish", "no_show")
STEPS += ("park", "resume", "transfer", "leave", "undo", "undo", "pass_by")


FROM = {
    "call": State.WAITING,
    "recall": State.CALLED,
    "start": State.CALLED,
    "no_show": State.CALLED,
    "finish": State.SERVING,
    "park": State.SERVING,
    "transfer": State.SERVING,
    "resume": State.PARKED,
    "leave": State.PARKED,
}


@dataclass
class Play:
    """An office and the model, and the steps that are taken in both."""

    desk: FrontDesk
    calls: Calls = field(default_factory=Calls)
    tickets: dict[str, Ticket] = field(default_factory=dict)

    def choose(self, step: str, pick: int) -> Ticket | None:
        """One of those whom the step may be about."""
        if step == "undo":
            fit = [self.tickets[id] for id, before in self.calls.before.items() if before]
        else:
            fit = [each for each in self.tickets.values() if each.state is FROM.get(step)]
        return fit[pick % len(fit)] if fit else None

    def take(self, step: str, pick: int) -> None:
        """Take a step with a visitor and a counter; one that is refused changes nothing."""
        name = "123"[pick % 3]
        ticket = self.choose(step, pick)
        try:
            if step == "come":
                self.note(self.desk.come("CTK" if pick % 3 == 0 else "REK"))
            elif step == "pass_by":
                self.desk.pass_by(SECOND * (pick % 25))
            elif step == "next":
                called = self.desk.do(calling.call_next, self.desk.at(name), CLERKS[name])
                if called is not None:
                    self.calls.make(self.note(called), name, self.desk.minute)
            elif ticket is not None:
                self._step_of(step, ticket, name)
        except DomainError:
            pass

    def note(self, ticket: Ticket) -> Ticket:
        self.tickets[ticket.id] = ticket
        return ticket

    def _step_of(self, step: str, ticket: Ticket, name: str) -> None:
        desk, calls, known = self.desk, self.calls, self.calls.stand.get(ticket.id)
        clerk = CLERKS[known.counter] if known is not None else CLERKS[name]
        if step == "call":
            calls.make(self.note(desk.call(ticket, name, "x")), name, desk.minute)
        elif step == "recall":
            again = self.note(desk.do(serving.recall, ticket.id, clerk))
            calls.make(again, known.counter if known else "", desk.minute)
        elif step == "undo":
            self.note(desk.do(undoing.undo, ticket.id, ticket.clerk or clerk))
            calls.take_back(ticket)
        elif step == "transfer":
            calls.step(self.note(desk.do(serving.transfer, ticket.id, clerk, letter="C")), None)
        elif step == "leave":
            calls.step(self.note(desk.do(admission.leave, ticket.id, clerk)), known)
        else:
            act: Callable[..., Ticket] = getattr(serving, step)
            calls.step(
                self.note(desk.do(act, ticket.id, clerk)), None if step == "resume" else known
            )


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 60)), min_size=20, max_size=90))
def test_the_boards_calls_are_exactly_those_that_stand(
    shared_database: Database, steps: list[tuple[str, int]]
) -> None:
    play = Play(front_desk(shared_database, calling={"recall_seconds": (0, 0), "calls_max": 9}))
    for name in CLERKS:
        play.desk.open(name)
    for _ in range(8):
        play.take("come", 1)
    for step, pick in steps:
        play.take(step, pick)
        board = board_of(play.desk)
        assert carried(board) == play.calls.shown(play.desk.minute), (step, pick)
        assert board.calls_left_out == 0


class TestManyCalls:
    @pytest.fixture
    def desk(self, shared_database: Database) -> FrontDesk:
        desk = front_desk(shared_database)
        desk.open("1")
        return desk

    def call(self, desk: FrontDesk, count: int, seconds_ago: float = 0) -> None:
        """So many calls in one moment, faster than any clerk."""
        at = stage.at(desk.minute - seconds_ago * SECOND)

        def call_all(tx: Transaction) -> None:
            for _ in range(count):
                arrival.issue_walk_in(tx, desk.code, arrival.WalkIn("REK"), draw(), at)
                called = calling.call_next(tx, desk.code, desk.at("1"), "ani", at)
                assert called is not None
                serving.no_show(tx, desk.code, called.id, "ani", at)

        desk.database.write([(desk.code, stage.TODAY)], call_all)

    @pytest.mark.parametrize("count", [0, 1, 6, 7, 60, 200])
    def test_every_call_of_the_last_minute_is_carried(self, desk: FrontDesk, count: int) -> None:
        self.call(desk, 9, seconds_ago=61)
        self.call(desk, count)
        board = board_of(desk)
        assert len(board.calls) == max(count, CALLS_SHOWN)
        assert board.calls_left_out == 0

    def test_of_too_many_the_newest_are_carried_and_the_others_counted(
        self, desk: FrontDesk
    ) -> None:
        self.call(desk, 4, seconds_ago=61)
        self.call(desk, 231)
        board = board_of(desk)
        numbers = [each.number for each in board.calls]
        assert numbers == sorted(numbers, reverse=True)
        assert (len(board.calls), board.calls_left_out) == (CALLS_CARRIED, 231 - CALLS_CARRIED)
        desk.pass_by(2)
        board = board_of(desk)
        assert (len(board.calls), board.calls_left_out) == (CALLS_SHOWN, 0)

    def test_calls_of_a_clock_that_was_ahead_do_not_stay(self, desk: FrontDesk) -> None:
        self.call(desk, 20, seconds_ago=-1800)
        assert len(board_of(desk).calls) == CALLS_SHOWN
        self.call(desk, 8)
        assert len(board_of(desk).calls) == 8
