"""How far the reactions to each office-day's events have come, claimed by lease so that any number
of processes may work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from .tables import office_days, offices, relays
from .writer.transaction import Transaction

LONGEST = timedelta(minutes=15)
"""No lease and no pause before another try lasts longer."""


@dataclass(frozen=True)
class Backlog:
    """An office-day with events nobody has reacted to yet."""

    office: str
    date: date
    relayed_seq: int
    seq: int
    failures: int = 0
    last_error: str | None = None


_JOINED = sa.select(
    office_days.c.office,
    office_days.c.date,
    office_days.c.seq,
    sa.func.coalesce(relays.c.relayed_seq, 0).label("relayed_seq"),
    sa.func.coalesce(relays.c.failures, 0).label("failures"),
    relays.c.last_error,
    relays.c.leased_by,
    relays.c.leased_until,
    relays.c.retry_at,
).select_from(
    office_days.outerjoin(
        relays,
        sa.and_(relays.c.office == office_days.c.office, relays.c.date == office_days.c.date),
    )
)


def list_backlogs(connection: Connection, now: datetime, since: date) -> list[Backlog]:
    """Office-days from `since` on that have unrelayed events, are not leased to anybody and are not
    backing off.

    A lease or a pause that ends later than any lasts was given before the clock was set back, and
    holds nobody up.
    """
    statement = _JOINED.where(
        office_days.c.date >= since,
        office_days.c.seq > sa.func.coalesce(relays.c.relayed_seq, 0),
        _is_over(relays.c.leased_until, now),
        _is_over(relays.c.retry_at, now),
    )
    return [
        Backlog(row.office, row.date, row.relayed_seq, row.seq, row.failures, row.last_error)
        for row in connection.execute(statement)
    ]


def _is_over(until: sa.Column[datetime], now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(until.is_(None), until <= now, until > now + LONGEST)


def list_failing(connection: Connection) -> list[Backlog]:
    """Office-days whose reactions keep failing, for the doctor."""
    rows = connection.execute(_JOINED.where(relays.c.failures > 0))
    return [
        Backlog(row.office, row.date, row.relayed_seq, row.seq, row.failures, row.last_error)
        for row in rows
    ]


def count_failing(connection: Connection, since: date) -> int:
    """How many office-days from `since` on have reactions that keep failing. Cheap however many
    days there have been: each office's last ones are looked up by their key.
    """
    own = sa.and_(relays.c.office.in_(sa.select(offices.c.code)), relays.c.date >= since)
    return int(
        connection.execute(
            sa.select(sa.func.count()).select_from(relays).where(own, relays.c.failures > 0)
        ).scalar_one()
    )


def claim(tx: Transaction, backlog: Backlog, owner: str, now: datetime, until: datetime) -> bool:
    """Lease an office-day's backlog. False if another process was faster."""
    key = (relays.c.office == backlog.office, relays.c.date == backlog.date)
    if tx.read(sa.select(relays.c.office).where(*key), seeing=relays).one_or_none() is None:
        tx.insert(
            relays,
            {
                "office": backlog.office,
                "date": backlog.date,
                "relayed_seq": 0,
                "leased_by": owner,
                "leased_until": until,
            },
        )
        return True
    free = sa.or_(_is_over(relays.c.leased_until, now), relays.c.leased_by == owner)
    statement = relays.update().where(*key, free, relays.c.relayed_seq == backlog.relayed_seq)
    return tx.change(statement.values(leased_by=owner, leased_until=until)).rowcount == 1


def advance(tx: Transaction, office: str, day: date, owner: str, relayed_seq: int) -> None:
    """Note how far the reactions have come and give the lease back."""
    statement = relays.update().where(
        relays.c.office == office, relays.c.date == day, relays.c.leased_by == owner
    )
    tx.change(
        statement.values(
            relayed_seq=relayed_seq,
            leased_by=None,
            leased_until=None,
            failures=0,
            retry_at=None,
            last_error=None,
        )
    )


def fail(
    tx: Transaction,
    office: str,
    day: date,
    owner: str,
    relayed_seq: int,
    retry_at: datetime,
    error: str,
) -> None:
    """Note that a reaction failed; the rest of this office-day waits until `retry_at`."""
    statement = relays.update().where(
        relays.c.office == office, relays.c.date == day, relays.c.leased_by == owner
    )
    tx.change(
        statement.values(
            relayed_seq=relayed_seq,
            leased_by=None,
            leased_until=None,
            failures=relays.c.failures + 1,
            retry_at=retry_at,
            last_error=error[:500],
        )
    )
