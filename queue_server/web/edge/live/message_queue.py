"""The message queue between processes: back as soon as Redis is, and never in the way while it is
away.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import socketio
import structlog

from .quiet_log import QuietLog

log = structlog.get_logger()

CHANNEL = "flask-socketio"
RETRY_SECONDS = 0.5
ANSWER_SECONDS = 0.5
"""How long Redis may take to answer; a screen waits meanwhile."""

RESTS = 4
"""A Redis that hangs is left alone so many times as long as it has kept the sender waiting: the
screens of this process go first.
"""

Delivered = Callable[[str, dict[str, Any]], None]
"""Told of the room and the snapshot that another process has sent to the screens of this one."""


class PromptRedis(socketio.RedisManager):  # type: ignore[misc]  # the library has no types
    """Socket.IO's Redis with a steady pace of reconnecting: the library's own pauses grow to a
    minute.

    A message that cannot be published is dropped: every process looks for itself, once a second,
    what its screens have missed.
    """

    def __init__(
        self, url: str, delivered: Delivered, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        options = {
            "socket_connect_timeout": ANSWER_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
            "health_check_interval": 5,
        }
        super().__init__(url, channel=CHANNEL, logger=QuietLog(), redis_options=options)
        self._delivered = delivered
        self._monotonic = monotonic
        self._away_until = 0.0
        self._publisher: Any = None
        self._is_away = False

    def _publish(self, data: dict[str, Any]) -> None:
        begun = self._monotonic()
        if begun < self._away_until:
            return
        try:
            if self._publisher is None:
                self._publisher = self._get_redis_module().Redis.from_url(
                    self.redis_url, **self.redis_options
                )
            self._publisher.publish(self.channel, self.json.dumps(data))
        except Exception as error:
            self._note_away(error)
            now = self._monotonic()
            self._away_until = now + max(RETRY_SECONDS, RESTS * (now - begun))

    def _listen(self) -> Iterator[Any]:
        while True:
            try:
                self._redis_connect()
                self.pubsub.subscribe(self.channel)
                self._note_back()
                while True:
                    message = self.pubsub.get_message(timeout=RETRY_SECONDS)
                    if message is not None and message["type"] == "message":
                        yield message["data"]
            except Exception as error:
                self._note_away(error)
                time.sleep(RETRY_SECONDS)

    def _handle_emit(self, message: dict[str, Any]) -> None:
        super()._handle_emit(message)
        if (
            message.get("host_id") != self.host_id
            and isinstance(message.get("room"), str)
            and message.get("data")
        ):
            self._delivered(message["room"], message["data"][0])

    def _note_away(self, error: Exception) -> None:
        if not self._is_away:
            self._is_away = True
            log.warning("message_queue_away", kind=type(error).__name__)

    def _note_back(self) -> None:
        if self._is_away:
            self._is_away = False
            log.info("message_queue_back")
