"""The code that opens the set-up page: its hash alone, where all processes of a server see it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from queue_server.domain.access.accounts import Role
from queue_server.store.tables import setup_codes, users
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def has_administrator(reader: Reader) -> bool:
    """Whether anybody was ever made an administrator, at work or not."""
    statement = sa.select(users.c.id).where(users.c.role == Role.ADMIN.value).limit(1)
    return ask(reader, statement, seeing=users).one_or_none() is not None


def replace(tx: Transaction, code_hash: str | None, now: datetime) -> None:
    """Let this code be the one that opens the page, in place of any before; None: no code does."""
    tx.change(setup_codes.delete())
    if code_hash is not None:
        tx.insert(setup_codes, {"code_hash": code_hash, "made_at": now})


def is_known(reader: Reader, code_hash: str) -> bool:
    """Whether this is the code that opens the page."""
    statement = sa.select(setup_codes.c.code_hash).where(setup_codes.c.code_hash == code_hash)
    return ask(reader, statement, seeing=setup_codes).one_or_none() is not None


def use(tx: Transaction, code_hash: str) -> bool:
    """Take the code away. Of two at once one gets True: the row is gone for the other."""
    statement = setup_codes.delete().where(setup_codes.c.code_hash == code_hash)
    return tx.change(statement).rowcount == 1
