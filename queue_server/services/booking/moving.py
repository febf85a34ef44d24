"""Moving a booking to another slot of its service."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking.availability import SlotWish
from queue_server.domain.booking.moving import MoveFacts, decide_move, is_day_counted, wish_of
from queue_server.domain.booking.person_limits import PersonFacts
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.places import places
from queue_server.services.places.no_shows import list_missed
from queue_server.services.places.replanning import replan_day
from queue_server.services.places.slot_day import reclaim_if_full, replan_slot_day
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def reschedule(
    tx: Transaction,
    ticket: str,
    slot: datetime,
    by: str,
    chance: float,
    now: datetime,
    *,
    kind: VisitKind | None = None,
) -> Ticket:
    """Move a booking to another slot of the same service, and perhaps make it another `kind` of
    visit (None: the same). The command must declare both office-days. `chance` in [0, 1) is as
    for `public_again_at`.

    Raises `UnknownTicket`, and as `decide_move` does.
    """
    asked = ticket_store.get(tx, ticket)
    office, wish = tx.office(asked.office), wish_of(asked, slot, kind)
    # A change of settings that has not reached this day yet may take its places from this very
    # booking.
    replan_day(tx, asked.office, asked.date, now)
    replan_slot_day(tx, office, wish, now)
    reclaim_if_full(tx, office, wish, now)
    facts = _load(tx, office, ticket, wish, now)
    moved = decide_move(facts, slot, by, now, kind)
    tx.put_plan(moved.plan)
    saved = ticket_store.save(tx, facts.booking, moved.ticket, moved.event)
    places.keep_back(tx, facts.booking, saved, chance, now)
    if moved.arrival is not None:
        tx.record(moved.arrival)
    return saved


def _load(tx: Transaction, office: Office, ticket: str, wish: SlotWish, now: datetime) -> MoveFacts:
    booking = ticket_store.get(tx, ticket)
    visitor = ticket_store.find_visitor(tx, booking.office, booking.id)
    day = office.date_at(wish.slot)
    return MoveFacts(
        office,
        booking,
        tx.plan(office.code, day),
        _load_person(tx, office, booking, visitor, wish, now),
        tx.day(office.code, day).paused,
        visitor is not None and visitor.phone is not None,
    )


def _load_person(
    tx: Transaction,
    office: Office,
    booking: Ticket,
    visitor: Visitor | None,
    wish: SlotWish,
    now: datetime,
) -> PersonFacts | None:
    if visitor is None:
        return None
    missed_at = list_missed(tx, office, visitor.nik_fingerprint, now)
    if not is_day_counted(office, booking, wish.slot):
        return PersonFacts(missed_at=missed_at)
    live = ticket_store.list_live_bookings(tx, office.code, visitor.nik_fingerprint, visitor.phone)
    return PersonFacts(live, missed_at)
