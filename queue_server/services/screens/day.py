"""The office-day as every snapshot reads it: its version, and who is just being let in."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.standstill import Pause
from queue_server.services.shown import Version
from queue_server.store.counter import waiting as waiting_store
from queue_server.store.writer import days as day_store

ENTERING_SHOWN = 6


ENTERING_MINUTES = 5


def read_day(connection: Connection, office: Office, now: datetime) -> OfficeDay:
    """Today's state of an office, as last committed."""
    return day_store.find(connection, office.code, office.date_at(now))


def version_of(day: OfficeDay) -> Version:
    return day.date.isoformat(), day.seq


def list_entering(
    connection: Connection, office: Office, day: OfficeDay, now: datetime
) -> tuple[str, ...]:
    if day.paused is Pause.EVACUATION:
        return ()  # nobody is asked in, whoever shows this
    since = now - timedelta(minutes=ENTERING_MINUTES)
    return tuple(
        row.number
        for row in waiting_store.list_entering(
            connection, office.code, day.date, since, ENTERING_SHOWN
        )
    )
