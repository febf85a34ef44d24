"""While Redis is away a process counts alone, and asks for it again only after a while."""

from __future__ import annotations

import pytest
from limits import parse
from limits.errors import StorageError
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

from queue_server.web.edge.strangers.counting import AWAY_SECONDS, Counting

LIMIT = parse("3 per minute")


def test_while_redis_is_away_a_process_counts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    now = 0.0

    def away(*_given: object) -> bool:
        asked.append(now)
        raise StorageError(ConnectionError())

    counting = Counting("redis://127.0.0.1:1/0", lambda: now)
    assert isinstance(counting._together, SlidingWindowCounterRateLimiter)
    for name in ("hit", "test", "get_window_stats"):
        monkeypatch.setattr(counting._together, name, away)
    assert [counting.note(LIMIT, "what", "me") for _ in range(4)] == [True, True, True, False]
    assert not counting.has_room(LIMIT, "what", "me") and counting.has_room(LIMIT, "what", "you")
    with pytest.raises(TooManyRequests) as refused:
        counting.admit(LIMIT, "what", "me")
    assert 1 <= refused.value.retry_after <= 61
    assert asked == [0.0], "each question would wait for a server that is not there"
    now = AWAY_SECONDS
    counting.admit(LIMIT, "what", "you")
    assert asked == [0.0, AWAY_SECONDS]
