"""Rows of growth: the same four things an office does all day, on databases with ever more past in
them.

The databases are measured in turn, one operation each, so that a slow moment of the machine slows
all of them alike. All have been through ANALYZE, which is known to lead SQLite's planner away from
the small indexes.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks import floors, stage
from benchmarks.report import Row, milliseconds
from queue_server.services.booking import availability
from queue_server.services.counter import calling, serving
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.lobby import view_board
from queue_server.store.writer.database import Database

WAITING_TODAY = 2_000
REQUIRED = {100_000: 1.15, 1_000_000: 1.3}


class Past:
    """A database with so many tickets stored, and 2,000 visitors waiting today."""

    def __init__(self, folder: Path, total: int) -> None:
        path = folder / f"{total}.db"
        url = f"sqlite:///{path}"
        stage.prepare(url)
        stage.fill_past(path, total)
        self.database = Database(url)
        with self.database.read() as connection:
            self.office = self.database.offices.get(connection, stage.OFFICE)
        self.number = 0
        for _ in range(WAITING_TODAY):
            self.issue()
        with sqlite3.connect(path) as connection:
            connection.execute("ANALYZE")
        self.database.close()
        self.database = Database(url)
        self.counter = next(each.id for each in self.office.counters if len(each.letters) > 3)

    def now(self) -> datetime:
        self.number += 1
        return stage.NOW + timedelta(milliseconds=self.number)

    def issue(self) -> None:
        drawn, now = draw(), self.now()
        self.database.write(
            [(stage.OFFICE, stage.TODAY)],
            lambda tx: arrival.issue_walk_in(tx, stage.OFFICE, arrival.WalkIn("REK"), drawn, now),
        )

    def call_next(self) -> None:
        now = self.now()
        called = self.database.write(
            [(stage.OFFICE, stage.TODAY)],
            lambda tx: calling.call_next(tx, stage.OFFICE, self.counter, "clerk", now),
        )
        assert called is not None
        self.called = called

    def send_away(self) -> None:
        """Make the counter free again; not measured."""
        now, called = self.now(), self.called
        self.database.write(
            [(stage.OFFICE, stage.TODAY)],
            lambda tx: serving.no_show(tx, stage.OFFICE, called.id, "clerk", now),
        )

    def read_board(self) -> None:
        with self.database.read() as connection:
            view_board(connection, self.office, stage.NOW, "build")

    def read_availability(self) -> None:
        with self.database.read() as connection:
            availability.list_availability(
                connection, self.office, "REK", stage.TODAY, 14, 1, stage.NOW
            )


def rows(times: int, *, quick: bool) -> Iterator[Row]:
    sizes = [100, *([100_000] if quick else REQUIRED)]
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        pasts = [Past(Path(name), size) for size in sizes]
        # - there is nothing to tidy up
        nothing: Callable[[Past], None] = lambda past: None  # noqa: E731
        operations: Sequence[tuple[str, Callable[[Past], None], Callable[[Past], None]]] = (
            ("issue", Past.issue, nothing),
            ("call-next", Past.call_next, Past.send_away),
            ("board", Past.read_board, nothing),
            ("availability", Past.read_availability, nothing),
        )
        for what, act, tidy in operations:
            medians = _interleaved(pasts, act, tidy, times)
            for size, median in zip(sizes[1:], medians[1:], strict=True):
                yield Row(
                    f"{what}: 100 → {size:,} stored tickets",
                    milliseconds(median),
                    milliseconds(medians[0]),
                    median / medians[0],
                    REQUIRED[size],
                    True,
                )
        for past in pasts:
            past.database.close()


def _interleaved(
    pasts: list[Past], act: Callable[[Past], None], tidy: Callable[[Past], None], times: int
) -> list[float]:
    taken: list[list[float]] = [[] for _ in pasts]
    for round_number in range(times + 20):
        for past, mine in zip(pasts, taken, strict=True):
            started = time.perf_counter()
            act(past)
            if round_number >= 20:
                mine.append(time.perf_counter() - started)
            tidy(past)
    return [floors.median(mine) for mine in taken]
