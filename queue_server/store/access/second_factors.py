"""Second factors: which key the app of a user has, and the hashes of the recovery codes. The key
itself is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from queue_server.domain.access.second_factor import SecondFactor
from queue_server.store.tables import passkeys, recovery_codes, second_factors, users
from queue_server.store.writer.transaction import Transaction


def _select() -> sa.Select[Any]:
    count = (
        sa.select(sa.func.count())
        .select_from(passkeys)
        .where(passkeys.c.user == users.c.id)
        .scalar_subquery()
    )
    return (
        sa.select(
            sa.func.coalesce(second_factors.c.generation, 0),
            second_factors.c.asked_at,
            second_factors.c.confirmed_at,
            sa.func.coalesce(second_factors.c.last_step, 0),
            count,
        )
        .select_from(users.outerjoin(second_factors, second_factors.c.user == users.c.id))
        .where(users.c.id == sa.bindparam("of"))
    )


_FACTOR = _select()


def find(connection: Connection, user: str) -> SecondFactor:
    """A user's second factor."""
    row = connection.execute(_FACTOR, {"of": user}).one_or_none()
    return SecondFactor() if row is None else SecondFactor(*row)


def lock(tx: Transaction, user: str) -> SecondFactor:
    """The same, which nobody else changes until the commit."""
    tx.read(sa.select(users.c.id).where(users.c.id == user).with_for_update()).one_or_none()
    row = tx.read(_FACTOR.params(of=user)).one_or_none()
    return SecondFactor() if row is None else SecondFactor(*row)


def save(tx: Transaction, user: str, factor: SecondFactor) -> None:
    """Store all but the passkeys, which have rows of their own."""
    tx.change(
        _upsert(tx.dialect),
        {
            "user": user,
            "generation": factor.generation,
            "asked_at": factor.asked_at,
            "confirmed_at": factor.confirmed_at,
            "last_step": factor.last_step,
        },
    )


@cache
def _upsert(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(second_factors)
    return statement.on_conflict_do_update(
        index_elements=[second_factors.c.user],
        set_={
            name: statement.excluded[name]
            for name in ("generation", "asked_at", "confirmed_at", "last_step")
        },
    )


def replace_recovery_codes(tx: Transaction, user: str, hashes: Iterable[str]) -> None:
    """Put new recovery codes in the place of all that a user has."""
    tx.change(recovery_codes.delete().where(recovery_codes.c.user == user))
    for each in hashes:
        tx.insert(recovery_codes, {"user": user, "hash": each, "used_at": None})


def is_recovery_code(connection: Connection, user: str, hash: str) -> bool:
    """Whether a user has this code and has not used it."""
    mine = (recovery_codes.c.user == user, recovery_codes.c.hash == hash)
    statement = sa.select(recovery_codes.c.hash).where(*mine, recovery_codes.c.used_at.is_(None))
    return connection.execute(statement).one_or_none() is not None


def use_recovery_code(tx: Transaction, user: str, hash: str, now: datetime) -> bool:
    """Use a code up. Returns whether it was good until now: of two at once one is."""
    mine = (recovery_codes.c.user == user, recovery_codes.c.hash == hash)
    statement = recovery_codes.update().where(*mine, recovery_codes.c.used_at.is_(None))
    return tx.change(statement.values(used_at=now)).rowcount == 1


_LEFT = (
    sa.select(sa.func.count())
    .select_from(recovery_codes)
    .where(recovery_codes.c.user == sa.bindparam("of"), recovery_codes.c.used_at.is_(None))
)


def count_recovery_codes(connection: Connection, user: str) -> int:
    """How many codes a user has left."""
    return int(connection.execute(_LEFT, {"of": user}).scalar_one())


def count_left(tx: Transaction, user: str) -> int:
    """The same, after what this transaction has done."""
    return int(tx.read(_LEFT.params(of=user)).scalar_one())


def list_lasting(connection: Connection) -> set[str]:
    """The ids of all users who can still prove who they are when the keys of all apps are gone: by
    a passkey or a recovery code.
    """
    with_code = sa.select(recovery_codes.c.user).where(recovery_codes.c.used_at.is_(None))
    return set(connection.execute(sa.union(with_code, sa.select(passkeys.c.user))).scalars())


def list_having(connection: Connection) -> set[str]:
    """The ids of all users who have a second factor."""
    with_app = sa.select(second_factors.c.user).where(second_factors.c.confirmed_at.is_not(None))
    return set(connection.execute(sa.union(with_app, sa.select(passkeys.c.user))).scalars())
