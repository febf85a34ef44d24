"""An office learns its waits from its own days, at night, once; the board, the slip and the ticket
then say what was learnt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from random import Random

import pytest
import sqlalchemy as sa

from queue_server.domain.counter.wait_log import replay_waits
from queue_server.domain.events import EventType
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import Pause
from queue_server.domain.waits import range as domain
from queue_server.domain.waits.estimate import WaitModel
from queue_server.domain.waits.learning import WaitRecord
from queue_server.protocol.messages import WaitRange
from queue_server.services.counter import calling, serving
from queue_server.services.door import arrival
from queue_server.services.door.closing import close_days
from queue_server.services.office.wait_learning import learn_from_days
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.last_told_waits import MOST_REMEMBERED, ShownWaits
from queue_server.services.screens.lobby import view_board
from queue_server.services.screens.slips import view_slip
from queue_server.services.screens.tickets import view_ticket
from queue_server.services.screens.waits import wait_range
from queue_server.store import tables
from queue_server.store.visit import events as event_store
from queue_server.store.waits import learning as wait_store
from queue_server.store.writer import days as day_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.migrated import migrated
from tests.services import stage

CODE = "o1"
CLERKS = {f"{CODE}-1": "ani", f"{CODE}-3": "budi"}


def always_open() -> Office:
    return replace(
        stage.small_office(CODE, limit=None),
        hours=Hours(week=tuple(Opening(day, time(8), time(17)) for day in range(7))),
    )


@pytest.fixture
def either(migrated_url: str) -> Iterator[Database]:
    """On SQLite and on PostgreSQL."""
    yield from opened_at(migrated_url)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    yield from opened_at(migrated(sqlite_url))


def opened_at(url: str) -> Iterator[Database]:
    opened = Database(url)
    stage.open_office(opened, always_open())
    yield opened
    opened.close()


def office_of(database: Database) -> Office:
    with database.read() as connection:
        return database.offices.get(connection, CODE)


def work(
    database: Database,
    day: date,
    *,
    minutes: float = 6.0,
    every: float = 2.4,
    visitors: int = 30,
    after: int = 0,
) -> datetime:
    """A morning at stream A with two counters: visitors `every` so many minutes from 8:00, each
    served for `minutes` or so.

    Returns when the last of them was called. `after`: how many are left waiting.
    """
    random = Random(day.toordinal())
    start = stage.at(8 * 60) + (day - stage.TODAY)
    key = [(CODE, day)]
    moments: list[tuple[datetime, int, str]] = []
    arrives = start
    for place in range(visitors):
        arrives += timedelta(minutes=random.expovariate(1 / every))
        heappush(moments, (arrives, place, ""))
    for place, desk in enumerate(CLERKS):
        heappush(moments, (start, visitors + place, desk))
    serial, last = visitors + len(CLERKS), start
    idle: list[str] = []
    left = visitors - after
    while moments and left:
        now, _, desk = heappop(moments)
        if not desk:
            database.write(
                key,
                lambda tx, now=now: arrival.issue_walk_in(
                    tx, CODE, arrival.WalkIn("REK"), draw(), now
                ),
            )
            if not idle:
                continue
            desk = idle.pop()
        elif now > start:
            busy = database.write(key, lambda tx, desk=desk: served_at(tx, day, desk))
            database.write(
                key, partial(serving.finish, office=CODE, ticket=busy, clerk=CLERKS[desk], now=now)
            )
        called = database.write(
            key, partial(calling.call_next, office=CODE, counter=desk, clerk=CLERKS[desk], now=now)
        )
        if called is None:
            idle.append(desk)
            continue
        left, last = left - 1, now
        database.write(
            key, partial(serving.start, office=CODE, ticket=called.id, clerk=CLERKS[desk], now=now)
        )
        serial += 1
        heappush(moments, (now + timedelta(minutes=random.expovariate(1 / minutes)), serial, desk))
    return last


def served_at(tx: Transaction, day: date, desk: str) -> str:
    found: str = tx.read(
        sa.select(tables.tickets.c.id).where(
            tables.tickets.c.date == day,
            tables.tickets.c.counter == desk,
            tables.tickets.c.state == "SERVING",
        )
    ).scalar_one()
    return found


def learn_all(database: Database, now: datetime) -> int:
    """Run the upkeep's step until there is nothing left."""
    runs = 0
    while learn_from_days(database, now):
        runs += 1
        assert runs < 50
    return runs


def model_of(database: Database) -> WaitModel:
    model = office_of(database).waits
    assert model is not None
    return model


NIGHT = timedelta(hours=17)
WORKED = [stage.TODAY - timedelta(days=ahead) for ahead in (6, 5, 4)]


def test_each_day_is_learnt_once_after_it_is_over(either: Database) -> None:
    for day in WORKED:
        work(either, day)
    assert learn_from_days(either, stage.at(0) + (WORKED[0] - stage.TODAY) + NIGHT) == 0
    assert learn_all(either, stage.at(60)) == 3
    assert learn_all(either, stage.at(90)) == 0
    with either.read() as connection:
        assert wait_store.learnt_until(connection, CODE) == WORKED[-1]
        kept = wait_store.list_days(connection, CODE, stage.TODAY, 20)
    assert [len(each) for each in kept] == [30, 30, 30]
    assert all(
        record.stream == "A" and record.sight.counters == 2 for day in kept for record in day
    )


def test_the_close_of_day_teaches_nothing(database: Database) -> None:
    """Whoever the upkeep ends at midnight, at a counter or in the queue, was not served until then:
    no wait is made of it.
    """
    work(database, WORKED[0], visitors=24, after=6)
    office, midnight = office_of(database), stage.at(0) + (WORKED[1] - stage.TODAY)

    def learnt() -> list[WaitRecord]:
        with database.read() as connection:
            events = [each.event for each in event_store.list_after(connection, CODE, WORKED[0], 0)]
        return replay_waits(events, office.counters, lambda moment: office.local(moment).hour)

    before = learnt()
    assert len(before) == 18 and close_days(database, midnight) > 0
    with database.read() as connection:
        ended = [
            each.event
            for each in event_store.list_after(connection, CODE, WORKED[0], 0)
            if each.event.facts.get("by") == "upkeep"
        ]
    assert {each.type for each in ended} >= {EventType.FINISHED, EventType.LEFT}
    assert learnt() == before


def test_what_was_learnt_is_what_happened(database: Database) -> None:
    for day in WORKED:
        work(database, day, visitors=60)
    learn_all(database, stage.at(60))
    ticket = tables.tickets.c
    with database.read() as connection:
        rows = connection.execute(
            sa.select(ticket.arrived_at, ticket.called_at, ticket.ended_at)
        ).all()
        kept = wait_store.list_days(connection, CODE, stage.TODAY, 20)
    waits = sorted((row.called_at - row.arrived_at).total_seconds() / 60 for row in rows)
    assert sorted(record.wait for day in kept for record in day) == pytest.approx(waits, abs=0.001)
    served = [
        (row.ended_at - row.called_at).total_seconds() / 60
        for row in rows
        if row.ended_at is not None
    ]
    figures = model_of(database).streams["A"]
    assert figures.rate == pytest.approx(2 / (sum(served) / len(served)), rel=0.12)
    assert figures.counters == pytest.approx(2)


def test_too_little_leaves_the_planned_minutes(database: Database) -> None:
    work(database, WORKED[0], visitors=20)
    assert learn_all(database, stage.at(60)) == 1
    assert office_of(database).waits is None


def test_every_view_uses_what_was_learnt(database: Database) -> None:
    """Service takes half of what was planned: from the first night on the board, the slip and the
    ticket promise less.
    """
    for day in WORKED:
        work(database, day, minutes=5.0)
    now = work(database, stage.TODAY, minutes=5.0, every=0.8, visitors=40, after=25)
    key = (CODE, stage.TODAY)

    def shown() -> tuple[WaitRange | None, WaitRange | None, WaitRange | None]:
        office = office_of(database)
        with database.read() as connection:
            board = view_board(connection, office, now, "b")
            day = day_store.find(connection, *key)
        [stream] = [each for each in board.streams if each.letter == "A"]
        arrived = database.write(
            [key], lambda tx: arrival.issue_walk_in(tx, CODE, arrival.WalkIn("REK"), draw(), now)
        )
        with database.read() as connection:
            after = day_store.find(connection, *key)
            ticket = view_ticket(
                connection, office, after, arrived.ticket, "https://example.go.id", now
            )
            slip = view_slip(connection, office, arrived, "https://example.go.id", now)
        assert stream.wait == wait_range(office, day, "A", now)
        return stream.wait, slip.wait, ticket.wait

    before = shown()
    learn_all(database, now)
    after = shown()
    model = model_of(database)
    for earlier, later in zip(before, after, strict=True):
        assert earlier is not None
        assert later is not None
        assert later.high < earlier.high
    assert after[0] == after[1]
    assert model.streams["A"].rate > 2 / 10


def test_no_view_costs_a_further_query(database: Database) -> None:
    for day in WORKED:
        work(database, day)
    learn_all(database, stage.at(60))
    office = office_of(database)
    statements: list[str] = []
    with database.read() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *row: statements.append(row[2]))
        day = day_store.find(connection, CODE, WORKED[-1])
        statements.clear()
        assert (
            wait_range(office, day, "A", stage.at(9 * 60) + (WORKED[-1] - stage.TODAY)) is not None
        )
    assert statements == []


def test_nobody_called_for_half_an_hour_is_no_promise(database: Database) -> None:
    now = work(database, stage.TODAY, every=1.5, visitors=20, after=6)
    office = office_of(database)
    with database.read() as connection:
        day = day_store.find(connection, CODE, stage.TODAY)
    usual = wait_range(office, day, "A", now)
    quiet = wait_range(office, day, "A", now + timedelta(minutes=29))
    assert usual is not None
    assert quiet is not None
    assert quiet.high >= usual.high + 15
    assert wait_range(office, day, "A", now + timedelta(minutes=30)) is None
    assert wait_range(office, replace(day, paused=next(iter(Pause))), "A", now) is None


def test_a_model_comes_back_from_the_database_as_it_was(either: Database) -> None:
    for day in WORKED:
        work(either, day)
    learn_all(either, stage.at(60))
    model = model_of(either)
    either.write(
        [(CODE, stage.TODAY)],
        partial(wait_store.keep_model, office=CODE, until=stage.TODAY, model=model),
    )
    again = model_of(either)
    assert again == model
    assert again is not model


def test_two_processes_learn_a_day_to_the_same_end(databases: list[Database]) -> None:
    stage.open_office(databases[0], always_open())
    for day in WORKED:
        work(databases[0], day)
    while sum(learn_from_days(each, stage.at(60)) for each in databases):
        pass
    assert len({model_of(each).weights for each in databases}) == 1
    with databases[0].read() as connection:
        assert len(wait_store.list_days(connection, CODE, stage.TODAY, 20)) == 3


def test_a_shown_range_is_kept_until_an_end_has_moved_by_a_step(database: Database) -> None:
    now = work(database, stage.TODAY, every=1.5, visitors=20, after=6)
    office = office_of(database)
    with database.read() as connection:
        day = day_store.find(connection, CODE, stage.TODAY)
    fresh = wait_range(office, day, "A", now)
    assert fresh is not None
    place = (CODE, stage.TODAY.isoformat(), "A")
    shown = ShownWaits()
    low, high = (domain.SHOWN_STEPS.index(end) for end in (fresh.low, fresh.high))
    kept = []
    for step in (-1, 1):
        earlier = domain.WaitRange(domain.SHOWN_STEPS[low + step], fresh.high)
        shown.keep(place, earlier)
        kept.append(
            wait_range(office, day, "A", now, shown=shown) == WaitRange(earlier.low, earlier.high)
        )
    assert sorted(kept) == [False, True], "an end between two steps keeps either of them"
    for steps, then in (
        ((0, 0), fresh),
        ((-2, 0), fresh),
        ((2, 0), fresh),
        ((0, -2), fresh),
        ((0, 2), fresh),
    ):
        earlier = domain.WaitRange(
            domain.SHOWN_STEPS[low + steps[0]], domain.SHOWN_STEPS[high + steps[1]]
        )
        shown.keep(place, earlier)
        assert wait_range(office, day, "A", now, shown=shown) == then
        assert shown.recall(place) == domain.WaitRange(then.low, then.high)
    assert wait_range(office, day, "A", now, ahead=0, shown=shown, ticket="t") != fresh
    assert shown.recall(place) == domain.WaitRange(fresh.low, fresh.high)
    assert wait_range(office, day, "A", now + timedelta(hours=1), shown=shown) is None
    assert shown.recall(place) is None


def test_the_memory_of_what_was_shown_stays_small() -> None:
    shown = ShownWaits()
    for each in range(MOST_REMEMBERED + 10):
        shown.keep((CODE, "2026-11-23", str(each)), domain.WaitRange(0, 5))
    assert shown.recall((CODE, "2026-11-23", "9")) is None
    assert shown.recall((CODE, "2026-11-23", "10")) == domain.WaitRange(0, 5)
