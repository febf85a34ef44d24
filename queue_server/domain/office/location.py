"""Where an office is, how to get there, and whether everybody gets in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class WheelchairAccess(StrEnum):
    """How far somebody in a wheelchair gets without help."""

    FULL = "FULL"
    WITH_HELP = "WITH_HELP"
    NONE = "NONE"


@dataclass(frozen=True)
class Coordinates:
    """A point on the map, in degrees north and east (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Location:
    """What a visitor must know to get to an office and into it; None and no words: not told yet.
    `parking` and `directions` are texts by language code.
    """

    coordinates: Coordinates | None = None
    wheelchair: WheelchairAccess | None = None
    parking: Mapping[str, str] = field(default_factory=dict)
    directions: Mapping[str, str] = field(default_factory=dict)


def write_location(location: Location) -> dict[str, Any]:
    """A location as JSON keeps it."""
    point = location.coordinates
    return {
        "coordinates": None if point is None else [point.latitude, point.longitude],
        "wheelchair": None if location.wheelchair is None else location.wheelchair.value,
        "parking": dict(location.parking),
        "directions": dict(location.directions),
    }


def read_location(stored: Mapping[str, Any]) -> Location:
    """The location that `write_location` wrote; what is missing is not told."""
    point, wheelchair = stored.get("coordinates"), stored.get("wheelchair")
    return Location(
        None if point is None else Coordinates(*point),
        None if wheelchair is None else WheelchairAccess(wheelchair),
        stored.get("parking", {}),
        stored.get("directions", {}),
    )


def map_url(point: Coordinates) -> str:
    """A page with a map of a point, which loads nothing before it is opened."""
    at = f"{point.latitude:.5f}/{point.longitude:.5f}"
    mark = f"mlat={point.latitude:.5f}&mlon={point.longitude:.5f}"
    return f"https://www.openstreetmap.org/?{mark}#map=17/{at}"
