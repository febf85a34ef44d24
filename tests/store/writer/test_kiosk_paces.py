"""A kiosk's pace, when several of its numbers share a transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.errors import BadInput, KioskResting
from queue_server.services.door.arrival import Arrived
from queue_server.services.door.kiosk_pace import admit_number
from queue_server.store import tables
from queue_server.store.writer import compiled
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import stage
from tests.store.crowd import CODE, KEY, NOON, issue, numbers, together


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = Database(migrated_url)
    stage.open_office(
        database,
        stage.small_office(
            CODE, limit=None, door={"kiosk_pace_seconds": 5, "kiosk_burst_numbers": 8}
        ),
    )
    yield database
    database.close()


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many statements changed each table from now on."""
    counted: Counter[str] = Counter()
    for name in ("run", "run_each"):
        original = getattr(compiled.Compiled, name)

        def run(self: compiled.Compiled, *arguments: Any, original: Any = original) -> Any:
            if self.table is not None:
                counted[self.table.name] += 1
            return original(self, *arguments)

        monkeypatch.setattr(compiled.Compiled, name, run)
    return counted


def give(tx: Transaction, kiosk: str = "k1") -> Arrived:
    admit_number(tx, CODE, kiosk, 1, NOON)
    return issue(tx)


def give_then_refuse(tx: Transaction) -> None:
    give(tx)
    raise BadInput(field="test")


def paid(database: Database) -> dict[str, float]:
    """For how many seconds from noon each kiosk has paid."""
    with database.read() as connection:
        rows = connection.execute(
            sa.select(tables.kiosk_paces.c.device, tables.kiosk_paces.c.paid_until)
        ).all()
    return {device: (until - NOON) / timedelta(seconds=1) for device, until in rows}


def test_numbers_of_one_group_are_sent_together(database: Database, changes: Counter[str]) -> None:
    database.write([KEY], give)
    changes.clear()
    assert numbers(together(database, [give] * 6)) == [f"A{n:03}" for n in range(2, 8)]
    assert paid(database) == {"k1": 35}
    assert (changes["tickets"], changes["events"], changes["kiosk_paces"]) == (1, 1, 1)


def test_what_is_refused_in_a_group_costs_the_kiosk_nothing(database: Database) -> None:
    outcomes = together(
        database, [give, give_then_refuse, lambda tx: give(tx, "k2"), give_then_refuse, give]
    )
    assert numbers(outcomes) == ["A001", None, "A002", None, "A003"]
    assert paid(database) == {"k1": 10, "k2": 5}


def test_a_group_gives_no_more_than_one_after_the_other(database: Database) -> None:
    outcomes = together(database, [give] * 12)
    assert numbers(outcomes) == [f"A{n:03}" for n in range(1, 9)] + [None] * 4
    assert all(isinstance(each, KioskResting) for each in outcomes[8:])
    assert paid(database) == {"k1": 40}
