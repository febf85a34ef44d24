"""Which key the fingerprints in a database were made with. The key itself is never here."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from .tables import key_ids, no_shows, visitors, waitlist
from .writer.reader import Reader, ask
from .writer.transaction import Transaction

NIK = "nik"


def find_id(reader: Reader, name: str = NIK) -> str | None:
    """The id of the key in use; None before there was any."""
    statement = sa.select(key_ids.c.id).where(key_ids.c.name == name)
    return ask(reader, statement, seeing=key_ids).scalar()


def adopt_id(tx: Transaction, id: str, now: datetime, name: str = NIK) -> str:
    """Note a key's id if none is noted yet. Returns the one that holds."""
    known = find_id(tx, name)
    if known is None:
        tx.insert(key_ids, {"name": name, "id": id, "since": now})
    return known or id


def replace_id(tx: Transaction, id: str, now: datetime, name: str = NIK) -> None:
    """Note the id of another key in place of the one before."""
    tx.change(key_ids.delete().where(key_ids.c.name == name))
    tx.insert(key_ids, {"name": name, "id": id, "since": now})


def count_fingerprints(connection: Connection) -> int:
    """How many rows hold a fingerprint: visits, entries of the waitlist and missed visits that
    still count.
    """
    columns = (visitors.c.nik_fingerprint, waitlist.c.nik_fingerprint, no_shows.c.nik_fingerprint)
    counts = [sa.select(sa.func.count(column)).scalar_subquery() for column in columns]
    return int(connection.execute(sa.select(counts[0] + counts[1] + counts[2])).scalar_one())
