"""The words of reports: what became of tickets, lead times, causes, lengths of lines."""

from __future__ import annotations

from datetime import date

from queue_server.domain.reports.figures import Lead, Outcome, OverCause
from queue_server.domain.reports.period import Period, Step
from queue_server.web.edge.locale import current_language, format_date, format_weekday
from queue_server.web.edge.locale import gettext as _

MONDAY = date(2024, 1, 1)


def outcome_words() -> dict[Outcome, str]:
    """What became of a ticket, in the order of a report."""
    return {
        Outcome.SERVED: _("Served"),
        Outcome.MISSED: _("Booked and did not come"),
        Outcome.NOT_SHOWN: _("Called and did not come to the counter"),
        Outcome.LEFT: _("Left before being served"),
        Outcome.CLOSED: _("Still there when the day was closed"),
        Outcome.CANCELLED: _("Cancelled"),
        Outcome.VOIDED: _("Void: another person’s card was shown"),
        Outcome.EXPIRED: _("Reserved and not confirmed"),
        Outcome.STRANDED: _("Booking that needs a new time"),
        Outcome.BOOKED: _("Booked, still to come"),
        Outcome.HELD: _("Reserved, not confirmed yet"),
        Outcome.PRESENT: _("In the office now"),
    }


def lead_words() -> dict[Lead, str]:
    """How long before the visit its time was chosen."""
    return {
        Lead.SAME_DAY: _("On the same day"),
        Lead.NEXT_DAY: _("1 day before"),
        Lead.DAYS_2_3: _("2–3 days before"),
        Lead.DAYS_4_7: _("4–7 days before"),
        Lead.DAYS_8_14: _("8–14 days before"),
        Lead.LATER: _("15 days before or more"),
    }


def cause_words() -> dict[OverCause, str]:
    """By what more came to be inside than the limit allows."""
    return {
        OverCause.CORRECTION: _("The guard’s count"),
        OverCause.SENSOR: _("The door sensors"),
        OverCause.LIMIT: _("A lower limit"),
        OverCause.UNDO: _("A step that was undone"),
        OverCause.PARTY: _("A larger party"),
        OverCause.ENTRY: _("Let in by the system"),
    }


def step_words() -> dict[Step, str]:
    """The lines of a report."""
    return {
        Step.DAY: _("Day by day"),
        Step.WEEK: _("Week by week"),
        Step.MONTH: _("Month by month"),
        Step.YEAR: _("Year by year"),
    }


def period_words(period: Period) -> str:
    """ "1 Maret 2026", or "1 Maret 2026 – 31 Maret 2026"."""
    language = current_language()
    first, last = (
        format_date(each, language, weekday=False) for each in (period.first, period.last)
    )
    return first if period.days == 1 else f"{first} – {last}"


def weekday_words(weekday: int) -> str:
    """The name of a weekday, 0 is Monday."""
    return format_weekday(MONDAY.replace(day=1 + weekday), current_language())


def hour_words(hour: int) -> str:
    """ "08.00" or "08:00"."""
    return f"{hour:02d}{'.' if current_language() == 'id' else ':'}00"
