"""Answers of unfinished bookings, on both databases: kept, replaced, and gone at their time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from queue_server.store.booking import drafts
from queue_server.store.writer.database import Database

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=40)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with closing(Database(migrated_url)) as opened:
        yield opened


def find(database: Database, id: str, now: datetime) -> str | None:
    with database.read() as connection:
        return drafts.find(connection, id, now)


def test_answers_are_kept_replaced_and_forgotten(database: Database) -> None:
    database.write([], lambda tx: drafts.put(tx, "a", "first", SOON))
    database.write([], lambda tx: drafts.put(tx, "a", "second", LATER))
    database.write([], lambda tx: drafts.put(tx, "b", "other", SOON))
    assert find(database, "a", SOON) == "second" and find(database, "b", NOW) == "other"
    assert find(database, "b", SOON) is None, "over, though nobody has deleted it yet"
    with database.read() as connection:
        assert not drafts.is_any_over(connection, NOW) and drafts.is_any_over(connection, SOON)
    assert database.write([], lambda tx: drafts.forget_before(tx, SOON)) == 1
    assert find(database, "a", NOW) == "second" and find(database, "b", NOW) is None
