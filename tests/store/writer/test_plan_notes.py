"""What is noted of a day's plan holds for that plan alone, whoever changes it and however."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.domain.booking.places import DayPlan
from queue_server.domain.errors import BadInput
from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.store.writer.database import Database
from queue_server.store.writer.plan_notes import PlanNotes
from queue_server.store.writer.transaction import Transaction
from tests.services import stage
from tests.store.crowd import CODE, KEY, NOON, open_database

CLAIM = Claim(NOON, 1, "A", Pool.WALK_IN, 1)
LATER = NOON + timedelta(minutes=30)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = open_database(migrated_url)
    yield database
    database.close()


def note(tx: Transaction) -> PlanNotes:
    notes = tx.notes(*KEY)
    notes.quiet_until = LATER
    notes.note_refused("kind", NOON, LATER)
    return notes


def take(tx: Transaction) -> None:
    """What a command does that takes places: another plan, and its event."""
    tx.put_plan(tx.plan(*KEY).change(CLAIM, 1))
    tx.record(Event(EventType.PLACES_RELEASED, *KEY, NOON))


def test_a_refusal_is_known_between_its_moments() -> None:
    notes = PlanNotes(DayPlan(*KEY))
    notes.note_refused("kind", NOON, LATER)
    second = timedelta(seconds=1)
    asked = [NOON - second, NOON, LATER - second, LATER]
    assert [notes.is_refused("kind", now) for now in asked] == [False, True, True, False]
    assert not notes.is_refused("other", NOON)


def test_the_earliest_that_comes_free_ends_the_quiet() -> None:
    notes = PlanNotes(DayPlan(*KEY))
    notes.note_due(NOON)
    assert notes.quiet_until is None, "nobody has looked yet what else there is"
    notes.quiet_until = LATER
    notes.note_due(LATER + timedelta(hours=1))
    assert notes.quiet_until == LATER
    notes.note_due(NOON)
    assert notes.quiet_until == NOON


def test_the_next_command_finds_them_until_something_is_taken(database: Database) -> None:
    noted = database.write([KEY], note)
    assert database.write([KEY], lambda tx: tx.notes(*KEY)) is noted
    database.write([KEY], take)
    after = database.write([KEY], lambda tx: tx.notes(*KEY))
    assert after is not noted
    assert after.quiet_until is None and not after.is_refused("kind", NOON)


def test_within_a_command_another_plan_has_notes_of_its_own(database: Database) -> None:
    def command(tx: Transaction) -> None:
        noted = note(tx)
        take(tx)
        assert tx.notes(*KEY) is not noted
        assert tx.notes(*KEY).plan is tx.plan(*KEY)

    database.write([KEY], command)


def test_notes_on_a_plan_that_was_undone_are_not_taken_for_those_of_the_one_before(
    database: Database,
) -> None:
    def command(tx: Transaction) -> None:
        take(tx)
        note(tx)
        raise BadInput(field="test")

    database.write([KEY], lambda tx: tx.plan(*KEY))
    with pytest.raises(BadInput):
        database.write([KEY], command)
    found = database.write([KEY], lambda tx: tx.notes(*KEY))
    assert found.quiet_until is None and not found.is_refused("kind", NOON)


def test_each_day_has_its_own(database: Database) -> None:
    other = (CODE, stage.DAYS[1])
    noted = database.write([KEY, other], note)
    assert database.write([KEY, other], lambda tx: tx.notes(*other)) is not noted
    assert database.write([KEY, other], lambda tx: tx.notes(*KEY)) is noted


def test_what_another_process_takes_makes_them_void(database: Database, migrated_url: str) -> None:
    database.write([KEY], note)
    other = Database(migrated_url)
    other.write([KEY], take)
    other.close()
    found = database.write([KEY], lambda tx: tx.notes(*KEY))
    assert found.quiet_until is None and not found.is_refused("kind", NOON)


def test_an_equal_plan_read_anew_is_another(database: Database) -> None:
    """By its identity and not by comparing hundreds of slots for each visitor."""

    def command(tx: Transaction) -> None:
        noted = note(tx)
        tx.put_plan(replace(tx.plan(*KEY)))
        assert tx.notes(*KEY) is not noted

    database.write([KEY], command)
