"""The room plan: the marked spots keep the distance, lie in the room, and are never more than the
limit.
"""

from __future__ import annotations

from itertools import combinations
from math import dist
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.room.capacity import limit_zone
from queue_server.domain.room.plan import SPOTS_MAX, Spots, spots, thin_out
from queue_server.domain.room.zones import Method, Seat, SeatRow, Zone, ZoneKind


def room(*methods: Method, **values: Any) -> Zone:
    return Zone(
        **{
            "name": "room",
            "kind": ZoneKind.WAITING_ROOM,
            "methods": methods,
            "length_m": 8,
            "width_m": 6,
            "spacing_m": 1.5,
            **values,
        }
    )


def found_in(zone: Zone) -> Spots:
    found = spots(zone)
    assert found is not None
    return found


def usable(found: Spots) -> list[tuple[float, float]]:
    return [(each.x_m, each.y_m) for each in found.spots if each.usable]


def test_a_layout_marks_its_number() -> None:
    found = found_in(room(Method.LAYOUT))
    assert (found.method, len(found.spots), len(usable(found))) == (Method.LAYOUT, 32, 32)


def test_seats_show_free_and_blocked_ones() -> None:
    found = found_in(room(Method.SEATS, seat_rows=(SeatRow(0.5, 1, 10, 0.6),)))
    assert [each.usable for each in found.spots] == [True, False, False] * 3 + [True]
    assert found.spots[3].x_m == pytest.approx(2.3)


def test_a_line_runs_down_the_middle() -> None:
    found = found_in(room(Method.LINE, kind=ZoneKind.CORRIDOR, width_m=2, spacing_m=1))
    assert usable(found) == [(float(each), 1.0) for each in range(9)]


def test_marks_lie_in_the_clear_part_of_the_room() -> None:
    zone = room(
        Method.LAYOUT,
        furniture_m2=10,
        clear_length_m=3,
        clear_width_m=1.5,
        clear_x_m=4,
        clear_y_m=2.5,
    )
    assert usable(found_in(zone)) == [(4, 2.5), (5.5, 2.5), (7, 2.5), (4, 4), (5.5, 4), (7, 4)]


def test_a_smaller_number_spreads_the_marks() -> None:
    found = found_in(room(Method.LAYOUT, Method.DENSITY, area_per_person_m2=4))
    assert (len(found.spots), len(usable(found))) == (12, 12)
    assert min(dist(one, two) for one, two in combinations(usable(found), 2)) == pytest.approx(
        2.66
    ), "3 rows of 4 fill the room"
    staffed = found_in(
        room(
            Method.LAYOUT, Method.DENSITY, area_per_person_m2=4, staff_inside=2, staff_counted=True
        )
    )
    assert len(usable(staffed)) == 12, "10 visitors, and 2 members of staff who stand among them"


def test_a_smaller_number_leaves_seats_free() -> None:
    rows = (SeatRow(0.5, 1, 10, 0.6), SeatRow(0.5, 4, 10, 0.6))
    found = found_in(room(Method.SEATS, Method.DENSITY, seat_rows=rows, area_per_person_m2=8))
    assert (len(found.spots), len(usable(found))) == (20, 6), (
        "8 seats keep the distance, the area allows 6"
    )


def test_nothing_is_marked_where_the_limit_is_refused() -> None:
    impossible = room(Method.LAYOUT, Method.PERCENT, spacing_m=2, percent=100, licensed_capacity=90)
    assert len(usable(found_in(impossible))) == 20, (
        "the layout binds, the share is out of the question"
    )
    refused = room(
        Method.LAYOUT,
        Method.DENSITY,
        spacing_m=2,
        area_rule="nsw_2m2",
        area_per_person_m2=None,
        staff_inside=9,
        staff_counted=True,
    )
    assert limit_zone(refused).limit == 11
    counted = room(
        Method.LAYOUT,
        Method.DENSITY,
        spacing_m=2,
        area_rule="nsw_4m2",
        length_m=9.9,
        staff_inside=99,
    )
    assert limit_zone(counted).limit == 0
    assert usable(found_in(counted)) == []


def test_no_plan_without_places_or_with_too_many() -> None:
    assert spots(room(Method.DENSITY, area_per_person_m2=4)) is None
    assert spots(room(Method.LAYOUT, length_m=1000, width_m=1000, spacing_m=0.1)) is None
    assert (
        limit_zone(room(Method.LAYOUT, length_m=1000, width_m=1000, spacing_m=0.1)).limit
        is not None
    )


def test_thinning_out_spreads() -> None:
    assert thin_out([(float(each), 0.0) for each in range(9)], 3) == [0, 4, 8]
    assert thin_out([(0.0, 0.0), (1.0, 0.0)], 5) == [0, 1]
    assert thin_out([(0.0, 0.0)], 0) == []


@settings(max_examples=120, deadline=None)
@given(
    st.sets(
        st.sampled_from([Method.LAYOUT, Method.SEATS, Method.DENSITY, Method.LINE]), min_size=1
    ),
    st.integers(100, 1200),
    st.integers(100, 1200),
    st.integers(60, 300),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=40),
    st.integers(0, 5),
    st.booleans(),
)
def test_marked_spots_keep_the_distance_and_the_limit(
    methods: set[Method],
    length_cm: int,
    width_cm: int,
    spacing_cm: int,
    seats: list[tuple[int, int]],
    staff: int,
    staff_counted: bool,
) -> None:
    zone = Zone(
        name="hall",
        kind=ZoneKind.CORRIDOR,
        methods=tuple(sorted(methods)),
        length_m=length_cm / 100,
        width_m=width_cm / 100,
        spacing_m=spacing_cm / 100,
        area_per_person_m2=2.5,
        seats=tuple(Seat(x / 100, y / 100) for x, y in seats),
        staff_inside=staff,
        staff_counted=staff_counted,
    )
    found, limit = spots(zone), limit_zone(zone).limit
    if found is None:
        assert methods == {Method.DENSITY} or limit_zone(zone).candidates[0].persons > SPOTS_MAX
        return
    marked = usable(found)
    assert all(
        0 <= each.x_m <= length_cm / 100 and 0 <= each.y_m <= width_cm / 100 for each in found.spots
    )
    assert all(dist(one, two) >= spacing_cm / 100 - 1e-9 for one, two in combinations(marked, 2))
    assert len(marked) <= (limit or 0) + (staff if staff_counted else 0)
