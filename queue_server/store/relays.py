"""How far the reactions to each office-day's events have come, and which of them are behind. One
process at a time works on a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from .leases import Lease, is_over
from .tables import events, office_days, offices, relays
from .writer.transaction import Transaction

LEASE = Lease(relays, relays.c.leased_until, relays.c.claims)


@dataclass(frozen=True)
class Behind:
    """A reaction that the others have not waited for: up to which event it has come, how often in a
    row it has failed at the next one, and when it goes on.
    """

    relayed_seq: int
    failures: int
    retry_at: datetime
    error: str


@dataclass(frozen=True)
class Backlog:
    """An office-day with events that not all reactions have seen yet. `relayed_seq`: how far those
    have come that are not `behind`, by their names.
    """

    office: str
    date: date
    relayed_seq: int
    seq: int
    claims: int = 0
    behind: Mapping[str, Behind] = field(default_factory=dict)


_JOINED = sa.select(
    office_days.c.office,
    office_days.c.date,
    office_days.c.seq,
    sa.func.coalesce(relays.c.relayed_seq, 0).label("relayed_seq"),
    sa.func.coalesce(relays.c.claims, 0).label("claims"),
    relays.c.behind,
).select_from(
    office_days.outerjoin(
        relays,
        sa.and_(relays.c.office == office_days.c.office, relays.c.date == office_days.c.date),
    )
)


def list_backlogs(connection: Connection, now: datetime, since: date) -> list[Backlog]:
    """Office-days from `since` on with events nobody has reacted to, or with a reaction that is to
    be tried again now; not those that are leased.
    """
    is_waiting = office_days.c.seq > sa.func.coalesce(relays.c.relayed_seq, 0)
    is_due = sa.and_(relays.c.behind.is_not(None), is_over(relays.c.retry_at, now))
    statement = _JOINED.where(
        office_days.c.date >= since, sa.or_(is_waiting, is_due), LEASE.is_free(now)
    )
    return _read_backlogs(connection, statement)


def list_failing(connection: Connection) -> list[Backlog]:
    """Office-days on which a reaction keeps failing, for the doctor."""
    statement = _JOINED.where(relays.c.failures > 0, relays.c.behind.is_not(None))
    return _read_backlogs(connection, statement)


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


def find_oldest_waiting(connection: Connection, since: date) -> datetime | None:
    """When the first event happened that no reaction has seen yet, on office-days from `since`
    on.
    """
    relayed = (
        sa.select(relays.c.relayed_seq)
        .where(relays.c.office == office_days.c.office, relays.c.date == office_days.c.date)
        .scalar_subquery()
    )
    statement = sa.select(sa.func.min(events.c.at)).select_from(
        office_days.join(
            events,
            sa.and_(
                events.c.office == office_days.c.office,
                events.c.date == office_days.c.date,
                events.c.seq == sa.func.coalesce(relayed, 0) + 1,
            ),
        )
    )
    oldest: datetime | None = connection.execute(
        statement.where(office_days.c.date >= since)
    ).scalar()
    return oldest


def claim(tx: Transaction, backlog: Backlog, now: datetime, until: datetime) -> bool:
    """Lease an office-day's backlog. False if another process was faster."""
    key = _key(backlog)
    if tx.read(sa.select(relays.c.office).where(key), seeing=relays).one_or_none() is None:
        tx.insert(
            relays,
            {
                "office": backlog.office,
                "date": backlog.date,
                "relayed_seq": 0,
                "leased_until": until,
                "claims": 1,
            },
        )
        return True
    return LEASE.claim(tx, key, backlog.claims, now, until)


def settle(
    tx: Transaction, backlog: Backlog, relayed_seq: int, behind: Mapping[str, Behind]
) -> None:
    """Note how far the reactions have come and which are behind, and give the lease back."""
    worst = max(behind.values(), key=lambda each: each.failures, default=None)
    statement = relays.update().where(_key(backlog), LEASE.is_held(backlog.claims))
    tx.change(
        statement.values(
            relayed_seq=relayed_seq,
            leased_until=None,
            behind={name: _behind_to_json(each) for name, each in behind.items()} or None,
            failures=worst.failures if worst else 0,
            retry_at=min((each.retry_at for each in behind.values()), default=None),
            last_error=worst.error if worst else None,
        )
    )


def _key(backlog: Backlog) -> sa.ColumnElement[bool]:
    return sa.and_(relays.c.office == backlog.office, relays.c.date == backlog.date)


def _read_backlogs(connection: Connection, statement: sa.Select[Any]) -> list[Backlog]:
    return [
        Backlog(
            row.office,
            row.date,
            row.relayed_seq,
            row.seq,
            row.claims,
            {name: _behind_from_json(each) for name, each in (row.behind or {}).items()},
        )
        for row in connection.execute(statement)
    ]


def _behind_to_json(behind: Behind) -> list[Any]:
    return [behind.relayed_seq, behind.failures, behind.retry_at.isoformat(), behind.error[:500]]


def _behind_from_json(kept: list[Any]) -> Behind:
    relayed_seq, failures, retry_at, error = kept
    return Behind(relayed_seq, failures, datetime.fromisoformat(retry_at), error)
