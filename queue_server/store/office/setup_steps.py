"""What is noted of the steps of an office's first set-up."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from queue_server.store.tables import setup_steps
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def list_marks(reader: Reader, office: str) -> dict[str, str]:
    """The mark of each step that has one."""
    statement = sa.select(setup_steps.c.step, setup_steps.c.mark).where(
        setup_steps.c.office == office
    )
    return {row.step: row.mark for row in ask(reader, statement, seeing=setup_steps)}


def put(tx: Transaction, office: str, step: str, mark: str, now: datetime) -> None:
    """Note a mark in the place of any before."""
    mine = (setup_steps.c.office == office, setup_steps.c.step == step)
    tx.change(setup_steps.delete().where(*mine))
    tx.insert(setup_steps, {"office": office, "step": step, "mark": mark, "at": now})
