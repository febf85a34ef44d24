"""Engines, the one writer, and `write`: the only place in Antrean that commits."""
from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from ..domain.events import RecordedEvent
from . import days as days_store
from .offices import OfficeCache
from .transaction import DayKey, Transaction

T = TypeVar("T")
Command = Callable[[Transaction], T]
Listener = Callable[[Sequence[RecordedEvent]], None]

BUSY_MILLISECONDS = 5_000
"""How long SQLite waits for another process's commit. Inside a process the writer's own turn-taking comes first."""


class _Job(Generic[T]):
    """A command on its way through the writer."""

    def __init__(self, days: Iterable[DayKey], command: Command[T]) -> None:
        self.days = tuple(sorted(set(days)))
        self.command = command
        self.done = False
        self.error: BaseException | None = None
        self.value: T | None = None

    def succeed(self, value: T) -> None:
        self.value, self.done = value, True

    def fail(self, error: BaseException) -> None:
        self.error, self.done = error, True

    def answer(self) -> T:
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # set by succeed() with this type


class Database:
    """One database, SQLite or PostgreSQL, with a writer and a pool of readers.

    Whoever calls `write` while the writer is busy waits and is served together with all who wait: one transaction, one
    durable commit (group commit). `gather` is called before the waiting commands are taken; a cooperative server yields in it,
    so that requests that have arrived meanwhile join the group.
    """

    def __init__(self, url: str | URL, *, gather: Callable[[], None] | None = None) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = _writer_engine(self.url)
        self._reader = _reader_engine(self.url)
        self._offices = OfficeCache()
        self._gather = gather
        self._waiting: deque[_Job[Any]] = deque()
        self._turn = threading.Lock()
        self._listeners: list[Listener] = []

    def on_commit(self, listener: Listener) -> None:
        """Be told of the events of every commit of this process, right after it."""
        self._listeners.append(listener)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent, committed state and cannot change it."""
        with self._reader.connect() as connection, connection.begin():
            yield connection

    @property
    def offices(self) -> OfficeCache:
        """The offices' settings, for readers."""
        return self._offices

    def write(self, days: Iterable[DayKey], command: Command[T]) -> T:
        """Run a command under the lock of its office-days and return its answer once it is durable.

        A command that raises changes nothing, and the commands committed with it are not touched. It may be run a second time
        if the shared transaction fails for another's sake, so it must depend on nothing but the transaction and its arguments.
        """
        job = _Job(days, command)
        self._waiting.append(job)
        if self._gather is not None:
            self._gather()
        with self._turn:
            if not job.done:
                self._run([self._waiting.popleft() for _ in range(len(self._waiting))])
        return job.answer()

    def close(self) -> None:
        """Close all connections."""
        self._writer.dispose()
        self._reader.dispose()

    def _run(self, jobs: list[_Job[Any]]) -> None:
        jobs.sort(key=lambda job: job.days)
        try:
            self._commit_together(jobs)
        except SQLAlchemyError as error:
            if len(jobs) == 1:
                jobs[0].fail(error)
            else:
                self._commit_each(jobs)

    def _commit_each(self, jobs: list[_Job[Any]]) -> None:
        """The shared transaction failed: one command at a time, so that only the one at fault fails."""
        for job in jobs:
            try:
                self._commit_together([job])
            except SQLAlchemyError as error:
                job.fail(error)

    def _commit_together(self, jobs: list[_Job[Any]]) -> None:
        outcomes: list[Callable[[], None]] = []
        with self._writer.connect() as connection, connection.begin():
            locked = days_store.lock(connection, sorted({key for job in jobs for key in job.days}))
            tx = Transaction(connection, self._offices, locked)
            for job in jobs:
                outcomes.append(self._run_in(tx, job))
            tx.finish()
        for outcome in outcomes:
            outcome()
        if tx.recorded:
            for listener in self._listeners:
                listener(tx.recorded)

    @staticmethod
    def _run_in(tx: Transaction, job: _Job[Any]) -> Callable[[], None]:
        tx.begin_command()
        try:
            value = job.command(tx)
        except SQLAlchemyError:
            raise
        except Exception as error:
            tx.undo_command()
            refused = error
            return lambda: job.fail(refused)
        tx.end_command()
        return lambda: job.succeed(value)


def _writer_engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, pool_size=1, max_overflow=0, connect_args={"check_same_thread": False})
        _prepare_sqlite(engine, "BEGIN IMMEDIATE", "")
        return engine
    return sa.create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True)


def _reader_engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, pool_size=8, max_overflow=24, connect_args={"check_same_thread": False})
        _prepare_sqlite(engine, "BEGIN", "PRAGMA query_only = ON")
        return engine
    return sa.create_engine(
        url, pool_size=8, max_overflow=8, pool_pre_ping=True, isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )


def _prepare_sqlite(engine: Engine, begin: str, extra: str) -> None:
    """Take transactions into our own hands: the driver's implicit BEGIN is deferred, which lets two writers read the same state."""

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA cache_size = -32000")
        if extra:
            cursor.execute(extra)
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
