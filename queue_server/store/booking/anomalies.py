"""The bookings and holds still to come that were made online, with what they may have in common."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.booking.anomalies import Common, Trace
from queue_server.domain.visit.ticket import Origin
from queue_server.domain.visit.transitions import State
from queue_server.store.tables import takings, tickets, visitors

TO_COME = (State.HELD, State.BOOKED, State.STRANDED)


def list_traces(connection: Connection, office: str, first: date, most: int) -> list[Trace]:
    """Online bookings and holds of an office from a date on, in order of time, at most so many."""
    statement = (
        sa.select(
            tickets.c.id,
            tickets.c.party_size,
            visitors.c.nik_fingerprint,
            visitors.c.phone,
            visitors.c.email,
            takings.c.address,
            takings.c.network,
            takings.c.browser,
        )
        .select_from(
            tickets.join(takings, takings.c.ticket == tickets.c.id, isouter=True).join(
                visitors, visitors.c.ticket == tickets.c.id, isouter=True
            )
        )
        .where(
            tickets.c.office == office,
            tickets.c.date >= first,
            tickets.c.origin == Origin.ONLINE.value,
            tickets.c.state.in_([each.value for each in TO_COME]),
        )
        .order_by(tickets.c.slot, tickets.c.id)
        .limit(most)
    )
    return [
        Trace(
            row.id,
            row.party_size,
            row.nik_fingerprint,
            {
                Common.BROWSER: row.browser,
                Common.PHONE: row.phone,
                Common.EMAIL: row.email,
                Common.ADDRESS: row.address,
                Common.NETWORK: row.network,
            },
        )
        for row in connection.execute(statement)
    ]
