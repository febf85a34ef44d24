"""What an office learns from its own days: usual rates and waits, the weights of the estimate, and how far it errs.

Everything is scored on days that had no part in it, never on tickets drawn at random: those of one morning are near copies.
"""
from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log

from .wait_estimate import (
    MISS,
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

ADAPTATION = 0.015
MISS_BOUNDS = (0.005, 0.4)


class TooLittleHistory(Exception):
    """Too few days or waits to learn from; the planned service times have to do."""


@dataclass(frozen=True)
class WaitRecord:
    """One visitor who came and was called: the queue as they found it, and their wait in minutes."""

    stream: str
    sight: QueueSight
    wait: float


@dataclass
class _Sums:
    """Weighted sums from which the figures of one stream are taken; those of one day can be taken off again."""

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
            self.calls / self.busy_minutes, usual,
            {hour: (wait + HOUR_PRIOR * usual) / (weight + HOUR_PRIOR) for hour, (wait, weight) in self.by_hour.items()},
            self.counters / self.counters_weight if self.counters_weight > 0 else None,
        )


def _sum_day(day: Iterable[WaitRecord]) -> dict[str, _Sums]:
    sums: dict[str, _Sums] = defaultdict(_Sums)
    for record in day:
        found, sight = sums[record.stream], record.sight
        found.calls += sight.calls
        found.busy_minutes += sight.busy_minutes
        if sight.counters:
            found.counters += sight.counters
            found.counters_weight += 1
        wait, weight = found.by_hour.get(sight.hour, (0.0, 0.0))
        found.by_hour[sight.hour] = wait + record.wait, weight + 1
        found.wait += record.wait
        found.weight += 1
    return dict(sums)


def _figures_of(days: Sequence[Mapping[str, _Sums]], shares: Sequence[float]) -> dict[str, StreamFigures]:
    totals: dict[str, _Sums] = defaultdict(_Sums)
    for day, share in zip(days, shares, strict=True):
        if share:
            for stream, sums in day.items():
                totals[stream].add(sums, share)
    return {stream: sums.figures() for stream, sums in totals.items() if sums.busy_minutes >= BUSY_LEAST_MINUTES}


@dataclass(frozen=True)
class _Example:
    """One wait as the other days' figures describe it."""

    described: tuple[float, float, float, float]
    target: float
    share: float


def learn_waits(days: Sequence[Sequence[WaitRecord]], misses: Mapping[str, Misses] | None = None) -> WaitModel:
    """What the days teach, oldest first; each day's waits are described by the figures of the other days alone.

    Weights: least squares of log(wait + 2) on the three predictors, each wait weighted by its size and its day's recency,
    drawn towards `WEIGHTS_BEFORE` as by `WEIGHTS_PRIOR` more waits. Errors: those of the held-out days, in bins of equal
    count. `misses` are those of the model before. Raises `TooLittleHistory` below 2 days or `RECORDS_LEAST` waits.
    """
    shares = [RECENCY ** (len(days) - 1 - place) for place in range(len(days))]
    sums = [_sum_day(day) for day in days]
    examples: list[_Example] = []
    for place, day in enumerate(days):
        others = _figures_of(sums, [0.0 if each == place else share for each, share in enumerate(shares)])
        examples += [
            _Example(describe(record.sight, others[record.stream]), log(record.wait + OFFSET_MINUTES), shares[place])
            for record in day
            if record.stream in others
        ]
    if len(examples) < RECORDS_LEAST:
        raise TooLittleHistory(f"{len(examples)} waits on {len(days)} days; {RECORDS_LEAST} on 2 are needed")
    weights = _fit_weights(examples)
    errors = sorted((blend(weights, each.described), each.target) for each in examples)
    edges, binned = _bin_errors([(size, target - log(size + OFFSET_MINUTES)) for size, target in errors])
    return WaitModel(_figures_of(sums, shares), weights, edges, binned, dict(misses or {}))


def _fit_weights(examples: Sequence[_Example]) -> tuple[float, float, float, float]:
    weights = WEIGHTS_BEFORE
    for _ in range(2):
        # A wait's size is that of its estimate, not of itself: weighing by the outcome would bend the fit upwards.
        sizes = [blend(weights, each.described) + OFFSET_MINUTES for each in examples]
        scale = len(sizes) / sum(sizes)
        matrix = [[WEIGHTS_PRIOR if row == column else 0.0 for column in range(4)] for row in range(4)]
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
            rows[below] = [value - factor * above for value, above in zip(rows[below], rows[pivot], strict=True)]
    solution = [0.0] * size
    for place in reversed(range(size)):
        known = sum(rows[place][column] * solution[column] for column in range(place + 1, size))
        solution[place] = (rows[place][size] - known) / rows[place][place]
    return solution


def _bin_errors(sized: Sequence[tuple[float, float]]) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """Edges and sorted errors of bins of about equal count, from (estimate, error) in order of the estimate."""
    bins = max(1, min(BINS_MOST, len(sized) // BIN_LEAST))
    cuts = {sized[len(sized) * place // bins][0] for place in range(1, bins)}
    edges = tuple(sorted(cuts - {sized[0][0]}))
    binned: list[list[float]] = [[] for _ in range(len(edges) + 1)]
    for size, error in sized:
        binned[bisect_right(edges, size)].append(error)
    return edges, tuple(_thin(sorted(each)) for each in binned)


def _thin(errors: Sequence[float]) -> tuple[float, ...]:
    """At most `ERRORS_KEPT` of the errors, evenly spread."""
    if len(errors) <= ERRORS_KEPT:
        return tuple(round(each, 4) for each in errors)
    return tuple(round(errors[len(errors) * (2 * place + 1) // (2 * ERRORS_KEPT)], 4) for place in range(ERRORS_KEPT))


def adapt_misses(model: WaitModel, day: Iterable[WaitRecord]) -> WaitModel:
    """The model after a day whose waits came out as recorded, in order of the calls: each tail's share follows its misses.

    Adaptive conformal inference (Gibbs and Candes 2021) per stream and tail: a <- a + `ADAPTATION` (`MISS` - missed).
    """
    misses = dict(model.misses)
    for record in day:
        estimate = estimate_minutes(model, record.stream, record.sight)
        if estimate is None:
            continue
        before = misses.get(record.stream, Misses())
        low, high = band_around(model, before, estimate, record.sight.silent_minutes)
        misses[record.stream] = Misses(_drift(before.low, record.wait < low), _drift(before.high, record.wait > high))
    return replace(model, misses=misses)


def _drift(share: float, missed: bool) -> float:
    least, most = MISS_BOUNDS
    return min(most, max(least, share + ADAPTATION * (MISS - missed)))
