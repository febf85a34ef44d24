"""Engines, the one writer, and `write`: the only place in Antrean that commits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any, Generic, TypeVar

from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)

from queue_server.domain.events import RecordedEvent
from queue_server.domain.office.office import Office

from .compiled import compile_all, pipelined
from .engines import READERS, open_reader, open_writer
from .group_commit import GroupCommit, Job
from .memory import Memory
from .office_cache import OfficeCache
from .private_files import make_private
from .transaction import DayKey, Transaction

T = TypeVar("T")
Command = Callable[[Transaction], T]
Listener = Callable[[Sequence[RecordedEvent]], None]
FailureListener = Callable[[BaseException], None]

_log = logging.getLogger(__name__)

ATTEMPTS = 4
"""How often a command is tried that fails alone for a passing cause: a race with another process, a
lost connection.
"""

_PASSING_STATES = frozenset({"40001", "40P01", "23505"})
"""Serialization failure, deadlock, unique violation: where another process was quicker with the
same row, the command finds it there when it is tried again, and answers or refuses as it should.
"""


_OF_THE_COMMAND = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
"""Refusals that say nothing of how the database is."""


class OutcomeUnknown(Exception):
    """The connection or the process was stopped in the middle of the commit. Asking again under the
    same key tells.
    """


class _Write(Job, Generic[T]):
    """A command on its way through the writer, and what became of it."""

    __slots__ = ("command", "days", "error", "value")

    def __init__(self, days: Iterable[DayKey], command: Command[T]) -> None:
        super().__init__()
        self.days = tuple(sorted(set(days)))
        self.command = command
        self.error: BaseException | None = None
        self.value: T | None = None

    def fail(self, error: BaseException) -> None:
        self.error = error
        self.close()

    def answer(self) -> T:
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # set to the command's answer


class Database:
    """One database, SQLite or PostgreSQL, with a writer and a pool of readers.

    Whoever calls `write` while the writer is busy waits and is served together with all who wait:
    one transaction, one durable commit (group commit). `gather` is called before the waiting
    commands are taken; a cooperative server yields in it, so that requests that have arrived
    meanwhile join the group.
    """

    def __init__(self, url: str | URL, *, gather: Callable[[], None] | None = None) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        make_private(self.url)
        self._writer = open_writer(self.url)
        self._writing: Connection | None = None
        self._reader = open_reader(self.url)
        self._reading: list[Connection] = []
        self._may_read = BoundedSemaphore(READERS)
        self._offices = OfficeCache()
        self._memory = Memory(self._offices)
        self._group_commit: GroupCommit[_Write[Any]] = GroupCommit(self._serve, gather)
        self._listeners: list[Listener] = []
        self._failure_listeners: list[FailureListener] = []
        self._commits = 0

    @property
    def commits(self) -> int:
        """How many transactions this process has committed: what was read before this last changed
        may be out of date.
        """
        return self._commits

    def on_commit(self, listener: Listener) -> None:
        """Be told of the events of every commit of this process, right after it. What a listener
        raises is logged.
        """
        self._listeners.append(listener)

    def on_failure(self, listener: FailureListener) -> None:
        """Be told at once of every command that could not be committed because of the database,
        whatever the command was.
        """
        self._failure_listeners.append(listener)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent, committed state and cannot change it.

        Connections are kept for the next reader: taking one from the pool and giving it back costs
        as much as a query. Who finds all of them in use waits for the first that comes free.
        """
        with self._may_read:
            try:
                connection = self._reading.pop()
            except IndexError:
                connection = self._reader.connect()
            try:
                with connection.begin():
                    yield connection
            except BaseException as error:
                connection.close()
                if _is_lost(error):
                    self._close_readers()
                raise
            self._reading.append(connection)

    def find_office(self, code: str) -> Office:
        """An office's settings, at most SETTINGS_SECONDS behind what another process has changed.
        Raises `UnknownOffice`.
        """
        cached = self._offices.recall(code)
        if cached is None:
            with self.read() as connection:
                cached = self._offices.get(connection, code)
        return cached

    @property
    def offices(self) -> OfficeCache:
        """The offices' settings, for readers."""
        return self._offices

    @property
    def waiting(self) -> int:
        """How many commands wait for the writer now."""
        return self._group_commit.waiting

    def write(self, days: Iterable[DayKey], command: Command[T]) -> T:
        """Run a command under the lock of its office-days and return its answer once it is durable.

        A command that raises changes nothing, and the commands committed with it are not touched.
        It may be run a second time if the shared transaction fails for another's sake, so it must
        depend on nothing but the transaction and its arguments. Raises what the command raises, and
        `OutcomeUnknown` if it cannot be known whether the commit came about.
        """
        job = _Write(days, command)
        self._group_commit.take_part(job)
        return job.answer()

    def compile_statements(self, rest: Callable[[], object]) -> int:
        """Compile the statements of the hot path before anybody needs them, with a `rest` after
        each. Returns how many there are.
        """
        return compile_all(self._reader.dialect, rest)

    def close(self) -> None:
        """Close all connections."""
        if self._writing is not None:
            self._writing.close()
            self._writing = None
        self._close_readers()
        self._writer.dispose()
        self._reader.dispose()

    def _close_readers(self) -> None:
        while self._reading:
            self._reading.pop().close()

    def _serve(self, jobs: list[_Write[Any]]) -> None:
        jobs.sort(key=lambda job: job.days)
        try:
            self._commit_together(jobs)
        except Exception as error:
            left = [job for job in jobs if not job.closed]
            if len(left) == 1 and not _may_pass(error):
                self._tell_failure(error)
                left[0].fail(error)
            else:
                for job in left:
                    self._commit_alone(job)

    def _commit_alone(self, job: _Write[Any]) -> None:
        """The shared transaction failed: one command at a time, so that only the one at fault
        fails.
        """
        for attempts_left in reversed(range(ATTEMPTS)):
            try:
                return self._commit_together([job])
            except Exception as error:
                if job.closed:
                    return None
                if not attempts_left or not _may_pass(error):
                    self._tell_failure(error)
                    return job.fail(error)

    def _commit_together(self, jobs: list[_Write[Any]]) -> None:
        """One transaction for all. Closes every job, or raises with nothing done."""
        connection = self._writing = self._writing or self._writer.connect()
        committing = False
        try:
            with connection.begin() as transaction:
                tx = self._memory.open(
                    connection, {key for job in jobs for key in job.days}, alone=len(jobs) == 1
                )
                for job in jobs:
                    _run(tx, job)
                if tx.spoiled:
                    transaction.rollback()
                else:
                    tx.count_time_over()
                    with pipelined(connection):
                        tx.finish()
                        committing = True
                        transaction.commit()
                    self._commits += 1
                    self._memory.keep(tx)
                    if tx.outdated:
                        self._offices.forget()
        except BaseException as error:
            self._forget(connection, error, committing=committing)
            if not committing or not _may_have_committed(error):
                raise
            for job in jobs:
                job.error = OutcomeUnknown()
                job.error.__cause__ = error
            self._tell_failure(error)
            _close(jobs)
            raise
        _close(jobs)
        if tx.recorded:
            self._tell(tx.recorded)

    def _forget(self, connection: Connection, error: BaseException, *, committing: bool) -> None:
        """Nothing remembered holds after an error, and a connection that was lost or stopped in the
        middle is of no use.

        Nor is one on which the commit was already on its way: what is left of its transaction
        nobody can tell.
        """
        self._memory.forget()
        if committing or not isinstance(error, Exception) or _is_lost(error):
            self._writing = None
            connection.invalidate()
            connection.close()

    def _tell(self, recorded: Sequence[RecordedEvent]) -> None:
        for listener in self._listeners:
            try:
                listener(recorded)
            except Exception:
                _log.exception("a listener failed after a commit")

    def _tell_failure(self, error: BaseException) -> None:
        """Of what lies with the database, not with what a command asked of it."""
        if not isinstance(error, DBAPIError) or isinstance(error, _OF_THE_COMMAND):
            return
        for listener in self._failure_listeners:
            listener(error)


def _run(tx: Transaction, job: _Write[Any]) -> None:
    """Run one command. What it refuses with is its answer; what the database refuses stops the
    whole transaction.
    """
    tx.begin_command()
    try:
        job.value, job.error = job.command(tx), None
    except SQLAlchemyError:
        raise
    except Exception as error:
        tx.undo_command()
        job.error = error
    except BaseException:
        job.interrupted = True
        raise
    else:
        tx.end_command()


def _close(jobs: Iterable[_Write[Any]]) -> None:
    for job in jobs:
        if not job.closed:
            job.close()


def _is_lost(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _may_pass(error: Exception) -> bool:
    """Whether the same command may well succeed at once: nothing was committed, and the cause lies
    outside it.
    """
    return _is_lost(error) or (
        isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _PASSING_STATES
    )


def _may_have_committed(error: BaseException) -> bool:
    """Whether a commit that raised may be durable all the same: a refusal is not, silence may
    be.
    """
    return not isinstance(error, Exception) or _is_lost(error)
