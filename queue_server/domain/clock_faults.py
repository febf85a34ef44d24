"""Whether the machine's clock can be believed, from what it said before."""
from __future__ import annotations

from datetime import datetime, timedelta

TOLERATED = timedelta(minutes=2)
"""What clocks of several machines may differ by, and a time server may correct at once."""


def find_clock_fault(now: datetime, latest: datetime | None, passed: timedelta, passed_steadily: timedelta) -> tuple[str, timedelta] | None:
    """What is the matter with the clock, and by how much; None if nothing is.

    `latest` is the latest moment that anything was noted at, `passed` what the clock says has passed since the last look and
    `passed_steadily` what a clock that nobody can set says. "behind": it is earlier than what has happened already. "jumped": it was set
    between the two looks, forward (above 0) or back.
    """
    if latest is not None and latest - now > TOLERATED:
        return "behind", latest - now
    if abs(passed - passed_steadily) > TOLERATED:
        return "jumped", passed - passed_steadily
    return None
