"""The messages that the office owes its visitors, by e-mail and by telephone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from sqlalchemy.engine import Connection

from queue_server.domain.booking.contacts import Contact
from queue_server.domain.messages.budget import daily_limit
from queue_server.domain.messages.message import (
    MUST_TELL,
    NOTICES,
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
    is_needed,
)
from queue_server.domain.messages.owed import choose_next_way
from queue_server.domain.office.languages import choose_offered
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.messages.lost_codes import list_of_contact
from queue_server.services.messages.queueing import owe_by, reach_of
from queue_server.store.booking import contacts as contact_store
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.messages import counts as count_store
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .port import BATCH, Draft, Ending, Letter, Result, Sender, SendingDelivery

Subject = Ticket | Contact | tuple[Ticket, ...]
"""What a message is about: a visit, a contact to be proved, or all visits whose codes were lost."""

Compose = Callable[[MessageKind, Office, Subject], Letter]
"""Finds the words, in the language of whom they are for: they are the edge's matter."""


@dataclass(frozen=True)
class Addressee:
    """To whom a message goes, in which language, and what it is about."""

    address: str
    subject: Subject
    language: str


def find_addressee(connection: Connection, message: Message, now: datetime) -> Addressee | None:
    """To whom a message goes; None when it has become needless, or its person is forgotten."""
    if message.kind is MessageKind.PROVE:
        contact = contact_store.find(connection, message.ticket)
        return (
            Addressee(contact.address, contact, contact.language)
            if contact is not None and contact.address and contact.is_pending(now)
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
    if visitor is None or not is_needed(message, ticket, now):
        return None
    address = visitor.phone if message.channel is MessageChannel.PHONE else visitor.email
    if not address:
        return None
    subject: Subject = ticket
    if message.kind is MessageKind.LOST_CODE:
        subject = tuple(list_of_contact(connection, address, ticket.date, ticket.office))
    return Addressee(address, subject, ticket.language)


class MessageDelivery(SendingDelivery[Message]):
    """Messages of one channel. What nobody sends and a visitor must hear is left to the staff, who
    see it in their list.
    """

    channel: ClassVar[MessageChannel]

    def __init__(
        self,
        database: Database,
        sender: Sender | None,
        compose: Compose,
        clock: Callable[[], datetime],
        is_settling: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(database, sender, clock)
        self._compose = compose
        self._is_settling = is_settling

    def list_due(self, connection: Connection, now: datetime) -> Sequence[Message]:
        # While the clock may have been set ahead by mistake, reminders of the next days would go
        # out at once, and nobody can take them back.
        planned = not self._is_settling()
        return message_store.list_due(connection, self.channel, now, BATCH, planned=planned)

    def claim(self, tx: Transaction, owed: Message, now: datetime, until: datetime) -> bool:
        return message_store.claim(tx, owed, now, until)

    def identify(self, owed: Message) -> tuple[str, int]:
        return owed.id, owed.attempts + 1

    def draft(self, owed: Message, now: datetime) -> Draft | Result:
        with self._database.read() as connection:
            office = self._database.offices.get(connection, owed.office)
            addressee = find_addressee(connection, owed, now)
        if addressee is None:
            is_late = owed.stale_at is not None and now >= owed.stale_at
            # One that failed until it was of no use has not become needless: somebody must see why.
            if is_late and owed.last_error is not None:
                return Result(Ending.GIVEN_UP, owed.last_error)
            return Result(Ending.NEEDLESS)
        if self._sender is None:
            return Result(Ending.UNSENDABLE, self.missing)
        letter = self._compose(owed.kind, office, addressee.subject)
        language = choose_offered(office.languages, addressee.language)
        return Draft(owed.id, addressee.address, letter, language)

    def settle(self, tx: Transaction, owed: Message, result: Result, now: datetime) -> None:
        message_store.settle(
            tx,
            owed,
            state_after(owed.kind, result.ending),
            now,
            retry_at=result.retry_at,
            error=result.error,
        )

    @classmethod
    def list_failing(cls, connection: Connection) -> Sequence[str]:
        failing = message_store.count_failing(connection, cls.channel)
        return [f"{cls.name}: {number} messages, {error}" for error, number in failing.items()]


def state_after(kind: MessageKind, ending: Ending) -> MessageState:
    """What a message is after an attempt. Of NOTICES that failed nobody is told: they would come
    too late, or were caused by outsiders.
    """
    if ending is Ending.SENT:
        return MessageState.SENT
    if ending is Ending.POSTPONED:
        return MessageState.QUEUED
    if ending in (Ending.UNSENDABLE, Ending.CAPPED) and kind in MUST_TELL:
        return MessageState.BY_HAND
    if ending in (Ending.GIVEN_UP, Ending.CAPPED) and kind not in NOTICES:
        return MessageState.FAILED
    return MessageState.DONE


class LetterDelivery(MessageDelivery):
    """Messages by e-mail. What must be heard and cannot be sent so goes on by another of the
    server's `ways`.
    """

    name = "mail"
    channel = MessageChannel.EMAIL
    missing = "no_mail_server"

    def __init__(
        self,
        database: Database,
        sender: Sender | None,
        compose: Compose,
        clock: Callable[[], datetime],
        is_settling: Callable[[], bool] = lambda: False,
        ways: Collection[MessageChannel] = (),
    ) -> None:
        super().__init__(database, sender, compose, clock, is_settling)
        self._ways = ways

    def settle(self, tx: Transaction, owed: Message, result: Result, now: datetime) -> None:
        way = None
        if result.ending in (Ending.GIVEN_UP, Ending.UNSENDABLE):
            visitor = ticket_store.find_visitor(tx, owed.office, owed.ticket)
            if owed.kind is MessageKind.OFFER:
                entry = waitlist_store.find_offered(tx, owed.office, owed.ticket)
                visitor = entry.visitor if entry is not None else None
            way = choose_next_way(owed.kind, self.channel, reach_of(visitor), self._ways)
        if way is None:
            super().settle(tx, owed, result, now)
        elif message_store.settle(tx, owed, MessageState.DONE, now, error=result.error):
            owe_by(tx, owed, way, now)


class PhoneDelivery(MessageDelivery):
    """Messages by telephone: they cost money, so an office has only so many a day."""

    name = "gateway"
    channel = MessageChannel.PHONE
    lease = timedelta(minutes=1)
    missing = "no_gateway"

    def draft(self, owed: Message, now: datetime) -> Draft | Result:
        drafted = super().draft(owed, now)
        # A message that is tried again was counted the first time.
        if isinstance(drafted, Draft) and owed.attempts == 0:
            take = partial(self._take_one, owed=owed, now=now)
            if not self._database.write([], take):
                return Result(Ending.CAPPED, "daily_limit")
        return drafted

    def _take_one(self, tx: Transaction, owed: Message, now: datetime) -> bool:
        office = tx.office(owed.office)
        limit = daily_limit(office.rules.messages, owed.kind)
        return count_store.take_one(tx, owed.office, office.date_at(now), limit)
