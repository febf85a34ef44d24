"""An SQLite file that survives power cuts and upgrades: every commit is on disk, a damaged file is
set aside instead of stopping the box, and a file of an earlier release is brought up to date.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

SchemaStep: TypeAlias = tuple[str, ...]
"""The statements that lead from one schema version to the next."""

log = logging.getLogger(__name__)


class FileOfNewerRelease(Exception):
    """The file was written by a newer release, whose records this one would misread."""


def open_durable(path: Path, steps: Sequence[SchemaStep] = ()) -> sqlite3.Connection:
    """Open or create the file at `path` (WAL, FULL, autocommit, readable by its owner only).

    `steps[n]` leads from schema version n to n + 1. What is missing is done in one transaction:
    after a power cut the file is either as before or up to date. A released step is never changed.
    Files older than the numbering have version 0, so the first step makes its tables IF NOT EXISTS.

    A file damaged by a bad card or a power cut is kept beside it as `.damaged`, only the last one,
    and an empty file replaces it: a door without a kiosk is worse than a new list. Raises
    `FileOfNewerRelease`, and `sqlite3.Error` for anything else, such as a full disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open(path, steps)
    except sqlite3.DatabaseError as problem:
        if problem.sqlite_errorcode & 0xFF not in _DAMAGE:
            raise
        log.error("%s is damaged (%s): it is set aside and begun anew", path, problem)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.replace(path.with_name(path.name + ".damaged"))
    return _open(path, steps)


def _open(path: Path, steps: Sequence[SchemaStep]) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        faults = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if faults != "ok":
            damage = sqlite3.DatabaseError(faults)
            damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damage
        path.chmod(0o600)
        _upgrade(database, path, steps)
    except BaseException:
        with suppress(sqlite3.Error):
            database.close()
        raise
    database.row_factory = sqlite3.Row
    return database


def _upgrade(database: sqlite3.Connection, path: Path, steps: Sequence[SchemaStep]) -> None:
    if not steps:
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        version = int(database.execute("PRAGMA user_version").fetchone()[0])
        if version > len(steps):
            raise FileOfNewerRelease(f"{path} has version {version}, known are {len(steps)}")
        for step in steps[version:]:
            for statement in step:
                database.execute(statement)
        # A pragma takes no parameters; both numbers are our own.
        database.execute(f"PRAGMA user_version = {len(steps)}")
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
