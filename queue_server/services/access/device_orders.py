"""What staff have a device do: ordered here, told to the device with its next heartbeat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.errors import Changed, UnknownDevice
from queue_server.domain.events import EventType
from queue_server.domain.office.devices.orders import FETCHED_WITHIN, OrderKind, admit_order
from queue_server.domain.office.office import Office
from queue_server.protocol.messages import DeviceOrder
from queue_server.services.setting_history import record_change
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.visit import events as event_store
from queue_server.store.writer.transaction import Transaction

from . import log

ORDERS_MAX = 20
"""How many of the newest orders are looked at; nobody presses more buttons in that time."""


def order_device(
    tx: Transaction, office: str, device: str, kind: OrderKind, job: str, by: str, now: datetime
) -> None:
    """Have a device do something. The order stands in today's log; declare that day. Raises
    `UnknownDevice`, `NoPrinter`, `Changed`, `BadInput`.
    """
    known = device_store.find(tx, device, office)
    if known.state != "PAIRED":
        raise UnknownDevice(device=device)
    admit_order(kind, known.kind, known.health, job)
    about = {"device": device, "order": kind.value, **({"job": job} if job else {})}
    log.note(tx, EventType.DEVICE_ORDERED, office, by, now, **about)


def rename(
    tx: Transaction,
    office: str,
    device: str,
    name: str,
    by: str,
    now: datetime,
    seen: str | None = None,
    undoes: int | None = None,
) -> Device:
    """Give a device another name. Must declare today. `seen` is the name that was looked at, None:
    none; `undoes` as in `record_change`. Raises `UnknownDevice`, `Changed`.
    """
    known = device_store.find(tx, device, office)
    if known.name == name:
        return known
    if seen is not None and known.name != seen:
        raise Changed(device=device)
    device_store.update(tx, office, device, name=name)
    facts = {"device": device, "kind": known.kind, "by": by}
    beside = {f"device/{device}/name": (known.name, name)}
    record_change(tx, tx.office(office), EventType.DEVICE_RENAMED, facts, now, undoes, beside)
    return device_store.find(tx, device, office)


def list_orders(
    connection: Connection, office: Office, device: str, now: datetime
) -> tuple[DeviceOrder, ...]:
    """What a device is to do, oldest order first. The same order is listed until it lapses: the
    device knows by its id what it has done.
    """
    recorded = event_store.list_of_types(
        connection, office.code, office.date_at(now), [EventType.DEVICE_ORDERED], ORDERS_MAX
    )
    since = now - FETCHED_WITHIN
    return tuple(
        DeviceOrder(
            f"{each.event.date.isoformat()}-{each.seq}",
            str(each.event.facts["order"]),
            str(each.event.facts.get("job", "")),
        )
        for each in reversed(recorded)
        if each.event.facts.get("device") == device and each.event.at > since
    )
