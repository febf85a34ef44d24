"""How many visitors a zone, and the whole building, may hold: the smallest number of all methods
switched on.

Every method's number is kept, with what it was computed from, so that a page can show which one
binds. A number of people that no arrangement in the room could keep at the distance (Oler's bound)
is refused: an area or a share contradicts the distance. A zone whose every number is refused is
closed, so that a stricter distance never lets more people in. More distance never gives a higher
limit; more room never gives a lower one, unless it is what closes the zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from queue_server.domain.errors import BadInput

from .layouts import Layout, count_cells, count_layout, count_line, oler_bound
from .measures import admit_whole, down, up
from .presets import AREA_RULES, PERCENT_RULES
from .seats import choose_seats, count_row
from .zones import LayoutChoice, Method, Zone

ABOVE_OLER_BOUND = "above_oler_bound"

ZONES_MAX = 30

LAYOUTS = {
    LayoutChoice.BEST: tuple(Layout),
    LayoutChoice.SQUARE: (Layout.SQUARE,),
    LayoutChoice.HEX: (Layout.HEX_ALONG, Layout.HEX_ACROSS),
}
"""Which layouts each choice may use; of several the first with the highest count."""


@dataclass(frozen=True)
class Candidate:
    """One method's number. `persons` may be inside, of whom `visitors` are left when the rule
    counts staff.

    `inputs` are the values of its formula, in m, m2 and percent. `refused` is the reason why the
    number is impossible, or None.
    """

    method: Method
    persons: int
    visitors: int
    inputs: Mapping[str, float | str | bool]
    refused: str | None = None


@dataclass(frozen=True)
class ZoneLimit:
    """A zone's candidates and the visitors it may hold. `bound` is Oler's, None without room or
    distance.

    Invariant: `limit` is the smallest `visitors` of all candidates, those of `binding`; 0 if the
    zone `is_closed`.
    """

    zone: Zone
    candidates: tuple[Candidate, ...]
    binding: Method
    bound: int | None
    limit: int

    @property
    def is_closed(self) -> bool:
        """Whether no method holds at the zone's distance, so that nobody may be there."""
        return all(each.refused for each in self.candidates)


class Binding(StrEnum):
    """What limits a building: its zones together, or a limit for the whole."""

    ZONES = "ZONES"
    BUILDING = "BUILDING"


@dataclass(frozen=True)
class Room:
    """What limits an office: its zones, in order, and a limit for the whole building, if there is
    one.
    """

    zones: tuple[Zone, ...] = ()
    building_limit: int | None = None


@dataclass(frozen=True)
class RoomLimit:
    """The visitors an office may let inside: the smaller of `inside`, the sum of its inside zones,
    and `building`.

    `limit` and `binding` are None if there is nothing to limit by.
    """

    zones: tuple[ZoneLimit, ...]
    inside: int | None
    building: int | None
    binding: Binding | None
    limit: int | None

    def is_exceeded_by(self, people_limit: int | None) -> bool:
        """Whether more may be inside by a limit in force (None: no limit) than these rooms hold."""
        return self.limit is not None and (people_limit is None or people_limit > self.limit)


def limit_room(room: Room, limit_of: Callable[[Zone], ZoneLimit] | None = None) -> RoomLimit:
    """The limit of an office; `limit_of` gives the limits of zones that are known already. Raises
    `BadInput` as `admit_room` does.
    """
    limit_of = limit_of or limit_zone
    admit_room(room)
    building_limit = room.building_limit
    limits = tuple(limit_of(each) for each in room.zones)
    indoor = [each.limit for each in limits if each.zone.is_inside]
    inside = sum(indoor) if indoor else None
    if inside is None and building_limit is None:
        return RoomLimit(limits, inside, building_limit, None, None)
    if inside is None or (building_limit is not None and building_limit < inside):
        return RoomLimit(limits, inside, building_limit, Binding.BUILDING, building_limit)
    return RoomLimit(limits, inside, building_limit, Binding.ZONES, inside)


def admit_room(room: Room) -> None:
    """Refuse a building limit that cannot be, two zones of one name, or too many zones.

    Raises `BadInput` (fields `building_limit`, `name`, `zones`).
    """
    if room.building_limit is not None:
        admit_whole("building_limit", room.building_limit, 1, 1_000_000)
    if len({each.name for each in room.zones}) != len(room.zones):
        raise BadInput(field="name", reason="duplicate")
    if len(room.zones) > ZONES_MAX:
        raise BadInput(field="zones", reason="too_many", high=ZONES_MAX)


def bound_zone(zone: Zone) -> int | None:
    """The number of people that no arrangement in a zone could exceed at its distance (Oler's
    bound); None without room or distance.
    """
    if zone.room_cm is None or zone.distance_cm is None:
        return None
    return oler_bound(*zone.room_cm, zone.distance_cm)


def admit_limit(room: Room, people_limit: int | None) -> None:
    """Refuse a limit for an office that no arrangement of people in its zones inside could keep to
    at their distances.

    Nothing is refused where a zone inside has no bound, or none is described. Raises `BadInput`
    (people_limit, above_oler_bound, `high`).
    """
    bounds = [bound_zone(each) for each in room.zones if each.is_inside]
    known = [each for each in bounds if each is not None]
    if (
        people_limit is not None
        and known
        and len(known) == len(bounds)
        and people_limit > sum(known)
    ):
        raise BadInput(field="people_limit", reason=ABOVE_OLER_BOUND, high=sum(known))


def limit_zone(zone: Zone) -> ZoneLimit:
    """The limit of one zone."""
    bound = bound_zone(zone)
    candidates = tuple(_count(zone, method, bound) for method in zone.methods)
    # A refused number still binds beside one that holds: to pass over it would let more people in
    # at a larger distance.
    binding = min(candidates, key=lambda each: (each.visitors, each.refused is not None))
    is_possible = any(each.refused is None for each in candidates)
    return ZoneLimit(
        zone, candidates, binding.method, bound, binding.visitors if is_possible else 0
    )


def _count(zone: Zone, method: Method, bound: int | None) -> Candidate:
    inputs: dict[str, float | str | bool]
    staff_counted = zone.staff_counted
    if method is Method.DENSITY:
        persons, inputs = _count_density(zone)
        rule = AREA_RULES[zone.area_rule] if zone.area_rule else None
        staff_counted = (
            staff_counted if rule is None or rule.staff_counted is None else rule.staff_counted
        )
    elif method is Method.SEATS:
        persons, inputs = _count_seats(zone)
    elif method is Method.LAYOUT:
        persons, inputs = _count_layouts(zone)
    elif method is Method.PERCENT:
        persons, inputs = _count_percent(zone)
    elif method is Method.COUNTERS:
        persons = (zone.open_counters or 0) * (1 + zone.companions)
        inputs = {"open_counters": zone.open_counters or 0, "companions": zone.companions}
    else:
        persons = count_line(down((zone.length_m or 0) * 100), _distance(zone))
        inputs = {"length_m": zone.length_m or 0, "distance_m": _distance(zone) / 100}
    inputs |= {"staff_counted": staff_counted, "staff_inside": zone.staff_inside}
    visitors = max(0, persons - zone.staff_inside) if staff_counted else persons
    return Candidate(
        method,
        persons,
        visitors,
        inputs,
        ABOVE_OLER_BOUND if bound is not None and persons > bound else None,
    )


def _count_density(zone: Zone) -> tuple[int, dict[str, float | str | bool]]:
    rule = AREA_RULES[zone.area_rule] if zone.area_rule else None
    area_m2 = zone.area_per_person_m2 if rule is None else rule.area_per_person_m2
    area_cm2 = _distance(zone) ** 2 if area_m2 is None else up(area_m2 * 10_000)
    inputs: dict[str, float | str | bool] = {
        "net_area_m2": zone.net_area_cm2 / 10_000,
        "area_per_person_m2": area_cm2 / 10_000,
    }
    return zone.net_area_cm2 // area_cm2, inputs | ({"rule": rule.key} if rule else {})


def _count_seats(zone: Zone) -> tuple[int, dict[str, float | str | bool]]:
    distance = _distance(zone)
    inputs: dict[str, float | str | bool] = {
        "seats": len(zone.seat_points),
        "distance_m": distance / 100,
        "exact": True,
    }
    if len(zone.seat_rows) == 1 and not zone.seats:
        row = zone.seat_rows[0]
        return count_row(row.count, down(row.pitch_m * 100), distance), inputs | {
            "pitch_m": row.pitch_m
        }
    choice = choose_seats(zone.seat_points, distance)
    return len(choice.chosen), inputs | {"exact": choice.exact}


def _count_layouts(zone: Zone) -> tuple[int, dict[str, float | str | bool]]:
    length, width = zone.clear_cm or (0, 0)
    counts = {
        each: count_layout(each, length, width, _distance(zone)) for each in LAYOUTS[zone.layout]
    }
    layout = max(counts, key=counts.__getitem__)
    return counts[layout], {
        "length_m": length / 100,
        "width_m": width / 100,
        "distance_m": _distance(zone) / 100,
        "layout": layout.value,
        "open_floor": count_cells(length * width, _distance(zone)),
        **{each.value.lower(): count for each, count in counts.items()},
    }


def _count_percent(zone: Zone) -> tuple[int, dict[str, float | str | bool]]:
    rule = PERCENT_RULES[zone.percent_rule] if zone.percent_rule else None
    percent, capacity = (rule.percent if rule else zone.percent) or 0.0, zone.licensed_capacity or 0
    inputs: dict[str, float | str | bool] = {"percent": percent, "licensed_capacity": capacity}
    return down(percent * 10_000) * capacity // 1_000_000, inputs | (
        {"rule": rule.key} if rule else {}
    )


def _distance(zone: Zone) -> int:
    """The distance, which a zone with a method that needs it always has."""
    if zone.distance_cm is None:
        raise BadInput(field="spacing_m", reason="missing")
    return zone.distance_cm
