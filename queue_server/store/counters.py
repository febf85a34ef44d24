"""Who works at which counter on a date."""
from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from .compiled import Compiled
from .tables import counter_days, counters

if TYPE_CHECKING:
    from .transaction import Transaction

_CLERK = Compiled(
    sa.select(counter_days.c.clerk).where(
        counter_days.c.office == sa.bindparam("office"), counter_days.c.date == sa.bindparam("date"),
        counter_days.c.counter == sa.bindparam("counter"),
    )
)


@cache
def _upsert(dialect: str) -> Any:
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(counter_days)
    return insert.on_conflict_do_update(
        index_elements=["office", "date", "counter"],
        set_={"clerk": insert.excluded.clerk, "opened_at": insert.excluded.opened_at},
    )


def clerk_at(tx: Transaction, office: str, day: date, counter: str) -> str | None:
    """The clerk who has a counter open, or None."""
    rows = tx.rows(_CLERK, {"office": office, "date": day, "counter": counter}, seeing=counter_days)
    return rows[0].clerk if rows else None


def counters_of(tx: Transaction, office: str, day: date, clerk: str) -> list[str]:
    """The counters a clerk has open."""
    statement = sa.select(counter_days.c.counter).where(
        counter_days.c.office == office, counter_days.c.date == day, counter_days.c.clerk == clerk
    )
    return list(tx.read(statement, seeing=counter_days).scalars())


def set_clerk(tx: Transaction, office: str, day: date, counter: str, clerk: str | None, now: datetime) -> None:
    """Open a counter for a clerk, or close it (None)."""
    opened_at = None if clerk is None else now
    tx.change(_upsert(tx.dialect), {"office": office, "date": day, "counter": counter, "clerk": clerk, "opened_at": opened_at})


def list_open(connection: Connection, office: str, day: date) -> dict[str, str]:
    """Open counters and who works there."""
    statement = sa.select(counter_days.c.counter, counter_days.c.clerk).where(
        counter_days.c.office == office, counter_days.c.date == day, counter_days.c.clerk.is_not(None)
    )
    return {row.counter: row.clerk for row in connection.execute(statement)}


def office_of(connection: Connection, counter: str) -> str | None:
    """The office a counter belongs to."""
    office: str | None = connection.execute(sa.select(counters.c.office).where(counters.c.id == counter)).scalar_one_or_none()
    return office
