"""The newest calls of an office-day, and what became of those who were called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.store import tables
from queue_server.store.visit.tickets import TICKET_NAMES, ticket_from_row
from queue_server.store.writer.compiled import Compiled

from .indexed import column, indexed

_INTO_THE_OFFICE = f"kind = '{VisitKind.OFFICE.value}'"
"""Who is rung at home is not called aloud, nor shown to the lobby."""


@cache
def _last_calls(dialect: str) -> Compiled:
    return Compiled(
        indexed(
            dialect,
            tables.CALLED_INDEX,
            "id",
            "number",
            "counter",
            "last_called_at",
            "call_seq",
            "calls",
            "language",
            "state",
        )
        .where(
            column("office") == sa.bindparam("office"),
            column("date") == sa.bindparam("date"),
            sa.text("call_seq IS NOT NULL"),
            sa.text(_INTO_THE_OFFICE),
        )
        .order_by(column("call_seq").desc())
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def last_calls(connection: Connection, office: str, day: date, limit: int) -> Sequence[Row[Any]]:
    """The newest calls to a counter in the office: id, number, counter, last_called_at, call_seq,
    calls, language, state.
    """
    return _last_calls(connection.dialect.name).rows(
        connection, {"office": office, "date": day, "limit": limit}
    )


@cache
def _earlier_calls(dialect: str) -> Compiled:
    between = column("last_called_at").between(
        sa.bindparam("since", type_=tables.Instant), sa.bindparam("until", type_=tables.Instant)
    )
    return Compiled(
        indexed(dialect, tables.CALLED_INDEX)
        .add_columns(sa.func.count().label("number"))
        .where(
            column("office") == sa.bindparam("office"),
            column("date") == sa.bindparam("date"),
            sa.text("call_seq IS NOT NULL"),
            sa.text(_INTO_THE_OFFICE),
            column("call_seq") < sa.bindparam("before", type_=sa.Integer),
            between,
        )
    )


def count_earlier_calls(
    connection: Connection, office: str, day: date, before: int, since: datetime, until: datetime
) -> int:
    """How many calls to a counter in the office with a lower `call_seq` than `before` were made
    between two moments.
    """
    parameters = {"office": office, "date": day, "before": before, "since": since, "until": until}
    [row] = _earlier_calls(connection.dialect.name).rows(connection, parameters)
    return int(row.number)


@cache
def _called_since(dialect: str, state: State) -> Compiled:
    return Compiled(
        indexed(dialect, tables.CALLED_INDEX, *TICKET_NAMES)
        .where(
            column("office") == sa.bindparam("office"),
            column("date") == sa.bindparam("date"),
            sa.text("call_seq IS NOT NULL"),
            column("last_called_at") >= sa.bindparam("since", type_=tables.Instant),
            column("state") == state.value,
        )
        .order_by(column("call_seq").desc())
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def list_missed_calls(
    connection: Connection, office: str, day: date, since: datetime, limit: int
) -> list[Ticket]:
    """Visitors called since a moment who did not come, newest first."""
    parameters = {"office": office, "date": day, "since": since, "limit": limit}
    return [
        ticket_from_row(row)
        for row in _called_since(connection.dialect.name, State.NO_SHOW).rows(
            connection, parameters
        )
    ]


def list_served(
    connection: Connection, office: str, day: date, since: datetime, limit: int
) -> list[Ticket]:
    """Visitors called since a moment who are served by now, the last call first."""
    parameters = {"office": office, "date": day, "since": since, "limit": limit}
    return [
        ticket_from_row(row)
        for row in _called_since(connection.dialect.name, State.SERVED).rows(connection, parameters)
    ]
