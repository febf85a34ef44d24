"""The figures of the supervisor dashboard, one read each, bounded by the office-day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.events import EventType
from queue_server.domain.visit.ticket import Origin, Place
from queue_server.domain.visit.transitions import State
from queue_server.store.tables import WAITING_INDEX, Instant, events, tickets
from queue_server.store.writer.compiled import Compiled


@dataclass(frozen=True)
class Hour:
    """What a stream saw since a moment: how many came, and how many were served."""

    arrived: int
    served: int


@cache
def _oldest(dialect: str) -> Compiled:
    source = f"tickets INDEXED BY {WAITING_INDEX}" if dialect == "sqlite" else "tickets"
    return Compiled(
        sa.select(sa.func.min(sa.column("arrived_at", Instant)).label("oldest"))
        .select_from(sa.text(source))
        .where(
            sa.column("office", sa.Text) == sa.bindparam("office"),
            sa.column("date", sa.Date) == sa.bindparam("date"),
            sa.text("state = 'WAITING'"),
            sa.column("place", sa.Text) != Place.REMOTE.value,
        )
    )


def oldest_arrival(connection: Connection, office: str, day: date) -> datetime | None:
    """When the first of those who still wait at the office came: a look at the waiting alone."""
    arrived_at: datetime | None = (
        _oldest(connection.dialect.name).rows(connection, {"office": office, "date": day})[0].oldest
    )
    return arrived_at


_NUMBERS = Compiled(
    sa.select(sa.func.count().label("numbers")).where(
        tickets.c.office == sa.bindparam("office"),
        tickets.c.date == sa.bindparam("date"),
        tickets.c.number.is_not(None),
        tickets.c.origin == Origin.WALK_IN.value,
        tickets.c.created_at > sa.bindparam("since", type_=Instant),
    )
)


def count_numbers(connection: Connection, office: str, day: date, since: datetime) -> int:
    """How many numbers kiosks have given to people without a booking after a moment of a day."""
    return int(
        _NUMBERS.rows(connection, {"office": office, "date": day, "since": since})[0].numbers
    )


_CALLS = Compiled(
    sa.select(sa.func.count().label("calls")).where(
        events.c.office == sa.bindparam("office"),
        events.c.date == sa.bindparam("date"),
        events.c.type == EventType.CALLED.value,
    )
)


def count_calls(connection: Connection, office: str, day: date) -> int:
    """How many calls an office-day has had."""
    return int(_CALLS.rows(connection, {"office": office, "date": day})[0].calls)


_HOUR = Compiled(
    sa.select(
        tickets.c.letter,
        sa.func.sum(
            sa.case((tickets.c.arrived_at >= sa.bindparam("since", type_=Instant), 1), else_=0)
        ).label("arrived"),
        sa.func.sum(
            sa.case(
                (
                    sa.and_(
                        tickets.c.state == State.SERVED.value,
                        tickets.c.ended_at >= sa.bindparam("since", type_=Instant),
                    ),
                    1,
                ),
                else_=0,
            )
        ).label("served"),
    )
    .where(
        tickets.c.office == sa.bindparam("office"),
        tickets.c.date == sa.bindparam("date"),
        # Who has come has a number; with it the read follows the index of the day's numbers and
        # meets no booking.
        tickets.c.number.is_not(None),
    )
    .group_by(tickets.c.letter)
)


def count_since(connection: Connection, office: str, day: date, since: datetime) -> dict[str, Hour]:
    """What each stream saw since a moment of the day: one walk along the day's numbers."""
    rows = _HOUR.rows(connection, {"office": office, "date": day, "since": since})
    return {row.letter: Hour(int(row.arrived), int(row.served)) for row in rows}
