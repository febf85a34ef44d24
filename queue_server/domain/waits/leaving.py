"""When a visitor should leave home, and why nothing can be said about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

TRAVEL_MINUTES = (5, 10, 15, 20, 30, 45, 60, 90)
"""How long the way may take, as the visitor chooses it."""

USUAL_TRAVEL_MINUTES = 20


class NoRange(StrEnum):
    """Why no wait is promised. NOBODY_SERVES: no open counter serves the stream. STALLED: visitors
    wait, and nobody has been called for long.
    """

    NOBODY_SERVES = "NOBODY_SERVES"
    STALLED = "STALLED"


def be_there_at(earliest: datetime, opens_at: datetime | None) -> datetime:
    """When a visitor should be at the office: as soon as it may be their turn, and never before the
    doors open on that day (None: not known).
    """
    return earliest if opens_at is None else max(earliest, opens_at)


def leave_at(there_at: datetime, travel_minutes: int, now: datetime) -> datetime | None:
    """When to leave for a way of `travel_minutes`; None: at once. Never in the past."""
    at = there_at - timedelta(minutes=travel_minutes)
    return at if at > now else None
