"""Decides which board this TV shows. Keeps the newest one, across lost messages, restarts and a
restored server.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from queue_server.protocol.enrolment import write_whole
from queue_server.protocol.messages import BadMessage, Board, from_wire, to_wire

WENT_BACK_AFTER = 2
"""This many answers in a row must have a lower version before it is believed: a restored backup,
not a race.
"""


def run_clock() -> float:
    """Seconds that only go forward, even if the clock is corrected or the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class BoardKeeper:
    """The newest known board of one office, and how certain it is.

    `wall_clock` may be wrong or be corrected at any time, so it only dates the board on disk;
    `run_clock` measures all ages. Safe to use from several threads or greenlets. `changed` is
    called, outside the lock, after every change.
    """

    def __init__(
        self,
        path: Path,
        wall_clock: Callable[[], float],
        changed: Callable[[], None],
        run_clock: Callable[[], float] = run_clock,
    ) -> None:
        self._path = path
        self._wall_clock = wall_clock
        self._run_clock = run_clock
        self._changed = changed
        self._lock = threading.Lock()
        self._saved: Board | None = None
        self._lower_answers = 0
        self.board: Board | None = None
        self._confirmed_run: float | None = None
        self._saved_wall_clock: float | None = None
        self._office_ahead_of_run: float | None = None
        self._office_ahead_of_wall_clock = 0.0
        self._load()

    def take_live(self, board: Board) -> bool:
        """Show a snapshot from the live channel. Returns False if it was dropped because it is
        older than what is shown.
        """
        with self._lock:
            if (
                self.board is not None
                and self.board.office == board.office
                and board.version < self.board.version
            ):
                return False
            self._show(board)
            self._office_ahead_of_run = _moment(board.sent_at) - self._run_clock()
        self._changed()
        return True

    def take_fetched(self, board: Board, shown_before: Board | None) -> bool:
        """Show a fetched board; `shown_before` is the board that was shown when the request began.

        A lower version is dropped as a late answer, unless nothing newer has come meanwhile and the
        server repeats it: then its database was restored from a backup, and the lower version is
        shown. Returns False if the board was dropped.
        """
        with self._lock:
            if (
                self.board is not None
                and self.board.office == board.office
                and board.version < self.board.version
            ):
                self._lower_answers = self._lower_answers + 1 if shown_before is self.board else 0
                if self._lower_answers < WENT_BACK_AFTER:
                    return False
            self._show(board)
            ahead = (
                _moment(board.sent_at) - self._run_clock()
            )  # the board may come from a cache: the office is never behind it
            self._office_ahead_of_run = (
                ahead
                if self._office_ahead_of_run is None
                else max(self._office_ahead_of_run, ahead)
            )
        self._changed()
        return True

    def confirm(self) -> None:
        """Note that the server has confirmed the shown board as the current one."""
        with self._lock:
            self._confirmed_run = self._run_clock()
            self._lower_answers = 0

    def forget(self) -> None:
        """Drop the board: this TV no longer belongs to the office."""
        with self._lock:
            self.board = self._saved = self._confirmed_run = self._saved_wall_clock = None
        self._changed()
        with self._lock:
            self._path.unlink(missing_ok=True)

    def age_seconds(self) -> float | None:
        """How long ago the board was confirmed as the current one; None without a board, or if that
        cannot be known.

        A board from disk is dated by the machine's clock. A date in the future shows that this
        clock has lost the time.
        """
        with self._lock:
            if self._confirmed_run is not None:
                return self._run_clock() - self._confirmed_run
            if self._saved_wall_clock is None or self._saved_wall_clock > self._wall_clock():
                return None
            return self._wall_clock() - self._saved_wall_clock

    def office_now(self) -> float:
        """The office's time in seconds since 1970, as far as known."""
        with self._lock:
            return self._office_now()

    def _office_now(self) -> float:
        if self._office_ahead_of_run is None:
            return self._wall_clock() + self._office_ahead_of_wall_clock
        return self._run_clock() + self._office_ahead_of_run

    def save(self) -> None:
        """Write the board to disk if it has changed since the last time."""
        with self._lock:
            if self.board is None or self.board is self._saved:
                return
            now = self._wall_clock()
            age = 0.0 if self._confirmed_run is None else self._run_clock() - self._confirmed_run
            content = {
                "confirmed_at": now - age,
                "office_clock_seconds": self._office_now() - now,
                "board": to_wire(self.board),
            }
            write_whole(self._path, json.dumps(content, ensure_ascii=False).encode())
            self._saved = self.board

    def _show(self, board: Board) -> None:
        self.board = board
        self._confirmed_run = self._run_clock()
        self._lower_answers = 0

    def _load(self) -> None:
        try:
            content = json.loads(self._path.read_bytes())
            board = from_wire(Board, content["board"])
            confirmed_at, ahead = (
                float(content["confirmed_at"]),
                float(content["office_clock_seconds"]),
            )
        except (OSError, ValueError, KeyError, TypeError, BadMessage):
            return  # without the file only the last board is missing
        self.board = self._saved = board
        self._saved_wall_clock, self._office_ahead_of_wall_clock = confirmed_at, ahead


def _moment(rfc3339: str) -> float:
    return datetime.fromisoformat(rfc3339).timestamp()
