"""The proof of purges: what each night deletes is counted in the transaction that deletes it, and
sealed when nothing is left to delete.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from queue_server.domain.privacy.purges import Purge, PurgeRow
from queue_server.domain.privacy.retention import DataKind
from queue_server.store.tables import Instant, office_days, purges
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def count(tx: Transaction, office: str, kind: DataKind, rows: int, now: datetime) -> None:
    """Count what was just deleted for the office's night that is open. No day need be declared."""
    if rows <= 0:
        return
    today = tx.office(office).date_at(now)
    night = today + timedelta(days=1) if is_finished(tx, office, today) else today
    insert = (postgresql if tx.dialect == "postgresql" else sqlite).insert(purges)
    add = insert.values(office=office, night=night, kind=kind.value, rows=rows)
    tx.change(
        add.on_conflict_do_update(
            index_elements=[purges.c.office, purges.c.night, purges.c.kind],
            set_={"rows": purges.c.rows + rows},
        )
    )


def is_finished(reader: Reader, office: str, night: date) -> bool:
    """Whether an office's purge of a night has come to its end."""
    statement = sa.select(purges.c.night).where(
        purges.c.office == office, purges.c.night == night, purges.c.finished_at.is_not(None)
    )
    return ask(reader, statement.limit(1), seeing=purges).first() is not None


def list_counted(reader: Reader, office: str, night: date) -> dict[DataKind, int]:
    """What was deleted since the last finished purge, by kind; of nights that never came to their
    end too.
    """
    statement = (
        sa.select(purges.c.kind, sa.func.sum(purges.c.rows).label("total"))
        .where(purges.c.office == office, purges.c.night <= night, purges.c.finished_at.is_(None))
        .group_by(purges.c.kind)
    )
    rows = ask(reader, statement, seeing=purges).all()
    return {DataKind(row.kind): int(row.total) for row in rows}


def seal(tx: Transaction, purge: Purge) -> None:
    """Store a finished night in the place of what was counted for it."""
    tx.change(
        purges.delete().where(
            purges.c.office == purge.office,
            purges.c.night <= purge.night,
            purges.c.finished_at.is_(None),
        )
    )
    for each in purge.rows:
        tx.insert(
            purges,
            {
                "office": purge.office,
                "night": purge.night,
                "kind": each.kind.value,
                "rows": each.rows,
                "until": each.until,
                "rule": each.rule,
                "finished_at": purge.finished_at,
                "digest": purge.digest,
            },
        )


def list_finished(reader: Reader, office: str, nights: int | None = None) -> list[Purge]:
    """The newest finished nights of an office, the oldest first; None: all of them."""
    own = (purges.c.office == office, purges.c.finished_at.is_not(None))
    statement = sa.select(purges).where(*own).order_by(purges.c.night, purges.c.kind)
    if nights is not None:
        newest = (
            sa.select(purges.c.night).where(*own).distinct().order_by(purges.c.night.desc())
        ).limit(nights)
        statement = statement.where(purges.c.night.in_(newest))
    by_night: dict[date, list[sa.Row[tuple[object, ...]]]] = {}
    for row in ask(reader, statement, seeing=purges).all():
        by_night.setdefault(row.night, []).append(row)
    return [_purge_from_rows(rows) for rows in by_night.values()]


def _purge_from_rows(rows: Sequence[sa.Row[tuple[object, ...]]]) -> Purge:
    first = rows[0]
    return Purge(
        first.office,
        first.night,
        first.finished_at,
        first.digest,
        tuple(PurgeRow(DataKind(row.kind), row.rows, row.until, row.rule) for row in rows),
    )


def last_finished_at(reader: Reader, office: str) -> datetime | None:
    """When an office's newest purge came to its end."""
    statement = sa.select(sa.func.max(purges.c.finished_at, type_=Instant)).where(
        purges.c.office == office
    )
    moment: datetime | None = ask(reader, statement, seeing=purges).scalar_one()
    return moment


def first_day_of(reader: Reader, office: str) -> date | None:
    """The first day on which anything happened at an office."""
    statement = sa.select(sa.func.min(office_days.c.date)).where(
        office_days.c.office == office, office_days.c.seq > 0
    )
    day: date | None = ask(reader, statement, seeing=office_days).scalar_one()
    return day
