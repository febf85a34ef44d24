"""Who is called, served or set aside: the visitors at the counters."""

from __future__ import annotations

from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.counter.calls import CurrentVisit
from queue_server.domain.visit.ticket import Ticket
from queue_server.store import tables
from queue_server.store.tables import tickets
from queue_server.store.visit.tickets import TICKET_NAMES, ticket_from_row
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.transaction import Transaction

from .indexed import column, indexed
from .line import in_call_order


@cache
def _present(dialect: str) -> Compiled:
    return Compiled(
        indexed(dialect, tables.PRESENT_INDEX, *TICKET_NAMES)
        .where(
            column("office") == sa.bindparam("office"),
            column("date") == sa.bindparam("date"),
            sa.text("state IN ('CALLED', 'SERVING', 'PARKED')"),
        )
        .order_by(column("called_at"))
    )


def list_at_counters(connection: Connection, office: str, day: date) -> list[Ticket]:
    """Tickets called, served or parked on an office-day."""
    return [
        ticket_from_row(row)
        for row in _present(connection.dialect.name).rows(
            connection, {"office": office, "date": day}
        )
    ]


def list_present(tx: Transaction, office: str, day: date, most: int) -> list[Ticket]:
    """Tickets of all who have come and are not done, at most `most`; those at the counters
    first.
    """
    parameters = {"office": office, "date": day}
    at_counters = tx.rows(_present(tx.dialect), parameters, seeing=tickets)
    in_line = tx.rows(in_call_order(tx.dialect), {**parameters, "limit": most}, seeing=tickets)
    return [ticket_from_row(row) for row in [*at_counters, *in_line][:most]]


_CURRENT = Compiled(
    sa.select(tickets.c.id, tickets.c.number).where(
        tickets.c.office == sa.bindparam("office"),
        tickets.c.date == sa.bindparam("date"),
        tickets.c.counter == sa.bindparam("counter"),
        sa.text("state IN ('CALLED', 'SERVING')"),
    )
)


def find_current(tx: Transaction, office: str, day: date, counter: str) -> CurrentVisit | None:
    """The visitor whom a counter has called or serves."""
    rows = tx.rows(_CURRENT, {"office": office, "date": day, "counter": counter}, seeing=tickets)
    return CurrentVisit(*rows[0]) if rows else None
