"""The sections about hours and weekdays: when visitors come, how long they wait, how full it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from queue_server.domain.reports.figures import Cell, Figures
from queue_server.web.edge.locale import gettext as _

from .sections import Bars, Column, Heat, Kind, Section, Value
from .words import hour_words, weekday_words


def arrivals_section(whole: Figures) -> Section:
    """How many came in each hour of each weekday."""
    return _by_hour(
        whole,
        "arrivals",
        _("Visits by weekday and hour"),
        _("When visitors came, all weeks of the report together."),
        _("A field for each weekday and hour, the darker the more visitors came."),
        Kind.COUNT,
        lambda cell: whole.load.get(cell),
    )


def waits_section(whole: Figures) -> Section:
    """How long half of those who came in an hour waited at most."""

    def wait(cell: Cell) -> float | None:
        spread = whole.waits_by_hour.get(cell)
        seconds = spread.percentile(50) if spread else None
        return None if seconds is None else seconds / 60

    return _by_hour(
        whole,
        "waits",
        _("Wait by weekday and hour of coming"),
        _("In minutes: half of those who came then waited so long at most."),
        _("A field for each weekday and hour, the darker the longer the wait."),
        Kind.MINUTES,
        wait,
    )


def _by_hour(
    whole: Figures,
    key: str,
    title: str,
    note: str,
    said: str,
    kind: Kind,
    value: Callable[[Cell], float | None],
) -> Section:
    hours = _from_first_to_last(hour for _weekday, hour in whole.load)
    weekdays = sorted({weekday for weekday, _hour in whole.load})
    values = [[value((weekday, hour)) for hour in hours] for weekday in weekdays]
    names = [weekday_words(each) for each in weekdays]
    rows: list[tuple[Value, ...]] = [
        (name, *line) for name, line in zip(names, values, strict=True)
    ]
    columns = [hour_words(each) for each in hours]
    return Section(
        key,
        title,
        note,
        (Column(_("Weekday"), Kind.TEXT), *(Column(each, kind) for each in columns)),
        rows,
        Heat(names, columns, values, kind),
        said,
    )


def peak_section(whole: Figures) -> Section:
    """How many were inside at most, hour by hour, beside the limit."""
    hours = _from_first_to_last(hour for hour, persons in whole.peak_by_hour.items() if persons)
    limit = whole.limit_low
    return Section(
        "peak",
        _("Persons inside, by hour"),
        _limit_words(whole),
        (Column(_("Hour"), Kind.TEXT), Column(_("Most inside at once"))),
        [(hour_words(each), whole.peak_by_hour.get(each, 0)) for each in hours],
        Bars(
            [hour_words(each) for each in hours],
            [whole.peak_by_hour.get(each, 0) for each in hours],
            limit=None if limit is None else (limit, _("Limit: %(num)s", num=limit)),
        ),
        _("A bar for each hour, as high as the most persons inside at once, and the limit."),
    )


def _limit_words(whole: Figures) -> str:
    low, high = whole.limit_low, whole.limit_high
    if low is None:
        return _("The office has no limit.")
    if low == high:
        return _("The limit was %(num)s persons.", num=low)
    return _("The limit was between %(low)s and %(high)s persons.", low=low, high=high)


def _from_first_to_last(hours: Iterable[int]) -> range:
    """All hours from the first to the last of some."""
    known = set(hours)
    return range(min(known), max(known) + 1) if known else range(0)
