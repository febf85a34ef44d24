"""What `antrean report` does: reads the dates, makes the report, puts the file in its place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from queue_server.app import make_clock
from queue_server.domain.errors import BadInput
from queue_server.domain.reports.period import (
    YEARS,
    Period,
    Step,
    admit_period,
    period_of,
    step_for,
)
from queue_server.services.reports.report import Report, make_report
from queue_server.settings import Settings
from queue_server.store.office import offices as office_store
from queue_server.web.edge.locale import format_moment, speaking
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.reports.content import write_report
from queue_server.web.edge.reports.csv_file import write_csv
from queue_server.web.edge.reports.pdf import draw_report
from queue_server.web.edge.reports.text import write_json, write_text
from queue_server.web.edge.reports.workbook import write_workbook

from .administration import AdministrationError, open_database


class BadDates(Exception):
    """The dates of a report do not fit together; the message says why."""


def read_dates(settings: Settings, dates: Mapping[str, datetime | None]) -> Period:
    """The period that the options `day`, `week`, `month`, `year`, or `first` and `last`, name; the
    present month without any. Raises `BadDates`.
    """
    given = {name: each.date() for name, each in dates.items() if each is not None}
    if not given:
        return period_of(make_clock(settings.clock_offset_seconds)().date(), Step.MONTH)
    if set(given) == {"first", "last"}:
        period = Period(given["first"], given["last"])
    elif len(given) == 1 and set(given) <= set(Step):
        [(name, day)] = given.items()
        if day.year not in YEARS:
            raise BadDates(_BEYOND)
        period = period_of(day, Step(name))
    else:
        raise BadDates("Give one of --day, --week, --month, --year, or --from with --to.")
    try:
        admit_period(period)
    except BadInput as refused:
        raise BadDates(_REFUSED[str(refused.facts["reason"])]) from None
    return period


_BEYOND = f"A report is about the years {YEARS[0]} to {YEARS[-1]}."
_REFUSED = {
    "order": "--to is before --from.",
    "range": "A report covers at most five years.",
    "calendar": _BEYOND,
}


def make_file(
    settings: Settings,
    codes: Sequence[str],
    period: Period,
    by: str | None,
    format: str,
    language: str,
    move: Callable[[float], None],
    *,
    anew: bool,
) -> bytes:
    """The report of some offices (none: of all) as the content of a file. `move` is told the share
    that is done; `anew`: all is counted from the log. Raises `AdministrationError` for an unknown
    office.
    """
    step = step_for(period) if by is None else Step(by)
    now = make_clock(settings.clock_offset_seconds)()
    with open_database(settings) as database, database.read() as connection:
        known = codes or sorted(office_store.all_codes(connection))
        offices = [database.offices.get(connection, each) for each in known]
        if not offices:
            raise AdministrationError("There is no office yet.")
        report = make_report(connection, offices, period, step, now, move, anew=anew)
    with speaking(language):
        return _write(report, format, language, offices[0].zone)


def _write(report: Report, format: str, language: str, zone: str) -> bytes:
    document = write_report(report)
    match format:
        case "csv":
            return write_csv(document)
        case "xlsx":
            return write_workbook(document, report.made_at)
        case "pdf":
            made = _("Made %(time)s", time=format_moment(report.made_at, language, zone))
            return draw_report(document, made, language)
        case "json":
            return write_json(document).encode()
        case _:
            return write_text(document).encode()


def put_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: whoever is killed here leaves the old one as it was.
    Raises `OSError`.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
