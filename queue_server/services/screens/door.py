"""What the guard and the devices at the door see: persons inside, who may come in, and why nobody
does. Numbers only, no personal data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.door.admission import DoorSight, DoorState
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.over_limit import over_seconds
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.shown import Version, local_time
from queue_server.store.counter import at_counters, called, line, outside
from queue_server.store.door import sensors as count_store
from queue_server.store.writer import days as day_store

from .day import list_entering, list_just_let_in, read_day, version_of
from .door_sight import DoorStop, find_stop, list_too_large, see_office_door

NEXT_SHOWN = 20
INSIDE_SHOWN = 60
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
class Door:
    """What a device at the door may know: persons inside, and who has just been let in. The guard
    sees `GuardDoor`.
    """

    office: str
    date: str
    version: Version
    sent_at: str
    build: str
    inside: int
    limit: int | None
    outside: int
    entering: tuple[str, ...]
    over: int


def view_guard_door(connection: Connection, office: Office, now: datetime, build: str) -> GuardDoor:
    """The door as it stands."""
    day = day_store.find(connection, office.code, office.date_at(now))
    limit, occupancy, is_open = (
        office.people_limit,
        day.occupancy(office.people_limit),
        office.is_open(now),
    )
    waiting = (
        outside.list_outside(connection, office.code, day.date, NEXT_SHOWN, limit, now)
        if day.parties_outside
        else []
    )
    too_large = list_too_large(connection, office, day)
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
    with_clerk = at_counters.list_at_counters(connection, office.code, day.date)
    inside = waiting_inside + [each for each in with_clerk if each.state is State.PARKED]
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
        inside_parties=_view_inside(office, waiting_inside + with_clerk),
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
    served = called.list_served(connection, office.code, day.date, since, SERVED_LOOKED_AT)
    recent = [
        (each.ended_at, each)
        for each in served
        if each.ended_at and now - each.ended_at <= timedelta(minutes=SERVED_MINUTES)
    ]
    newest = sorted(recent, key=lambda each: each[0], reverse=True)[:SERVED_SHOWN]
    return tuple(
        PartyServed(each.id, each.number or "", each.party_size, local_time(office, ended))
        for ended, each in newest
    )


def _number_of(sight: DoorSight, known: list[Ticket]) -> str | None:
    if sight.party is None or sight.state not in (DoorState.PARTY_WAITS, DoorState.TOO_LARGE):
        return None
    return next((each.number for each in known if each.id == sight.party.ticket), None)


def view_door(connection: Connection, office: Office, now: datetime, build: str) -> Door:
    """The door's picture."""
    day = read_day(connection, office, now)
    return Door(
        office=office.code,
        date=day.date.isoformat(),
        version=version_of(day),
        sent_at=local_time(office, now),
        build=build,
        inside=day.occupancy(office.people_limit).inside,
        limit=office.people_limit,
        outside=day.parties_outside,
        entering=list_entering(connection, office, day, now),
        over=day.occupancy(office.people_limit).over,
    )
