"""How long the counters of an office were open on one date."""

from __future__ import annotations

from .day_clock import DayClock
from .spread import MICROSECONDS


class CounterTime:
    """Adds up the time in which counters were open, breaks left out.

    `last_step_at` is when a visitor last came, was called or went on this date. A counter that
    nobody closed, so that the end of the day closed it, counts until then.
    """

    def __init__(self, clock: DayClock) -> None:
        self.last_step_at = clock.start
        self._clock = clock
        self._open: dict[str, int] = {}
        self._total = 0

    def open(self, counter: str, at: int) -> None:
        """A clerk opens a counter, or is back from a break."""
        self._open.setdefault(counter, at)

    def close(self, counter: str, at: int) -> None:
        """A clerk leaves a counter, for a break or for good."""
        since = self._open.pop(counter, None)
        if since is not None:
            self._add(since, at)

    def seconds(self, until: int) -> int:
        """The time of all counters together, in seconds. Those still open count until now."""
        for since in self._open.values():
            self._add(since, until)
        self._open.clear()
        return self._total // MICROSECONDS

    def _add(self, since: int, at: int) -> None:
        ended_at = at if at < self._clock.end else self.last_step_at
        self._total += max(0, ended_at - since)
