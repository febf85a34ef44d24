"""Sends each new state to every open TV page at once: one source, any number of streams of
Server-Sent Events.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

PING_SECONDS = 5.0
"""After two of these without a message, a page knows that the agent itself is down."""


class Stream:
    """Sends the whole state to each page: on opening, after every `changed`, and as a heartbeat.

    A slow page misses intermediate states, never the last one.
    """

    def __init__(self, state: Callable[[], dict[str, Any]]) -> None:
        self._state = state
        self._condition = threading.Condition()
        self._number = 0
        self._pages = 0

    @property
    def pages(self) -> int:
        """How many pages are open."""
        return self._pages

    def changed(self) -> None:
        """Wake every page."""
        with self._condition:
            self._number += 1
            self._condition.notify_all()

    def events(self) -> Iterator[bytes]:
        """One page's stream, until it closes the connection."""
        with self._condition:
            self._pages += 1
            seen = self._number
        try:
            while True:
                yield (
                    b"data: "
                    + json.dumps(self._state(), ensure_ascii=False, separators=(",", ":")).encode()
                    + b"\n\n"
                )
                with self._condition:
                    if self._number == seen:
                        self._condition.wait(PING_SECONDS)
                    seen = self._number
        finally:
            with self._condition:
                self._pages -= 1
