"""The places that are set aside for the leases of kiosks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from queue_server.domain.door.leases import Lease
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.step import Draw
from queue_server.store.tables import leased_places
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class Leased:
    """A place set aside for a lease. `used`: somebody has come for it whose whole party fitted into
    no slot.
    """

    id: str
    lease: str
    claim: Claim
    used: bool = False


def add(tx: Transaction, lease: Lease, claims: Sequence[Claim], draws: Iterable[Draw]) -> None:
    """Store places that the caller has taken in the day's plan."""
    for claim, draw in zip(claims, draws, strict=True):
        tx.insert(
            leased_places,
            {
                "id": draw.id,
                "lease": lease.id,
                "office": lease.office,
                "date": lease.date,
                "starts_at": claim.starts_at,
                "span": claim.span,
                "letter": claim.letter,
                "pool": claim.pool.value,
                "people": claim.people,
                "used": False,
            },
        )


def list_of_day(reader: Reader, office: str, day: date, lease: str | None = None) -> list[Leased]:
    """The places of a day that are leased, or of one lease, in order of time."""
    statement = (
        sa.select(leased_places)
        .where(leased_places.c.office == office, leased_places.c.date == day)
        .order_by(leased_places.c.starts_at, leased_places.c.id)
    )
    if lease is not None:
        statement = statement.where(leased_places.c.lease == lease)
    return [
        Leased(
            row.id,
            row.lease,
            Claim(row.starts_at, row.span, row.letter, Pool(row.pool), row.people),
            row.used,
        )
        for row in ask(reader, statement, seeing=leased_places)
    ]


def drop(tx: Transaction, office: str, id: str) -> None:
    """Forget a leased place; the caller has given it back, or given it to a visitor."""
    tx.change(
        leased_places.delete().where(leased_places.c.id == id, leased_places.c.office == office)
    )


def use(tx: Transaction, office: str, id: str) -> None:
    """Note that somebody has come for a leased place, without it being their ticket's."""
    tx.change(
        leased_places.update()
        .where(leased_places.c.id == id, leased_places.c.office == office)
        .values(used=True)
    )


def refit(tx: Transaction, office: str, id: str, span: int) -> None:
    """Note how many slots a leased place takes after the day was planned anew."""
    tx.change(
        leased_places.update()
        .where(leased_places.c.id == id, leased_places.c.office == office)
        .values(span=span)
    )
