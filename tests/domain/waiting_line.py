"""A waiting line with several counters, played out visitor by visitor: the truth against which
predictions are checked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heapify, heapreplace


@dataclass(frozen=True)
class Visit:
    """A visitor's arrival, the number waiting ahead then, the wait of the last one called by then
    (None: nobody), and the own wait.
    """

    arrived_at: float
    ahead: int
    last_wait: float | None
    wait: float


def play(
    gap: Callable[[], float], service: Callable[[], float], counters: int, visitors: int
) -> Iterator[Visit]:
    """First come, first served. `gap` and `service` draw the time to the next arrival and a service
    time.
    """
    free_at = [0.0] * counters
    heapify(free_at)
    waiting: deque[tuple[float, float]] = deque()
    now, last_wait = 0.0, None
    for _ in range(visitors):
        now += gap()
        while waiting and waiting[0][0] <= now:
            last_wait = waiting.popleft()[1]
        starts_at = max(now, free_at[0])
        heapreplace(free_at, starts_at + service())
        yield Visit(now, len(waiting), last_wait, starts_at - now)
        waiting.append((starts_at, starts_at - now))
