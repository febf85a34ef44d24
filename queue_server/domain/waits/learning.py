"""What an office learns from its own days: usual rates and waits, the weights of the estimate, and
how far it errs.

Everything is scored on days that had no part in it, never on tickets drawn at random: those of one
morning are near copies.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log

from .estimate import (
    MISS,
    MISS_BOUNDS,
    OFFSET_MINUTES,
    Misses,
    QueueSight,
    StreamFigures,
    WaitModel,
    band_around,
    blend,
    describe,
    estimate_minutes,
)
from .range import LONGEST_SHOWN_MINUTES, round_range

RECENCY = 0.95
"""How much of a day's weight the day before it has."""

HOUR_PRIOR = 5.0
"""How many waits of the same hour the stream's mean over all hours is worth."""

BUSY_LEAST_MINUTES = 30.0
"""A stream whose visitors saw less waiting time than this, added up, has no rate yet."""

WEIGHTS_BEFORE = (0.35, 0.75, 0.05, 0.07)
WEIGHTS_PRIOR = 25.0
"""How many waits the weights known beforehand are worth."""

BINS_MOST = 8
BIN_LEAST = 40
ERRORS_KEPT = 200
RECORDS_LEAST = 80

DAY_AGREEMENT = 0.3
"""How far waits of one size in one stream agree on one day, from 0 to 1. Chosen on the first five
training days.
"""

ADAPTATION = 0.005
"""How far one wait moves the tail shares of its stream. A night takes in a hundred waits of a day
at once: with three times as much the shares swing too far, and the range covers 76 % of played days
instead of 80 %.
"""

BIN_ADAPTATION = 0.003
"""The same for its bin of size, which the waits of all streams fall into."""


class TooLittleHistory(Exception):
    """Too few days or waits to learn from; the planned service times have to do."""


@dataclass(frozen=True)
class WaitRecord:
    """One visitor who came and was called: the queue as they found it, and their wait in
    minutes.
    """

    stream: str
    sight: QueueSight
    wait: float


@dataclass
class _Sums:
    """Weighted sums from which the figures of one stream are taken; those of one day can be taken
    off again.
    """

    calls: float = 0.0
    busy_minutes: float = 0.0
    counters: float = 0.0
    counters_weight: float = 0.0
    wait: float = 0.0
    weight: float = 0.0
    by_hour: dict[int, tuple[float, float]] = field(default_factory=dict)

    def add(self, other: _Sums, share: float) -> None:
        self.calls += share * other.calls
        self.busy_minutes += share * other.busy_minutes
        self.counters += share * other.counters
        self.counters_weight += share * other.counters_weight
        self.wait += share * other.wait
        self.weight += share * other.weight
        for hour, (wait, weight) in other.by_hour.items():
            before = self.by_hour.get(hour, (0.0, 0.0))
            self.by_hour[hour] = before[0] + share * wait, before[1] + share * weight

    def figures(self) -> StreamFigures:
        usual = self.wait / self.weight
        return StreamFigures(
            self.calls / self.busy_minutes,
            usual,
            {
                hour: (wait + HOUR_PRIOR * usual) / (weight + HOUR_PRIOR)
                for hour, (wait, weight) in self.by_hour.items()
            },
            self.counters / self.counters_weight if self.counters_weight > 0 else None,
        )


def _sum_day(day: Iterable[WaitRecord]) -> dict[str, _Sums]:
    sums: dict[str, _Sums] = defaultdict(_Sums)
    for record in day:
        of_stream, sight = sums[record.stream], record.sight
        of_stream.calls += sight.calls
        of_stream.busy_minutes += sight.busy_minutes
        if sight.counters:
            of_stream.counters += sight.counters
            of_stream.counters_weight += 1
        wait, weight = of_stream.by_hour.get(sight.hour, (0.0, 0.0))
        of_stream.by_hour[sight.hour] = wait + record.wait, weight + 1
        of_stream.wait += record.wait
        of_stream.weight += 1
    return dict(sums)


def _figures_of(
    days: Sequence[Mapping[str, _Sums]], shares: Sequence[float]
) -> dict[str, StreamFigures]:
    totals: dict[str, _Sums] = defaultdict(_Sums)
    for day, share in zip(days, shares, strict=True):
        if share:
            for stream, sums in day.items():
                totals[stream].add(sums, share)
    return {
        stream: sums.figures()
        for stream, sums in totals.items()
        if sums.busy_minutes >= BUSY_LEAST_MINUTES
    }


@dataclass(frozen=True)
class _Example:
    """One wait as the other days' figures describe it."""

    described: tuple[float, float, float, float]
    target: float
    share: float
    stream: str
    day: int


def learn_waits(days: Sequence[Sequence[WaitRecord]], before: WaitModel | None = None) -> WaitModel:
    """What the days teach, oldest first; each day's waits are described by the figures of the other
    days alone.

    Weights: least squares of log(wait + 2) on the three predictors, each wait weighted by its size
    and its day's recency, drawn towards `WEIGHTS_BEFORE` as by `WEIGHTS_PRIOR` more waits. Errors:
    those of the held-out days, in bins of equal count. Tail shares go on from those of the model
    `before`; those of bins begin with `_begin_bin`. Raises `TooLittleHistory` below 2 days or
    `RECORDS_LEAST` waits.
    """
    shares = [RECENCY ** (len(days) - 1 - index) for index in range(len(days))]
    sums = [_sum_day(day) for day in days]
    examples: list[_Example] = []
    for index, day in enumerate(days):
        others = _figures_of(
            sums, [0.0 if each == index else share for each, share in enumerate(shares)]
        )
        examples += [
            _Example(
                describe(record.sight, others[record.stream]),
                log(record.wait + OFFSET_MINUTES),
                shares[index],
                record.stream,
                index,
            )
            for record in day
            if record.stream in others
        ]
    if len(examples) < RECORDS_LEAST:
        raise TooLittleHistory(
            f"{len(examples)} waits on {len(days)} days; {RECORDS_LEAST} on 2 are needed"
        )
    weights = _fit_weights(examples)
    errors = sorted((blend(weights, each.described), each.target) for each in examples)
    edges, binned = _bin_errors(
        [(size, target - log(size + OFFSET_MINUTES)) for size, target in errors]
    )
    groups: list[dict[tuple[str, int], int]] = [defaultdict(int) for _ in binned]
    for each in examples:
        groups[bisect_right(edges, blend(weights, each.described))][each.stream, each.day] += 1
    bin_misses = tuple(_begin_bin(each.values()) for each in groups)
    if before is not None and len(before.bin_misses) == len(binned):
        bin_misses = before.bin_misses
    return WaitModel(
        _figures_of(sums, shares),
        weights,
        edges,
        binned,
        dict(before.misses) if before is not None else {},
        bin_misses,
    )


def _begin_bin(waits: Collection[int]) -> Misses:
    """The tail shares of a bin before any night, from how many waits each stream and day brought to
    it.

    Waits of one day are near copies, so a few days show too little of what a new day may bring, and
    their tails lie too far in. With k days worth of waits (Kish: squared sum over sum of squares)
    that agree wholly, the share is `MISS` - (1 - `MISS`) / k (hierarchical conformal prediction,
    Lee, Barber and Willett 2023); they agree by `DAY_AGREEMENT`.
    """
    days = sum(waits) ** 2 / sum(each * each for each in waits)
    share = max(MISS_BOUNDS[0], MISS - DAY_AGREEMENT * (1 - MISS) / days)
    return Misses(share, share)


def _fit_weights(examples: Sequence[_Example]) -> tuple[float, float, float, float]:
    weights = WEIGHTS_BEFORE
    for _ in range(2):
        # A wait's size is that of its estimate, not of itself: weighing by the outcome would bend
        # the fit upwards.
        sizes = [blend(weights, each.described) + OFFSET_MINUTES for each in examples]
        scale = len(sizes) / sum(sizes)
        matrix = [
            [WEIGHTS_PRIOR if row == column else 0.0 for column in range(4)] for row in range(4)
        ]
        vector = [WEIGHTS_PRIOR * before for before in WEIGHTS_BEFORE]
        for each, size in zip(examples, sizes, strict=True):
            weight = each.share * size * scale
            for row in range(4):
                part = weight * each.described[row]
                vector[row] += part * each.target
                for column in range(4):
                    matrix[row][column] += part * each.described[column]
        first, second, third, fourth = _solve(matrix, vector)
        weights = first, second, third, fourth
    return weights


def _solve(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    """The solution of a symmetric positive definite system, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    size = len(rows)
    for pivot in range(size):
        for below in range(pivot + 1, size):
            factor = rows[below][pivot] / rows[pivot][pivot]
            rows[below] = [
                value - factor * above
                for value, above in zip(rows[below], rows[pivot], strict=True)
            ]
    solution = [0.0] * size
    for pivot in reversed(range(size)):
        known = sum(rows[pivot][column] * solution[column] for column in range(pivot + 1, size))
        solution[pivot] = (rows[pivot][size] - known) / rows[pivot][pivot]
    return solution


def _bin_errors(
    sized: Sequence[tuple[float, float]],
) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """Edges and sorted errors of bins of about equal count, from (estimate, error) in order of the
    estimate.
    """
    bins = max(1, min(BINS_MOST, len(sized) // BIN_LEAST))
    cuts = {sized[len(sized) * index // bins][0] for index in range(1, bins)}
    edges = tuple(sorted(cuts - {sized[0][0]}))
    binned: list[list[float]] = [[] for _ in range(len(edges) + 1)]
    for size, error in sized:
        binned[bisect_right(edges, size)].append(error)
    return edges, tuple(_thin(sorted(each)) for each in binned)


def _thin(errors: Sequence[float]) -> tuple[float, ...]:
    """At most `ERRORS_KEPT` of the errors, evenly spread."""
    if len(errors) <= ERRORS_KEPT:
        return tuple(round(each, 4) for each in errors)
    return tuple(
        round(errors[len(errors) * (2 * index + 1) // (2 * ERRORS_KEPT)], 4)
        for index in range(ERRORS_KEPT)
    )


def adapt_misses(model: WaitModel, day: Iterable[WaitRecord]) -> WaitModel:
    """The model after a day whose waits came out as recorded, in order of the calls: each tail's
    share follows its misses.

    Adaptive conformal inference (Gibbs and Candes 2021) per tail, of each stream and of each bin of
    size: a <- a + step (`MISS` - missed), by `ADAPTATION` and `BIN_ADAPTATION`. Missed is what was
    *shown*: the range on its steps.
    """
    misses, bins = dict(model.misses), list(model.bin_misses or [Misses()] * len(model.errors))
    for record in day:
        estimate = estimate_minutes(model, record.stream, record.sight)
        if estimate is None:
            continue
        stream, bin_index = misses.get(record.stream, Misses()), model.bin_of(estimate)
        low, high = band_around(
            model, stream.with_drift_of(bins[bin_index]), estimate, record.sight.silent_minutes
        )
        shown = round_range(low, estimate, high)
        # An end that no wait can miss teaches nothing; its share would only drift to its bound.
        below = record.wait < shown.low if shown.low > 0 else None
        above = record.wait > shown.high if shown.high < LONGEST_SHOWN_MINUTES else None
        misses[record.stream] = _drift(stream, below, above, ADAPTATION)
        bins[bin_index] = _drift(bins[bin_index], below, above, BIN_ADAPTATION)
    return replace(model, misses=misses, bin_misses=tuple(bins))


def _drift(misses: Misses, below: bool | None, above: bool | None, step: float) -> Misses:
    least, most = MISS_BOUNDS

    def follow(share: float, missed: bool | None) -> float:
        return share if missed is None else min(most, max(least, share + step * (MISS - missed)))

    return Misses(follow(misses.low, below), follow(misses.high, above))
