"""At the counter: one press that finishes the present visit and calls the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.counter.finish_next import (
    NotCalled,
    admit_present,
    why_nobody,
    why_not_calling,
)
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.counter import at_counters
from queue_server.store.counter import counters as counter_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from .calling import call_next
from .serving import finish


@dataclass(frozen=True)
class FinishedNext:
    """The visit that is over, and who was called after it, or why nobody was."""

    finished: Ticket
    called: Ticket | None
    because: NotCalled | None


def finish_next(
    tx: Transaction, office: str, counter: str, clerk: str, now: datetime, ticket: str | None = None
) -> FinishedNext:
    """Finish the visit at a counter, then call the visitor whose turn it is there. Each of the two
    is an event of its own and is taken back by itself, the call first.

    `ticket`: the visit meant; None: whichever the counter serves. Raises `UnknownCounter`,
    `UnknownTicket`, `WrongState`, `NotYourTicket`, and changes nothing then.
    """
    settings = tx.office(office)
    usual, today = settings.counter(counter), settings.date_at(now)
    current = at_counters.find_current(tx, office, today, counter)
    meant = ticket if ticket is not None or current is None else current.ticket
    present = None if meant is None else ticket_store.get(tx, meant, office)
    finished = finish(tx, office, admit_present(counter, present).id, clerk, now)

    on_break = counter_store.find(tx, office, today, counter).break_since is not None
    because = why_not_calling(tx.day(office, today), on_break)
    if because is not None:
        return FinishedNext(finished, None, because)
    called = call_next(tx, office, counter, clerk, now)
    if called is not None:
        return FinishedNext(finished, called, None)
    day = tx.day(office, today)
    return FinishedNext(finished, None, why_nobody(day, day.counter(usual).letters))
