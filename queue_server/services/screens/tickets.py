"""What the holder of a ticket sees of it: frozen values with local times, ready for the edge.

`TicketView` is built from a `Ticket`, which has no personal data, so none can leak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.booking.moving import moved_from
from queue_server.domain.booking.steps import visit_ends_at
from queue_server.domain.door.steps import check_in_opens_at
from queue_server.domain.door.verdict import Entry, tell_holder
from queue_server.domain.events import EventType, last_fact
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.protocol.messages import WaitRange
from queue_server.services.shown import (
    Version,
    _local_or_none,
    counter_name,
    service_of,
    ticket_url,
)
from queue_server.store.counter import line
from queue_server.store.visit import events as event_store
from queue_server.store.writer.reader import Reader

from .last_told_waits import ShownWaits
from .waits import wait_range


@dataclass(frozen=True)
class TicketView:
    """A ticket as its holder sees it. `ahead` and `wait` are given while waiting.

    `entry` is what the door says to one who has come; None for one who is inside anyhow.
    `drill`: an evacuation is practised.
    """

    version: Version
    code: str
    status: str
    office: str
    office_name: str
    service: str
    service_name: Mapping[str, str]
    date: str
    party_size: int
    number: str | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    expires_at: str | None = None
    place: str | None = None
    ahead: int | None = None
    wait: WaitRange | None = None
    counter: str | None = None
    calls: int = 0
    check_in_from: str | None = None
    manage_url: str = ""
    entry: Entry | None = None
    drill: bool = False


@dataclass(frozen=True)
class TicketPast:
    """What the log tells of a visit: the time that it had before its present one, and the coded
    reason why it is urgent.
    """

    moved_from: str | None = None
    urgency: str | None = None


_TELLING = (
    EventType.HELD,
    EventType.BOOKED,
    EventType.CONFIRMED,
    EventType.WALKED_IN,
    EventType.MADE_URGENT,
    EventType.RESCHEDULED,
)


def view_past(connection: Connection, office: Office, ticket: Ticket) -> TicketPast:
    """What the log tells of a visit, as its holder may read it."""
    told = event_store.list_of_tickets(connection, office.code, [ticket.id], _TELLING)
    is_urgent = ticket.channel is Channel.URGENT
    return TicketPast(
        moved_from=_local_or_none(office, moved_from(ticket, told)),
        urgency=last_fact(told, "urgency") if is_urgent else None,
    )


def view_ticket(
    reader: Reader,
    office: Office,
    day: OfficeDay,
    ticket: Ticket,
    public_url: str,
    now: datetime | None,
    shown: ShownWaits | None = None,
) -> TicketView:
    """A ticket as its holder sees it at `now`; None gives no wait."""
    ahead = None
    if ticket.state is State.WAITING:
        ahead = max(0, day.stream(ticket.letter).waiting - 1 - line.count_behind(reader, ticket))
    service = service_of(office, ticket.service)
    entry = tell_holder(ticket, office.people_limit, day.paused, admitting=day.admitting)
    return TicketView(
        version=(ticket.date.isoformat(), day.seq),
        code=ticket.code,
        status=ticket.state.value,
        office=office.code,
        office_name=office.name,
        service=ticket.service,
        service_name=service.name,
        date=ticket.date.isoformat(),
        party_size=ticket.party_size,
        number=ticket.number,
        starts_at=_local_or_none(office, ticket.slot),
        ends_at=_local_or_none(office, visit_ends_at(ticket, office, service)),
        expires_at=_local_or_none(office, ticket.expires_at),
        place=ticket.place.value if ticket.place else None,
        ahead=ahead,
        wait=None
        if ahead is None or now is None
        else wait_range(
            office, day, ticket.letter, now, ahead=ahead, shown=shown, ticket=ticket.id
        ),
        counter=counter_name(office, ticket.counter) if ticket.counter else None,
        calls=ticket.calls,
        check_in_from=_local_or_none(office, check_in_opens_at(ticket, office)),
        manage_url=ticket_url(public_url, ticket.code),
        entry=entry,
        drill=day.drill,
    )
