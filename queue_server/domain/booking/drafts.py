"""How long the answers of a booking that is not finished are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from queue_server.domain.office.rules import Rules

DRAFT_GRACE = timedelta(minutes=20)
"""After the hold: for whoever comes back to a time that has run out, and finds nothing lost."""


def draft_until(rules: Rules, now: datetime) -> datetime:
    """Until when answers given now are kept: as long as a hold can last, and `DRAFT_GRACE`."""
    booking = rules.booking
    minutes = booking.hold_minutes * (1 + booking.hold_extensions_max)
    return now + timedelta(minutes=minutes) + DRAFT_GRACE
