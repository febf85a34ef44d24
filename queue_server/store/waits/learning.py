"""What offices have learnt of waits: the records of past days, and the model made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.waits.estimate import QueueSight, WaitModel
from queue_server.domain.waits.learning import WaitRecord
from queue_server.store.tables import office_days, wait_days, wait_models
from queue_server.store.writer.transaction import Transaction


def learnt_until(connection: Connection, office: str) -> date | None:
    """The last date an office has learnt from, or None before the first."""
    until: date | None = connection.execute(
        sa.select(wait_models.c.learnt_until).where(wait_models.c.office == office)
    ).scalar_one_or_none()
    return until


def next_date(connection: Connection, office: str, after: date, before: date) -> date | None:
    """The first date between the two on which anything happened at an office, or None."""
    statement = sa.select(sa.func.min(office_days.c.date)).where(
        office_days.c.office == office, office_days.c.date > after, office_days.c.date < before
    )
    following: date | None = connection.execute(statement).scalar_one()
    return following


def list_days(
    connection: Connection, office: str, before: date, limit: int
) -> list[list[WaitRecord]]:
    """The records of an office's latest days before a date, the oldest first."""
    statement = (
        sa.select(wait_days.c.records)
        .where(wait_days.c.office == office, wait_days.c.date < before)
        .order_by(wait_days.c.date.desc())
        .limit(limit)
    )
    return [
        [_record_from_row(each) for each in records]
        for records in reversed(connection.execute(statement).scalars().all())
    ]


def keep_day(tx: Transaction, office: str, day: date, records: Sequence[WaitRecord]) -> None:
    """Keep the records of a day, once."""
    tx.change(wait_days.delete().where(wait_days.c.office == office, wait_days.c.date == day))
    tx.insert(
        wait_days,
        {"office": office, "date": day, "records": [_row_from_record(each) for each in records]},
    )


def forget_days(tx: Transaction, office: str, before: date) -> None:
    """Delete records of days that are no longer learnt from."""
    tx.change(wait_days.delete().where(wait_days.c.office == office, wait_days.c.date < before))


def _row_from_record(record: WaitRecord) -> list[Any]:
    sight = [
        round(value, 3) if isinstance(value, float) else value for value in astuple(record.sight)
    ]
    return [record.stream, round(record.wait, 3), *sight]


def _record_from_row(row: Sequence[Any]) -> WaitRecord:
    stream, wait, *sight = row
    return WaitRecord(stream, QueueSight(*sight), wait)


def keep_model(tx: Transaction, office: str, until: date, model: WaitModel | None) -> bool:
    """Replace what an office has learnt by what it knows after a date. False if another process has
    learnt from that date before.
    """
    stored = None if model is None else _json_from_model(model)
    mine = wait_models.c.office == office
    if (
        tx.read(sa.select(wait_models.c.office).where(mine), seeing=wait_models).one_or_none()
        is None
    ):
        tx.insert(
            wait_models, {"office": office, "learnt_until": until, "revision": 1, "model": stored}
        )
        return True
    change = wait_models.update().where(mine, wait_models.c.learnt_until < until)
    return (
        tx.change(
            change.values(learnt_until=until, revision=wait_models.c.revision + 1, model=stored)
        ).rowcount
        == 1
    )


def _json_from_model(model: WaitModel) -> dict[str, Any]:
    return {
        "streams": {
            stream: [
                round(each.rate, 6),
                round(each.usual, 3),
                {hour: round(value, 3) for hour, value in each.usual_by_hour.items()},
                each.counters,
            ]
            for stream, each in model.streams.items()
        },
        "weights": model.weights,
        "edges": model.edges,
        "errors": model.errors,
        "misses": {
            stream: [round(each.low, 6), round(each.high, 6)]
            for stream, each in model.misses.items()
        },
        "bin_misses": [[round(each.low, 6), round(each.high, 6)] for each in model.bin_misses],
    }
