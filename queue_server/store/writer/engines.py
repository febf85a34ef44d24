"""How the database is opened: one connection that writes, and those that read."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from .compiled import Compiled

BUSY_MILLISECONDS = 5_000
"""How long SQLite waits for another process's commit. Inside a process the writer's own turn-taking
comes first.
"""

LOG_PAGES = 4_000
"""After how many pages (16 MB) SQLite's log is moved into its file: fewer moves than by default,
each short enough for a slow disk.
"""

READERS = 24
"""How many connections a process reads through at most. Each keeps the 2 MB of pages that SQLite
keeps by default: more would be lost anyway, as a change by anybody makes a reader forget them all.
"""

WRITER_CACHE_KB = 32_000


def open_writer(url: URL) -> Engine:
    """The one connection that writes. Errors do not quote what a statement was given: it may be a
    visitor's name, and errors are logged.
    """
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            url,
            poolclass=sa.pool.QueuePool,
            pool_size=1,
            max_overflow=0,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
        _prepare_sqlite(engine, "BEGIN IMMEDIATE", f"PRAGMA cache_size = -{WRITER_CACHE_KB}")
        return engine
    return sa.create_engine(
        url, pool_size=1, max_overflow=0, pool_pre_ping=True, hide_parameters=True
    )


def open_reader(url: URL) -> Engine:
    """Connections that cannot write; each reads one state of the database from first to last."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            url,
            poolclass=sa.pool.QueuePool,
            pool_size=READERS,
            max_overflow=0,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
        _prepare_sqlite(engine, "BEGIN", "PRAGMA query_only = ON")
        return engine
    return sa.create_engine(
        url,
        pool_size=READERS,
        max_overflow=0,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        hide_parameters=True,
        execution_options={"postgresql_readonly": True},
    )


def write_ahead(cursor: Any) -> None:
    """Keep a log ahead of the file. Here SQLite does not wait by itself: while another process
    turns the file to this mode, or closes its last connection, it says at once that it is locked.
    """
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _prepare_sqlite(engine: Engine, begin: str, extra: str) -> None:
    """Take transactions into our own hands: the driver's implicit BEGIN is deferred, which lets two
    writers read the same state.
    """

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        write_ahead(cursor)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        cursor.execute(
            "PRAGMA secure_delete = ON"
        )  # what is deleted is overwritten: it may tell of a person
        cursor.execute(extra)
        cursor.close()

    begin_transaction = Compiled(sa.text(begin))

    @sa.event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        begin_transaction.run(connection, {})
