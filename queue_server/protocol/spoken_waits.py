"""How a range of waiting time is put into words: which sentence fits, and with which figures.

The words themselves belong to each part's catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .messages import WaitRange

OPEN_ENDED_MINUTES = 240
"""From this lower end on, no more is known than that it takes the rest of the day: an upper end
would promise what nobody knows.
"""

WaitSaying = Literal["between", "less_than", "at_most", "more_than_hours"]


@dataclass(frozen=True)
class SpokenWait:
    """The sentence that fits a range, and its figures: `low` and `high` in minutes, `hours` whole
    hours and only for `more_than_hours`.
    """

    saying: WaitSaying
    low: int
    high: int
    hours: int = 0


def speak_wait(wait: WaitRange) -> SpokenWait:
    """Which sentence says this range: "more than 4 hours" at the cap, "less than" without a lower
    end, "at most" without width, else from `low` to `high` minutes.
    """
    low, high = max(0, wait.low), wait.high
    if low >= OPEN_ENDED_MINUTES:
        return SpokenWait("more_than_hours", low, high, hours=low // 60)
    if low >= high:
        return SpokenWait("at_most", low, high)
    if low == 0:
        return SpokenWait("less_than", low, high)
    return SpokenWait("between", low, high)
