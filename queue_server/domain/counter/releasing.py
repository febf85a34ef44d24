"""A counter whose clerk is gone: its visitor goes back into the queue and loses nothing by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.standstill import Act, Pause, admit_act
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Ticket

from . import steps


def decide_back_to_queue(
    ticket: Ticket, by: str, rules: Rules, paused: Pause | None, now: datetime
) -> tuple[Step, Step]:
    """The two steps by which a visitor who is called or served at a counter waits again: put on
    hold, and back with the turn time kept, whatever the office's rule is for those who go and
    fetch something. With the oldest turn of all who wait, they are called next.

    Both steps name who ordered it, not the clerk. Raises `Paused`, `WrongState`.
    """
    admit_act(paused, Act.SERVE)
    counter = ticket.counter
    parked, first = steps.park(ticket, now)
    kept = replace(rules, calling=replace(rules.calling, resume_keeps_turn=True))
    waiting, second = steps.resume(parked, kept, now)
    told = {"by": by, "counter": counter}
    return (
        (parked, replace(first, facts={**first.facts, **told})),
        (waiting, replace(second, facts={**second.facts, **told})),
    )
