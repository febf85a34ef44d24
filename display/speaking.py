"""Which of an agent's pages has the voice: two windows on one screen must not speak at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SILENT_SECONDS = 15.0
"""A page that has not reported for this long loses the voice: three reports are missing then."""


class SpeakingPage:
    """The one page that speaks. It keeps the voice for as long as it reports; then the next page
    that reports gets it. Safe to use from several threads.

    `clock` gives seconds and never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._page: str | None = None
        self._heard_at = 0.0

    @property
    def is_there(self) -> bool:
        """Whether a page has the voice."""
        with self._lock:
            return self._is_there()

    def hear(self, page: str) -> bool:
        """Note that a page has reported. True if it has the voice."""
        with self._lock:
            if self._page != page and self._is_there():
                return False
            self._page, self._heard_at = page, self._clock()
            return True

    def close(self, page: str) -> None:
        """Note that a page is gone."""
        with self._lock:
            if self._page == page:
                self._page = None

    def _is_there(self) -> bool:
        return self._page is not None and self._clock() - self._heard_at < SILENT_SECONDS
