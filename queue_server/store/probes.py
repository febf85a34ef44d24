"""Rows that prove that a server can write, and what it reads to know whether it can work."""
from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from .tables import events, office_days, probes
from .transaction import Transaction

KEPT = timedelta(minutes=10)
"""How long the last row of a process that is gone stays."""

FILLING = bytes(6_000)
"""More than a page of SQLite's: to change a row in place needs no room on a full disk, and would prove nothing."""


def leave(tx: Transaction, process: str, turn: int, now: datetime) -> None:
    """Leave a process's next row, and only then take its last one away, so that it needs room as a ticket does."""
    tx.insert(probes, {"process": process, "turn": turn, "at": now, "filling": FILLING})
    own = sa.and_(probes.c.process == process, probes.c.turn < turn)
    tx.change(probes.delete().where(sa.or_(own, probes.c.at < now - KEPT)))


def find_latest(connection: Connection) -> datetime | None:
    """The latest moment at which any process has left a row."""
    latest: datetime | None = connection.execute(sa.select(probes.c.at).order_by(probes.c.at.desc()).limit(1)).scalar()
    return latest


def find_last_event(connection: Connection, since: date) -> datetime | None:
    """The latest moment of the last events of the office-days from `since` on."""
    last = sa.and_(events.c.office == office_days.c.office, events.c.date == office_days.c.date, events.c.seq == office_days.c.seq)
    statement = sa.select(events.c.at).select_from(office_days.join(events, last)).where(office_days.c.date >= since)
    latest: datetime | None = connection.execute(statement.order_by(events.c.at.desc()).limit(1)).scalar()
    return latest
