"""Choosing seats: the published row numbers, exact against brute force, never too near, and never worse than the greedy choice."""
from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.seats import (
    EXACT_SEATS,
    Place,
    add_swaps,
    choose_greedily,
    choose_in_order,
    choose_seats,
    conflicts,
    count_row,
    search_best,
)


def places(most: int, side_cm: int = 600) -> st.SearchStrategy[list[Place]]:
    return st.lists(st.tuples(st.integers(0, side_cm), st.integers(0, side_cm)), min_size=1, max_size=most)


def grid(columns: int, rows: int, pitch_cm: int, gap_cm: int) -> list[Place]:
    return [(column * pitch_cm, row * gap_cm) for row in range(rows) for column in range(columns)]


def are_apart(found: list[Place], distance_cm: int) -> bool:
    return all((x1 - x2) ** 2 + (y1 - y2) ** 2 >= distance_cm**2 for (x1, y1), (x2, y2) in combinations(found, 2))


def brute_force(found: list[Place], distance_cm: int) -> int:
    near = conflicts(found, distance_cm)
    best = 0
    for mask in range(1 << len(found)):
        if mask.bit_count() > best and not any(mask >> each & 1 and near[each] & mask for each in range(len(found))):
            best = mask.bit_count()
    return best


@pytest.mark.parametrize(("pitch_cm", "distance_cm", "usable"), [(55, 100, 5), (60, 150, 4), (60, 200, 3), (70, 210, 4)])
def test_one_row_of_ten(pitch_cm: int, distance_cm: int, usable: int) -> None:
    assert count_row(10, pitch_cm, distance_cm) == usable
    choice = choose_seats(grid(10, 1, pitch_cm, 1), distance_cm)
    assert (len(choice.chosen), choice.exact) == (usable, True)


def test_a_seven_tenths_pitch_is_not_deceived() -> None:
    assert count_row(10, 70, 210) == 4, "ceil(2.1 / 0.7) is 3, binary floating point says 4, which would leave 3 seats"


@given(st.integers(1, 40), st.integers(20, 150), st.integers(20, 400))
def test_row_formula_is_the_best_choice(seats: int, pitch_cm: int, distance_cm: int) -> None:
    choice = choose_seats(grid(seats, 1, pitch_cm, 1), distance_cm)
    assert choice.exact
    assert len(choice.chosen) == count_row(seats, pitch_cm, distance_cm)


@settings(max_examples=60, deadline=None)
@given(places(11), st.integers(50, 400))
def test_search_equals_brute_force(found: list[Place], distance_cm: int) -> None:
    near = conflicts(found, distance_cm)
    whole = (1 << len(found)) - 1
    assert search_best(near, whole, 0).bit_count() == brute_force(found, distance_cm)
    choice = choose_seats(found, distance_cm)
    assert choice.exact
    assert len(choice.chosen) == brute_force(found, distance_cm)


def test_swaps_find_what_the_greedy_choice_misses() -> None:
    found, distance_cm = [(180, 60), (340, 200), (280, 180), (300, 100), (100, 140), (160, 240), (280, 100)], 150
    near, whole = conflicts(found, distance_cm), (1 << len(found)) - 1
    greedy = choose_greedily(near, whole)
    assert greedy.bit_count() < add_swaps(near, whole, greedy).bit_count() == brute_force(found, distance_cm)


@settings(max_examples=60, deadline=None)
@given(places(80, 1500), st.integers(50, 400))
def test_swaps_never_make_it_worse_and_keep_the_distance(found: list[Place], distance_cm: int) -> None:
    near, whole = conflicts(found, distance_cm), (1 << len(found)) - 1
    for first in (choose_greedily, choose_in_order):
        greedy = first(near, whole)
        better = add_swaps(near, whole, greedy)
        assert better.bit_count() >= greedy.bit_count()
        for mask in (greedy, better):
            assert are_apart([place for each, place in enumerate(found) if mask >> each & 1], distance_cm)


@settings(max_examples=80, deadline=None)
@given(places(90, 1200), st.integers(50, 400), st.integers(1, 100))
def test_chosen_seats_keep_the_distance_and_more_distance_never_gives_more(found: list[Place], distance_cm: int, farther: int) -> None:
    choice = choose_seats(found, distance_cm)
    assert are_apart([found[each] for each in choice.chosen], distance_cm)
    assert len(choose_seats(found, distance_cm + farther).chosen) <= len(choice.chosen)
    near, whole = conflicts(found, distance_cm), (1 << len(found)) - 1
    assert len(choice.chosen) >= choose_greedily(near, whole).bit_count()


@settings(max_examples=25, deadline=None)
@given(
    st.integers(8, 14), st.integers(6, 9), st.sampled_from([50, 55, 60]), st.sampled_from([70, 80, 90]), st.integers(60, 250),
    st.integers(1, 60),
)
def test_large_halls_too(columns: int, rows: int, pitch_cm: int, gap_cm: int, distance_cm: int, farther: int) -> None:
    hall = grid(columns, rows, pitch_cm, gap_cm)
    choice = choose_seats(hall, distance_cm)
    assert are_apart([hall[each] for each in choice.chosen], distance_cm)
    assert len(choose_seats(hall, distance_cm + farther).chosen) <= len(choice.chosen)


@pytest.mark.parametrize(
    ("columns", "rows", "pitch_cm", "near_cm", "far_cm"), [(13, 5, 50, 150, 155), (14, 7, 50, 250, 255), (13, 5, 55, 165, 170)]
)
def test_a_large_hall_gets_no_fewer_seats_than_at_a_larger_distance(
    columns: int, rows: int, pitch_cm: int, near_cm: int, far_cm: int
) -> None:
    # Here greedy choice and swaps alone find one seat fewer at the smaller distance.
    hall = grid(columns, rows, pitch_cm, 70)
    assert len(choose_seats(hall, near_cm).chosen) >= len(choose_seats(hall, far_cm).chosen)


@pytest.mark.parametrize("distance_cm", [80, 100, 120, 150, 200])
def test_halls_of_sixty_are_exact(distance_cm: int) -> None:
    assert EXACT_SEATS == 60
    assert choose_seats(grid(10, 6, 55, 80), distance_cm).exact
