"""Statements on tickets that name their index, because after ANALYZE SQLite's planner leaves a
small partial index for a large one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from queue_server.store import tables
from queue_server.store.tables import tickets

ANY_SIZE = 1_000_000
"""More persons than any party has."""

CANDIDATE_NAMES = ("turn_time", "id", "letter", "party_size", "place")
"""What the call order reads of a ticket."""


@cache
def indexed(dialect: str, index: str, *names: str) -> sa.Select[Any]:
    """These columns of tickets, found by an index."""
    source = f"tickets INDEXED BY {index}" if dialect == "sqlite" else "tickets"
    return sa.select(*(column(name) for name in names)).select_from(sa.text(source))


def column(name: str) -> sa.ColumnClause[Any]:
    """A column of such a statement, which names no table."""
    return sa.column(name, tickets.c[name].type)


def is_here() -> sa.ColumnElement[bool]:
    """Those who are not away at `now`: `domain.visit.ticket.is_away` of the table's rows."""
    return sa.or_(
        column("away_until").is_(None),
        column("away_until") <= sa.bindparam("now", type_=tables.Instant),
    )


@cache
def waiting(dialect: str, *names: str) -> sa.Select[Any]:
    """These columns of all who wait on an office-day."""
    return indexed(dialect, tables.WAITING_INDEX, *names).where(
        column("office") == sa.bindparam("office"),
        column("date") == sa.bindparam("date"),
        sa.text("state = 'WAITING'"),
    )
