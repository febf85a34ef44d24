"""The room limit: the published rules' numbers, the smallest method binds, the impossible is
refused.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.room.capacity import (
    ABOVE_OLER_BOUND,
    Binding,
    Candidate,
    Room,
    ZoneLimit,
    limit_room,
    limit_zone,
)
from queue_server.domain.room.measures import down, up
from queue_server.domain.room.zones import LayoutChoice, Method, SeatRow, Zone, ZoneKind


def zone(*methods: Method, **values: Any) -> Zone:
    return Zone(**{"name": "room", "kind": ZoneKind.WAITING_ROOM, "methods": methods, **values})


def room(length_m: float, width_m: float, *methods: Method, **values: Any) -> Zone:
    return zone(*methods, length_m=length_m, width_m=width_m, **values)


def candidate(limit: ZoneLimit, method: Method) -> Candidate:
    return next(each for each in limit.candidates if each.method is method)


@pytest.mark.parametrize(
    ("length_m", "width_m", "values", "expected"),
    [
        (8, 2, {"area_rule": "victoria_4m2"}, 4),
        (9.68, 4, {"area_rule": "victoria_4m2"}, 9),
        (8.25, 10.6, {"area_rule": "nsw_4m2"}, 21),
        (8.25, 10.6, {"area_rule": "nsw_4m2", "staff_inside": 4}, 17),
        (8.25, 10.6, {"area_rule": "victoria_4m2", "staff_inside": 4, "staff_counted": True}, 21),
        (8.25, 10.6, {"area_rule": "nsw_2m2", "staff_inside": 4, "staff_counted": True}, 39),
        (8.25, 10.6, {"area_rule": "nsw_2m2", "staff_inside": 4}, 43),
        (10, 10, {"area_rule": "square_cell", "spacing_m": 2}, 25),
        (10, 10, {"area_rule": "square_cell", "spacing_m": 1.5}, 44),
        (10, 10, {"area_rule": "square_cell", "spacing_m": 1}, 100),
        (8, 6, {"area_per_person_m2": 4}, 12),
        (12, 10, {"area_per_person_m2": 4}, 30),
        (20, 10, {"area_per_person_m2": 4}, 50),
        (
            8,
            6,
            {
                "area_per_person_m2": 4,
                "furniture_m2": 4,
                "counters_m2": 3,
                "aisles_m2": 6.5,
                "door_swing_m2": 0.5,
            },
            8,
        ),
    ],
)
def test_published_area_rules(
    length_m: float, width_m: float, values: dict[str, Any], expected: int
) -> None:
    limit = limit_zone(room(length_m, width_m, Method.DENSITY, **values))
    assert limit.limit == expected
    assert limit.binding is Method.DENSITY


@pytest.mark.parametrize(
    ("length_m", "width_m", "cells"),
    [(8, 6, (48, 21, 12)), (12, 10, (120, 53, 30)), (20, 10, (200, 88, 50))],
)
def test_one_cell_each_in_the_worked_rooms(
    length_m: float, width_m: float, cells: tuple[int, ...]
) -> None:
    found = [
        limit_zone(
            room(length_m, width_m, Method.DENSITY, area_rule="square_cell", spacing_m=spacing)
        ).limit
        for spacing in (1, 1.5, 2)
    ]
    assert tuple(found) == cells


def test_layouts_of_the_worked_room() -> None:
    def count(spacing_m: float, layout: LayoutChoice) -> int | None:
        return limit_zone(room(8, 6, Method.LAYOUT, spacing_m=spacing_m, layout=layout)).limit

    assert [count(each, LayoutChoice.SQUARE) for each in (1, 1.5, 2)] == [63, 30, 20]
    assert [count(each, LayoutChoice.HEX) for each in (1, 1.5, 2)] == [65, 32, 18]
    assert [count(each, LayoutChoice.BEST) for each in (1, 1.5, 2)] == [65, 32, 20]


def test_edge_to_edge_adds_a_body() -> None:
    by_rule = room(20, 10, Method.LAYOUT, spacing_rule="cdc_6ft")
    own = room(20, 10, Method.LAYOUT, spacing_m=1.83, body_width_m=0.61)
    assert by_rule.distance_cm == own.distance_cm == 244
    assert limit_zone(by_rule).limit == limit_zone(own).limit


def test_a_line_loses_no_place_to_binary_fractions() -> None:
    queue = zone(Method.LINE, kind=ZoneKind.CORRIDOR, length_m=23.4, spacing_m=1.8)
    assert limit_zone(queue).limit == 14, (
        "1 + floor(23.4 / 1.8) = 14, though binary floating point says 13"
    )


@given(st.integers(10, 100_000))
def test_centimetres_survive_metres(centimetres: int) -> None:
    metres = centimetres / 100
    assert down(metres * 100) == up(metres * 100) == centimetres
    assert (down(0.29 * 100), up(1.1 * 100)) == (29, 110), (
        "binary floating point has 28.999… and 110.000…1"
    )


@pytest.mark.parametrize(
    ("pitch_m", "spacing_m", "usable"), [(0.55, 1, 5), (0.6, 1.5, 4), (0.6, 2, 3), (0.7, 2.1, 4)]
)
def test_one_row_of_seats(pitch_m: float, spacing_m: float, usable: int) -> None:
    row = (SeatRow(0.5, 1, 10, pitch_m),)
    assert limit_zone(room(8, 6, Method.SEATS, seat_rows=row, spacing_m=spacing_m)).limit == usable


def test_rows_of_seats_that_stand_back_to_back() -> None:
    rows = (SeatRow(0.5, 1, 10, 0.55), SeatRow(0.5, 1.6, 10, 0.55))
    limit = limit_zone(room(8, 6, Method.SEATS, seat_rows=rows, spacing_m=1))
    assert limit.limit == 5, "5 + 5 would put people 0.6 m behind each other"
    assert candidate(limit, Method.SEATS).inputs["exact"] is True


def test_share_of_the_licensed_capacity() -> None:
    assert (
        limit_zone(zone(Method.PERCENT, percent_rule="jakarta_50", licensed_capacity=45)).limit
        == 22
    )
    assert limit_zone(zone(Method.PERCENT, percent=29, licensed_capacity=100)).limit == 29
    assert limit_zone(zone(Method.PERCENT, percent=0.1, licensed_capacity=999)).limit == 0


def test_counters_with_companions() -> None:
    area = zone(
        Method.COUNTERS,
        kind=ZoneKind.COUNTER_AREA,
        open_counters=6,
        companions=1,
        staff_inside=6,
        staff_counted=False,
    )
    assert limit_zone(area).limit == 12


def test_smallest_binds_and_every_number_is_told() -> None:
    limit = limit_zone(
        room(
            8,
            6,
            Method.DENSITY,
            Method.SEATS,
            Method.LAYOUT,
            Method.PERCENT,
            area_per_person_m2=4,
            spacing_m=1.5,
            seat_rows=(SeatRow(0.5, 1, 10, 0.6), SeatRow(0.5, 4, 10, 0.6)),
            percent=50,
            licensed_capacity=60,
        )
    )
    assert {each.method: each.persons for each in limit.candidates} == {
        Method.DENSITY: 12,
        Method.SEATS: 8,
        Method.LAYOUT: 32,
        Method.PERCENT: 30,
    }
    assert (limit.limit, limit.binding, limit.bound) == (8, Method.SEATS, 34)
    inputs = candidate(limit, Method.LAYOUT).inputs
    assert (inputs["square"], inputs["hex_along"], inputs["hex_across"], inputs["open_floor"]) == (
        30,
        28,
        32,
        24,
    )
    assert candidate(limit, Method.DENSITY).inputs["net_area_m2"] == 48


def test_staff_beyond_the_number_leave_nobody() -> None:
    assert (
        limit_zone(
            room(8, 2, Method.DENSITY, area_per_person_m2=4, staff_inside=9, staff_counted=True)
        ).limit
        == 0
    )


def test_the_impossible_is_refused_with_its_bound() -> None:
    alone = limit_zone(room(8, 6, Method.DENSITY, area_per_person_m2=1, spacing_m=2))
    assert alone.bound == 21
    assert candidate(alone, Method.DENSITY).persons == 48
    assert candidate(alone, Method.DENSITY).refused == ABOVE_OLER_BOUND
    assert (alone.limit, alone.is_closed) == (0, True), (
        "a room that cannot be is no room without a limit"
    )

    share = limit_zone(
        room(8, 6, Method.PERCENT, Method.LAYOUT, percent=50, licensed_capacity=80, spacing_m=2)
    )
    assert candidate(share, Method.PERCENT).refused == ABOVE_OLER_BOUND
    assert (share.limit, share.binding) == (20, Method.LAYOUT), "a sound smaller number still binds"


@pytest.mark.parametrize(
    ("spacing_m", "limit", "closed"), [(2, 4, False), (3, 4, False), (4, 0, True)]
)
def test_a_larger_distance_never_lifts_the_limit(
    spacing_m: float, limit: int, closed: bool
) -> None:
    """At 3 m the area's 12 persons are impossible, the share's 10 are not: the 4 visitors beside 8
    staff bind on.
    """
    found = limit_zone(
        room(
            8,
            6,
            Method.DENSITY,
            Method.PERCENT,
            area_rule="nsw_4m2",
            area_per_person_m2=None,
            staff_inside=8,
            percent=50,
            licensed_capacity=20,
            spacing_m=spacing_m,
        )
    )
    assert (found.limit, found.is_closed) == (limit, closed)
    assert (candidate(found, Method.DENSITY).refused is None) == (spacing_m == 2)


def test_a_number_at_the_bound_is_not_refused() -> None:
    at = room(8, 6, Method.PERCENT, percent=50, licensed_capacity=42, spacing_m=2)
    above = room(8, 6, Method.PERCENT, percent=50, licensed_capacity=44, spacing_m=2)
    assert (limit_zone(at).limit, limit_zone(above).limit) == (21, 0)


HALL = room(8, 6, Method.DENSITY, area_per_person_m2=4)
DESKS = zone(
    Method.COUNTERS, name="desks", kind=ZoneKind.COUNTER_AREA, open_counters=4, companions=1
)
YARD = zone(Method.LINE, name="yard", kind=ZoneKind.OUTSIDE, length_m=30, spacing_m=1)
IMPOSSIBLE = room(8, 6, Method.DENSITY, name="tight", area_per_person_m2=1, spacing_m=2)


@pytest.mark.parametrize(
    ("zones", "building", "limit", "binding"),
    [
        ([HALL, DESKS], None, 20, Binding.ZONES),
        ([HALL, DESKS, YARD], None, 20, Binding.ZONES),
        ([HALL, DESKS], 20, 20, Binding.ZONES),
        ([HALL, DESKS], 18, 18, Binding.BUILDING),
        ([HALL, DESKS], 90, 20, Binding.ZONES),
        ([YARD], None, None, None),
        ([YARD], 15, 15, Binding.BUILDING),
        ([], 15, 15, Binding.BUILDING),
        ([], None, None, None),
        ([HALL, IMPOSSIBLE], None, 12, Binding.ZONES),
        ([HALL, IMPOSSIBLE], 9, 9, Binding.BUILDING),
        ([IMPOSSIBLE], None, 0, Binding.ZONES),
    ],
)
def test_the_building(
    zones: list[Zone], building: int | None, limit: int | None, binding: Binding | None
) -> None:
    found = limit_room(Room(tuple(zones), building))
    assert (found.limit, found.binding) == (limit, binding)
    assert [each.zone for each in found.zones] == zones


lengths = st.integers(100, 1500).map(lambda each: each / 100)
growth = st.integers(0, 400).map(lambda each: each / 100)
spacings = st.integers(50, 400)


@st.composite
def zones(draw: st.DrawFn) -> dict[str, Any]:
    """The values of a room with any methods, so that measures can be changed one at a time."""
    length_m, width_m = draw(lengths), draw(lengths)
    methods = draw(
        st.sets(
            st.sampled_from([Method.DENSITY, Method.LAYOUT, Method.PERCENT, Method.SEATS]),
            min_size=1,
        )
    )
    rows = [
        SeatRow(0.2, y, int((length_m - 0.2) / pitch), pitch)
        for y in draw(st.lists(st.floats(0, width_m), min_size=1, max_size=3))
        for pitch in [draw(st.sampled_from([0.5, 0.55, 0.7]))]
    ]
    return {
        "name": "room",
        "kind": ZoneKind.WAITING_ROOM,
        "methods": tuple(sorted(methods)),
        "length_m": length_m,
        "width_m": width_m,
        "spacing_m": draw(spacings) / 100,
        "layout": draw(st.sampled_from(LayoutChoice)),
        "seat_rows": tuple(rows),
        "percent": draw(st.integers(1, 100)),
        "licensed_capacity": draw(st.integers(1, 200)),
        "staff_inside": draw(st.integers(0, 9)),
        "staff_counted": draw(st.booleans()),
        **draw(
            st.sampled_from(
                [
                    {"area_rule": "nsw_4m2"},
                    {"area_rule": "square_cell"},
                    {"area_rule": "victoria_4m2"},
                ]
            )
        ),
    }


def persons_of(limit: ZoneLimit) -> dict[Method, int]:
    return {each.method: each.persons for each in limit.candidates}


@settings(max_examples=200, deadline=None)
@given(zones(), growth, growth)
def test_more_area_never_lowers_the_limit(
    values: dict[str, Any], longer: float, wider: float
) -> None:
    before = limit_zone(Zone(**values))
    after = limit_zone(
        Zone(
            **values
            | {"length_m": values["length_m"] + longer, "width_m": values["width_m"] + wider}
        )
    )
    assert all(persons_of(after)[method] >= number for method, number in persons_of(before).items())
    assert after.limit >= before.limit or after.is_closed, (
        "growing can only uncover that an area or a share contradicts the distance"
    )


@settings(max_examples=200, deadline=None)
@given(zones(), growth)
def test_more_distance_never_raises_the_limit(values: dict[str, Any], farther: float) -> None:
    before = limit_zone(Zone(**values))
    after = limit_zone(Zone(**values | {"spacing_m": values["spacing_m"] + farther}))
    assert all(persons_of(after)[method] <= number for method, number in persons_of(before).items())
    assert after.limit <= before.limit
    assert after.is_closed or not before.is_closed, (
        "what cannot be at a distance cannot be at a larger one"
    )


@settings(max_examples=100, deadline=None)
@given(zones())
def test_the_limit_is_sound(values: dict[str, Any]) -> None:
    found = limit_zone(Zone(**values))
    binding = candidate(found, found.binding)
    assert binding.visitors == min(each.visitors for each in found.candidates)
    assert found.limit == (0 if found.is_closed else binding.visitors)
    assert found.bound is not None
    for each in found.candidates:
        assert (each.refused == ABOVE_OLER_BOUND) == (each.persons > found.bound)
        assert each.method not in (Method.LAYOUT, Method.SEATS) or each.refused is None, (
            "what has been placed is possible"
        )
