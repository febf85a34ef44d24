"""Which seats may be used: the largest set of seats with no two closer than a distance.

That is a maximum independent set of the graph "two seats closer than d". Each connected group of seats is solved by itself:
exactly by branch and bound up to `EXACT_SEATS` seats, above that by the greedy choice improved by swaps. Sets of seats are bit
masks: bit i is seat i.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isqrt

EXACT_SEATS = 60
"""Connected groups up to this size are solved exactly; the time grows fast beyond."""

Place = tuple[int, int]
"""A seat's place in whole centimetres."""


@dataclass(frozen=True)
class SeatChoice:
    """The seats that may be used, as indexes in order. `exact`: no larger choice exists; otherwise a larger one might."""

    chosen: tuple[int, ...]
    exact: bool


def count_row(seats: int, pitch_cm: int, distance_cm: int) -> int:
    """Usable seats of one row: every k-th one, k = ceil(d/p); K = ceil(n/k)."""
    step = -(-distance_cm // pitch_cm)
    return -(-seats // step)


def choose_seats(places: Sequence[Place], distance_cm: int) -> SeatChoice:
    """Choose as many seats as possible, pairwise at least the distance apart. More distance never gives more seats."""
    chosen, exact, ceiling = _choose(conflicts(places, distance_cm))
    if not exact:
        # A choice that is not proven best might be beaten by one made for a larger distance, which keeps this one too.
        for further in _larger_distances(places, distance_cm):
            if ceiling <= chosen.bit_count():
                break
            other, _, ceiling = _choose(conflicts(places, further))
            chosen = max(chosen, other, key=int.bit_count)
    return SeatChoice(tuple(_bits(chosen)), exact)


def _choose(near: Sequence[int]) -> tuple[int, bool, int]:
    """A choice, whether it is proven best, and a number of seats that no choice can exceed."""
    chosen, exact, ceiling = 0, True, 0
    for group in _groups(near):
        found = add_swaps(near, group, choose_greedily(near, group))
        # A cover by cliques bounds any choice from above: a choice that reaches it needs no search.
        most = _cover(near, group)[1][-1]
        if found.bit_count() < most:
            if group.bit_count() <= EXACT_SEATS:
                found = search_best(near, group, found)
                most = found.bit_count()
            else:
                in_order = add_swaps(near, group, choose_in_order(near, group))
                found = max(found, in_order, key=int.bit_count)
                exact = exact and found.bit_count() == most
        chosen |= found
        ceiling += most
    return chosen, exact, ceiling


def _larger_distances(places: Sequence[Place], distance_cm: int) -> list[int]:
    """The distances, in whole centimetres and rising, at which one more pair of seats comes to be too close."""
    apart = {isqrt((x1 - x2) ** 2 + (y1 - y2) ** 2) + 1 for (x1, y1), (x2, y2) in combinations(places, 2)}
    return sorted(each for each in apart if each > distance_cm)


def conflicts(places: Sequence[Place], distance_cm: int) -> list[int]:
    """For each seat the mask of the other seats that are closer than the distance."""
    near = [0] * len(places)
    limit = distance_cm * distance_cm
    for one, (x1, y1) in enumerate(places):
        for two in range(one):
            x2, y2 = places[two]
            if (x1 - x2) ** 2 + (y1 - y2) ** 2 < limit:
                near[one] |= 1 << two
                near[two] |= 1 << one
    return near


def choose_greedily(near: Sequence[int], group: int) -> int:
    """Take again and again the seat that blocks the fewest others; the first of equals."""
    chosen, left = 0, group
    while left:
        seat = min(_bits(left), key=lambda each: (near[each] & left).bit_count())
        chosen |= 1 << seat
        left &= ~(near[seat] | 1 << seat)
    return chosen


def choose_in_order(near: Sequence[int], group: int) -> int:
    """Take the first seat that is left, again and again: in seats numbered row by row often better than the greedy choice."""
    chosen, left = 0, group
    while left:
        seat = left & -left
        chosen |= seat
        left &= ~(near[seat.bit_length() - 1] | seat)
    return chosen


def add_swaps(near: Sequence[int], group: int, chosen: int) -> int:
    """Give up one seat wherever that frees two, until no such swap is left. Never fewer seats than given."""
    while (better := _swap_once(near, group, chosen)) is not None:
        chosen = better
    return chosen


def _swap_once(near: Sequence[int], group: int, chosen: int) -> int | None:
    for seat in _bits(group & ~chosen):
        if not near[seat] & chosen:
            return chosen | 1 << seat
    for given in _bits(chosen):
        kept = chosen & ~(1 << given)
        freed = [each for each in _bits(near[given] & group & ~chosen) if not near[each] & kept]
        for position, one in enumerate(freed):
            for two in freed[:position]:
                if not near[one] >> two & 1:
                    return kept | 1 << one | 1 << two
    return None


def search_best(near: Sequence[int], group: int, known: int) -> int:
    """A largest choice from the group, by branch and bound; `known` is a choice to beat. Bound: a cover by cliques, of which a choice
    takes at most one seat each (Tomita's colouring bound, on the complement graph)."""
    best = known

    def expand(left: int, taken: int, size: int) -> None:
        nonlocal best
        order, bounds = _cover(near, left)
        for seat, bound in zip(reversed(order), reversed(bounds), strict=True):
            if size + bound <= best.bit_count():
                return
            left &= ~(1 << seat)
            rest = left & ~near[seat]
            if rest:
                expand(rest, taken | 1 << seat, size + 1)
            elif size + 1 > best.bit_count():
                best = taken | 1 << seat

    expand(group, 0, 0)
    return best


def _cover(near: Sequence[int], left: int) -> tuple[list[int], list[int]]:
    """The seats clique by clique, and for each the number of cliques so far: no choice from the seats up to it is larger."""
    order: list[int] = []
    bounds: list[int] = []
    cliques = 0
    while left:
        cliques += 1
        open_to = left
        while open_to:
            seat = (open_to & -open_to).bit_length() - 1
            left &= ~(1 << seat)
            open_to &= near[seat]
            order.append(seat)
            bounds.append(cliques)
    return order, bounds


def _groups(near: Sequence[int]) -> Iterator[int]:
    """The connected groups of seats."""
    left = (1 << len(near)) - 1
    while left:
        group, fresh = 0, left & -left
        while fresh:
            group |= fresh
            reached = 0
            for seat in _bits(fresh):
                reached |= near[seat]
            fresh = reached & ~group
        left &= ~group
        yield group


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
