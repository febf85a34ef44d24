"""Rounds of the event loop: in each it asks once who has sent something."""

from __future__ import annotations

import gevent


def await_next_round() -> None:
    """Let everybody go on who has something to do, those included whose request has just arrived.

    `gevent.sleep(0)` lets only those go on who are awake already. Of many who call it in turn, all
    go on, one after the other, before the loop sees anything new.
    """
    hub = gevent.get_hub()
    hub.wait(hub.loop.timer(0))
