"""An office's time never runs backwards, and ten minutes stay ten minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.visit.clock import (
    FOLLOWED,
    FULL_SPEED,
    SLOWER,
    Reading,
    catch_up,
    jump_of,
    not_before,
    read_on,
)

NINE = datetime(2026, 11, 23, 2, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_time_goes_as_the_clock_does() -> None:
    reading = Reading(NINE, NINE)
    for _ in range(10):
        reading = read_on(reading, reading.wall_clock + minutes(1), minutes(1))
        assert reading.time == reading.wall_clock


def test_after_an_hour_back_ten_minutes_are_ten_minutes() -> None:
    back = read_on(Reading(NINE, NINE), NINE - minutes(60), minutes(0))
    assert back.time == NINE
    assert read_on(back, NINE - minutes(50), minutes(10)).time == NINE + minutes(10)


def test_the_clock_catches_up_and_then_both_go_together() -> None:
    reading, passed = read_on(Reading(NINE, NINE), NINE - minutes(60), minutes(0)), minutes(0)
    while reading.time > reading.wall_clock:
        before = reading
        reading, passed = (
            read_on(reading, reading.wall_clock + minutes(1), minutes(1)),
            passed + minutes(1),
        )
        assert reading.time > before.time
    assert passed == FULL_SPEED + minutes(60) / (1 - SLOWER)
    assert read_on(
        reading, reading.wall_clock + minutes(1), minutes(1)
    ).time == reading.wall_clock + minutes(1)


@pytest.mark.parametrize("ahead", [minutes(5), minutes(60), minutes(24 * 60)])
def test_a_clock_set_ahead_is_followed_and_set_back_again_within_bounds(ahead: timedelta) -> None:
    there = read_on(Reading(NINE, NINE), NINE + ahead, minutes(0))
    assert there.time == NINE + ahead
    back = read_on(there, NINE, minutes(0))
    assert back.time == (NINE + ahead if ahead <= FOLLOWED else NINE), (
        "a day ahead was an error, left behind at once"
    )


def test_a_machine_that_slept_has_not_been_set() -> None:
    assert jump_of(Reading(NINE, NINE), NINE + minutes(480), minutes(480)) == minutes(0)


MOVES = st.lists(
    st.tuples(st.integers(0, 600), st.one_of(st.just(0), st.integers(-5_000, 5_000))),
    min_size=1,
    max_size=40,
)


@given(MOVES)
def test_however_the_clock_is_set_time_goes_on_and_is_never_further_ahead_than_is_followed(
    moves: list[tuple[int, int]],
) -> None:
    reading = Reading(NINE, NINE)
    for passed, jump in moves:
        wall_clock = reading.wall_clock + timedelta(seconds=passed + jump)
        before, reading = reading, read_on(reading, wall_clock, timedelta(seconds=passed))
        assert timedelta(0) <= reading.time - wall_clock <= FOLLOWED
        too_far = before.time + timedelta(seconds=SLOWER * passed) - wall_clock > FOLLOWED
        assert reading.time >= before.time or too_far


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, NINE),
        (NINE - minutes(1), NINE),
        (NINE, NINE),
        (NINE + minutes(60), NINE + minutes(60) + timedelta(microseconds=1)),
        (NINE + FOLLOWED + minutes(1), NINE),
        (NINE + minutes(24 * 60), NINE),
    ],
)
def test_what_happens_now_is_not_before_the_last_event_unless_that_was_an_error(
    last: datetime | None, expected: datetime
) -> None:
    assert not_before(last, NINE) == expected


def test_a_server_started_anew_goes_on_from_its_newest_event() -> None:
    started = Reading(NINE, NINE)
    assert catch_up(started, NINE + minutes(50)).time == NINE + minutes(50)
    assert catch_up(started, NINE - minutes(5)) == started
    assert catch_up(started, NINE + minutes(300)) == started, "further than is followed"
