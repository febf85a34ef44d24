"""The line of an office-day: who waits in call order, and how many stand behind one of them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.store import tables
from queue_server.store.tables import tickets
from queue_server.store.visit.tickets import TICKET_NAMES, ticket_from_row
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.reader import Reader, dialect_of
from queue_server.store.writer.transaction import Transaction

from .indexed import column, waiting


@cache
def _inside(dialect: str) -> Compiled:
    return Compiled(
        waiting(dialect, *TICKET_NAMES)
        .where(column("place") == Place.INSIDE.value)
        .order_by(column("turn_time"), column("id"))
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def list_inside(connection: Connection, office: str, day: date, most: int) -> list[Ticket]:
    """Those who wait inside, in call order, at most `most`."""
    parameters = {"office": office, "date": day, "most": most}
    return [
        ticket_from_row(row)
        for row in _inside(connection.dialect.name).rows(connection, parameters)
    ]


@cache
def _oldest(dialect: str) -> Compiled:
    oldest = sa.func.min(column("arrived_at")).label("oldest")
    return Compiled(waiting(dialect, "letter").add_columns(oldest).group_by(column("letter")))


def list_oldest(connection: Connection, office: str, day: date) -> dict[str, datetime]:
    """When the first of those who wait in each stream came; streams without anybody are left
    out.
    """
    rows = _oldest(connection.dialect.name).rows(connection, {"office": office, "date": day})
    return {row.letter: row.oldest for row in rows if row.oldest is not None}


@cache
def _count_after(dialect: str) -> Compiled:
    key = sa.tuple_(column("turn_time"), column("id"))
    source = f"tickets INDEXED BY {tables.WAITING_INDEX}" if dialect == "sqlite" else "tickets"
    return Compiled(
        sa.select(sa.func.count().label("behind"))
        .select_from(sa.text(source))
        .where(
            column("office") == sa.bindparam("office"),
            column("date") == sa.bindparam("date"),
            sa.text("state = 'WAITING'"),
            column("letter") == sa.bindparam("letter"),
            key
            > sa.tuple_(
                sa.bindparam("turn_time", type_=tables.Instant), sa.bindparam("id", type_=sa.Text)
            ),
        )
    )


def count_behind(reader: Reader, ticket: Ticket) -> int:
    """How many of a waiting ticket's stream come after it. Counted from the end, where a new ticket
    stands.

    A command's rows still to be sent are counted in memory, so that they may go on waiting.
    """
    query, parameters = _count_after(dialect_of(reader)), _position_of(ticket)
    if isinstance(reader, Transaction):
        rows, unsent = reader.peek_rows(query, parameters), _count_unsent_behind(reader, ticket)
    else:
        rows, unsent = query.rows(reader, parameters), 0
    return unsent + int(rows[0].behind)


def _count_unsent_behind(tx: Transaction, ticket: Ticket) -> int:
    key = (ticket.turn_time, ticket.id)
    return sum(
        row["state"] == State.WAITING.value
        and (row["office"], row["date"], row["letter"])
        == (ticket.office, ticket.date, ticket.letter)
        and (row["turn_time"], row["id"]) > key
        for row in tx.pending(tickets)
    )


def _position_of(ticket: Ticket) -> dict[str, Any]:
    return {
        "office": ticket.office,
        "date": ticket.date,
        "letter": ticket.letter,
        "turn_time": ticket.turn_time,
        "id": ticket.id,
    }


@cache
def in_call_order(dialect: str) -> Compiled:
    """The query of all who wait, in call order."""
    statement = waiting(dialect, *TICKET_NAMES).order_by(column("turn_time"), column("id"))
    return Compiled(statement.limit(sa.bindparam("limit", type_=sa.Integer)))


def list_waiting(connection: Connection, office: str, day: date, limit: int) -> list[Ticket]:
    """Waiting tickets of an office-day in call order, at most `limit`."""
    rows = in_call_order(connection.dialect.name).rows(
        connection, {"office": office, "date": day, "limit": limit}
    )
    return [ticket_from_row(row) for row in rows]


@cache
def _first(dialect: str) -> Compiled:
    return Compiled(
        waiting(dialect, *TICKET_NAMES)
        .where(column("letter") == sa.bindparam("letter"))
        .order_by(column("turn_time"), column("id"))
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def list_first(
    connection: Connection, office: str, day: date, letter: str, most: int
) -> list[Ticket]:
    """Those who stand first in the line of a stream, in call order, at most `most`."""
    parameters = {"office": office, "date": day, "letter": letter, "most": most}
    return [
        ticket_from_row(row) for row in _first(connection.dialect.name).rows(connection, parameters)
    ]
