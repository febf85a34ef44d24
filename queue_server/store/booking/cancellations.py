"""How many visits were cancelled, by the coded reason: counted in the log, without a name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.events import EventType
from queue_server.store.tables import events


def count_by_reason(
    connection: Connection, office: str, first: date, since: datetime
) -> dict[tuple[str | None, bool], int]:
    """Cancellations since a moment, of visits from the date `first` on: by their reason, and by
    whether the visitor cancelled.
    """
    reason: sa.ColumnElement[Any] = events.c.facts["reason"].as_string()
    is_own: sa.ColumnElement[Any] = events.c.facts["by"].as_string() == "holder"
    statement = (
        sa.select(reason.label("reason"), is_own.label("own"), sa.func.count().label("many"))
        .where(
            events.c.office == office,
            events.c.date >= first,
            events.c.at >= since,
            events.c.type == EventType.CANCELLED.value,
        )
        .group_by(sa.literal_column("1"), sa.literal_column("2"))
    )
    return {(row.reason, bool(row.own)): row.many for row in connection.execute(statement)}
