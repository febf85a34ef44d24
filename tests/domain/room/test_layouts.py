"""Layouts: the reference's worked numbers, and spots that really are in the room and far enough
apart.
"""

from __future__ import annotations

from itertools import combinations
from math import dist, floor, sqrt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from queue_server.domain.room.layouts import (
    Layout,
    count_cells,
    count_layout,
    count_line,
    oler_bound,
    place_layout,
    place_line,
)

HEX = (Layout.HEX_ALONG, Layout.HEX_ACROSS)
sides = st.integers(10, 100_000)
distances = st.integers(10, 2_000)
layouts = st.sampled_from(Layout)


def best_hex(length_cm: int, width_cm: int, distance_cm: int) -> int:
    return max(count_layout(each, length_cm, width_cm, distance_cm) for each in HEX)


@pytest.mark.parametrize(
    ("length_cm", "width_cm", "cells", "square", "hexagonal", "bound"),
    [
        (800, 600, (55, 24, 13), (63, 30, 20), (65, 32, 18), (70, 34, 21)),
        (1200, 1000, (138, 61, 34), (143, 63, 42), (150, 70, 39), (161, 77, 46)),
        (2000, 1000, (230, 102, 57), (231, 98, 66), (252, 112, 66), (261, 123, 73)),
    ],
)
def test_worked_rooms(
    length_cm: int,
    width_cm: int,
    cells: tuple[int, ...],
    square: tuple[int, ...],
    hexagonal: tuple[int, ...],
    bound: tuple[int, ...],
) -> None:
    at = (100, 150, 200)
    assert tuple(count_cells(length_cm * width_cm, each) for each in at) == cells
    assert tuple(count_layout(Layout.SQUARE, length_cm, width_cm, each) for each in at) == square
    assert tuple(best_hex(length_cm, width_cm, each) for each in at) == hexagonal
    assert tuple(oler_bound(length_cm, width_cm, each) for each in at) == bound


def test_published_room_of_125_by_65_feet_at_6() -> None:
    assert [count_layout(each, 12_500, 6_500, 600) for each in Layout] == [231, 273, 275]


def test_binary_fractions_cost_no_place() -> None:
    assert floor(23.4 / 1.8) == 12, "the trap: the true quotient is 13"
    assert count_line(2340, 180) == 14


def test_nobody_beside_a_single_file() -> None:
    assert [count_layout(each, 800, 10, 100) for each in Layout] == [9, 9, 5], (
        "hexagonal rows across a single file hold every other person"
    )
    assert count_layout(Layout.HEX_ACROSS, 90, 40, 100) == 1
    assert list(place_layout(Layout.SQUARE, 90, 40, 100)) == [(45, 20)], (
        "one person alone stands in the middle"
    )


@given(sides, sides, distances)
def test_bound_is_the_formula(length_cm: int, width_cm: int, distance_cm: int) -> None:
    area, perimeter = length_cm * width_cm, 2 * (length_cm + width_cm)
    exact = 2 / sqrt(3) * area / distance_cm**2 + perimeter / (2 * distance_cm) + 1
    assert oler_bound(length_cm, width_cm, distance_cm) in {
        floor(exact * (1 - 1e-12)),
        floor(exact * (1 + 1e-12)),
    }


@given(layouts, sides, sides, distances)
def test_no_layout_exceeds_the_bound(
    layout: Layout, length_cm: int, width_cm: int, distance_cm: int
) -> None:
    assert (
        1
        <= count_layout(layout, length_cm, width_cm, distance_cm)
        <= oler_bound(length_cm, width_cm, distance_cm)
    )


@given(
    layouts, sides, sides, distances, st.integers(0, 500), st.integers(0, 500), st.integers(0, 100)
)
def test_more_room_never_lowers_and_more_distance_never_raises(
    layout: Layout,
    length_cm: int,
    width_cm: int,
    distance_cm: int,
    longer: int,
    wider: int,
    farther: int,
) -> None:
    count = count_layout(layout, length_cm, width_cm, distance_cm)
    assert count_layout(layout, length_cm + longer, width_cm + wider, distance_cm) >= count
    assert count_layout(layout, length_cm, width_cm, distance_cm + farther) <= count
    bound = oler_bound(length_cm, width_cm, distance_cm)
    assert (
        oler_bound(length_cm + longer, width_cm + wider, distance_cm)
        >= bound
        >= oler_bound(length_cm, width_cm, distance_cm + farther)
    )


@given(layouts, st.integers(10, 1500), st.integers(10, 1500), st.integers(90, 400))
@example(Layout.HEX_ALONG, 50, 1500, 100)
@example(Layout.HEX_ALONG, 49, 1500, 100)
@example(Layout.HEX_ACROSS, 1500, 866, 100)
def test_spots_are_as_many_as_counted_inside_and_far_enough_apart(
    layout: Layout, length_cm: int, width_cm: int, distance_cm: int
) -> None:
    spots = list(place_layout(layout, length_cm, width_cm, distance_cm))
    assert len(spots) == count_layout(layout, length_cm, width_cm, distance_cm)
    assert all(0 <= x <= length_cm and 0 <= y <= width_cm for x, y in spots)
    # Row pitches of hexagonal layouts are irrational in the worst case: they are given to the last
    # bit, no nearer.
    assert all(dist(one, two) >= distance_cm * (1 - 1e-12) for one, two in combinations(spots, 2))


@given(sides, distances)
def test_a_line_is_shared_out(length_cm: int, distance_cm: int) -> None:
    line = place_line(length_cm, distance_cm)
    assert len(line) == count_line(length_cm, distance_cm)
    assert 0 <= line[0] <= line[-1] <= length_cm
    assert all(two - one >= distance_cm for one, two in zip(line, line[1:], strict=False))
