"""Reports agree with an independent recount, on both databases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from queue_server.domain.office.hours import Hours, Opening
from queue_server.domain.office.office import Office
from queue_server.domain.reports.figures import Outcome, lead_of
from queue_server.domain.reports.period import Period, Step
from queue_server.services.office.offices import add_office
from queue_server.services.reports.report import Report, report_from
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.reports import recount
from tests.services.reports.history import History

FIRST = date(2026, 9, 1)
WEEK = tuple(Opening(day, time(8), time(15)) for day in range(6))


def an_office(database: Database, limit: int | None = stage.LIMIT) -> Office:
    usual = stage.small_office(stage.new_code(), limit=limit, booking={"horizon_days": 17})
    office = replace(usual, hours=Hours(week=WEEK))
    database.write([], lambda tx: add_office(tx, office))
    return office


def a_history(database: Database, days: int, acts: int, seed: int = 1) -> History:
    history = History(database, an_office(database), FIRST, seed)
    history.play(days, acts)
    return history


def report_on(history: History, days: int, step: Step = Step.DAY) -> Report:
    period = Period(FIRST, FIRST + timedelta(days=days - 1))
    return report_from(history.database, [history.code], period, step, history.now)


def agree(history: History, report: Report) -> None:
    """Every figure is what the recount says."""
    first, last = report.period.first, report.period.last
    whole = report.whole
    outcomes = recount.count_outcomes(history.database, history.code, first, last)
    assert Counter({str(name): number for name, number in whole.outcomes.items()}) == outcomes
    times = recount.replay(history.database, history.code, first, last)
    assert sorted(whole.waits.counts.elements()) == times.waits
    assert sorted(whole.visits.counts.elements()) == times.visits
    assert sorted(whole.services.counts.elements()) == times.services
    for percent in (50, 90):
        assert whole.waits.percentile(percent) == recount.nearest_rank(times.waits, percent)
    assert whole.load == times.load
    assert (whole.persons, whole.peak) == (times.persons, times.peak)
    assert (whole.calls, whole.picked, whole.out_of_order) == (
        times.calls,
        times.picked,
        times.out_of_order,
    )
    assert abs(whole.counter_seconds - times.counter_seconds) <= report.period.days
    for counted, is_missed in ((whole.came, False), (whole.missed, True)):
        by_lead: Counter[str] = Counter()
        for (days, missed), number in times.lead.items():
            if missed is is_missed:
                by_lead[lead_of(days)] += number
        assert counted == by_lead
    assert abs(whole.over_seconds.total() - kept_over_seconds(history, first, last)) <= 5
    assert whole.over_seconds["ENTRY"] == 0


def kept_over_seconds(history: History, first: date, last: date) -> int:
    """The seconds above the limit as the server itself added them up, day by day; nobody ends the
    stretch that a day ends with.
    """
    columns = tables.office_days.c
    statement = sa.select(columns.date, columns.over_since, columns.over_seconds).where(
        columns.office == history.code, columns.date.between(first, last)
    )
    with history.database.read() as connection:
        rows = connection.execute(statement).all()
    return sum(
        seconds + (0 if since is None else (recount.midnight_after(day) - since).seconds)
        for day, since, seconds in rows
    )


def test_ten_dense_days_agree_with_a_recount(database: Database) -> None:
    history = a_history(database, 10, 180)
    report = report_on(history, 10)
    agree(history, report)
    whole = report.whole
    assert whole.tickets > 150
    assert {Outcome.SERVED, Outcome.MISSED, Outcome.NOT_SHOWN, Outcome.LEFT} <= set(whole.outcomes)
    assert whole.moved and whole.out_of_order and whole.over_seconds and whole.further_slips
    assert sum(each.figures.tickets for each in report.lines) == whole.tickets


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_months_agree_with_a_recount(database: Database) -> None:
    history = a_history(database, 61, 200, seed=7)
    agree(history, report_on(history, 61, Step.MONTH))
