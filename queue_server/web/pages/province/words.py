"""What the province board says of each office, for the page and for its script alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from queue_server.domain.office.office import Office
from queue_server.domain.province.order import Concern
from queue_server.domain.visit.standstill import Pause
from queue_server.services.province.board import OfficeRow
from queue_server.web.edge.locale import current_language, format_date, format_time, ngettext
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.codes import mode_name_words
from queue_server.web.edge.words.units import days_words

from .alarm_words import Alarms


@dataclass(frozen=True)
class Cell:
    """A figure, what is said beside it, and its look: over, late, warn or nothing."""

    main: str
    more: str = ""
    look: str = ""


@dataclass(frozen=True)
class Line:
    """One office: where its dashboard is, what it has to worry about most, and its figures by
    name.
    """

    id: str
    name: str
    url: str
    status: str
    worst: str
    look: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Board:
    """Everything that the page shows. `summary` is what the whole of it comes to."""

    summary: str
    at: str
    lines: tuple[Line, ...]
    alarms: Alarms


def write_board(
    rows: Sequence[OfficeRow], alarms: Alarms, offices: Sequence[Office], now: datetime
) -> Board:
    """The board in the language of the page. `rows` are in order, the worst first."""
    worried = sum(bool(row.concerns) for row in rows)
    return Board(
        ngettext("%(num)s office needs a hand", "%(num)s offices need a hand", worried)
        if worried
        else _("All is well"),
        _clock(now, offices[0]) if offices else "",
        tuple(_write_line(row) for row in rows),
        alarms,
    )


def _clock(moment: datetime, office: Office) -> str:
    return format_time(moment, current_language(), office.zone)


def _write_line(row: OfficeRow) -> Line:
    stands = row.stands
    worst = row.concerns[0] if row.concerns else None
    return Line(
        stands.office,
        row.name,
        url_for("supervise.dashboard", office=stands.office),
        _status(row),
        "" if worst is None else concern_words(worst, row),
        "" if worst is None else CONCERN_LOOKS[worst],
        {
            "inside": _inside(row),
            "waiting": Cell(str(stands.waiting)),
            "oldest": _oldest(row),
            "counters": _counters(row),
            "devices": _devices(row),
            "mode": _mode(row),
            "stranded": Cell(str(stands.stranded), look="warn" if stands.stranded else ""),
        },
    )


CONCERN_LOOKS: Mapping[Concern, str] = {
    Concern.EVACUATED: "error",
    Concern.OVER_LIMIT: "over",
    Concern.WAS_OVER_LIMIT: "over",
    Concern.NO_COUNTER: "late",
    Concern.LONG_WAIT: "late",
    Concern.DEVICES_SILENT: "warn",
    Concern.REVIEW_OVERDUE: "warn",
    Concern.STRANDED: "warn",
}


def concern_words(concern: Concern, row: OfficeRow) -> str:
    """What an office has to worry about, with how much of it there is."""
    stands = row.stands
    match concern:
        case Concern.EVACUATED:
            return _("Evacuation")
        case Concern.OVER_LIMIT:
            return ngettext(
                "%(num)s person too many inside", "%(num)s people too many inside", stands.over
            )
        case Concern.WAS_OVER_LIMIT:
            return _("%(minutes)s min over the limit today", minutes=stands.over_minutes)
        case Concern.NO_COUNTER:
            return ngettext(
                "%(num)s waits and no counter is open",
                "%(num)s wait and no counter is open",
                stands.waiting,
            )
        case Concern.LONG_WAIT:
            return _("Longest wait %(minutes)s min", minutes=stands.oldest_minutes)
        case Concern.DEVICES_SILENT:
            return ngettext(
                "%(num)s device is not heard",
                "%(num)s devices are not heard",
                stands.silent_devices,
            )
        case Concern.REVIEW_OVERDUE:
            return _("Review late by %(days)s", days=days_words(stands.overdue_days))
        case Concern.STRANDED:
            return ngettext(
                "%(num)s booking without a time", "%(num)s bookings without a time", stands.stranded
            )


def _status(row: OfficeRow) -> str:
    if row.paused is Pause.EVACUATION and row.drill:
        return _("Evacuation drill")
    if row.paused is not None:
        return _("Everything stands still")
    return _("Open") if row.open else _("Closed")


def _inside(row: OfficeRow) -> Cell:
    stands = row.stands
    main = str(row.inside) if row.limit is None else f"{row.inside} / {row.limit}"
    if stands.over_minutes or stands.over:
        more = _("%(minutes)s min over the limit today", minutes=stands.over_minutes)
        return Cell(main, more, "over")
    if row.limit is None:
        return Cell(main, _("no limit"))
    return Cell(main, _("full") if row.inside >= row.limit else "")


def _oldest(row: OfficeRow) -> Cell:
    stands = row.stands
    if stands.oldest_minutes is None:
        return Cell("–")
    late = stands.oldest_minutes > stands.target_minutes
    return Cell(
        _("%(minutes)s min", minutes=stands.oldest_minutes),
        _("target %(minutes)s min", minutes=stands.target_minutes) if late else "",
        "late" if late else "",
    )


def _counters(row: OfficeRow) -> Cell:
    few = row.counters_needed - row.stands.counters_open
    return Cell(
        f"{row.stands.counters_open} / {row.counters_needed}",
        _("%(n)s too few", n=few) if few > 0 else "",
        ("late" if row.stands.counters_open == 0 else "warn") if few > 0 else "",
    )


def _devices(row: OfficeRow) -> Cell:
    if not row.devices:
        return Cell("–", _("none"))
    troubled, silent = row.troubled_devices, row.stands.silent_devices
    if not troubled:
        return Cell(_("well"))
    return Cell(
        _("%(n)s of %(all)s", n=troubled, all=row.devices),
        ngettext("%(num)s not heard", "%(num)s not heard", silent) if silent else _("in trouble"),
        "warn",
    )


def _mode(row: OfficeRow) -> Cell:
    main = mode_name_words(row.mode.value)
    if row.overdue_since is not None:
        return Cell(main, _("review was due %(date)s", date=_day(row.overdue_since)), "warn")
    if row.review_on is not None:
        return Cell(main, _("review on %(date)s", date=_day(row.review_on)))
    return Cell(main)


def _day(day: date) -> str:
    return format_date(day, current_language(), year=False, weekday=False)
