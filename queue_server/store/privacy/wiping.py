"""How the database forgets visitors: the rows, and on disk what was left of them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import OperationalError

from queue_server.domain.messages.message import MessageState
from queue_server.domain.visit.transitions import LIVE_STATES
from queue_server.store.tables import (
    booking_drafts,
    contacts,
    meetings,
    messages,
    no_shows,
    office_days,
    takings,
    ticket_notes,
    tickets,
    visitors,
    waitlist,
)
from queue_server.store.writer.transaction import Transaction

PERSONAL_TABLES = (
    visitors,
    waitlist,
    ticket_notes,
    meetings,
    no_shows,
    contacts,
    takings,
    booking_drafts,
)
"""Every table that holds something of a person. All are small: what is over is taken out of
them.
"""

LOCK_MILLISECONDS = 2_000
"""How long the clearing up of a PostgreSQL table waits for its turn, and lets others wait behind
it.
"""

_OPEN_MESSAGES = (
    MessageState.QUEUED,
    MessageState.SENDING,
    MessageState.BY_HAND,
    MessageState.FAILED,
)


@dataclass(frozen=True)
class Wiped:
    """How much was wiped: visitors of tickets, messages that nobody can be sent or told any more,
    and marks of where places were taken from.
    """

    visitors: int
    messages: int
    sources: int


def list_unwiped(connection: Connection, office: str, before: date, limit: int) -> list[date]:
    """Days of an office before a date whose visitors may still be known, the oldest first."""
    statement = sa.select(office_days.c.date).where(
        office_days.c.office == office, office_days.c.date < before, sa.text("wiped_at IS NULL")
    )
    return list(connection.execute(statement.order_by(office_days.c.date).limit(limit)).scalars())


def has_live_tickets(tx: Transaction, office: str, day: date) -> bool:
    """Whether an office-day has a ticket that still stands for a visit."""
    live = sa.select(tickets.c.id).where(
        tickets.c.office == office,
        tickets.c.date == day,
        tickets.c.state.in_([each.value for each in sorted(LIVE_STATES)]),
    )
    return tx.read(live.limit(1), seeing=tickets).one_or_none() is not None


def wipe_day(tx: Transaction, office: str, day: date, now: datetime) -> Wiped:
    """Forget who was behind the tickets of an office-day and from where they came, and end the
    messages that were still owed to them.
    """
    own = sa.select(tickets.c.id).where(tickets.c.office == office, tickets.c.date == day)
    sources = tx.change(
        takings.delete().where(takings.c.office == office, takings.c.ticket.in_(own))
    ).rowcount
    known = tx.change(
        visitors.delete().where(visitors.c.office == office, visitors.c.ticket.in_(own))
    ).rowcount
    owed = messages.update().where(
        messages.c.office == office,
        messages.c.ticket.in_(own),
        messages.c.state.in_([each.value for each in _OPEN_MESSAGES]),
    )
    ended = tx.change(
        owed.values(state=MessageState.DONE.value, retry_at=None, ended_at=now, last_error="wiped")
    ).rowcount
    return Wiped(known, ended, sources)


def mark_wiped(tx: Transaction, office: str, day: date, now: datetime) -> None:
    """Note that nothing is left of an office-day's visitors, on disk either."""
    tx.change(
        office_days.update()
        .where(office_days.c.office == office, office_days.c.date == day)
        .values(wiped_at=now)
    )


def clear_up(url: URL) -> bool:
    """Make sure that the files hold no more of persons than the tables do. Safe to repeat; False if
    others were in the way.

    Deleted rows are overwritten or their pages zeroed (`secure_delete`), but a copy of a row can be
    left in the gap of a page from which it was moved when the page was split. So the tables of
    persons are written anew, which for their size is quick.
    """
    return (
        _clear_up_sqlite(url.database)
        if url.get_backend_name() == "sqlite"
        else _clear_up_postgresql(url)
    )


def _clear_up_sqlite(file: str | None) -> bool:
    if not file or file == ":memory:":
        return True
    # Nobody is waited for: under gevent whoever is in the way runs in this very thread.
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        # With foreign keys on, a table is emptied row by row, and pages that stay in use are not
        # zeroed.
        for pragma in (
            "foreign_keys = OFF",
            "secure_delete = ON",
            "temp_store = MEMORY",
            "synchronous = FULL",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        try:
            connection.execute("BEGIN IMMEDIATE")
            for table in PERSONAL_TABLES:
                connection.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM main.{table.name}")
                connection.execute(f"DELETE FROM main.{table.name}")
                connection.execute(
                    f"INSERT INTO main.{table.name} SELECT * FROM kept ORDER BY rowid"
                )
                connection.execute("DROP TABLE kept")
            connection.execute("COMMIT")
            # The log of recent changes holds whole pages as they were: it is emptied into the file
            # and cut to nothing.
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return False
            raise
        return not busy


def _clear_up_postgresql(url: URL) -> bool:
    engine = sa.create_engine(
        url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    kept: list[int] = []
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(f"SET lock_timeout = {LOCK_MILLISECONDS}"))
            driver: Any = connection.connection.driver_connection
            driver.add_notice_handler(lambda notice: kept.append(_rows_kept(notice.message_detail)))
            for table in PERSONAL_TABLES:
                connection.execute(sa.text(f"VACUUM (FULL, VERBOSE) {table.name}"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in (
            "55P03",
            "40P01",
        ):  # lock not available, deadlock
            return False
        raise
    finally:
        engine.dispose()
    return sum(kept) == 0


def _rows_kept(detail: str | None) -> int:
    """How many deleted rows PostgreSQL copied along for those who look at an earlier moment: the
    first number of the detail with which it tells of a table, in whatever language.
    """
    number = re.search(r"\d+", detail or "")
    return int(number[0]) if number else 0
