"""How many visits the services of an office have had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from queue_server.domain.visit.transitions import State
from queue_server.store.office import demand
from queue_server.store.tables import tickets
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import stage
from tests.store.crowd import CODE, KEY, issue, open_database


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = open_database(migrated_url)
    yield database
    database.close()


def count(database: Database, first: int, last: int, office: str = CODE) -> dict[str, int]:
    """The visits from a first to a last day, counted from today."""
    with database.read() as connection:
        return demand.count_visits(
            connection,
            office,
            stage.TODAY + timedelta(days=first),
            stage.TODAY + timedelta(days=last),
        )


def test_visits_of_the_days_asked_for_are_counted_by_service(database: Database) -> None:
    issued = [database.write([KEY], issue).ticket for _ in range(3)]
    [service] = {each.service for each in issued}
    assert count(database, 0, 0) == count(database, -27, 0) == {service: 3}
    assert count(database, -28, -1) == count(database, 1, 9) == count(database, 0, 0, "o2") == {}


@pytest.mark.parametrize("state", [State.HELD, State.EXPIRED])
def test_times_that_were_only_looked_at_are_no_visits(database: Database, state: State) -> None:
    first, second = (database.write([KEY], issue).ticket for _ in range(2))

    def lapse(tx: Transaction) -> None:
        tx.change(tickets.update().where(tickets.c.id == first.id).values(state=state.value))

    database.write([KEY], lapse)
    assert count(database, 0, 0) == {second.service: 1}
