"""Choosing seats: the published row numbers, exact against brute force, never too near, never fewer
for a larger plan.
"""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.room.apart import (
    add_swaps,
    bits,
    bound_by_cliques,
    choose_in_order,
    drop_dominated,
    sweep,
)
from queue_server.domain.room.seats import Point, choose_seats, conflicts, count_row


def places(most: int, side_cm: int = 600) -> st.SearchStrategy[list[Point]]:
    return st.lists(
        st.tuples(st.integers(0, side_cm), st.integers(0, side_cm)), min_size=1, max_size=most
    )


def grid(columns: int, rows: int, pitch_cm: int, gap_cm: int) -> list[Point]:
    return [(column * pitch_cm, row * gap_cm) for row in range(rows) for column in range(columns)]


def are_apart(found: list[Point], distance_cm: int) -> bool:
    return all(
        (x1 - x2) ** 2 + (y1 - y2) ** 2 >= distance_cm**2
        for (x1, y1), (x2, y2) in combinations(found, 2)
    )


def brute_force(found: list[Point], distance_cm: int) -> int:
    near = conflicts(found, distance_cm)
    best = 0
    for mask in range(1 << len(found)):
        if mask.bit_count() > best and not any(
            mask >> each & 1 and near[each] & mask for each in range(len(found))
        ):
            best = mask.bit_count()
    return best


@pytest.mark.parametrize(
    ("pitch_cm", "distance_cm", "usable"), [(55, 100, 5), (60, 150, 4), (60, 200, 3), (70, 210, 4)]
)
def test_one_row_of_ten(pitch_cm: int, distance_cm: int, usable: int) -> None:
    assert count_row(10, pitch_cm, distance_cm) == usable
    choice = choose_seats(grid(10, 1, pitch_cm, 1), distance_cm)
    assert (len(choice.chosen), choice.exact) == (usable, True)


def test_a_seven_tenths_pitch_is_not_deceived() -> None:
    assert count_row(10, 70, 210) == 4, (
        "ceil(2.1 / 0.7) is 3, binary floating point says 4, which would leave 3 seats"
    )


@given(st.integers(1, 40), st.integers(20, 150), st.integers(20, 400))
def test_row_formula_is_the_best_choice(seats: int, pitch_cm: int, distance_cm: int) -> None:
    choice = choose_seats(grid(seats, 1, pitch_cm, 1), distance_cm)
    assert choice.exact
    assert len(choice.chosen) == count_row(seats, pitch_cm, distance_cm)


@settings(max_examples=60, deadline=None)
@given(places(11), st.integers(50, 400))
def test_search_equals_brute_force(found: list[Point], distance_cm: int) -> None:
    near = conflicts(found, distance_cm)
    swept = sweep(near, range(len(found)), 0, 100_000)
    assert (swept.chosen.bit_count(), swept.exact) == (brute_force(found, distance_cm), True)
    choice = choose_seats(found, distance_cm)
    assert choice.exact
    assert len(choice.chosen) == brute_force(found, distance_cm)


@settings(max_examples=60, deadline=None)
@given(places(11), st.integers(50, 400))
def test_leaving_out_dominated_seats_costs_none(found: list[Point], distance_cm: int) -> None:
    taken, left = drop_dominated(conflicts(found, distance_cm), (1 << len(found)) - 1)
    rest = [found[each] for each in bits(left)]
    assert taken.bit_count() + (brute_force(rest, distance_cm) if rest else 0) == brute_force(
        found, distance_cm
    )
    assert are_apart([found[each] for each in bits(taken)], distance_cm)


@settings(max_examples=60, deadline=None)
@given(places(11), st.integers(50, 400))
def test_no_choice_exceeds_a_cover_by_cliques(found: list[Point], distance_cm: int) -> None:
    bounds = bound_by_cliques(conflicts(found, distance_cm), range(len(found)))
    assert all(
        bounds[place] >= brute_force(found[place:], distance_cm) for place in range(len(found))
    )


def test_swaps_find_what_the_first_choice_misses() -> None:
    found, distance_cm = [(100, 0), (0, 0), (200, 0)], 150
    near = conflicts(found, distance_cm)
    first = choose_in_order(near, range(len(found)))
    assert (first, add_swaps(near, 0b111, first)) == (0b001, 0b110), (
        "the seat in the middle is in the way of both others"
    )


@settings(max_examples=60, deadline=None)
@given(places(80, 1500), st.integers(50, 400))
def test_swaps_never_make_it_worse_and_keep_the_distance(
    found: list[Point], distance_cm: int
) -> None:
    near, whole = conflicts(found, distance_cm), (1 << len(found)) - 1
    first = choose_in_order(near, range(len(found)))
    better = add_swaps(near, whole, first)
    assert better.bit_count() >= first.bit_count()
    for mask in (first, better):
        assert are_apart([found[each] for each in bits(mask)], distance_cm)


@settings(max_examples=80, deadline=None)
@given(places(90, 1200), st.integers(50, 400), st.integers(1, 100))
def test_chosen_seats_keep_the_distance_and_more_distance_never_gives_more(
    found: list[Point], distance_cm: int, farther: int
) -> None:
    choice = choose_seats(found, distance_cm)
    assert are_apart([found[each] for each in choice.chosen], distance_cm)
    assert len(choose_seats(found, distance_cm + farther).chosen) <= len(choice.chosen)
    near = conflicts(found, distance_cm)
    assert (
        len(choice.chosen)
        >= add_swaps(
            near, (1 << len(found)) - 1, choose_in_order(near, range(len(found)))
        ).bit_count()
    )


@settings(max_examples=25, deadline=None)
@given(
    st.integers(8, 14),
    st.integers(6, 9),
    st.sampled_from([50, 55, 60]),
    st.sampled_from([70, 80, 90]),
    st.integers(60, 250),
    st.integers(1, 60),
)
def test_large_halls_too(
    columns: int, rows: int, pitch_cm: int, gap_cm: int, distance_cm: int, farther: int
) -> None:
    hall = grid(columns, rows, pitch_cm, gap_cm)
    choice = choose_seats(hall, distance_cm)
    assert are_apart([hall[each] for each in choice.chosen], distance_cm)
    assert len(choose_seats(hall, distance_cm + farther).chosen) <= len(choice.chosen)


@pytest.mark.parametrize(
    ("columns", "rows", "pitch_cm", "near_cm", "far_cm"),
    [(13, 5, 50, 150, 155), (14, 7, 50, 250, 255), (13, 5, 55, 165, 170)],
)
def test_a_large_hall_gets_no_fewer_seats_than_at_a_larger_distance(
    columns: int, rows: int, pitch_cm: int, near_cm: int, far_cm: int
) -> None:
    # Here greedy choice and swaps alone find one seat fewer at the smaller distance.
    hall = grid(columns, rows, pitch_cm, 70)
    assert len(choose_seats(hall, near_cm).chosen) >= len(choose_seats(hall, far_cm).chosen)


@pytest.mark.parametrize("distance_cm", [80, 100, 120, 150, 200])
@pytest.mark.parametrize(("columns", "rows"), [(10, 6), (14, 9)])
def test_halls_of_rows_are_exact(columns: int, rows: int, distance_cm: int) -> None:
    assert choose_seats(grid(columns, rows, 55, 80), distance_cm).exact


def scatter(seats: int, length_cm: int, width_cm: int, seed: int) -> list[Point]:
    """Loose seats, no two closer than 40 cm."""
    random, found = Random(seed), list[Point]()
    while len(found) < seats:
        seat = random.randrange(length_cm), random.randrange(width_cm)
        if all((seat[0] - x) ** 2 + (seat[1] - y) ** 2 >= 1600 for x, y in found):
            found.append(seat)
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("seats", "length_cm", "width_cm"), [(61, 700, 500), (110, 1000, 800), (190, 1600, 900)]
)
def test_one_chair_more_never_gives_fewer_seats(
    seats: int, length_cm: int, width_cm: int, seed: int
) -> None:
    """Nor does any part of the plan give more than the whole. All stand in one group of more than
    60, and are proved.
    """
    hall = scatter(seats, length_cm, width_cm, seed)
    for distance_cm in (130, 190):
        counts = [
            choose_seats(hall[:each], distance_cm)
            for each in (seats // 2, seats - 2, seats - 1, seats)
        ]
        assert all(each.exact for each in counts)
        assert sorted(len(each.chosen) for each in counts) == [len(each.chosen) for each in counts]


@pytest.mark.parametrize("seed", [0, 1])
def test_a_search_cut_short_says_so_and_is_near_the_best(seed: int) -> None:
    hall, distance_cm = scatter(300, 1500, 1200, seed), 150
    best, hasty = choose_seats(hall, distance_cm), choose_seats(hall, distance_cm, effort=0)
    assert best.exact and not hasty.exact
    assert are_apart([hall[each] for each in hasty.chosen], distance_cm)
    assert len(best.chosen) - 2 <= len(hasty.chosen) <= len(best.chosen)
