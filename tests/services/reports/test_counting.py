"""What is kept of the days of an office says what counting them anew says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.domain.events import Event, EventType
from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.office import Office
from queue_server.domain.reports.figures import Figures
from queue_server.domain.reports.line import Line
from queue_server.domain.reports.period import Period, Step
from queue_server.services.office.offices import add_office, set_people_limit
from queue_server.services.reports.counting import DAYS_AT_ONCE, count_days, keep_figures, keep_some
from queue_server.services.reports.report import make_report
from queue_server.store import tables
from queue_server.store.reports import log as report_log
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.reports.history import History

FIRST = date(2026, 9, 1)
DAYS = 4
PERIOD = Period(FIRST, FIRST + timedelta(days=DAYS))
LATER = datetime.combine(FIRST + timedelta(days=60), time(12), stage.small_office("x").tz)


def an_office(database: Database) -> Office:
    usual = stage.small_office(stage.new_code(), limit=stage.LIMIT)
    office = replace(usual, hours=Hours(tuple(Opening(day, time(8), time(15)) for day in range(6))))
    database.write([], lambda tx: add_office(tx, office))
    return office


def count(database: Database, code: str, now: datetime, *, anew: bool) -> dict[date, Figures]:
    with database.read() as connection:
        office = database.offices.get(connection, code)
        return dict(count_days(connection, office, PERIOD, now, anew=anew))


def agree(database: Database, code: str, now: datetime) -> dict[date, Figures]:
    """What is kept, with what is not, is what a straight count gives."""
    straight = count(database, code, now, anew=True)
    assert count(database, code, now, anew=False) == straight
    return straight


def keep_all(database: Database, code: str, now: datetime) -> list[int]:
    """How many days each round counted."""
    rounds = []
    while done := keep_some(database, code, now):
        rounds.append(done)
    return rounds


def kept_dates(database: Database, code: str) -> dict[date, int]:
    columns = tables.day_figures.c
    statement = sa.select(columns.date, columns.seq).where(columns.office == code)
    with database.read() as connection:
        return {row.date: row.seq for row in connection.execute(statement)}


Recorded = tuple[str, str | None, dict[str, Any]]


def record(database: Database, code: str, day: date, *steps: Recorded) -> None:
    """Add events to the log of a day, a minute after each other from eight on."""
    at = datetime.combine(day, time(8), LATER.tzinfo)
    events = [
        Event(EventType(type), code, day, at + timedelta(minutes=number), ticket, facts)
        for number, (type, ticket, facts) in enumerate(steps)
    ]
    database.write([(code, day)], lambda tx: [tx.record(each) for each in events])


def walk_in(ticket: str, party: int = 1) -> Recorded:
    return "walked_in", ticket, {"state": "WAITING", "party_size": party, "place": "INSIDE"}


@pytest.fixture
def read_dates(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The dates whose log was read."""
    read: list[date] = []
    read_day = report_log.read_day

    def note(connection: sa.Connection, office: str, day: date) -> Iterator[Line]:
        read.append(day)
        return read_day(connection, office, day)

    monkeypatch.setattr(report_log, "read_day", note)
    return read


STEPS = st.one_of(
    st.builds(walk_in, st.sampled_from("abcd"), st.integers(1, 4)),
    st.tuples(
        st.sampled_from(["called", "started", "finished", "left", "undone", "parked", "resumed"]),
        st.sampled_from("abcd"),
        st.just({"direct": True, "reason": "darurat", "changed": {"state": ["a", "b"]}}),
    ),
    st.tuples(
        st.sampled_from(["counter_opened", "counter_closed"]), st.none(), st.just({"counter": "1"})
    ),
    st.tuples(
        st.just("occupancy_corrected"),
        st.none(),
        st.integers(0, 9).map(lambda n: {"delta": n, "persons": n}),
    ),
)
ACTS = st.one_of(
    st.tuples(st.just("record"), st.integers(0, DAYS), st.lists(STEPS, min_size=1, max_size=6)),
    st.tuples(st.just("limit"), st.integers(0, DAYS), st.none() | st.integers(1, 5)),
    st.tuples(st.just("keep"), st.integers(0, DAYS + 2), st.none()),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ACTS, min_size=3, max_size=9))
def test_kept_and_under_way_together_are_a_straight_count(
    shared_database: Database, acts: list[tuple[str, int, Any]]
) -> None:
    """Whatever happens, on days that are over too, and whenever the upkeep runs."""
    code = an_office(shared_database).code
    for act, ahead, what in acts:
        day = FIRST + timedelta(days=ahead)
        noon = datetime.combine(day, time(12), LATER.tzinfo)
        if act == "record":
            record(shared_database, code, day, *what)
        elif act == "keep":
            keep_some(shared_database, code, noon)
        else:
            change = {"office": code, "limit": what, "by": "m", "now": noon}
            shared_database.write([(code, day)], lambda tx, how=change: set_people_limit(tx, **how))
        agree(shared_database, code, noon)
    keep_all(shared_database, code, LATER)
    agree(shared_database, code, LATER)


def test_days_that_are_kept_are_not_read_again(database: Database, read_dates: list[date]) -> None:
    history = History(database, an_office(database), FIRST, seed=11)
    history.play(DAYS, 40)
    keep_all(database, history.code, LATER)
    straight = agree(database, history.code, LATER)
    assert sum(each.tickets for each in straight.values()) > 10
    read_dates.clear()
    count(database, history.code, LATER, anew=False)
    assert not read_dates


def test_what_comes_late_is_counted_with_its_day(
    shared_database: Database, read_dates: list[date]
) -> None:
    code = an_office(shared_database).code
    for ahead in range(3):
        record(shared_database, code, FIRST + timedelta(days=ahead), walk_in("a"))
    keep_all(shared_database, code, LATER)
    record(shared_database, code, FIRST, walk_in("late", 2))
    read_dates.clear()
    figures = count(shared_database, code, LATER, anew=False)[FIRST]
    assert (figures.tickets, figures.persons, read_dates) == (2, 3, [FIRST])
    seq = kept_dates(shared_database, code)[FIRST]
    assert keep_all(shared_database, code, LATER) == [1]
    assert kept_dates(shared_database, code)[FIRST] == seq + 1


@pytest.mark.parametrize(
    "other", [{"rules": "old"}, {"zone": "Asia/Jayapura"}, {"limit_before": 1}], ids=str
)
def test_what_was_counted_from_anything_else_is_not_believed(
    shared_database: Database, other: dict[str, Any], read_dates: list[date]
) -> None:
    code = an_office(shared_database).code
    record(shared_database, code, FIRST, walk_in("a"))
    keep_all(shared_database, code, LATER)
    wrong = tables.day_figures.update().where(tables.day_figures.c.office == code).values(other)
    shared_database.write([], lambda tx: tx.change(wrong))
    read_dates.clear()
    count(shared_database, code, LATER, anew=False)
    assert read_dates == [FIRST]


def test_a_day_that_is_not_over_is_counted_though_it_is_kept(shared_database: Database) -> None:
    """The clock was ahead by mistake, and is right again."""
    code = an_office(shared_database).code
    record(shared_database, code, FIRST, ("counter_opened", None, {"counter": "1"}), walk_in("a"))
    keep_all(shared_database, code, LATER)
    nine = datetime.combine(FIRST, time(9), LATER.tzinfo)
    assert agree(shared_database, code, nine)[FIRST].counter_seconds == 3600


def test_something_that_happens_while_a_day_is_counted_is_not_lost(
    shared_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = an_office(shared_database).code
    record(shared_database, code, FIRST, walk_in("a"))
    read_day = report_log.read_day

    def read_slowly(connection: sa.Connection, office: str, day: date) -> Iterator[Line]:
        yield from read_day(connection, office, day)
        monkeypatch.undo()
        record(shared_database, code, FIRST, walk_in("b"))

    monkeypatch.setattr(report_log, "read_day", read_slowly)
    assert keep_all(shared_database, code, LATER) == [1]
    assert agree(shared_database, code, LATER)[FIRST].tickets == 2


def test_each_round_counts_some_days_of_each_office(database: Database) -> None:
    codes = [an_office(database).code for _ in range(2)]
    for code in codes:
        for ahead in range(DAYS_AT_ONCE + 1):
            record(database, code, FIRST + timedelta(days=ahead), walk_in("a"))
    assert [keep_figures(database, LATER) for _ in range(3)] == [2 * DAYS_AT_ONCE, 2, 0]
    reports = []
    for anew in (True, False):
        with database.read() as connection:
            offices = [database.offices.get(connection, code) for code in codes]
            reports.append(make_report(connection, offices, PERIOD, Step.DAY, LATER, anew=anew))
    assert reports[0] == reports[1]
    assert reports[0].whole.tickets == 2 * (DAYS + 1)
