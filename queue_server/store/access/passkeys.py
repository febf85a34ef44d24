"""Passkeys: the public keys of what users sign in with, and how often each was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from queue_server.store.tables import passkeys
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class Passkey:
    """A passkey. `id` is the credential's, in base 64 for addresses; `uses` is the count that the
    device itself keeps, 0 for one that keeps none.
    """

    id: str
    user: str
    name: str
    public_key: bytes
    uses: int
    created_at: datetime
    used_at: datetime | None = None


def _from_row(row: Row[Any]) -> Passkey:
    return Passkey(
        row.id, row.user, row.name, row.public_key, row.uses, row.created_at, row.used_at
    )


def add(tx: Transaction, passkey: Passkey) -> bool:
    """Store a new one. Returns whether its id was not known yet."""
    row = {
        "id": passkey.id,
        "user": passkey.user,
        "name": passkey.name,
        "public_key": passkey.public_key,
        "uses": passkey.uses,
        "created_at": passkey.created_at,
    }
    return tx.change(_insert(tx.dialect), row).one_or_none() is not None


@cache
def _insert(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(passkeys).on_conflict_do_nothing(index_elements=[passkeys.c.id])
    return statement.returning(passkeys.c.id)


def find(connection: Connection, id: str) -> Passkey | None:
    """A passkey by the id of its credential."""
    row = connection.execute(sa.select(passkeys).where(passkeys.c.id == id)).one_or_none()
    return None if row is None else _from_row(row)


def list_of_user(connection: Connection, user: str) -> list[Passkey]:
    """A user's passkeys, oldest first."""
    statement = (
        sa.select(passkeys)
        .where(passkeys.c.user == user)
        .order_by(passkeys.c.created_at, passkeys.c.id)
    )
    return [_from_row(row) for row in connection.execute(statement)]


def note_use(tx: Transaction, id: str, uses: int, now: datetime) -> bool:
    """Note a use. Returns whether the count has grown since the last one, or none is kept."""
    grown = sa.or_(passkeys.c.uses < uses, sa.and_(passkeys.c.uses == 0, sa.literal(uses) == 0))
    statement = passkeys.update().where(passkeys.c.id == id, grown)
    return tx.change(statement.values(uses=uses, used_at=now)).rowcount == 1


def remove(tx: Transaction, user: str, id: str) -> bool:
    """Forget one of a user's passkeys. Returns whether there was one."""
    mine = (passkeys.c.user == user, passkeys.c.id == id)
    return tx.change(passkeys.delete().where(*mine)).rowcount == 1


def remove_of_user(tx: Transaction, user: str) -> None:
    """Forget all passkeys of a user."""
    tx.change(passkeys.delete().where(passkeys.c.user == user))
