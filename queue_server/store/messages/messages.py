"""Messages to visitors: written with the change they tell of, claimed by lease when they are
sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from queue_server.domain.messages.message import (
    MUST_TELL,
    ON_THE_DAY,
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
)
from queue_server.domain.messages.receipts import Receipt
from queue_server.store.leases import Lease
from queue_server.store.tables import messages, tickets
from queue_server.store.writer.transaction import Transaction

LEASE = Lease(messages, messages.c.retry_at, messages.c.attempts)

_SENDABLE = (MessageState.QUEUED.value, MessageState.SENDING.value)


def message_from_row(row: sa.Row[Any]) -> Message:
    """The message of a row that has the columns of one."""
    values = {each.name: getattr(row, each.name) for each in fields(Message)}
    return Message(
        **values
        | {
            "kind": MessageKind(row.kind),
            "channel": MessageChannel(row.channel),
            "state": MessageState(row.state),
        }
    )


def add(tx: Transaction, message: Message) -> None:
    """Store a new message."""
    tx.insert(messages, _row(message))


def add_once(tx: Transaction, message: Message) -> bool:
    """Store a message unless it is owed already: the same kind about the same booking and occasion.
    False if it was. Two processes may try at once.
    """
    insert = (postgresql if tx.dialect == "postgresql" else sqlite).insert(messages)
    statement = insert.values(_row(message)).on_conflict_do_nothing()
    return tx.change(statement).rowcount == 1


def is_known(connection: Connection, id: str) -> bool:
    """Whether a message is owed or was."""
    statement = sa.select(messages.c.id).where(messages.c.id == id)
    return connection.execute(statement).one_or_none() is not None


def leave_known_out(connection: Connection, owed: Sequence[Message]) -> list[Message]:
    """Those of some messages that are not owed yet, and never were."""
    if not owed:
        return []
    statement = sa.select(messages.c.id).where(messages.c.id.in_([each.id for each in owed]))
    known = set(connection.execute(statement).scalars())
    return [each for each in owed if each.id not in known]


def _row(message: Message) -> dict[str, Any]:
    values = {each.name: getattr(message, each.name) for each in fields(Message)}
    kinds = {name: values[name].value for name in ("kind", "channel", "state")}
    return values | kinds


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


_URGENCY = sa.case(
    (messages.c.kind.in_([each.value for each in ON_THE_DAY]), 0),
    (messages.c.kind == MessageKind.PROVE.value, 2),
    else_=1,
)


def list_due(
    connection: Connection,
    channel: MessageChannel,
    now: datetime,
    limit: int,
    *,
    planned: bool = True,
) -> list[Message]:
    """Messages of a channel to send now, those of minutes first, then the oldest: queued ones, and
    those whose sender has not been heard of for the length of its lease.

    Letters that ask for a proof come last: strangers can cause any number of them, and an offer is
    soon over. Without `planned` only what was to go at once.
    """
    is_due: sa.ColumnElement[bool] = messages.c.due_at.is_(None)
    if planned:
        is_due = sa.or_(is_due, messages.c.due_at <= now)
    statement = (
        sa.select(messages)
        .where(
            messages.c.state.in_(_SENDABLE),
            messages.c.channel == channel.value,
            is_due,
            LEASE.is_free(now),
        )
        .order_by(
            _URGENCY, sa.func.coalesce(messages.c.due_at, messages.c.created_at), messages.c.id
        )
        .limit(limit)
    )
    return [message_from_row(row) for row in connection.execute(statement)]


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
) -> bool:
    """Note what became of a message: sent, failed, left to the staff, or to be tried again at
    `retry_at`. `message` is as it was before it was claimed. False, and nothing noted, if somebody
    else has claimed it since.
    """
    ended_at = None if state in (MessageState.QUEUED, MessageState.BY_HAND) else now
    statement = messages.update().where(
        _is(message),
        messages.c.state == MessageState.SENDING.value,
        LEASE.is_held(message.attempts),
    )
    noted = statement.values(
        state=state.value, retry_at=retry_at, ended_at=ended_at, last_error=error
    )
    return tx.change(noted).rowcount == 1


def _is(message: Message) -> sa.ColumnElement[bool]:
    return sa.and_(messages.c.office == message.office, messages.c.id == message.id)


def forget_before(tx: Transaction, office: str, moment: datetime, day: date, most: int) -> int:
    """Delete at most so many of an office's messages that were made before a moment, are done with
    and are about no visit of `day` or later: what is still to come must not be told of anew.
    """
    ahead = sa.select(tickets.c.id).where(tickets.c.id == messages.c.ticket, tickets.c.date >= day)
    over = (
        sa.select(messages.c.id)
        .where(
            messages.c.office == office,
            messages.c.created_at < moment,
            messages.c.ended_at.is_not(None),
            ~ahead.exists(),
        )
        .limit(most)
    )
    return tx.change(
        messages.delete().where(messages.c.office == office, messages.c.id.in_(over))
    ).rowcount


def list_newest(
    connection: Connection, office: str, tickets: Iterable[str]
) -> Mapping[str, Message]:
    """The newest message about what the office has done to each of these bookings, by ticket."""
    # Asked so, the office is no reason for the planner to walk all its messages instead of the few
    # of these tickets.
    statement = sa.select(messages).where(
        messages.c.office.concat("") == office,
        messages.c.ticket.in_(list(tickets)),
        messages.c.kind.in_([each.value for each in MUST_TELL]),
    )
    rows = connection.execute(statement.order_by(messages.c.created_at, messages.c.id))
    return {row.ticket: message_from_row(row) for row in rows}


def find_receipt(tx: Transaction, id: str) -> tuple[Message, Receipt | None] | None:
    """A message and what its provider has reported of it, locked until the commit; None for an
    unknown one.
    """
    statement = sa.select(messages).where(messages.c.id == id).with_for_update()
    row = tx.read(statement, seeing=messages).one_or_none()
    if row is None:
        return None
    return message_from_row(row), Receipt(row.receipt) if row.receipt else None


def note_receipt(
    tx: Transaction,
    message: Message,
    receipt: Receipt,
    state: MessageState,
    error: str | None,
    now: datetime,
) -> None:
    """Note what a provider has reported of a message, and what it is by that."""
    values: dict[str, Any] = {"receipt": receipt.value, "receipt_at": now}
    if state is not message.state:
        values |= {"state": state.value, "ended_at": now, "retry_at": None, "last_error": error}
    tx.change(messages.update().where(_is(message)).values(values))


def count_by_state(connection: Connection, office: str | None = None) -> Mapping[MessageState, int]:
    """How many messages are in each state, of one office or of all."""
    statement = sa.select(messages.c.state, sa.func.count()).group_by(messages.c.state)
    if office is not None:
        statement = statement.where(messages.c.office == office)
    return {MessageState(state): number for state, number in connection.execute(statement)}


def count_failing(connection: Connection, channel: MessageChannel) -> Mapping[str, int]:
    """How many messages of a channel have failed and are to be tried again, by why."""
    statement = (
        sa.select(messages.c.last_error, sa.func.count())
        .where(
            messages.c.state.in_(_SENDABLE),
            messages.c.channel == channel.value,
            messages.c.last_error.is_not(None),
        )
        .group_by(messages.c.last_error)
        .order_by(messages.c.last_error)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}
