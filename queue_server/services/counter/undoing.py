"""At the counter: take back one's last step."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.counter.ratio import (
    favoured_before,
    is_call_in_turn,
    read_runs,
    with_favoured_run,
)
from queue_server.domain.counter.undoing import (
    UndoFacts,
    admit_back_at_counter,
    decide_undo,
    is_at_counter,
)
from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.places import places
from queue_server.services.places.no_shows import uncount_missed
from queue_server.services.places.voided import admit_again, find_places
from queue_server.store.counter import at_counters
from queue_server.store.counter import counters as counter_store
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from .serving import write_step
from .staffing import open_counter


def undo(
    tx: Transaction, office: str, ticket: str, clerk: str, now: datetime, *, oversees: bool = False
) -> Ticket:
    """Take back this clerk's last action on a ticket; who `oversees` the office takes back
    anybody's void. A call that is taken back uses up no turn of the policy RATIO.

    Who was finished, or counted out by mistake, still stands inside: they are counted again even
    above the limit, and nobody is let in until the count has fallen. A booking that stands again
    has its places if they are still free. Raises `NothingToUndo` when it was not theirs, is too
    old, or there is no room (for one who did not come) or counter to go back to.
    """
    before, settings = ticket_store.get(tx, ticket, office), tx.office(office)
    occupancy = tx.day(office, before.date).occupancy(settings.people_limit)
    last = event_store.last_step_of(tx, office, before.date, ticket)
    void = last if last is not None and last.type is EventType.VOIDED else None
    claim = None if void is None else find_places(tx, before, void, now)
    facts = UndoFacts(before, last, clerk, occupancy, settings.rules, oversees, claim)
    step, taken_back = decide_undo(facts, now)
    after, _ = step
    if void is not None:
        _let_stand_again(tx, after)
    if is_at_counter(after):
        _go_back_to_counter(tx, after, clerk, now)
    undone = write_step(tx, before, step, now)
    if is_call_in_turn(taken_back):
        _count_run_anew(tx, taken_back)
    return undone


def _let_stand_again(tx: Transaction, after: Ticket) -> None:
    admit_again(tx, after)
    if after.claim is not None:
        places.take(tx, after.office, after.date, after.claim)
    uncount_missed(tx, after)


def _go_back_to_counter(tx: Transaction, after: Ticket, clerk: str, now: datetime) -> None:
    """The visitor goes back to the clerk who had them, whoever takes the step back: a guard may
    have counted them out.
    """
    office, counter, host = after.office, after.counter or "", after.clerk or clerk
    admit_back_at_counter(
        after,
        host,
        at_counters.find_current(tx, office, after.date, counter),
        counter_store.clerk_at(tx, office, after.date, counter),
        tx.office(office).date_at(now),
    )
    # A clerk who has gone on a break since then is back with the visitor.
    open_counter(tx, office, counter, host, now)


def _count_run_anew(tx: Transaction, taken_back: Event) -> None:
    """Count the stream's favoured visitors as if this call had never been made; others may have
    been called since.
    """
    office, date, letter = taken_back.office, taken_back.date, taken_back.facts["letter"]
    told = event_store.list_of_types(tx, office, date, (EventType.CALLED, EventType.UNDONE))
    in_order = [each.event for each in reversed(told)]
    run = read_runs(in_order, favoured_before(tx.office(office), date)).counts.get(letter, 0)
    tx.put_day(with_favoured_run(tx.day(office, date), letter, run))
