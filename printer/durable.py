"""An SQLite file that survives power cuts: every commit is on disk, and a damaged file is set aside
instead of stopping the box.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import suppress
from pathlib import Path

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

log = logging.getLogger(__name__)


def open_durable(path: Path) -> sqlite3.Connection:
    """Open or create the file at `path` (WAL, FULL, autocommit, readable by its owner only).

    A file damaged by a bad card or a power cut is kept beside it as `.damaged`, only the last one,
    and an empty file replaces it: a door without a kiosk is worse than a new list. Raises
    `sqlite3.Error` for anything else, such as a full disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open(path)
    except sqlite3.DatabaseError as problem:
        if problem.sqlite_errorcode & 0xFF not in _DAMAGE:
            raise
        log.error("%s is damaged (%s): it is set aside and begun anew", path, problem)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.replace(path.with_name(path.name + ".damaged"))
    return _open(path)


def _open(path: Path) -> sqlite3.Connection:
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
    except BaseException:
        with suppress(sqlite3.Error):
            database.close()
        raise
    database.row_factory = sqlite3.Row
    return database
