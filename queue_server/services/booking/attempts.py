"""Telling the holder of a booking that somebody has tried to book again in their name: by a letter,
and never on the page.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.messages.message import MessageChannel, MessageKind
from queue_server.domain.messages.owed import ATTEMPT_PAUSE
from queue_server.domain.visit.identity import Visitor
from queue_server.services.messages.queueing import queue_notice
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def tell_of_attempt(tx: Transaction, office: str, visitor: Visitor, now: datetime) -> int:
    """Owe a letter to every address behind the live bookings of this NIK or phone; returns how
    many.

    One address hears of it once in ATTEMPT_PAUSE, however often it is tried. No day need be
    declared: nothing of a booking changes.
    """
    ticket_store.lock_person(tx, visitor.nik_fingerprint)
    asked: set[str] = set()
    told = 0
    for ticket, email in ticket_store.list_live_contacts(
        tx, office, visitor.nik_fingerprint, visitor.phone
    ):
        if email.casefold() in asked:
            continue
        asked.add(email.casefold())
        if not message_store.has_since(
            tx, office, ticket.id, MessageKind.ATTEMPTED, now - ATTEMPT_PAUSE
        ):
            queue_notice(tx, ticket, MessageKind.ATTEMPTED, MessageChannel.EMAIL, now)
            told += 1
    return told
