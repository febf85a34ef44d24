"""How many visits an office's services have had."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.visit.transitions import State
from queue_server.store.tables import tickets

_NEVER_CAME_ABOUT = (State.HELD.value, State.EXPIRED.value)
"""Times that somebody looked at, and no visits."""


def count_visits(connection: Connection, office: str, first: date, last: date) -> dict[str, int]:
    """The tickets of an office by service, from a first to a last date."""
    rows = connection.execute(
        sa.select(tickets.c.service, sa.func.count().label("visits"))
        .where(
            tickets.c.office == office,
            tickets.c.date.between(first, last),
            tickets.c.state.not_in(_NEVER_CAME_ABOUT),
        )
        .group_by(tickets.c.service)
    )
    return {row.service: row.visits for row in rows}
