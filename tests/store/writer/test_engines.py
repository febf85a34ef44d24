"""Opening a database while another process opens or closes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from queue_server.store.writer import engines
from queue_server.store.writer.engines import write_ahead


class Looking:
    """A cursor of a connection that does not wait; what is in the way goes after a refusal."""

    def __init__(self, connection: sqlite3.Connection, clear: Callable[[], object]) -> None:
        self.connection, self.clear, self.refusals = connection, clear, 0

    def execute(self, statement: str) -> None:
        try:
            self.connection.execute(statement)
        except sqlite3.OperationalError:
            self.refusals += 1
            self.clear()
            raise


def open_raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=0)


def test_a_database_that_another_is_opening_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "antrean.db"
    with closing(open_raw(path)) as other, closing(open_raw(path)) as own:
        other.execute("BEGIN EXCLUSIVE")
        looking = Looking(own, lambda: other.execute("COMMIT"))
        write_ahead(looking)
        assert looking.refusals == 1
        assert own.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_one_that_stays_locked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_MILLISECONDS", 1)
    path = tmp_path / "antrean.db"
    with closing(open_raw(path)) as other, closing(open_raw(path)) as own:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            write_ahead(own.cursor())


def test_another_failure_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "antrean.db"
    path.write_bytes(b"this is no database, " * 100)
    with (
        closing(open_raw(path)) as own,
        pytest.raises(sqlite3.DatabaseError, match="not a database"),
    ):
        write_ahead(own.cursor())
