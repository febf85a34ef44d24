"""What the sensors at the doors have counted: one row for each sensor and date."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from queue_server.domain.door.sensors import DoorCount, Reading
from queue_server.store.tables import door_counts
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def _count_from_row(row: Row[Any]) -> DoorCount:
    return DoorCount(
        row.sensor,
        row.date,
        Reading(row.total_in, row.total_out, row.at),
        row.base_in,
        row.base_out,
    )


def find_newest(tx: Transaction, office: str, sensor: str, until: date) -> DoorCount | None:
    """A sensor's count of a date, or else of the last date before on which it was heard."""
    statement = (
        sa.select(door_counts)
        .where(
            door_counts.c.office == office,
            door_counts.c.sensor == sensor,
            door_counts.c.date <= until,
        )
        .order_by(door_counts.c.date.desc())
        .limit(1)
    )
    row = tx.read(statement, seeing=door_counts).one_or_none()
    return None if row is None else _count_from_row(row)


def list_on(reader: Reader, office: str, day: date) -> list[DoorCount]:
    """All sensors heard on an office-day."""
    statement = (
        sa.select(door_counts)
        .where(door_counts.c.office == office, door_counts.c.date == day)
        .order_by(door_counts.c.sensor)
    )
    return [_count_from_row(row) for row in ask(reader, statement, seeing=door_counts)]


def put(tx: Transaction, office: str, count: DoorCount, *, is_new: bool) -> None:
    """Store a sensor's count."""
    values = {
        "total_in": count.last.total_in,
        "total_out": count.last.total_out,
        "at": count.last.at,
        "base_in": count.base_in,
        "base_out": count.base_out,
    }
    if is_new:
        tx.insert(
            door_counts, {"office": office, "date": count.date, "sensor": count.sensor, **values}
        )
        return
    tx.change(
        door_counts.update()
        .where(
            door_counts.c.office == office,
            door_counts.c.date == count.date,
            door_counts.c.sensor == count.sensor,
        )
        .values(**values)
    )
