"""What the guard is told of one ticket that is shown at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.door.steps import check_in_opens_at
from queue_server.domain.door.verdict import Verdict, judge_at_door
from queue_server.domain.errors import UnknownTicket
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.shown import local_time
from queue_server.store.writer import days as day_store

from .door_sight import list_first_outside


@dataclass(frozen=True)
class DoorTicket:
    """A ticket shown at the door.

    `opens_at` is when check-in opens (early), `date` the day of the visit.
    """

    id: str
    number: str | None
    status: str
    place: str | None
    party_size: int
    date: str
    verdict: Verdict
    starts_at: str | None = None
    opens_at: str | None = None


def view_door_ticket(
    connection: Connection, office: Office, ticket: Ticket, now: datetime
) -> DoorTicket:
    """Whether the party of a ticket may come in. Raises `UnknownTicket` for a ticket of another
    office.
    """
    if ticket.office != office.code:
        raise UnknownTicket(ticket=ticket.id)
    day = day_store.find(connection, office.code, ticket.date)
    opens_at = check_in_opens_at(ticket, office)
    verdict = judge_at_door(
        ticket,
        office,
        day.occupancy(office.people_limit),
        day.paused,
        next((each.id for each in list_first_outside(connection, office, day, now)), None),
        now,
    )
    return DoorTicket(
        id=ticket.id,
        number=ticket.number,
        status=ticket.state.value,
        place=ticket.place.value if ticket.place else None,
        party_size=ticket.party_size,
        date=ticket.date.isoformat(),
        verdict=verdict,
        starts_at=local_time(office, ticket.slot) if ticket.slot else None,
        opens_at=local_time(office, opens_at) if opens_at else None,
    )
