"""Fourteen days of free times cost one statement for an office, answered from the indexes: on both
databases, for every way of asking.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from queue_server.services.booking import availability, earliest
from queue_server.services.places.replanning import replan_day
from queue_server.store.writer.database import Database
from tests.fixtures.migrated import migrated
from tests.services import stage

NOW = stage.at(9 * 60)
DAYS = 14
_ANALYZE = text("ANALYZE")


@pytest.fixture
def offices(database: Database) -> Database:
    """Three offices with slots for all their days."""
    for code in ("o1", "o2", "o3"):
        stage.open_office(database, stage.small_office(code))
        for ahead in range(2, DAYS):
            day = stage.TODAY.fromordinal(stage.TODAY.toordinal() + ahead)
            database.write(
                [(code, day)], lambda tx, code=code, day=day: replan_day(tx, code, day, NOW)
            )
    return database


def statements_of(database: Database, connection: Connection, ask: Callable[[], Any]) -> list[str]:
    """Every statement that goes to the database while something is asked."""
    driver: Any = connection.connection.driver_connection
    seen: list[str] = []
    if database.is_sqlite:
        driver.set_trace_callback(seen.append)
        ask()
        driver.set_trace_callback(None)
        return seen
    usual = driver.cursor_factory

    # the driver's own cursor, whatever it is
    class Seeing(usual):  # type: ignore[misc, valid-type]
        def execute(self, query: Any, *given: Any, **options: Any) -> Any:
            seen.append(str(query))
            return super().execute(query, *given, **options)

    driver.cursor_factory = Seeing
    ask()
    driver.cursor_factory = usual
    return seen


@pytest.mark.parametrize(
    ("service", "party", "urgent"),
    [("REK", 1, False), ("REK", 3, False), ("AKL", 2, False), ("REK", 1, True)],
)
def test_fourteen_days_of_an_office_are_one_statement(
    offices: Database, service: str, party: int, urgent: bool
) -> None:
    office, found = offices.find_office("o1"), []
    with offices.read() as connection:
        seen = statements_of(
            offices,
            connection,
            lambda: found.extend(
                availability.list_availability(
                    connection, office, service, stage.TODAY, DAYS, party, NOW, urgent=urgent
                )
            ),
        )
    assert len(seen) == 1, seen
    assert len(found) == 4, "of two weeks, Mondays and Tuesdays"
    assert sum(day.free for day in found) > 0


def test_what_has_not_changed_costs_one_statement_too(offices: Database) -> None:
    office = offices.find_office("o1")
    with offices.read() as connection:
        seen = statements_of(
            offices,
            connection,
            lambda: availability.availability_version(connection, office, stage.TODAY, DAYS, NOW),
        )
    assert len(seen) == 1, seen


def test_the_earliest_time_of_all_offices_is_one_statement_while_the_near_days_are_enough(
    offices: Database,
) -> None:
    every, found = [offices.find_office(code) for code in ("o1", "o2", "o3")], []
    with offices.read() as connection:
        seen = statements_of(
            offices,
            connection,
            lambda: found.extend(earliest.list_earliest(connection, every, "REK", 1, NOW)),
        )
    assert len(seen) == 1, seen
    assert [each.slot is not None for each in found] == [True] * 3


@pytest.mark.parametrize("analyzed", [False, True])
def test_sqlite_answers_it_from_the_indexes(sqlite_url: str, analyzed: bool) -> None:
    """Only the slots of the office and the days asked for are looked at, whatever else is
    stored.
    """
    database = Database(migrated(sqlite_url))
    stage.open_office(database, stage.small_office("o1"))
    if analyzed:
        database.write([], lambda tx: tx.change(_ANALYZE))
    office = database.find_office("o1")
    with database.read() as connection:
        [statement] = statements_of(
            database,
            connection,
            lambda: availability.list_availability(
                connection, office, "REK", stage.TODAY, DAYS, 1, NOW
            ),
        )
        driver: Any = connection.connection.driver_connection
        plan = [str(line[3]) for line in driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
    database.close()
    assert any(
        "SEARCH slots USING INDEX ix_slots_office_date (office=? AND date>? AND date<?)" in line
        for line in plan
    ), plan
    assert any(
        "SEARCH stream_slots USING INDEX" in line
        and "office=? AND letter=? AND starts_at=?" in line
        for line in plan
    ), plan
    assert not any(line.startswith("SCAN") for line in plan), plan
