"""What did not fit when a kiosk reported the numbers that it gave without the server."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.door.offline import Conflict, ConflictReason
from queue_server.domain.errors import UnknownConflict
from queue_server.store.tables import lease_conflicts
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def _conflict_from_row(row: Any) -> Conflict:
    return Conflict(
        row.id,
        row.office,
        row.date,
        row.lease,
        row.device,
        row.item,
        row.number,
        ConflictReason(row.reason),
        row.ticket,
        row.report,
        row.recorded_at,
        row.seen_by,
        row.seen_at,
    )


def add(tx: Transaction, conflict: Conflict) -> None:
    """Store a conflict; the caller records its event."""
    tx.insert(
        lease_conflicts,
        {
            "id": conflict.id,
            "office": conflict.office,
            "date": conflict.date,
            "lease": conflict.lease,
            "device": conflict.device,
            "item": conflict.item,
            "number": conflict.number,
            "reason": conflict.reason.value,
            "ticket": conflict.ticket,
            "report": dict(conflict.report),
            "recorded_at": conflict.recorded_at,
        },
    )


def list_of_item(reader: Reader, office: str, item: str) -> list[Conflict]:
    """What was recorded of one reported number, the first first."""
    statement = (
        sa.select(lease_conflicts)
        .where(lease_conflicts.c.office == office, lease_conflicts.c.item == item)
        .order_by(lease_conflicts.c.recorded_at, lease_conflicts.c.id)
    )
    return [_conflict_from_row(row) for row in ask(reader, statement, seeing=lease_conflicts)]


def list_of_office(connection: Connection, office: str, since: date, most: int) -> list[Conflict]:
    """The conflicts of an office from a date on: those nobody has dealt with first, then the newest
    first.
    """
    statement = (
        sa.select(lease_conflicts)
        .where(lease_conflicts.c.office == office, lease_conflicts.c.date >= since)
        .order_by(
            lease_conflicts.c.seen_at.is_not(None),
            lease_conflicts.c.recorded_at.desc(),
            lease_conflicts.c.id.desc(),
        )
        .limit(most)
    )
    return [_conflict_from_row(row) for row in connection.execute(statement)]


def count_unseen(connection: Connection, office: str, since: date) -> int:
    """How many conflicts of an office nobody has dealt with."""
    statement = sa.select(sa.func.count()).where(
        lease_conflicts.c.office == office,
        lease_conflicts.c.date >= since,
        lease_conflicts.c.seen_at.is_(None),
    )
    return int(connection.execute(statement).scalar_one())


def find(reader: Reader, office: str | None, id: str) -> Conflict:
    """A conflict, with `office` of that one only. Raises `UnknownConflict`."""
    statement = sa.select(lease_conflicts).where(lease_conflicts.c.id == id)
    if office is not None:
        statement = statement.where(lease_conflicts.c.office == office)
    row = ask(reader, statement, seeing=lease_conflicts).one_or_none()
    if row is None:
        raise UnknownConflict(conflict=id)
    return _conflict_from_row(row)


def mark_seen(tx: Transaction, conflict: Conflict, by: str, now: datetime) -> bool:
    """Note who has dealt with a conflict. False if somebody had before."""
    statement = lease_conflicts.update().where(
        lease_conflicts.c.id == conflict.id,
        lease_conflicts.c.office == conflict.office,
        lease_conflicts.c.seen_at.is_(None),
    )
    return tx.change(statement.values(seen_by=by, seen_at=now)).rowcount == 1
