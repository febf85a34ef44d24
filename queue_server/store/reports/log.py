"""The events of an office read for reports: one date after another, and no more of each event than
the figures need.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.events import EventType
from queue_server.domain.reports.line import MOST_FREQUENT_OTHERS, Line
from queue_server.store.tables import events
from queue_server.store.writer.compiled import Compiled

from .facts import pick_facts


def _select_day(at: sa.ColumnElement[Any]) -> Compiled:
    """The events of an office-day in order. The facts are read here: a database takes several times
    as long to pick some of them out.
    """
    is_untold = [events.c.type == sa.literal_column(f"'{each}'") for each in MOST_FREQUENT_OTHERS]
    facts = sa.case(*((each, sa.null()) for each in is_untold), else_=events.c.facts)
    return Compiled(
        sa.select(
            events.c.type, events.c.ticket, at.label("at"), facts.cast(sa.Text).label("facts")
        )
        .where(events.c.office == sa.bindparam("b_office"), events.c.date == sa.bindparam("b_date"))
        .order_by(events.c.seq)
    )


_OF_DAY = {
    "sqlite": _select_day(sa.type_coerce(events.c.at, sa.BigInteger)),
    "postgresql": _select_day(sa.cast(sa.extract("epoch", events.c.at) * 1_000_000, sa.BigInteger)),
}


def read_day(connection: Connection, office: str, day: date) -> Iterator[Line]:
    """The events of an office-day, in order."""
    rows = _OF_DAY[connection.dialect.name].walk(connection, {"b_office": office, "b_date": day})
    for type, ticket, at, text in rows:
        yield type, ticket, at, None if text is None else pick_facts(type, text)


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
            # spelled as in the index that makes this cheap
            events.c.type == sa.literal_column(f"'{EventType.LIMIT_CHANGED}'"),
        )
        .order_by(events.c.date, events.c.seq)
    )
    for facts in connection.execute(statement).scalars():
        # Its shares are changed by an event of the same type.
        if "limit" in facts["changed"]:
            before: int | None = facts["changed"]["limit"][0]
            return before
    return present
