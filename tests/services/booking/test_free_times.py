"""Free times kept for all who ask are those worked out anew, whatever happened in between and
whichever process did it; and what has not changed is not read again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.errors import BadInput, UnknownService
from queue_server.domain.visit.identity import Visitor
from queue_server.services.booking import availability, booking
from queue_server.services.booking.availability import FreeTimes, Question
from queue_server.services.places.replanning import replan_day
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.booking.test_availability_query import statements_of

NOW = stage.at(9 * 60)
DAYS = 14
ASKED = Question("REK", stage.TODAY, DAYS)


@pytest.fixture
def office(database: Database) -> str:
    stage.open_office(database, stage.small_office("o1"))
    for ahead in range(2, DAYS):
        day = stage.TODAY + timedelta(days=ahead)
        database.write([("o1", day)], partial(replan_day, office="o1", day=day, now=NOW))
    return "o1"


def book(database: Database, slot: datetime, number: int, now: datetime) -> None:
    """A visit of one more person."""
    visitor = Visitor("Siti", f"{number:064d}", f"{number:04d}", f"+62812{number:08d}")
    request, drawn = BookingRequest("REK", slot, visitor), draw()
    day = stage.TODAY + (slot - stage.MIDNIGHT) // timedelta(days=1) * timedelta(days=1)
    database.write([("o1", day)], lambda tx: booking.book(tx, "o1", request, drawn, now))


def anew(database: Database, asked: Question, now: datetime) -> list[availability.AvailableDay]:
    with database.read() as connection:
        return availability.list_availability(
            connection,
            database.offices.get(connection, "o1"),
            asked.service,
            asked.first,
            asked.days,
            asked.party_size,
            now,
            urgent=asked.urgent,
        )


def kept(
    free_times: FreeTimes, database: Database, asked: Question, now: datetime
) -> list[availability.AvailableDay]:
    with database.read() as connection:
        office = database.offices.get(connection, "o1")
        return free_times.list(connection, office, asked, now)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_would_be_worked_out_anew(
    database: Database, office: str, seed: int
) -> None:
    chance, free_times = random.Random(seed), FreeTimes()
    elsewhere = Database(database.url)
    questions = [
        ASKED,
        Question("REK", stage.TODAY, DAYS, 3),
        Question("AKL", stage.TODAY, DAYS, 2),
        Question("REK", stage.TODAY, DAYS, 1, True),
        Question("REK", stage.TODAY + timedelta(days=1), 3),
    ]
    now = NOW
    for step in range(40):
        asked = chance.choice(questions)
        found = kept(free_times, database, asked, now)
        assert found == anew(database, asked, now), (step, asked)
        what = chance.randrange(4)
        free = [slot for day in found for slot in day.slots if slot.free >= 1]
        if what == 0:
            now += timedelta(seconds=chance.choice([10, 60, 1_800]))
        elif what == 1 and free:
            # Another process takes the place; this one has committed nothing.
            writer = chance.choice([database, elsewhere])
            book(writer, chance.choice(free).starts_at, step, now)
        elif what == 2:
            day = stage.TODAY + timedelta(days=chance.randrange(DAYS))
            elsewhere.write([("o1", day)], partial(replan_day, office="o1", day=day, now=now))
    elsewhere.close()


def test_what_has_not_changed_costs_one_statement(database: Database, office: str) -> None:
    free_times, the_office = FreeTimes(), database.find_office(office)

    def ask(moment: datetime) -> list[str]:
        with database.read() as connection:
            return statements_of(
                database, connection, lambda: free_times.list(connection, the_office, ASKED, moment)
            )

    assert len(ask(NOW)) == 3, "version, days and their slots"
    assert [len(ask(NOW)) for _ in range(3)] == [1, 1, 1]
    assert len(ask(NOW + timedelta(minutes=1))) == 3, "what begins is over"


def test_after_a_change_only_its_day_is_read(database: Database, office: str) -> None:
    free_times = FreeTimes()
    before = kept(free_times, database, ASKED, NOW)
    day = before[1]
    book(database, day.slots[0].starts_at, 1, NOW)
    seen: list[tuple[Any, ...]] = []
    usual = availability.slot_store.list_of_stream

    def spy(*given: Any) -> Any:
        seen.append(given[3:])
        return usual(*given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(availability.slot_store, "list_of_stream", spy)
        after = kept(free_times, database, ASKED, NOW)
    assert seen == [(day.date, day.date)]
    assert after != before and after == anew(database, ASKED, NOW)
    assert after[0] is before[0], "what did not change was not made again"


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (Question("NONE", stage.TODAY, DAYS), UnknownService),
        (Question("REK", stage.TODAY, DAYS, 0), BadInput),
        (Question("REK", stage.TODAY, 32), BadInput),
    ],
)
def test_what_nobody_may_ask_for_is_refused_each_time(
    database: Database, office: str, asked: Question, refusal: type[Exception]
) -> None:
    free_times = FreeTimes()
    ask: Callable[[], Any] = partial(kept, free_times, database, asked, NOW)
    for _ in range(2):
        with pytest.raises(refusal):
            ask()
