"""Where people may be in a zone: the seats or floor marks of its layout, and which of them its
limit lets be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import dist

from .capacity import LAYOUTS, ZoneLimit, limit_zone
from .layouts import Layout, Point, count_layout, count_line, place_layout, place_line
from .measures import down
from .seats import choose_seats
from .zones import Method, Zone

SPOTS_MAX = 1500
"""A plan with more spots than this can neither be read nor taped to a floor."""

_DRAWN = (Method.SEATS, Method.LAYOUT, Method.LINE)


@dataclass(frozen=True)
class Spot:
    """A seat or a floor mark, m from one corner along the length and the width; `usable`: a person
    may be there.
    """

    x_m: float
    y_m: float
    usable: bool


@dataclass(frozen=True)
class Spots:
    """A zone's spots by one method: all its seats, or the marks to be made on its floor.

    `usable` ones are pairwise at least the zone's distance apart, and no more than the zone's
    limit. Marks are all usable.
    """

    method: Method
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class ZonePlan:
    """A zone's limit, and its points as `spots` finds them."""

    limit: ZoneLimit
    spots: Spots | None


def plan_zone(zone: Zone) -> ZonePlan:
    """Everything that takes long about a zone. A pure function of its description."""
    limit = limit_zone(zone)
    return ZonePlan(limit, spots(zone, limit))


def is_quick(zone: Zone) -> bool:
    """Whether a zone's plan takes no time worth mentioning: no method of it gives points."""
    return not any(each in _DRAWN for each in zone.methods)


def spots(zone: Zone, limit: ZoneLimit | None = None) -> Spots | None:
    """The zone's seats, floor marks or line, under its `limit` if that is known. None if no method
    gives points, or if there are more than `SPOTS_MAX`.
    """
    limit = limit or limit_zone(zone)
    drawn = [each for each in limit.candidates if each.method in _DRAWN]
    if not drawn:
        return None
    # The points of the smallest count: those of the method that binds, if it has points.
    candidate = min(drawn, key=lambda each: each.persons)
    # Staff whom the drawn method counts stand among the visitors.
    allowed = 0 if limit.is_closed else limit.limit + candidate.persons - candidate.visitors
    if candidate.method is Method.SEATS:
        return Spots(Method.SEATS, _show_seats(zone, allowed))
    if allowed > SPOTS_MAX:
        return None
    marks = [] if allowed == 0 else _place_marks(zone, candidate.method, allowed)
    return Spots(candidate.method, tuple(Spot(x / 100, y / 100, True) for x, y in marks))


def thin_out(points: Sequence[Point], count: int) -> list[int]:
    """`count` of the points, spread as far apart as taking them one by one allows: the first, then
    always the one farthest from all taken so far. Indexes in order.
    """
    if count >= len(points):
        return list(range(len(points)))
    taken: list[int] = []
    far = [float("inf")] * len(points)
    while len(taken) < count:
        best = max(range(len(points)), key=lambda each: far[each])
        taken.append(best)
        far = [min(old, dist(points[best], each)) for old, each in zip(far, points, strict=True)]
    return sorted(taken)


def _show_seats(zone: Zone, allowed: int) -> tuple[Spot, ...]:
    points = zone.seat_points
    apart = choose_seats(points, zone.distance_cm or 1).chosen
    kept = {apart[each] for each in thin_out([points[each] for each in apart], allowed)}
    return tuple(Spot(x / 100, y / 100, index in kept) for index, (x, y) in enumerate(points))


def _place_marks(zone: Zone, method: Method, allowed: int) -> list[Point]:
    """As many marks as people are allowed, as far apart as a regular layout lets them be, in
    centimetres.
    """
    least = zone.distance_cm or 1
    length, width = zone.clear_cm or (0, 0)
    if method is Method.LINE:
        length, width = down((zone.length_m or 0) * 100), down((zone.width_m or 0) * 100)

    def best(distance_cm: int) -> tuple[Layout, int]:
        counts = {
            each: count_layout(each, length, width, distance_cm) for each in LAYOUTS[zone.layout]
        }
        layout = max(counts, key=counts.__getitem__)
        return layout, counts[layout]

    def count(distance_cm: int) -> int:
        return count_line(length, distance_cm) if method is Method.LINE else best(distance_cm)[1]

    # Fewer people come with more distance, so the widest distance that still holds them all is
    # found by halving.
    near, far = least, max(least, length, width) + 1
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (middle, far) if count(middle) >= allowed else (near, middle)
    if method is Method.LINE:
        points = [(x, width / 2) for x in place_line(length, near)]
    else:
        start_x, start_y = zone.clear_start_cm
        points = [
            (start_x + x, start_y + y) for x, y in place_layout(best(near)[0], length, width, near)
        ]
    # Row by row from the corner, however the layout was turned: the order in which a floor is
    # marked.
    return sorted(
        (points[each] for each in thin_out(points, allowed)), key=lambda point: (point[1], point[0])
    )
