"""The agent's one database: its schema by version, its transactions, and whether it can be written.

Everything that must be true together is written in one transaction: a leased number is used, its
report is due and its visitor's request is answered, or none of it.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from printer.durable import open_durable

SPACE_BYTES_MIN = 4 * 1024 * 1024
"""With less left on the disk it counts as full: the next transactions would use it up."""

_REQUESTS = (
    """
    CREATE TABLE IF NOT EXISTS requests (
        key TEXT PRIMARY KEY,
        wish TEXT NOT NULL,
        made_at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'issued', 'refused', 'abandoned')),
        slip TEXT,
        repeated INTEGER NOT NULL DEFAULT 0,
        refusal TEXT,
        given_up INTEGER NOT NULL DEFAULT 0,
        job TEXT,
        CHECK ((state = 'issued') = (slip IS NOT NULL)),
        CHECK ((state = 'refused') = (refusal IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX IF NOT EXISTS requests_pending ON requests (made_at) WHERE state = 'pending'",
)
_LEASES = (
    """
    CREATE TABLE leases (
        lease TEXT PRIMARY KEY,
        date TEXT NOT NULL,
        content TEXT NOT NULL,
        version INTEGER NOT NULL UNIQUE
    ) STRICT
    """,
    """
    CREATE TABLE numbers (
        id TEXT PRIMARY KEY,
        lease TEXT NOT NULL,
        date TEXT NOT NULL,
        stream TEXT NOT NULL,
        number TEXT NOT NULL,
        code TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'free' CHECK (state IN ('free', 'used', 'synced')),
        item TEXT,
        persons INTEGER NOT NULL DEFAULT 0,
        digest TEXT,
        result TEXT,
        reason TEXT,
        called TEXT,
        reported_version INTEGER,
        CHECK ((state = 'free') = (item IS NULL)),
        CHECK ((state = 'synced') = (result IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX numbers_state ON numbers (state, lease, stream)",
    "CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)
_WITHDRAWALS = (
    "ALTER TABLE requests ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE requests ADD COLUMN issued_version INTEGER",
    "CREATE INDEX requests_given_up ON requests (made_at) WHERE given_up AND NOT withdrawn",
)
STEPS = (_REQUESTS, _LEASES, _WITHDRAWALS)
"""The schema's versions, oldest first. Released steps never change."""


class JournalUnwritable(Exception):
    """The disk is full or broken: what was to be recorded did not happen."""


class Records:
    """The database at `path`. Safe to share between threads and greenlets of this process; see
    `hold_folder` for others.

    `free_bytes` tells how much room the disk of a folder has.
    """

    def __init__(
        self,
        path: Path,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._folder = path.parent
        self._free_bytes = free_bytes
        self._db = open_durable(path, STEPS)
        self.full = False
        born = self.kept("born")
        if born is None:
            born = secrets.token_hex(16)
            self.keep("born", born)
        self.born = born
        """A random name of this very file: one that was damaged and begun anew has another."""

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction, or the one that this thread is already in. Raises `JournalUnwritable`."""
        with self._lock:
            if self._depth:
                yield self._db
                return
            self._depth = 1
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as problem:
                self._undo()
                raise JournalUnwritable(str(problem)) from problem
            except BaseException:
                self._undo()
                raise
            finally:
                self._depth = 0

    def _undo(self) -> None:
        with suppress(sqlite3.Error):  # some errors have already rolled it back
            self._db.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For statements that only read: they go on when the disk is full."""
        with self._lock:
            yield self._db

    def keep(self, name: str, value: str) -> None:
        """Keep a small value under a name. Raises `JournalUnwritable`."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO kept VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
                "excluded.value",
                (name, value),
            )

    def kept(self, name: str) -> str | None:
        """What was kept under a name."""
        with self.reading() as database:
            row = database.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def drop(self, name: str) -> None:
        """Keep nothing under a name any longer. Raises `JournalUnwritable`."""
        with self.transaction() as database:
            database.execute("DELETE FROM kept WHERE name = ?", (name,))

    def probe(self, mark: str) -> bool:
        """Whether something can still be recorded: tried with a tiny write, so that the screen can
        close before a visitor touches it. `full` remembers the answer.
        """
        try:
            if self._free_bytes(self._folder) < SPACE_BYTES_MIN:
                raise JournalUnwritable("the disk is as good as full")
            self.keep("probe", mark)
        except (JournalUnwritable, OSError):
            self.full = True
        else:
            self.full = False
        return not self.full
