"""The range of a wait, against exact quantiles of the Gamma law."""
from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.wait import LONGEST_SHOWN_MINUTES, STEP_MINUTES, WaitRange, round_outwards
from queue_server.domain.wait_estimate import QueueSight, expect_wait

# 10 % and 90 % points of Gamma(shape, 1) = half those of chi-squared with 2 * shape degrees of freedom, as tables print them.
TABULATED = {
    1: (0.10536, 2.30259), 2: (0.53181, 3.88972), 3: (1.10207, 5.32232), 5: (2.43259, 7.99359), 10: (6.22130, 14.20599),
    20: (14.52533, 25.90253), 50: (41.17894, 59.24900),
}


def expected_range(ahead: int, counters_open: int, service_minutes: float) -> WaitRange | None:
    """What a stream without a history shows before its first call."""
    return expect_wait(None, "A", QueueSight(ahead + 1, ahead + 1, 9, counters=counters_open), service_minutes)


def erlang_probability(shape: int, x: float) -> float:
    """P(Gamma(shape, 1) <= x) for a whole shape."""
    term = total = 1.0
    for each in range(1, shape):
        term *= x / each
        total += term
    return 1 - exp(-x) * total


@pytest.mark.parametrize("shape", TABULATED)
def test_the_table_is_right(shape: int) -> None:
    low, high = TABULATED[shape]
    assert erlang_probability(shape, low) == pytest.approx(0.1, abs=1e-5)
    assert erlang_probability(shape, high) == pytest.approx(0.9, abs=1e-5)


@pytest.mark.parametrize("shape", TABULATED)
@pytest.mark.parametrize(("counters", "service_minutes"), [(1, 10.0), (3, 7.5), (10, 4.0)])
def test_the_range_is_that_of_the_exact_quantiles_rounded_outwards(shape: int, counters: int, service_minutes: float) -> None:
    """Equal, or one step off where an exact end lies within 3 % of a multiple of five (the approximation's error)."""
    scale = service_minutes / counters
    low, high = (each * scale for each in TABULATED[shape])
    shown = expected_range(shape - 1, counters, service_minutes)
    assert shown is not None
    error = 0.07 if shape == 1 else 0.03
    assert shown.low in {round_outwards(low * (1 + each * error), high).low for each in (-1, 0, 1)}
    assert shown.high in {round_outwards(low, high * (1 + each * error)).high for each in (-1, 0, 1)}


@pytest.mark.parametrize("ahead", range(40))
def test_the_shown_range_covers_what_it_promises(ahead: int) -> None:
    """At least 80 % (less the approximation's half percent) of waits fall into it; rounding outwards only adds."""
    shown = expected_range(ahead, 2, 9)
    assert shown is not None
    if shown.high >= LONGEST_SHOWN_MINUTES:
        pytest.skip("cut at the longest wait shown")
    inside = erlang_probability(ahead + 1, shown.high / 4.5) - erlang_probability(ahead + 1, shown.low / 4.5)
    assert inside >= 0.795


def test_worked_examples() -> None:
    assert expected_range(0, 1, 10) == WaitRange(0, 25)
    assert expected_range(9, 1, 10) == WaitRange(60, 145)
    assert expected_range(9, 5, 10) == WaitRange(10, 30)


def test_without_an_open_counter_nothing_is_promised() -> None:
    assert expected_range(3, 0, 10) is None
    assert expected_range(0, 0, 10) is None


queues = st.tuples(st.integers(0, 500), st.integers(1, 30), st.floats(1, 60))


@given(queues)
def test_is_always_a_range_in_steps_of_five(queue: tuple[int, int, float]) -> None:
    shown = expected_range(*queue)
    assert shown is not None
    assert 0 <= shown.low < shown.high
    assert shown.low % STEP_MINUTES == shown.high % STEP_MINUTES == 0
    assert shown.high <= LONGEST_SHOWN_MINUTES + STEP_MINUTES


@given(queues, st.integers(1, 50))
def test_more_people_ahead_never_shorten_it(queue: tuple[int, int, float], more: int) -> None:
    ahead, counters, service_minutes = queue
    now, then = expected_range(ahead, counters, service_minutes), expected_range(ahead + more, counters, service_minutes)
    assert now is not None
    assert then is not None
    assert now.low <= then.low
    assert now.high <= then.high


@given(queues, st.integers(1, 10))
def test_more_counters_never_lengthen_it(queue: tuple[int, int, float], more: int) -> None:
    ahead, counters, service_minutes = queue
    now, then = expected_range(ahead, counters, service_minutes), expected_range(ahead, counters + more, service_minutes)
    assert now is not None
    assert then is not None
    assert then.low <= now.low
    assert then.high <= now.high


@given(st.floats(-5, 240), st.floats(0, 200))
def test_rounding_goes_outwards(low: float, width: float) -> None:
    shown = round_outwards(low, low + width)
    assert shown.low <= max(0.0, low)
    assert shown.high >= min(low + width, LONGEST_SHOWN_MINUTES)
    assert max(0.0, low) - shown.low < STEP_MINUTES
