"""The log-ins of one user: the list of them, ending one, and what was proved in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store.tables import sessions
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class LogIn:
    """A log-in as its user sees it. `browser` and `address` say where it is; both may be ""."""

    token_hash: str
    created_at: datetime
    seen_at: datetime
    browser: str
    address: str


def list_of_user(
    connection: Connection, user: str, seen_after: datetime, created_after: datetime
) -> list[LogIn]:
    """Somebody's log-ins that still hold, the one used last first."""
    statement = (
        sa.select(
            sessions.c.token_hash,
            sessions.c.created_at,
            sessions.c.seen_at,
            sessions.c.browser,
            sessions.c.address,
        )
        .where(
            sessions.c.user == user,
            sessions.c.revoked_at.is_(None),
            sessions.c.seen_at >= seen_after,
            sessions.c.created_at >= created_after,
        )
        .order_by(sessions.c.seen_at.desc(), sessions.c.token_hash)
    )
    return [LogIn(*row) for row in connection.execute(statement)]


def end(tx: Transaction, user: str, token_hash: str, now: datetime) -> bool:
    """End one of a user's log-ins. Returns whether it was this call that did."""
    mine = (
        sessions.c.user == user,
        sessions.c.token_hash == token_hash,
        sessions.c.revoked_at.is_(None),
    )
    return tx.change(sessions.update().where(*mine).values(revoked_at=now)).rowcount == 1


def note_confirmed(tx: Transaction, token_hash: str, now: datetime) -> None:
    """Note that its user has proved in a log-in who they are."""
    tx.change(sessions.update().where(sessions.c.token_hash == token_hash).values(confirmed_at=now))
