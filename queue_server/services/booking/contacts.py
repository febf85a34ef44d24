"""Asking whether an e-mail address or a telephone number is somebody's own, by one message, and
remembering the answer.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.booking import contacts as rules_of
from queue_server.domain.booking.contacts import KEPT, Contact
from queue_server.domain.messages.message import Message, MessageKind, MessageState, name_message
from queue_server.domain.messages.owed import channel_of
from queue_server.domain.messages.timing import when_due
from queue_server.services.places.ticket_ids import draw
from queue_server.store.booking import contacts as contact_store
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction


def ask_once(
    tx: Transaction,
    office: str,
    mark: str | None,
    address: str | None,
    language: str,
    now: datetime,
) -> bool:
    """Whether a contact is proved; if not, owe it a message, unless one is on its way. No day need
    be declared.
    """
    if mark is None or address is None:
        return False
    ticket_store.lock_person(tx, mark)
    known = contact_store.find(tx, mark)
    if known is not None and known.proved_at is not None:
        return True
    if known is None or not known.is_pending(now):
        asked = rules_of.ask(mark, address, office, language, draw().id, now)
        contact_store.put(tx, asked)
        kind, channel = MessageKind.PROVE, channel_of(address)
        message_store.add(
            tx,
            Message(
                name_message(asked.proof, kind, ""),
                office,
                mark,
                kind,
                asked.proof,
                channel,
                MessageState.QUEUED,
                now,
                when_due(kind, channel, now, tx.office(office).tz),
            ),
        )
    return False


def find_asked(connection: Connection, proof: str) -> Contact:
    """The contact that a message asked, by the name in its link. Raises `UnknownCode`."""
    return contact_store.find_by_proof(connection, proof)


def is_proved(reader: Reader, mark: str | None) -> bool:
    """Whether a contact has answered."""
    known = None if mark is None else contact_store.find(reader, mark)
    return known is not None and known.proved_at is not None


def prove(tx: Transaction, mark: str, now: datetime) -> list[str]:
    """Note that a contact has answered its message, and forget the address. Returns the codes of
    its entries that may be offered places from now on. Twice is as good as once. Raises `TooLate`.
    """
    ticket_store.lock_person(tx, mark)
    known = contact_store.find(tx, mark)
    if known is None or known.proved_at is not None:
        return []
    contact_store.put(tx, rules_of.prove(known, now))
    return waitlist_store.prove_contact(tx, mark)


def forget_contacts(tx: Transaction, now: datetime) -> int:
    """Delete contacts that did not answer in time, and those proved long ago. Returns how many."""
    return contact_store.forget_before(tx, now, now - KEPT)
