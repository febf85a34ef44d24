"""Which dates a page of the report is asked for, and the ways to those before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from queue_server.domain.errors import BadInput
from queue_server.domain.reports.period import (
    YEARS,
    Period,
    Step,
    admit_period,
    period_of,
    step_for,
)
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _


@dataclass(frozen=True)
class Wish:
    """What was asked for. `span` is None for dates from one to another; `errors` say what was wrong
    with them, where the present month is shown instead.
    """

    period: Period
    span: Step | None
    step: Step
    typed: Mapping[str, str]
    errors: Errors

    @property
    def before(self) -> date | None:
        """A date of the day, week, month or year before."""
        return self._beside(self.period.first - timedelta(days=1))

    @property
    def after(self) -> date | None:
        """A date of the following one."""
        return self._beside(self.period.last + timedelta(days=1))

    def _beside(self, day: date) -> date | None:
        return day if self.span is not None and day.year in YEARS else None


def read_wish(asked: Mapping[str, str], today: date) -> Wish:
    """The dates of a query: `span` and `on`, or `from` and `to`; without any, the month of
    today.
    """
    span = next((each for each in Step if each == asked.get("span")), Step.MONTH)
    typed = {name: asked.get(name, "") for name in ("from", "to")}
    if typed["from"] or typed["to"]:
        errors: Errors = {}
        ends = [_read_date(name, text, errors) for name, text in typed.items()]
        if ends[0] is not None and ends[1] is not None and _admit(ends[0], ends[1], errors):
            period = Period(ends[0], ends[1])
            return Wish(period, None, step_for(period), typed, {})
        return _whole(Step.MONTH, today, typed, errors)
    errors = {}
    on = _read_date("on", asked["on"], errors) if asked.get("on") else today
    return _whole(Step.MONTH if on is None else span, on or today, typed, {})


def _whole(span: Step, on: date, typed: Mapping[str, str], errors: Errors) -> Wish:
    period = period_of(on, span)
    return Wish(period, span, step_for(period), typed, errors)


def _read_date(name: str, text: str, errors: Errors) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        errors[name] = _("Enter a date")
        return None
    return day


def _admit(first: date, last: date, errors: Errors) -> bool:
    try:
        admit_period(Period(first, last))
    except BadInput as refused:
        errors["to"] = (
            _("The last date must not be before the first")
            if refused.facts["reason"] == "order"
            else _("Choose at most five years")
        )
    return not errors
