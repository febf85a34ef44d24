"""What taking back a void needs besides the visit's earlier state: its places, and that its person
holds no other booking in their stead by now.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking.person_limits import admit_person
from queue_server.domain.booking.places import choose_claim, release_bound
from queue_server.domain.counter.steps import claim_before
from queue_server.domain.errors import LimitReached, NothingToUndo, UnknownSlot
from queue_server.domain.events import Event
from queue_server.domain.visit.claim import Claim
from queue_server.domain.visit.ticket import Ticket, people_of
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def find_places(tx: Transaction, ticket: Ticket, void: Event, now: datetime) -> Claim | None:
    """The places that a voided visit had, if they can be had again; None where somebody else has
    them, or it had none.
    """
    had = claim_before(void, people_of(ticket.kind, ticket.party_size))
    if had is None:
        return None
    plan = tx.plan(ticket.office, ticket.date)
    released_until = release_bound(tx.office(ticket.office).rules.booking.release_minutes, now)
    try:
        return choose_claim(
            plan,
            had.starts_at,
            had.span,
            had.letter,
            (had.pool,),
            had.people,
            released_until=released_until,
        )
    except UnknownSlot:
        return None


def admit_again(tx: Transaction, ticket: Ticket) -> None:
    """Refuse to let a voided visit stand again beside what its person has booked since, where
    nobody may hold both. Raises `NothingToUndo`.
    """
    visitor = ticket_store.find_visitor(tx, ticket.office, ticket.id)
    if visitor is None:
        return
    live = ticket_store.list_live_bookings(
        tx, ticket.office, visitor.nik_fingerprint, visitor.phone
    )
    rules = tx.office(ticket.office).rules
    try:
        admit_person(rules, ticket.service, ticket.date, live, ticket.party_size)
    except LimitReached:
        raise NothingToUndo(reason="booked_again") from None
