"""Who waits outside, in call order: those who may come in, and parties that the limit shuts out."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.store.tables import tickets
from queue_server.store.visit.tickets import TICKET_NAMES, ticket_from_row
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.transaction import Transaction

from .indexed import ANY_SIZE, CANDIDATE_NAMES, column, is_here, waiting


@cache
def _outside(dialect: str, *names: str) -> Compiled:
    return Compiled(
        waiting(dialect, *names)
        .where(
            column("place") == Place.OUTSIDE.value,
            column("party_size") <= sa.bindparam("largest", type_=sa.Integer),
            is_here(),
        )
        .order_by(column("turn_time"), column("id"))
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def waiting_outside(
    tx: Transaction, office: str, day: date, most: int, largest: int | None, now: datetime
) -> list[Candidate]:
    """Those who wait outside in parties of at most `largest` persons (None: of any size) and are
    not away at `now`, in call order, at most `most`.
    """
    parameters = {
        "office": office,
        "date": day,
        "now": now,
        "most": most,
        "largest": ANY_SIZE if largest is None else largest,
    }
    rows = tx.rows(
        _outside(tx.dialect, *CANDIDATE_NAMES, "credit_minutes", "arrived_at"),
        parameters,
        seeing=tickets,
    )
    return [
        Candidate(
            row.turn_time,
            row.id,
            row.letter,
            row.party_size,
            False,
            credit_minutes=row.credit_minutes,
            came_at=row.arrived_at,
        )
        for row in rows
    ]


def list_outside(
    connection: Connection, office: str, day: date, most: int, largest: int | None, now: datetime
) -> list[Ticket]:
    """`waiting_outside` as whole tickets, for pictures."""
    parameters = {
        "office": office,
        "date": day,
        "now": now,
        "most": most,
        "largest": ANY_SIZE if largest is None else largest,
    }
    return [
        ticket_from_row(row)
        for row in _outside(connection.dialect.name, *TICKET_NAMES).rows(connection, parameters)
    ]


@cache
def _too_large(dialect: str) -> Compiled:
    return Compiled(
        waiting(dialect, *TICKET_NAMES)
        .where(
            column("place") == Place.OUTSIDE.value,
            column("party_size") > sa.bindparam("largest", type_=sa.Integer),
        )
        .order_by(column("turn_time"), column("id"))
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def list_too_large(
    connection: Connection, office: str, day: date, most: int, largest: int
) -> list[Ticket]:
    """Parties outside of more than `largest` persons, in call order."""
    parameters = {"office": office, "date": day, "most": most, "largest": largest}
    return [
        ticket_from_row(row)
        for row in _too_large(connection.dialect.name).rows(connection, parameters)
    ]
