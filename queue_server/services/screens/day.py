"""The office-day as every snapshot reads it: its version, and who is just being let in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from queue_server.domain.door.admission import JUST_LET_IN_SHOWN, just_let_in_since
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.services.shown import Version
from queue_server.store.counter import let_in
from queue_server.store.writer import days as day_store


def read_day(connection: Connection, office: Office, now: datetime) -> OfficeDay:
    """Today's state of an office, as last committed."""
    return day_store.find(connection, office.code, office.date_at(now))


def version_of(day: OfficeDay) -> Version:
    return day.date.isoformat(), day.seq


def list_just_let_in(
    connection: Connection, office: Office, day: OfficeDay, now: datetime
) -> Sequence[Row[Any]]:
    """Who has just been let in from outside, newest first: id, number, party_size."""
    since = just_let_in_since(day.paused, now)
    if since is None:
        return ()
    return let_in.list_entering(connection, office.code, day.date, since, JUST_LET_IN_SHOWN)


def list_entering(
    connection: Connection, office: Office, day: OfficeDay, now: datetime
) -> tuple[str, ...]:
    """The numbers of those who have just been let in."""
    return tuple(row.number for row in list_just_let_in(connection, office, day, now))
