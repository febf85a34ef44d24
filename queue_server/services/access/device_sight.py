"""What is wrong with a device, as every page shows it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.office.devices.health import Hearing, judge_hearing
from queue_server.domain.office.devices.troubles import Trouble, find_troubles
from queue_server.domain.office.office import Office
from queue_server.domain.supervisor.alerts import AlertKind
from queue_server.store.access.devices import Device
from queue_server.store.supervisor import announcements as alert_store


def view_troubles(
    device: Device, office: Office, now: datetime, silent_known: bool
) -> tuple[Trouble, ...]:
    """What is wrong with a device as pages show it. `silent_known`: an alert says that it is not
    heard; it is raised after seconds, while what is written of the last heartbeat may be older.
    """
    if device.seen_at is None:
        return ()
    overdue = judge_hearing(device.seen_at, now, office.rules) is Hearing.SILENT
    return find_troubles(device.health, now, silent=silent_known or overdue)


def find_silent(connection: Connection, office: Office, now: datetime) -> frozenset[str]:
    """The ids of the devices of which an open alert says that they are not heard."""
    today = office.date_at(now)
    return frozenset(
        each.subject
        for each in alert_store.list_open(connection, office.code, today)
        if each.kind is AlertKind.DEVICE_SILENT
    )
