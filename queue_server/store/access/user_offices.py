"""In which offices somebody works besides the one that is theirs."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store.tables import user_offices, users
from queue_server.store.writer.transaction import Transaction

ALSO = (
    sa.select(sa.func.aggregate_strings(user_offices.c.office, " "))
    .where(user_offices.c.user == users.c.id)
    .correlate(users)
    .scalar_subquery()
    .label("also")
)
"""A column of queries about `users`: the other offices, for `list_also`."""


def list_also(joined: str | None) -> tuple[str, ...]:
    """What stands in the column `ALSO`: codes of offices, in their order."""
    return tuple(sorted(joined.split())) if joined else ()


def find_also(connection: Connection, user: str) -> tuple[str, ...]:
    """The other offices of a user, in their order."""
    statement = sa.select(user_offices.c.office).where(user_offices.c.user == user)
    return tuple(sorted(connection.execute(statement).scalars()))


def put_also(tx: Transaction, user: str, offices: Collection[str]) -> None:
    """Replace the other offices of a user."""
    tx.change(user_offices.delete().where(user_offices.c.user == user))
    for office in offices:
        tx.insert(user_offices, {"user": user, "office": office})
