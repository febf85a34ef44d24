"""The test call that staff have ordered: made once, and not again after a restart."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from queue_server.protocol.enrolment import write_whole
from queue_server.protocol.messages import DeviceOrder

WAITS_SECONDS = 120.0
"""So long a test call waits for a page: who ordered it has gone away by then."""


class OrderedCall:
    """The newest test call. `steady` is a clock that nobody sets."""

    def __init__(self, path: Path, steady: Callable[[], float] = time.monotonic) -> None:
        self._path, self._steady = path, steady
        self._last = self._load()
        self._due: str | None = None
        self._ordered_at = 0.0

    @property
    def due(self) -> str | None:
        """The id of the test call that a page is to make; None if there is none."""
        lapsed = self._steady() - self._ordered_at >= WAITS_SECONDS
        return None if lapsed else self._due

    def take(self, orders: Iterable[DeviceOrder]) -> bool:
        """Take the newest test call of some orders, given oldest first. False if it is known: an
        order is repeated until it lapses. Raises `OSError` if it cannot be written; it is made all
        the same, and perhaps again after a restart.
        """
        newest = [each.id for each in orders if each.kind == "test_call"][-1:]
        if not newest or newest[0] == self._last:
            return False
        self._last = self._due = newest[0]
        self._ordered_at = self._steady()
        write_whole(self._path, self._last.encode())
        return True

    def note_made(self, ids: Iterable[str]) -> bool:
        """Note what pages have announced. True if the test call was among it."""
        if self._due is None or self._due not in set(ids):
            return False
        self._due = None
        return True

    def forget(self) -> None:
        """This screen no longer belongs to the office."""
        self._last, self._due = "", None
        self._path.unlink(missing_ok=True)

    def _load(self) -> str:
        try:
            return self._path.read_text("utf-8").strip()
        except (OSError, ValueError):
            return ""  # without the file at most one test call is repeated
