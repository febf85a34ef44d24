"""What the holder of a ticket does about the visit on its day: say to come later, step away, come
back, leave.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.door import away, delay
from queue_server.domain.visit.office_day import admit_today
from queue_server.domain.visit.standstill import Act
from queue_server.domain.visit.ticket import Ticket, is_away
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from . import admission

HOLDER = "holder"


def tell_delay(tx: Transaction, ticket: str, minutes: int, now: datetime) -> Ticket:
    """Note that a booked visitor will come so many minutes late. Saying the same again changes
    nothing.

    Raises `WrongState`, `WrongDay`, `LimitReached`, `TooLate`, `Paused`, `UnknownTicket`.
    """
    before = ticket_store.get(tx, ticket)
    settings = tx.office(before.office)
    today, closes_at = settings.date_at(now), settings.closes_at(now)
    delay.admit_delay(before, minutes, settings.rules, today, closes_at, now)
    admit_today(tx.day(before.office, before.date), Act.CHANGE_VISIT)
    if before.delay_minutes == minutes:
        return before
    after, event = delay.tell_delay(before, minutes, now)
    return ticket_store.save(tx, before, after, event.adding(by=HOLDER))


def step_away(tx: Transaction, ticket: str, now: datetime) -> Ticket:
    """Let a waiting visitor go away for a while, once, without being called; the room that this
    frees goes to the next.

    Raises `WrongState`, `WrongDay`, `LimitReached`, `TooLate`, `Paused`, `UnknownTicket`.
    """
    before = ticket_store.get(tx, ticket)
    settings = tx.office(before.office)
    now = tx.time_on(before.office, before.date, now)
    closes_at = settings.closes_at(now)
    away.admit_step_away(before, settings.rules, settings.date_at(now), closes_at, now)
    admit_today(tx.day(before.office, before.date), Act.CHANGE_VISIT)
    assert closes_at is not None, "who is away is let in again while the doors are open"
    after, event = away.step_away(before, settings.rules, closes_at, now)
    saved = ticket_store.save(tx, before, after, event.adding(by=HOLDER))
    admission.admit_who_fit(tx, saved.office, saved.date, now)
    return saved


def come_back(tx: Transaction, ticket: str, now: datetime) -> Ticket:
    """Note that a visitor is back, and let them in where the door's rules allow it. For one who is
    not away any more nothing changes.

    Raises `Paused` while everybody is sent out, `UnknownTicket`.
    """
    before = ticket_store.get(tx, ticket)
    now = tx.time_on(before.office, before.date, now)
    if not is_away(before, now):
        return before
    admit_today(tx.day(before.office, before.date), Act.CHANGE_VISIT)
    after, event = away.come_back(before, now)
    ticket_store.save(tx, before, after, event.adding(by=HOLDER))
    admission.admit_who_fit(tx, before.office, before.date, now)
    return ticket_store.get(tx, ticket)


def leave(tx: Transaction, ticket: str, now: datetime) -> Ticket:
    """End the visit of one who waits and has had enough.

    Raises `WrongState`, `Paused` while everybody is sent out, `UnknownTicket`.
    """
    before = ticket_store.get(tx, ticket)
    admit_today(tx.day(before.office, before.date), Act.CHANGE_VISIT)
    return admission.leave(tx, before.office, ticket, HOLDER, now)
