"""Periods, and how they part into lines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput
from queue_server.domain.reports.period import (
    DAYS_MAX,
    Period,
    Step,
    admit_period,
    part,
    period_of,
    step_for,
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(DAYS, st.integers(0, 800), st.sampled_from(Step))
def test_the_lines_of_a_period_are_all_its_dates_once(first: date, days: int, step: Step) -> None:
    period = Period(first, first + timedelta(days=days))
    parts = part(period, step)
    dates = [each.first + timedelta(days=n) for each in parts for n in range(each.days)]
    assert dates == [first + timedelta(days=n) for n in range(days + 1)]
    assert all(period_of(each.first, step) == period_of(each.last, step) for each in parts)


@given(DAYS, st.sampled_from(Step))
def test_a_date_lies_in_its_own_period(day: date, step: Step) -> None:
    assert day in period_of(day, step)


def test_a_week_begins_on_monday_and_a_month_ends_with_its_last_day() -> None:
    assert period_of(date(2026, 11, 29), Step.WEEK) == Period(
        date(2026, 11, 23), date(2026, 11, 29)
    )
    assert period_of(date(2028, 2, 3), Step.MONTH) == Period(date(2028, 2, 1), date(2028, 2, 29))


@pytest.mark.parametrize(
    ("days", "step"), [(31, Step.DAY), (90, Step.WEEK), (365, Step.MONTH), (1800, Step.YEAR)]
)
def test_a_report_has_a_readable_number_of_lines(days: int, step: Step) -> None:
    first = date(2026, 1, 1)
    assert step_for(Period(first, first + timedelta(days=days - 1))) is step


@pytest.mark.parametrize("days", [-1, DAYS_MAX])
def test_what_cannot_be_a_period_is_refused(days: int) -> None:
    first = date(2026, 1, 1)
    with pytest.raises(BadInput):
        admit_period(Period(first, first + timedelta(days=days)))


@pytest.mark.parametrize("year", [1, 1999, 2200, 9999])
def test_dates_beyond_any_office_are_refused(year: int) -> None:
    with pytest.raises(BadInput):
        admit_period(Period(date(year, 12, 31), date(year, 12, 31)))
