"""Which board does this TV show? Keeps the newest one, across lost messages, restarts and a server that was restored."""
from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from queue_server.protocol.enrolment import write_whole
from queue_server.protocol.messages import BadMessage, Board, from_wire, to_wire

WENT_BACK_AFTER = 2
"""So many answers in a row must say that the server's version is lower before it is believed: a restored backup, not a race."""


class BoardKeeper:
    """The newest known board of one office and how sure we are of it.

    `confirmed_at` is when the server last told us that this board is the present one, in seconds of `wall_clock`; it survives a
    restart with the board, so that an old picture is marked as old. `office_clock_seconds` is how far the office's clock is
    ahead of ours. Safe to use from several threads or greenlets. `changed` is called, outside the lock, after every change.
    """

    def __init__(self, path: Path, wall_clock: Callable[[], float], changed: Callable[[], None]) -> None:
        self._path = path
        self._wall_clock = wall_clock
        self._changed = changed
        self._lock = threading.Lock()
        self._saved: Board | None = None
        self._lower_answers = 0
        self.board: Board | None = None
        self.confirmed_at: float | None = None
        self.office_clock_seconds = 0.0
        self._load()

    def take_live(self, board: Board) -> bool:
        """Show a snapshot from the live channel. False if it is older than what is shown, and so dropped."""
        with self._lock:
            if self.board is not None and self.board.office == board.office and board.version < self.board.version:
                return False
            self._show(board)
            self.office_clock_seconds = _moment(board.sent_at) - self._wall_clock()
        self._changed()
        return True

    def take_fetched(self, board: Board, shown_before: Board | None) -> bool:
        """Show a board that was asked for; `shown_before` is what was shown when the request began.

        A lower version is dropped as a late answer, unless nothing newer has come meanwhile and the server says so
        twice running: then its database has gone back (a restored backup), and so do we. False if dropped.
        """
        with self._lock:
            if self.board is not None and self.board.office == board.office and board.version < self.board.version:
                self._lower_answers = self._lower_answers + 1 if shown_before is self.board else 0
                if self._lower_answers < WENT_BACK_AFTER:
                    return False
            self._show(board)
            self.office_clock_seconds = max(self.office_clock_seconds, _moment(board.sent_at) - self._wall_clock())
        self._changed()
        return True

    def confirm(self) -> None:
        """The server says that the board shown is the present one."""
        with self._lock:
            self.confirmed_at = self._wall_clock()
            self._lower_answers = 0

    def forget(self) -> None:
        """Drop the board: this TV no longer belongs to the office."""
        with self._lock:
            self.board = self._saved = self.confirmed_at = None
            self._path.unlink(missing_ok=True)
        self._changed()

    def age_seconds(self) -> float | None:
        """How long ago the board was confirmed; None without a board."""
        with self._lock:
            return None if self.confirmed_at is None else max(0.0, self._wall_clock() - self.confirmed_at)

    def save(self) -> None:
        """Write the board to disk if it has changed since the last time."""
        with self._lock:
            if self.board is None or self.board is self._saved:
                return
            content = {"confirmed_at": self.confirmed_at, "office_clock_seconds": self.office_clock_seconds, "board": to_wire(self.board)}
            write_whole(self._path, json.dumps(content, ensure_ascii=False).encode())
            self._saved = self.board

    def _show(self, board: Board) -> None:
        self.board = board
        self.confirmed_at = self._wall_clock()
        self._lower_answers = 0

    def _load(self) -> None:
        try:
            content = json.loads(self._path.read_bytes())
            board = from_wire(Board, content["board"])
            confirmed_at, ahead = float(content["confirmed_at"]), float(content["office_clock_seconds"])
        except (OSError, ValueError, KeyError, TypeError, BadMessage):
            return  # a missing or damaged file only costs the old picture
        self.board = self._saved = board
        self.confirmed_at, self.office_clock_seconds = confirmed_at, ahead


def _moment(rfc3339: str) -> float:
    return datetime.fromisoformat(rfc3339).timestamp()
