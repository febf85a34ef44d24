"""What stands beside the reception's work: who is expected, the queue, the printers. Figures only,
nothing personal; the bookings of one time are asked for by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.booking.slots import slot_id
from queue_server.domain.door.expected import (
    COUNTED_STATES,
    DueSlot,
    choose_due,
    count_due,
    judge_attendance,
)
from queue_server.domain.office.devices.health import (
    Hearing,
    PrinterCode,
    can_print,
    judge_hearing,
    read_printer,
)
from queue_server.domain.office.office import Office
from queue_server.protocol.messages import WaitRange
from queue_server.services.screens.day import read_day, version_of
from queue_server.services.screens.last_told_waits import ShownWaits
from queue_server.services.screens.waits import wait_range
from queue_server.services.shown import Version, _local_or_none, local_time, service_of
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.counter import line
from queue_server.store.visit import due as due_store


@dataclass(frozen=True)
class ExpectedSlot:
    """The bookings of one time: how many visits and persons are booked, how many have come, and how
    many are late: `late` keep their turn, `too_late` do not.
    """

    slot: str
    starts_at: str
    bookings: int
    people: int
    present: int
    present_people: int
    late: int
    too_late: int


@dataclass(frozen=True)
class StreamAtReception:
    """A stream: who waits, since when the first of them, and how long newcomers wait."""

    letter: str
    name: Mapping[str, str]
    waiting: int
    oldest_since: str | None
    wait: WaitRange | None
    counters_open: int


@dataclass(frozen=True)
class PrinterAtReception:
    """A printer: its `PrinterCode`, `offline` where it is not heard. `ready`: a slip comes out."""

    id: str
    name: str
    state: str
    ready: bool


@dataclass(frozen=True)
class ReceptionOverview:
    """Everything beside the reception's work. `outside` counts parties. `slots` are the present
    time, the next ones, and earlier ones at which somebody is missing.
    """

    office: str
    date: str
    version: Version
    sent_at: str
    build: str
    inside: int
    limit: int | None
    outside: int
    over: int
    slots: tuple[ExpectedSlot, ...]
    streams: tuple[StreamAtReception, ...]
    printers: tuple[PrinterAtReception, ...]


@dataclass(frozen=True)
class ExpectedVisit:
    """A booking of one time, without a name: that is seen when the visit is opened. `attendance` is
    an `Attendance`.
    """

    id: str
    starts_at: str
    service_name: Mapping[str, str]
    party_size: int
    status: str
    attendance: str
    number: str | None = None
    delay_minutes: int | None = None


def view_overview(
    connection: Connection,
    office: Office,
    now: datetime,
    build: str,
    shown: ShownWaits | None = None,
) -> ReceptionOverview:
    """The reception's picture. `shown` is what was told of waits before."""
    day = read_day(connection, office, now)
    occupancy = day.occupancy(office.people_limit)
    due = count_due(due_store.count_alike(connection, office.code, day.date), office.rules, now)
    oldest = line.list_oldest(connection, office.code, day.date) if day.waiting else {}
    return ReceptionOverview(
        office=office.code,
        date=day.date.isoformat(),
        version=version_of(day),
        sent_at=local_time(office, now),
        build=build,
        inside=occupancy.inside,
        limit=office.people_limit,
        outside=day.parties_outside,
        over=occupancy.over,
        slots=tuple(_view_slot(office, each) for each in choose_due(due, now)),
        streams=tuple(
            StreamAtReception(
                each.letter,
                each.name,
                day.stream(each.letter).waiting,
                _local_or_none(office, oldest.get(each.letter)),
                wait_range(office, day, each.letter, now, shown=shown),
                day.counters_serving(office, each.letter),
            )
            for each in office.streams
        ),
        printers=tuple(
            _view_printer(office, each, now)
            for each in device_store.list_printers(connection, office.code)
        ),
    )


def list_expected(
    connection: Connection, office: Office, slot: datetime, now: datetime
) -> tuple[ExpectedVisit, ...]:
    """The bookings of one time of today, in the order in which they were made; of another day
    none, which is nobody's at the desk.
    """
    booked = due_store.list_due(connection, office.code, office.date_at(now), slot)
    return tuple(
        ExpectedVisit(
            each.id,
            local_time(office, slot),
            service_of(office, each.service).name,
            each.party_size,
            each.state.value,
            judge_attendance(each, office.rules, now).value,
            each.number,
            each.delay_minutes,
        )
        for each in booked
        if each.state in COUNTED_STATES
    )


def _view_slot(office: Office, slot: DueSlot) -> ExpectedSlot:
    return ExpectedSlot(
        slot_id(slot.starts_at),
        local_time(office, slot.starts_at),
        slot.bookings,
        slot.people,
        slot.present,
        slot.present_people,
        slot.late,
        slot.too_late,
    )


def _view_printer(office: Office, device: Device, now: datetime) -> PrinterAtReception:
    is_heard = judge_hearing(device.seen_at, now, office.rules) is Hearing.HEARD
    code = read_printer(device.health) or PrinterCode.UNKNOWN
    return PrinterAtReception(
        device.id,
        device.name,
        (code if is_heard else PrinterCode.OFFLINE).value,
        can_print(device.seen_at, device.health, now, office.rules),
    )
