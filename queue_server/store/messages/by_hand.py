"""What the staff see of messages: whom they must tell by hand, and what was not sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.messages.message import (
    MUST_TELL,
    OPEN_BY_HAND,
    STANDS_FOR,
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
)
from queue_server.store.tables import messages, tickets, visitors
from queue_server.store.writer.transaction import Transaction

from .messages import message_from_row


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
    because sending failed.
    """

    people: int
    messages: int
    failed: int


_STILL_TRUE = sa.or_(
    *(
        sa.and_(
            messages.c.kind == kind.value,
            tickets.c.state.in_(sorted(state.value for state in STANDS_FOR[kind])),
        )
        for kind in sorted(MUST_TELL)
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


def list_calls(connection: Connection, office: str, limit: int) -> list[Message]:
    """Messages of an office that a member of staff must still see to, the oldest first."""
    statement = (
        sa.select(messages)
        .select_from(messages.join(tickets, tickets.c.id == messages.c.ticket))
        .where(messages.c.office == office, _TO_TELL)
        .order_by(messages.c.created_at, messages.c.id)
        .limit(limit)
    )
    return [message_from_row(row) for row in connection.execute(statement)]


@dataclass(frozen=True)
class Unsent:
    """Messages of one kind and channel that were given up for one reason."""

    kind: MessageKind
    channel: MessageChannel
    error: str
    number: int
    last_at: datetime


def list_unsent(connection: Connection, office: str, since: datetime) -> list[Unsent]:
    """What an office did not get to its visitors since a moment, the latest first. What must be
    told is in `list_calls` as well.
    """
    last_at = sa.func.max(messages.c.created_at, type_=messages.c.created_at.type)
    groups = (messages.c.kind, messages.c.channel, messages.c.last_error)
    statement = (
        sa.select(*groups, sa.func.count(), last_at)
        .where(
            messages.c.office == office,
            messages.c.created_at >= since,
            messages.c.state.in_([each.value for each in OPEN_BY_HAND]),
            messages.c.last_error.is_not(None),
        )
        .group_by(*groups)
        .order_by(last_at.desc(), messages.c.kind)
    )
    return [
        Unsent(MessageKind(kind), MessageChannel(channel), error, number, at)
        for kind, channel, error, number, at in connection.execute(statement)
    ]
