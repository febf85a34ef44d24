"""What kiosks have leased: the leases and their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.door.leases import Fate, Lease, LeaseState, Number, NumberState
from queue_server.domain.errors import UnknownLease
from queue_server.domain.visit.numbering import leased_number
from queue_server.domain.visit.step import Draw
from queue_server.store.tables import devices, leased_numbers, leases
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import DayKey, Transaction


def _lease_from_row(row: Any) -> Lease:
    return Lease(
        row.id,
        row.device,
        row.installation,
        row.office,
        row.date,
        LeaseState(row.state),
        row.epoch,
        row.granted_at,
        row.offline_until,
        row.ended_at,
    )


def add(tx: Transaction, lease: Lease) -> None:
    """Store a new lease."""
    tx.insert(
        leases,
        {
            "id": lease.id,
            "device": lease.device,
            "installation": lease.installation,
            "office": lease.office,
            "date": lease.date,
            "state": lease.state.value,
            "epoch": lease.epoch,
            "granted_at": lease.granted_at,
            "offline_until": lease.offline_until,
            "ended_at": lease.ended_at,
        },
    )


def save(tx: Transaction, lease: Lease) -> None:
    """Store what has changed of a lease."""
    tx.change(
        leases.update()
        .where(leases.c.id == lease.id, leases.c.office == lease.office)
        .values(
            state=lease.state.value,
            epoch=lease.epoch,
            offline_until=lease.offline_until,
            ended_at=lease.ended_at,
        )
    )


def find(reader: Reader, id: str, office: str) -> Lease:
    """A lease of an office. Raises `UnknownLease`."""
    statement = sa.select(leases).where(leases.c.id == id, leases.c.office == office)
    row = ask(reader, statement, seeing=leases).one_or_none()
    if row is None:
        raise UnknownLease(lease=id)
    return _lease_from_row(row)


def find_active(reader: Reader, device: str, office: str, day: date) -> Lease | None:
    """The live lease of a device for a date."""
    return next((each for each in list_active(reader, device, office) if each.date == day), None)


def list_active(reader: Reader, device: str, office: str) -> list[Lease]:
    """The live leases of a device, by date."""
    statement = (
        sa.select(leases)
        .where(
            leases.c.device == device,
            leases.c.office == office,
            leases.c.state == LeaseState.ACTIVE.value,
        )
        .order_by(leases.c.date)
    )
    return [_lease_from_row(row) for row in ask(reader, statement, seeing=leases)]


def list_of_office(connection: Connection, office: str) -> list[Lease]:
    """The live leases of an office, by date."""
    statement = (
        sa.select(leases)
        .where(leases.c.office == office, leases.c.state == LeaseState.ACTIVE.value)
        .order_by(leases.c.date, leases.c.device)
    )
    return [_lease_from_row(row) for row in connection.execute(statement)]


def list_live(connection: Connection) -> list[tuple[Lease, bool]]:
    """All live leases, with whether the device was cut off."""
    statement = (
        sa.select(leases, devices.c.state.label("device_state"))
        .select_from(leases.outerjoin(devices, devices.c.id == leases.c.device))
        .where(leases.c.state == LeaseState.ACTIVE.value)
        .order_by(leases.c.office, leases.c.date, leases.c.id)
    )
    return [
        (_lease_from_row(row), row.device_state in (None, "REVOKED"))
        for row in connection.execute(statement)
    ]


def dates_of(connection: Connection, office: str, ids: Iterable[str]) -> Mapping[str, DayKey]:
    """The office-day of each of these leases that is known."""
    statement = sa.select(leases.c.id, leases.c.office, leases.c.date).where(
        leases.c.office == office, leases.c.id.in_(list(ids))
    )
    return {row.id: (row.office, row.date) for row in connection.execute(statement)}


def count_kiosks(reader: Reader, office: str) -> int:
    """How many kiosks an office has."""
    statement = sa.select(sa.func.count()).where(
        devices.c.office == office, devices.c.kind == "kiosk", devices.c.state == "PAIRED"
    )
    return int(ask(reader, statement, seeing=devices).scalar_one())


def note_contest(tx: Transaction, lease: Lease, installation: str, now: datetime) -> bool:
    """Note that another installation has asked for a lease that is alive. False if that very one
    was noted last.
    """
    statement = leases.update().where(
        leases.c.id == lease.id,
        leases.c.office == lease.office,
        leases.c.contested_by.is_distinct_from(installation),
    )
    return tx.change(statement.values(contested_by=installation, contested_at=now)).rowcount == 1


def list_contested(connection: Connection, office: str) -> dict[str, str]:
    """The name of each device whose live lease another installation has asked for, by id."""
    statement = (
        sa.select(devices.c.id, devices.c.name)
        .join(leases, leases.c.device == devices.c.id)
        .where(
            leases.c.office == office,
            devices.c.office == office,
            leases.c.state == LeaseState.ACTIVE.value,
            leases.c.contested_at.is_not(None),
        )
    )
    return {row.id: row.name for row in connection.execute(statement)}


def add_numbers(
    tx: Transaction, lease: Lease, letter: str, drawn: Iterable[tuple[int, Draw]]
) -> None:
    """Store numbers that a lease is given, by their place in the stream's day."""
    for sequence, draw in drawn:
        tx.insert(
            leased_numbers,
            {
                "id": draw.id,
                "lease": lease.id,
                "office": lease.office,
                "date": lease.date,
                "letter": letter,
                "sequence": sequence,
                "code": draw.code,
                "state": NumberState.LEASED.value,
                "ticket": None,
            },
        )


def last_sequences(reader: Reader, office: str, day: date) -> dict[str, int]:
    """The highest number ever leased on a day, by stream."""
    statement = (
        sa.select(leased_numbers.c.letter, sa.func.max(leased_numbers.c.sequence).label("last"))
        .where(leased_numbers.c.office == office, leased_numbers.c.date == day)
        .group_by(leased_numbers.c.letter)
    )
    return {row.letter: row.last for row in ask(reader, statement, seeing=leased_numbers)}


def list_unused(reader: Reader, lease: Lease) -> list[Number]:
    """The numbers that a lease still has, in order."""
    statement = (
        sa.select(leased_numbers)
        .where(
            leased_numbers.c.lease == lease.id,
            leased_numbers.c.office == lease.office,
            leased_numbers.c.state == NumberState.LEASED.value,
        )
        .order_by(leased_numbers.c.letter, leased_numbers.c.sequence)
    )
    return [_number_from_row(row) for row in ask(reader, statement, seeing=leased_numbers)]


def find_number(reader: Reader, office: str, id: str) -> Number | None:
    """A leased number by the id of its ticket."""
    statement = sa.select(leased_numbers).where(
        leased_numbers.c.id == id, leased_numbers.c.office == office
    )
    row = ask(reader, statement, seeing=leased_numbers).one_or_none()
    return None if row is None else _number_from_row(row)


def find_unreported(reader: Reader, code: str) -> tuple[str, Number] | None:
    """The office and the number of a code that a kiosk may have given and has not reported; None if
    there is none in a lease that goes on.
    """
    statement = (
        sa.select(leased_numbers)
        .join(leases, leases.c.id == leased_numbers.c.lease)
        .where(
            leased_numbers.c.code == code,
            leased_numbers.c.state == NumberState.LEASED.value,
            leases.c.office == leased_numbers.c.office,
            leases.c.state == LeaseState.ACTIVE.value,
        )
    )
    row = ask(reader, statement, seeing=leased_numbers).one_or_none()
    return None if row is None else (row.office, _number_from_row(row))


def _number_from_row(row: Any) -> Number:
    return Number(
        row.id,
        row.code,
        leased_number(row.letter, row.sequence),
        row.letter,
        row.lease,
        NumberState(row.state),
        row.ticket,
    )


def use_number(tx: Transaction, office: str, number: Number, ticket: str | None) -> None:
    """Note that a number is out, and to which visit it leads."""
    tx.change(
        leased_numbers.update()
        .where(
            leased_numbers.c.id == number.id,
            leased_numbers.c.office == office,
            leased_numbers.c.state == NumberState.LEASED.value,
        )
        .values(state=NumberState.USED.value, ticket=ticket)
    )


def burn_numbers(tx: Transaction, lease: Lease) -> None:
    """Take from a lease the numbers that it has not used; nobody is given them any more."""
    tx.change(
        leased_numbers.update()
        .where(
            leased_numbers.c.lease == lease.id,
            leased_numbers.c.office == lease.office,
            leased_numbers.c.state == NumberState.LEASED.value,
        )
        .values(state=NumberState.BURNT.value)
    )


def count_fates(reader: Reader, office: str, day: date, lease: str | None = None) -> Fate:
    """How the leased numbers of a day, or of one lease of it, stand."""
    statement = (
        sa.select(leased_numbers.c.state, leases.c.state.label("of"), sa.func.count().label("many"))
        .select_from(leased_numbers.join(leases, leases.c.id == leased_numbers.c.lease))
        .where(
            leased_numbers.c.office == office,
            leased_numbers.c.date == day,
            leases.c.office == office,
        )
        .group_by(leased_numbers.c.state, leases.c.state)
    )
    if lease is not None:
        statement = statement.where(leases.c.id == lease)
    many: Counter[str] = Counter()
    for row in ask(reader, statement, seeing=leased_numbers):
        is_lost = row.state == NumberState.BURNT.value and row.of == LeaseState.LOST.value
        many["LOST" if is_lost else row.state] += row.many
    return Fate(many["USED"], many["BURNT"], many["LOST"], many["LEASED"])
