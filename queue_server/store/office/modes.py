"""Decisions on the service mode of offices and services. Read by `writer.office_rows`; the caller
revises the office.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.office.modes import ModePeriod
from queue_server.store.tables import mode_periods
from queue_server.store.writer.transaction import Transaction


def add(tx: Transaction, office: str, period: ModePeriod) -> None:
    """Store a decision."""
    tx.insert(
        mode_periods,
        {
            "id": period.id,
            "office": office,
            "service": period.service,
            "mode": period.mode.value,
            "starts_at": period.starts_at,
            "ends_at": period.ends_at,
            "review_on": period.review_on,
            "notice": dict(period.notice),
            "decided_at": period.decided_at,
            "decided_by": period.decided_by,
        },
    )


def end(tx: Transaction, office: str, id: str, at: datetime) -> None:
    """Let a decision hold only until a moment; one that has not begun by then never does."""
    mine = (mode_periods.c.office == office, mode_periods.c.id == id)
    tx.change(mode_periods.delete().where(*mine, mode_periods.c.starts_at >= at))
    tx.change(mode_periods.update().where(*mine).values(ends_at=at))
