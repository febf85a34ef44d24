"""Who was let in from outside, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.visit.transitions import State
from queue_server.store import tables
from queue_server.store.tables import tickets
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.reader import Reader, ask_rows, dialect_of

from .indexed import column, indexed


@cache
def _let_in_before(dialect: str) -> Compiled:
    key = sa.tuple_(column("turn_time"), column("id"))
    return Compiled(
        indexed(dialect, tables.ADMITTED_INDEX, "admitted_at")
        .where(
            column("office") == sa.bindparam("office"),
            column("date") == sa.bindparam("date"),
            sa.text("admitted_at IS NOT NULL"),
            column("arrived_at") <= sa.bindparam("came_at", type_=tables.Instant),
            key
            < sa.tuple_(
                sa.bindparam("turn_time", type_=tables.Instant), sa.bindparam("id", type_=sa.Text)
            ),
        )
        .order_by(column("admitted_at").desc())
        .limit(1)
    )


def let_in_before(reader: Reader, office: str, day: date, party: Candidate) -> datetime | None:
    """When the last of those was let in who came before a party outside and stood before it; None
    if nobody was.
    """
    parameters = {
        "office": office,
        "date": day,
        "came_at": party.came_at,
        "turn_time": party.turn_time,
        "id": party.ticket,
    }
    rows = ask_rows(reader, _let_in_before(dialect_of(reader)), parameters, seeing=tickets)
    return rows[0].admitted_at if rows else None


@cache
def _entering(dialect: str) -> Compiled:
    # Who is called from outside is let in by the call, and must be told at the door just the same.
    return Compiled(
        indexed(dialect, tables.ADMITTED_INDEX, "id", "number", "party_size")
        .where(
            column("office") == sa.bindparam("office"),
            column("date") == sa.bindparam("date"),
            sa.text("admitted_at IS NOT NULL"),
            column("admitted_at") >= sa.bindparam("since", type_=tables.Instant),
            sa.or_(
                column("state") == State.WAITING.value,
                sa.and_(
                    column("state") == State.CALLED.value,
                    column("called_at") == column("admitted_at"),
                ),
            ),
        )
        .order_by(column("admitted_at").desc(), column("id"))
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def list_entering(
    connection: Connection, office: str, day: date, since: datetime, limit: int
) -> Sequence[Row[Any]]:
    """Who was let in from outside since a moment, newest first: id, number, party_size. Called
    visitors only if the call let them in.
    """
    parameters = {"office": office, "date": day, "since": since, "limit": limit}
    return _entering(connection.dialect.name).rows(connection, parameters)
