"""What a report says, section by section, in the current language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queue_server.domain.reports.figures import Figures, Lead, Outcome, OverCause
from queue_server.domain.reports.period import Step
from queue_server.domain.reports.spread import Spread
from queue_server.services.reports.report import AdviceFigures, PeriodFigures, Report
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.triage import anyway_words

from .hours import arrivals_section, peak_section, waits_section
from .sections import Bars, Column, Kind, Section, Value
from .words import cause_words, lead_words, outcome_words, period_words, step_words


@dataclass(frozen=True)
class Document:
    """A whole report: its title, what it is about, and its sections."""

    title: str
    subject: str
    period: str
    notes: Sequence[str]
    sections: Sequence[Section]


def write_report(report: Report) -> Document:
    """The report in words and tables. Of several offices each gets a line."""
    several = len(report.offices) > 1
    subject = (
        ngettext("%(num)s office", "%(num)s offices", len(report.offices))
        if several
        else report.offices[0].name
    )
    notes = []
    if report.in_progress:
        notes.append(_("This period is not over: its figures are those so far."))
    whole = report.whole
    sections = [
        _glance(whole, report.advice),
        _outcomes(whole),
        *([_remote(whole)] if whole.remote else []),
        _lines(report),
        *([_offices(report)] if several else []),
        _times(whole),
        arrivals_section(whole),
        waits_section(whole),
        _missed(whole),
        peak_section(whole),
        _over(whole),
        _advice(report.advice),
    ]
    return Document(_("Report"), subject, period_words(report.period), notes, sections)


def minutes(seconds: int | None) -> float | None:
    """Seconds in minutes."""
    return None if seconds is None else seconds / 60


def share(part: int, whole: int) -> float | None:
    """A part of a whole; None of nothing."""
    return part / whole if whole else None


def _glance(whole: Figures, advice: AdviceFigures) -> Section:
    waits, services = whole.waits, whole.services
    rows: list[tuple[str, Value, Kind]] = [
        (_("Days with visitors or bookings"), whole.days, Kind.COUNT),
        (_("Tickets"), whole.tickets, Kind.COUNT),
        (_("Visits (tickets whose visitor came)"), whole.arrivals, Kind.COUNT),
        (_("Persons who came"), whole.persons, Kind.COUNT),
        (_("Served"), whole.served, Kind.COUNT),
        (_("Came and gave up"), share(whole.abandoned, whole.arrivals), Kind.SHARE),
        (_("Wait: half waited at most (minutes)"), minutes(waits.percentile(50)), Kind.MINUTES),
        (
            _("Wait: nine in ten waited at most (minutes)"),
            minutes(waits.percentile(90)),
            Kind.MINUTES,
        ),
        (_("Service: half took at most (minutes)"), minutes(services.percentile(50)), Kind.MINUTES),
        (_("Bookings that did not come"), _missed_share(whole), Kind.SHARE),
        (_("Most persons inside at once"), whole.peak, Kind.COUNT),
        (_("Minutes above the limit"), whole.over_minutes, Kind.MINUTES),
        (_("Hours that counters were open"), whole.counter_seconds / 3600, Kind.RATE),
        (_("Served per hour of an open counter"), whole.served_per_counter_hour, Kind.RATE),
        (_("Calls"), whole.calls, Kind.COUNT),
        (_("Calls picked by hand"), whole.picked, Kind.COUNT),
        (_("Calls out of turn"), whole.out_of_order, Kind.COUNT),
        (_("Advised not to come"), advice.diverted, Kind.COUNT),
        (_("Slips with a number"), whole.slips, Kind.COUNT),
        (_("Copies and slips printed on request"), whole.further_slips, Kind.COUNT),
        (_("Moved to another day (counted there)"), whole.moved, Kind.COUNT),
    ]
    return Section(
        "glance",
        _("At a glance"),
        "",
        (Column(_("Figure"), Kind.TEXT), Column(_("Value"))),
        [(name, value) for name, value, _kind in rows],
        row_kinds=[kind for _name, _value, kind in rows],
    )


def _missed_share(figures: Figures) -> float | None:
    missed = figures.missed.total()
    return share(missed, missed + figures.came.total())


def _outcomes(whole: Figures) -> Section:
    words = outcome_words()
    rows = [
        (words[each], whole.outcomes[each], share(whole.outcomes[each], whole.tickets))
        for each in Outcome
        if whole.outcomes[each] or each in (Outcome.SERVED, Outcome.MISSED, Outcome.LEFT)
    ]
    return Section(
        "outcomes",
        _("What became of the tickets"),
        _("Each ticket stands in exactly one line."),
        (Column(_("Outcome"), Kind.TEXT), Column(_("Tickets")), Column(_("Share"), Kind.SHARE)),
        rows,
        Bars(
            [name for name, _n, _s in rows], [number for _name, number, _s in rows], upright=False
        ),
        _("A bar for each outcome, as long as the number of tickets."),
        (_("All tickets"), whole.tickets, share(whole.tickets, whole.tickets)),
    )


def _figure_columns() -> tuple[Column, ...]:
    return (
        Column(_("Tickets")),
        Column(_("Visits")),
        Column(_("Served")),
        Column(_("Did not come")),
        Column(_("Gave up")),
        Column(_("Wait, half (min)"), Kind.MINUTES),
        Column(_("Wait, nine in ten (min)"), Kind.MINUTES),
        Column(_("Service, half (min)"), Kind.MINUTES),
        Column(_("Most inside")),
        Column(_("Minutes above the limit"), Kind.MINUTES),
        Column(_("Served per counter hour"), Kind.RATE),
    )


def _figure_row(figures: Figures) -> tuple[Value, ...]:
    waits = figures.waits
    return (
        figures.tickets,
        figures.arrivals,
        figures.served,
        figures.outcomes[Outcome.MISSED],
        figures.abandoned,
        minutes(waits.percentile(50)),
        minutes(waits.percentile(90)),
        minutes(figures.services.percentile(50)),
        figures.peak,
        figures.over_minutes,
        figures.served_per_counter_hour,
    )


def _remote(whole: Figures) -> Section:
    words, total = outcome_words(), whole.remote.total()
    shown = (Outcome.SERVED, Outcome.NOT_SHOWN)
    return Section(
        "remote",
        _("By phone and video"),
        _("Those of the tickets above whose visitors were rung or met by video."),
        (Column(_("Outcome"), Kind.TEXT), Column(_("Tickets")), Column(_("Share"), Kind.SHARE)),
        [
            (_remote_word(each, words[each]), whole.remote[each], share(whole.remote[each], total))
            for each in Outcome
            if whole.remote[each] or each in shown
        ],
        total=(_("All visits by phone and video"), total, share(total, total)),
    )


def _remote_word(outcome: Outcome, usual: str) -> str:
    """Who is rung neither comes nor leaves."""
    return {
        Outcome.NOT_SHOWN: _("Called and not reached"),
        Outcome.PRESENT: _("In line or being served now"),
        Outcome.LEFT: _("Gave up before being served"),
    }.get(outcome, usual)


def _lines(report: Report) -> Section:
    lines = [each for each in report.lines if each.figures.days or each.figures.peak]
    is_daily, is_marked = report.step is Step.DAY, report.in_progress
    ends = () if is_daily else (Column(_("To"), Kind.DATE),)
    state = (Column(_("State"), Kind.TEXT),) if is_marked else ()

    def row(line: PeriodFigures) -> tuple[Value, ...]:
        dates = (line.period.first,) if is_daily else (line.period.first, line.period.last)
        so_far = ((_("so far") if line.in_progress else ""),) if is_marked else ()
        return *dates, *_figure_row(line.figures), *so_far

    together = (_("Together"), *(() if is_daily else ("",)), *_figure_row(report.whole))
    return Section(
        "lines",
        step_words()[report.step],
        _("Dates on which nothing happened are left out."),
        (
            Column(_("Date") if is_daily else _("From"), Kind.DATE),
            *ends,
            *_figure_columns(),
            *state,
        ),
        [row(each) for each in lines],
        Bars(
            [f"{each.period.first.day}.{each.period.first.month}." for each in lines],
            [each.figures.arrivals for each in lines],
        ),
        _("A bar for each line, as high as the number of visits."),
        (*together, *(("",) if is_marked else ())),
    )


def _offices(report: Report) -> Section:
    return Section(
        "offices",
        _("Office by office"),
        "",
        (Column(_("Office"), Kind.TEXT), *_figure_columns()),
        [(each.name, *_figure_row(each.figures)) for each in report.offices],
        Bars(
            [each.name for each in report.offices],
            [each.figures.arrivals for each in report.offices],
            upright=False,
        ),
        _("A bar for each office, as long as the number of visits."),
        (_("Together"), *_figure_row(report.whole)),
    )


def _times(whole: Figures) -> Section:
    named = (
        (_("Wait: from the number to the first call"), whole.waits),
        (_("Service: the time at counters"), whole.services),
        (_("Visit: from the number to the end"), whole.visits),
    )

    def row(name: str, spread: Spread) -> tuple[Value, ...]:
        percentiles = (minutes(spread.percentile(each)) for each in (50, 90))
        return name, spread.number, *percentiles

    return Section(
        "times",
        _("Waits, services and visits"),
        _("In minutes. “Half” and “nine in ten” say how long so many took at most."),
        (
            Column(_("Time"), Kind.TEXT),
            Column(_("Counted")),
            Column(_("Half"), Kind.MINUTES),
            Column(_("Nine in ten"), Kind.MINUTES),
        ),
        [row(name, spread) for name, spread in named],
    )


def _missed(whole: Figures) -> Section:
    words = lead_words()

    def row(name: str, came: int, missed: int) -> tuple[Value, ...]:
        return name, came, missed, share(missed, came + missed)

    return Section(
        "missed",
        _("Bookings that did not come, by how long before they were made"),
        _(
            "Counted from when the visit’s present time was chosen. Cancelled bookings are left "
            "out."
        ),
        (
            Column(_("Time chosen"), Kind.TEXT),
            Column(_("Came")),
            Column(_("Did not come")),
            Column(_("Share that did not come"), Kind.SHARE),
        ),
        [row(words[each], whole.came[each], whole.missed[each]) for each in Lead],
        Bars(
            [words[each] for each in Lead],
            [
                share(whole.missed[each], whole.came[each] + whole.missed[each]) or 0.0
                for each in Lead
            ],
            Kind.SHARE,
            upright=False,
        ),
        _("A bar for each lead time, as long as the share of bookings that did not come."),
        row(_("All bookings"), whole.came.total(), whole.missed.total()),
    )


def _over(whole: Figures) -> Section:
    words = cause_words()
    return Section(
        "over",
        _("Minutes above the limit"),
        _(
            "More can be inside than the limit allows only after a count by hand or by sensors, a "
            "lower limit, a larger party or an undone step. The system itself lets nobody in then."
        ),
        (Column(_("Began with"), Kind.TEXT), Column(_("Minutes"), Kind.MINUTES)),
        [(words[each], whole.over_seconds[each] / 60) for each in _causes(whole)],
        total=(_("Together"), whole.over_minutes),
    )


def _causes(whole: Figures) -> Iterable[OverCause]:
    """The causes that occurred, and always the one that must not."""
    return [each for each in OverCause if whole.over_seconds[each] or each is OverCause.ENTRY]


def _advice(advice: AdviceFigures) -> Section:
    reasons = anyway_words()
    return Section(
        "advice",
        _("Advice before the visit"),
        _(
            "Counted when it is given, not from the log: nobody who asked can be found by it. "
            "“Booked anyway” counts bookings from the same browser within two weeks."
        ),
        (Column(_("What happened"), Kind.TEXT), Column(_("How often"))),
        [
            (_("Asked"), advice.asked),
            (_("Advised not to come"), advice.diverted),
            (_("Pressed “come anyway”"), advice.overridden),
            (_("Booked anyway"), advice.returned),
            *(
                (_("Served anyway: %(reason)s", reason=reasons[reason.value]), number)
                for reason, number in sorted(advice.served_anyway.items())
            ),
        ],
    )
