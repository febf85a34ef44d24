"""The range shown to a visitor: from a learnt history, from planned minutes, and when counters
change or fall silent.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.waits.estimate import (
    QUIET_MINUTES,
    STALLED_MINUTES,
    Misses,
    QueueSight,
    StreamFigures,
    WaitModel,
    band_around,
    describe,
    estimate_minutes,
    expect_wait,
)
from queue_server.domain.waits.pace import Pace, follow_busy, follow_call, follow_first
from queue_server.domain.waits.range import WaitRange, gamma_band, round_range, settle_range

ERRORS = tuple((each - 50) / 100 for each in range(101))
"""The errors of a bin: evenly from -0.5 to 0.5."""

MODEL = WaitModel(
    {"A": StreamFigures(rate=0.5, usual=20.0, usual_by_hour={9: 30.0}, counters=2.0)},
    (0.0, 1.0, 0.0, 0.0),
    (),
    (ERRORS,),
)
FOUND = QueueSight(position=10, line=10, hour=9, counters=2)


def test_the_queue_length_over_the_usual_rate() -> None:
    assert estimate_minutes(MODEL, "A", FOUND) == pytest.approx(20)


def test_each_predictor_is_named_by_its_own_number() -> None:
    one, length, last, habit = describe(replace(FOUND, last_wait=15.0), MODEL.streams["A"])
    assert (one, exp(length) - 2, exp(last) - 2, exp(habit) - 2) == pytest.approx((1, 20, 15, 30))


def test_at_another_hour_the_usual_wait_of_the_stream_counts() -> None:
    assert exp(describe(replace(FOUND, hour=10), MODEL.streams["A"])[3]) - 2 == pytest.approx(20)


def test_with_nobody_called_yet_the_queue_length_stands_in_for_the_last_wait() -> None:
    described = describe(FOUND, MODEL.streams["A"])
    assert described[1] == described[2]


def test_in_the_middle_of_the_line_a_newcomers_waits_are_shared_out() -> None:
    _, length, last, habit = describe(
        replace(FOUND, position=5, last_wait=16.0), MODEL.streams["A"]
    )
    assert (exp(length) - 2, exp(last) - 2, exp(habit) - 2) == pytest.approx((10, 8, 15))


def test_todays_calls_move_the_usual_rate() -> None:
    assert estimate_minutes(MODEL, "A", replace(FOUND, calls=60, busy_minutes=60)) == pytest.approx(
        10 / ((240 * 0.5 + 60) / 300)
    )


def test_the_range_is_taken_from_the_errors_of_the_estimates_bin() -> None:
    model = replace(MODEL, edges=(15.0,), errors=((-1.0, -0.5, 0.0, 0.5, 1.0) * 1, ERRORS))
    low, high = band_around(model, Misses(), 20.0)
    assert (log((low + 2) / 22), log((high + 2) / 22)) == pytest.approx((-0.41, 0.41))
    low, high = band_around(model, Misses(), 14.9)
    assert (log((low + 2) / 16.9), log((high + 2) / 16.9)) == pytest.approx((-1.0, 1.0))


def test_a_stream_that_missed_more_gets_a_wider_range() -> None:
    low, high = band_around(MODEL, Misses(), 20.0)
    wider_low, wider_high = band_around(MODEL, Misses(0.02, 0.02), 20.0)
    assert wider_low < low < high < wider_high


def test_without_a_history_planned_minutes_give_the_gamma_band() -> None:
    for model in (None, replace(MODEL, streams={})):
        low, high = gamma_band(9, 0.5)
        assert (
            expect_wait(model, "A", QueueSight(10, 10, 9, counters=5), 10.0)
            == round_range(low, 20.0, high)
            == WaitRange(12, 30)
        )


def test_without_a_history_todays_calls_correct_the_plan() -> None:
    plan = expect_wait(None, "A", QueueSight(10, 10, 9, counters=1), 10.0)
    faster = expect_wait(
        None, "A", QueueSight(10, 10, 9, calls=12, busy_minutes=40, counters=1), 10.0
    )
    slower = expect_wait(
        None, "A", QueueSight(10, 10, 9, calls=1, busy_minutes=40, counters=1), 10.0
    )
    assert plan is not None
    assert faster is not None
    assert slower is not None
    assert faster.low < plan.low < slower.low
    assert faster.high < plan.high < slower.high


def test_a_second_counter_shortens_and_a_closed_one_lengthens_the_range() -> None:
    ranges = [
        expect_wait(MODEL, "A", replace(FOUND, counters=counters), 10.0) for counters in (1, 2, 4)
    ]
    bands = [(minutes, *band_around(MODEL, Misses(), minutes)) for minutes in (40.0, 20.0, 10.0)]
    assert ranges == [round_range(low, minutes, high) for minutes, low, high in bands]


@pytest.mark.parametrize("model", [None, MODEL])
def test_with_every_counter_closed_nothing_is_promised(model: WaitModel | None) -> None:
    assert expect_wait(model, "A", replace(FOUND, counters=0), 10.0) is None


@pytest.mark.parametrize("model", [None, MODEL])
def test_silence_widens_the_range_and_then_ends_it(model: WaitModel | None) -> None:
    """Through the pace, minute by minute: one call, and nobody after it while visitors wait."""
    pace = follow_call(follow_first(Pace(), 540.0), 550.0, 8.0)
    highs: list[int] = []
    for minute in range(60):
        now = 550.0 + minute
        rolled = follow_busy(pace, now)
        sight = replace(
            FOUND,
            calls=rolled.calls,
            busy_minutes=rolled.busy_minutes,
            last_wait=pace.last_wait,
            silent_minutes=pace.silent_minutes(now),
        )
        shown = expect_wait(model, "A", sight, 10.0)
        assert (shown is None) == (minute >= STALLED_MINUTES)
        if shown is not None:
            highs.append(shown.high)
    assert highs == sorted(highs)
    assert highs[-1] >= highs[int(QUIET_MINUTES)] + 15


@pytest.mark.parametrize(
    ("shown", "low", "high", "then"),
    [
        (None, 21.0, 38.0, WaitRange(20, 40)),
        (WaitRange(20, 40), 18.1, 44.9, WaitRange(20, 40)),
        (WaitRange(20, 40), 24.9, 35.1, WaitRange(20, 40)),
        (WaitRange(20, 40), 18.0, 40.0, WaitRange(18, 40)),
        (WaitRange(20, 40), 20.0, 45.0, WaitRange(20, 45)),
        (WaitRange(20, 40), 25.0, 40.0, WaitRange(25, 40)),
        (WaitRange(20, 40), 21.0, 35.0, WaitRange(20, 35)),
        (WaitRange(3, 12), 2.1, 13.9, WaitRange(3, 12)),
        (WaitRange(3, 12), 2.0, 12.0, WaitRange(2, 12)),
        (WaitRange(90, 180), 81.0, 209.0, WaitRange(90, 180)),
        (WaitRange(90, 180), 90.0, 210.0, WaitRange(90, 210)),
        (WaitRange(240, 480), 500.0, 900.0, WaitRange(240, 480)),
        (WaitRange(0, 5), 0.0, 0.2, WaitRange(0, 5)),
    ],
)
def test_a_shown_range_changes_when_an_end_has_moved_by_a_step(
    shown: WaitRange | None, low: float, high: float, then: WaitRange
) -> None:
    assert settle_range(shown, low, (low + high) / 2, high) == then


def test_a_shown_range_changes_when_the_estimate_leaves_it() -> None:
    assert settle_range(WaitRange(20, 40), 24.0, 41.0, 44.0) == WaitRange(25, 45)


def test_the_tail_shares_of_an_estimate_are_those_of_its_stream_and_of_its_size() -> None:
    bins = (Misses(0.05, 0.2), Misses())
    model = replace(
        MODEL,
        edges=(15.0,),
        errors=(ERRORS, ERRORS),
        misses={"A": Misses(0.08, 0.13)},
        bin_misses=bins,
    )
    small, large = model.misses_at("A", 10.0), model.misses_at("A", 20.0)
    assert (small.low, small.high, large.low, large.high) == pytest.approx((0.03, 0.23, 0.08, 0.13))
    assert model.misses_at("B", 20.0) == Misses()
    drifted = replace(model, misses={"A": Misses(0.005, 0.4)}).misses_at("A", 10.0)
    assert (drifted.low, drifted.high) == pytest.approx((0.005, 0.4)), (
        "bounded, however far both have drifted"
    )
    ahead = replace(FOUND, position=5)
    assert expect_wait(model, "A", ahead, 10.0) != expect_wait(
        replace(model, bin_misses=()), "A", ahead, 10.0
    )


sights = st.builds(
    lambda position, behind, calls, busy, last, counters: QueueSight(
        position, position + behind, 9, min(calls, busy), busy, last, 0.0, counters
    ),
    st.integers(1, 200),
    st.integers(0, 100),
    st.floats(0, 60),
    st.floats(0, 59),
    st.none() | st.floats(0, 300),
    st.none() | st.integers(1, 20),
)


@given(sights, st.sampled_from([None, replace(MODEL, weights=(0.3, 0.7, 0.1, 0.1))]))
def test_a_visitor_further_back_is_never_told_less(
    sight: QueueSight, model: WaitModel | None
) -> None:
    here = expect_wait(model, "A", sight, 10.0)
    behind = expect_wait(
        model, "A", replace(sight, position=sight.position + 1, line=sight.line + 1), 10.0
    )
    next_but_one = expect_wait(model, "A", replace(sight, line=sight.line + 1), 10.0)
    assert here is not None
    assert behind is not None
    assert next_but_one is not None
    assert next_but_one.low <= behind.low
    assert next_but_one.high <= behind.high
    assert 0 <= here.low < here.high
