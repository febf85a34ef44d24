"""The link's state as the agent's threads share it: they report each answer and read the state."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from queue_server.protocol.client import Refused, ServerUnreachable

from .state import Link, LinkState, begin_link, hear, pass_time

T = TypeVar("T")


class LinkWatch:
    """Follows the link. `count_outbox` tells how many numbers are still to be reported; `steady` is
    a clock that nobody sets.
    """

    def __init__(
        self, count_outbox: Callable[[], int], steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._count_outbox = count_outbox
        self._steady = steady
        self._lock = threading.Lock()
        self._state = begin_link(steady())

    def ask(self, request: Callable[[], T]) -> T:
        """Make a request to the server and note how it was answered. Raises what it raises."""
        began = self._steady()
        try:
            answer = request()
        except Refused:
            self._hear(began, good=True)
            raise
        except ServerUnreachable:
            self._hear(began, good=False)
            raise
        self._hear(began, good=True)
        return answer

    @property
    def link(self) -> Link:
        """How the kiosk works now."""
        return self._now().link

    @property
    def outage_seconds(self) -> float | None:
        """For how long the kiosk has been working alone; None while it is online."""
        state = self._now()
        return None if state.outage_from is None else self._steady() - state.outage_from

    def _now(self) -> LinkState:
        outbox = self._count_outbox()
        with self._lock:
            self._state = pass_time(self._state, self._steady(), outbox)
            return self._state

    def _hear(self, began: float, *, good: bool) -> None:
        outbox = self._count_outbox()
        with self._lock:
            now = self._steady()
            self._state = hear(self._state, now, good=good, took_seconds=now - began, outbox=outbox)
