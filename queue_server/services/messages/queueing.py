"""Owing visitors what the office has done to their booking, and what others have tried with it:
queued with the change itself, sent or told after the commit.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.errors import Changed
from queue_server.domain.events import EventType, RecordedEvent
from queue_server.domain.messages.message import (
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
    name_message,
)
from queue_server.domain.messages.owed import (
    LETTER_AFTER,
    Reach,
    choose_channel,
    first_state,
    offer_channel,
)
from queue_server.domain.messages.timing import when_due, when_stale
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.messages import by_hand
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def reach_of(visitor: Visitor | None) -> Reach:
    """How a visitor can be reached; nobody can be whose data were wiped or never given."""
    if visitor is None:
        return Reach()
    return Reach(visitor.email, visitor.phone, visitor.reminders)


def queue_notice(
    tx: Transaction, ticket: Ticket, kind: MessageKind, channel: MessageChannel, now: datetime
) -> None:
    """Owe a message about a booking that has taken no step: what others have tried with it, or its
    lost code.
    """
    occasion = f"{now.timestamp():.0f}"
    message_store.add_once(
        tx,
        Message(
            name_message(ticket.id, kind, occasion),
            ticket.office,
            ticket.id,
            kind,
            occasion,
            channel,
            MessageState.QUEUED,
            now,
            stale_at=when_stale(kind, now, ticket.slot),
        ),
    )


def queue_offer(tx: Transaction, ticket: Ticket, person: Visitor, now: datetime) -> None:
    """Owe somebody on the waitlist a message about the place that is held for them."""
    reach = reach_of(person)
    if offer_channel(reach) is not None:
        queue_message(tx, ticket, EventType.HELD, now, reach=reach)


def queue_message(
    tx: Transaction, ticket: Ticket, after: EventType, now: datetime, *, reach: Reach | None = None
) -> Message:
    """Owe the holder of a booking the message about the step it has just taken, after the event of
    it is recorded. One for each event.

    `reach` is given where it is not that of the booking's visitor.
    """
    if reach is None:
        reach = reach_of(ticket_store.find_visitor(tx, ticket.office, ticket.id))
    kind, channel, occasion = (
        LETTER_AFTER[after],
        choose_channel(reach.email, reach.phone),
        _occasion_after(tx, ticket, after),
    )
    state = first_state(channel, reach)
    message = Message(
        name_message(ticket.id, kind, occasion),
        ticket.office,
        ticket.id,
        kind,
        occasion,
        channel,
        state,
        now,
        when_due(kind, channel, now, tx.office(ticket.office).tz),
        when_stale(kind, now, ticket.slot),
        ended_at=now if state is MessageState.DONE else None,
        last_error="no_contact" if channel is MessageChannel.NONE else None,
    )
    message_store.add(tx, message)
    return message


def owe_by(tx: Transaction, message: Message, channel: MessageChannel, now: datetime) -> None:
    """Owe by another channel what could not be sent: a message of its own, once, with attempts of
    its own.
    """
    occasion = f"{message.occasion}-{channel.value.lower()}"
    message_store.add_once(
        tx,
        Message(
            name_message(message.ticket, message.kind, occasion),
            message.office,
            message.ticket,
            message.kind,
            occasion,
            channel,
            MessageState.QUEUED,
            now,
            when_due(message.kind, channel, now, tx.office(message.office).tz),
            message.stale_at,
        ),
    )


def occasion_of(recorded: RecordedEvent) -> str:
    """What follows an event is named by the event's number."""
    return f"{recorded.event.date:%Y%m%d}.{recorded.seq}"


def _occasion_after(tx: Transaction, ticket: Ticket, after: EventType) -> str:
    return next(
        occasion_of(each)
        for each in reversed(tx.recorded)
        if (each.event.ticket, each.event.type) == (ticket.id, after)
    )


def mark_told(tx: Transaction, office: str, message: str, now: datetime) -> None:
    """Note that a member of staff has told the visitor. Raises `Changed` when somebody else has
    done so already.
    """
    if not by_hand.mark_done(tx, office, message, now):
        raise Changed(message=message)
