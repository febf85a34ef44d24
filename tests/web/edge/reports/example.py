"""A report of a made-up month, without any database."""

from __future__ import annotations

from datetime import UTC, date, datetime

from queue_server.domain.reports.figures import Figures, Lead, Outcome, OverCause
from queue_server.domain.reports.period import Period, Step
from queue_server.domain.reports.spread import Spread
from queue_server.domain.triage.counting import AnywayReason
from queue_server.services.reports.report import AdviceFigures, OfficeFigures, PeriodFigures, Report

MONTH = Period(date(2026, 11, 1), date(2026, 11, 30))
MADE_AT = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)


def some_figures(visits: int = 40) -> Figures:
    waits = {(0, 8): Spread(), (4, 10): Spread()}
    for number, spread in enumerate(waits.values()):
        spread.add(60 * (number + each) for each in range(visits))
    served = Spread()
    served.add(range(300, 300 + visits))
    figures = Figures(
        days=2, arrivals=visits, persons=2 * visits, peak=18, limit_low=20, limit_high=20
    )
    figures.outcomes.update({Outcome.SERVED: visits - 4, Outcome.MISSED: 3, Outcome.LEFT: 4})
    figures.load.update({(0, 8): visits - 5, (4, 10): 5})
    figures.waits_by_hour.update(waits)
    figures.services, figures.visits = served, served
    figures.came.update({Lead.SAME_DAY: 9, Lead.LATER: 3})
    figures.missed.update({Lead.LATER: 3})
    figures.peak_by_hour.update({8: 12, 9: 18, 10: 2})
    figures.over_seconds.update({OverCause.CORRECTION: 90})
    figures.counter_seconds, figures.calls, figures.picked, figures.out_of_order = 7200, 41, 3, 1
    return figures


def make_example(*names: str, in_progress: bool = True, figures: Figures | None = None) -> Report:
    """A report of offices of these names, day by day."""
    whole = figures or some_figures()
    days = [date(2026, 11, 2), date(2026, 11, 30)]
    return Report(
        MONTH,
        Step.DAY,
        MADE_AT,
        in_progress,
        whole,
        tuple(PeriodFigures(Period(each, each), whole, each.day == 30) for each in days),
        tuple(OfficeFigures(f"367{n}", name, whole) for n, name in enumerate(names)),
        AdviceFigures(8, 5, 2, 1, {AnywayReason.CAME_FAR: 2}),
    )
