"""Where people may be in a zone: the seats or floor marks of its layout, and which of them its limit lets be used."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import dist

from .capacity import ZoneLimit, best_layout, limit_zone
from .layouts import Point, place_layout, place_line
from .measures import down
from .seats import choose_seats
from .zones import Method, Zone

SPOTS_MAX = 1500
"""A plan with more spots than this can neither be read nor taped to a floor."""

_DRAWN = (Method.SEATS, Method.LAYOUT, Method.LINE)


@dataclass(frozen=True)
class Spot:
    """A seat or a floor mark, m from one corner along the length and the width; `usable`: a person may be there."""

    x_m: float
    y_m: float
    usable: bool


@dataclass(frozen=True)
class Spots:
    """A zone's spots by one method. `usable` ones are pairwise at least the zone's distance apart, and no more than the zone's limit.

    `left_out` is the number of spots that keep the distance and yet must stay free, because another method gives less.
    """

    method: Method
    spots: tuple[Spot, ...]
    left_out: int


def spots(zone: Zone) -> Spots | None:
    """The zone's seats, floor marks or line. None if no method gives places, or if there are more than `SPOTS_MAX`."""
    limit = limit_zone(zone)
    drawn = [each for each in limit.candidates if each.method in _DRAWN]
    if not drawn:
        return None
    # The binding method's places if it has any, else those of the smallest count.
    method = min(drawn, key=lambda each: (each.method is not limit.binding, each.persons)).method
    if method is not Method.SEATS and next(each.persons for each in drawn if each.method is method) > SPOTS_MAX:
        return None
    places, apart = _places(zone, method)
    usable = thin_out([places[each] for each in apart], _allowed(limit, method))
    kept = {apart[each] for each in usable}
    found = tuple(Spot(x / 100, y / 100, place in kept) for place, (x, y) in enumerate(places))
    return Spots(method, found, len(apart) - len(kept))


def thin_out(points: Sequence[Point], count: int) -> list[int]:
    """`count` of the points, spread as far apart as taking them one by one allows: the first, then always the one farthest from all
    taken so far. Indexes in order."""
    if count >= len(points):
        return list(range(len(points)))
    taken: list[int] = []
    far = [float("inf")] * len(points)
    while len(taken) < count:
        best = max(range(len(points)), key=lambda each: far[each])
        taken.append(best)
        far = [min(old, dist(points[best], each)) for old, each in zip(far, points, strict=True)]
    return sorted(taken)


def _allowed(limit: ZoneLimit, method: Method) -> int:
    """Spots to be used: the visitors of the limit and, where the drawn method counts staff, the staff who stand among them."""
    if limit.limit is None:
        return 0
    drawn = next(each for each in limit.candidates if each.method is method)
    return limit.limit + drawn.persons - drawn.visitors


def _places(zone: Zone, method: Method) -> tuple[list[Point], Sequence[int]]:
    """All places in centimetres, and the indexes of those that together keep the distance."""
    distance = zone.distance_cm or 1
    if method is Method.SEATS:
        seats: Iterable[Point] = zone.seat_places
        return list(seats), choose_seats(zone.seat_places, distance).chosen
    if method is Method.LAYOUT:
        length, width = zone.clear_cm or (0, 0)
        start_x, start_y = zone.clear_start_cm
        points = [(start_x + x, start_y + y) for x, y in place_layout(best_layout(zone)[0], length, width, distance)]
    else:
        middle = down((zone.width_m or 0) * 100) / 2
        points = [(x, middle) for x in place_line(down((zone.length_m or 0) * 100), distance)]
    return points, range(len(points))
