"""What is known of a person who books: read once, under the lock of their NIK and phone."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking.person_limits import PersonFacts
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.services.places.no_shows import list_missed
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def load_person(
    tx: Transaction, office: Office, visitor: Visitor, now: datetime, *, ahead: bool = True
) -> PersonFacts:
    """A person's live bookings, and the missed visits where it is asked how far `ahead` they may
    book.
    """
    live = ticket_store.list_live_bookings(tx, office.code, visitor.nik_fingerprint, visitor.phone)
    missed_at = list_missed(tx, office, visitor.nik_fingerprint, now) if ahead else []
    return PersonFacts(live, missed_at)
