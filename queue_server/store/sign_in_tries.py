"""How often a password was tried in vain, by what it is counted by. Keys are keyed hashes."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ..domain.sign_in import Tries
from .tables import sign_in_tries
from .transaction import Transaction


def lock(tx: Transaction, keys: Iterable[str]) -> dict[str, Tries]:
    """The tries under some keys. Until the commit nobody else counts under any of them."""
    wanted = sorted(keys)  # in one order, so that two processes do not wait for each other
    tx.change(_insert_missing(tx.dialect), [{"key": key, "count": 0, "last_at": None} for key in wanted])
    statement = sa.select(sign_in_tries).where(sign_in_tries.c.key.in_(wanted)).order_by(sign_in_tries.c.key).with_for_update()
    return {row["key"]: Tries(row["count"], row["last_at"]) for row in tx.read(statement).mappings()}


@cache
def _insert_missing(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(sign_in_tries).on_conflict_do_nothing(index_elements=[sign_in_tries.c.key])


def save(tx: Transaction, tries: Mapping[str, Tries]) -> None:
    """Store locked tries; those of none are deleted."""
    for key, each in tries.items():
        mine = sign_in_tries.c.key == key
        if each.count:
            tx.change(sign_in_tries.update().where(mine).values(count=each.count, last_at=each.last_at))
        else:
            tx.change(sign_in_tries.delete().where(mine))


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Delete tries that count no longer. Returns how many."""
    over = sa.or_(sign_in_tries.c.last_at.is_(None), sign_in_tries.c.last_at < moment)
    return tx.change(sign_in_tries.delete().where(over)).rowcount
