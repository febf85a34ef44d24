"""When a report goes out by mail, and of which dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput
from queue_server.domain.reports.mailing import (
    MAILS_MAX,
    RHYTHMS,
    ReportMail,
    admit_adding,
    next_due,
    period_due,
)
from queue_server.domain.reports.period import Period, Step

JAKARTA = ZoneInfo("Asia/Jakarta")
MOMENT = datetime(2026, 11, 28, tzinfo=UTC)


def mail(number: int = 0, every: Step = Step.MONTH) -> ReportMail:
    email = f"kepala{number}@kantor.example"
    return ReportMail(str(number), "3674", every, email, "id", "budi", MOMENT, MOMENT)


def test_a_month_goes_out_on_the_morning_of_the_first() -> None:
    due = next_due(Step.MONTH, date(2026, 11, 28), JAKARTA)
    assert due == datetime(2026, 12, 1, 6, tzinfo=JAKARTA)
    assert period_due(Step.MONTH, due.date()) == Period(date(2026, 11, 1), date(2026, 11, 30))


def test_a_week_goes_out_on_monday_morning() -> None:
    due = next_due(Step.WEEK, date(2026, 11, 29), JAKARTA)
    assert due == datetime(2026, 11, 30, 6, tzinfo=JAKARTA)
    assert period_due(Step.WEEK, due.date()) == Period(date(2026, 11, 23), date(2026, 11, 29))


@given(
    every=st.sampled_from(RHYTHMS),
    today=st.dates(date(2001, 1, 1), date(2190, 1, 1)),
    late=st.data(),
)
def test_what_is_due_is_over_and_no_date_is_left_out(
    every: Step, today: date, late: st.DataObject
) -> None:
    due = next_due(every, today, JAKARTA)
    period = period_due(every, due.date())
    assert today in period and period.last == due.date() - timedelta(days=1)
    following = next_due(every, due.date(), JAKARTA)
    assert period_due(every, following.date()).first == period.last + timedelta(days=1)
    days = late.draw(st.integers(0, (following.date() - due.date()).days - 1))
    assert period_due(every, due.date() + timedelta(days=days)) == period, "tried again later"


def test_an_address_gets_each_report_once() -> None:
    known = [mail(each) for each in range(MAILS_MAX - 1)]
    admit_adding(known, mail(99))
    admit_adding(known, replace(mail(0), every=Step.WEEK))
    with pytest.raises(BadInput, match="known"):
        admit_adding(known, mail(0))
    with pytest.raises(BadInput, match="too_many"):
        admit_adding([*known, mail(98)], mail(99))
    with pytest.raises(BadInput, match="choice"):
        admit_adding([], mail(0, Step.YEAR))
