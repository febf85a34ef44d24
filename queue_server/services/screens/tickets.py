"""What the server shows of tickets and queues: frozen values with local times, ready for the edge.

`TicketView` and everything public is built from a `Ticket`, which has no personal data, so none can
leak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from queue_server.domain.booking.steps import visit_ends_at
from queue_server.domain.counter.reasons import Reason
from queue_server.domain.counter.steps import missed_from, recall_opens_at
from queue_server.domain.door.steps import check_in_opens_at
from queue_server.domain.door.verdict import Entry, tell_holder
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay, minutes_at
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.domain.waits.estimate import expect_wait, see_queue
from queue_server.protocol.messages import Slip, WaitRange
from queue_server.services.door.arrival import Arrived
from queue_server.services.shown import (
    Version,
    _local_or_none,
    counter_name,
    local_time,
    service_of,
    ticket_url,
)
from queue_server.store.counter import line
from queue_server.store.counter.notes import Note
from queue_server.store.writer.reader import Reader

from .last_told_waits import ShownWaits


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
class WhyView:
    """Why a waiting visitor is next or not yet; `code` is a `Why`. `counts` is the time that
    counts; `rival` the ticket compared with.
    """

    code: str
    counts: str
    ahead: int
    counters: tuple[str, ...]
    rival: str | None
    rival_turn: str | None
    wanted: str | None


@dataclass(frozen=True)
class NoteView:
    """A clerk's note on a ticket, for the staff of its office alone."""

    at: str
    clerk: str
    text: str


@dataclass(frozen=True)
class QueuedTicket:
    """A ticket as the clerks see it. `turn_basis` and `credit_minutes` explain the turn time, `why`
    the place in the line.

    One who is called may be called again from `recall_at` on, and after the last call be taken as
    not come from `missed_from` on. `evidence` is what was found of an urgent case's proof; None
    while nobody has looked. It and `notes` come with the queue alone. `wanted` is the counter or
    the clerk to whom the visitor was sent on; one who was and waits is offered to the counters
    `offered_to`, of those with somebody at them. None: to all that serve the stream.
    """

    id: str
    number: str
    status: str
    stream: str
    service: str
    service_name: Mapping[str, str]
    origin: str
    channel: str
    place: str | None
    party_size: int
    priority: bool
    language: str
    arrived_at: str
    turn_time: str
    turn_basis: str
    credit_minutes: int
    waited_minutes: int
    calls: int
    starts_at: str | None = None
    called_at: str | None = None
    started_at: str | None = None
    counter: str | None = None
    clerk: str | None = None
    recall_at: str | None = None
    missed_from: str | None = None
    why: WhyView | None = None
    evidence: str | None = None
    notes: tuple[NoteView, ...] = ()
    wanted: str | None = None
    offered_to: tuple[str, ...] | None = None


def wait_range(
    office: Office,
    day: OfficeDay,
    letter: str,
    now: datetime,
    *,
    ahead: int | None = None,
    shown: ShownWaits | None = None,
    ticket: str | None = None,
) -> WaitRange | None:
    """The wait shown to somebody with `ahead` visitors before (None: a newcomer), or None where
    nothing can be promised.

    Nothing can while the day stands still. From what the office has learnt of its waits, and from
    planned minutes before it has learnt any. Reads nothing. With `shown`, what was last told of the
    stream or the ticket is kept while neither end has moved by a step.
    """
    stream = day.stream(letter)
    position = 1 + (stream.waiting if ahead is None else ahead)
    sight = see_queue(
        stream.pace,
        stream.waiting,
        minutes_at(now),
        position=position,
        line=max(position, stream.waiting),
        hour=office.local(now).hour,
        counters=day.counters_serving(office, letter),
    )
    place = office.code, day.date.isoformat(), ticket or letter
    told = None if shown is None else shown.recall(place)
    found = (
        None
        if day.paused is not None
        else expect_wait(office.waits, letter, sight, office.mean_minutes(letter), told)
    )
    if shown is not None:
        shown.keep(place, found)
    return None if found is None else WaitRange(found.low, found.high)


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
        check_in_from=_local_or_none(office, check_in_opens_at(ticket, office.rules)),
        manage_url=ticket_url(public_url, ticket.code),
        entry=entry,
        drill=day.drill,
    )


def view_queued(
    office: Office,
    ticket: Ticket,
    now: datetime,
    reason: Reason | None = None,
    offered_to: tuple[str, ...] | None = None,
) -> QueuedTicket:
    """A ticket of a visitor who has come, as the clerks see it."""
    arrived_at = ticket.arrived_at or ticket.created_at
    turn_time = ticket.turn_time or arrived_at
    until = ticket.called_at or now
    return QueuedTicket(
        id=ticket.id,
        number=ticket.number or "",
        status=ticket.state.value,
        stream=ticket.letter,
        service=ticket.service,
        service_name=service_of(office, ticket.service).name,
        origin=ticket.origin.value,
        channel=ticket.channel.value,
        place=ticket.place.value if ticket.place else None,
        party_size=ticket.party_size,
        priority=ticket.priority,
        language=ticket.language,
        arrived_at=local_time(office, arrived_at),
        turn_time=local_time(office, turn_time),
        turn_basis=ticket.turn_basis.value if ticket.turn_basis else "arrival",
        credit_minutes=ticket.credit_minutes,
        waited_minutes=max(0, int((until - arrived_at).total_seconds() // 60)),
        calls=ticket.calls,
        starts_at=_local_or_none(office, ticket.slot),
        called_at=_local_or_none(office, ticket.called_at),
        started_at=_local_or_none(office, ticket.started_at),
        counter=ticket.counter,
        clerk=ticket.clerk,
        recall_at=_local_or_none(office, _whole_second(recall_opens_at(ticket, office.rules))),
        missed_from=_local_or_none(office, _whole_second(missed_from(ticket, office.rules))),
        why=None if reason is None else _view_why(office, reason),
        wanted=ticket.wanted_counter or ticket.wanted_clerk,
        offered_to=offered_to,
    )


def view_note(office: Office, note: Note) -> NoteView:
    """A clerk's note as colleagues of the office see it."""
    return NoteView(local_time(office, note.at), note.clerk, note.text)


def _whole_second(moment: datetime | None) -> datetime | None:
    """The next whole second: what may be done from then on must not be shown a part of a second too
    early.
    """
    return (
        None if moment is None else moment + timedelta(microseconds=-moment.microsecond % 1_000_000)
    )


def _view_why(office: Office, reason: Reason) -> WhyView:
    rival = reason.rival
    return WhyView(
        reason.why.value,
        local_time(office, reason.counts),
        reason.ahead,
        reason.counters,
        rival.number if rival else None,
        local_time(office, rival.turn_time) if rival else None,
        reason.wanted,
    )


def view_slip(
    office: Office,
    arrived: Arrived,
    public_url: str,
    now: datetime,
    shown: ShownWaits | None = None,
) -> Slip:
    """What the printer puts on paper for a visitor who has just come."""
    ticket = arrived.ticket
    service = service_of(office, ticket.service)
    wait = _wait_of_arrived(office, arrived, now, shown)
    return Slip(
        id=ticket.id,
        code=ticket.code,
        number=ticket.number or "",
        stream=ticket.letter,
        stream_name=_in_language(office.stream(ticket.letter).name, ticket.language),
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
    )


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
