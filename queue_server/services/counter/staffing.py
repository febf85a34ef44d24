"""Who works at which counter: open it, take a break, close it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from queue_server.domain.counter.calls import admit_free
from queue_server.domain.errors import CounterClosed, CounterTaken
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Counter
from queue_server.domain.visit.office_day import admit_today
from queue_server.domain.visit.standstill import Act
from queue_server.store.counter import at_counters
from queue_server.store.counter import counters as counter_store
from queue_server.store.counter.counters import CounterDay
from queue_server.store.writer.transaction import Transaction


def open_counter(tx: Transaction, office: str, counter: str, clerk: str, now: datetime) -> Counter:
    """Open a counter for a clerk, or end the clerk's break there. Opening one's own open counter
    again changes nothing.

    Returns the counter with the streams it serves today.
    Raises `UnknownCounter`, `CounterTaken`, `Paused`.
    """
    settings = tx.office(office)
    today = settings.date_at(now)
    opened = tx.day(office, today).counter(settings.counter(counter))
    before = counter_store.find(tx, office, today, counter)
    if before.clerk is not None and before.clerk != clerk:
        raise CounterTaken(counter=counter)
    if before.clerk is None or before.break_since is not None:
        admit_today(tx.day(office, today), Act.OPEN_COUNTER)
        counter_store.put(tx, office, today, counter, CounterDay(clerk, before.opened_at or now))
        facts = {
            "by": clerk,
            "letters": "".join(opened.letters),
            "after_break": before.break_since is not None,
        }
        _record(tx, EventType.COUNTER_OPENED, office, today, counter, facts, now, is_open=True)
    return opened


def take_break(
    tx: Transaction, office: str, counter: str, clerk: str, reason: str, now: datetime
) -> Counter:
    """Leave a counter for a while: it stays the clerk's, and visitors sent on to it wait for it.
    Repeating it changes nothing.

    Raises `UnknownCounter`, `CounterTaken`, `CounterClosed`, `CounterBusy`.
    """
    settings = tx.office(office)
    usual = settings.counter(counter)
    today = settings.date_at(now)
    before = counter_store.find(tx, office, today, counter)
    if before.clerk is None:
        raise CounterClosed(counter=counter)
    if before.clerk != clerk:
        raise CounterTaken(counter=counter)
    if before.break_since is None:
        _admit_free(tx, office, today, counter)
        counter_store.put(
            tx, office, today, counter, replace(before, break_since=now, reason=reason)
        )
        _record(
            tx,
            EventType.BREAK_STARTED,
            office,
            today,
            counter,
            {"by": clerk, "reason": reason},
            now,
            is_open=False,
        )
    return usual


def close_counter(
    tx: Transaction, office: str, counter: str, clerk: str, now: datetime, reason: str = ""
) -> Counter:
    """Close a counter that has no visitor. Closing a closed one changes nothing.

    Raises `UnknownCounter`, `CounterTaken`, `CounterBusy`.
    """
    settings = tx.office(office)
    usual = settings.counter(counter)
    today = settings.date_at(now)
    before = counter_store.find(tx, office, today, counter)
    if before.clerk is not None:
        if before.clerk != clerk:
            raise CounterTaken(counter=counter)
        _admit_free(tx, office, today, counter)
        put_closed(tx, office, today, counter, clerk, reason, now)
    return usual


def put_closed(
    tx: Transaction, office: str, day: date, counter: str, by: str, reason: str, now: datetime
) -> None:
    """Close a counter that has no visitor (any more); whoever closes it says why, or nothing."""
    counter_store.put(tx, office, day, counter, CounterDay(reason=reason or None))
    facts: dict[str, object] = {"by": by, "reason": reason}
    _record(tx, EventType.COUNTER_CLOSED, office, day, counter, facts, now, is_open=False)


def _admit_free(tx: Transaction, office: str, day: date, counter: str) -> None:
    admit_free(counter, at_counters.find_current(tx, office, day, counter))


def _record(
    tx: Transaction,
    type: EventType,
    office: str,
    today: date,
    counter: str,
    facts: dict[str, object],
    now: datetime,
    *,
    is_open: bool,
) -> None:
    day = tx.day(office, today)
    others = {each for each in day.open_counters if each != counter}
    tx.put_day(replace(day, open_counters=tuple(sorted(others | {counter} if is_open else others))))
    tx.record(Event(type, office, today, now, None, {"counter": counter, **facts}))
