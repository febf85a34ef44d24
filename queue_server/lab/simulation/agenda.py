"""Future acts, in order of simulated time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

Act = Callable[[datetime], None]


class Agenda:
    """Acts by their moment. Of two at the same moment the one entered first comes first, so every
    run is the same.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Act]] = []
        self._entered = count()
        self._now: datetime | None = None

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, moment: datetime, act: Act) -> None:
        """Schedule an act; a moment in the past means now. The clock never goes back."""
        if self._now is not None and moment < self._now:
            moment = self._now
        heappush(self._heap, (moment, next(self._entered), act))

    def take(self) -> tuple[datetime, Act] | None:
        """The next act with its moment, or None when nothing is left. The clock moves on to it."""
        if not self._heap:
            return None
        self._now, _, act = heappop(self._heap)
        return self._now, act
