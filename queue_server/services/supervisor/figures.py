"""Figures of offices for those who watch many of them with Prometheus: numbers, and nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.domain.privacy.retention import known_from
from queue_server.domain.visit.over_limit import over_seconds
from queue_server.services.access.device_sight import find_silent, view_troubles
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.privacy import wiping as wiping_store
from queue_server.store.supervisor import dashboard as dashboard_store
from queue_server.store.writer import days as day_store


@dataclass(frozen=True)
class OfficeFigures:
    """An office now. `limit` None means no crowd control; `calls` are those of today; `silent` and
    `in_trouble` count devices while the office is open; `unforgotten_days` since when visitors are
    known longer than they may be.
    """

    office: str
    is_open: bool
    inside: int
    limit: int | None
    over_seconds: int
    waiting: int
    outside: int
    oldest_wait_seconds: float
    counters_open: int
    calls: int
    devices: int
    silent: int
    in_trouble: int
    unforgotten_days: int


def read_figures(connection: Connection, office: Office, now: datetime) -> OfficeFigures:
    """What an office's figures are, in one read for each."""
    today = office.date_at(now)
    day = day_store.find(connection, office.code, today)
    oldest = dashboard_store.oldest_arrival(connection, office.code, today) if day.waiting else None
    known = [
        each
        for each in device_store.list_of_office(connection, office.code)
        if each.state == "PAIRED"
    ]
    silent, troubled = _count_troubles(connection, office, known, now)
    return OfficeFigures(
        office=office.code,
        is_open=office.is_open(now),
        inside=day.occupancy(office.people_limit).inside,
        limit=office.people_limit,
        over_seconds=over_seconds(day, office, now),
        waiting=day.waiting,
        outside=day.parties_outside,
        oldest_wait_seconds=0.0 if oldest is None else (now - oldest).total_seconds(),
        counters_open=len(day.open_counters),
        calls=dashboard_store.count_calls(connection, office.code, today),
        devices=len(known),
        silent=silent,
        in_trouble=troubled,
        unforgotten_days=_count_unforgotten(connection, office, now),
    )


def _count_troubles(
    connection: Connection, office: Office, known: list[Device], now: datetime
) -> tuple[int, int]:
    if not office.is_open(now):
        return 0, 0
    quiet = find_silent(connection, office, now)
    troubles = [
        {each.code.value for each in view_troubles(device, office, now, device.id in quiet)}
        for device in known
    ]
    return sum("silent" in each for each in troubles), sum(bool(each) for each in troubles)


def _count_unforgotten(connection: Connection, office: Office, now: datetime) -> int:
    before: date = known_from(office, now)
    days = wiping_store.list_unwiped(connection, office.code, before, 1)
    return (before - days[0]).days if days else 0
