"""The range of a wait, against exact quantiles of the Gamma law."""

from __future__ import annotations

from math import exp
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.waits.estimate import QueueSight, expect_wait
from queue_server.domain.waits.range import (
    EARLIEST_HIGH_MINUTES,
    LATEST_LOW_MINUTES,
    LONGEST_SHOWN_MINUTES,
    SHOWN_STEPS,
    WaitRange,
    round_range,
    settle_range,
)

# 10 % and 90 % points of Gamma(shape, 1) = half those of chi-squared with 2 * shape degrees of
# freedom, as tables print them.
TABULATED = {
    1: (0.10536, 2.30259),
    2: (0.53181, 3.88972),
    3: (1.10207, 5.32232),
    5: (2.43259, 7.99359),
    10: (6.22130, 14.20599),
    20: (14.52533, 25.90253),
    50: (41.17894, 59.24900),
}


def expected_range(ahead: int, counters_open: int, service_minutes: float) -> WaitRange | None:
    """What a stream without a history shows before its first call."""
    return expect_wait(
        None, "A", QueueSight(ahead + 1, ahead + 1, 9, counters=counters_open), service_minutes
    )


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
def test_the_range_is_that_of_the_exact_quantiles_on_the_nearest_steps(
    shape: int, counters: int, service_minutes: float
) -> None:
    """Equal, or one step off where an exact end lies within 3 % of the middle between two steps
    (the approximation's error).
    """
    scale = service_minutes / counters
    low, high = (each * scale for each in TABULATED[shape])
    shown = expected_range(shape - 1, counters, service_minutes)
    assert shown is not None
    error = 0.07 if shape == 1 else 0.03
    near = [
        round_range(low * (1 + each * error), shape * scale, high * (1 + each * error))
        for each in (-1, 0, 1)
    ]
    assert shown.low in {each.low for each in near}
    assert shown.high in {each.high for each in near}


def covered(ahead: int, service_minutes: float) -> float:
    """The true share of waits within what is shown with one counter and exponential service."""
    shown = expected_range(ahead, 1, service_minutes)
    assert shown is not None
    return erlang_probability(ahead + 1, shown.high / service_minutes) - erlang_probability(
        ahead + 1, shown.low / service_minutes
    )


@pytest.mark.parametrize("ahead", range(1, 20))
def test_what_is_shown_covers_four_in_five_and_not_nine_in_ten(ahead: int) -> None:
    """On the mean over service times of 2 to 12 minutes; rounded outwards to 5 minutes it was 0.84
    to 0.92.
    """
    assert fmean(covered(ahead, each / 4) for each in range(8, 49)) == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("service_minutes", [0.5, 1.0, 2.0, 4.0, 8.0])
@pytest.mark.parametrize("ahead", range(0, 30, 3))
def test_no_single_range_covers_much_less_than_it_promises(
    ahead: int, service_minutes: float
) -> None:
    assert covered(ahead, service_minutes) > 0.67


def test_worked_examples() -> None:
    assert expected_range(0, 1, 10) == WaitRange(1, 25)
    assert expected_range(9, 1, 10) == WaitRange(60, 150)
    assert expected_range(9, 5, 10) == WaitRange(12, 30)
    assert expected_range(0, 10, 5) == WaitRange(0, 5)
    assert expected_range(60, 1, 10) == WaitRange(240, 480)


def test_without_an_open_counter_nothing_is_promised() -> None:
    assert expected_range(3, 0, 10) is None
    assert expected_range(0, 0, 10) is None


queues = st.tuples(st.integers(0, 500), st.integers(1, 30), st.floats(1, 60))


@given(queues)
def test_is_always_a_range_on_the_steps(queue: tuple[int, int, float]) -> None:
    shown = expected_range(*queue)
    assert shown is not None
    assert 0 <= shown.low < shown.high
    assert {shown.low, shown.high} <= set(SHOWN_STEPS)
    assert shown.low <= LATEST_LOW_MINUTES
    assert EARLIEST_HIGH_MINUTES <= shown.high <= LONGEST_SHOWN_MINUTES


@given(queues, st.integers(1, 50))
def test_more_people_ahead_never_shorten_it(queue: tuple[int, int, float], more: int) -> None:
    ahead, counters, service_minutes = queue
    now, then = (
        expected_range(ahead, counters, service_minutes),
        expected_range(ahead + more, counters, service_minutes),
    )
    assert now is not None
    assert then is not None
    assert now.low <= then.low
    assert now.high <= then.high


@given(queues, st.integers(1, 10))
def test_more_counters_never_lengthen_it(queue: tuple[int, int, float], more: int) -> None:
    ahead, counters, service_minutes = queue
    now, then = (
        expected_range(ahead, counters, service_minutes),
        expected_range(ahead, counters + more, service_minutes),
    )
    assert now is not None
    assert then is not None
    assert then.low <= now.low
    assert then.high <= now.high


ends = st.tuples(st.floats(-5, 600), st.floats(0, 600), st.floats(-5, 600)).map(sorted)
"""A band and an estimate in it, in order."""


@given(ends)
def test_an_end_goes_to_the_nearest_step_or_outwards_to_the_estimate(band: list[float]) -> None:
    low, middle, high = band
    shown = round_range(low, middle, high)
    if middle <= LATEST_LOW_MINUTES:
        assert shown.low <= max(0.0, middle) <= shown.high, "the estimate is in the range"
    nearest_low, nearest_high = (
        min(SHOWN_STEPS, key=lambda step: (abs(step - end), -step)) for end in (low, high)
    )
    assert shown.low == min(
        nearest_low,
        max(each for each in SHOWN_STEPS if each <= max(0.0, middle)),
        LATEST_LOW_MINUTES,
    )
    beyond = [each for each in SHOWN_STEPS if each >= min(middle, LONGEST_SHOWN_MINUTES)]
    assert shown.high >= max(nearest_high, beyond[0])
    assert shown.high in (
        nearest_high,
        beyond[0],
        EARLIEST_HIGH_MINUTES,
        SHOWN_STEPS[SHOWN_STEPS.index(shown.low) + 1],
    )


@given(ends, st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100)))
def test_a_longer_wait_is_never_shown_as_a_shorter_one(
    band: list[float], more: tuple[float, float, float]
) -> None:
    now = round_range(*band)
    then = round_range(*(end + added for end, added in zip(band, more, strict=True)))
    assert now.low <= then.low and now.high <= then.high


@given(st.floats(0, 600))
def test_steps_are_a_small_part_of_what_they_measure(minutes: float) -> None:
    """At most an eighth off, or half a minute; beyond the longest that is shown there is nothing to
    round to.
    """
    nearest = min(SHOWN_STEPS, key=lambda step: abs(step - minutes))
    assert abs(nearest - minutes) <= max(0.5, minutes / 8) or minutes > LONGEST_SHOWN_MINUTES


@given(
    st.lists(
        st.tuples(st.floats(0, 300), st.floats(0, 60), st.floats(0, 60)), min_size=1, max_size=30
    )
)
def test_a_range_kept_is_on_the_steps_and_holds_the_estimate(
    path: list[tuple[float, float, float]],
) -> None:
    shown = None
    for low, below, above in path:
        band = low, low + below, low + below + above
        before, shown = shown, settle_range(shown, *band)
        assert shown in (before, round_range(*band))
        assert shown.low < shown.high
        assert shown.low <= min(band[1], LATEST_LOW_MINUTES) and band[1] <= shown.high
        assert settle_range(shown, *band) == shown, (
            "what is shown does not change while nothing does"
        )


@given(st.sampled_from(SHOWN_STEPS[1:-1]), st.floats(-0.49, 0.49))
def test_an_end_half_way_between_two_steps_does_not_flicker(step: int, wobble: float) -> None:
    after = SHOWN_STEPS[SHOWN_STEPS.index(step) + 1]
    middle = (step + after) / 2
    first = settle_range(None, 0.0, 1.0, middle + wobble * (after - step) / 2)
    assert settle_range(first, 0.0, 1.0, middle - wobble * (after - step) / 2) == first
