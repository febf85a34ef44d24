"""Users, their sessions, and the tokens of programs and devices. Secrets are kept only as hashes."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from .compiled import Compiled
from .tables import devices, sessions, tokens, users
from .transaction import Transaction


@dataclass(frozen=True)
class User:
    """A member of staff. `office` None means all offices."""

    id: str
    username: str
    name: str
    role: str
    office: str | None
    active: bool = True


@dataclass(frozen=True)
class Token:
    """A bearer token's holder. `user` is set for a program that acts as a clerk, `device` for a paired device.

    `is_first_use` says that nothing was heard yet from that device.
    """

    id: str
    name: str
    role: str
    office: str | None
    user: str | None = None
    device: str | None = None
    is_first_use: bool = False


@dataclass(frozen=True)
class Session:
    """A log-in of a user in one browser."""

    user: User
    created_at: datetime
    seen_at: datetime


def _user_from_row(row: Row[Any]) -> User:
    return User(row.id, row.username, row.name, row.role, row.office, row.active)


def add_user(tx: Transaction, user: User, password_hash: str) -> None:
    """Store a new user."""
    tx.insert(
        users,
        {
            "id": user.id, "username": user.username, "name": user.name, "password_hash": password_hash, "role": user.role,
            "office": user.office, "active": user.active,
        },
    )


def find_login(connection: Connection, username: str) -> tuple[User, str] | None:
    """An active user and the password's hash."""
    row = connection.execute(sa.select(users).where(users.c.username == username, users.c.active)).one_or_none()
    return None if row is None else (_user_from_row(row), row.password_hash)


def list_users(connection: Connection, office: str | None) -> list[User]:
    """Users of an office, or all."""
    statement = sa.select(users).order_by(users.c.username)
    if office is not None:
        statement = statement.where(users.c.office == office)
    return [_user_from_row(row) for row in connection.execute(statement)]


def add_session(tx: Transaction, token_hash: str, user: str, now: datetime) -> None:
    """Store a new log-in."""
    tx.insert(sessions, {"token_hash": token_hash, "user": user, "created_at": now, "seen_at": now})


_SESSION = (
    sa.select(users, sessions.c.created_at, sessions.c.seen_at)
    .join(sessions, sessions.c.user == users.c.id)
    .where(sessions.c.token_hash == sa.bindparam("hash"), sessions.c.revoked_at.is_(None), users.c.active)
)


def find_session(connection: Connection, token_hash: str) -> Session | None:
    """The log-in behind a session cookie, unless it was ended."""
    row = connection.execute(_SESSION, {"hash": token_hash}).one_or_none()
    return None if row is None else Session(_user_from_row(row), row.created_at, row.seen_at)


def list_good_sessions(connection: Connection, hashes: Sequence[str], seen_after: datetime, created_after: datetime) -> set[str]:
    """Which of these log-ins still hold: not ended, used and made recently enough, by a user who is still active."""
    statement = (
        sa.select(sessions.c.token_hash)
        .join(users, users.c.id == sessions.c.user)
        .where(
            sessions.c.token_hash.in_(hashes), sessions.c.revoked_at.is_(None), users.c.active,
            sessions.c.seen_at >= seen_after, sessions.c.created_at >= created_after,
        )
    )
    return set(connection.execute(statement).scalars())


def touch_session(tx: Transaction, token_hash: str, now: datetime) -> None:
    """Note that a session is in use."""
    tx.change(sessions.update().where(sessions.c.token_hash == token_hash).values(seen_at=now))


def end_session(tx: Transaction, token_hash: str, now: datetime) -> None:
    """Log out."""
    tx.change(sessions.update().where(sessions.c.token_hash == token_hash, sessions.c.revoked_at.is_(None)).values(revoked_at=now))


def forget_sessions(tx: Transaction, before: datetime) -> int:
    """Delete log-ins made before a moment. Returns how many."""
    return tx.change(sessions.delete().where(sessions.c.created_at < before)).rowcount


def add_token(tx: Transaction, token: Token, token_hash: str, now: datetime) -> None:
    """Store a new bearer token."""
    tx.insert(
        tokens,
        {
            "id": token.id, "token_hash": token_hash, "name": token.name, "role": token.role, "office": token.office,
            "user": token.user, "device": token.device, "created_at": now,
        },
    )


_TOKEN = Compiled(
    sa.select(
        tokens.c.id, tokens.c.name, tokens.c.role, tokens.c.office, tokens.c.user, tokens.c.device,
        sa.and_(devices.c.id.is_not(None), devices.c.seen_at.is_(None)).label("is_first_use"),
    )
    .select_from(tokens.outerjoin(devices, devices.c.id == tokens.c.device))
    .where(tokens.c.token_hash == sa.bindparam("hash"), tokens.c.revoked_at.is_(None))
)


def find_token(connection: Connection, token_hash: str) -> Token | None:
    """The holder of a bearer token, unless it was revoked."""
    found = _TOKEN.rows(connection, {"hash": token_hash})
    return Token(*found[0]) if found else None


def list_revoked(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these tokens were revoked."""
    statement = sa.select(tokens.c.id).where(tokens.c.id.in_(ids), tokens.c.revoked_at.is_not(None))
    return set(connection.execute(statement).scalars())


def revoke_tokens_of_device(tx: Transaction, office: str | None, device: str, now: datetime) -> None:
    """Cut an office's device off."""
    mine = (tokens.c.office.is_not_distinct_from(office), tokens.c.device == device)
    tx.change(tokens.update().where(*mine, tokens.c.revoked_at.is_(None)).values(revoked_at=now))
