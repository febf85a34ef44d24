"""Rows that prove that a server can write."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from .tables import probes
from .writer.transaction import Transaction

KEPT = timedelta(minutes=10)
"""How long the last row of a process that is gone stays."""

FILLING = bytes(6_000)
"""More than a page of SQLite's: to change a row in place needs no room on a full disk, and would
prove nothing.
"""


def find_last(connection: Connection) -> datetime | None:
    """When any server last proved it."""
    last: datetime | None = connection.execute(sa.select(sa.func.max(probes.c.at))).scalar()
    return last


def leave(tx: Transaction, process: str, number: int, now: datetime) -> None:
    """Leave a process's next row, and only then take its last one away, so that it needs room as a
    ticket does.
    """
    tx.insert(probes, {"process": process, "number": number, "at": now, "filling": FILLING})
    own = sa.and_(probes.c.process == process, probes.c.number < number)
    tx.change(probes.delete().where(sa.or_(own, probes.c.at < now - KEPT)))
