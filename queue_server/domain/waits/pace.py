"""How fast a stream is called just now: the calls of the last hour or so, the wait of the last one
called, the silence since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp

MEMORY_MINUTES = 60.0
"""A call of an hour ago counts 1/e of one of this minute."""

AT_ONCE_MINUTES = 1.0
"""Who waited less was called because a counter was free, not because one became free."""


@dataclass(frozen=True)
class Pace:
    """What is remembered of a stream's calls on one day. All times are minutes on one clock that
    never steps back within a day.

    `calls` and `busy_minutes` fade with the same memory, so their ratio is the recent rate while
    visitors waited; time with nobody waiting counts for neither, because it says nothing of how
    fast the counters work. `since` is the later of the last call and of the moment the queue began.
    `last_wait` is the wait of the last visitor called (LES). Invariants: `calls` >= 0, 0 <=
    `busy_minutes` < `MEMORY_MINUTES`.
    """

    at: float = 0.0
    calls: float = 0.0
    busy_minutes: float = 0.0
    since: float | None = None
    last_wait: float | None = None

    def silent_minutes(self, now: float) -> float:
        """How long visitors have been waiting without anybody being called; 0 before the first
        visitor.
        """
        return 0.0 if self.since is None else max(0.0, now - self.since)


NO_PACE = Pace()
"""Before the first visitor of a day."""


def follow_busy(pace: Pace, now: float) -> Pace:
    """The pace at `now` after visitors waited all the time since it was last followed."""
    passed = max(0.0, now - pace.at)
    kept = exp(-passed / MEMORY_MINUTES)
    busy = pace.busy_minutes * kept + MEMORY_MINUTES * (1 - kept)
    return replace(pace, at=max(now, pace.at), calls=pace.calls * kept, busy_minutes=busy)


def follow_first(pace: Pace, now: float) -> Pace:
    """The pace once somebody waits again after nobody did: the idle time is left out.

    So is the first `AT_ONCE_MINUTES`, because a call within it would not be counted either.
    """
    return replace(pace, at=max(now + AT_ONCE_MINUTES, pace.at), since=now)


def follow_call(pace: Pace, now: float, waited: float) -> Pace:
    """The pace after a visitor was called at `now` who had waited `waited` minutes.

    One called at once does not count, nor does the moment of waiting: such calls follow the
    arrivals, not the counters.
    """
    if waited < AT_ONCE_MINUTES:
        return replace(pace, at=max(now, pace.at), since=now, last_wait=max(0.0, waited))
    return follow_calls(pace, now, waited, 1)


def follow_calls(pace: Pace, now: float, last_wait: float, count: int) -> Pace:
    """The pace after `count` visitors were called about `now`, the last of whom had waited
    `last_wait` minutes.
    """
    rolled = follow_busy(pace, now)
    return replace(rolled, calls=rolled.calls + count, since=now, last_wait=last_wait)
