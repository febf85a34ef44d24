"""Kiosks, displays and printers: asked for, approved, paired, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.errors import UnknownDevice
from queue_server.store.tables import devices
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class Device:
    """A device and where it stands. States: PENDING -> APPROVED -> PAIRED -> REVOKED."""

    id: str
    kind: str
    name: str
    office: str | None
    state: str
    requested_at: datetime
    pairing_code: str | None = None
    secret_hash: str | None = None
    expires_at: datetime | None = None
    seen_at: datetime | None = None
    health: dict[str, Any] | None = None


@dataclass(frozen=True)
class Heard:
    """When a device was heard, and what is kept of what it said: None if that is written."""

    at: datetime
    health: Mapping[str, Any] | None = None


def _device_from_row(row: Row[Any]) -> Device:
    return Device(
        row.id,
        row.kind,
        row.name,
        row.office,
        row.state,
        row.requested_at,
        row.pairing_code,
        row.secret_hash,
        row.expires_at,
        row.seen_at,
        row.health,
    )


def add(tx: Transaction, device: Device) -> None:
    """Store a device that asks to be paired, or one that is set up already."""
    tx.insert(
        devices,
        {
            "id": device.id,
            "kind": device.kind,
            "name": device.name,
            "office": device.office,
            "state": device.state,
            "pairing_code": device.pairing_code,
            "secret_hash": device.secret_hash,
            "requested_at": device.requested_at,
            "expires_at": device.expires_at,
            "health": device.health or {},
        },
    )


def find_by_code(tx: Transaction, pairing_code: str) -> Device:
    """The device that shows a pairing code, or was the last to show it. Raises `UnknownDevice`."""
    statement = (
        sa.select(devices)
        .where(devices.c.pairing_code == pairing_code)
        .order_by(devices.c.requested_at.desc())
    )
    row = tx.read(statement.limit(1), seeing=devices).one_or_none()
    if row is None:
        raise UnknownDevice(device=pairing_code)
    return _device_from_row(row)


def move_on(tx: Transaction, device: Device, state: str, **values: Any) -> bool:
    """Bring a device from the state it was read in to another. False if somebody else was quicker:
    no day's lock orders these steps.
    """
    statement = devices.update().where(
        _is(device.id, device.office), devices.c.state == device.state
    )
    return tx.change(statement.values(state=state, **values)).rowcount == 1


def _is(id: str, office: str | None) -> sa.ColumnElement[bool]:
    """The device of an office; of none before it is approved."""
    return sa.and_(devices.c.id == id, devices.c.office.is_not_distinct_from(office))


def hand_over(tx: Transaction, device: Device) -> bool:
    """Pair a device that is approved, or is paired and was never heard from since. False for any
    other.

    The row stays locked until the commit, so two who collect for one device do so one after the
    other.
    """
    unheard = sa.and_(devices.c.state == "PAIRED", devices.c.seen_at.is_(None))
    statement = devices.update().where(
        _is(device.id, device.office), sa.or_(devices.c.state == "APPROVED", unheard)
    )
    return tx.change(statement.values(state="PAIRED", expires_at=None)).rowcount == 1


def note_first_use(tx: Transaction, office: str | None, id: str, now: datetime) -> None:
    """Note that a device has used its token, if nothing was heard from it before."""
    tx.change(
        devices.update().where(_is(id, office), devices.c.seen_at.is_(None)).values(seen_at=now)
    )


def update(tx: Transaction, office: str | None, id: str, **values: Any) -> None:
    """Change some columns of an office's device."""
    tx.change(devices.update().where(_is(id, office)).values(**values))


def forget_unpaired(tx: Transaction, before: datetime) -> int:
    """Delete devices that asked to be paired and that nobody approved until a moment. Returns how
    many.
    """
    return tx.change(
        devices.delete().where(devices.c.state == "PENDING", devices.c.expires_at < before)
    ).rowcount


def find(reader: Reader, id: str, office: str | None = None) -> Device:
    """A device, with `office` of that one only. Raises `UnknownDevice`."""
    statement = sa.select(devices).where(devices.c.id == id)
    if office is not None:
        statement = statement.where(devices.c.office == office)
    row = ask(reader, statement, seeing=devices).one_or_none()
    if row is None:
        raise UnknownDevice(device=id)
    return _device_from_row(row)


def list_printers(reader: Reader, office: str) -> list[Device]:
    """The paired printers of an office, by name."""
    statement = (
        sa.select(devices)
        .where(devices.c.office == office, devices.c.kind == "printer", devices.c.state == "PAIRED")
        .order_by(devices.c.name, devices.c.id)
    )
    return [_device_from_row(row) for row in ask(reader, statement, seeing=devices)]


def count_paired(connection: Connection, office: str, kind: str) -> int:
    """How many devices of a kind work for an office."""
    statement = (
        sa.select(sa.func.count())
        .select_from(devices)
        .where(devices.c.office == office, devices.c.kind == kind, devices.c.state == "PAIRED")
    )
    counted: int = connection.execute(statement).scalar_one()
    return counted


def list_paired(connection: Connection) -> list[Device]:
    """The devices at work of all offices."""
    statement = sa.select(devices).where(devices.c.state == "PAIRED").order_by(devices.c.id)
    return [_device_from_row(row) for row in connection.execute(statement)]


def note_heard(tx: Transaction, heard: Mapping[tuple[str | None, str], Heard]) -> None:
    """Note when devices, by office and id, were heard last, and what they said; never an earlier
    moment than is known.
    """
    for (office, id), each in sorted(heard.items(), key=lambda each: each[0][1]):
        is_later = sa.or_(devices.c.seen_at.is_(None), devices.c.seen_at < each.at)
        said = {} if each.health is None else {"health": dict(each.health)}
        change = devices.update().where(_is(id, office), is_later)
        tx.change(change.values(seen_at=each.at, **said))


def list_of_office(connection: Connection, office: str | None) -> list[Device]:
    """Devices of an office, newest first; with None, all of them."""
    statement = sa.select(devices).order_by(devices.c.requested_at.desc())
    if office is not None:
        statement = statement.where(devices.c.office == office)
    return [_device_from_row(row) for row in connection.execute(statement)]


def name_devices(connection: Connection, office: str) -> dict[str, str]:
    """What the devices of an office are called, by id."""
    statement = sa.select(devices.c.id, devices.c.name).where(devices.c.office == office)
    return {row.id: row.name for row in connection.execute(statement)}
