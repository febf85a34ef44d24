"""Counting the days of an office, each once after it is over; what is asked for meanwhile, or has
changed since, is counted when it is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, partial
from importlib.resources import files

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.domain.reports.counted import Basis, CountedDay
from queue_server.domain.reports.day import count_day
from queue_server.domain.reports.day_clock import DayClock, to_microseconds
from queue_server.domain.reports.figures import Figures
from queue_server.domain.reports.period import Period
from queue_server.services.run_each import do_each
from queue_server.store.office import offices as office_store
from queue_server.store.reports import day_figures as figure_store
from queue_server.store.reports import log as report_log
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

DAYS_AT_ONCE = 5
"""Days of one office counted in one run of the upkeep; the next goes on."""


def count_days(
    connection: Connection, office: Office, period: Period, now: datetime, *, anew: bool = False
) -> Iterator[tuple[date, Figures]]:
    """The figures of each date of a period on which anything happened, in order: those that are
    kept, if they still hold, and else counted from the log. `anew`: all from the log.
    """
    limit = report_log.find_limit_before(connection, office.code, period.first, office.people_limit)
    today, rules = office.date_at(now), counting_rules()
    for day, seq, kept in figure_store.list_days(
        connection, office.code, period.first, period.last
    ):
        basis = Basis(seq, office.zone, limit, rules)
        if kept is not None and kept.basis == basis and day < today and not anew:
            counted = kept
        else:
            counted = _count(connection, office, day, basis, now)
        limit = counted.limit_after
        yield day, counted.figures


def keep_figures(database: Database, now: datetime) -> int:
    """Count days of each office that are over, the latest first, and keep their figures. Returns
    how many it counted.
    """
    with database.read() as connection:
        codes = office_store.all_codes(connection)
    return do_each(codes, lambda code: keep_some(database, code, now))


def keep_some(database: Database, code: str, now: datetime) -> int:
    """Count the latest days of one office whose figures are not kept. Returns how many."""
    kept = 0
    for _ in range(DAYS_AT_ONCE):
        with database.read() as connection:
            office = database.offices.get(connection, code)
            rules = counting_rules()
            uncounted = figure_store.find_uncounted(
                connection, code, office.zone, rules, office.date_at(now)
            )
            if uncounted is None:
                break
            day, seq = uncounted
            limit = report_log.find_limit_before(connection, code, day, office.people_limit)
            basis = Basis(seq, office.zone, limit, rules)
            counted = _count(connection, office, day, basis, now)
        kept += database.write([(code, day)], partial(_keep, office=code, day=day, counted=counted))
    return kept


def _keep(tx: Transaction, office: str, day: date, counted: CountedDay) -> int:
    if tx.day(office, day).seq != counted.basis.seq:
        return 0  # something was added meanwhile: the next upkeep counts it
    figure_store.keep(tx, office, day, counted)
    return 1


def _count(
    connection: Connection, office: Office, day: date, basis: Basis, now: datetime
) -> CountedDay:
    lines = report_log.read_day(connection, office.code, day)
    clock = DayClock(office.tz, day)
    figures, limit = count_day(lines, clock, basis.limit, to_microseconds(now))
    return CountedDay(basis, figures, limit)


_RULES = ("queue_server.domain.reports", "queue_server.domain.visit", "queue_server.store.reports")


@cache
def counting_rules() -> str:
    """Names the rules by which is counted: another name for each change of the code that counts, so
    that nobody has to remember that what was kept is to be counted anew.
    """
    digest = hashlib.sha256()
    for package in _RULES:
        for source in sorted(files(package).iterdir(), key=lambda each: each.name):
            if source.name.endswith(".py"):
                digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]
