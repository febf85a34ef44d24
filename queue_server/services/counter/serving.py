"""At the counter: what a clerk does with a visitor who has been called. Each step reads the ticket,
asks the domain, and writes the ticket as it is after.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.counter import clerk_steps
from queue_server.domain.counter.clerk_steps import StepFacts
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.door.admission import admit_who_fit
from queue_server.services.places.no_shows import follow_no_show
from queue_server.store.counter import counters as counter_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def recall(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Call the same visitor again. Raises `RecallsUsedUp`, `TooEarly`, `WrongState`,
    `NotYourTicket`, `Paused`.
    """
    facts = _load(tx, office, ticket, clerk)
    return write_step(tx, facts.ticket, clerk_steps.decide_recall(facts, now), now)


def start(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """The visitor has come to the counter. Raises `WrongState`, `NotYourTicket`, `Paused`."""
    facts = _load(tx, office, ticket, clerk)
    return write_step(tx, facts.ticket, clerk_steps.decide_start(facts, now), now)


def finish(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """The visitor is served. Raises `WrongState`, `NotYourTicket`."""
    facts = _load(tx, office, ticket, clerk)
    return write_step(tx, facts.ticket, clerk_steps.decide_finish(facts, now), now)


def no_show(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """The called visitor did not come. Raises `WrongState`, `NotYourTicket`, `Paused`."""
    facts = _load(tx, office, ticket, clerk)
    return write_step(tx, facts.ticket, clerk_steps.decide_no_show(facts, now), now)


def park(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Set the visitor aside. Raises `WrongState`, `NotYourTicket`."""
    facts = _load(tx, office, ticket, clerk)
    return write_step(tx, facts.ticket, clerk_steps.decide_park(facts, now), now)


def resume(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Put a parked visitor back into the queue. Raises `WrongState`, `NotYourTicket`, `Paused`."""
    facts = _load(tx, office, ticket, clerk)
    return write_step(tx, facts.ticket, clerk_steps.decide_resume(facts, now), now)


def transfer(
    tx: Transaction,
    office: str,
    ticket: str,
    clerk: str,
    now: datetime,
    *,
    letter: str | None = None,
    service: str | None = None,
    counter: str | None = None,
    to_clerk: str | None = None,
) -> Ticket:
    """Send the visitor on to another stream, named by its letter or by a service, or to one counter
    or clerk, or both.

    Who is sent on to a counter or a clerk is offered to nobody else, until that counter closes or
    the clerk leaves. Raises `UnknownStream`, `UnknownService`, `UnknownCounter`, `CounterClosed`,
    `ClerkAway`, `BadInput` when nothing is given or things disagree, `WrongState`, `NotYourTicket`,
    `Paused`.
    """
    settings = tx.office(office)
    target = clerk_steps.choose_target(
        settings,
        # Who is at the counters matters only to those sent on to one of them.
        {}
        if counter is None and to_clerk is None
        else counter_store.staffed(tx, office, settings.date_at(now)),
        letter=letter,
        service=service,
        counter=counter,
        clerk=to_clerk,
    )
    facts = _load(tx, office, ticket, clerk)
    return write_step(tx, facts.ticket, clerk_steps.decide_transfer(facts, target, now), now)


def _load(tx: Transaction, office: str, ticket: str, clerk: str) -> StepFacts:
    loaded = ticket_store.get(tx, ticket, office)
    day = tx.day(office, loaded.date)
    return StepFacts(loaded, clerk, tx.office(office).rules, day.paused, day.seq + 1)


def write_step(tx: Transaction, before: Ticket, step: Step, now: datetime) -> Ticket:
    """Store a step at a counter with what it brings about: a missed visit is counted or uncounted,
    and whoever fits now comes in from outside.
    """
    after = ticket_store.save(tx, before, *step)
    follow_no_show(tx, before, after, now)
    if before.persons_inside > after.persons_inside:
        admit_who_fit(tx, after.office, before.date, now)
    return after
