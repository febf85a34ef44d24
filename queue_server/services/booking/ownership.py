"""Proving that a booking is one's own, from outside; and giving a booking back to its owner when
others have guessed too often.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking.ownership import Guesses, judge_proof
from queue_server.domain.errors import ChangesLocked, WrongProof, WrongState
from queue_server.domain.events import Event, EventType
from queue_server.domain.messages.message import MessageChannel
from queue_server.domain.messages.owed import LETTER_AFTER
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.messages.queueing import queue_notice
from queue_server.store.booking import guesses as guess_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def check_proof(
    tx: Transaction, ticket: str, last4: str, now: datetime
) -> ChangesLocked | WrongProof | None:
    """Judge the last four digits of the booking's NIK or phone; None when they are right.

    The refusal is returned and not raised, since a wrong guess is to be remembered. Must declare
    the ticket's day, so that guesses made at one moment are judged one after the other.
    """
    owned = ticket_store.get(tx, ticket)
    visitor = ticket_store.find_visitor(tx, owned.office, owned.id)
    before = guess_store.find(tx, owned.id)
    verdict = judge_proof(before, visitor, last4, now)
    if verdict.guesses != before:
        guess_store.save(tx, owned.office, owned.id, verdict.guesses)
    if verdict.is_lock(before) and visitor is not None:
        tx.record(
            Event(
                EventType.CHANGES_LOCKED,
                owned.office,
                owned.date,
                now,
                owned.id,
                {"number": owned.number},
            )
        )
        if visitor.email:
            kind = LETTER_AFTER[EventType.CHANGES_LOCKED]
            queue_notice(tx, owned, kind, MessageChannel.EMAIL, now)
    return verdict.refusal


def unlock(tx: Transaction, office: str, ticket: str, by: str, now: datetime) -> Ticket:
    """Let a ticket be changed from outside again, by staff who have seen its owner. Raises
    `UnknownTicket`, `WrongState`.
    """
    owned = ticket_store.get(tx, ticket, office)
    if guess_store.find(tx, owned.id).locked_at is None:
        raise WrongState(action="unlock", state=owned.state.value, allowed=[])
    guess_store.save(tx, owned.office, owned.id, Guesses())
    facts = {"number": owned.number, "by": by}
    tx.record(Event(EventType.CHANGES_UNLOCKED, owned.office, owned.date, now, owned.id, facts))
    return owned
