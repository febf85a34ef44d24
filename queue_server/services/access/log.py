"""The log of accounts, sign-ins, programs and devices: one event each, on the day of the office
that it concerns.

What concerns all offices is told of in the first one, by code: the log is kept by office-day.
Without any office there is no log yet.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from queue_server.domain.events import Event, EventType
from queue_server.store.office import offices as office_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey, Transaction


def days_of(database: Database, office: str | None, now: datetime) -> list[DayKey]:
    """The office-day to lock for what concerns an office, or all of them (None). Raises
    `UnknownOffice`.
    """
    with database.read() as connection:
        code = office or next(iter(office_store.all_codes(connection)), None)
        return [] if code is None else [(code, database.offices.get(connection, code).date_at(now))]


def has_day(tx: Transaction, office: str | None, now: datetime) -> bool:
    """Whether a command may `note` what concerns an office: it has declared its `days_of`."""
    code = office or office_store.first_code(tx)
    return code is None or (code, tx.office(code).date_at(now)) in tx.days


def note(
    tx: Transaction, type: EventType, office: str | None, by: str, now: datetime, **facts: Any
) -> None:
    """Record what `by` did. The command must declare `days_of` this office. Facts are ids, roles
    and counts.
    """
    code = office or office_store.first_code(tx)
    if code is not None:
        tx.record(Event(type, code, tx.office(code).date_at(now), now, None, {**facts, "by": by}))
