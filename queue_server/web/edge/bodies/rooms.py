"""What managers send to describe a room."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from queue_server.domain.room.capacity import ZONES_MAX
from queue_server.domain.room.zones import (
    COUNTS,
    NUMBERS,
    SEATS_MAX,
    LayoutChoice,
    Method,
    ZoneKind,
)

from .base import Body
from .kinds import Word


def _number(name: str) -> Any:
    low, high = NUMBERS[name]
    return Field(ge=low, le=high, strict=True, allow_inf_nan=False)


def _count(name: str) -> Any:
    low, high = COUNTS[name]
    return Field(ge=low, le=high, strict=True)


Coordinate = Annotated[float, Field(ge=0, le=1000, strict=True, allow_inf_nan=False)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]


class SeatBody(Body):
    """A seat's centre, m from one corner along the length and the width."""

    x_m: Coordinate
    y_m: Coordinate


class SeatRowBody(Body):
    """A row of seats from its first seat on, along the length or across it."""

    x_m: Coordinate
    y_m: Coordinate
    count: Annotated[int, Field(ge=1, le=SEATS_MAX, strict=True)]
    pitch_m: Annotated[float, Field(ge=0.1, le=100, strict=True, allow_inf_nan=False)]
    across: Annotated[bool, Field(strict=True)] = False


class ZoneBody(Body):
    """A zone: measures in m and m2, shares in percent. A rule names a published preset in the place
    of an own number.
    """

    name: Name
    kind: ZoneKind
    methods: Annotated[list[Method], Field(min_length=1, max_length=len(Method))]
    length_m: Annotated[float | None, _number("length_m")] = None
    width_m: Annotated[float | None, _number("width_m")] = None
    furniture_m2: Annotated[float, _number("furniture_m2")] = 0.0
    counters_m2: Annotated[float, _number("counters_m2")] = 0.0
    aisles_m2: Annotated[float, _number("aisles_m2")] = 0.0
    door_swing_m2: Annotated[float, _number("door_swing_m2")] = 0.0
    area_rule: Word | None = None
    area_per_person_m2: Annotated[float | None, _number("area_per_person_m2")] = None
    spacing_rule: Word | None = None
    spacing_m: Annotated[float | None, _number("spacing_m")] = None
    body_width_m: Annotated[float, _number("body_width_m")] = 0.0
    layout: LayoutChoice = LayoutChoice.BEST
    clear_length_m: Annotated[float | None, _number("clear_length_m")] = None
    clear_width_m: Annotated[float | None, _number("clear_width_m")] = None
    clear_x_m: Annotated[float, _number("clear_x_m")] = 0.0
    clear_y_m: Annotated[float, _number("clear_y_m")] = 0.0
    seats: Annotated[list[SeatBody], Field(max_length=SEATS_MAX)] = []
    seat_rows: Annotated[list[SeatRowBody], Field(max_length=SEATS_MAX)] = []
    percent_rule: Word | None = None
    percent: Annotated[float | None, _number("percent")] = None
    licensed_capacity: Annotated[int | None, _count("licensed_capacity")] = None
    open_counters: Annotated[int | None, _count("open_counters")] = None
    companions: Annotated[int, _count("companions")] = 0
    staff_inside: Annotated[int, _count("staff_inside")] = 0
    staff_counted: Annotated[bool, Field(strict=True)] = False


class RoomBody(Body):
    """The whole room: it replaces the one before."""

    zones: Annotated[list[ZoneBody], Field(max_length=ZONES_MAX)]
    building_limit: Annotated[int | None, Field(ge=1, le=1_000_000, strict=True)] = None
