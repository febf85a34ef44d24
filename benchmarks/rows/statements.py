"""What SQLAlchemy costs on the write path: the statements of real tickets, timed as the store runs
them and again in bare sqlite3.

The store's own time without SQLAlchemy is its time less that of its statements, plus that of the
same statements replayed.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import stage
from benchmarks.report import Row, per_second
from benchmarks.store_level import issue_per_second
from queue_server.store.writer import compiled
from queue_server.store.writer.database import Database

WRITERS = 16


class Recorder:
    """Stands in for the store's three ways to run a compiled statement; notes text, values and
    time.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.statements: list[tuple[str, Any, bool]] = []
        for name in ("rows", "run", "run_each"):
            setattr(compiled.Compiled, name, self._timed(getattr(compiled.Compiled, name)))
        for name, many in (("fetch", False), ("execute", False), ("execute_each", True)):
            setattr(compiled._Form, name, self._noted(getattr(compiled._Form, name), many))

    def _timed(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            started = time.perf_counter()
            answer = original(*arguments)
            self.seconds += time.perf_counter() - started
            return answer

        return run

    def _noted(self, original: Callable[..., Any], many: bool) -> Callable[..., Any]:
        def run(form: Any, connection: Any, values: Any) -> Any:
            self.statements.append((form.text, values, many))
            return original(form, connection, values)

        return run


def replay(path: Path, statements: list[tuple[str, Any, bool]]) -> float:
    """Seconds that the same statements take in bare sqlite3, without the commits, which are the
    same for both.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    cursor = connection.cursor()
    seconds = 0.0
    for text, values, many in statements:
        if connection.in_transaction and text.startswith("BEGIN"):
            connection.commit()
        elif not connection.in_transaction and not text.startswith("BEGIN"):
            connection.execute("BEGIN IMMEDIATE")
        started = time.perf_counter()
        if many:
            cursor.executemany(text, values)
        else:
            cursor.execute(text, values)
            if text.startswith("SELECT"):
                cursor.fetchall()
        seconds += time.perf_counter() - started
    connection.close()
    return seconds


def rows(seconds: float) -> Iterator[Row]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rows.statements", str(seconds)],
        capture_output=True,
        text=True,
        check=True,
    )
    total, core, bare, tickets = map(float, done.stdout.split())
    without = total - core + bare
    yield Row(
        f"write path, store level, {WRITERS} writers ÷ its statements in bare sqlite3",
        per_second(tickets / total),
        per_second(tickets / without),
        without / total,
        0.8,
    )


def main(seconds: float) -> None:
    """Print seconds in all, in the store's statements, in the same statements bare, and the
    tickets.
    """
    import gevent

    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        path = Path(name) / "store.db"
        stage.prepare(f"sqlite:///{path}", days_of_slots=1)
        copy = Path(name) / "copy.db"
        shutil.copy(path, copy)
        database = Database(f"sqlite:///{path}", gather=lambda: gevent.sleep(0))
        recorder = Recorder()
        started = time.perf_counter()
        rate, _ = issue_per_second(database, WRITERS, seconds)
        total = time.perf_counter() - started
        database.close()
        print(total, recorder.seconds, replay(copy, recorder.statements), rate * seconds)


if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()
    main(float(sys.argv[1]))
