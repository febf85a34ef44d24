"""The queue between processes while Redis is away: it must not keep a process from its own
screens. Redis is not asked.
"""

from __future__ import annotations

import pytest

from queue_server.web.edge.live.message_queue import ANSWER_SECONDS, RETRY_SECONDS, PromptRedis


class FailingRedis:
    """Fails each message, after so many seconds on the clock."""

    def __init__(self, seconds: float) -> None:
        self.now = 0.0
        self.asked = 0
        self._seconds = seconds

    def publish(self, _channel: str, _text: str) -> None:
        self.asked += 1
        self.now += self._seconds
        raise TimeoutError


@pytest.mark.parametrize(
    ("seconds", "share"), [(0.0, 0.0), (ANSWER_SECONDS, 0.21)], ids=["refuses", "hangs"]
)
def test_redis_takes_little_of_a_process_however_it_fails(seconds: float, share: float) -> None:
    redis = FailingRedis(seconds)
    queue = PromptRedis("redis://127.0.0.1:1/0", lambda _room, _snapshot: None, lambda: redis.now)
    queue._publisher = redis
    while redis.now < 60:
        queue._publish({"method": "emit"})
        redis.now += 0.01
    assert redis.asked * seconds <= share * 60
    assert 60 / redis.asked >= RETRY_SECONDS, "it is asked now and then"
    assert redis.asked >= 60 / (RETRY_SECONDS + 5 * ANSWER_SECONDS), "and so it is back soon"
