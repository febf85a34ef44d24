"""What the holder of a ticket sees of it: frozen values with local times, ready for the edge.

`TicketView` is built from a `Ticket`, which has no personal data, so none can leak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.booking.moving import moved_from
from queue_server.domain.booking.steps import visit_ends_at
from queue_server.domain.counter.remote import is_meeting_open
from queue_server.domain.door.delay import expected_at
from queue_server.domain.door.steps import check_in_opens_at, return_closes_at
from queue_server.domain.door.verdict import Entry, tell_holder
from queue_server.domain.events import EventType, last_fact
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.ticket import Channel, Place, Ticket, is_away
from queue_server.domain.visit.transitions import State
from queue_server.domain.waits.leaving import be_there_at
from queue_server.protocol.messages import WaitRange
from queue_server.services.shown import (
    Version,
    _local_or_none,
    counter_name,
    service_of,
    ticket_url,
)
from queue_server.services.visit.voiding import find_void
from queue_server.store.counter import line
from queue_server.store.counter import remote as remote_store
from queue_server.store.visit import events as event_store
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction

from .last_told_waits import ShownWaits
from .lobby import LastCalls, NumberCalled
from .waits import wait_range, why_no_wait


@dataclass(frozen=True)
class TicketView:
    """A ticket as its holder sees it. `ahead` and `wait` are given while waiting.

    `entry` is what the door says to one who has come; None for one who is inside anyhow.
    `drill`: an evacuation is practised. `no_wait` is why a waiting visitor is given no `wait`: a
    `Pause` or a `NoRange`. `be_there_at`: when to be at the office at the earliest, for one who is
    not inside. `called` are the numbers called last, of the ticket's stream if any were.
    `delay_minutes`: by how much a booked visitor has said to come later. `away_until` is set while
    a visitor has stepped away; `return_until` while one who missed the call may still come back.
    `visit` is the kind of visit; `meeting_url` where one by video meets, as long as it lasts.
    `voided`: it was cancelled because the card shown was another person's.
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
    no_wait: str | None = None
    be_there_at: str | None = None
    called: tuple[NumberCalled, ...] = ()
    delay_minutes: int | None = None
    away_until: str | None = None
    return_until: str | None = None
    visit: str = VisitKind.OFFICE.value
    meeting_url: str | None = None
    voided: bool = False


CALLED_SHOWN = 3
FOLLOWING_STATES = frozenset({State.BOOKED, State.WAITING, State.CALLED})
"""States in which a visitor wants to know which numbers are called."""


@dataclass(frozen=True)
class TicketPast:
    """What the log tells of a visit: the time that it had before its present one, and the coded
    reason why it is urgent; and where one by video meets now.
    """

    moved_from: str | None = None
    urgency: str | None = None
    meeting_url: str | None = None


_TELLING = (
    EventType.HELD,
    EventType.BOOKED,
    EventType.CONFIRMED,
    EventType.WALKED_IN,
    EventType.MADE_URGENT,
    EventType.RESCHEDULED,
)


def view_past(reader: Reader, office: Office, ticket: Ticket) -> TicketPast:
    """What the log tells of a visit, as its holder may read it."""
    told = event_store.list_of_tickets(reader, office.code, [ticket.id], _TELLING)
    is_urgent = ticket.channel is Channel.URGENT
    return TicketPast(
        moved_from=_local_or_none(office, moved_from(ticket, told)),
        urgency=last_fact(told, "urgency") if is_urgent else None,
        meeting_url=_meeting_url(reader, office, ticket),
    )


def view_ticket(
    reader: Reader,
    office: Office,
    day: OfficeDay,
    ticket: Ticket,
    public_url: str,
    now: datetime | None,
    shown: ShownWaits | None = None,
    calls: LastCalls | None = None,
) -> TicketView:
    """A ticket as its holder sees it at `now`; None gives no wait. Without `calls` no numbers that
    were called.
    """
    ahead = None
    if ticket.state is State.WAITING:
        ahead = max(0, day.stream(ticket.letter).waiting - 1 - line.count_behind(reader, ticket))
    wait = no_wait = None
    if ahead is not None and now is not None:
        wait = wait_range(
            office, day, ticket.letter, now, ahead=ahead, shown=shown, ticket=ticket.id
        )
        if wait is None:
            no_wait = why_no_wait(office, day, ticket.letter, now, ahead=ahead)
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
        wait=wait,
        counter=counter_name(office, ticket.counter) if ticket.counter else None,
        calls=ticket.calls,
        check_in_from=_local_or_none(office, check_in_opens_at(ticket, office)),
        manage_url=ticket_url(public_url, ticket.code),
        entry=entry,
        drill=day.drill,
        no_wait=no_wait,
        be_there_at=_local_or_none(office, _be_there_at(office, ticket, wait, now)),
        called=_list_called(reader, office, day, ticket, now, calls),
        delay_minutes=ticket.delay_minutes if ticket.state is State.BOOKED else None,
        away_until=_local_or_none(office, ticket.away_until)
        if now is None or is_away(ticket, now)
        else None,
        return_until=_local_or_none(office, _return_until(office, ticket, now)),
        visit=ticket.kind.value,
        meeting_url=_meeting_url(reader, office, ticket),
        voided=find_void(reader, ticket) is not None,
    )


def _meeting_url(reader: Reader, office: Office, ticket: Ticket) -> str | None:
    if not is_meeting_open(ticket):
        return None
    meeting = remote_store.find_meeting(reader, office.code, ticket.id)
    return None if meeting is None else meeting.url


def _be_there_at(
    office: Office, ticket: Ticket, wait: WaitRange | None, now: datetime | None
) -> datetime | None:
    """When the holder should be at the office: when check-in opens or when they have said to come,
    or when the call may come at the earliest. None for a visit from home, for one who is inside a
    room with a limit (its door counts them), was let in or is away, and where nothing is known.
    """
    if ticket.kind.is_remote:
        return None
    if ticket.state is State.BOOKED and ticket.slot is not None:
        come_at = check_in_opens_at(ticket, office)
        if ticket.delay_minutes is not None:
            come_at = expected_at(ticket)
        assert come_at is not None, "a visit with a time has both"
        return be_there_at(come_at, office.opens_at(ticket.date))
    is_counted_inside = ticket.place is Place.INSIDE and office.people_limit is not None
    if wait is None or now is None or is_counted_inside or ticket.admitted_at is not None:
        return None
    if is_away(ticket, now):
        return None
    return be_there_at(now + timedelta(minutes=wait.low), office.opens_at(office.date_at(now)))


def _return_until(office: Office, ticket: Ticket, now: datetime | None) -> datetime | None:
    if now is None or ticket.number is None:
        return None
    until = return_closes_at(ticket, office.rules)
    return (
        until if until is not None and now <= until and office.date_at(now) == ticket.date else None
    )


def _list_called(
    reader: Reader,
    office: Office,
    day: OfficeDay,
    ticket: Ticket,
    now: datetime | None,
    calls: LastCalls | None,
) -> tuple[NumberCalled, ...]:
    if calls is None or now is None or ticket.state not in FOLLOWING_STATES:
        return ()
    if ticket.kind.is_remote:
        return ()
    if ticket.date != office.date_at(now) or isinstance(reader, Transaction):
        return ()
    newest = calls.recall(reader, office, day)
    own = [each for each in newest if each.number.startswith(ticket.letter)]
    return tuple((own or newest)[:CALLED_SHOWN])
