"""Who came although something else was advised: counted by day and service, without any person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .asking import Way
from .script import DIVERTING, Outcome

RETURN_DAYS = 14
"""Somebody who books the same service within so many days came anyway."""

COUNTS_KEPT = timedelta(days=750)
"""How long the counts of a day are kept: two whole years can be compared."""


class Asker(StrEnum):
    """Who asked: visitors on the pages, devices, or staff for somebody who stands there."""

    VISITOR = "VISITOR"
    DEVICE = "DEVICE"
    STAFF = "STAFF"


class AnywayReason(StrEnum):
    """Why staff serve somebody although something else was advised."""

    NO_DEVICE = "NO_DEVICE"
    ONLINE_FAILED = "ONLINE_FAILED"
    CAME_FAR = "CAME_FAR"
    NEEDS_HELP = "NEEDS_HELP"


@dataclass(frozen=True)
class Mark:
    """That something was advised in this browser for a service, on a date."""

    outcome: Outcome
    date: date


def came_anyway(marks: Iterable[Mark], today: date) -> Mark | None:
    """Which advice against coming somebody who books now did not follow: the newest that still
    counts; None if there is none.
    """
    counting = [
        each
        for each in marks
        if each.outcome in DIVERTING and timedelta() <= today - each.date <= timedelta(RETURN_DAYS)
    ]
    return max(counting, key=lambda each: each.date, default=None)


def is_counted(way: Way) -> bool:
    """Whether somebody was advised who had a choice: nobody is by a visit that asked nothing."""
    return way.advice is not None and (bool(way.asked) or way.advice.outcome is not Outcome.VISIT)
