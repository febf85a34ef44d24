"""When what must follow a change is tried again: the one back-off, for screens and mail alike."""

from __future__ import annotations

from datetime import datetime, timedelta

PAUSES = (
    timedelta(seconds=1),
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
)

LONGEST_WAIT = timedelta(minutes=15)
"""No pause and no lease lasts longer, even if the clocks of two processes differ a little."""


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row, counted from 1. The last pause repeats."""
    return PAUSES[min(failures, len(PAUSES)) - 1]


def is_over(until: datetime, now: datetime) -> bool:
    """Whether a pause or a lease has ended. One that ends later than any lasts was given before the
    clock was set back, and holds nobody up.
    """
    return until <= now or until > now + LONGEST_WAIT


MAIL_ATTEMPTS = 56
"""How often a mail is tried, over eight and a half hours. After that a visitor hears of it from the
staff, and a supervisor from the supervisor dashboard.
"""
