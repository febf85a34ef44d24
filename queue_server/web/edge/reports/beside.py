"""Reports made beside the loop that answers everybody: a year of a province takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import cast

from queue_server.domain.office.office import Office
from queue_server.domain.reports.period import Period, Step, admit_period
from queue_server.services.reports.report import Report, report_of
from queue_server.store.reports.version import version_of
from queue_server.store.writer.database import Database
from queue_server.web.edge.context import context, now
from queue_server.web.edge.long_work.beside import Beside

from .content import Document
from .pdf import draw_report
from .workbook import write_workbook


def find_report(offices: Sequence[Office], period: Period, step: Step) -> Report:
    """The report of some offices as it is now: made once for all who ask until something happens.

    One of dates that are over does not depend on the minute, and its `made_at` says nothing. Raises
    `BadInput` for a period that cannot be, `Overloaded`.
    """
    parts = context()
    url = parts.settings.database_url
    return ask_report(parts.beside, parts.database, url, offices, period, step, now())


def ask_report(
    beside: Beside,
    database: Database,
    url: str,
    offices: Sequence[Office],
    period: Period,
    step: Step,
    now: datetime,
) -> Report:
    """`find_report` where no request is being answered. Raises the same."""
    admit_period(period)
    codes = tuple(each.code for each in offices)
    with database.read() as connection:
        version = version_of(connection, codes, period.first, period.last)
    moment = now.replace(second=0, microsecond=0)
    if all(period.last < each.date_at(moment) for each in offices):
        # Whatever the zone, the dates are over then; so all who ask later ask for the same.
        moment = datetime.combine(period.last + timedelta(days=2), time(), UTC)
    return cast(Report, beside.compute(_REPORT_JOB, url, codes, period, step, moment, version))


def report_at_version(
    url: str,
    codes: Sequence[str],
    period: Period,
    step: Step,
    moment: datetime,
    version: tuple[int, ...],
) -> Report:
    """`report_of` for the worker process, whose answers are kept by what they were asked with:
    `version` tells one state of the database from another.
    """
    return report_of(url, codes, period, step, moment)


def make_pdf(beside: Beside, document: Document, made: str, language: str) -> bytes:
    """`draw_report` in the worker process. Raises `Overloaded`."""
    return cast(bytes, beside.compute(_PDF_JOB, document, made, language))


def make_workbook(document: Document, made_at: datetime) -> bytes:
    """`write_workbook` in the worker process. Raises `Overloaded`."""
    return cast(bytes, context().beside.compute(_WORKBOOK_JOB, document, made_at))


_REPORT_JOB = f"{report_at_version.__module__}:{report_at_version.__name__}"
_PDF_JOB = f"{draw_report.__module__}:{draw_report.__name__}"
_WORKBOOK_JOB = f"{write_workbook.__module__}:{write_workbook.__name__}"
