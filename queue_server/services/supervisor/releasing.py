"""Closing a counter whose clerk is gone, from afar."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.counter.clerk_steps import decide_back_to_queue
from queue_server.domain.errors import CounterTaken
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Counter
from queue_server.services.counter.serving import write_step
from queue_server.services.counter.staffing import put_closed
from queue_server.store.counter import at_counters
from queue_server.store.counter import counters as counter_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from .supervision import admit_reason


def release_counter(
    tx: Transaction, office: str, counter: str, clerk: str, reason: str, by: str, now: datetime
) -> Counter:
    """Close the counter of a `clerk` who is gone. Whoever was called or served there waits again
    with the turn kept, and so comes next. The reason stands at the counter until it opens again.

    Doing it again changes nothing; the clerk may open the counter again at any time. The command
    must declare today. Raises `UnknownCounter`, `BadInput` without a reason, `CounterTaken` when
    another clerk works there by now, `Paused` when a visitor is there while people are sent out.
    """
    settings = tx.office(office)
    usual, today = settings.counter(counter), settings.date_at(now)
    why = admit_reason(reason)
    staffed = counter_store.find(tx, office, today, counter)
    if staffed.clerk is None:
        return usual
    if staffed.clerk != clerk:
        raise CounterTaken(counter=counter)
    visit = at_counters.find_current(tx, office, today, counter)
    if visit is not None:
        ticket = ticket_store.get(tx, visit.ticket, office)
        paused = tx.day(office, today).paused
        for step in decide_back_to_queue(ticket, by, settings.rules, paused, now):
            ticket = write_step(tx, ticket, step, now)
    put_closed(tx, office, today, counter, by, why, now)
    facts = {
        "counter": counter,
        "clerk": clerk,
        "by": by,
        "reason": why,
        "number": None if visit is None else visit.number,
    }
    tx.record(Event(EventType.COUNTER_RELEASED, office, today, now, None, facts))
    return usual
