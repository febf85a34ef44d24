"""Why those outside are outside, and who has stopped the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.door.admission import DoorSight, see_door
from queue_server.domain.events import EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.shown import local_time
from queue_server.store.counter import outside
from queue_server.store.visit import events as event_store

TOO_LARGE_SHOWN = 5


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
        waiting = list_first_outside(connection, office, day, now)
    if too_large is None:
        too_large = list_too_large(connection, office, day)
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
    stopped = event_store.find_last_of_type(connection, office.code, day.date, kind)
    if stopped is None:
        return None
    by, reason = str(stopped.facts.get("by", "")), str(stopped.facts.get("reason", ""))
    return DoorStop(
        by, reason, local_time(office, stopped.at), day.paused and day.paused.value, day.drill
    )


def list_first_outside(
    connection: Connection, office: Office, day: OfficeDay, now: datetime
) -> list[Ticket]:
    """The first party outside that the limit allows, if any is."""
    if day.parties_outside == 0:
        return []
    return outside.list_outside(connection, office.code, day.date, 1, office.people_limit, now)


def list_too_large(connection: Connection, office: Office, day: OfficeDay) -> list[Ticket]:
    """Parties outside that the room's limit does not allow, at most TOO_LARGE_SHOWN."""
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
