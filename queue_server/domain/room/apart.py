"""As many points of a plan as possible of which no two are neighbours: a maximum independent set.

Sets of points are bit masks: bit i is point i. First, points that cannot do better than one of
their neighbours are left out (domination). Then each connected group is swept along its longer side
by dynamic programming over a path decomposition: a state is the choice among the points that still
have neighbours ahead, and of equal states the one with most points chosen is kept. The work grows
with the width of the group, not with its length. Where it takes more effort than is allowed, only
the best states are kept at each point (a beam); the choice is then good, but not proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Point = tuple[int, int]

NARROWEST = 50
"""A beam keeps so many states at each point, however little effort is allowed."""
WINDOW = 90
"""Points of a stretch that `_improve` solves anew; few enough for an exact answer in no time."""
WINDOW_EFFORT = 3_000
"""States of the sweep of one such stretch."""

States = dict[int, tuple[int, "Chain | None"]]
"""Choice among the points that have neighbours ahead -> how many were chosen so far, and which."""


@dataclass(frozen=True)
class Chain:
    """A chosen point and those before it. States share what they have in common: nothing is
    copied.
    """

    point: int
    before: Chain | None


@dataclass(frozen=True)
class Search:
    """A choice of points. `exact`: no larger one exists."""

    chosen: int
    exact: bool


def choose_apart(near: Sequence[int], points: Sequence[Point], effort: int) -> Search:
    """Choose points of which no two are neighbours.

    `near`: for each point the mask of its neighbours. `effort`: the most states of one sweep.
    """
    chosen, left = drop_dominated(near, (1 << len(near)) - 1)
    exact = True
    for group, inner in _groups(near, left):
        in_group = _choose_in_group(inner, points, group, effort)
        chosen |= in_group.chosen
        exact = exact and in_group.exact
    return Search(chosen, exact)


def _choose_in_group(
    near: Sequence[int], points: Sequence[Point], group: int, effort: int
) -> Search:
    order = _in_order(points, group, along=_longer_side(points, group))
    known = add_swaps(near, group, choose_in_order(near, order))
    if known.bit_count() == bound_by_cliques(near, order)[0]:
        return Search(known, exact=True)
    # A narrow beam first: the more points are known to be possible, the more states the full sweep
    # can leave out.
    search = sweep(near, order, known, effort, width=effort // (20 * len(order)))
    if not search.exact:
        search = sweep(near, order, _improve(near, points, group, search.chosen), effort)
    if not search.exact:
        wide = sweep(near, order[::-1], search.chosen, effort, width=effort // len(order))
        search = Search(_improve(near, points, group, wide.chosen), wide.exact)
    return search


def drop_dominated(near: Sequence[int], left: int) -> tuple[int, int]:
    """Leave out each point whose neighbours include a neighbour of it and all of that one's own.

    The neighbour is never the worse choice. Returns the points that are left without neighbours,
    which a best choice can always take, and the other points that are left.
    """
    taken, open_points = 0, left
    while open_points:
        point = (open_points & -open_points).bit_length() - 1
        open_points &= open_points - 1
        if not left >> point & 1:
            continue
        closed, dropped = near[point] & left | 1 << point, 0
        for other in bits(near[point] & left):
            if not closed & ~(near[other] | 1 << other):
                dropped |= 1 << other
                closed &= ~(1 << other)
        left &= ~dropped
        for other in bits(dropped):
            open_points |= near[other] & left
        if not near[point] & left:
            taken |= 1 << point
            left &= ~(1 << point)
            open_points &= ~(1 << point)
    return taken, left


def sweep(
    near: Sequence[int], order: Sequence[int], known: int, effort: int, width: int | None = None
) -> Search:
    """The largest choice among the points of `order`, or `known` if none is larger.

    `near` names no other points. Not exact if there were more than `width` states at a point, of
    which the best were kept, or more than `effort` in all, which ended the sweep.
    """
    beam = None if width is None else max(width, NARROWEST)
    best, exact, spent = known.bit_count(), True, 0
    behind = _last_met(near, order)
    bounds = bound_by_cliques(near, order)
    states: States = {0: (0, None)}
    for index, point in enumerate(order):
        states = _step(states, point, near[point], ~behind[index], best - bounds[index + 1])
        _drop_idle(states)
        if beam is not None and len(states) > beam:
            exact = False
            states = dict(sorted(states.items(), key=_rank)[:beam])
        spent += len(states)
        if spent > effort + NARROWEST * len(order):
            return Search(known, exact=False)
    count, chain = max(states.values(), key=lambda each: each[0], default=(0, None))
    return Search(_points_of(chain) if count > best else known, exact)


def _rank(item: tuple[int, tuple[int, Chain | None]]) -> tuple[int, int, int]:
    mask, (count, _) = item
    return -count, mask.bit_count(), mask


def _step(states: States, point: int, neighbours: int, ahead: int, needed: int) -> States:
    """The states after one more point, chosen or not. Those with `needed` points or fewer are
    lost.
    """
    after: States = {}
    for mask, state in states.items():
        count, chain = state
        if count > needed:
            key = mask & ahead
            rival = after.get(key)
            if rival is None or rival[0] < count:
                after[key] = state
        if count + 1 > needed and not mask & neighbours:
            key = (mask | 1 << point) & ahead
            rival = after.get(key)
            if rival is None or rival[0] <= count:
                after[key] = (count + 1, Chain(point, chain))
    return after


def _drop_idle(states: States) -> None:
    """Leave out each state that another equals in number with one point less in the way of
    others.
    """
    idle = []
    for mask, (count, _) in states.items():
        for point in bits(mask):
            rival = states.get(mask ^ 1 << point)
            if rival is not None and rival[0] >= count:
                idle.append(mask)
                break
    for mask in idle:
        del states[mask]


def _last_met(near: Sequence[int], order: Sequence[int]) -> list[int]:
    """For each place of the order the points that have been, with all their neighbours, by then."""
    place_of = {point: index for index, point in enumerate(order)}
    met = [0] * len(order)
    for point, index in place_of.items():
        last = max((place_of[each] for each in bits(near[point])), default=index)
        met[max(index, last)] |= 1 << point
    return met


def bound_by_cliques(near: Sequence[int], order: Sequence[int]) -> list[int]:
    """For each place of the order, and its end, a number that no choice from there on exceeds.

    It is the size of a cover by cliques, of which a choice takes at most one point each.
    """
    cliques: list[int] = []
    bounds = [0] * (len(order) + 1)
    for position in range(len(order) - 1, -1, -1):
        point = order[position]
        for index, clique in enumerate(cliques):
            if not clique & ~near[point]:
                cliques[index] = clique | 1 << point
                break
        else:
            cliques.append(1 << point)
        bounds[position] = len(cliques)
    return bounds


def choose_in_order(near: Sequence[int], order: Sequence[int]) -> int:
    """Take the first point that is still possible, again and again."""
    chosen = 0
    for point in order:
        if not near[point] & chosen:
            chosen |= 1 << point
    return chosen


def add_swaps(near: Sequence[int], group: int, chosen: int) -> int:
    """Give up one point wherever that frees two, as long as possible. Never fewer than given."""
    while (better := _swap_once(near, group, chosen)) is not None:
        chosen = better
    return chosen


def _swap_once(near: Sequence[int], group: int, chosen: int) -> int | None:
    for point in bits(group & ~chosen):
        if not near[point] & chosen:
            return chosen | 1 << point
    for given in bits(chosen):
        kept = chosen & ~(1 << given)
        freed = [each for each in bits(near[given] & group & ~chosen) if not near[each] & kept]
        for position, one in enumerate(freed):
            for two in freed[:position]:
                if not near[one] >> two & 1:
                    return kept | 1 << one | 1 << two
    return None


def _improve(near: Sequence[int], points: Sequence[Point], group: int, chosen: int) -> int:
    """Solve one stretch after the other anew until none gets better. Never fewer than given."""
    is_better = True
    while is_better:
        is_better = False
        for along in (0, 1):
            order = _in_order(points, group, along)
            for start in range(0, len(order), WINDOW // 2):
                window = sum(1 << point for point in order[start : start + WINDOW])
                better = _solve_window(near, points, window, chosen)
                is_better = is_better or better.bit_count() > chosen.bit_count()
                chosen = better
    return chosen


def _solve_window(near: Sequence[int], points: Sequence[Point], window: int, chosen: int) -> int:
    kept, free = chosen & ~window, window
    for point in bits(kept):
        free &= ~near[point]
    better, left = drop_dominated(near, free)
    for group, inner in _groups(near, left):
        order = _in_order(points, group, _longer_side(points, group))
        known = chosen & group
        better |= sweep(inner, order, known, WINDOW_EFFORT, width=WINDOW_EFFORT // 10).chosen
    return kept | better if better.bit_count() > (chosen & window).bit_count() else chosen


def _in_order(points: Sequence[Point], group: int, along: int) -> list[int]:
    return sorted(bits(group), key=lambda each: (points[each][along], points[each][1 - along]))


def _longer_side(points: Sequence[Point], group: int) -> int:
    lengths, widths = zip(*(points[each] for each in bits(group)), strict=True)
    return 0 if max(lengths) - min(lengths) >= max(widths) - min(widths) else 1


def _groups(near: Sequence[int], left: int) -> Iterator[tuple[int, list[int]]]:
    """The connected groups of the points that are left, each with the neighbours inside it."""
    while left:
        group, fresh = 0, left & -left
        while fresh:
            group |= fresh
            reached = 0
            for point in bits(fresh):
                reached |= near[point] & left
            fresh = reached & ~group
        left &= ~group
        yield group, [each & group if group >> point & 1 else 0 for point, each in enumerate(near)]


def _points_of(chain: Chain | None) -> int:
    mask = 0
    while chain is not None:
        mask |= 1 << chain.point
        chain = chain.before
    return mask


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, rising."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
