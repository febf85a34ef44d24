"""The events of an office read for reports: one date after another, and no more of each event than
the figures need.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.events import EventType
from queue_server.domain.reports.line import TOLD_BY_FACTS, Facts, Line
from queue_server.store.tables import events, office_days
from queue_server.store.writer.compiled import Compiled

_NOTHING: Facts = {}
_read = json.JSONDecoder().raw_decode
"""A third quicker than `json.loads` for texts this short."""


def _select_day(at: sa.ColumnElement[Any]) -> Compiled:
    """The events of an office-day in order. To send the facts of all of them would take most of the
    time.
    """
    told = events.c.type.in_([sa.literal_column(f"'{each}'") for each in sorted(TOLD_BY_FACTS)])
    is_picked = sa.and_(
        events.c.type == sa.literal_column(f"'{EventType.CALLED}'"),
        events.c.facts["direct"].as_boolean(),
    )
    return Compiled(
        sa.select(
            events.c.type,
            events.c.ticket,
            at.label("at"),
            sa.case((told, events.c.facts), (is_picked, events.c.facts))
            .cast(sa.Text)
            .label("facts"),
        )
        .where(events.c.office == sa.bindparam("b_office"), events.c.date == sa.bindparam("b_date"))
        .order_by(events.c.seq)
    )


_OF_DAY = {
    "sqlite": _select_day(sa.type_coerce(events.c.at, sa.BigInteger)),
    "postgresql": _select_day(sa.cast(sa.extract("epoch", events.c.at) * 1_000_000, sa.BigInteger)),
}


def list_dates(connection: Connection, office: str, first: date, last: date) -> list[date]:
    """The dates between two on which anything happened at an office, in order."""
    statement = (
        sa.select(office_days.c.date)
        .where(
            office_days.c.office == office,
            office_days.c.date.between(first, last),
            office_days.c.seq > 0,
        )
        .order_by(office_days.c.date)
    )
    return list(connection.execute(statement).scalars())


def read_day(connection: Connection, office: str, day: date) -> list[Line]:
    """The events of an office-day, in order."""
    query = _OF_DAY[connection.dialect.name]
    return [
        (type, ticket or "", at, _read(facts)[0] if facts else _NOTHING)
        for type, ticket, at, facts in query.rows(connection, {"b_office": office, "b_date": day})
    ]


def find_limit_before(
    connection: Connection, office: str, first: date, present: int | None
) -> int | None:
    """The limit that held when a date began: what the first later change of it changed. `present`
    is the limit of now, which holds if there was none.
    """
    statement = (
        sa.select(events.c.facts)
        .where(
            events.c.office == office,
            events.c.date >= first,
            events.c.type == EventType.LIMIT_CHANGED.value,
        )
        .order_by(events.c.date, events.c.seq)
    )
    for facts in connection.execute(statement).scalars():
        # Its shares are changed by an event of the same type.
        if "limit" in facts["changed"]:
            before: int | None = facts["changed"]["limit"][0]
            return before
    return present
