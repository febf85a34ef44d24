"""The figures of the province board, one query each for all offices together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store.tables import WAITING_INDEX, Instant, tickets
from queue_server.store.writer.transaction import DayKey

_OFFICE, _DATE = sa.column("office", sa.Text), sa.column("date", sa.Date)


@dataclass(frozen=True)
class LastHour:
    """How many came to a stream since a moment."""

    office: str
    letter: str
    arrived: int


@cache
def _waiting(dialect: str) -> sa.TextClause:
    return sa.text(f"tickets INDEXED BY {WAITING_INDEX}" if dialect == "sqlite" else "tickets")


def oldest_arrivals(connection: Connection, days: Collection[DayKey]) -> dict[str, datetime]:
    """When the first of those who still wait came, by office: a look at the waiting alone."""
    statement = (
        sa.select(_OFFICE, sa.func.min(sa.column("arrived_at", Instant), type_=Instant).label("at"))
        .select_from(_waiting(connection.dialect.name))
        .where(sa.tuple_(_OFFICE, _DATE).in_(sorted(days)), sa.text("state = 'WAITING'"))
        .group_by(_OFFICE)
    )
    return {row.office: row.at for row in connection.execute(statement) if row.at is not None}


def count_arrivals(
    connection: Connection, days: Collection[DayKey], since: datetime
) -> list[LastHour]:
    """How many came to each stream since a moment of their days: one walk along the numbers."""
    statement = (
        sa.select(tickets.c.office, tickets.c.letter, sa.func.count().label("arrived"))
        .where(
            sa.tuple_(tickets.c.office, tickets.c.date).in_(sorted(days)),
            # Who has come has a number; with it the read meets no booking.
            tickets.c.number.is_not(None),
            tickets.c.arrived_at >= since,
        )
        .group_by(tickets.c.office, tickets.c.letter)
    )
    return [LastHour(row.office, row.letter, row.arrived) for row in connection.execute(statement)]


def count_stranded(connection: Connection, offices: Collection[str]) -> dict[str, int]:
    """How many bookings wait for a new time, by office; offices without any are left out."""
    statement = (
        sa.select(tickets.c.office, sa.func.count().label("stranded"))
        .where(tickets.c.office.in_(sorted(offices)), sa.text("state = 'STRANDED'"))
        .group_by(tickets.c.office)
    )
    return {row.office: row.stranded for row in connection.execute(statement)}
