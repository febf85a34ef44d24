"""Messages to visitors: written with the change they tell of, claimed by lease when they are
sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.messages.message import (
    NOTICES,
    OPEN_BY_HAND,
    STANDS_FOR,
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
)
from queue_server.store.leases import Lease
from queue_server.store.tables import messages, tickets, visitors
from queue_server.store.writer.transaction import Transaction

LEASE = Lease(messages, messages.c.retry_at, messages.c.attempts)

_SENDABLE = (MessageState.QUEUED.value, MessageState.SENDING.value)


def _message_from_row(row: sa.Row[Any]) -> Message:
    return Message(
        row.id,
        row.office,
        row.ticket,
        MessageKind(row.kind),
        MessageChannel(row.channel),
        MessageState(row.state),
        row.created_at,
        row.retry_at,
        row.attempts,
        row.ended_at,
        row.last_error,
    )


def add(tx: Transaction, message: Message) -> None:
    """Store a new message."""
    tx.insert(
        messages,
        {
            "id": message.id,
            "office": message.office,
            "ticket": message.ticket,
            "kind": message.kind.value,
            "channel": message.channel.value,
            "state": message.state.value,
            "created_at": message.created_at,
            "retry_at": message.retry_at,
            "attempts": message.attempts,
            "ended_at": message.ended_at,
            "last_error": message.last_error,
        },
    )


def has_since(
    tx: Transaction, office: str, ticket: str, kind: MessageKind, since: datetime
) -> bool:
    """Whether a message of this kind about a booking was made after a moment."""
    statement = sa.select(messages.c.id).where(
        messages.c.ticket == ticket,
        messages.c.kind == kind.value,
        messages.c.created_at > since,
        messages.c.office == office,
    )
    return tx.read(statement.limit(1), seeing=messages).one_or_none() is not None


def list_due(connection: Connection, now: datetime, limit: int) -> list[Message]:
    """E-mails to send now, the oldest first: queued ones, and those whose sender has not been heard
    of for the length of its lease.

    Letters that ask for a proof come last: strangers can cause any number of them, and an offer is
    soon over.
    """
    statement = (
        sa.select(messages)
        .where(messages.c.state.in_(_SENDABLE), LEASE.is_free(now))
        .order_by(messages.c.kind == MessageKind.PROVE.value, messages.c.retry_at, messages.c.id)
        .limit(limit)
    )
    return [_message_from_row(row) for row in connection.execute(statement)]


def claim(tx: Transaction, message: Message, now: datetime, until: datetime) -> bool:
    """Lease a due message for sending; counts as an attempt. False if another process was
    faster.
    """
    row = sa.and_(_is(message), messages.c.state.in_(_SENDABLE))
    return LEASE.claim(tx, row, message.attempts, now, until, state=MessageState.SENDING.value)


def settle(
    tx: Transaction,
    message: Message,
    state: MessageState,
    now: datetime,
    *,
    retry_at: datetime | None = None,
    error: str | None = None,
) -> None:
    """Note what became of a message: sent, failed, left to the staff, or to be tried again at
    `retry_at`. `message` is as it was before it was claimed.
    """
    ended_at = None if state in (MessageState.QUEUED, MessageState.BY_HAND) else now
    statement = messages.update().where(
        _is(message),
        messages.c.state == MessageState.SENDING.value,
        LEASE.is_held(message.attempts),
    )
    tx.change(
        statement.values(state=state.value, retry_at=retry_at, ended_at=ended_at, last_error=error)
    )


def _is(message: Message) -> sa.ColumnElement[bool]:
    return sa.and_(messages.c.office == message.office, messages.c.id == message.id)


def mark_done(tx: Transaction, office: str, id: str, now: datetime) -> bool:
    """Note that a member of staff has told the visitor. False if there is nothing (any more) to be
    told by hand.
    """
    statement = messages.update().where(
        messages.c.office == office,
        messages.c.id == id,
        messages.c.state.in_([each.value for each in OPEN_BY_HAND]),
    )
    return tx.change(statement.values(state=MessageState.DONE.value, ended_at=now)).rowcount == 1


@dataclass(frozen=True)
class ToTell:
    """Whom the staff must tell by hand: so many people, with so many messages, of which so many
    because their e-mail failed.
    """

    people: int
    messages: int
    failed: int


_STILL_TRUE = sa.or_(
    *(
        sa.and_(
            messages.c.kind == kind.value,
            tickets.c.state.in_(sorted(state.value for state in states)),
        )
        for kind, states in STANDS_FOR.items()
        if states
    )
)
_TO_TELL = sa.and_(messages.c.state.in_([each.value for each in OPEN_BY_HAND]), _STILL_TRUE)
"""What somebody must still be told: of a booking that was moved since, only the newest message says
the truth.
"""


def count_to_tell(connection: Connection, office: str | None = None) -> ToTell:
    """Who is to be told by hand, of one office or of all. Somebody with several bookings or
    messages is one person.
    """
    person = sa.func.coalesce(visitors.c.nik_fingerprint, messages.c.ticket)
    statement = (
        sa.select(
            sa.func.count(sa.distinct(person)),
            sa.func.count(),
            sa.func.count().filter(messages.c.state == MessageState.FAILED.value),
        )
        .select_from(
            messages.join(tickets, tickets.c.id == messages.c.ticket).outerjoin(
                visitors, visitors.c.ticket == messages.c.ticket
            )
        )
        .where(_TO_TELL)
    )
    if office is not None:
        statement = statement.where(messages.c.office == office)
    people, number, failed = connection.execute(statement).one()
    return ToTell(people, number, failed)


def list_by_hand(connection: Connection, office: str, limit: int) -> list[Message]:
    """Messages of an office that a member of staff must still see to, the oldest first."""
    statement = (
        sa.select(messages)
        .select_from(messages.join(tickets, tickets.c.id == messages.c.ticket))
        .where(messages.c.office == office, _TO_TELL)
        .order_by(messages.c.created_at, messages.c.id)
        .limit(limit)
    )
    return [_message_from_row(row) for row in connection.execute(statement)]


def list_newest(
    connection: Connection, office: str, tickets: Iterable[str]
) -> Mapping[str, Message]:
    """The newest message about a step of each of these bookings of an office, by ticket; notices
    tell of no step.
    """
    # Asked so, the office is no reason for the planner to walk all its messages instead of the few
    # of these tickets.
    statement = sa.select(messages).where(
        messages.c.office.concat("") == office,
        messages.c.ticket.in_(list(tickets)),
        messages.c.kind.not_in([each.value for each in NOTICES]),
    )
    rows = connection.execute(statement.order_by(messages.c.created_at, messages.c.id))
    return {row.ticket: _message_from_row(row) for row in rows}


def count_by_state(connection: Connection, office: str | None = None) -> Mapping[MessageState, int]:
    """How many messages are in each state, of one office or of all."""
    statement = sa.select(messages.c.state, sa.func.count()).group_by(messages.c.state)
    if office is not None:
        statement = statement.where(messages.c.office == office)
    return {MessageState(state): number for state, number in connection.execute(statement)}


def count_failing(connection: Connection) -> Mapping[str, int]:
    """How many e-mails have failed and are to be tried again, by why they failed last."""
    statement = (
        sa.select(messages.c.last_error, sa.func.count())
        .where(messages.c.state.in_(_SENDABLE), messages.c.last_error.is_not(None))
        .group_by(messages.c.last_error)
        .order_by(messages.c.last_error)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}
