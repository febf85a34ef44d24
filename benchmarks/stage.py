"""Databases to measure on: migrated, with the demonstration's offices, and filled with as much past
as a row asks for.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from queue_server.demo.banten import HOME, offices
from queue_server.domain.visit.numbering import code_from_bits, ticket_number
from queue_server.services.places.replanning import replan_day
from queue_server.store.migrations import upgrade
from queue_server.store.office import offices as office_store
from queue_server.store.writer.database import Database

OFFICE = HOME
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""09:00 in Jakarta on a working Monday."""

TODAY = date(2026, 11, 23)
_STARTED = time.monotonic()


def clock() -> datetime:
    """A clock that runs, from 09:00 on."""
    return NOW + timedelta(seconds=time.monotonic() - _STARTED)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def prepare(url: str, *, days_of_slots: int = 14) -> None:
    """Migrate an empty database and set up the eight offices with their slots."""
    upgrade(url)
    database = Database(url)
    for office in offices([2026, 2027]):
        # One generator stands for many kiosks: it pays as each of them does, and is never out of
        # credit.
        unbounded = replace(
            office,
            rules=replace(
                office.rules, door=replace(office.rules.door, kiosk_burst_numbers=10_000_000)
            ),
        )
        database.write([], partial(office_store.add, office=unbounded))
        for ahead in range(days_of_slots):
            day = TODAY + timedelta(days=ahead)
            database.write(
                [(office.code, day)], partial(replan_day, office=office.code, day=day, now=NOW)
            )
    database.close()


def fill_past(path: Path, total: int) -> None:
    """Store served tickets of past days with their events, straight through SQLite, until there are
    `total` tickets.

    One office-day takes 300 of them, as in a busy office, over the eight offices and as many past
    days as it needs.
    """
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        known = connection.execute("SELECT count(*) FROM tickets").fetchone()[0]
        codes = [row[0] for row in connection.execute("SELECT code FROM offices ORDER BY code")]
        columns = [row[1] for row in connection.execute("PRAGMA table_info(tickets)")]
        insert = (
            f"INSERT INTO tickets ({', '.join(columns)}) VALUES "
            f"({', '.join(':' + each for each in columns)})"
        )
        connection.executemany(insert, _served(codes, columns, known, total))
        connection.executemany(
            "INSERT INTO events (office, date, seq, type, ticket, at, facts) VALUES (?, ?, ?, ?, "
            "?, ?, ?)",
            _events(codes, known, total),
        )
    connection.close()


PER_DAY = 300
_LETTERS = (("A", "REK"), ("C", "CTK"), ("F", "KK"), ("Z", "AKL"), ("U", "SNK"), ("X", "PGD"))


def _placed(codes: list[str], first: int, last: int) -> Iterator[tuple[int, str, date, int]]:
    for index in range(first, last):
        day, place = divmod(index, PER_DAY)
        ahead, office = divmod(day, len(codes))
        yield index, codes[office], TODAY - timedelta(days=1 + ahead), place


def _served(
    codes: list[str], columns: list[str], first: int, last: int
) -> Iterator[dict[str, object]]:
    nothing = dict.fromkeys(columns)
    for index, office, day, number in _placed(codes, first, last):
        letter, service = _LETTERS[number % len(_LETTERS)]
        came = (datetime.combine(day, datetime.min.time(), UTC) - _EPOCH) // timedelta(
            microseconds=1
        ) + number * 60_000_000
        yield nothing | {
            "id": f"{index:012x}{index:020x}",
            "office": office,
            "date": day.isoformat(),
            "code": code_from_bits(index * 1_000_003 % 2**60),
            "letter": letter,
            "service": service,
            "state": "SERVED",
            "origin": "WALK_IN",
            "channel": "REGULAR",
            "created_at": came,
            "party_size": 1,
            "priority": 0,
            "language": "id",
            "number": ticket_number(letter, number // len(_LETTERS) + 1),
            "arrived_at": came,
            "turn_time": came,
            "turn_basis": "arrival",
            "credit_minutes": 0,
            "called_at": came + 600_000_000,
            "last_called_at": came + 600_000_000,
            "calls": 1,
            "clerk": "c",
            "started_at": came + 660_000_000,
            "ended_at": came + 1_200_000_000,
            "reschedules": 0,
            "extensions": 0,
            "claim_span": 0,
            "kind": "OFFICE",
            "version": 4,
        }


def _events(codes: list[str], first: int, last: int) -> Iterator[tuple[object, ...]]:
    facts = json.dumps({"number": "A001", "changed": {"state": ["SERVING", "SERVED"]}})
    for index, office, day, number in _placed(codes, first, last):
        at = (datetime.combine(day, datetime.min.time(), UTC) - _EPOCH) // timedelta(microseconds=1)
        yield (
            office,
            day.isoformat(),
            number + 1,
            "finished",
            f"{index:012x}{index:020x}",
            at,
            facts,
        )
