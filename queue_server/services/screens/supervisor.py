"""What the supervisor sees: the whole office at a glance, with what needs a hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from queue_server.domain.events import EventType
from queue_server.domain.office.devices.health import read_printer
from queue_server.domain.office.devices.troubles import TroubleCode
from queue_server.domain.office.office import Office
from queue_server.domain.supervisor.alerts import counters_needed
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.over_limit import over_seconds
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.protocol.messages import WaitRange
from queue_server.services.access.device_sight import find_silent, view_troubles
from queue_server.services.shown import Version, _local_or_none, local_time
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.counter import at_counters
from queue_server.store.counter import counters as counter_store
from queue_server.store.counter import remote as remote_store
from queue_server.store.counter.counters import CLOSED, CounterDay
from queue_server.store.door import conflicts as conflict_store
from queue_server.store.supervisor import announcements as announcement_store
from queue_server.store.supervisor import dashboard as dashboard_store
from queue_server.store.visit import events as event_store
from queue_server.store.writer import days as day_store

from .announcements import DashboardAlert, DashboardAnnouncement, view_alert, view_announcement
from .last_told_waits import ShownWaits
from .queued import view_target
from .waits import wait_range
from .watch import HOUR, load_streams, loads_here

ALERTS_SHOWN = 20
CONFLICTS_SHOWN = timedelta(days=7)


@dataclass(frozen=True)
class DashboardStop:
    """Who has stopped everything, when and why; `kind` is a `Pause`, `drill`: the evacuation is
    practised.
    """

    kind: str
    by: str
    because: str
    at: str
    drill: bool = False


@dataclass(frozen=True)
class DashboardStream:
    """A stream: who waits, and the counters that serve it against those its work alone would
    need.
    """

    letter: str
    name: Mapping[str, str]
    waiting: int
    wait: WaitRange | None
    arrived_last_hour: int
    counters_open: int
    counters_needed: int


@dataclass(frozen=True)
class DashboardCounter:
    """A counter: `state` is open, break or closed; `number` whom it called or serves
    (`ticket_status`) since `ticket_since`. Who is served may have been forgotten from
    `ticket_asked_from` on.

    `lent`: it serves others than its `usual` streams today. A `remote` one, which is worked from
    home, is lent to none.
    """

    id: str
    name: str
    letters: tuple[str, ...]
    usual: tuple[str, ...]
    lent: bool
    clerk: str | None
    state: str
    since: str | None
    because: str | None
    number: str | None
    ticket_status: str | None
    ticket_since: str | None
    remote: bool = False
    ticket_asked_from: str | None = None


@dataclass(frozen=True)
class DashboardTrouble:
    """One thing that is wrong with a device: its `TroubleCode`, whether visitors get less than they
    should already, and from when on, where the device says so.
    """

    code: str
    urgent: bool
    since: str | None


@dataclass(frozen=True)
class DashboardDevice:
    """A paired device, and whether it is not heard (never yet, or longer ago than the office's
    rule).

    `printer` is a `PrinterCode`; None where the device says nothing of one. `troubles` lists all
    that is wrong, what is urgent first.
    """

    id: str
    kind: str
    name: str
    seen_at: str | None
    silent: bool
    printer: str | None = None
    troubles: tuple[DashboardTrouble, ...] = ()


@dataclass(frozen=True)
class DashboardRemote:
    """Visits by phone and video, counted apart: in line, and of today served and not reached."""

    waiting: int
    counters_open: int
    served: int
    missed: int


@dataclass(frozen=True)
class Dashboard:
    """The whole office. `oldest_since`: when the first of those waiting came. `counters_needed`:
    see `thresholds.counters_needed`.

    `over` persons more than the limit allows are inside, since `over_since`, and were for
    `over_minutes` of today in all. Visits by phone and video are counted in `remote` alone, None
    where there are none, and in their stream. `conflicts` are numbers of kiosks that nobody has
    looked at.
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
    outside: int
    admitting: bool
    stop: DashboardStop | None
    waiting: int
    oldest_since: str | None
    served_last_hour: int
    target_minutes: int
    counters_open: int
    counters_needed: int
    streams: tuple[DashboardStream, ...]
    counters: tuple[DashboardCounter, ...]
    devices: tuple[DashboardDevice, ...]
    alerts: tuple[DashboardAlert, ...]
    announcements: tuple[DashboardAnnouncement, ...]
    over: int
    over_since: str | None
    over_minutes: int
    conflicts: int = 0
    remote: DashboardRemote | None = None


def view_dashboard(
    connection: Connection,
    office: Office,
    now: datetime,
    build: str,
    shown: ShownWaits | None = None,
) -> Dashboard:
    """The supervisor's picture: one read for each figure. `shown` is what was told of waits
    before.
    """
    day = day_store.find(connection, office.code, office.date_at(now))
    hours = dashboard_store.count_since(connection, office.code, day.date, now - HOUR)
    waiting = day.waiting_here(office)
    oldest = dashboard_store.oldest_arrival(connection, office.code, day.date) if waiting else None
    counter_days = counter_store.list_days(connection, office.code, day.date)
    visitors = {
        each.counter: each
        for each in at_counters.list_at_counters(connection, office.code, day.date)
        if each.state in (State.CALLED, State.SERVING) and each.counter is not None
    }
    loads = load_streams(office, day, hours)
    target = office.rules.alerts.target_minutes
    return Dashboard(
        office=office.code,
        date=day.date.isoformat(),
        version=(day.date.isoformat(), day.seq),
        sent_at=local_time(office, now),
        build=build,
        mode=office.mode_at(now).value,
        open=office.is_open(now),
        inside=day.occupancy(office.people_limit).inside,
        limit=office.people_limit,
        outside=day.parties_outside,
        admitting=day.admitting,
        stop=_find_stop(connection, office, day),
        waiting=waiting,
        oldest_since=_local_or_none(office, oldest),
        served_last_hour=sum(
            hours[each.letter].served for each in office.streams_here if each.letter in hours
        ),
        target_minutes=target,
        counters_open=day.counters_open_here(office),
        counters_needed=counters_needed(loads_here(office, loads), target),
        streams=tuple(
            DashboardStream(
                each.letter,
                each.name,
                loads[each.letter].waiting,
                wait_range(office, day, each.letter, now, shown=shown),
                loads[each.letter].arrived_last_hour,
                day.counters_serving(office, each.letter),
                counters_needed([loads[each.letter]], target),
            )
            for each in office.streams
        ),
        counters=tuple(
            _view_counter(office, day, id, counter_days.get(id, CLOSED), visitors.get(id))
            for id in (each.id for each in office.counters)
        ),
        devices=_view_devices(connection, office, now),
        alerts=tuple(
            view_alert(office, each)
            for each in announcement_store.list_alerts(
                connection, office.code, day.date, ALERTS_SHOWN
            )
        ),
        announcements=tuple(
            view_announcement(office, each, now)
            for each in announcement_store.list_live(connection, office.code, now)
        ),
        over=day.occupancy(office.people_limit).over,
        over_since=_local_or_none(office, day.over_since),
        over_minutes=over_seconds(day, office, now) // 60,
        conflicts=conflict_store.count_unseen(connection, office.code, day.date - CONFLICTS_SHOWN),
        remote=_view_remote(connection, office, day),
    )


def _view_remote(connection: Connection, office: Office, day: OfficeDay) -> DashboardRemote | None:
    if office.remote_letter is None:
        return None
    ended = remote_store.count_ended(connection, office.code, day.date)
    return DashboardRemote(
        day.waiting - day.waiting_here(office),
        len(day.open_counters) - day.counters_open_here(office),
        ended[State.SERVED],
        ended[State.NO_SHOW],
    )


def _find_stop(connection: Connection, office: Office, day: OfficeDay) -> DashboardStop | None:
    if day.paused is None:
        return None
    stopped = event_store.find_last_of_type(
        connection, office.code, day.date, EventType.SERVICE_PAUSED
    )
    assert stopped is not None, "whoever stops everything leaves an event"
    return DashboardStop(
        day.paused.value,
        str(stopped.facts["by"]),
        str(stopped.facts["reason"]),
        local_time(office, stopped.at),
        day.drill,
    )


def _view_counter(
    office: Office, day: OfficeDay, id: str, today: CounterDay, visitor: Ticket | None
) -> DashboardCounter:
    usual = office.counter(id)
    state, since = (
        ("break", today.break_since) if today.break_since is not None else ("open", today.opened_at)
    )
    if today.clerk is None:
        state, since = "closed", None
    ticket_since = None if visitor is None else visitor.started_at or visitor.called_at
    target = None if visitor is None else view_target(office, visitor)
    return DashboardCounter(
        id=id,
        name=usual.name,
        letters=day.counter(usual).letters,
        usual=usual.letters,
        lent=id in day.own_letters,
        clerk=today.clerk,
        state=state,
        since=_local_or_none(office, since),
        because=today.reason,
        number=visitor.number if visitor else None,
        ticket_status=visitor.state.value if visitor else None,
        ticket_since=_local_or_none(office, ticket_since),
        remote=usual.remote,
        ticket_asked_from=None if target is None else target.asked_from,
    )


def _view_devices(
    connection: Connection, office: Office, now: datetime
) -> tuple[DashboardDevice, ...]:
    silent = find_silent(connection, office, now)
    return tuple(
        _view_device(each, office, now, each.id in silent)
        for each in device_store.list_of_office(connection, office.code)
        if each.state == "PAIRED"
    )


def _view_device(device: Device, office: Office, now: datetime, silent: bool) -> DashboardDevice:
    troubles = view_troubles(device, office, now, silent)
    return DashboardDevice(
        device.id,
        device.kind,
        device.name,
        _local_or_none(office, device.seen_at),
        device.seen_at is None or any(each.code is TroubleCode.SILENT for each in troubles),
        read_printer(device.health),
        tuple(
            DashboardTrouble(
                each.code.value, each.code.is_urgent, _local_or_none(office, each.since)
            )
            for each in troubles
        ),
    )
