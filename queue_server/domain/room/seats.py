"""Which seats may be used: the largest set of seats with no two closer than a distance.

That is a maximum independent set of the graph "two seats closer than d" (`apart`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from .apart import Search, bits, choose_apart

EFFORT = 100_000
"""The most states of one sweep: less than a second on a small PC; 200 loose seats need a tenth of
it.

Counted, and not timed, so that a plan has the same answer on every machine and at every load.
"""

Point = tuple[int, int]
"""A seat's position in whole centimetres."""


@dataclass(frozen=True)
class SeatChoice:
    """The seats that may be used, as indexes in order. `exact`: it is proved that no more can
    be.
    """

    chosen: tuple[int, ...]
    exact: bool


def count_row(seats: int, pitch_cm: int, distance_cm: int) -> int:
    """Usable seats of one row: every k-th one, k = ceil(d/p); K = ceil(n/k)."""
    step = -(-distance_cm // pitch_cm)
    return -(-seats // step)


def choose_seats(points: Sequence[Point], distance_cm: int, effort: int = EFFORT) -> SeatChoice:
    """Choose as many seats as possible, pairwise at least the distance apart.

    An exact choice has never fewer seats than one for a part of the plan or for a larger distance.
    One that is not proved has at least those found without the last seat, and at the next larger
    distance at which one more pair of seats is too close.
    """
    best = _search(points, distance_cm, effort)
    if not best.exact:
        rivals = [_search(points[:-1], distance_cm, effort)]
        farther = _next_distance(points, distance_cm)
        if farther is not None:
            rivals.append(_search(points, farther, effort))
        widest = max((best, *rivals), key=lambda each: each.chosen.bit_count())
        best = Search(widest.chosen, exact=False)
    return SeatChoice(tuple(bits(best.chosen)), best.exact)


def _search(points: Sequence[Point], distance_cm: int, effort: int) -> Search:
    return choose_apart(conflicts(points, distance_cm), points, effort)


def _next_distance(points: Sequence[Point], distance_cm: int) -> int | None:
    """The next larger distance, whole centimetres, at which one more pair is too close."""
    limit = distance_cm * distance_cm
    apart = [
        square
        for one, (x1, y1) in enumerate(points)
        for x2, y2 in points[:one]
        if (square := (x1 - x2) ** 2 + (y1 - y2) ** 2) >= limit
    ]
    return isqrt(min(apart)) + 1 if apart else None


def conflicts(points: Sequence[Point], distance_cm: int) -> list[int]:
    """For each seat the mask of the other seats that are closer than the distance."""
    near = [0] * len(points)
    limit = distance_cm * distance_cm
    for one, (x1, y1) in enumerate(points):
        for two in range(one):
            x2, y2 = points[two]
            if (x1 - x2) ** 2 + (y1 - y2) ** 2 < limit:
                near[one] |= 1 << two
                near[two] |= 1 << one
    return near
