"""Rounds of the event loop: in each it asks once who has come, and who has sent something."""

from __future__ import annotations

import gevent


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
