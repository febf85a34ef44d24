"""Whose password somebody else has set, when, and whether its holder was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store.tables import password_resets
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class PasswordReset:
    """One reset. `by` is who did it, as the log names them; `seen_at` when the holder confirmed to
    know of it.
    """

    id: str
    user: str
    by: str
    at: datetime
    seen_at: datetime | None = None


def add(tx: Transaction, reset: PasswordReset) -> None:
    """Store a new one."""
    tx.insert(
        password_resets,
        {
            "id": reset.id,
            "user": reset.user,
            "by": reset.by,
            "at": reset.at,
            "seen_at": reset.seen_at,
        },
    )


def note_seen(tx: Transaction, user: str, now: datetime) -> int:
    """Note that somebody was told of all of theirs. Returns how many were new to them."""
    mine = (password_resets.c.user == user, password_resets.c.seen_at.is_(None))
    return tx.change(password_resets.update().where(*mine).values(seen_at=now)).rowcount


def list_of_user(connection: Connection, user: str, since: datetime) -> list[PasswordReset]:
    """Somebody's resets since a moment, and older ones not seen yet. Newest first."""
    told = sa.or_(password_resets.c.at >= since, password_resets.c.seen_at.is_(None))
    statement = (
        sa.select(password_resets)
        .where(password_resets.c.user == user, told)
        .order_by(password_resets.c.at.desc())
    )
    return [
        PasswordReset(row.id, row.user, row.by, row.at, row.seen_at)
        for row in connection.execute(statement)
    ]
