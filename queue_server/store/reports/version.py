"""Whether a report would still say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store.tables import office_days, offices, triage_counts, triage_overrides


def version_of(
    connection: Connection, codes: Sequence[str], first: date, last: date
) -> tuple[int, ...]:
    """Numbers that stay the same as long as nothing is added to what a report of these offices and
    dates is made of: events and counts only grow, settings have their revision.
    """
    sums = [
        sa.select(sa.func.coalesce(sa.func.sum(amount), 0)).where(
            table.c.office.in_(codes), table.c.date.between(first, last)
        )
        for table, amount in (
            (office_days, office_days.c.seq),
            (
                triage_counts,
                triage_counts.c.advised + triage_counts.c.overridden + triage_counts.c.returned,
            ),
            (triage_overrides, triage_overrides.c.visits),
        )
    ]
    revisions = sa.select(sa.func.coalesce(sa.func.sum(offices.c.revision), 0)).where(
        offices.c.code.in_(codes)
    )
    return tuple(int(connection.execute(each).scalar_one()) for each in (*sums, revisions))
