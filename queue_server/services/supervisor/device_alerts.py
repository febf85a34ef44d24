"""Telling the supervisor what is wrong with a device, seconds after it says so or falls silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.office.devices.health import Hearing, is_overdue, judge_hearing
from queue_server.domain.office.devices.troubles import Trouble, find_troubles
from queue_server.domain.office.office import Office
from queue_server.domain.supervisor.alerts import (
    DEVICE_KINDS,
    AlertKind,
    Crossing,
    find_device_crossings,
)
from queue_server.services.run_each import do_each
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.supervisor import announcements as alert_store
from queue_server.store.writer import days as day_store
from queue_server.store.writer.database import Database

from .alerts import settle_alerts

HeardAt = Callable[[str | None, str, datetime | None], datetime | None]
"""When a device was heard last, by its office, its id and what is written."""


def watch_devices(database: Database, heard_at: HeardAt, now: datetime) -> int:
    """Raise and end the alerts about every device at work. Returns how many changed.

    Outside the opening hours only an office where people still wait is watched: devices sleep at
    night. What nobody changes costs reads alone.
    """
    with database.read() as connection:
        by_office: dict[str, list[Device]] = defaultdict(list)
        for device in device_store.list_paired(connection):
            if device.office is not None:
                by_office[device.office].append(device)
        since = (now - timedelta(days=1)).date()
        known: dict[str, set[tuple[AlertKind, str]]] = defaultdict(set)
        for alert in alert_store.list_open_of_kinds(connection, DEVICE_KINDS, since):
            office = database.offices.get(connection, alert.office)
            if alert.date == office.date_at(now):
                known[alert.office].add((alert.kind, alert.subject))
        offices = {code: database.offices.get(connection, code) for code in {*by_office, *known}}
        wanted = {
            code: _find_crossings(connection, office, by_office[code], heard_at, now)
            for code, office in offices.items()
        }

    def settle(code: str) -> int:
        day = offices[code].date_at(now)
        return database.write(
            [(code, day)],
            partial(
                settle_alerts,
                office=code,
                day=day,
                crossings=wanted[code],
                kinds=DEVICE_KINDS,
                now=now,
            ),
        )

    changed = [code for code in wanted if known[code] != {each.key for each in wanted[code]}]
    return do_each(sorted(changed), settle)


def _find_crossings(
    connection: Connection,
    office: Office,
    devices: Sequence[Device],
    heard_at: HeardAt,
    now: datetime,
) -> list[Crossing]:
    if not office.is_open(now):
        day = day_store.find(connection, office.code, office.date_at(now))
        if day.waiting == 0:
            return []
    return find_device_crossings(
        {each.id: (each.name, _look(each, office, heard_at, now)) for each in devices}
    )


def _look(device: Device, office: Office, heard_at: HeardAt, now: datetime) -> Sequence[Trouble]:
    heard = heard_at(device.office, device.id, device.seen_at)
    if heard is None:
        return ()
    silent = (
        is_overdue(device.health, heard, now)
        or judge_hearing(heard, now, office.rules) is Hearing.SILENT
    )
    return find_troubles(device.health, now, silent=silent)
