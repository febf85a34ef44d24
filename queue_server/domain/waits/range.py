"""How long a visitor will wait: always a range, never a lone number.

What is shown has its ends on published steps: fine where waits are short, coarse where nobody
counts minutes. The ends go to the *nearest* step. Rounded outwards a range of four in five covers
nine in ten of short waits and is twice as wide.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from math import inf, sqrt

Z_80 = 1.2815515655446004
"""Standard normal quantile of 0.9: with its negative it bounds the middle 80 %."""

SHOWN_STEPS = (
    *range(10),
    *range(10, 20, 2),
    *range(20, 60, 5),
    *range(60, 120, 10),
    *range(120, 240, 30),
    *range(240, 481, 60),
)
"""The minutes that an end may be: each minute below 10, then steps of 2, 5, 10, 30 and 60 from 10,
20, 60, 120 and 240 on.
"""

LONGEST_SHOWN_MINUTES = SHOWN_STEPS[-1]
"""Eight hours: whoever waits longer is not called on that day."""

LATEST_LOW_MINUTES = 240
"""The lower end is never above this. Of so long a wait no more is known than that it takes the rest
of the day.
"""

EARLIEST_HIGH_MINUTES = 5
"""The upper end is never below this: "less than 5 minutes" is as short as anybody plans by."""


@dataclass(frozen=True)
class WaitRange:
    """Whole minutes, both ends on `SHOWN_STEPS`, low < high, low at most `LATEST_LOW_MINUTES`, high
    at least 5.
    """

    low: int
    high: int


def gamma_band(ahead: int, calls_per_minute: float) -> tuple[float, float]:
    """The 10 % and 90 % points, in minutes, of the wait with `ahead` visitors before and
    exponential service.

    Queue-length predictor: W ~ Gamma(ahead + 1, rate `calls_per_minute`); its quantiles by Wilson
    and Hilferty's cube-root approximation.
    """
    shape = ahead + 1
    low, high = (_gamma_quantile(shape, z) / calls_per_minute for z in (-Z_80, Z_80))
    return low, high


def round_range(low: float, middle: float, high: float) -> WaitRange:
    """A range in minutes with its ends moved to the nearest steps, a tie upwards, and cut at the
    longest that are shown.

    `middle`, the estimate, stays inside: an end that would fall short of it goes to the next step
    beyond. Never narrower than one step. None of the three moved up moves an end down.
    """
    first = min(_nearest(low), _at_or_below(middle), _at_or_below(LATEST_LOW_MINUTES))
    last = max(_nearest(high), _at_or_above(middle), first + 1, _at_or_above(EARLIEST_HIGH_MINUTES))
    return WaitRange(SHOWN_STEPS[first], SHOWN_STEPS[last])


def settle_range(shown: WaitRange | None, low: float, middle: float, high: float) -> WaitRange:
    """The range to show next: the one shown before, unless an end has moved a whole step away from
    it or it lost the middle.

    Without it a range whose end lies half way between two steps would flicker between two readings.
    """
    if shown is None:
        return round_range(low, middle, high)
    keeps_low = _is_near(shown.low, min(low, LATEST_LOW_MINUTES))
    keeps_high = _is_near(shown.high, min(max(high, EARLIEST_HIGH_MINUTES), LONGEST_SHOWN_MINUTES))
    keeps_middle = shown.low <= min(middle, LONGEST_SHOWN_MINUTES) <= shown.high
    return shown if keeps_low and keeps_high and keeps_middle else round_range(low, middle, high)


def _nearest(minutes: float) -> int:
    """The place among the steps of the one nearest to so many minutes."""
    above = _at_or_above(minutes)
    below = max(0, above - 1)
    return above if SHOWN_STEPS[above] - minutes <= minutes - SHOWN_STEPS[below] else below


def _at_or_above(minutes: float) -> int:
    return min(bisect_left(SHOWN_STEPS, minutes), len(SHOWN_STEPS) - 1)


def _at_or_below(minutes: float) -> int:
    return max(bisect_right(SHOWN_STEPS, minutes) - 1, 0)


def _is_near(end: int, minutes: float) -> bool:
    """Whether so many minutes lie between the steps on either side of an end that is shown."""
    index = bisect_left(SHOWN_STEPS, end)
    before = SHOWN_STEPS[index - 1] if index > 0 else -inf
    after = SHOWN_STEPS[index + 1] if index + 1 < len(SHOWN_STEPS) else inf
    return before < minutes < after


def _gamma_quantile(shape: int, z: float) -> float:
    root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))
    return shape * max(0.0, root) ** 3
