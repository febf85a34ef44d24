"""Rounds of the event loop: in each it asks once who has come, and who has sent something."""

from __future__ import annotations

import gevent

ROUNDS = 2
"""In the first a new connection is accepted, and its request answered before the second."""


def await_arrivals() -> None:
    """Let everybody go first who has something to do, those included who have just come.

    `gevent.sleep(0)` lets only those go first who are awake already. Of many who call it in turn,
    all go on, one after the other, before the loop sees anything new.
    """
    hub = gevent.get_hub()
    for _ in range(ROUNDS):
        hub.wait(hub.loop.timer(0))
