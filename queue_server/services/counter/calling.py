"""At the counter: call the next visitor, or one whom the clerk picks. What decides a call is read
at once, a pure function decides, and what it returned is written.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.counter.calls import (
    DirectCallFacts,
    admit_direct_call,
    decide_direct_call,
    take_call,
)
from queue_server.domain.counter.next_call import (
    CallFacts,
    NextCall,
    choose_next_call,
    decide_next_call,
)
from queue_server.domain.counter.ratio import with_favoured_run
from queue_server.domain.visit.office_day import admit_today
from queue_server.domain.visit.standstill import Act
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.places import places
from queue_server.store.counter import at_counters
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from .call_facts import load_call_facts
from .remote import join_due
from .staffing import open_counter


def call_next(
    tx: Transaction, office: str, counter: str, clerk: str, now: datetime
) -> Ticket | None:
    """Call the visitor whose turn it is at this counter; None when nobody waits whom it may call.

    A clerk who calls at a closed counter, or on break, thereby opens it. Raises `UnknownCounter`,
    `CounterTaken`, `CounterBusy`, `Paused`.
    """
    settings = tx.office(office)
    today = settings.date_at(now)
    admit_today(tx.day(office, today), Act.CALL)
    staffed = open_counter(tx, office, counter, clerk, now)
    if staffed.remote:
        join_due(tx, office, today, now)

    facts = load_call_facts(tx, settings, tx.day(office, today), staffed, clerk, now)
    decided = decide_next_call(facts, now)
    return None if decided is None else _write_next_call(tx, office, facts, decided, now)


def _write_next_call(
    tx: Transaction, office: str, facts: CallFacts, decided: NextCall, now: datetime
) -> Ticket:
    before = ticket_store.get(tx, decided.visitor.ticket, office)
    day = tx.day(office, before.date)
    step = take_call(
        before, facts.counter, facts.clerk, decided.room, facts.rules, day.seq + 1, now
    )
    called = _write_call(tx, before, step)
    if decided.favoured_run is not None:
        day = tx.day(office, before.date)
        tx.put_day(with_favoured_run(day, before.letter, decided.favoured_run))
    return called


def _write_call(tx: Transaction, before: Ticket, step: Step) -> Ticket:
    """Who is called before the slot whose places they hold needs those no more."""
    called = ticket_store.save(tx, before, *step)
    if called.claim is None:
        places.give_back(tx, before.office, before.date, before.claim)
    return called


def is_next(
    tx: Transaction, office: str, ticket: str, counter: str, clerk: str, now: datetime
) -> bool:
    """Whether a visitor is the very one whom `call_next` would call at this counter, were it free.
    Raises `UnknownCounter`.
    """
    settings = tx.office(office)
    day = tx.day(office, settings.date_at(now))
    at = day.counter(settings.counter(counter))
    facts = load_call_facts(tx, settings, day, at, clerk, now, as_if_free=True)
    chosen = choose_next_call(facts, now)
    return chosen is not None and chosen.visitor.ticket == ticket


def call(
    tx: Transaction,
    office: str,
    ticket: str,
    counter: str,
    clerk: str,
    now: datetime,
    reason: str = "",
) -> Ticket:
    """Call one visitor out of turn. The reason goes into the log, where supervisors find it.

    Raises `NotForThisCounter`, `RoomFull` for one outside who does not fit, `AdmissionsStopped`,
    `WrongDay`, `WrongState`, and as `call_next` does.
    """
    before = ticket_store.get(tx, ticket, office)
    settings = tx.office(office)
    admit_direct_call(before, tx.day(office, before.date).paused, settings.date_at(now))
    staffed = open_counter(tx, office, counter, clerk, now)

    day = tx.day(office, before.date)
    facts = DirectCallFacts(
        before,
        staffed,
        clerk,
        day.occupancy(settings.people_limit),
        settings.rules,
        day.seq + 1,
        at_counters.find_current(tx, office, before.date, counter),
    )
    step = decide_direct_call(facts, reason, now)
    return _write_call(tx, before, step)
