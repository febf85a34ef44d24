"""What the printer puts on paper for a visitor who has just come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from queue_server.domain.booking.steps import visit_ends_at
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.protocol.messages import Slip, WaitRange
from queue_server.services.door.arrival import Arrived
from queue_server.services.shown import (
    _local_or_none,
    local_time,
    service_of,
    stream_of,
    ticket_url,
)
from queue_server.store.writer.reader import Reader

from .last_told_waits import ShownWaits
from .tickets import view_past
from .waits import wait_range


def view_slip(
    reader: Reader,
    office: Office,
    arrived: Arrived,
    public_url: str,
    now: datetime,
    shown: ShownWaits | None = None,
) -> Slip:
    """What the printer puts on paper for a visitor who has just come. `urgency` is a code as yet;
    the edge has its words.
    """
    ticket = arrived.ticket
    service = service_of(office, ticket.service)
    wait = _wait_of_arrived(office, arrived, now, shown)
    return Slip(
        id=ticket.id,
        code=ticket.code,
        number=ticket.number or "",
        stream=ticket.letter,
        stream_name=_in_language(stream_of(office, ticket.letter).name, ticket.language),
        office=office.code,
        office_name=office.name,
        service=ticket.service,
        service_name=_in_language(service.name, ticket.language),
        issued_at=local_time(office, ticket.arrived_at or ticket.created_at),
        place=ticket.place.value if ticket.place else "",
        url=ticket_url(public_url, ticket.code),
        language=ticket.language,
        party_size=ticket.party_size,
        ahead=arrived.ahead,
        wait=wait,
        starts_at=_local_or_none(office, ticket.slot),
        ends_at=_local_or_none(office, visit_ends_at(ticket, office, service)),
        checked_in_at=_local_or_none(office, ticket.arrived_at) if ticket.slot else None,
        repeated=arrived.repeated,
        urgency=_urgency_of(reader, office, ticket),
        header=_in_language(office.slip.header, ticket.language),
        footer=_in_language(office.slip.footer, ticket.language),
        logo=office.slip.logo,
    )


def view_ordered_slip(
    reader: Reader, office: Office, ticket: Ticket, copy: int, public_url: str
) -> Slip:
    """What the printer puts on paper for a visit whose slip was ordered: of a booking when to come
    and what to bring. How long the wait is changes too fast to be printed once more. `urgency` is a
    code as yet.
    """
    service = service_of(office, ticket.service)
    return Slip(
        id=ticket.id,
        code=ticket.code,
        number=ticket.number or "",
        stream=ticket.letter,
        stream_name=_in_language(stream_of(office, ticket.letter).name, ticket.language),
        office=office.code,
        office_name=office.name,
        service=ticket.service,
        service_name=_in_language(service.name, ticket.language),
        issued_at=local_time(office, ticket.arrived_at or ticket.created_at),
        place=ticket.place.value if ticket.place else "",
        url=ticket_url(public_url, ticket.code),
        language=ticket.language,
        party_size=ticket.party_size,
        starts_at=_local_or_none(office, ticket.slot),
        ends_at=_local_or_none(office, visit_ends_at(ticket, office, service)),
        checked_in_at=_local_or_none(office, ticket.arrived_at) if ticket.slot else None,
        copy=copy,
        bring=_in_language(service.requirements, ticket.language) if not ticket.number else "",
        urgency=_urgency_of(reader, office, ticket),
        header=_in_language(office.slip.header, ticket.language),
        footer=_in_language(office.slip.footer, ticket.language),
        logo=office.slip.logo,
    )


def _urgency_of(reader: Reader, office: Office, ticket: Ticket) -> str:
    if ticket.channel is not Channel.URGENT:
        return ""
    return view_past(reader, office, ticket).urgency or ""


def _wait_of_arrived(
    office: Office, arrived: Arrived, now: datetime, shown: ShownWaits | None
) -> WaitRange | None:
    """The wait of a visitor who has just come. Who stands last is told what every screen says of
    the stream at that moment.

    The ticket's page then goes on from the range on the slip.
    """
    ticket, day = arrived.ticket, arrived.day
    if shown is None or arrived.ahead != day.stream(ticket.letter).waiting:
        return wait_range(
            office, day, ticket.letter, now, ahead=arrived.ahead, shown=shown, ticket=ticket.id
        )
    wait = wait_range(office, day, ticket.letter, now, shown=shown)
    shown.keep(
        (office.code, day.date.isoformat(), ticket.id),
        shown.recall((office.code, day.date.isoformat(), ticket.letter)),
    )
    return wait


def _in_language(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get("id") or next(iter(words.values()), "")
