"""How far the chain of each office has come, who is at work on it, and how it goes on. One process
at a time works on an office.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.audit.chain import Growth, begin_office
from queue_server.store.leases import Lease
from queue_server.store.tables import chain_heads, chain_links, event_hashes, office_days
from queue_server.store.writer.transaction import Transaction

LEASE = Lease(chain_heads, chain_heads.c.leased_until, chain_heads.c.claims)


@dataclass(frozen=True)
class Unchained:
    """An office whose log goes on behind its chain. `number` and `hash` are those of its last
    link.
    """

    office: str
    number: int
    hash: bytes
    claims: int


_HASHED_TO = sa.func.coalesce(
    sa.select(sa.func.max(event_hashes.c.seq))
    .where(event_hashes.c.office == office_days.c.office, event_hashes.c.date == office_days.c.date)
    .scalar_subquery(),
    0,
)
"""Up to which event an office-day is chained. A look-up by key for each day."""


def list_unchained(connection: Connection, now: datetime, since: date) -> list[Unchained]:
    """Offices with events on days from `since` on that are not chained yet, but for those that are
    leased.
    """
    statement = (
        sa.select(office_days.c.office, chain_heads)
        .select_from(
            office_days.outerjoin(chain_heads, chain_heads.c.office == office_days.c.office)
        )
        .where(office_days.c.date >= since, office_days.c.seq > _HASHED_TO, LEASE.is_free(now))
        .distinct()
        .order_by(office_days.c.office)
    )
    return [
        Unchained(row[0], row.number, bytes(row.hash), row.claims)
        if row.number is not None
        else Unchained(row[0], 0, begin_office(row[0]), 0)
        for row in connection.execute(statement)
    ]


def list_days(connection: Connection, office: str, since: date) -> list[tuple[date, int]]:
    """The days of an office from `since` on that are not chained to their end, and up to where each
    is.
    """
    statement = (
        sa.select(office_days.c.date, _HASHED_TO.label("hashed_to"))
        .where(
            office_days.c.office == office,
            office_days.c.date >= since,
            office_days.c.seq > _HASHED_TO,
        )
        .order_by(office_days.c.date)
    )
    return [(row.date, row.hashed_to) for row in connection.execute(statement)]


def find_hash(connection: Connection, office: str, day: date, seq: int) -> bytes | None:
    """The stored hash of an event."""
    statement = sa.select(event_hashes.c.hash).where(
        event_hashes.c.office == office, event_hashes.c.date == day, event_hashes.c.seq == seq
    )
    value = connection.execute(statement).scalar_one_or_none()
    return None if value is None else bytes(value)


def count_unchained(connection: Connection, before: datetime) -> int:
    """How many events are not chained on days whose last one was before a moment, for the
    doctor.
    """
    behind = sa.select(sa.func.sum(office_days.c.seq - _HASHED_TO)).where(
        office_days.c.seq > _HASHED_TO, office_days.c.last_event_at < before
    )
    return int(connection.execute(behind).scalar_one() or 0)


def claim(tx: Transaction, owed: Unchained, now: datetime, until: datetime) -> bool:
    """Lease an office's chain. False if another process was faster."""
    own = chain_heads.c.office == owed.office
    known = sa.select(chain_heads.c.office).where(own)
    if tx.read(known, seeing=chain_heads).one_or_none() is None:
        tx.insert(
            chain_heads,
            {
                "office": owed.office,
                "number": owed.number,
                "hash": owed.hash,
                "leased_until": until,
                "claims": 1,
            },
        )
        return True
    return LEASE.claim(tx, own, owed.claims, now, until)


def settle(tx: Transaction, owed: Unchained, growth: Growth) -> None:
    """Store what a chain has grown by, and give the lease back. Nothing is stored once another
    process has the lease.
    """
    last: Sequence[object] = (owed.number, owed.hash)
    if growth.links:
        last = growth.links[-1].number, growth.links[-1].hash
    held = chain_heads.update().where(
        chain_heads.c.office == owed.office, LEASE.is_held(owed.claims)
    )
    if not tx.change(held.values(number=last[0], hash=last[1], leased_until=None)).rowcount:
        return
    for day, seq, value in growth.hashes:
        row = {"office": owed.office, "date": date.fromisoformat(day), "seq": seq, "hash": value}
        tx.insert(event_hashes, row)
    for link in growth.links:
        tx.insert(
            chain_links,
            {
                "office": link.office,
                "number": link.number,
                "date": date.fromisoformat(link.date),
                "seq": link.seq,
                "event_hash": link.event_hash,
                "hash": link.hash,
            },
        )
