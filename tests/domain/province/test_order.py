"""Which office stands first on the province board."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.province.order import (
    Concern,
    Standing,
    list_concerns,
    measure,
    order_worst_first,
)

WELL = Standing("3601", False, 0, 0, 3, 2, 10, 30, 0, 0, 0)

WORSE = {
    Concern.EVACUATED: {"is_evacuated": True},
    Concern.OVER_LIMIT: {"over": 1},
    Concern.WAS_OVER_LIMIT: {"over_minutes": 1},
    Concern.NO_COUNTER: {"counters_open": 0},
    Concern.LONG_WAIT: {"oldest_minutes": 31},
    Concern.DEVICES_SILENT: {"silent_devices": 1},
    Concern.REVIEW_OVERDUE: {"overdue_days": 1},
    Concern.STRANDED: {"stranded": 1},
}


def test_an_office_where_all_is_well_has_no_concern() -> None:
    assert list_concerns(WELL) == ()


@pytest.mark.parametrize("concern", Concern)
def test_each_concern_is_told_by_its_own_number(concern: Concern) -> None:
    assert list_concerns(replace(WELL, **WORSE[concern])) == (concern,)


def test_a_worse_concern_goes_before_any_amount_of_a_lesser_one() -> None:
    many = {"over": 999, "over_minutes": 999, "oldest_minutes": 999, "silent_devices": 99}
    lesser = [
        replace(WELL, office=f"36{place}", **values)
        for place, values in enumerate([{"stranded": 999}, {"overdue_days": 99}, many])
    ]
    first = replace(WELL, office="9999", is_evacuated=True)
    assert [each.office for each in order_worst_first([*lesser, first])] == [
        "9999",
        "362",
        "361",
        "360",
    ]


def test_the_order_of_the_concerns_is_the_one_that_is_published() -> None:
    offices = [
        replace(WELL, office=str(place), **WORSE[concern])
        for place, concern in enumerate(reversed(Concern))
    ]
    ordered = order_worst_first(offices)
    assert [list_concerns(each)[0] for each in ordered] == list(Concern)


def test_nobody_waits_so_a_house_without_a_counter_is_no_concern() -> None:
    closed = replace(WELL, waiting=0, counters_open=0, oldest_minutes=None)
    assert list_concerns(closed) == ()


def test_where_nothing_is_wrong_most_people_waiting_stand_first_then_the_code() -> None:
    few, same, many = (
        replace(WELL, office=code, waiting=waiting)
        for code, waiting in (("3603", 1), ("3602", 1), ("3604", 9))
    )
    assert [each.office for each in order_worst_first([few, same, many])] == [
        "3604",
        "3602",
        "3603",
    ]


STANDINGS = st.builds(
    Standing,
    office=st.integers(3601, 3699).map(str),
    is_evacuated=st.booleans(),
    over=st.integers(0, 3),
    over_minutes=st.integers(0, 3),
    waiting=st.integers(0, 3),
    counters_open=st.integers(0, 2),
    oldest_minutes=st.none() | st.integers(0, 60),
    target_minutes=st.just(30),
    silent_devices=st.integers(0, 2),
    overdue_days=st.integers(0, 2),
    stranded=st.integers(0, 2),
)


@given(st.lists(STANDINGS, max_size=8, unique_by=lambda each: each.office), st.randoms())
def test_the_order_is_total_and_does_not_depend_on_where_offices_come_from(
    standings: list[Standing], random: object
) -> None:
    shuffled = list(standings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis' Random
    ordered = order_worst_first(shuffled)
    assert ordered == order_worst_first(standings)
    assert all(measure(one) >= measure(other) for one, other in pairwise(ordered))
