"""The e-mails that the office owes its visitors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.booking.contacts import Contact
from queue_server.domain.messages.message import (
    NOTICES,
    Message,
    MessageKind,
    MessageState,
    is_needed,
)
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.booking import contacts as contact_store
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .mail import BATCH, NO_SERVER, Draft, Ending, Letter, MailDelivery, Result
from .smtp import MailServer

Compose = Callable[[MessageKind, Office, Ticket | Contact], Letter]
"""Finds the words, in the language of whom they are for: they are the edge's matter."""

_STATES = {
    Ending.SENT: MessageState.SENT,
    Ending.NEEDLESS: MessageState.DONE,
    Ending.UNSENDABLE: MessageState.BY_HAND,
    Ending.POSTPONED: MessageState.QUEUED,
    Ending.GIVEN_UP: MessageState.FAILED,
}


@dataclass(frozen=True)
class Addressee:
    """To whom a message goes, and what it is about."""

    address: str
    subject: Ticket | Contact


def find_addressee(connection: Connection, message: Message, now: datetime) -> Addressee | None:
    """To whom a message goes; None when it has become needless, or its person is forgotten."""
    if message.kind is MessageKind.PROVE:
        contact = contact_store.find(connection, message.ticket)
        return (
            Addressee(contact.email, contact)
            if contact is not None and contact.email and contact.is_pending(now)
            else None
        )
    ticket = ticket_store.find(connection, message.ticket, message.office)
    visitor = ticket_store.find_visitor(connection, message.office, message.ticket)
    if message.kind is MessageKind.OFFER:
        entry = waitlist_store.find_offered(connection, message.office, message.ticket)
        if entry is not None:
            # Who waits knows the entry's code; that of the held ticket becomes theirs when they
            # take it.
            visitor, ticket = entry.visitor, replace(ticket, code=entry.code)
    return (
        Addressee(visitor.email, ticket)
        if visitor is not None and visitor.email and is_needed(message.kind, ticket.state)
        else None
    )


class LetterDelivery(MailDelivery[Message]):
    """Without a mail server every message is left to the staff, who see it in their list."""

    name = "mail"

    def __init__(
        self,
        database: Database,
        server: MailServer | None,
        compose: Compose,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(database, server, clock)
        self._compose = compose

    def list_due(self, connection: Connection, now: datetime) -> Sequence[Message]:
        return message_store.list_due(connection, now, BATCH)

    def claim(self, tx: Transaction, owed: Message, now: datetime, until: datetime) -> bool:
        return message_store.claim(tx, owed, now, until)

    def identify(self, owed: Message) -> tuple[str, int]:
        return owed.id, owed.attempts + 1

    def draft(self, owed: Message, now: datetime) -> Draft | Result:
        with self._database.read() as connection:
            office = self._database.offices.get(connection, owed.office)
            addressee = find_addressee(connection, owed, now)
        if addressee is None:
            return Result(Ending.NEEDLESS)
        if self._server is None:
            return NO_SERVER
        letter = self._compose(owed.kind, office, addressee.subject)
        return Draft(owed.id, addressee.address, letter, addressee.subject.language)

    def settle(self, tx: Transaction, owed: Message, result: Result, now: datetime) -> None:
        state = _STATES[result.ending]
        if owed.kind in NOTICES and state in (MessageState.BY_HAND, MessageState.FAILED):
            # It would come too late, or was caused by outsiders: nobody is asked to call.
            state = MessageState.DONE
        message_store.settle(tx, owed, state, now, retry_at=result.retry_at, error=result.error)

    @classmethod
    def list_failing(cls, connection: Connection) -> Sequence[str]:
        failing = message_store.count_failing(connection)
        return [f"{cls.name}: {number} letters, {error}" for error, number in failing.items()]
