"""What endpoints are owed, as rows: each event once for each endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from queue_server.domain.events import RecordedEvent
from queue_server.domain.webhooks.message import WebhookMessage, WebhookState
from queue_server.store.tables import webhook_messages
from queue_server.store.visit import events as event_store
from queue_server.store.writer.transaction import Transaction


def _from_row(row: sa.Row[Any]) -> WebhookMessage:
    values = {each.name: getattr(row, each.name) for each in fields(WebhookMessage)}
    return WebhookMessage(**values | {"state": WebhookState(row.state)})


def add_once(tx: Transaction, message: WebhookMessage) -> bool:
    """Store a message unless it is owed already. Two processes may try at once."""
    insert = (postgresql if tx.dialect == "postgresql" else sqlite).insert(webhook_messages)
    values = {each.name: getattr(message, each.name) for each in fields(WebhookMessage)}
    values["state"] = message.state.value
    return tx.change(insert.values(values).on_conflict_do_nothing()).rowcount == 1


def leave_known_out(connection: Connection, owed: Sequence[WebhookMessage]) -> list[WebhookMessage]:
    """Those of some messages that are not owed yet, and never were."""
    if not owed:
        return []
    ids = [each.id for each in owed]
    statement = sa.select(webhook_messages.c.id).where(webhook_messages.c.id.in_(ids))
    known = set(connection.execute(statement).scalars())
    return [each for each in owed if each.id not in known]


def list_queued(connection: Connection, endpoint: str, limit: int) -> list[WebhookMessage]:
    """What an endpoint is owed, in the order in which it happened."""
    statement = (
        sa.select(webhook_messages)
        .where(
            webhook_messages.c.endpoint == endpoint,
            webhook_messages.c.state == WebhookState.QUEUED.value,
        )
        .order_by(webhook_messages.c.owed_since, webhook_messages.c.date, webhook_messages.c.seq)
        .limit(limit)
    )
    return [_from_row(row) for row in connection.execute(statement)]


def find_event(connection: Connection, message: WebhookMessage) -> RecordedEvent | None:
    """The event that a message tells of."""
    key = message.office, message.date, message.seq - 1
    return next(iter(event_store.list_after(connection, *key, limit=1)), None)


def note_attempt(
    tx: Transaction, message: WebhookMessage, state: WebhookState, error: str | None, now: datetime
) -> None:
    """Note what became of one attempt. One that was settled meanwhile stays as it is."""
    statement = webhook_messages.update().where(
        webhook_messages.c.id == message.id, webhook_messages.c.state == WebhookState.QUEUED.value
    )
    tx.change(
        statement.values(
            state=state.value,
            attempts=webhook_messages.c.attempts + 1,
            ended_at=None if state is WebhookState.QUEUED else now,
            last_error=error,
        )
    )


def give_up_all(tx: Transaction, endpoint: str, error: str, now: datetime) -> int:
    """Send nothing any more of what an endpoint is owed. Returns how many."""
    statement = webhook_messages.update().where(
        webhook_messages.c.endpoint == endpoint,
        webhook_messages.c.state == WebhookState.QUEUED.value,
    )
    values = {"state": WebhookState.GIVEN_UP.value, "ended_at": now, "last_error": error}
    return tx.change(statement.values(values)).rowcount


def queue_given_up(tx: Transaction, endpoint: str, now: datetime) -> int:
    """Owe again what was given up, as if it were new. Returns how many."""
    statement = webhook_messages.update().where(
        webhook_messages.c.endpoint == endpoint,
        webhook_messages.c.state == WebhookState.GIVEN_UP.value,
    )
    again = {"state": WebhookState.QUEUED.value, "ended_at": None, "attempts": 0}
    return tx.change(statement.values({**again, "owed_since": now})).rowcount


def count_by_state(
    connection: Connection, endpoints: Iterable[str]
) -> Mapping[tuple[str, WebhookState], int]:
    """How many messages of each endpoint are in each state."""
    statement = (
        sa.select(webhook_messages.c.endpoint, webhook_messages.c.state, sa.func.count())
        .where(webhook_messages.c.endpoint.in_(list(endpoints)))
        .group_by(webhook_messages.c.endpoint, webhook_messages.c.state)
    )
    rows = connection.execute(statement)
    return {(endpoint, WebhookState(state)): number for endpoint, state, number in rows}


def list_newest(connection: Connection, endpoint: str, limit: int) -> list[WebhookMessage]:
    """The newest messages of an endpoint, newest first."""
    statement = (
        sa.select(webhook_messages)
        .where(webhook_messages.c.endpoint == endpoint)
        .order_by(
            webhook_messages.c.owed_since.desc(),
            webhook_messages.c.date.desc(),
            webhook_messages.c.seq.desc(),
        )
        .limit(limit)
    )
    return [_from_row(row) for row in connection.execute(statement)]


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Delete what has ended before a moment. Returns how many."""
    return tx.change(webhook_messages.delete().where(webhook_messages.c.ended_at < moment)).rowcount
