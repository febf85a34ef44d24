"""What the public may know of the way to an office, and to a service without a visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queue_server.domain.office.location import Location, map_url
from queue_server.domain.office.office import OnlineWay


@dataclass(frozen=True)
class LocationView:
    """Where an office is (degrees north and east), a page with its map, and how to get in; None and
    no words where the office has told nothing. `wheelchair` is FULL, WITH_HELP or NONE.
    """

    latitude: float | None
    longitude: float | None
    map_url: str | None
    wheelchair: str | None
    parking: Mapping[str, str]
    directions: Mapping[str, str]


@dataclass(frozen=True)
class OnlineView:
    """Where a service is had, or applied for, without a visit, and its steps in order."""

    url: str
    steps: Mapping[str, tuple[str, ...]]


def view_location(location: Location) -> LocationView:
    """The way to an office as the public sees it."""
    point = location.coordinates
    return LocationView(
        None if point is None else point.latitude,
        None if point is None else point.longitude,
        None if point is None else map_url(point),
        None if location.wheelchair is None else location.wheelchair.value,
        location.parking,
        location.directions,
    )


def view_online(way: OnlineWay | None) -> OnlineView | None:
    """The way to a service without a visit as the public sees it."""
    if way is None:
        return None
    steps = {language: tuple(text.splitlines()) for language, text in way.steps.items()}
    return OnlineView(way.url, steps)
