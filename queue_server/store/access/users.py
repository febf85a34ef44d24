"""Users: the accounts of those who work in the offices. Passwords are kept only as hashes."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from queue_server.domain.access.accounts import Role, User
from queue_server.domain.errors import UnknownUser, UserNameTaken
from queue_server.store.tables import user_offices, users
from queue_server.store.writer.transaction import Transaction

from .user_offices import ALSO, list_also, put_also


def user_from_row(row: Row[Any]) -> User:
    """A user from the columns of `users` and `ALSO`."""
    return User(
        row.id,
        row.username,
        row.name,
        row.role,
        row.office,
        row.active,
        row.must_change,
        list_also(row.also),
        row.distrusted,
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
        "distrusted": user.distrusted,
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
    return user_from_row(row)


def lock_administrators(tx: Transaction) -> list[User]:
    """The active administrators. The rows stay locked, in one order, so of two who close the last
    two one comes too late.
    """
    statement = (
        _USERS.where(users.c.role == Role.ADMIN.value, users.c.active)
        .order_by(users.c.id)
        .with_for_update(of=users)
    )
    return [user_from_row(row) for row in tx.read(statement)]


def update_user(tx: Transaction, id: str, **values: Any) -> None:
    """Change some columns of a user."""
    tx.change(users.update().where(users.c.id == id).values(**values))


def put_password(tx: Transaction, id: str, password_hash: str, *, must_change: bool) -> None:
    """Give a user another password, which nobody else knows yet but who chose it."""
    update_user(tx, id, password_hash=password_hash, must_change=must_change, distrusted=False)


def find_user(connection: Connection, id: str) -> User:
    """A user by id, active or not. Raises `UnknownUser`."""
    row = connection.execute(_USERS.where(users.c.id == id)).one_or_none()
    if row is None:
        raise UnknownUser(user=id)
    return user_from_row(row)


def find_user_by_name(connection: Connection, username: str) -> User:
    """A user by the name they sign in with, active or not. Raises `UnknownUser`."""
    row = connection.execute(_USERS.where(users.c.username == username)).one_or_none()
    if row is None:
        raise UnknownUser(user=username)
    return user_from_row(row)


def find_login(connection: Connection, username: str) -> tuple[User, str] | None:
    """An active user and the password's hash."""
    row = connection.execute(
        _USERS.where(users.c.username == username, users.c.active)
    ).one_or_none()
    return None if row is None else (user_from_row(row), row.password_hash)


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
    return [user_from_row(row) for row in connection.execute(statement)]
