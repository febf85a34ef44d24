"""Users, their sessions, and the tokens of programs and devices. Secrets are kept only as
hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from queue_server.domain.access.accounts import Role
from queue_server.domain.access.accounts import User as User
from queue_server.domain.access.second_factor import SecondFactor
from queue_server.domain.errors import UnknownToken, UnknownUser, UserNameTaken
from queue_server.store.tables import (
    Instant,
    devices,
    passkeys,
    second_factors,
    sessions,
    tokens,
    user_offices,
    users,
)
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.transaction import Transaction

from .user_offices import ALSO, find_also, list_also, put_also


@dataclass(frozen=True)
class Token:
    """A bearer token's holder. `user` is set for a program that acts as a clerk, `device` for a
    paired device.

    `is_first_use` says that nothing was heard yet from that device. `scope` is set for a personal
    token, which has the role and the offices that its user has now, until it expires.
    """

    id: str
    name: str
    role: str
    office: str | None
    user: str | None = None
    device: str | None = None
    is_first_use: bool = False
    scope: str | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class TokenState:
    """A bearer token of a program or a person as it is listed. `username` is whose account it acts
    for, `is_active` whether the token is good.
    """

    id: str
    name: str
    role: str
    office: str | None
    username: str | None
    created_at: datetime
    revoked_at: datetime | None
    is_active: bool
    scope: str | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None
    also: tuple[str, ...] = ()


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


def _user_from_row(row: Row[Any]) -> User:
    return User(
        row.id,
        row.username,
        row.name,
        row.role,
        row.office,
        row.active,
        row.must_change,
        list_also(row.also),
    )


_USERS = sa.select(users, ALSO)


def add_user(tx: Transaction, user: User, password_hash: str) -> None:
    """Store a new user. Raises `UserNameTaken`."""
    row = {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "password_hash": password_hash,
        "role": user.role,
        "office": user.office,
        "active": user.active,
        "must_change": user.must_change,
    }
    if tx.change(_insert_user(tx.dialect), row).one_or_none() is None:
        raise UserNameTaken(username=user.username)
    put_also(tx, user.id, user.also)


@cache
def _insert_user(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return (
        insert(users)
        .on_conflict_do_nothing(index_elements=[users.c.username])
        .returning(users.c.id)
    )


def lock_user(tx: Transaction, id: str) -> User:
    """A user, whom nobody else changes until the commit. Raises `UnknownUser`."""
    row = tx.read(_USERS.where(users.c.id == id).with_for_update(of=users)).one_or_none()
    if row is None:
        raise UnknownUser(user=id)
    return _user_from_row(row)


def lock_administrators(tx: Transaction) -> list[User]:
    """The active administrators. The rows stay locked, in one order, so of two who close the last
    two one comes too late.
    """
    statement = (
        _USERS.where(users.c.role == Role.ADMIN.value, users.c.active)
        .order_by(users.c.id)
        .with_for_update(of=users)
    )
    return [_user_from_row(row) for row in tx.read(statement)]


def update_user(tx: Transaction, id: str, **values: Any) -> None:
    """Change some columns of a user."""
    tx.change(users.update().where(users.c.id == id).values(**values))


def find_user(connection: Connection, id: str) -> User:
    """A user by id, active or not. Raises `UnknownUser`."""
    row = connection.execute(_USERS.where(users.c.id == id)).one_or_none()
    if row is None:
        raise UnknownUser(user=id)
    return _user_from_row(row)


def find_user_by_name(connection: Connection, username: str) -> User:
    """A user by the name they sign in with, active or not. Raises `UnknownUser`."""
    row = connection.execute(_USERS.where(users.c.username == username)).one_or_none()
    if row is None:
        raise UnknownUser(user=username)
    return _user_from_row(row)


def find_login(connection: Connection, username: str) -> tuple[User, str] | None:
    """An active user and the password's hash."""
    row = connection.execute(
        _USERS.where(users.c.username == username, users.c.active)
    ).one_or_none()
    return None if row is None else (_user_from_row(row), row.password_hash)


def find_password_hash(connection: Connection, id: str) -> str:
    """The hash of a user's password. Raises `UnknownUser`."""
    password_hash = connection.execute(
        sa.select(users.c.password_hash).where(users.c.id == id)
    ).scalar_one_or_none()
    if password_hash is None:
        raise UnknownUser(user=id)
    return str(password_hash)


def list_users(connection: Connection, office: str | None) -> list[User]:
    """Users of an office, or all; those who work in all offices are of none."""
    statement = _USERS.order_by(users.c.username)
    if office is not None:
        theirs = sa.select(user_offices.c.user).where(user_offices.c.office == office)
        statement = statement.where(
            sa.or_(users.c.office == office, users.c.id.in_(theirs.scalar_subquery()))
        )
    return [_user_from_row(row) for row in connection.execute(statement)]


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
    user = _user_from_row(row)
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


def add_token(tx: Transaction, token: Token, token_hash: str, now: datetime) -> None:
    """Store a new bearer token."""
    tx.insert(
        tokens,
        {
            "id": token.id,
            "token_hash": token_hash,
            "name": token.name,
            "role": token.role,
            "office": token.office,
            "user": token.user,
            "device": token.device,
            "created_at": now,
            "scope": token.scope,
            "expires_at": token.expires_at,
        },
    )


_IS_GOOD = sa.and_(
    tokens.c.revoked_at.is_(None),
    sa.or_(tokens.c.user.is_(None), users.c.active),
    sa.or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > sa.bindparam("now", type_=Instant)),
)
"""A token, joined to the user it acts as if there is one: a closed account's are no good, whenever
they were made, nor is one after its last moment.
"""

_IS_PERSONAL = tokens.c.scope.is_not(None)
_HELD_ROLE = sa.case((_IS_PERSONAL, users.c.role), else_=tokens.c.role).label("role")
_HELD_OFFICE = sa.case((_IS_PERSONAL, users.c.office), else_=tokens.c.office).label("office")
_HELD_ALSO = sa.case((_IS_PERSONAL, ALSO), else_=None).label("also")

_TOKEN = Compiled(
    sa.select(
        tokens.c.id,
        tokens.c.name,
        _HELD_ROLE,
        _HELD_OFFICE,
        tokens.c.user,
        tokens.c.device,
        sa.and_(devices.c.id.is_not(None), devices.c.seen_at.is_(None)).label("is_first_use"),
        tokens.c.scope,
        tokens.c.expires_at,
        tokens.c.used_at,
    )
    .select_from(
        tokens.outerjoin(devices, devices.c.id == tokens.c.device).outerjoin(
            users, users.c.id == tokens.c.user
        )
    )
    .where(tokens.c.token_hash == sa.bindparam("hash"), _IS_GOOD)
)


def find_token(connection: Connection, token_hash: str, now: datetime) -> Token | None:
    """The holder of a bearer token, unless it was revoked, its time is over or its user's account
    is closed.
    """
    rows = _TOKEN.rows(connection, {"hash": token_hash, "now": now})
    if not rows:
        return None
    token = Token(*rows[0])
    if token.scope is None or token.user is None:
        return token
    return replace(token, also=find_also(connection, token.user))


def list_revoked(connection: Connection, ids: Sequence[str], now: datetime) -> set[str]:
    """Which of these tokens are no longer good."""
    joined = tokens.outerjoin(users, users.c.id == tokens.c.user)
    statement = (
        sa.select(tokens.c.id).select_from(joined).where(tokens.c.id.in_(ids), sa.not_(_IS_GOOD))
    )
    return set(connection.execute(statement, {"now": now}).scalars())


def list_tokens(connection: Connection, now: datetime) -> list[TokenState]:
    """The tokens of programs and persons, oldest first; those of paired devices go with their
    device.
    """
    statement = (
        sa.select(
            tokens.c.id,
            tokens.c.name,
            _HELD_ROLE,
            _HELD_OFFICE,
            users.c.username,
            tokens.c.created_at,
            tokens.c.revoked_at,
            _IS_GOOD.label("is_active"),
            tokens.c.scope,
            tokens.c.expires_at,
            tokens.c.used_at,
            _HELD_ALSO,
        )
        .select_from(tokens.outerjoin(users, users.c.id == tokens.c.user))
        .where(tokens.c.device.is_(None))
        .order_by(tokens.c.created_at, tokens.c.id)
    )
    return [
        TokenState(
            each.id,
            each.name,
            each.role,
            each.office,
            each.username,
            each.created_at,
            each.revoked_at,
            bool(each.is_active),
            each.scope,
            each.expires_at,
            each.used_at,
            list_also(each.also),
        )
        for each in connection.execute(statement, {"now": now})
    ]


def find_token_office(connection: Connection, id: str) -> str | None:
    """The office that a token is for, or its person's; None for all of them. Raises `UnknownToken`,
    for a paired device's too.
    """
    row = connection.execute(
        sa.select(_HELD_OFFICE)
        .select_from(tokens.outerjoin(users, users.c.id == tokens.c.user))
        .where(tokens.c.id == id, tokens.c.device.is_(None))
    ).one_or_none()
    if row is None:
        raise UnknownToken(token=id)
    office: str | None = row.office
    return office


def revoke_token(tx: Transaction, id: str, now: datetime) -> bool:
    """Cut a program off. Returns whether it was this call that did: one that is cut off stays
    so.
    """
    program = (tokens.c.id == id, tokens.c.device.is_(None), tokens.c.revoked_at.is_(None))
    return tx.change(tokens.update().where(*program).values(revoked_at=now)).rowcount == 1


def revoke_tokens_of_user(tx: Transaction, user: str, now: datetime) -> None:
    """Cut off all programs that act as a user."""
    tx.change(
        tokens.update()
        .where(tokens.c.user == user, tokens.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_tokens_of_device(
    tx: Transaction, office: str | None, device: str, now: datetime
) -> None:
    """Cut an office's device off."""
    mine = (tokens.c.office.is_not_distinct_from(office), tokens.c.device == device)
    tx.change(tokens.update().where(*mine, tokens.c.revoked_at.is_(None)).values(revoked_at=now))
