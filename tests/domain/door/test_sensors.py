"""Counting sensors: what is believed, what adds up, and that they can only make the door more
careful.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.door.sensors import (
    CLOCK_SLACK,
    JUMP_MAX,
    SILENT_AFTER,
    DoorCount,
    Reading,
    count_inside,
    count_reading,
    recount,
)
from queue_server.domain.errors import BadReading
from queue_server.domain.visit.occupancy import Occupancy
from tests.domain.examples import NINE, TODAY, minutes

YESTERDAY = TODAY - timedelta(days=1)


def count(
    total_in: int,
    total_out: int,
    previous: DoorCount | None,
    *,
    at: datetime = NINE,
    now: datetime | None = None,
    day: date = TODAY,
    sensor: str = "main",
) -> DoorCount:
    return count_reading(sensor, Reading(total_in, total_out, at), previous, TODAY, day, now or at)


def refusal(total_in: int, total_out: int, previous: DoorCount | None, **values: object) -> object:
    with pytest.raises(BadReading) as told:
        # the test's own short way
        count(total_in, total_out, previous, **values)  # type: ignore[arg-type]
    return told.value.facts["reason"]


def test_a_reading_counts_persons_inside_and_a_repeat_changes_nothing() -> None:
    first = count(5, 2, None)
    assert first.inside == 3 and count(5, 2, first) == first
    second = count(9, 3, first, at=NINE + minutes(1))
    assert second.inside == 6
    assert count(9, 3, second, at=NINE + minutes(2)).inside == 6, "no news is a sign of life"


@pytest.mark.parametrize(("total_in", "total_out"), [(4, 2), (5, 1), (0, 0)])
def test_totals_never_go_backwards_within_a_day(total_in: int, total_out: int) -> None:
    assert refusal(total_in, total_out, count(5, 2, None), at=NINE + minutes(1)) == "backwards"


def test_a_jump_is_a_fault() -> None:
    known = count(5, 2, None)
    assert count(5 + JUMP_MAX, 2, known).inside == 3 + JUMP_MAX
    assert refusal(5 + JUMP_MAX + 1, 2, known) == "jump"
    assert refusal(5, 2 + JUMP_MAX + 1, known) == "jump"


@pytest.mark.parametrize(
    "previous",
    [None, DoorCount("main", YESTERDAY, Reading(900_000, 900_000, NINE - timedelta(hours=14)))],
)
def test_the_totals_of_a_long_life_are_nobody_inside(previous: DoorCount | None) -> None:
    """A sensor never heard of, or another one in its place: what it has seen before today says
    nothing of who is inside.
    """
    first = count(5_000, 4_990, previous)
    assert (first.date, first.inside) == (TODAY, 0)
    assert count(5_000, 4_990, first) == first
    assert count(5_004, 4_991, first, at=NINE + minutes(1)).inside == 3
    assert refusal(5_000 + JUMP_MAX + 1, 4_990, first, at=NINE + minutes(1)) == "jump"
    assert refusal(4_999, 4_990, first, at=NINE + minutes(1)) == "backwards"
    assert count(JUMP_MAX, JUMP_MAX - 7, previous).inside == 7, "so few may all have come today"
    assert count(0, JUMP_MAX + 1, previous).inside == 0


def test_times_that_cannot_be() -> None:
    known = count(5, 2, None)
    assert refusal(6, 2, known, at=NINE - minutes(1), now=NINE) == "older"
    assert refusal(6, 2, known, at=NINE + CLOCK_SLACK + timedelta(seconds=1), now=NINE) == "future"
    assert refusal(6, 2, known, at=NINE, day=YESTERDAY) == "day"
    assert count(6, 2, known, at=NINE + CLOCK_SLACK, now=NINE).inside == 4, (
        "clocks are never quite alike"
    )


def test_a_new_day_begins_at_nobody_whether_the_sensor_does_or_not() -> None:
    evening = DoorCount("main", YESTERDAY, Reading(230, 221, NINE - timedelta(hours=14)))
    anew = count(4, 1, evening)
    assert (anew.date, anew.inside) == (TODAY, 3)
    goes_on = count(236, 222, evening)
    assert (goes_on.date, goes_on.inside) == (TODAY, 5), "six have come in and one went out since"
    assert count(236, 222, goes_on) == goes_on


def test_a_sensor_unheard_for_days_begins_at_nobody_and_is_believed_again() -> None:
    friday = DoorCount("main", YESTERDAY, Reading(230, 221, NINE - timedelta(hours=62)))
    monday = count(2_230, 2_200, friday)
    assert monday.inside == 0
    assert count(2_235, 2_201, monday, at=NINE + minutes(1)).inside == 4


def test_doors_add_up_and_silent_ones_count_no_longer() -> None:
    main, back = count(10, 2, None), count(1, 5, None, sensor="back")
    assert count_inside([main, back], NINE) == 4, "some came in by one door and left by the other"
    assert count_inside([back], NINE) == 0
    assert count_inside([], NINE) is None
    later = count(10, 2, main, at=NINE + minutes(5))
    moment = NINE + SILENT_AFTER + minutes(1)
    assert count_inside([later, back], moment) == 8
    assert count_inside([main, back], moment) is None


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=4),
    st.integers(0, 100),
)
def test_a_count_by_eye_sets_all_sensors_together(
    totals: list[tuple[int, int]], persons: int
) -> None:
    counts = [
        count(came, went, None, sensor=f"s{place}") for place, (came, went) in enumerate(totals)
    ]
    fresh = recount(counts, persons)
    assert count_inside(fresh, NINE) == persons
    after = [
        count(fresh[0].last.total_in + 2, fresh[0].last.total_out + 1, fresh[0], sensor="s0"),
        *fresh[1:],
    ]
    assert count_inside(after, NINE) == persons + 1


@given(
    st.integers(0, 50),
    st.integers(-50, 50),
    st.integers(1, 50),
    st.one_of(st.none(), st.integers(0, 100)),
    st.integers(1, 6),
)
def test_a_sensor_never_lets_anybody_in(
    ticketed: int, correction: int, limit: int, sensed: int | None, party: int
) -> None:
    without, with_sensor = (
        Occupancy(ticketed, correction, limit),
        Occupancy(ticketed, correction, limit, sensed),
    )
    assert with_sensor.inside >= without.inside
    assert without.fits(party) or not with_sensor.fits(party)
