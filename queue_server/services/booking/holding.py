"""Holding a slot while the visitor fills in the form; giving a hold more time, and giving it up."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking import steps
from queue_server.domain.booking.availability import refusal_of
from queue_server.domain.booking.holding import (
    GivenUp,
    HoldFacts,
    HoldRequest,
    can_be_given_up,
    decide_extension,
    decide_hold,
    is_running,
)
from queue_server.domain.errors import UnknownCode
from queue_server.domain.office.office import Office
from queue_server.domain.visit.step import Draw
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.places import places
from queue_server.services.places.slot_day import reclaim_if_full, replan_slot_day
from queue_server.store.booking import takings as taking_store
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from .takings import load_crowd, note_source


def hold(tx: Transaction, office: str, wanted: HoldRequest, draw: Draw, now: datetime) -> Ticket:
    """Set places aside for `hold_minutes`. Must declare the slot's day, and that of the earlier
    hold that it takes the place of.

    Raises `UnknownOffice`, and as `decide_hold` does.
    """
    settings = tx.office(office)
    earlier = (
        None if wanted.instead is None else _give_up(tx, office, wanted.instead, wanted.slot, now)
    )
    replan_slot_day(tx, settings, wanted.wish, now)
    reclaim_if_full(tx, settings, wanted.wish, now)
    facts = _load(tx, settings, wanted, earlier, now)
    taken = decide_hold(facts, wanted, draw, now)
    tx.put_plan(taken.plan)
    held = ticket_store.add(tx, taken.ticket, taken.event)
    note_source(tx, taken, wanted.source, earlier.taking if earlier else None, now)
    return held


def _load(
    tx: Transaction, office: Office, wanted: HoldRequest, earlier: GivenUp | None, now: datetime
) -> HoldFacts:
    day = office.date_at(wanted.slot)
    plan, paused = tx.plan(office.code, day), tx.day(office.code, day).paused
    if refusal_of(office, plan, wanted.wish, now) is not None:
        # In a rush most ask for what has just gone; the crowd is dear to look at.
        return HoldFacts(office, plan, paused=paused)
    replaced = earlier.taking if earlier else None
    crowd = load_crowd(tx, office, wanted.wish, wanted.source, replaced, now)
    return HoldFacts(office, plan, crowd, earlier, paused)


def give_up_hold(tx: Transaction, office: str, code: str, now: datetime) -> None:
    """Give a hold's places back, if it still holds any. Must declare its day."""
    _give_up(tx, office, code, None, now)


def _give_up(
    tx: Transaction, office: str, code: str, wanted: datetime | None, now: datetime
) -> GivenUp | None:
    """Give a hold's places back; returns it, if its time was not over. `wanted` is the slot that
    its visitor is about to hold instead.
    """
    held = _find_own(tx, office, code)
    if held is None:
        return None
    after, event = steps.expire(held, now, withdrawn=True)
    ticket_store.save(tx, held, after, event)
    if held.slot == wanted:
        # The same visitor is about to take these places again, so nobody else is asked whether they
        # want them.
        places.give_back(tx, office, held.date, held.claim)
    else:
        places.free(tx, office, held.date, held.claim, now)
    if not is_running(held, now):
        return None
    return GivenUp(held, taking_store.withdraw(tx, office, held.id))


def _find_own(tx: Transaction, office: str, code: str) -> Ticket | None:
    """A hold that its visitor may give up; None for a code that holds nothing any more."""
    try:
        held = ticket_store.find_by_code(tx, code)
    except UnknownCode:
        return None
    is_offered = waitlist_store.find_offered(tx, held.office, held.id) is not None
    return held if can_be_given_up(held, office, is_offered=is_offered) else None


def extend_hold(tx: Transaction, ticket: str, now: datetime) -> Ticket:
    """Give a hold its time once more. Raises `UnknownTicket`, and as `decide_extension` does."""
    held = ticket_store.get(tx, ticket)
    rules = tx.office(held.office).rules
    is_offered = waitlist_store.find_offered(tx, held.office, held.id) is not None
    after, event = decide_extension(held, rules, now, is_offered=is_offered)
    if after.expires_at is not None:
        taking_store.extend(tx, after.office, after.id, after.expires_at)
    return ticket_store.save(tx, held, after, event)
