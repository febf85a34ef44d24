"""Zones: nothing wrong, absurd or missing gets in, and what gets in comes back from JSON
unchanged.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput
from queue_server.domain.room.capacity import (
    ZONES_MAX,
    Room,
    admit_limit,
    bound_zone,
    limit_room,
    limit_zone,
)
from queue_server.domain.room.presets import AREA_RULES, PERCENT_RULES, SPACING_RULES
from queue_server.domain.room.zone_json import to_facts, zone_from_facts
from queue_server.domain.room.zones import (
    SEATS_MAX,
    LayoutChoice,
    Method,
    Seat,
    SeatRow,
    Zone,
    ZoneKind,
)

ROOM: dict[str, Any] = {
    "name": "room",
    "kind": "WAITING_ROOM",
    "methods": ["DENSITY", "LAYOUT"],
    "length_m": 8.0,
    "width_m": 6.0,
    "spacing_m": 1.5,
    "area_per_person_m2": 4.0,
}
FULL = Zone(
    name="hall-2",
    kind=ZoneKind.COUNTER_AREA,
    methods=tuple(each for each in Method if each is not Method.LINE),
    length_m=12.35,
    width_m=7.1,
    furniture_m2=1.5,
    counters_m2=4.25,
    aisles_m2=6.0,
    door_swing_m2=0.8,
    area_rule="nsw_4m2",
    spacing_m=1.5,
    body_width_m=0.5,
    layout=LayoutChoice.HEX,
    clear_length_m=6.0,
    clear_width_m=5.0,
    seats=(Seat(0.3, 0.4),),
    seat_rows=(SeatRow(1, 2, 8, 0.55, True),),
    percent_rule="jakarta_50",
    licensed_capacity=40,
    open_counters=6,
    companions=1,
    staff_inside=5,
    staff_counted=True,
)


def refusal(**changes: Any) -> tuple[str, str]:
    """Field and reason with which the room is refused after these changes; `...` takes a field
    away.
    """
    facts = {name: value for name, value in (ROOM | changes).items() if value is not ...}
    with pytest.raises(BadInput) as refused:
        zone_from_facts(facts)
    return str(refused.value.facts["field"]), str(refused.value.facts["reason"])


@pytest.mark.parametrize(
    "field", ["length_m", "width_m", "spacing_m", "area_per_person_m2", "clear_length_m", "percent"]
)
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (0, "range"),
        (0.0, "range"),
        (-3.5, "range"),
        (1000.01, "range"),
        (10**400, "range"),
        (math.nan, "number"),
        (math.inf, "number"),
        (-math.inf, "number"),
        ("8", "type"),
        (True, "type"),
        ([8], "type"),
    ],
)
def test_measures_that_cannot_be(field: str, value: object, reason: str) -> None:
    assert refusal(**{field: value}) == (field, reason)


@pytest.mark.parametrize(
    "field", ["furniture_m2", "counters_m2", "aisles_m2", "door_swing_m2", "body_width_m"]
)
def test_parts_may_be_nothing_but_not_less(field: str) -> None:
    assert refusal(**{field: -0.1}) == (field, "range")
    assert refusal(**{field: math.nan}) == (field, "number")
    assert refusal(**{field: None}) == (field, "type")


@pytest.mark.parametrize(
    "field", ["licensed_capacity", "open_counters", "companions", "staff_inside"]
)
def test_counts_are_whole(field: str) -> None:
    assert refusal(**{field: -1}) == (field, "range")
    assert refusal(**{field: 2.5}) == (field, "type")
    assert refusal(**{field: 10**9}) == (field, "range")


@pytest.mark.parametrize(
    ("methods", "missing"),
    [
        (["DENSITY"], "length_m"),
        (["DENSITY"], "width_m"),
        (["DENSITY"], "area_per_person_m2"),
        (["LAYOUT"], "length_m"),
        (["LAYOUT"], "width_m"),
        (["LAYOUT"], "spacing_m"),
        (["SEATS"], "spacing_m"),
        (["SEATS"], "seats"),
        (["SEATS"], "length_m"),
        (["PERCENT"], "percent"),
        (["PERCENT"], "licensed_capacity"),
        (["COUNTERS"], "open_counters"),
        (["LINE"], "length_m"),
        (["LINE"], "spacing_m"),
    ],
)
def test_a_method_needs_its_measures(methods: list[str], missing: str) -> None:
    everything = {
        "seats": [{"x_m": 1, "y_m": 1}],
        "percent": 50,
        "licensed_capacity": 40,
        "open_counters": 4,
    }
    kind = {"COUNTERS": "COUNTER_AREA", "LINE": "CORRIDOR"}.get(methods[0], "WAITING_ROOM")
    whole = ROOM | everything | {"methods": methods, "kind": kind}
    zone_from_facts(whole)
    assert refusal(**whole | {missing: ...}) == (missing, "missing")


def test_one_square_cell_each_needs_a_distance() -> None:
    assert refusal(
        methods=["DENSITY"], area_per_person_m2=..., area_rule="square_cell", spacing_m=...
    ) == ("spacing_m", "missing")


def test_a_room_with_furniture_must_say_what_is_clear() -> None:
    assert refusal(furniture_m2=4) == ("clear_length_m", "missing")
    assert refusal(furniture_m2=4, clear_length_m=7) == ("clear_width_m", "missing")
    assert refusal(furniture_m2=4, clear_length_m=8.5, clear_width_m=1) == (
        "clear_length_m",
        "too_large",
    )
    assert refusal(furniture_m2=4, clear_length_m=1, clear_width_m=6.5) == (
        "clear_width_m",
        "too_large",
    )
    assert refusal(furniture_m2=4, clear_length_m=8, clear_width_m=6) == (
        "clear_width_m",
        "too_large",
    ), "48 m2 are not clear"
    assert refusal(clear_length_m=6, clear_width_m=4, clear_x_m=2.5) == ("clear_x_m", "too_large")
    assert refusal(clear_length_m=6, clear_width_m=4, clear_y_m=2.01) == ("clear_y_m", "too_large")
    assert refusal(counters_m2=48, furniture_m2=1) == ("clear_length_m", "missing")
    assert refusal(counters_m2=48, methods=["DENSITY"]) == ("counters_m2", "too_large")


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"name": ...}, "name", "missing"),
        ({"name": ""}, "name", "format"),
        ({"name": "Ruang Tunggu"}, "name", "format"),
        ({"name": 3}, "name", "format"),
        ({"name": "a" * 41}, "name", "format"),
        ({"kind": ...}, "kind", "missing"),
        ({"kind": "ROOF"}, "kind", "unknown"),
        ({"kind": None}, "kind", "unknown"),
        ({"methods": ...}, "methods", "missing"),
        ({"methods": []}, "methods", "missing"),
        ({"methods": "DENSITY"}, "methods", "type"),
        ({"methods": [[]]}, "methods", "unknown"),
        ({"methods": ["DENSITY", "DENSITY"]}, "methods", "duplicate"),
        ({"methods": ["LINE"]}, "methods", "not_here"),
        ({"methods": ["COUNTERS"], "open_counters": 3}, "methods", "not_here"),
        ({"layout": "ROUND"}, "layout", "unknown"),
        ({"hue": 1}, "hue", "unknown"),
        ({"staff_counted": 1}, "staff_counted", "type"),
        ({"area_rule": "victoria_4m2"}, "area_rule", "two_values"),
        ({"spacing_rule": "uk_2m"}, "spacing_rule", "two_values"),
        (
            {"spacing_rule": "cdc_6ft", "spacing_m": ..., "body_width_m": 0.5},
            "spacing_rule",
            "two_values",
        ),
        ({"area_rule": "scotland", "area_per_person_m2": ...}, "area_rule", "unknown"),
        ({"area_rule": ["x"], "area_per_person_m2": ...}, "area_rule", "unknown"),
        ({"seats": [{"x_m": 9, "y_m": 1}]}, "seats", "outside_room"),
        ({"seats": [{"x_m": 1}]}, "seats", "missing"),
        ({"seats": [{"x_m": 1, "y_m": 1, "z_m": 1}]}, "seats", "unknown"),
        ({"seats": [[1, 1]]}, "seats", "type"),
        ({"seats": {"x_m": 1}}, "seats", "type"),
        ({"seats": [{"x_m": math.nan, "y_m": 1}]}, "seats", "number"),
        ({"seats": [{"x_m": -1, "y_m": 1}]}, "seats", "range"),
        (
            {"seat_rows": [{"x_m": 0, "y_m": 1, "count": 20, "pitch_m": 0.5}]},
            "seat_rows",
            "outside_room",
        ),
        (
            {"seat_rows": [{"x_m": 0, "y_m": 1, "count": 14, "pitch_m": 0.5, "across": True}]},
            "seat_rows",
            "outside_room",
        ),
        ({"seat_rows": [{"x_m": 0, "y_m": 1, "count": 0, "pitch_m": 0.5}]}, "seat_rows", "range"),
        ({"seat_rows": [{"x_m": 0, "y_m": 1, "count": 4, "pitch_m": 0}]}, "seat_rows", "range"),
        (
            {"seat_rows": [{"x_m": 0, "y_m": 1, "count": 4, "pitch_m": 0.5, "across": "no"}]},
            "seat_rows",
            "type",
        ),
        ({"seats": [{"x_m": 1, "y_m": 1}] * (SEATS_MAX + 1)}, "seats", "too_many"),
    ],
)
def test_other_nonsense(changes: dict[str, Any], field: str, reason: str) -> None:
    assert refusal(**changes) == (field, reason)


@pytest.mark.parametrize("facts", [None, [], "zone", 3])
def test_only_objects_are_zones(facts: object) -> None:
    with pytest.raises(BadInput):
        zone_from_facts(facts)


def test_comes_back_from_json_unchanged() -> None:
    assert zone_from_facts(json.loads(json.dumps(to_facts(FULL)))) == FULL
    plain = zone_from_facts(ROOM)
    assert zone_from_facts(json.loads(json.dumps(to_facts(plain)))) == plain
    assert limit_zone(FULL) == limit_zone(zone_from_facts(to_facts(FULL)))


@given(
    st.dictionaries(
        st.sampled_from([*to_facts(FULL), "hue"]),
        st.none() | st.booleans() | st.floats() | st.text(max_size=4),
    )
)
def test_junk_is_refused_or_sound(junk: dict[str, Any]) -> None:
    try:
        zone = zone_from_facts(to_facts(FULL) | junk)
    except BadInput as refused:
        assert {"field", "reason"} <= set(refused.facts)
    else:
        limit_zone(zone)


def test_every_preset_makes_a_zone() -> None:
    whole = ROOM | {"spacing_m": 1.0}
    percent = {**whole, "methods": ["PERCENT"], "licensed_capacity": 40}
    for facts in (
        *({**whole, "area_per_person_m2": None, "area_rule": each} for each in AREA_RULES),
        *({**whole, "spacing_m": None, "spacing_rule": each} for each in SPACING_RULES),
        *({**percent, "percent_rule": each} for each in PERCENT_RULES),
    ):
        assert limit_zone(zone_from_facts(facts)).limit > 0, facts


@pytest.mark.parametrize("building", [-1, 0, 10**7, 2.5, True, math.nan])
def test_building_limits_that_cannot_be(building: Any) -> None:
    with pytest.raises(BadInput) as refused:
        limit_room(Room((FULL,), building))
    assert refused.value.facts["field"] == "building_limit"


def test_two_zones_of_one_name() -> None:
    with pytest.raises(BadInput) as refused:
        limit_room(Room((FULL, FULL)))
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == ("name", "duplicate")


def test_too_many_zones() -> None:
    many = tuple(replace(FULL, name=f"hall-{each}") for each in range(ZONES_MAX + 1))
    with pytest.raises(BadInput) as refused:
        limit_room(Room(many))
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == ("zones", "too_many")


class TestTheLimitOfAnOffice:
    """What an office may set as its limit, beside what its room holds."""

    HALL = zone_from_facts(ROOM)
    YARD = zone_from_facts(
        ROOM
        | {"name": "yard", "kind": "OUTSIDE", "methods": ["LAYOUT"], "area_per_person_m2": None}
    )

    def refused(self, room: Room, people_limit: int | None) -> object:
        try:
            admit_limit(room, people_limit)
        except BadInput as error:
            assert (error.facts["field"], error.facts["reason"]) == (
                "people_limit",
                "above_oler_bound",
            )
            return error.facts["high"]
        return None

    def test_above_what_any_arrangement_of_the_zones_inside_holds_it_is_refused(self) -> None:
        bound = bound_zone(self.HALL)
        assert bound is not None
        room = Room((self.HALL, self.YARD))
        assert self.refused(room, bound) is None
        assert self.refused(room, bound + 1) == bound, "the yard adds nothing"
        assert (
            self.refused(Room((self.HALL, replace(self.HALL, name="hall-2"))), 2 * bound + 1)
            == 2 * bound
        )
        assert self.refused(room, None) is None, "an office may do without crowd control"

    def test_nothing_is_refused_where_the_rooms_do_not_tell(self) -> None:
        line = Zone("corridor-1", ZoneKind.CORRIDOR, (Method.LINE,), length_m=9.0, spacing_m=1.5)
        for room in (Room(), Room((self.YARD,)), Room((self.HALL, line)), Room(building_limit=5)):
            assert self.refused(room, 9_999) is None

    @pytest.mark.parametrize(
        ("people_limit", "exceeds"), [(11, False), (12, False), (13, True), (None, True)]
    )
    def test_more_than_the_room_holds_is_known(
        self, people_limit: int | None, exceeds: bool
    ) -> None:
        found = limit_room(Room((self.HALL,)))
        assert found.limit == 12 and found.is_exceeded_by(people_limit) == exceeds
        assert not limit_room(Room((self.YARD,))).is_exceeded_by(people_limit), (
            "nothing inside is described"
        )
