"""Which visitors need help on the spot, or send somebody else."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store.tables import visitors
from queue_server.store.tables.visitor import NEEDING


def list_needing(connection: Connection, office: str) -> dict[str, tuple[tuple[str, ...], bool]]:
    """Of an office's tickets whose visitors need help or send somebody else: the codes of the help
    and whether somebody else comes, by ticket.
    """
    statement = sa.select(visitors.c.ticket, visitors.c.needs, visitors.c.represented).where(
        visitors.c.office == office, sa.text(f"({NEEDING})")
    )
    return {
        row.ticket: (tuple(row.needs.split()), bool(row.represented))
        for row in connection.execute(statement)
    }
