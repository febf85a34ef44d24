"""Free times that are worked out once for each version and given to everybody who asks.

Whoever asks has the version read from the database, in one statement, so the answer is as exact as
one worked out anew, whichever process has changed something. Of the days that a change did not
touch, nothing is read or worked out again. Commands never ask here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.services.kept import Kept
from queue_server.store.writer import slots as slot_store

from .availability import AvailableDay, admit_question, availability_version, minute_of, offer_days

DAYS_ROOM = 1_000
"""How many days are kept at most. One with twenty times takes about 4 kB."""


@dataclass(frozen=True)
class Question:
    """Whose free times are asked for: `days` dates from `first` on, for a party of a service."""

    service: str
    first: date
    days: int
    party_size: int = 1
    urgent: bool = False


@dataclass(frozen=True)
class _Found:
    """Days as they were at their marks; None for a date on which nothing is offered."""

    holds_for: tuple[int, int]
    marks: Mapping[date, object]
    days: Mapping[date, AvailableDay | None]


class FreeTimes:
    """What was found, by office and question."""

    def __init__(self, room: int = DAYS_ROOM) -> None:
        self._found: Kept[_Found] = Kept(room, lambda found: 1 + len(found.days))

    def list(
        self, connection: Connection, office: Office, asked: Question, now: datetime
    ) -> list[AvailableDay]:
        """What `list_availability` gives. Raises what that raises."""
        admit_question(office, asked.service, asked.days, asked.party_size)
        key = (office.code, asked)
        version = availability_version(connection, office, asked.first, asked.days, now)
        found = self._found.get(
            key, version, lambda: self._find(connection, office, asked, now, self._found.peek(key))
        )
        return [day for day in found.days.values() if day is not None]

    def _find(
        self,
        connection: Connection,
        office: Office,
        asked: Question,
        now: datetime,
        before: _Found | None,
    ) -> _Found:
        holds_for = (office.revision, minute_of(now))
        last = asked.first + timedelta(days=asked.days - 1)
        marks = slot_store.marks_of_days(connection, office.code, asked.first, last)
        same = before if before is not None and before.holds_for == holds_for else None
        days = {
            day: same.days[day]
            for day, mark in marks.items()
            if same is not None and same.marks.get(day) == mark
        }
        changed = [day for day in marks if day not in days]
        if changed:
            offered = offer_days(
                connection,
                office,
                asked.service,
                (min(changed), max(changed)),
                asked.party_size,
                now,
                urgent=asked.urgent,
            )
            days |= dict.fromkeys(changed) | {
                each.date: each for each in offered if each.date not in days
            }
        return _Found(holds_for, marks, dict(sorted(days.items())))
