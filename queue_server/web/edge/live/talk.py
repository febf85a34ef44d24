"""Whose turn it is to be heard: what strangers say on the live channel is dealt with one message at
a time, and only for a moment at a stretch, between other work.
"""

from __future__ import annotations

import time

import gevent
from gevent.lock import BoundedSemaphore

AT_A_STRETCH_SECONDS = 0.002
"""How long strangers are dealt with before others are looked at. A rest takes a millisecond at
least, as the event loop counts in those: one after each message would take most of the time.
"""

MOST_REST_SECONDS = 0.05


class Talk:
    """One turn for all who have not said who they are. After each stretch the turn rests as long as
    the stretch took.

    So however many talk, and however fast, at least half of the process is left for requests and
    for what the server itself has to say.
    """

    def __init__(self) -> None:
        self._permit = BoundedSemaphore(1)
        self._worked = 0.0
        self._since = 0.0

    def enter(self) -> None:
        """Wait for the turn; who came first gets it first."""
        self._permit.acquire()
        self._since = time.perf_counter()

    def leave(self) -> None:
        """Rest if it is time to, then pass the turn on."""
        try:
            self._worked += time.perf_counter() - self._since
            if self._worked >= AT_A_STRETCH_SECONDS:
                rest, self._worked = min(self._worked, MOST_REST_SECONDS), 0.0
                gevent.sleep(rest)
        finally:
            self._permit.release()
