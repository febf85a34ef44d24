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


def expected_range(ahead: int, counters_open: int, service_minutes: float) -> WaitRange | None:
    """The 80 % range of the wait with `ahead` visitors before and counters that each take `service_minutes` on average.

    Queue-length predictor with exponential service: W ~ Gamma(ahead + 1, rate counters / minutes); its quantiles by Wilson
    and Hilferty's cube-root approximation. Rounded outwards to 5 minutes. None where no counter is open, because then
    nothing can be promised.
    """
    if counters_open < 1:
        return None
    shape = ahead + 1
    scale = service_minutes / counters_open
    low, high = (_gamma_quantile(shape, z) * scale for z in (-Z_80, Z_80))
    return round_outwards(low, high)


def round_outwards(low: float, high: float) -> WaitRange:
    """A range in minutes widened to multiples of 5 and cut at the longest wait we show."""
    lower = min(floor(max(0.0, low) / STEP_MINUTES) * STEP_MINUTES, LONGEST_SHOWN_MINUTES)
    upper = min(max(ceil(high / STEP_MINUTES) * STEP_MINUTES, lower + STEP_MINUTES), LONGEST_SHOWN_MINUTES + STEP_MINUTES)
    return WaitRange(lower, upper)


def _gamma_quantile(shape: int, z: float) -> float:
    root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))
    return shape * max(0.0, root) ** 3
