"""Telling visitors what the office has done to their booking: queued with the change itself, sent
or told after the commit.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.errors import Changed
from queue_server.domain.events import EventType
from queue_server.domain.messages.message import (
    FIRST_STATE,
    LETTER_AFTER,
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
    choose_channel,
)
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def queue_notice(
    tx: Transaction, ticket: Ticket, kind: MessageKind, email: str | None, now: datetime
) -> None:
    """Owe a letter about a booking that has taken no step: what others have tried with it. Nothing
    without an e-mail address.
    """
    if email:
        id = f"{ticket.id}-{kind.value}-{now.timestamp():.0f}"
        message_store.add(
            tx,
            Message(
                id,
                ticket.office,
                ticket.id,
                kind,
                MessageChannel.EMAIL,
                MessageState.QUEUED,
                now,
                retry_at=now,
            ),
        )


def queue_offer(tx: Transaction, ticket: Ticket, person: Visitor, now: datetime) -> None:
    """Owe somebody on the waitlist an e-mail about the place that is held for them.

    Only by e-mail: an offer is over before the staff would come to call.
    """
    if person.email:
        queue_message(tx, ticket, EventType.HELD, now, contact=(person.email, None))


def queue_message(
    tx: Transaction,
    ticket: Ticket,
    after: EventType,
    now: datetime,
    *,
    contact: tuple[str | None, str | None] | None = None,
) -> Message:
    """Owe the holder of a booking the message about the step it has just taken. One for each
    version of a ticket.

    `contact` is e-mail address and telephone number, where they are not those of the booking's
    visitor.
    """
    if contact is None:
        visitor = ticket_store.find_visitor(tx, ticket.office, ticket.id)
        contact = (None, None) if visitor is None else (visitor.email, visitor.phone)
    email, phone = contact
    channel = choose_channel(email, phone)
    state = FIRST_STATE[channel]
    message = Message(
        f"{ticket.id}-{ticket.version}",
        ticket.office,
        ticket.id,
        LETTER_AFTER[after],
        channel,
        state,
        now,
        retry_at=now if state is MessageState.QUEUED else None,
        ended_at=now if state is MessageState.DONE else None,
        last_error="no_contact" if channel is MessageChannel.NONE else None,
    )
    message_store.add(tx, message)
    return message


def mark_told(tx: Transaction, office: str, message: str, now: datetime) -> None:
    """Note that a member of staff has told the visitor. Raises `Changed` when somebody else has
    done so already.
    """
    if not message_store.mark_done(tx, office, message, now):
        raise Changed(message=message)
