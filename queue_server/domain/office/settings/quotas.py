"""How many places a stream may have of its own accord: in one slot, and for walk-ins on one day.

A quota only takes away. What the counters and the room hold stays the upper bound.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from queue_server.domain.errors import BadInput, DayFull
from queue_server.domain.office.office import Office, Stream

QUOTA_MAX = 9_999
"""Visits in one slot, or numbers on one day."""


def admit_quotas(stream: Stream) -> None:
    """Refuse quotas that a stream cannot have. Raises `BadInput` (slot_quota, walk_in_quota)."""
    for field in ("slot_quota", "walk_in_quota"):
        quota = getattr(stream, field)
        if quota is not None and not 0 <= quota <= QUOTA_MAX:
            raise BadInput(field=field, reason="range", low=0, high=QUOTA_MAX)


def limit_visits(office: Office, letter: str, visits: Fraction) -> Fraction:
    """The visits that a stream may have under way in one slot, of those that its counters could
    serve. A whole quota holds for each single slot, since what is rounded up never reaches above
    it.
    """
    quota = next((each.slot_quota for each in office.streams if each.letter == letter), None)
    return visits if quota is None else min(visits, Fraction(quota))


def is_walk_in_quota_used(office: Office, letter: str, given: int) -> bool:
    """Whether a stream takes no more walk-ins on a day on which it has `given` so many numbers."""
    quota = office.stream(letter).walk_in_quota
    return quota is not None and given >= quota


def admit_walk_in(office: Office, letter: str, given: int, day: date) -> None:
    """Refuse one more walk-in of a stream that has `given` so many numbers on a day. Raises
    `DayFull`, which names the stream and its quota.
    """
    if is_walk_in_quota_used(office, letter, given):
        quota = office.stream(letter).walk_in_quota
        raise DayFull(date=day.isoformat(), stream=letter, quota=quota)
