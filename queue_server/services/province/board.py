"""The province board: how every office stands, the one that needs a hand first on top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.engine import Connection

from queue_server.domain.office.devices.troubles import TroubleCode
from queue_server.domain.office.modes import ServiceMode, overdue_review
from queue_server.domain.office.office import Office
from queue_server.domain.province.order import Concern, Standing, list_concerns, order_worst_first
from queue_server.domain.supervisor.alerts import AlertKind, counters_needed
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.over_limit import over_seconds
from queue_server.domain.visit.standstill import Pause
from queue_server.services.access.device_sight import view_troubles
from queue_server.services.screens.watch import HOUR, load_streams
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.province import figures
from queue_server.store.supervisor import announcements as alert_store
from queue_server.store.supervisor.announcements import Alert
from queue_server.store.supervisor.dashboard import Hour
from queue_server.store.writer import days as day_store


@dataclass(frozen=True)
class OfficeRow:
    """One office on the board: how it `stands`, and what is shown besides.

    `troubled_devices` of `devices` have something wrong, the silent ones with them. `review_on`
    belongs to the decision that rules the whole office now; `overdue_since` is the earliest date of
    a review that is late, of any decision that rules. `alerts` are those whose threshold is still
    passed, the oldest first.
    """

    stands: Standing
    name: str
    open: bool
    inside: int
    limit: int | None
    counters_needed: int
    devices: int
    troubled_devices: int
    mode: ServiceMode
    review_on: date | None
    overdue_since: date | None
    paused: Pause | None
    drill: bool
    alerts: tuple[Alert, ...]

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """What this office has to worry about, the worst first."""
        return list_concerns(self.stands)


@dataclass
class _Read:
    """What was read of one office."""

    day: OfficeDay
    oldest: datetime | None = None
    hours: dict[str, Hour] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    stranded: int = 0


def view_province(
    connection: Connection, offices: Iterable[Office], now: datetime
) -> list[OfficeRow]:
    """How these offices stand, the worst first: one query for each figure, however many offices."""
    by_code = {each.code: each for each in offices}
    if not by_code:
        return []
    read = _read(connection, by_code, now)
    rows = {code: _view_row(office, read[code], now) for code, office in by_code.items()}
    return [rows[each.office] for each in order_worst_first(row.stands for row in rows.values())]


def _read(
    connection: Connection, offices: Mapping[str, Office], now: datetime
) -> Mapping[str, _Read]:
    keys = [(each.code, each.date_at(now)) for each in offices.values()]
    days = day_store.find_each(connection, keys)
    read = {office: _Read(day) for (office, _date), day in days.items()}
    for office, at in figures.oldest_arrivals(connection, keys).items():
        read[office].oldest = at
    for each in figures.count_arrivals(connection, keys, now - HOUR):
        read[each.office].hours[each.letter] = Hour(each.arrived, 0)
    for alert in alert_store.list_open_of_days(connection, keys):
        read[alert.office].alerts.append(alert)
    for device in device_store.list_paired(connection):
        if device.office in read:
            read[device.office].devices.append(device)
    for office, stranded in figures.count_stranded(connection, offices).items():
        read[office].stranded = stranded
    return read


def _view_row(office: Office, read: _Read, now: datetime) -> OfficeRow:
    day, rules = read.day, office.rules.alerts
    occupancy = day.occupancy(office.people_limit)
    troubles = _find_troubles(office, read, now)
    today, period = office.date_at(now), office.mode_period(now)
    overdue = overdue_review(office.modes, today, now)
    loads = load_streams(office, day, read.hours)
    return OfficeRow(
        stands=Standing(
            office=office.code,
            is_evacuated=day.is_evacuated,
            over=occupancy.over,
            over_minutes=over_seconds(day, office, now) // 60,
            waiting=day.waiting,
            counters_open=len(day.open_counters),
            oldest_minutes=None if read.oldest is None else _minutes_since(read.oldest, now),
            target_minutes=rules.target_minutes,
            silent_devices=sum(TroubleCode.SILENT in each for each in troubles),
            overdue_days=0 if overdue is None else (today - overdue).days,
            stranded=read.stranded,
        ),
        name=office.name,
        open=office.is_open(now),
        inside=occupancy.inside,
        limit=office.people_limit,
        counters_needed=counters_needed(list(loads.values()), rules.target_minutes),
        devices=len(read.devices),
        troubled_devices=sum(bool(each) for each in troubles),
        mode=office.mode_at(now),
        review_on=None if period is None else period.review_on,
        overdue_since=overdue,
        paused=day.paused,
        drill=day.drill,
        alerts=tuple(read.alerts),
    )


def _minutes_since(at: datetime, now: datetime) -> int:
    return max(0, int((now - at).total_seconds()) // 60)


def _find_troubles(office: Office, read: _Read, now: datetime) -> Sequence[frozenset[TroubleCode]]:
    """What is wrong with each device. Devices sleep at night: then only those of an office where
    people still wait are looked at, as the alerts do.
    """
    if not office.is_open(now) and read.day.waiting == 0:
        return ()
    silent = {each.subject for each in read.alerts if each.kind is AlertKind.DEVICE_SILENT}
    return [
        frozenset(each.code for each in view_troubles(device, office, now, device.id in silent))
        for device in read.devices
    ]
