"""Rounds of the event loop: in each it asks once who has come, and who has sent something."""

from __future__ import annotations

import time

import gevent
from gevent.lock import BoundedSemaphore

AT_A_STRETCH_SECONDS = 0.002
"""How long newcomers are dealt with before everybody else is looked at."""


def await_round() -> None:
    """Let everybody go first who has something to do, those included whose request has just come.

    `gevent.sleep(0)` lets only those go first who are awake already. Of many who call it in turn,
    all go on, one after the other, before the loop sees anything new.
    """
    hub = gevent.get_hub()
    hub.wait(hub.loop.timer(0))


def await_arrivals() -> None:
    """Let those go first, too, who connect only now: in one round their connection is accepted, and
    before the next their request is answered.
    """
    await_round()
    await_round()


class Newcomers:
    """One turn for all who open a websocket.

    After a restart hundreds of screens come back in one second. Each begins when the one before it
    has nothing more to do for the moment, and after each stretch of them whoever has come for
    something else goes first.
    """

    def __init__(self) -> None:
        self._permit = BoundedSemaphore(1)
        self._rested_at = 0.0

    def wait(self) -> None:
        """Wait for the turn; who came first gets it first."""
        with self._permit:
            if time.perf_counter() - self._rested_at >= AT_A_STRETCH_SECONDS:
                await_round()
                self._rested_at = time.perf_counter()
