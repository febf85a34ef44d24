"""What is counted of the triage, on both databases: numbers by day, whoever adds at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from queue_server.domain.errors import UnknownOffice
from queue_server.domain.triage.counting import COUNTS_KEPT, AnywayReason, Asker, Mark
from queue_server.domain.triage.script import Outcome
from queue_server.services import upkeep
from queue_server.services.office import offices
from queue_server.services.triage.counting import (
    Figures,
    count_advice,
    count_override,
    count_return,
    count_served_anyway,
    list_figures,
)
from queue_server.store.tables import triage_counts, triage_overrides
from queue_server.store.triage.counts import AdviceCount, ServedAnyway
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.application import HOME, TODAY, at, make_office

NOW = at(9)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """A database with one office."""
    database = Database(migrated_url)
    database.write([], partial(offices.add_office, office=make_office(HOME)))
    yield database
    database.close()


def figures(database: Database, first: date = TODAY, last: date = TODAY) -> Figures:
    with database.read() as connection:
        return list_figures(connection, HOME, first, last)


def advise(database: Database, outcome: Outcome, asker: Asker = Asker.VISITOR) -> None:
    database.write([], lambda tx: count_advice(tx, HOME, "REK", outcome, asker, NOW))


def test_numbers_add_up_by_service_outcome_and_asker(database: Database) -> None:
    for _time in range(3):
        advise(database, Outcome.ONLINE)
    advise(database, Outcome.ONLINE, Asker.DEVICE)
    advise(database, Outcome.URGENT)
    database.write([], lambda tx: count_override(tx, HOME, "REK", Outcome.ONLINE, NOW))
    for reason in (AnywayReason.CAME_FAR, AnywayReason.CAME_FAR, AnywayReason.NO_DEVICE):
        database.write([], partial(_serve, reason=reason))
    assert figures(database) == Figures(
        (
            AdviceCount("REK", Outcome.ONLINE, Asker.DEVICE, 1, 0, 0),
            AdviceCount("REK", Outcome.ONLINE, Asker.VISITOR, 3, 1, 0),
            AdviceCount("REK", Outcome.URGENT, Asker.VISITOR, 1, 0, 0),
        ),
        (
            ServedAnyway("REK", AnywayReason.CAME_FAR, 2),
            ServedAnyway("REK", AnywayReason.NO_DEVICE, 1),
        ),
    )
    assert figures(database, TODAY + timedelta(1), TODAY + timedelta(1)) == Figures((), ())


def _serve(tx: Transaction, reason: AnywayReason) -> None:
    count_served_anyway(tx, HOME, "REK", reason, NOW)


def test_a_return_is_counted_on_the_day_of_its_advice(database: Database) -> None:
    day = TODAY - timedelta(10)
    marks = [Mark(Outcome.ONLINE, day), Mark(Outcome.VISIT, TODAY)]
    assert database.write([], lambda tx: count_return(tx, HOME, "REK", marks, NOW))
    assert not database.write([], lambda tx: count_return(tx, HOME, "REK", marks[1:], NOW))
    assert figures(database) == Figures((), ())
    counted = AdviceCount("REK", Outcome.ONLINE, Asker.VISITOR, 0, 0, 1)
    assert figures(database, day, day).counts == (counted,)


def test_the_day_is_the_one_on_the_clock_of_the_office(database: Database) -> None:
    late = at(23, 30)
    assert late.date() == TODAY and at(0, 30).date() == TODAY - timedelta(1)
    for moment in (at(0, 30), late):
        database.write(
            [],
            partial(count_override, office=HOME, service="REK", outcome=Outcome.ONLINE, now=moment),
        )
    assert figures(database).counts[0].overridden == 2


def test_an_office_that_does_not_exist_is_counted_for_no_more_than_served(
    database: Database,
) -> None:
    with pytest.raises(UnknownOffice):
        database.write(
            [], lambda tx: count_advice(tx, "9999", "REK", Outcome.ONLINE, Asker.VISITOR, NOW)
        )


def test_nobody_who_adds_at_the_same_time_is_lost(migrated_url: str, database: Database) -> None:
    """Two processes, each with threads that add to the same rows in another order."""
    other = Database(migrated_url)
    outcomes = [Outcome.ONLINE, Outcome.ASSISTED]

    def add(to: Database, order: list[Outcome]) -> None:
        for _time in range(5):
            for outcome in order:
                advise(to, outcome)

    threads = [
        threading.Thread(target=add, args=(to, order))
        for to in (database, other)
        for order in (outcomes, outcomes[::-1])
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    other.close()
    assert [each.advised for each in figures(database).counts] == [20, 20]


def test_numbers_of_long_ago_are_deleted(database: Database) -> None:
    advise(database, Outcome.ONLINE)
    database.write([], partial(_serve, reason=AnywayReason.NEEDS_HELP))
    upkeep.forget_old(database, NOW + COUNTS_KEPT)
    assert figures(database).counts and figures(database).served_anyway
    upkeep.forget_old(database, NOW + COUNTS_KEPT + timedelta(days=1))
    assert figures(database) == Figures((), ())


def test_no_column_could_hold_a_person(database: Database) -> None:
    texts = {
        f"{table.name}.{column.name}"
        for table in (triage_counts, triage_overrides)
        for column in table.c
        if isinstance(column.type, sa.Text)
    }
    assert texts == {
        "triage_counts.office",
        "triage_counts.service",
        "triage_counts.outcome",
        "triage_counts.asker",
        "triage_overrides.office",
        "triage_overrides.service",
        "triage_overrides.reason",
    }
