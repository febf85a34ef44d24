"""The pace of a stream: calls per minute while visitors wait, the last wait, the silence."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.waits.pace import (
    AT_ONCE_MINUTES,
    MEMORY_MINUTES,
    Pace,
    follow_busy,
    follow_call,
    follow_calls,
    follow_first,
)


def test_steady_calls_show_their_rate_from_the_start() -> None:
    """A call every 4 minutes with visitors waiting throughout."""
    pace = follow_first(Pace(), 500.0 - AT_ONCE_MINUTES)
    for count in range(1, 200):
        pace = follow_call(pace, 500.0 + 4 * count, 10.0)
        assert pace.calls / pace.busy_minutes == pytest.approx(
            0.25, rel=0.6 if count < 4 else 0.15 if count < 15 else 0.04
        )


def test_time_with_nobody_waiting_does_not_count() -> None:
    pace = follow_call(follow_first(Pace(), 500.0), 504.0, 4.0)
    later = follow_first(pace, 900.0)
    assert (later.calls, later.busy_minutes) == (pace.calls, pace.busy_minutes)
    assert later.silent_minutes(905.0) == 5.0


def test_a_visitor_called_at_once_tells_nothing_of_the_counters() -> None:
    """But breaks the silence."""
    pace = follow_call(follow_first(Pace(), 500.0), 510.0, 10.0)
    after = follow_call(follow_first(pace, 600.0), 600.5, 0.5)
    assert (after.calls, after.busy_minutes, after.last_wait) == (
        pace.calls,
        pace.busy_minutes,
        0.5,
    )
    assert after.silent_minutes(603.0) == 2.5


def test_waits_that_end_at_random_show_the_rate_of_the_counters() -> None:
    """One visitor at a time who waits as long as a busy counter takes: those called at once are
    left out with their minute.
    """
    random = Random(7)
    pace, now, calls, minutes = Pace(), 480.0, 0.0, 0.0
    for _ in range(20_000):
        now += 30.0
        pace = follow_first(pace, now)
        waited = random.expovariate(1 / 3)
        now += waited
        before, pace = pace, follow_call(pace, now, waited)
        if waited >= AT_ONCE_MINUTES:
            calls, minutes = calls + 1, minutes + now - before.at
    assert calls / minutes == pytest.approx(1 / 3, rel=0.03)
    assert pace.at <= now + AT_ONCE_MINUTES


def test_old_calls_fade() -> None:
    pace = follow_calls(follow_first(Pace(), -AT_ONCE_MINUTES), 0.0, 3.0, 10)
    faded = follow_busy(pace, MEMORY_MINUTES)
    assert faded.calls == pytest.approx(10 / 2.718281828)
    assert faded.busy_minutes == pytest.approx(MEMORY_MINUTES * (1 - 1 / 2.718281828))


def test_before_the_first_visitor_there_is_no_silence() -> None:
    assert Pace().silent_minutes(700.0) == 0.0


def test_a_clock_that_steps_back_adds_nothing() -> None:
    pace = follow_call(follow_first(Pace(), 500.0), 510.0, 4.0)
    back = follow_call(pace, 480.0, 5.0)
    assert (back.at, back.busy_minutes) == (pace.at, pace.busy_minutes)
    assert back.silent_minutes(470.0) == 0.0


@given(st.lists(st.tuples(st.sampled_from("bcf"), st.floats(-10, 60)), max_size=60))
def test_counts_stay_within_their_bounds(steps: list[tuple[str, float]]) -> None:
    pace, now = Pace(), 480.0
    for kind, passed in steps:
        now += passed
        pace = (
            follow_busy(pace, now)
            if kind == "b"
            else follow_first(pace, now)
            if kind == "f"
            else follow_call(pace, now, 5.0)
        )
        assert pace.calls >= 0
        assert 0 <= pace.busy_minutes < MEMORY_MINUTES + 1e-9
