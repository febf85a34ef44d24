"""What time brings about at the door: a day that ends, a sensor that falls silent, somebody outside
whom nothing else lets in.

Each piece is a command of its own, safe to stop at any point and to do again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from queue_server.domain.door.steps import close_visit
from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.messages.queueing import queue_message
from queue_server.services.places import places
from queue_server.services.run_each import do_each
from queue_server.store.counter import at_counters
from queue_server.store.counter import counters as counter_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import days as day_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey, Transaction

from .admission import admit_who_fit
from .sensors import forget_silent_sensors

TICKETS_AT_ONCE = 100
BY = "upkeep"
REASON = "day_closed"


def settle_doors(database: Database, now: datetime) -> int:
    """Leave out silent sensors, and let in who may come in: a mode may have ended, or more have
    waited than one command admits.

    Returns how many doors changed.
    """
    with database.read() as connection:
        near = day_store.list_unsettled(
            connection, now.date() - timedelta(days=1), now.date() + timedelta(days=1)
        )
        today = [
            (office, day)
            for office, day in near
            if database.offices.get(connection, office).date_at(now) == day
        ]
    return do_each(
        today,
        lambda key: database.write(
            [key], partial(_settle_door, office=key[0], day=key[1], now=now)
        ),
    )


def _settle_door(tx: Transaction, office: str, day: date, now: datetime) -> bool:
    is_silent = forget_silent_sensors(tx, office, now)
    return bool(admit_who_fit(tx, office, day, now)) or is_silent


def close_days(database: Database, now: datetime) -> int:
    """Close all days that are over and still have somebody in them, anywhere. Returns how many
    steps were taken.
    """
    with database.read() as connection:
        unclosed = day_store.list_unclosed(connection, now.date() + timedelta(days=1))
        over = [
            (office, day)
            for office, day in unclosed
            if database.offices.get(connection, office).date_at(now) > day
        ]

    def close(key: DayKey) -> int:
        steps = 0
        while database.write([key], partial(close_some, office=key[0], day=key[1], now=now)):
            steps += 1
        return steps

    return do_each(over, close)


def close_some(tx: Transaction, office: str, day: date, now: datetime) -> bool:
    """One step of closing a day that is over: some of its tickets or, when none is left, its
    counters and its door.

    False when nothing is left to do. The command must declare the day.
    """
    if tx.office(office).date_at(now) <= day:
        return False
    present = at_counters.list_present(tx, office, day, TICKETS_AT_ONCE)
    for each in present:
        _end(tx, each, now)
    return bool(present) or _close_room(tx, office, day, now)


def _end(tx: Transaction, ticket: Ticket, now: datetime) -> None:
    after, event = close_visit(ticket, now)
    if after.claim is None:
        places.give_back(tx, ticket.office, ticket.date, ticket.claim)
    saved = ticket_store.save(
        tx, ticket, after, replace(event, facts={**event.facts, "by": BY, "reason": REASON})
    )
    if saved.state is State.CANCELLED:
        # Nobody has rung who was to be rung: that is the office's doing, and it says so.
        queue_message(tx, saved, EventType.CANCELLED, now)


def _close_room(tx: Transaction, office: str, day: date, now: datetime) -> bool:
    state, staffed = tx.day(office, day), counter_store.staffed(tx, office, day)
    if not staffed and state.admitting:
        return False
    for counter in sorted(staffed):
        counter_store.put(tx, office, day, counter, counter_store.CLOSED)
        facts = {"counter": counter, "by": BY, "reason": REASON}
        tx.record(Event(EventType.COUNTER_CLOSED, office, day, now, None, facts))
    if not state.admitting:
        tx.record(
            Event(
                EventType.ADMISSIONS_RESUMED, office, day, now, None, {"by": BY, "reason": REASON}
            )
        )
    tx.put_day(replace(tx.day(office, day), open_counters=(), admitting=True))
    return True
