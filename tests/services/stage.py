"""A small office in a real database, made anew for each example, and the time line that office and
model share.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.office import Counter, Office, Service, ServiceChannel, Stream
from queue_server.domain.office.rules import BookingRules, DoorRules, Rules
from queue_server.services.office.offices import add_office
from queue_server.services.places.replanning import replan_day
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.fixtures.rules import vary_rules

TODAY = date(2026, 11, 23)
"""A Monday."""

DAYS = (TODAY, TODAY + timedelta(days=1))
MIDNIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""The beginning of TODAY in Jakarta."""

OPENS, CLOSES = 8 * 60, 15 * 60
WEEK = (
    Opening(0, time(8), time(15)),
    Opening(1, time(8), time(12)),
    Opening(1, time(13), time(15)),
)
SERVICES = {"REK": "A", "IKD": "A", "CTK": "C", "AKL": "C"}
MINUTES = {"AKL": 45}
"""How long a service takes where it is not 10 minutes: AKL needs two slots of half an hour."""

COUNTERS = {"1": "A", "2": "C", "3": "AC"}
LIMIT = 6
RULES = Rules(
    booking=BookingRules(slot_minutes=30, party_max=3, utilisation=1.0),
    door=DoorRules(walk_in_ahead_minutes=None, kiosk_pace_seconds=None),
)

_numbers = itertools.count(1)


def at(minutes: float) -> datetime:
    """A point of the shared time line, minutes since the midnight that began TODAY."""
    return MIDNIGHT + timedelta(minutes=minutes)


def minutes_at(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - MIDNIGHT) / timedelta(minutes=1)


def small_office(code: str, *, limit: int | None = LIMIT, **rules: Any) -> Office:
    """Two streams, four services, three counters, a lunch break on the second day; `rules` are
    those that differ from the usual.
    """
    words = {"id": "-", "en": "-"}
    return Office(
        code=code,
        name="Kantor",
        address="-",
        phone="-",
        zone="Asia/Jakarta",
        people_limit=limit,
        rules=vary_rules(RULES, **rules),
        streams=tuple(Stream(letter, words) for letter in "AC"),
        services=tuple(
            Service(
                each, letter, words, words, words, ServiceChannel.MUST_COME, MINUTES.get(each, 10)
            )
            for each, letter in SERVICES.items()
        ),
        counters=tuple(
            Counter(f"{code}-{name}", name, tuple(letters)) for name, letters in COUNTERS.items()
        ),
        hours=Hours(week=WEEK),
    )


def open_office(database: Database, office: Office) -> Office:
    """Store an office and its slots of both days."""
    database.write([], lambda tx: add_office(tx, office))
    for day in DAYS:
        database.write(
            [(office.code, day)], lambda tx, day=day: replan_day(tx, office.code, day, MIDNIGHT)
        )
    return office


def new_code() -> str:
    """A code that no other example in this process uses."""
    return f"o{next(_numbers)}"


def event_log(database: Database, office: str, day: date) -> list[tuple[int, str, str | None]]:
    """Sequence number, type and ticket of an office-day's events."""
    with database.read() as connection:
        rows = connection.execute(
            sa.select(tables.events.c.seq, tables.events.c.type, tables.events.c.ticket)
            .where(tables.events.c.office == office, tables.events.c.date == day)
            .order_by(tables.events.c.seq)
        )
        return [(row.seq, row.type, row.ticket) for row in rows]


def rows_of(
    database: Database, table: sa.Table, office: str
) -> Iterator[sa.Row[tuple[object, ...]]]:
    with database.read() as connection:
        yield from connection.execute(sa.select(table).where(table.c.office == office)).all()
