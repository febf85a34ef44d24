"""The pictures on the offices' slips, one for each office."""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.store.tables import slip_logos
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def find(reader: Reader, office: str) -> bytes | None:
    """An office's logo as a PNG; None without one."""
    statement = sa.select(slip_logos.c.picture).where(slip_logos.c.office == office)
    row = next(iter(ask(reader, statement, seeing=slip_logos)), None)
    return None if row is None else bytes(row.picture)


def put(tx: Transaction, office: str, id: str, picture: bytes | None) -> None:
    """Replace an office's logo; None takes it away."""
    tx.change(slip_logos.delete().where(slip_logos.c.office == office))
    if picture is not None:
        tx.insert(slip_logos, {"office": office, "id": id, "picture": picture})
