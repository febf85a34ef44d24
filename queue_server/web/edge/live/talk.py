"""Whose turn it is to be heard: what strangers say on the live channel is dealt with one message at
a time, between other work.
"""

from __future__ import annotations

import time

import gevent
from gevent.lock import BoundedSemaphore

MOST_REST_SECONDS = 0.05


class Talk:
    """One turn for all who have not said who they are. After each message the turn rests as long as
    the message took.

    So however many talk, and however fast, at least half of the process is left for requests and
    for what the server itself has to say, and the network is looked at between any two messages.
    """

    def __init__(self) -> None:
        self._permit = BoundedSemaphore(1)
        self._since = 0.0

    def enter(self) -> None:
        """Wait for the turn; who came first gets it first."""
        self._permit.acquire()
        self._since = time.perf_counter()

    def leave(self) -> None:
        """Rest, then pass the turn on."""
        try:
            gevent.sleep(min(time.perf_counter() - self._since, MOST_REST_SECONDS))
        finally:
            self._permit.release()
