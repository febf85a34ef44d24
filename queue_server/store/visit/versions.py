"""How far office-days have come: the one cheap look by which a screen's picture is known to be the
present one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.errors import UnknownCode
from queue_server.store.tables import office_days, tickets
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.transaction import DayKey

_OF_DAY = Compiled(
    sa.select(office_days.c.seq).where(
        office_days.c.office == sa.bindparam("office"),
        office_days.c.date == sa.bindparam("date", type_=sa.Date),
    )
)
_OF_TICKET = Compiled(
    sa.select(tickets.c.office, tickets.c.date, office_days.c.seq)
    .select_from(
        tickets.outerjoin(
            office_days,
            sa.and_(office_days.c.office == tickets.c.office, office_days.c.date == tickets.c.date),
        )
    )
    .where(tickets.c.code == sa.bindparam("code"))
)


@dataclass(frozen=True)
class DayVersion:
    """An office-day and the number of its last event, 0 before the first."""

    office: str
    date: date
    seq: int


def of_day(connection: Connection, office: str, day: date) -> DayVersion:
    """The version of an office-day."""
    rows = _OF_DAY.rows(connection, {"office": office, "date": day})
    return DayVersion(office, day, rows[0].seq if rows else 0)


def of_ticket(connection: Connection, code: str) -> DayVersion:
    """The version of the office-day of a ticket. Raises `UnknownCode`."""
    rows = _OF_TICKET.rows(connection, {"code": code})
    if not rows:
        raise UnknownCode()
    return DayVersion(rows[0].office, rows[0].date, rows[0].seq or 0)


def of_days(connection: Connection, days: Collection[DayKey]) -> dict[DayKey, int]:
    """The versions of several office-days, in one query. Days without any event are left out."""
    statement = sa.select(office_days.c.office, office_days.c.date, office_days.c.seq).where(
        sa.tuple_(office_days.c.office, office_days.c.date).in_(sorted(days))
    )
    return {(row.office, row.date): row.seq for row in connection.execute(statement)}
