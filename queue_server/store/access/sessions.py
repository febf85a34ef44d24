"""Sessions: the log-ins of users. Their secrets are kept only as hashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import User
from queue_server.domain.access.second_factor import SecondFactor
from queue_server.store.tables import passkeys, second_factors, sessions, users
from queue_server.store.writer.transaction import Transaction

from .user_offices import ALSO
from .users import user_from_row


@dataclass(frozen=True)
class Session:
    """A log-in of a user in one browser. `confirmed_at` is when the user last proved in it who they
    are, `factor` their second factor.
    """

    user: User
    created_at: datetime
    seen_at: datetime
    confirmed_at: datetime | None
    factor: SecondFactor


def add_session(
    tx: Transaction, token_hash: str, user: str, now: datetime, *, browser: str, address: str
) -> None:
    """Store a new log-in. `browser` and `address` say where it is, as its list shows them."""
    tx.insert(
        sessions,
        {
            "token_hash": token_hash,
            "user": user,
            "created_at": now,
            "seen_at": now,
            "confirmed_at": now,
            "browser": browser,
            "address": address,
        },
    )


_SESSION = (
    sa.select(
        users,
        ALSO,
        sessions.c.created_at,
        sessions.c.seen_at,
        sessions.c.confirmed_at,
        second_factors.c.generation,
        second_factors.c.asked_at,
        second_factors.c.confirmed_at.label("factor_at"),
        second_factors.c.last_step,
        sa.select(sa.func.count())
        .select_from(passkeys)
        .where(passkeys.c.user == users.c.id)
        .scalar_subquery()
        .label("passkeys"),
    )
    .join(sessions, sessions.c.user == users.c.id)
    .outerjoin(second_factors, second_factors.c.user == users.c.id)
    .where(
        sessions.c.token_hash == sa.bindparam("hash"),
        sessions.c.revoked_at.is_(None),
        users.c.active,
    )
)


def find_session(connection: Connection, token_hash: str) -> Session | None:
    """The log-in behind a session cookie, unless it was ended."""
    row = connection.execute(_SESSION, {"hash": token_hash}).one_or_none()
    if row is None:
        return None
    factor = SecondFactor(
        row.generation or 0, row.asked_at, row.factor_at, row.last_step or 0, row.passkeys
    )
    user = user_from_row(row)
    return Session(user, row.created_at, row.seen_at, row.confirmed_at, factor)


def list_good_sessions(
    connection: Connection, hashes: Sequence[str], seen_after: datetime, created_after: datetime
) -> set[str]:
    """Which of these log-ins still hold: not ended, used and made recently enough, by a user who is
    still active.
    """
    statement = (
        sa.select(sessions.c.token_hash)
        .join(users, users.c.id == sessions.c.user)
        .where(
            sessions.c.token_hash.in_(hashes),
            sessions.c.revoked_at.is_(None),
            users.c.active,
            sessions.c.seen_at >= seen_after,
            sessions.c.created_at >= created_after,
        )
    )
    return set(connection.execute(statement).scalars())


def touch_session(tx: Transaction, token_hash: str, now: datetime) -> None:
    """Note that a session is in use."""
    tx.change(sessions.update().where(sessions.c.token_hash == token_hash).values(seen_at=now))


def end_session(tx: Transaction, token_hash: str, now: datetime) -> None:
    """Log out."""
    tx.change(
        sessions.update()
        .where(sessions.c.token_hash == token_hash, sessions.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_sessions_of_user(
    tx: Transaction, user: str, now: datetime, *, but: str | None = None
) -> int:
    """End a user's log-ins everywhere; `but` is the hash of the one that goes on. Returns how
    many.
    """
    statement = sessions.update().where(sessions.c.user == user, sessions.c.revoked_at.is_(None))
    if but is not None:
        statement = statement.where(sessions.c.token_hash != but)
    return tx.change(statement.values(revoked_at=now)).rowcount


def forget_sessions(tx: Transaction, before: datetime) -> int:
    """Delete log-ins made before a moment. Returns how many."""
    return tx.change(sessions.delete().where(sessions.c.created_at < before)).rowcount
