"""Who gets the report of an office by mail, when, and of which dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from queue_server.domain.errors import BadInput

from .period import Period, Step, begin_of, period_of

MAILS_MAX = 10
"""For each office."""

RHYTHMS = (Step.WEEK, Step.MONTH)
"""How often a report is sent."""

SENT_FROM = time(6)
"""At the office, on the first date after those that the report is about: what a kiosk without a
network hands in late at night is in it.
"""


@dataclass(frozen=True)
class ReportMail:
    """An address that gets the report of each week or month when it is over.

    `due_at` is when the next one is sent, or tried again, or may be taken by another process;
    `claims` counts the tries of the present one. `last_error` says why the last one was not sent.
    """

    id: str
    office: str
    every: Step
    email: str
    language: str
    made_by: str
    made_at: datetime
    due_at: datetime
    claims: int = 0
    last_error: str | None = None
    last_sent_at: datetime | None = None


def admit_adding(known: Sequence[ReportMail], wanted: ReportMail) -> None:
    """Refuse an address that gets this report already, or one too many. Raises `BadInput` (field
    `email`; reason known or too_many, or field `every`).
    """
    if wanted.every not in RHYTHMS:
        raise BadInput(field="every", reason="choice")
    if any((each.email, each.every) == (wanted.email, wanted.every) for each in known):
        raise BadInput(field="email", reason="known")
    if len(known) >= MAILS_MAX:
        raise BadInput(field="email", reason="too_many", high=MAILS_MAX)


def next_due(every: Step, today: date, zone: ZoneInfo) -> datetime:
    """When the report of the week or month in which `today` lies is sent."""
    after = period_of(today, every).last + timedelta(days=1)
    return datetime.combine(after, SENT_FROM, zone)


def period_due(every: Step, today: date) -> Period:
    """The last whole week or month before today: after a long outage one report is sent, and not
    one for each week that was missed.
    """
    return period_of(begin_of(today, every) - timedelta(days=1), every)
