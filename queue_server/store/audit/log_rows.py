"""The log as its rows say, whatever they say: whoever checks it must be able to read what somebody
has tampered with.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.audit.chain import Link, LogRow
from queue_server.store.tables import chain_heads, chain_links, event_hashes, events, office_days

_AS_STORED = sa.types.NullType()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WITH_DAYS = (events, event_hashes, office_days, chain_links)


def list_rows(
    connection: Connection, office: str, day: str, after: int = 0, limit: int | None = None
) -> list[LogRow]:
    """An office-day's events with a number above `after`, in order, each with its hash. Numbers
    below 1 exist in no log that was not tampered with: `after` -1 and lower shows them.
    """
    same_event = sa.and_(
        event_hashes.c.office == events.c.office,
        event_hashes.c.date == events.c.date,
        event_hashes.c.seq == events.c.seq,
    )
    statement = (
        sa.select(
            events.c.seq,
            sa.type_coerce(events.c.type, _AS_STORED).label("type"),
            sa.type_coerce(events.c.ticket, _AS_STORED).label("ticket"),
            sa.type_coerce(events.c.at, _AS_STORED).label("at"),
            sa.cast(events.c.facts, sa.Text).label("facts"),
            event_hashes.c.hash,
        )
        .select_from(events.outerjoin(event_hashes, same_event))
        .where(events.c.office == office, _is_on(connection, events, day), events.c.seq > after)
        .order_by(events.c.seq)
        .limit(limit)
    )
    return [_read_row(row, office, day) for row in connection.execute(statement)]


def list_offices(connection: Connection) -> list[str]:
    """Every office that the log or its chain knows, in order."""
    known = [sa.select(each.c.office) for each in (office_days, events, chain_links, chain_heads)]
    return sorted(connection.execute(sa.union(*known)).scalars())


def list_days(connection: Connection, office: str) -> list[str]:
    """Every day of an office that the log or its chain knows, in order."""
    known = [
        sa.select(sa.type_coerce(each.c.date, _AS_STORED)).where(each.c.office == office)
        for each in _WITH_DAYS
    ]
    return sorted(map(str, connection.execute(sa.union(*known)).scalars()))


def find_ends(connection: Connection, office: str, day: str) -> tuple[int, int]:
    """How many events an office-day must have, and up to which one there is a hash."""
    last = sa.select(office_days.c.seq).where(
        office_days.c.office == office, _is_on(connection, office_days, day)
    )
    hashed = sa.select(sa.func.max(event_hashes.c.seq)).where(
        event_hashes.c.office == office, _is_on(connection, event_hashes, day)
    )
    found_last = connection.execute(last).scalar_one_or_none()
    return int(found_last or 0), int(connection.execute(hashed).scalar_one() or 0)


def list_links(connection: Connection, office: str) -> Iterator[Link]:
    """The links of an office, in order."""
    statement = (
        sa.select(
            chain_links.c.number,
            sa.type_coerce(chain_links.c.date, _AS_STORED).label("date"),
            chain_links.c.seq,
            chain_links.c.event_hash,
            chain_links.c.hash,
        )
        .where(chain_links.c.office == office)
        .order_by(chain_links.c.number)
    )
    for row in connection.execute(statement):
        yield Link(
            office, row.number, str(row.date), row.seq, bytes(row.event_hash), bytes(row.hash)
        )


def map_linked(connection: Connection, office: str) -> dict[str, dict[int, bytes]]:
    """Which hash of which event the links of an office have kept, by day."""
    linked: dict[str, dict[int, bytes]] = defaultdict(dict)
    for link in list_links(connection, office):
        linked[link.date].setdefault(link.seq, link.event_hash)
    return linked


def find_head(connection: Connection, office: str) -> tuple[int, bytes] | None:
    """The number and hash of an office's last link, as noted beside the links."""
    statement = sa.select(chain_heads.c.number, chain_heads.c.hash)
    row = connection.execute(statement.where(chain_heads.c.office == office)).one_or_none()
    return None if row is None else (row.number, bytes(row.hash))


def _is_on(connection: Connection, table: sa.Table, day: str) -> sa.ColumnElement[bool]:
    if connection.dialect.name == "sqlite":  # which takes any text for a date
        return sa.type_coerce(table.c.date, sa.Text) == day
    return table.c.date == date.fromisoformat(day)


def _read_row(row: Row[Any], office: str, day: str) -> LogRow:
    stored = None if row.hash is None else bytes(row.hash)
    try:
        facts = json.loads(row.facts)
    except (TypeError, ValueError):
        facts = row.facts
    return LogRow(office, day, row.seq, row.type, row.ticket, _tell(row.at), facts, stored)


def _tell(at: Any) -> str:
    """A moment in the one spelling; one that is none as it stands."""
    try:
        moment = at if isinstance(at, datetime) else _EPOCH + timedelta(microseconds=at)
    except (TypeError, OverflowError):
        return str(at)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
