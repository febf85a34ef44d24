"""Rows of reports: a year of a busy office, a million events, counted from the log and from what
is kept of days that are over.

One day is played by the real commands and copied to as many dates as it takes, straight in the
database.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import postgresql, stage
from benchmarks.report import Row
from queue_server.domain.reports.period import Period, Step
from queue_server.services.counter import calling, serving
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.reports.counting import keep_some
from queue_server.services.reports.report import make_report
from queue_server.store.tables import events, office_days
from queue_server.store.writer.database import Database

EVENTS = 1_000_000
VISITS = 500
IN_LINE = 8
TIMES = 3
REQUIRED_SECONDS = 5
REQUIRED_SECONDS_KEPT = 2
_DAY_US = 24 * 3600 * 1_000_000


@dataclass(frozen=True)
class _Took:
    """Seconds of the fastest of some times, the floor's in processor time."""

    seconds: float
    cpu: float
    floor_cpu: float
    peak_mb: int


def rows(*, quick: bool) -> Iterator[Row]:
    """On both databases, where PostgreSQL is there."""
    wanted = EVENTS // 10 if quick else EVENTS
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        yield from _measure("SQLite", f"sqlite:///{Path(name) / 'reports.db'}", wanted)
    try:
        with postgresql.postgresql(1) as [url]:
            yield from _measure("PostgreSQL", url, wanted)
    except FileNotFoundError as missing:
        print(f"no row for PostgreSQL: {missing.filename or missing}", file=sys.stderr)


def _measure(kind: str, url: str, wanted: int) -> Iterator[Row]:
    stage.prepare(url, days_of_slots=1)
    _play_day(url)
    dates = _copy_day(url, wanted)
    counted = _ask(url, dates, anew=True)
    yield Row(
        f"report of {wanted:,} events counted from the log, {kind}",
        f"{counted.seconds:.2f} s, {counted.cpu:.2f} s CPU here, at most {counted.peak_mb} MB",
        f"read the rows: {counted.floor_cpu:.2f} s CPU, {counted.cpu / counted.floor_cpu:.1f}×",
        counted.seconds,
        REQUIRED_SECONDS,
        at_most=True,
        unit=" s",
    )
    _keep_all(url, dates)
    kept = _ask(url, dates, anew=False)
    yield Row(
        f"the same from {dates} days that were counted before, {kind}",
        f"{kept.seconds:.2f} s, {kept.cpu:.2f} s CPU here, at most {kept.peak_mb} MB",
        "",
        kept.cpu,
        REQUIRED_SECONDS_KEPT,
        at_most=True,
        unit=" s CPU",
    )


def _ask(url: str, dates: int, *, anew: bool) -> _Took:
    """Make the report in a process of its own, whose memory is nothing else's."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(_time, url, dates, anew).result()


def _time(url: str, dates: int, anew: bool) -> _Took:
    """Ask for the report as a server does that was just started, but for its connection."""
    database = Database(url)
    period = Period(stage.TODAY, stage.TODAY + timedelta(days=dates - 1))
    seconds, cpu, floor = [], [], []
    for _ in range(TIMES):
        with database.read() as connection:
            office = database.offices.get(connection, stage.OFFICE)
            started, used = time.perf_counter(), time.process_time()
            report = make_report(connection, [office], period, Step.MONTH, _after(dates), anew=anew)
            seconds.append(time.perf_counter() - started)
            cpu.append(time.process_time() - used)
        assert report.whole.tickets == VISITS * dates, "a ticket is missing"
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(TIMES):
        with database.read() as connection:
            floor.append(_read_rows(connection))
    database.close()
    return _Took(min(seconds), min(cpu), min(floor), peak_kb // 1024)


def _read_rows(connection: sa.Connection) -> float:
    """The floor: the driver alone reads type, ticket and moment of each event."""
    used = time.process_time()
    cursor: Any = connection.connection.cursor()
    cursor.execute(
        f"SELECT type, ticket, at FROM events WHERE office = '{stage.OFFICE}' ORDER BY date, seq"
    )
    while cursor.fetchmany(1_000):
        pass
    cursor.close()
    return time.process_time() - used


def _after(dates: int) -> datetime:
    return stage.NOW + timedelta(days=dates)


def _keep_all(url: str, dates: int) -> None:
    database = Database(url)
    while keep_some(database, stage.OFFICE, _after(dates)):
        pass
    database.close()


def _play_day(url: str) -> None:
    """A day on which so many take a number, are called, and are served."""
    database = Database(url)
    with database.read() as connection:
        office = database.offices.get(connection, stage.OFFICE)
    counter = next(each.id for each in office.counters if len(each.letters) > 3)
    key = (stage.OFFICE, stage.TODAY)
    for number in range(VISITS + IN_LINE):
        now = stage.NOW + timedelta(seconds=30 * number)
        if number < VISITS:
            come = partial(arrival.issue_walk_in, office=stage.OFFICE, now=now)
            database.write([key], partial(come, wanted=arrival.WalkIn("REK"), draw=draw()))
        if number >= IN_LINE:
            at_counter = {"office": stage.OFFICE, "clerk": "clerk"}
            call = partial(calling.call_next, counter=counter, now=now, **at_counter)
            called = database.write([key], call)
            assert called is not None, "nobody waits"
            for step, after_s in ((serving.start, 5), (serving.finish, 25)):
                moment = now + timedelta(seconds=after_s)
                act = partial(step, ticket=called.id, now=moment, **at_counter)
                database.write([key], act)
    database.close()


def _copy_day(url: str, wanted: int) -> int:
    """Copy the day to the following dates until there are so many events. Returns how many dates
    there are.
    """
    engine = sa.create_engine(url)
    is_sqlite = engine.dialect.name == "sqlite"
    of_day = sa.and_(events.c.office == stage.OFFICE, events.c.date == stage.TODAY)
    with engine.begin() as connection:
        count = sa.select(sa.func.count()).select_from(events).where(of_day)
        a_day = int(connection.execute(count).scalar_one())
        dates = -(-wanted // a_day)
        for table in (events, office_days):
            mine = sa.and_(table.c.office == stage.OFFICE, table.c.date == stage.TODAY)
            others = sa.and_(table.c.office == stage.OFFICE, table.c.date != stage.TODAY)
            connection.execute(table.delete().where(others))
            for ahead in range(1, dates):
                moved: dict[str, Any] = {
                    each.name: each for each in table.c if each.name not in ("date", "at", "ticket")
                }
                moved["date"] = sa.literal(stage.TODAY + timedelta(days=ahead), sa.Date)
                if table is events:
                    moved["ticket"] = events.c.ticket + sa.literal(f"-{ahead}")
                    moved["at"] = (
                        sa.type_coerce(events.c.at, sa.BigInteger) + ahead * _DAY_US
                        if is_sqlite
                        else events.c.at + sa.literal(timedelta(days=ahead), sa.Interval)
                    )
                copied = sa.select(*moved.values()).where(mine)
                connection.execute(table.insert().from_select(list(moved), copied))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
    engine.dispose()
    return dates
