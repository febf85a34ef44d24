"""The bookings of a day by their time, for those who expect them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.tables import tickets

from .tickets import TICKET_COLUMNS, ticket_from_row


def list_due(
    connection: Connection, office: str, day: date, slot: datetime | None = None
) -> list[Ticket]:
    """The visits to the office that were booked for a day, whatever became of them, in order of
    their time; with `slot` those of that time alone.
    """
    statement = (
        sa.select(*TICKET_COLUMNS)
        .where(
            tickets.c.office == office,
            tickets.c.date == day,
            tickets.c.slot.is_not(None),
            tickets.c.kind == VisitKind.OFFICE.value,
        )
        .order_by(tickets.c.slot, tickets.c.id)
    )
    if slot is not None:
        statement = statement.where(tickets.c.slot == slot)
    return [ticket_from_row(row) for row in connection.execute(statement)]
