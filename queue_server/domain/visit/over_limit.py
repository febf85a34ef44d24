"""How long more persons were inside than the limit allows: from when the count rose above it until
it fell back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from queue_server.domain.office.office import Office

from .office_day import OfficeDay


def note_over_limit(day: OfficeDay, office: Office, at: datetime) -> OfficeDay:
    """The day after a change at a moment: a stretch above the limit begins, or ends and is added
    up.

    `at` is the change's event; doing it again changes nothing.
    """
    is_over = day.occupancy(office.people_limit).over > 0
    if is_over == (day.over_since is not None):
        return day
    if is_over:
        return replace(day, over_since=at)
    return replace(day, over_since=None, over_seconds=over_seconds(day, office, at))


def over_seconds(day: OfficeDay, office: Office, now: datetime) -> int:
    """Seconds above the limit until now, the stretch under way with them.

    A stretch ends with its date at the latest: a day is closed some time after midnight, when the
    room has long been empty.
    """
    if day.over_since is None:
        return day.over_seconds
    until = min(now, end_of_day(office, day.date))
    return day.over_seconds + max(0, int((until - day.over_since).total_seconds()))


def end_of_day(office: Office, day: date) -> datetime:
    """The midnight that ends an office's local date, aware UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, office.tz).astimezone(UTC)
