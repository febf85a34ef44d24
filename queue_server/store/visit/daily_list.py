"""The bookings of a day with what staff need to know their visitors by, for a list on paper."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.store.tables import tickets, visitors

from .tickets import TICKET_COLUMNS, ticket_from_row


def list_bookings(connection: Connection, office: str, day: date) -> list[tuple[Ticket, str, str]]:
    """Those still to come or waiting, in order of their time, each with the visitor's name and the
    last four characters of the NIK or passport; both empty once they are forgotten.
    """
    statement = (
        sa.select(*TICKET_COLUMNS, visitors.c.name.label("name"), visitors.c.nik_last4)
        .select_from(tickets.outerjoin(visitors, visitors.c.ticket == tickets.c.id))
        .where(
            tickets.c.office == office,
            tickets.c.date == day,
            tickets.c.state.in_([State.BOOKED.value, State.WAITING.value]),
            tickets.c.slot.is_not(None),
        )
        .order_by(tickets.c.slot, tickets.c.id)
    )
    return [
        (ticket_from_row(row[:-2]), row.name or "", row.nik_last4 or "")
        for row in connection.execute(statement)
    ]
