"""How a duration is spread over many visits: exact, in whole seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

MICROSECONDS = 1_000_000


@dataclass
class Spread:
    """How often each duration occurred, in whole seconds rounded down. There are few different
    ones, so a year takes hardly more memory than a month.
    """

    counts: Counter[int] = field(default_factory=Counter)

    def add(self, seconds: Iterable[int]) -> None:
        """Count some durations."""
        self.counts.update(seconds)

    def merge(self, other: Spread) -> None:
        """Count all of another spread too."""
        self.counts.update(other.counts)

    @property
    def number(self) -> int:
        """How many durations were counted."""
        return self.counts.total()

    def percentile(self, percent: int) -> int | None:
        """The nearest-rank percentile in seconds: the smallest duration that at least `percent` of
        all do not exceed. None without any. No value in between is invented.
        """
        rank = -(-percent * self.number // 100)
        reached = 0
        for seconds in sorted(self.counts):
            reached += self.counts[seconds]
            if reached >= rank:
                return seconds
        return None
