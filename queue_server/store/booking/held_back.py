"""Places that were given up and are kept back for a while, so that nobody can lie in wait for
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.visit.claim import Claim, Pool
from queue_server.store.tables import kept_places
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def keep(
    tx: Transaction, id: str, office: str, day: date, claim: Claim, public_at: datetime
) -> None:
    """Keep given-up places taken until a moment, so that nobody can lie in wait for them."""
    tx.insert(
        kept_places,
        {
            "id": id,
            "office": office,
            "date": day,
            "starts_at": claim.starts_at,
            "span": claim.span,
            "letter": claim.letter,
            "pool": claim.pool.value,
            "people": claim.people,
            "public_at": public_at,
        },
    )


@dataclass(frozen=True)
class Kept:
    """Places kept back: what, and until when."""

    id: str
    claim: Claim
    public_at: datetime


_KEPT = (
    sa.select(kept_places)
    .where(
        kept_places.c.office == sa.bindparam("office"), kept_places.c.date == sa.bindparam("date")
    )
    .order_by(kept_places.c.public_at, kept_places.c.id)
)


def list_of_day(reader: Reader, office: str, day: date) -> list[Kept]:
    """Places of a day that are kept back, the earliest to be freed first."""
    return [
        _kept_from_row(row)
        for row in ask(reader, _KEPT, {"office": office, "date": day}, seeing=kept_places)
    ]


_NEXT_PUBLIC = Compiled(
    sa.select(sa.func.min(kept_places.c.public_at).label("at")).where(
        kept_places.c.office == sa.bindparam("office"), kept_places.c.date == sa.bindparam("date")
    )
)


def next_public(tx: Transaction, office: str, day: date) -> datetime | None:
    """When the first places kept back on an office-day become public, or became."""
    at: datetime | None = tx.rows(
        _NEXT_PUBLIC, {"office": office, "date": day}, seeing=kept_places
    )[0].at
    return at


def _kept_from_row(row: sa.Row[Any]) -> Kept:
    return Kept(
        row.id,
        Claim(row.starts_at, row.span, row.letter, Pool(row.pool), row.people),
        row.public_at,
    )


def free(tx: Transaction, office: str, id: str) -> None:
    """Keep these places back no longer; the caller gives them on."""
    tx.change(kept_places.delete().where(kept_places.c.office == office, kept_places.c.id == id))


def list_due_days(connection: Connection, now: datetime, limit: int) -> list[tuple[str, date]]:
    """Office-days on which places kept back are due to become public."""
    statement = (
        sa.select(kept_places.c.office, kept_places.c.date)
        .where(kept_places.c.public_at <= now)
        .distinct()
        .limit(limit)
    )
    return sorted((row.office, row.date) for row in connection.execute(statement))


def list_days(connection: Connection, office: str, first: date, last: date) -> list[date]:
    """Dates of an office on which places are kept back."""
    statement = (
        sa.select(kept_places.c.date)
        .where(kept_places.c.office == office, kept_places.c.date.between(first, last))
        .distinct()
    )
    return sorted(connection.execute(statement).scalars())
