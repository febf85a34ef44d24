"""The report of one or several offices: their figures over a period, by line and by office."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.domain.reports.figures import Figures, sum_up
from queue_server.domain.reports.period import Period, Step, admit_period, part
from queue_server.domain.triage.counting import AnywayReason
from queue_server.domain.triage.script import DIVERTING
from queue_server.services.triage.counting import list_figures
from queue_server.store.writer.database import Database

from .counting import count_days


@dataclass(frozen=True)
class PeriodFigures:
    """The figures of one line. `in_progress`: not all of its dates are over."""

    period: Period
    figures: Figures
    in_progress: bool


@dataclass(frozen=True)
class OfficeFigures:
    """The figures of one office over the whole period."""

    code: str
    name: str
    figures: Figures


@dataclass
class AdviceFigures:
    """What the triage came to: how often coming was advised against, how many pressed "come
    anyway" then, how many booked anyway within two weeks, and whom staff served anyway, by reason.
    """

    asked: int = 0
    diverted: int = 0
    overridden: int = 0
    returned: int = 0
    served_anyway: dict[AnywayReason, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What was asked for, and its figures. One value, of which every output is made.

    `made_at` is when the events were read; `in_progress` says that the period is not over.
    """

    period: Period
    step: Step
    made_at: datetime
    in_progress: bool
    whole: Figures
    lines: tuple[PeriodFigures, ...]
    offices: tuple[OfficeFigures, ...]
    advice: AdviceFigures


def make_report(
    connection: Connection,
    offices: Sequence[Office],
    period: Period,
    step: Step,
    now: datetime,
    move: Callable[[float], None] = lambda _share: None,
    *,
    anew: bool = False,
) -> Report:
    """The report of some offices, from one consistent state of the database: pass a connection of
    `Database.read`. `move` is told which share of the dates is done; `anew`: all is counted from
    the log, whatever is kept. Raises `BadInput` for a period that cannot be.
    """
    admit_period(period)
    parts = part(period, step)
    lines = [Figures() for _ in parts]
    by_office = []
    advice = AdviceFigures()
    for number, office in enumerate(offices):
        own = [Figures() for _ in parts]
        at = 0
        for day, figures in count_days(connection, office, period, now, anew=anew):
            while day > parts[at].last:
                at += 1
            own[at].add(figures)
            done = ((day - period.first).days + 1) / period.days
            move((number + done) / len(offices))
        for line, each in zip(lines, own, strict=True):
            line.add(each)
        by_office.append(OfficeFigures(office.code, office.name, sum_up(own)))
        _add_advice(advice, connection, office, period)
    today = max((office.date_at(now) for office in offices), default=now.date())
    return Report(
        period,
        step,
        now,
        period.last >= today,
        sum_up(each.figures for each in by_office),
        tuple(
            PeriodFigures(each, figures, each.last >= today)
            for each, figures in zip(parts, lines, strict=True)
        ),
        tuple(by_office),
        advice,
    )


def _add_advice(
    advice: AdviceFigures, connection: Connection, office: Office, period: Period
) -> None:
    figures = list_figures(connection, office.code, period.first, period.last)
    for each in figures.counts:
        advice.asked += each.advised
        if each.outcome in DIVERTING:
            advice.diverted += each.advised
            advice.overridden += each.overridden
            advice.returned += each.returned
    for served in figures.served_anyway:
        known = advice.served_anyway.get(served.reason, 0)
        advice.served_anyway[served.reason] = known + served.visits


def report_of(
    database_url: str, codes: Sequence[str], period: Period, step: Step, now: datetime
) -> Report:
    """`make_report` in a process that has no database open yet. Raises also `UnknownOffice`."""
    database = Database(database_url)
    try:
        return report_from(database, codes, period, step, now)
    finally:
        database.close()


def report_from(
    database: Database, codes: Sequence[str], period: Period, step: Step, now: datetime
) -> Report:
    """`make_report` of offices by their codes. Raises also `UnknownOffice`."""
    with database.read() as connection:
        offices = [database.offices.get(connection, each) for each in codes]
        return make_report(connection, offices, period, step, now)
