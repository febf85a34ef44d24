"""A zone: one part of an office where people wait or are served, with its measures and the rules
that limit it.

A `Zone` that exists is sound: wrong, absurd or missing measures raise `BadInput` before anything is
computed. Facts: `field`, and `reason`: missing, type, number, range, format, unknown, duplicate,
two_values, not_here, too_large, outside_room, too_many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from queue_server.domain.errors import BadInput

from .measures import admit_number, admit_whole, down, nearest_cm, up
from .presets import AREA_RULES, PERCENT_RULES, SPACING_RULES
from .seats import Point

SEATS_MAX = 600
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


class ZoneKind(StrEnum):
    """What a zone is for. Only `OUTSIDE` does not count as inside."""

    WAITING_ROOM = "WAITING_ROOM"
    COUNTER_AREA = "COUNTER_AREA"
    CORRIDOR = "CORRIDOR"
    OUTSIDE = "OUTSIDE"


class Method(StrEnum):
    """The ways to limit a zone; several may be switched on, the smallest number binds."""

    DENSITY = "DENSITY"
    SEATS = "SEATS"
    LAYOUT = "LAYOUT"
    PERCENT = "PERCENT"
    COUNTERS = "COUNTERS"
    LINE = "LINE"


METHODS = {
    ZoneKind.WAITING_ROOM: (Method.DENSITY, Method.SEATS, Method.LAYOUT, Method.PERCENT),
    ZoneKind.COUNTER_AREA: (
        Method.COUNTERS,
        Method.DENSITY,
        Method.SEATS,
        Method.LAYOUT,
        Method.PERCENT,
    ),
    ZoneKind.CORRIDOR: (Method.LINE, Method.DENSITY, Method.SEATS, Method.LAYOUT, Method.PERCENT),
    ZoneKind.OUTSIDE: (Method.LINE, Method.DENSITY, Method.SEATS, Method.LAYOUT, Method.PERCENT),
}
"""The methods that each kind of zone may use."""


class LayoutChoice(StrEnum):
    """Which layouts may be used: the better of all, or one form only (hexagonal: the better way
    round).
    """

    BEST = "BEST"
    SQUARE = "SQUARE"
    HEX = "HEX"


@dataclass(frozen=True)
class Seat:
    """A seat's centre, m from the same corner along the length (`x_m`) and the width (`y_m`)."""

    x_m: float
    y_m: float


@dataclass(frozen=True)
class SeatRow:
    """`count` seats, `pitch_m` apart, from the first seat at (`x_m`, `y_m`) on: along the length,
    or across it.
    """

    x_m: float
    y_m: float
    count: int
    pitch_m: float
    across: bool = False


@dataclass(frozen=True)
class Zone:
    """One zone. Lengths in m, areas in m2, shares in percent; a rule names a preset of
    `capacity_rules` instead of an own number.

    `spacing_m` is from centre to centre; a rule that means edge to edge adds `body_width_m`. The
    layout fills the clear rectangle, which is the whole room unless something stands in it; it
    begins at (`clear_x_m`, `clear_y_m`). `staff_counted`: the number includes `staff_inside`
    members of staff. Raises `BadInput`.
    """

    name: str
    kind: ZoneKind
    methods: tuple[Method, ...]
    length_m: float | None = None
    width_m: float | None = None
    furniture_m2: float = 0.0
    counters_m2: float = 0.0
    aisles_m2: float = 0.0
    door_swing_m2: float = 0.0
    area_rule: str | None = None
    area_per_person_m2: float | None = None
    spacing_rule: str | None = None
    spacing_m: float | None = None
    body_width_m: float = 0.0
    layout: LayoutChoice = LayoutChoice.BEST
    clear_length_m: float | None = None
    clear_width_m: float | None = None
    clear_x_m: float = 0.0
    clear_y_m: float = 0.0
    seats: tuple[Seat, ...] = ()
    seat_rows: tuple[SeatRow, ...] = ()
    percent_rule: str | None = None
    percent: float | None = None
    licensed_capacity: int | None = None
    open_counters: int | None = None
    companions: int = 0
    staff_inside: int = 0
    staff_counted: bool = False

    def __post_init__(self) -> None:
        _check_numbers(self)
        _check_choices(self)
        _check_needs(self)
        _check_seats(self)
        _check_room(self)

    @property
    def is_inside(self) -> bool:
        return self.kind is not ZoneKind.OUTSIDE

    @property
    def room_cm(self) -> tuple[int, int] | None:
        """Length and width, rounded down; None if one is not known."""
        return _rectangle_cm(self.length_m, self.width_m)

    @property
    def clear_cm(self) -> tuple[int, int] | None:
        """The rectangle a layout may fill, rounded down."""
        return _rectangle_cm(self.clear_length_m, self.clear_width_m) or self.room_cm

    @property
    def clear_start_cm(self) -> tuple[int, int]:
        """The clear rectangle's corner nearest to the corner of the room from which everything is
        measured.
        """
        return up(self.clear_x_m * 100), up(self.clear_y_m * 100)

    @property
    def net_area_cm2(self) -> int:
        """The room's area less furniture, counters, aisles and door swing."""
        length, width = self.room_cm or (0, 0)
        return length * width - sum(up(each * 10_000) for each in self.deductions_m2)

    @property
    def deductions_m2(self) -> tuple[float, ...]:
        return self.furniture_m2, self.counters_m2, self.aisles_m2, self.door_swing_m2

    @property
    def distance_cm(self) -> int | None:
        """Centre to centre, body width added, rounded up."""
        if self.spacing_rule is not None:
            rule = SPACING_RULES[self.spacing_rule]
            return up(rule.spacing_m * 100) + up(rule.body_width_m * 100)
        return (
            None
            if self.spacing_m is None
            else up(self.spacing_m * 100) + up(self.body_width_m * 100)
        )

    @cached_property
    def seat_points(self) -> tuple[Point, ...]:
        """All seats in whole centimetres, loose ones first, then row by row."""
        points = [(nearest_cm(each.x_m), nearest_cm(each.y_m)) for each in self.seats]
        for row in self.seat_rows:
            x, y, pitch = nearest_cm(row.x_m), nearest_cm(row.y_m), down(row.pitch_m * 100)
            points.extend(
                (x, y + index * pitch) if row.across else (x + index * pitch, y)
                for index in range(row.count)
            )
        return tuple(points)


def _rectangle_cm(length_m: float | None, width_m: float | None) -> tuple[int, int] | None:
    return (
        None if length_m is None or width_m is None else (down(length_m * 100), down(width_m * 100))
    )


NUMBERS: Mapping[str, tuple[float, float]] = {
    "length_m": (0.1, 1000),
    "width_m": (0.1, 1000),
    "clear_length_m": (0.1, 1000),
    "clear_width_m": (0.1, 1000),
    "clear_x_m": (0, 1000),
    "clear_y_m": (0, 1000),
    "furniture_m2": (0, 1_000_000),
    "counters_m2": (0, 1_000_000),
    "aisles_m2": (0, 1_000_000),
    "door_swing_m2": (0, 1_000_000),
    "area_per_person_m2": (0.1, 1000),
    "spacing_m": (0.1, 100),
    "body_width_m": (0, 2),
    "percent": (0.1, 100),
}
COUNTS: Mapping[str, tuple[int, int]] = {
    "licensed_capacity": (1, 1_000_000),
    "open_counters": (0, 1000),
    "companions": (0, 20),
    "staff_inside": (0, 10_000),
}
_OPTIONAL = frozenset(
    {
        "length_m",
        "width_m",
        "clear_length_m",
        "clear_width_m",
        "area_per_person_m2",
        "spacing_m",
        "percent",
        "licensed_capacity",
        "open_counters",
    }
)


def _check_numbers(zone: Zone) -> None:
    for name, (low, high) in NUMBERS.items():
        value = getattr(zone, name)
        if value is not None or name not in _OPTIONAL:
            admit_number(name, value, low, high)
    for name, (least, most) in COUNTS.items():
        value = getattr(zone, name)
        if value is not None or name not in _OPTIONAL:
            admit_whole(name, value, least, most)
    if not isinstance(zone.staff_counted, bool):
        raise BadInput(field="staff_counted", reason="type")


def _check_choices(zone: Zone) -> None:
    if not isinstance(zone.name, str) or not _NAME.fullmatch(zone.name):
        raise BadInput(field="name", reason="format")
    if not zone.methods:
        raise BadInput(field="methods", reason="missing")
    if len(set(zone.methods)) != len(zone.methods):
        raise BadInput(field="methods", reason="duplicate")
    for field, rule, known, own in (
        ("area_rule", zone.area_rule, AREA_RULES, zone.area_per_person_m2),
        (
            "spacing_rule",
            zone.spacing_rule,
            SPACING_RULES,
            zone.spacing_m or zone.body_width_m or None,
        ),
        ("percent_rule", zone.percent_rule, PERCENT_RULES, zone.percent),
    ):
        if rule is None:
            continue
        if not isinstance(rule, str) or rule not in known:
            raise BadInput(field=field, reason="unknown")
        if own is not None:
            raise BadInput(field=field, reason="two_values")


def _check_needs(zone: Zone) -> None:
    """What the methods switched on cannot do without, and where they may be used."""
    needs: list[tuple[str, object]] = []
    room: list[tuple[str, object]] = [("length_m", zone.length_m), ("width_m", zone.width_m)]
    spacing: tuple[str, object] = ("spacing_m", zone.spacing_rule or zone.spacing_m)
    for method in zone.methods:
        if method is Method.DENSITY:
            needs += [*room, ("area_per_person_m2", zone.area_rule or zone.area_per_person_m2)]
            needs += (
                [spacing]
                if zone.area_rule and AREA_RULES[zone.area_rule].area_per_person_m2 is None
                else []
            )
        elif method is Method.SEATS:
            needs += [*room, spacing, ("seats", zone.seats or zone.seat_rows or None)]
        elif method is Method.LAYOUT:
            needs += [*room, spacing]
            if (
                any(zone.deductions_m2)
                or zone.clear_length_m is not None
                or zone.clear_width_m is not None
            ):
                needs += [
                    ("clear_length_m", zone.clear_length_m),
                    ("clear_width_m", zone.clear_width_m),
                ]
        elif method is Method.PERCENT:
            needs += [
                ("licensed_capacity", zone.licensed_capacity),
                ("percent", zone.percent_rule or zone.percent),
            ]
        elif method is Method.COUNTERS:
            needs += [("open_counters", zone.open_counters)]
        elif method is Method.LINE:
            needs += [("length_m", zone.length_m), spacing]
    for field, value in needs:
        if value is None:
            raise BadInput(field=field, reason="missing")
    for method in zone.methods:
        if method not in METHODS[zone.kind]:
            raise BadInput(field="methods", reason="not_here", method=method.value)


def _check_seats(zone: Zone) -> None:
    for seat in zone.seats:
        for value in (seat.x_m, seat.y_m):
            admit_number("seats", value, 0, 1000)
    for row in zone.seat_rows:
        for value in (row.x_m, row.y_m):
            admit_number("seat_rows", value, 0, 1000)
        admit_whole("seat_rows", row.count, 1, SEATS_MAX)
        admit_number("seat_rows", row.pitch_m, 0.1, 100)
        if not isinstance(row.across, bool):
            raise BadInput(field="seat_rows", reason="type")
    if len(zone.seats) + sum(row.count for row in zone.seat_rows) > SEATS_MAX:
        raise BadInput(
            field="seat_rows" if zone.seat_rows else "seats", reason="too_many", high=SEATS_MAX
        )


def _check_room(zone: Zone) -> None:
    if zone.room_cm is None:
        return
    length, width = zone.room_cm
    if zone.net_area_cm2 <= 0:
        names = ("furniture_m2", "counters_m2", "aisles_m2", "door_swing_m2")
        raise BadInput(field=max(names, key=lambda name: getattr(zone, name)), reason="too_large")
    if zone.clear_cm is not None:
        clear_length, clear_width = zone.clear_cm
        start_x, start_y = zone.clear_start_cm
        if start_x + clear_length > length:
            raise BadInput(field="clear_x_m" if start_x else "clear_length_m", reason="too_large")
        if start_y and start_y + clear_width > width:
            raise BadInput(field="clear_y_m", reason="too_large")
        if clear_width > width or (
            zone.clear_length_m is not None and clear_length * clear_width > zone.net_area_cm2
        ):
            raise BadInput(field="clear_width_m", reason="too_large")
    for index, (x, y) in enumerate(zone.seat_points):
        if x > length or y > width:
            raise BadInput(
                field="seats" if index < len(zone.seats) else "seat_rows", reason="outside_room"
            )
