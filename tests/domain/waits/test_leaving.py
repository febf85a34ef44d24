"""When to leave, and why nothing can be said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.waits.estimate import QueueSight, expect_wait, why_no_range
from queue_server.domain.waits.leaving import TRAVEL_MINUTES, NoRange, be_there_at, leave_at

NINE = datetime(2026, 3, 23, 2, 0, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("there", "travel", "leave"),
    [(60, 20, 40), (60, 59, 1), (60, 60, None), (60, 90, None), (-5, 5, None)],
)
def test_the_way_is_taken_off_and_never_points_into_the_past(
    there: int, travel: int, leave: int | None
) -> None:
    expected = None if leave is None else NINE + minutes(leave)
    assert leave_at(NINE + minutes(there), travel, NINE) == expected


def test_nobody_is_told_to_be_there_before_the_doors_open() -> None:
    assert be_there_at(NINE, NINE + minutes(30)) == NINE + minutes(30)
    assert be_there_at(NINE + minutes(31), NINE + minutes(30)) == NINE + minutes(31)
    assert be_there_at(NINE, None) == NINE


@given(
    earliest=st.integers(-600, 600),
    opens=st.none() | st.integers(-600, 600),
    travel=st.sampled_from(TRAVEL_MINUTES),
)
def test_whatever_is_told_is_ahead_and_arrives_with_open_doors(
    earliest: int, opens: int | None, travel: int
) -> None:
    opens_at = None if opens is None else NINE + minutes(opens)
    there = be_there_at(NINE + minutes(earliest), opens_at)
    at = leave_at(there, travel, NINE)
    assert there >= NINE + minutes(earliest) and (opens_at is None or there >= opens_at)
    assert at is None or (at > NINE and at + minutes(travel) == there)
    assert (at is None) == (there - minutes(travel) <= NINE)


@pytest.mark.parametrize(
    ("counters", "silent", "reason"),
    [
        (0, 0.0, NoRange.NOBODY_SERVES),
        (0, 99.0, NoRange.NOBODY_SERVES),
        (2, 30.0, NoRange.STALLED),
        (2, 29.9, None),
        (None, 0.0, None),
    ],
)
def test_there_is_a_reason_just_where_there_is_no_range(
    counters: int | None, silent: float, reason: NoRange | None
) -> None:
    sight = QueueSight(3, 5, 9, silent_minutes=silent, counters=counters)
    assert why_no_range(sight) is reason
    assert (expect_wait(None, "A", sight, 10.0) is None) == (reason is not None)
