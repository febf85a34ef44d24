"""Who works at which counter on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from queue_server.store.tables import counter_days, counters
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class CounterDay:
    """A counter on a date: who has it open since when; `break_since` is set while that clerk is on
    break. `reason` says why it is closed or on break. Invariant: no clerk, no break.
    """

    clerk: str | None = None
    opened_at: datetime | None = None
    break_since: datetime | None = None
    reason: str | None = None


CLOSED = CounterDay()

_STATE = ("clerk", "opened_at", "break_since", "reason")
_COLUMNS = [counter_days.c[name] for name in _STATE]
_FIND = Compiled(
    sa.select(*_COLUMNS).where(
        counter_days.c.office == sa.bindparam("office"),
        counter_days.c.date == sa.bindparam("date"),
        counter_days.c.counter == sa.bindparam("counter"),
    )
)
_OF_DAY = Compiled(
    sa.select(counter_days.c.counter, *_COLUMNS).where(
        counter_days.c.office == sa.bindparam("office"), counter_days.c.date == sa.bindparam("date")
    )
)
_ANYWHERE = sa.select(counters.c.office).where(counters.c.id == sa.bindparam("counter"))
_OFFICE_OF, _OFFICE_OF_IN = (
    Compiled(_ANYWHERE),
    Compiled(_ANYWHERE.where(counters.c.office == sa.bindparam("office"))),
)


@cache
def _upsert(dialect: str) -> Any:
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(counter_days)
    return insert.on_conflict_do_update(
        index_elements=["office", "date", "counter"],
        set_={
            name: insert.excluded[name] for name in ("clerk", "opened_at", "break_since", "reason")
        },
    )


def find(tx: Transaction, office: str, day: date, counter: str) -> CounterDay:
    """A counter on a date; closed before anybody has opened it."""
    rows = tx.rows(_FIND, {"office": office, "date": day, "counter": counter}, seeing=counter_days)
    return CounterDay(*rows[0]) if rows else CLOSED


def clerk_at(tx: Transaction, office: str, day: date, counter: str) -> str | None:
    """The clerk who has a counter, open or on break, or None."""
    return find(tx, office, day, counter).clerk


def staffed(tx: Transaction, office: str, day: date) -> dict[str, str]:
    """The counters that have a clerk, open or on break."""
    statement = sa.select(counter_days.c.counter, counter_days.c.clerk).where(
        counter_days.c.office == office,
        counter_days.c.date == day,
        counter_days.c.clerk.is_not(None),
    )
    return {row.counter: row.clerk for row in tx.read(statement, seeing=counter_days)}


def counters_of(tx: Transaction, office: str, day: date, clerk: str) -> list[str]:
    """The counters a clerk has, open or on break."""
    statement = sa.select(counter_days.c.counter).where(
        counter_days.c.office == office, counter_days.c.date == day, counter_days.c.clerk == clerk
    )
    return list(tx.read(statement, seeing=counter_days).scalars())


def put(tx: Transaction, office: str, day: date, counter: str, state: CounterDay) -> None:
    """Replace the state of a counter on a date."""
    values = {name: getattr(state, name) for name in _STATE}
    tx.change(_upsert(tx.dialect), {"office": office, "date": day, "counter": counter, **values})


def list_days(connection: Connection, office: str, day: date) -> dict[str, CounterDay]:
    """All counters of an office that were opened on a date."""
    return {
        row.counter: CounterDay(*row[1:])
        for row in _OF_DAY.rows(connection, {"office": office, "date": day})
    }


def office_of(connection: Connection, counter: str, office: str | None) -> str | None:
    """The office a counter belongs to, with `office` only if it is that one: another's is as
    unknown as none.
    """
    rows = (_OFFICE_OF if office is None else _OFFICE_OF_IN).rows(
        connection, {"counter": counter, "office": office}
    )
    return rows[0].office if rows else None
