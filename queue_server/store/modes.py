"""Decisions on the service mode of offices and services. The caller revises the office."""
from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..domain.modes import ModePeriod, ServiceMode
from .tables import mode_periods

if TYPE_CHECKING:
    from .transaction import Transaction


def load(connection: Connection, office: str) -> tuple[ModePeriod, ...]:
    """All decisions of an office, the oldest first."""
    statement = sa.select(mode_periods).where(mode_periods.c.office == office).order_by(mode_periods.c.decided_at, mode_periods.c.id)
    return tuple(
        ModePeriod(
            row.id, ServiceMode(row.mode), row.starts_at, row.decided_at, row.decided_by, row.ends_at, row.service,
            row.review_on, row.notice,
        )
        for row in connection.execute(statement)
    )


def add(tx: Transaction, office: str, period: ModePeriod) -> None:
    """Store a decision."""
    tx.insert(
        mode_periods,
        {
            "id": period.id, "office": office, "service": period.service, "mode": period.mode.value, "starts_at": period.starts_at,
            "ends_at": period.ends_at, "review_on": period.review_on, "notice": dict(period.notice), "decided_at": period.decided_at,
            "decided_by": period.decided_by,
        },
    )


def end(tx: Transaction, office: str, id: str, at: datetime) -> None:
    """Let a decision hold only until a moment; one that has not begun by then never does."""
    mine = (mode_periods.c.office == office, mode_periods.c.id == id)
    tx.change(mode_periods.delete().where(*mine, mode_periods.c.starts_at >= at))
    tx.change(mode_periods.update().where(*mine).values(ends_at=at))
