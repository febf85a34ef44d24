"""The bookings of a day by their time, for those who expect them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.door.expected import Alike
from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.store.tables import Instant, tickets
from queue_server.store.writer.compiled import Compiled

from .tickets import TICKET_COLUMNS, ticket_from_row

_BOOKED = (
    tickets.c.office == sa.bindparam("office"),
    tickets.c.date == sa.bindparam("date"),
    tickets.c.slot.is_not(None),
    tickets.c.kind == VisitKind.OFFICE.value,
)
_HAS_COME = tickets.c.arrived_at.is_not(None)
_ALIKE = Compiled(
    sa.select(
        tickets.c.slot,
        tickets.c.state,
        tickets.c.delay_minutes,
        sa.func.min(tickets.c.arrived_at, type_=Instant).label("arrived_at"),
        sa.func.count().label("visits"),
        sa.func.sum(tickets.c.party_size).label("people"),
    )
    .where(*_BOOKED)
    .group_by(tickets.c.slot, tickets.c.state, tickets.c.delay_minutes, _HAS_COME)
)
_OF_SLOT = Compiled(
    sa.select(*TICKET_COLUMNS)
    .where(*_BOOKED, tickets.c.slot == sa.bindparam("slot", type_=Instant))
    .order_by(tickets.c.id)
)


def count_alike(connection: Connection, office: str, day: date) -> list[Alike]:
    """The visits to the office that were booked for a day, whatever became of them, those together
    that are alike: one walk along the day, however often the live channel asks.
    """
    rows = _ALIKE.rows(connection, {"office": office, "date": day})
    return [
        Alike(
            row.slot,
            State(row.state),
            row.delay_minutes,
            row.arrived_at,
            int(row.visits),
            int(row.people),
        )
        for row in rows
    ]


def list_due(connection: Connection, office: str, day: date, slot: datetime) -> list[Ticket]:
    """The visits that were booked for one time of a day, in the order in which they were made."""
    rows = _OF_SLOT.rows(connection, {"office": office, "date": day, "slot": slot})
    return [ticket_from_row(row) for row in rows]
