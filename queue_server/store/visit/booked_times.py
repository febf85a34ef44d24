"""The booked times of visits, where nothing else of them is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store.tables import tickets


def list_times(connection: Connection, office: str, visits: Sequence[str]) -> dict[str, datetime]:
    """The booked times of some visits of an office, by id; those without one are left out."""
    statement = sa.select(tickets.c.id, tickets.c.slot).where(
        tickets.c.office == office, tickets.c.id.in_(visits), tickets.c.slot.is_not(None)
    )
    return {row.id: row.slot for row in connection.execute(statement)}
