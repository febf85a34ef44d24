"""Finish and call next: whose visit is meant, and why nobody is called after it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain.counter.finish_next import (
    NotCalled,
    admit_present,
    why_nobody,
    why_not_calling,
)
from queue_server.domain.errors import NotYourTicket, WrongState
from queue_server.domain.visit.office_day import OfficeDay, StreamDay
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.transitions import State
from tests.domain.examples import TODAY, ticket_in

COUNTER = "3674-1"
DAY = OfficeDay("3674", TODAY)
served = replace(ticket_in(State.SERVING), counter=COUNTER, clerk="ani")


def test_the_visit_at_the_counter_is_meant() -> None:
    assert admit_present(COUNTER, served) is served


def test_a_counter_without_a_visitor_finishes_nobody() -> None:
    with pytest.raises(WrongState) as refused:
        admit_present(COUNTER, None)
    assert refused.value.facts == {
        "action": "finish",
        "state": None,
        "allowed": ["SERVING"],
        "counter": COUNTER,
    }


def test_a_visit_at_another_counter_is_not_finished_from_here() -> None:
    with pytest.raises(NotYourTicket):
        admit_present("3674-2", served)


@pytest.mark.parametrize("pause", list(Pause))
@pytest.mark.parametrize("on_break", [False, True])
def test_a_standstill_comes_before_a_break(pause: Pause, on_break: bool) -> None:
    assert why_not_calling(replace(DAY, paused=pause), on_break) is NotCalled.PAUSED


def test_who_is_on_a_break_stays_on_it() -> None:
    assert why_not_calling(DAY, True) is NotCalled.ON_BREAK
    assert why_not_calling(DAY, False) is None


@pytest.mark.parametrize(
    ("waiting", "outside", "admitting", "because"),
    [
        ({}, 0, True, NotCalled.NOBODY),
        ({"A": 2}, 0, True, NotCalled.NOBODY),  # away, or sent on to somebody else
        ({"C": 2}, 2, True, NotCalled.NOBODY),  # only those of another counter
        ({"A": 2}, 2, True, NotCalled.ROOM),
        ({"A": 2}, 2, False, NotCalled.DOOR_STOPPED),
        ({"A": 2}, 0, False, NotCalled.NOBODY),
    ],
)
def test_why_nobody_was_found(
    waiting: dict[str, int], outside: int, admitting: bool, because: NotCalled
) -> None:
    streams = {letter: StreamDay(waiting=n) for letter, n in waiting.items()}
    day = replace(DAY, streams=streams, parties_outside=outside, admitting=admitting)
    assert why_nobody(day, "AB") is because
