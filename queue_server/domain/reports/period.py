"""The dates that a report is about, and the lines into which it parts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from queue_server.domain.errors import BadInput

DAYS_MAX = 5 * 366
"""The longest report, in days."""

YEARS = range(2000, 2200)
"""Years of which there may be a report."""


class Step(StrEnum):
    """How long a line of a report is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """Dates from the first to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def admit_period(period: Period) -> None:
    """Refuse dates beyond `YEARS`, in the wrong order, or more than `DAYS_MAX`. Raises `BadInput`
    (field `from` or `to`).
    """
    for field, day in (("from", period.first), ("to", period.last)):
        if day.year not in YEARS:
            raise BadInput(field=field, reason="calendar")
    if period.last < period.first:
        raise BadInput(field="to", reason="order")
    if period.days > DAYS_MAX:
        raise BadInput(field="to", reason="range", high=DAYS_MAX)


def begin_of(day: date, step: Step) -> date:
    """The first date of the day, week (from Monday), month or year in which a date lies."""
    match step:
        case Step.DAY:
            return day
        case Step.WEEK:
            return day - timedelta(days=day.weekday())
        case Step.MONTH:
            return day.replace(day=1)
        case Step.YEAR:
            return day.replace(month=1, day=1)


def period_of(day: date, step: Step) -> Period:
    """The whole day, week, month or year in which a date lies."""
    first = begin_of(day, step)
    match step:
        case Step.DAY:
            following = first + timedelta(days=1)
        case Step.WEEK:
            following = first + timedelta(days=7)
        case Step.MONTH:
            following = (first + timedelta(days=31)).replace(day=1)
        case Step.YEAR:
            following = first.replace(year=first.year + 1)
    return Period(first, following - timedelta(days=1))


def part(period: Period, step: Step) -> list[Period]:
    """A period in lines of a length, in order; the first and the last may be cut off by its
    ends.
    """
    parts = []
    first = period.first
    while first <= period.last:
        last = min(period_of(first, step).last, period.last)
        parts.append(Period(first, last))
        first = last + timedelta(days=1)
    return parts


def step_for(period: Period) -> Step:
    """The length of line that gives a report of a readable length: days up to two months, weeks up
    to half a year, months up to three years.
    """
    if period.days <= 62:
        return Step.DAY
    if period.days <= 186:
        return Step.WEEK
    return Step.MONTH if period.days <= 3 * 366 else Step.YEAR
