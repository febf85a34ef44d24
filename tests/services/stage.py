"""A small office in a real database, made anew for each example, and the time line that office and model share."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from queue_server.domain.hours import Hours, Opening
from queue_server.domain.office import Counter, Office, Rules, Service, ServiceChannel, Stream
from queue_server.services.offices import add_office
from queue_server.services.replanning import replan_day
from queue_server.store import tables
from queue_server.store.database import Database
from queue_server.store.migrations import upgrade

TODAY = date(2026, 11, 23)
"""A Monday."""

DAYS = (TODAY, TODAY + timedelta(days=1))
MIDNIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""The beginning of TODAY in Jakarta."""

OPENS, CLOSES = 8 * 60, 15 * 60
SERVICES = {"REK": "A", "IKD": "A", "CTK": "C"}
COUNTERS = {"1": "A", "2": "C", "3": "AC"}
LIMIT = 6

_numbers = itertools.count(1)


def at(minutes: float) -> datetime:
    """A point of the shared time line, minutes since the midnight that began TODAY."""
    return MIDNIGHT + timedelta(minutes=minutes)


def minutes_at(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - MIDNIGHT) / timedelta(minutes=1)


def small_office(code: str, *, limit: int | None = LIMIT, online_share: float = 0.6, slot_minutes: int = 30) -> Office:
    """Two streams, three services, three counters; closed at no time of the two days but the night."""
    words = {"id": "-", "en": "-"}
    return Office(
        code=code, name="Kantor", address="-", phone="-", zone="Asia/Jakarta", people_limit=limit,
        rules=Rules(slot_minutes=slot_minutes, online_share=online_share, party_max=3),
        streams=tuple(Stream(letter, words) for letter in "AC"),
        services=tuple(Service(each, letter, words, words, words, ServiceChannel.MUST_COME, 10) for each, letter in SERVICES.items()),
        counters=tuple(Counter(f"{code}-{name}", name, tuple(letters)) for name, letters in COUNTERS.items()),
        hours=Hours(week=tuple(Opening(day, time(8), time(15)) for day in (0, 1))),
    )


def open_office(database: Database, office: Office) -> Office:
    """Store an office and its slots of both days."""
    database.write([], lambda tx: add_office(tx, office))
    for day in DAYS:
        database.write([(office.code, day)], lambda tx, day=day: replan_day(tx, office.code, day, MIDNIGHT))
    return office


def new_code() -> str:
    """A code that no other example in this process uses."""
    return f"o{next(_numbers)}"


def migrated(url: str) -> str:
    upgrade(url)
    return url


def event_log(database: Database, office: str, day: date) -> list[tuple[int, str, str | None]]:
    """Sequence number, type and ticket of an office-day's events."""
    with database.read() as connection:
        rows = connection.execute(
            sa.select(tables.events.c.seq, tables.events.c.type, tables.events.c.ticket)
            .where(tables.events.c.office == office, tables.events.c.date == day)
            .order_by(tables.events.c.seq)
        )
        return [(row.seq, row.type, row.ticket) for row in rows]


def rows_of(database: Database, table: sa.Table, office: str) -> Iterator[sa.Row[tuple[object, ...]]]:
    with database.read() as connection:
        yield from connection.execute(sa.select(table).where(table.c.office == office)).all()
