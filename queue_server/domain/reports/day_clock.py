"""The local hours of one date, for moments in microseconds since 1970."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
DAY = 24 * HOUR


def to_microseconds(moment: datetime) -> int:
    """An aware moment as whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


class DayClock:
    """The local date of an office: `start` and `end` are its midnights in microseconds."""

    def __init__(self, zone: ZoneInfo, day: date) -> None:
        self.day = day
        self._zone = zone
        self.start = to_microseconds(datetime.combine(day, time.min, zone))
        self.end = to_microseconds(datetime.combine(day + timedelta(days=1), time.min, zone))
        # On a date whose clock is put forward or back hours are not counted from midnight.
        self._is_even = self.end - self.start == DAY

    def hour(self, at: int) -> int:
        """The local hour of a moment, 0 to 23; one outside of this date counts to its nearest
        hour.
        """
        if at < self.start:
            return 0
        if at >= self.end:
            return 23
        if self._is_even:
            return (at - self.start) // HOUR
        return (_EPOCH + timedelta(microseconds=at)).astimezone(self._zone).hour

    def hour_end(self, at: int) -> int:
        """When the local hour of a moment ends."""
        return at - (at - self.start) % HOUR + HOUR

    def days_since(self, at: int) -> int:
        """How many local dates before this one a moment lies; never below 0."""
        if at >= self.start:
            return 0
        then = (_EPOCH + timedelta(microseconds=at)).astimezone(self._zone).date()
        return (self.day - then).days
