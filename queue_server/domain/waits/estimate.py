"""The wait of a visitor, in minutes, from what is seen of the queue now and what was learnt of its
past days.

The same functions answer on the live server and in `antrean waits evaluate`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, exp, floor, log

from .leaving import NoRange
from .pace import Pace, follow_busy
from .range import WaitRange, gamma_band, settle_range

RATE_PRIOR_MINUTES = 240.0
"""How many minutes of today's calls the usual rate is worth. Chosen on the training days; 180 to
600 differ by 1 %.
"""

OFFSET_MINUTES = 2.0
"""Added before taking logarithms, so that a wait of nothing has one."""

SLOWEST_RATE = 0.01
SHORTEST_MINUTES = 1.0
STALLED_MINUTES = 30.0
"""With visitors waiting and nobody called for so long, nothing is promised."""
QUIET_MINUTES = 10.0
"""A silence longer than this is added to the upper end."""
PLANNED_PRIOR_MINUTES = 60.0
MISS = 0.1
"""The share of waits that may fall below the range, and the share that may fall above it."""

MISS_BOUNDS = (0.005, 0.4)


@dataclass(frozen=True)
class QueueSight:
    """A queue as one visitor finds it.

    `position` is 1 for the visitor who is called next and `line` what a newcomer's position would
    be, so 1 <= `position` <= `line`. `calls` and `busy_minutes` are of `Pace`; `hour` is the local
    hour of the day; `counters` is None where the number of open counters is not known.
    """

    position: int
    line: int
    hour: int
    calls: float = 0.0
    busy_minutes: float = 0.0
    last_wait: float | None = None
    silent_minutes: float = 0.0
    counters: int | None = None


def see_queue(
    pace: Pace,
    waiting: int,
    now: float,
    *,
    position: int,
    line: int,
    hour: int,
    counters: int | None,
) -> QueueSight:
    """The queue of a stream with `waiting` tickets at `now`, on the clock of the pace, from one
    place in it.
    """
    rolled = follow_busy(pace, now) if waiting else pace
    return QueueSight(
        position,
        line,
        hour,
        rolled.calls,
        rolled.busy_minutes,
        pace.last_wait,
        pace.silent_minutes(now) if waiting else 0.0,
        counters,
    )


@dataclass(frozen=True)
class StreamFigures:
    """What is usual in a stream: calls per minute while visitors wait, minutes of wait in all and
    by hour, open counters.
    """

    rate: float
    usual: float
    usual_by_hour: Mapping[int, float] = field(default_factory=dict)
    counters: float | None = None


@dataclass(frozen=True)
class Misses:
    """The two tail shares at which the range's ends are taken just now. They drift so that the true
    misses stay at `MISS`.
    """

    low: float = MISS
    high: float = MISS

    def with_drift_of(self, other: Misses) -> Misses:
        """These shares, moved by as much as `other` has drifted, within `MISS_BOUNDS`."""
        return Misses(
            _bounded(self.low + other.low - MISS), _bounded(self.high + other.high - MISS)
        )


def _bounded(share: float) -> float:
    least, most = MISS_BOUNDS
    return min(most, max(least, share))


@dataclass(frozen=True)
class WaitModel:
    """What an office has learnt. `weights`: of 1 and of the logarithms of queue length over rate,
    last wait and usual wait.

    `edges` cut the estimates into bins of size; `errors` holds for each bin, in order, the errors
    log((wait + 2) / (estimate + 2)) seen on days that had no part in the estimate. `misses` are by
    stream, `bin_misses` by bin. Invariants: `len(errors) == len(edges) + 1`, each of them sorted
    and not empty; `bin_misses` has as many, or none.
    """

    streams: Mapping[str, StreamFigures]
    weights: tuple[float, float, float, float]
    edges: tuple[float, ...]
    errors: tuple[tuple[float, ...], ...]
    misses: Mapping[str, Misses] = field(default_factory=dict)
    bin_misses: tuple[Misses, ...] = ()

    def bin_of(self, estimate: float) -> int:
        """The bin of size that an estimate falls into, from 0."""
        return bisect_right(self.edges, estimate)

    def misses_of(self, stream: str) -> Misses:
        return self.misses.get(stream) or Misses()

    def misses_of_bin(self, index: int) -> Misses:
        return self.bin_misses[index] if self.bin_misses else Misses()

    def misses_at(self, stream: str, estimate: float) -> Misses:
        """The tail shares for one estimate: those of its stream, moved by the drift of its bin of
        size.
        """
        return self.misses_of(stream).with_drift_of(self.misses_of_bin(self.bin_of(estimate)))


def describe(sight: QueueSight, figures: StreamFigures) -> tuple[float, float, float, float]:
    """What the estimate is made of: 1 and the logarithms of three predictors of the wait (each plus
    `OFFSET_MINUTES`).

    Queue length over rate, where the usual rate follows the number of open counters and is mixed
    with today's; the wait of the last one called; the usual wait at this hour. The last two are
    those of a newcomer and are scaled to the place in the line.
    """
    usual_rate = max(SLOWEST_RATE, figures.rate)
    if sight.counters is not None and figures.counters:
        usual_rate *= sight.counters / figures.counters
    rate = (RATE_PRIOR_MINUTES * usual_rate + sight.calls) / (
        RATE_PRIOR_MINUTES + sight.busy_minutes
    )
    by_length = sight.position / max(SLOWEST_RATE, rate)
    share = sight.position / sight.line
    by_last = by_length if sight.last_wait is None else sight.last_wait * share
    by_habit = figures.usual_by_hour.get(sight.hour, figures.usual) * share
    return (
        1.0,
        log(by_length + OFFSET_MINUTES),
        log(by_last + OFFSET_MINUTES),
        log(by_habit + OFFSET_MINUTES),
    )


def blend(weights: Sequence[float], described: Sequence[float]) -> float:
    """The estimate in minutes, at least `SHORTEST_MINUTES`: the weighted geometric mean of the
    predictors.
    """
    exponent = sum(weight * value for weight, value in zip(weights, described, strict=True))
    return max(SHORTEST_MINUTES, exp(min(exponent, 50.0)) - OFFSET_MINUTES)


def estimate_minutes(model: WaitModel, stream: str, sight: QueueSight) -> float | None:
    """The middle of what is expected, in minutes, for measuring only: visitors are shown a range.
    None for an unknown stream.
    """
    figures = model.streams.get(stream)
    return None if figures is None else blend(model.weights, describe(sight, figures))


def band_around(
    model: WaitModel, misses: Misses, estimate: float, silent_minutes: float = 0.0
) -> tuple[float, float]:
    """The 80 % range around an estimate, in minutes, not rounded: split-conformal in bins of size,
    one tail at a time.

    A silence beyond `QUIET_MINUTES` moves the upper end up by as much.
    """
    errors = model.errors[model.bin_of(estimate)]
    count = len(errors)
    lower = errors[max(0, floor((count + 1) * misses.low) - 1)]
    upper = errors[min(count - 1, ceil((count + 1) * (1 - misses.high)) - 1)]
    size = estimate + OFFSET_MINUTES
    low, high = (max(0.0, size * exp(error) - OFFSET_MINUTES) for error in (lower, upper))
    return low, high + _excess_silence(silent_minutes)


def _excess_silence(minutes: float) -> float:
    return max(0.0, minutes - QUIET_MINUTES)


def planned_band(sight: QueueSight, planned_minutes: float) -> tuple[float, float]:
    """The 80 % range of a stream without a history: the Gamma band of the planned service time and
    today's calls.
    """
    low, high = gamma_band(sight.position - 1, _planned_rate(sight, planned_minutes))
    return low, high + _excess_silence(sight.silent_minutes)


def _planned_rate(sight: QueueSight, planned_minutes: float) -> float:
    """Calls per minute by the plan, corrected by today's."""
    planned = (1 if sight.counters is None else sight.counters) / planned_minutes
    return max(
        SLOWEST_RATE,
        (PLANNED_PRIOR_MINUTES * planned + sight.calls)
        / (PLANNED_PRIOR_MINUTES + sight.busy_minutes),
    )


def why_no_range(sight: QueueSight) -> NoRange | None:
    """Why nothing can be promised to who sees a queue like this; None where a range can.

    Nothing is promised with no counter open, or with visitors waiting and nobody called for
    `STALLED_MINUTES`.
    """
    if sight.counters == 0:
        return NoRange.NOBODY_SERVES
    return NoRange.STALLED if sight.silent_minutes >= STALLED_MINUTES else None


def expect_wait(
    model: WaitModel | None,
    stream: str,
    sight: QueueSight,
    planned_minutes: float,
    shown: WaitRange | None = None,
) -> WaitRange | None:
    """The range to show a visitor, or None where nothing can be promised; see `why_no_range`.
    `shown` is the range shown before, kept while neither end has moved by a step.
    """
    if why_no_range(sight) is not None:
        return None
    estimate = None if model is None else estimate_minutes(model, stream, sight)
    if model is None or estimate is None:
        low, high = planned_band(sight, planned_minutes)
        return settle_range(
            shown, low, sight.position / _planned_rate(sight, planned_minutes), high
        )
    low, high = band_around(
        model, model.misses_at(stream, estimate), estimate, sight.silent_minutes
    )
    return settle_range(shown, low, estimate, high)
