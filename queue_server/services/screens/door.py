"""What the guard at the door sees: persons inside, who may come in, and why nobody does. Numbers
only, no personal data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.door.admission import DoorSight, DoorState, see_door
from queue_server.domain.door.steps import check_in_opens_at
from queue_server.domain.door.verdict import Verdict, judge_at_door
from queue_server.domain.errors import UnknownTicket
from queue_server.domain.events import EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.over_limit import over_seconds
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.shown import Version, local_time
from queue_server.store.counter import at_counters, called, line, outside
from queue_server.store.door import sensors as count_store
from queue_server.store.visit import events as event_store
from queue_server.store.writer import days as day_store

from .day import list_just_let_in

NEXT_SHOWN = 20
INSIDE_SHOWN = 60
TOO_LARGE_SHOWN = 5
SERVED_SHOWN = 6
SERVED_MINUTES = 10
SERVED_LOOKED_AT = 30
VISIT_HOURS_MAX = 3


@dataclass(frozen=True)
class DoorParty:
    """A party at the door. `fits`: there is room to let it in by hand; only the first of those
    outside needs no reason for it.
    """

    id: str
    number: str
    party_size: int
    fits: bool
    arrived_at: str | None = None
    priority: bool = False


@dataclass(frozen=True)
class PartyInside:
    """A party with a ticket that is inside, since when. Who is at a counter (`counter`) is taken
    off the count there, not at the door.
    """

    id: str
    number: str
    party_size: int
    status: str
    since: str
    counter: str | None


@dataclass(frozen=True)
class PartyServed:
    """A party that was served a moment ago, and was taken off the count then."""

    id: str
    number: str
    party_size: int
    at: str


@dataclass(frozen=True)
class DoorStop:
    """Who has stopped the door or everything, when and why.

    `kind` is None while only the door is stopped, else a `Pause`; `drill`: the evacuation is
    practised.
    """

    by: str
    reason: str
    at: str
    kind: str | None = None
    drill: bool = False


@dataclass(frozen=True)
class DoorSensor:
    """A counting sensor heard today: persons inside by it alone, and when it spoke last."""

    sensor: str
    inside: int
    at: str


@dataclass(frozen=True)
class GuardDoor:
    """The whole door. `inside` is the larger of `counted` (tickets and corrections) and `sensed`
    (sensors, None without any).

    `next` is in call order, at most NEXT_SHOWN of `outside` parties; `entered` are those just let
    in; `inside_waiting` those inside who are not called yet or are set aside; `too_large` parties
    outside that the room's limit does not allow. `state` is a `DoorState`, `waits_for` the number
    of the party that the door waits for.

    `over` persons more than the limit allows are inside, and were for `over_minutes` of today.
    `without_ticket` of those counted have no ticket; `inside_parties` have one, who came in first
    comes first, at most INSIDE_SHOWN; `served` were taken off just now.
    """

    office: str
    date: str
    version: Version
    sent_at: str
    build: str
    open: bool
    closes_at: str | None
    inside: int
    limit: int | None
    counted: int
    ticketed: int
    sensed: int | None
    state: str
    waits_for: str | None
    admitting: bool
    stop: DoorStop | None
    outside: int
    next: tuple[DoorParty, ...]
    entered: tuple[DoorParty, ...]
    inside_waiting: tuple[DoorParty, ...]
    too_large: tuple[DoorParty, ...]
    sensors: tuple[DoorSensor, ...]
    over: int
    over_minutes: int
    without_ticket: int
    inside_parties: tuple[PartyInside, ...]
    served: tuple[PartyServed, ...]


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


def view_guard_door(connection: Connection, office: Office, now: datetime, build: str) -> GuardDoor:
    """The door as it stands."""
    day = day_store.find(connection, office.code, office.date_at(now))
    limit, occupancy, is_open = (
        office.people_limit,
        day.occupancy(office.people_limit),
        office.is_open(now),
    )
    waiting = (
        outside.list_outside(connection, office.code, day.date, NEXT_SHOWN, limit)
        if day.parties_outside
        else []
    )
    too_large = _too_large(connection, office, day)
    sight = see_office_door(connection, office, day, now, waiting=waiting, too_large=too_large)
    closes = office.closes_at(now)

    def show(ticket: Ticket) -> DoorParty:
        return DoorParty(
            ticket.id,
            ticket.number or "",
            ticket.party_size,
            occupancy.fits(ticket.party_size),
            local_time(office, ticket.arrived_at) if ticket.arrived_at else None,
            ticket.priority,
        )

    entered = list_just_let_in(connection, office, day, now)
    waiting_inside = (
        line.list_inside(connection, office.code, day.date, INSIDE_SHOWN) if day.waiting else []
    )
    called = at_counters.list_at_counters(connection, office.code, day.date)
    inside = waiting_inside + [each for each in called if each.state is State.PARKED]
    counts = (
        count_store.list_on(connection, office.code, day.date) if day.sensed is not None else []
    )
    return GuardDoor(
        office=office.code,
        date=day.date.isoformat(),
        version=(day.date.isoformat(), day.seq),
        sent_at=local_time(office, now),
        build=build,
        open=is_open,
        closes_at=local_time(office, closes) if is_open and closes else None,
        inside=occupancy.inside,
        limit=limit,
        counted=day.persons_inside + day.correction,
        ticketed=day.persons_inside,
        sensed=day.sensed,
        state=sight.state.value,
        waits_for=_number_of(sight, [*waiting, *too_large]),
        admitting=day.admitting,
        stop=find_stop(connection, office, day),
        outside=day.parties_outside,
        next=tuple(show(each) for each in waiting),
        entered=tuple(DoorParty(row.id, row.number, row.party_size, False) for row in entered),
        inside_waiting=tuple(show(each) for each in inside),
        too_large=tuple(show(each) for each in too_large),
        sensors=tuple(
            DoorSensor(each.sensor, each.inside, local_time(office, each.last.at))
            for each in counts
        ),
        over=occupancy.over,
        over_minutes=over_seconds(day, office, now) // 60,
        without_ticket=day.correction,
        inside_parties=_view_inside(office, waiting_inside + called),
        served=_view_served(connection, office, day, now),
    )


def _view_inside(office: Office, inside: list[Ticket]) -> tuple[PartyInside, ...]:
    """Who has been inside longest stands first: most often they are the ones who go."""
    since = {each.id: each.admitted_at or each.arrived_at or each.created_at for each in inside}
    return tuple(
        PartyInside(
            each.id,
            each.number or "",
            each.party_size,
            each.state.value,
            local_time(office, since[each.id]),
            each.counter if each.state in (State.CALLED, State.SERVING) else None,
        )
        for each in sorted(inside, key=lambda each: (since[each.id], each.id))[:INSIDE_SHOWN]
    )


def _view_served(
    connection: Connection, office: Office, day: OfficeDay, now: datetime
) -> tuple[PartyServed, ...]:
    since = now - timedelta(hours=VISIT_HOURS_MAX)
    found = called.list_served(connection, office.code, day.date, since, SERVED_LOOKED_AT)
    recent = [
        (each.ended_at, each)
        for each in found
        if each.ended_at and now - each.ended_at <= timedelta(minutes=SERVED_MINUTES)
    ]
    newest = sorted(recent, key=lambda each: each[0], reverse=True)[:SERVED_SHOWN]
    return tuple(
        PartyServed(each.id, each.number or "", each.party_size, local_time(office, ended))
        for ended, each in newest
    )


def see_office_door(
    connection: Connection,
    office: Office,
    day: OfficeDay,
    now: datetime,
    *,
    waiting: list[Ticket] | None = None,
    too_large: list[Ticket] | None = None,
) -> DoorSight:
    """Why those outside are outside; whoever has read them already hands them in."""
    if waiting is None:
        waiting = _first_outside(connection, office, day)
    if too_large is None:
        too_large = _too_large(connection, office, day)
    return see_door(
        _candidate(waiting),
        _candidate(too_large),
        day.occupancy(office.people_limit),
        open=office.is_open(now),
    )


def find_stop(connection: Connection, office: Office, day: OfficeDay) -> DoorStop | None:
    """Who has stopped the door, or everything; None while nobody has."""
    if day.admitting and day.paused is None:
        return None
    kind = EventType.ADMISSIONS_STOPPED if day.paused is None else EventType.SERVICE_PAUSED
    found = event_store.find_last_of_type(connection, office.code, day.date, kind)
    if found is None:
        return None
    by, reason = str(found.facts.get("by", "")), str(found.facts.get("reason", ""))
    return DoorStop(
        by, reason, local_time(office, found.at), day.paused and day.paused.value, day.drill
    )


def view_door_ticket(
    connection: Connection, office: Office, ticket: Ticket, now: datetime
) -> DoorTicket:
    """Whether the party of a ticket may come in. Raises `UnknownTicket` for a ticket of another
    office.
    """
    if ticket.office != office.code:
        raise UnknownTicket(ticket=ticket.id)
    day = day_store.find(connection, office.code, ticket.date)
    opens_at = check_in_opens_at(ticket, office.rules)
    verdict = judge_at_door(
        ticket,
        office.rules,
        day.occupancy(office.people_limit),
        day.paused,
        next((each.id for each in _first_outside(connection, office, day)), None),
        office.date_at(now),
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


def _first_outside(connection: Connection, office: Office, day: OfficeDay) -> list[Ticket]:
    """The first party outside that the limit allows, if any is."""
    if day.parties_outside == 0:
        return []
    return outside.list_outside(connection, office.code, day.date, 1, office.people_limit)


def _too_large(connection: Connection, office: Office, day: OfficeDay) -> list[Ticket]:
    if office.people_limit is None or day.parties_outside == 0:
        return []
    return outside.list_too_large(
        connection, office.code, day.date, TOO_LARGE_SHOWN, office.people_limit
    )


def _candidate(waiting: list[Ticket]) -> Candidate | None:
    first = next(iter(waiting), None)
    if first is None or first.turn_time is None:
        return None
    return Candidate(first.turn_time, first.id, first.letter, first.party_size, False)


def _number_of(sight: DoorSight, known: list[Ticket]) -> str | None:
    if sight.party is None or sight.state not in (DoorState.PARTY_WAITS, DoorState.TOO_LARGE):
        return None
    return next((each.number for each in known if each.id == sight.party.ticket), None)
