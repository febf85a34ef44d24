"""How often somebody has asked within a time: counted in Redis where several processes share the
work, and in this process's memory otherwise, or while Redis is away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

T = TypeVar("T")
log = structlog.get_logger()

AWAY_SECONDS = 5.0
"""For how long Redis is not asked again once it did not answer."""


class Counting:
    """Counts by limit, what is counted and for whom. `monotonic` is a clock in seconds."""

    def __init__(
        self, redis_url: str | None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._together = None
        if redis_url is not None:
            storage = storage_from_string(redis_url, wrap_exceptions=True)
            self._together = SlidingWindowCounterRateLimiter(storage)
        self._monotonic, self._away_until = monotonic, float("-inf")

    def admit(self, limit: RateLimitItem, what: str, who: str) -> None:
        """Count one more. Raises `TooManyRequests`, with the seconds to wait."""
        if not self.note(limit, what, who):
            raise self.refusal(limit, what, who)

    def note(self, limit: RateLimitItem, what: str, who: str) -> bool:
        """Count one more. Returns whether the limit allows it."""
        return self._ask(lambda counter: counter.hit(limit, what, who))

    def has_room(self, limit: RateLimitItem, what: str, who: str) -> bool:
        """Whether the limit would allow one more."""
        return self._ask(lambda counter: counter.test(limit, what, who))

    def refusal(self, limit: RateLimitItem, what: str, who: str) -> TooManyRequests:
        """The refusal of one more, with the seconds until it would be allowed."""
        free_at = self._ask(lambda counter: counter.get_window_stats(limit, what, who).reset_time)
        return TooManyRequests(retry_after=max(1, round(free_at - time.time() + 0.5)))

    def _ask(self, ask: Callable[[SlidingWindowCounterRateLimiter], T]) -> T:
        if self._together is not None and self._monotonic() >= self._away_until:
            try:
                return ask(self._together)
            except StorageError:
                self._away_until = self._monotonic() + AWAY_SECONDS
                log.warning("limits_counted_alone")
        return ask(self._here)
