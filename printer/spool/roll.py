"""How much paper is left on a roll, and when it ends at the pace of the last hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ROLL_MM = 80_000.0
"""A usual roll of 80 mm paper."""
NEAR_END_MM = 3_000.0
"""What is left at most when the sensor for the roll's end answers."""
USUAL_SLIP_MM = 120.0
LEAST_SLIP_MM = 30.0
PACE_OVER = timedelta(hours=12)
"""A day's slips: longer than an office is open, shorter than until yesterday's last."""
LEAST_OBSERVED = timedelta(minutes=10)


@dataclass(frozen=True)
class Roll:
    """What was printed on a roll since it was changed; `changed_at` None: nobody has ever said so,
    and nobody knows how much was left then.
    """

    printer: str
    changed_at: datetime | None
    used_mm: float
    slips: int


@dataclass(frozen=True)
class RollForecast:
    """`slips_left` -1: unknown. `ends_at` None: no end can be told yet."""

    slips_left: int
    ends_at: datetime | None


def forecast_roll(
    roll: Roll,
    roll_mm: float,
    sent_at: Sequence[datetime],
    now: datetime,
    *,
    near_end: bool = False,
    paper_out: bool = False,
) -> RollForecast:
    """What is left of `roll`, of which `roll_mm` were there when it was new. The printer's sensors
    (`near_end`, `paper_out`) know better than the count. `sent_at`: when slips went to the printer.
    """
    if paper_out:
        return RollForecast(0, now)
    left_mm = None if roll.changed_at is None else max(0.0, roll_mm - roll.used_mm)
    if near_end:
        left_mm = NEAR_END_MM if left_mm is None else min(left_mm, NEAR_END_MM)
    if left_mm is None:
        return RollForecast(-1, None)
    slip_mm = max(LEAST_SLIP_MM, roll.used_mm / roll.slips) if roll.slips else USUAL_SLIP_MM
    slips_left = int(left_mm / slip_mm)
    recent = [moment for moment in sent_at if now - PACE_OVER < moment <= now]
    observed = now - min(recent, default=now)
    if observed < LEAST_OBSERVED:
        return RollForecast(slips_left, None)
    return RollForecast(slips_left, now + observed / len(recent) * slips_left)
