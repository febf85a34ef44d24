"""How long a visitor will wait: always a range, never a lone number."""
from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt

Z_80 = 1.2815515655446004
"""Standard normal quantile of 0.9: with its negative it bounds the middle 80 %."""

STEP_MINUTES = 5
LONGEST_SHOWN_MINUTES = 240


@dataclass(frozen=True)
class WaitRange:
    """Whole minutes, both ends multiples of 5, low < high."""

    low: int
    high: int


def gamma_band(ahead: int, calls_per_minute: float) -> tuple[float, float]:
    """The 10 % and 90 % points, in minutes, of the wait with `ahead` visitors before and exponential service.

    Queue-length predictor: W ~ Gamma(ahead + 1, rate `calls_per_minute`); its quantiles by Wilson and Hilferty's cube-root
    approximation.
    """
    shape = ahead + 1
    low, high = (_gamma_quantile(shape, z) / calls_per_minute for z in (-Z_80, Z_80))
    return low, high


def round_outwards(low: float, high: float) -> WaitRange:
    """A range in minutes widened to multiples of 5 and cut at the longest wait we show."""
    lower = min(floor(max(0.0, low) / STEP_MINUTES) * STEP_MINUTES, LONGEST_SHOWN_MINUTES)
    upper = min(max(ceil(high / STEP_MINUTES) * STEP_MINUTES, lower + STEP_MINUTES), LONGEST_SHOWN_MINUTES + STEP_MINUTES)
    return WaitRange(lower, upper)


def settle_range(shown: WaitRange | None, low: float, high: float) -> WaitRange:
    """The range to show next: the one shown before, unless an end has moved 5 minutes away from it.

    Without it a range whose end lies on a multiple of 5 would flicker between two readings. An end that is kept is off by
    less than 5 minutes.
    """
    fresh = round_outwards(low, high)
    if shown is None:
        return fresh
    cut_low, cut_high = min(max(0.0, low), LONGEST_SHOWN_MINUTES), min(high, LONGEST_SHOWN_MINUTES + STEP_MINUTES)
    moved = max(abs(cut_low - shown.low), abs(cut_high - shown.high))
    return shown if moved < STEP_MINUTES else fresh


def _gamma_quantile(shape: int, z: float) -> float:
    root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))
    return shape * max(0.0, root) ** 3
