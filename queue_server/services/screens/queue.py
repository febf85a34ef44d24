"""What the clerks see: the whole queue, and why each is next or not yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.counter.call_order import StaffedCounter, counters_offered, staffed_by
from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.counter.pass_over import room_for_calls
from queue_server.domain.counter.ratio import ratio_of
from queue_server.domain.counter.reasons import Reason, candidate_of, explain_line
from queue_server.domain.door.admission import is_too_large
from queue_server.domain.office.office import Counter, Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.ticket import Channel, Place, Ticket, is_away
from queue_server.domain.visit.transitions import State
from queue_server.protocol.messages import WaitRange
from queue_server.services.counter.remarks import find_evidence, list_notes
from queue_server.services.shown import Version, local_time
from queue_server.store.counter import at_counters, called, let_in, line
from queue_server.store.counter import counters as counter_store
from queue_server.store.counter.counters import CounterDay
from queue_server.store.visit.needs import list_needing

from .day import read_day, version_of
from .door_sight import DoorStop, find_stop, see_office_door
from .last_told_waits import ShownWaits
from .queued import QueuedTicket, view_note, view_queued
from .waits import wait_range

QUEUE_SHOWN = 500
MISSED_SHOWN = 20


@dataclass(frozen=True)
class QueueCounter:
    """A counter as the clerks see it: `open`, `break` or `closed`, since when, and why. `clerk`
    None means closed. A `remote` one is worked from home.
    """

    id: str
    name: str
    letters: tuple[str, ...]
    clerk: str | None
    state: str = "closed"
    since: str | None = None
    because: str | None = None
    remote: bool = False


@dataclass(frozen=True)
class QueueStream:
    """A stream as the clerks see it."""

    letter: str
    name: Mapping[str, str]
    waiting: int
    counters_open: int
    wait: WaitRange | None


@dataclass(frozen=True)
class Queue:
    """Everything the front desk works with. `waiting` is in call order, at most QUEUE_SHOWN;
    `waiting_total` counts all.

    `missed` are those who did not come when called and may still return. `door` is a `DoorState`:
    why those outside are outside; `stop` who has stopped it. `over` persons more than the limit
    allows are inside.
    """

    office: str
    date: str
    version: Version
    sent_at: str
    build: str
    mode: str
    open: bool
    inside: int
    limit: int | None
    waiting_total: int
    outside: int
    counters: tuple[QueueCounter, ...]
    streams: tuple[QueueStream, ...]
    waiting: tuple[QueuedTicket, ...]
    called: tuple[QueuedTicket, ...]
    serving: tuple[QueuedTicket, ...]
    parked: tuple[QueuedTicket, ...]
    missed: tuple[QueuedTicket, ...]
    door: str
    stop: DoorStop | None
    over: int


def view_queue(
    connection: Connection,
    office: Office,
    now: datetime,
    build: str,
    shown: ShownWaits | None = None,
) -> Queue:
    """The front desk's picture. `shown` is what was told of waits before."""
    day = read_day(connection, office, now)
    present = [
        view_queued(office, each, now)
        for each in at_counters.list_at_counters(connection, office.code, day.date)
    ]
    waiting = line.list_waiting(connection, office.code, day.date, QUEUE_SHOWN)
    since = now - timedelta(minutes=office.rules.calling.return_minutes)
    missed = called.list_missed_calls(connection, office.code, day.date, since, MISSED_SHOWN)
    counters = counter_store.list_days(connection, office.code, day.date)
    first = first_outside(office, waiting, now)
    before = let_in.let_in_before(connection, office.code, day.date, first) if first else None
    reasons = explain_waiting(office, day, waiting, counters, now, before)

    def in_state(state: State) -> tuple[QueuedTicket, ...]:
        return tuple(each for each in present if each.status == state.value)

    queue = Queue(
        office=office.code,
        date=day.date.isoformat(),
        version=version_of(day),
        sent_at=local_time(office, now),
        build=build,
        mode=office.mode_at(now).value,
        open=office.is_open(now),
        inside=day.occupancy(office.people_limit).inside,
        limit=office.people_limit,
        waiting_total=day.waiting,
        outside=day.parties_outside,
        counters=tuple(
            _view_counter(office, each, counters.get(each.id, counter_store.CLOSED))
            for each in day.counters(office)
        ),
        streams=tuple(
            QueueStream(
                each.letter,
                each.name,
                day.stream(each.letter).waiting,
                day.counters_serving(office, each.letter),
                wait_range(office, day, each.letter, now, shown=shown),
            )
            for each in office.streams
        ),
        waiting=tuple(
            view_queued(
                office, each, now, reasons[each.id], _offered_to(office, day, each, counters, now)
            )
            for each in waiting
        ),
        called=in_state(State.CALLED),
        serving=in_state(State.SERVING),
        parked=in_state(State.PARKED),
        missed=tuple(view_queued(office, each, now) for each in missed),
        door=see_office_door(connection, office, day, now).state.value,
        stop=find_stop(connection, office, day),
        over=day.occupancy(office.people_limit).over,
    )
    return _with_remarks(connection, office, day, queue)


def _with_remarks(connection: Connection, office: Office, day: OfficeDay, queue: Queue) -> Queue:
    """The queue with what clerks and visitors have said beside the ticket: proofs, notes, and help
    that is needed.
    """
    urgent = Channel.URGENT.value
    lines = (queue.waiting, queue.called, queue.serving, queue.parked)
    notes = list_notes(connection, office.code, day.date)
    evidence = find_evidence(
        connection,
        office.code,
        [each.id for line in lines for each in line if each.channel == urgent],
    )
    needing = list_needing(connection, office.code)
    if not notes and not evidence and not needing:
        return queue

    def remarks_on(each: QueuedTicket) -> QueuedTicket:
        needs, represented = needing.get(each.id, ((), False))
        return replace(
            each,
            evidence=evidence.get(each.id),
            notes=tuple(view_note(office, note) for note in notes.get(each.id, ())),
            needs=needs,
            represented=represented,
        )

    def remarked(line: tuple[QueuedTicket, ...]) -> tuple[QueuedTicket, ...]:
        return tuple(map(remarks_on, line))

    waiting, called, serving, parked = (remarked(line) for line in lines)
    return replace(queue, waiting=waiting, called=called, serving=serving, parked=parked)


def first_outside(office: Office, waiting: Sequence[Ticket], now: datetime) -> Candidate | None:
    """Of those waiting, given in call order, the first party outside that the limit allows and that
    is not away.
    """
    outside = (
        each
        for each in waiting
        if each.place is Place.OUTSIDE
        and not is_too_large(each.party_size, office.people_limit)
        and not is_away(each, now)
    )
    return next((candidate_of(each, now) for each in outside), None)


def explain_waiting(
    office: Office,
    day: OfficeDay,
    waiting: Sequence[Ticket],
    counters: Mapping[str, CounterDay],
    now: datetime,
    let_in_before: datetime | None = None,
) -> dict[str, Reason]:
    """Why each of those waiting, given in call order, is next or not yet.

    `let_in_before`: when the last of those went in who had stood before the first party outside.
    """
    occupancy = room_for_calls(
        day.occupancy(office.people_limit),
        first_outside(office, waiting, now),
        let_in_before,
        office.rules,
        now,
    )
    staffed = _staffed(counters)
    open_counters = [
        each
        for each in _staffed_counters(office, day, staffed)
        if counters[each.id].break_since is None
    ]
    return explain_line(waiting, open_counters, staffed, occupancy, now, ratio_of(office, day))


def _staffed(counters: Mapping[str, CounterDay]) -> dict[str, str]:
    """The clerk of each counter that has one."""
    return {id: each.clerk for id, each in counters.items() if each.clerk is not None}


def _staffed_counters(
    office: Office, day: OfficeDay, staffed: Mapping[str, str]
) -> list[StaffedCounter]:
    """The counters with somebody at them, those on break too."""
    return [
        staffed_by(each, staffed[each.id]) for each in day.counters(office) if each.id in staffed
    ]


def _offered_to(
    office: Office,
    day: OfficeDay,
    ticket: Ticket,
    counters: Mapping[str, CounterDay],
    now: datetime,
) -> tuple[str, ...] | None:
    """The counters to which one who was sent on is offered; None for those who were not."""
    if ticket.wanted is None:
        return None
    staffed = _staffed(counters)
    return counters_offered(
        candidate_of(ticket, now), _staffed_counters(office, day, staffed), staffed
    )


def _view_counter(office: Office, counter: Counter, today: CounterDay) -> QueueCounter:
    state, since = (
        ("break", today.break_since) if today.break_since is not None else ("open", today.opened_at)
    )
    if today.clerk is None:
        state = "closed"
    return QueueCounter(
        counter.id,
        counter.name,
        counter.letters,
        today.clerk,
        state,
        local_time(office, since) if since else None,
        today.reason,
        counter.remote,
    )
