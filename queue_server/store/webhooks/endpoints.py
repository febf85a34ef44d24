"""The addresses at which other programs are told, as rows. Sending leases an endpoint, not one of
its messages, so they keep their order, and one that does not answer is asked once for each pause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.errors import UnknownWebhook
from queue_server.domain.events import EventType
from queue_server.domain.webhooks.endpoint import Endpoint, OffBecause
from queue_server.domain.webhooks.message import WebhookState
from queue_server.store.leases import Lease
from queue_server.store.tables import webhook_endpoints, webhook_messages
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.reader import Reader, ask, ask_rows
from queue_server.store.writer.transaction import Transaction

LEASE = Lease(webhook_endpoints, webhook_endpoints.c.retry_at, webhook_endpoints.c.claims)


def _from_row(row: sa.Row[Any]) -> Endpoint:
    values = {each.name: getattr(row, each.name) for each in fields(Endpoint)}
    known = {each.value for each in EventType}
    types = frozenset(EventType(each) for each in row.types if each in known)
    because = OffBecause(row.off_because) if row.off_because else None
    return Endpoint(**values | {"types": types, "off_because": because})


def _row(endpoint: Endpoint) -> dict[str, Any]:
    values = {each.name: getattr(endpoint, each.name) for each in fields(Endpoint)}
    because = None if endpoint.off_because is None else endpoint.off_because.value
    return values | {"types": sorted(each.value for each in endpoint.types), "off_because": because}


def add(tx: Transaction, endpoint: Endpoint) -> None:
    """Store a new endpoint."""
    tx.insert(webhook_endpoints, _row(endpoint))


def find(reader: Reader, id: str, office: str | None = None) -> Endpoint:
    """An endpoint, for who works in `office`; None for all of them. Raises `UnknownWebhook`."""
    statement = sa.select(webhook_endpoints).where(webhook_endpoints.c.id == id)
    if office is not None:
        statement = statement.where(webhook_endpoints.c.office == office)
    rows = ask(reader, statement, seeing=webhook_endpoints)
    for row in rows:
        return _from_row(row)
    raise UnknownWebhook(webhook=id)


def lock(tx: Transaction, id: str, office: str) -> Endpoint:
    """An endpoint that nobody else changes until the commit. Raises `UnknownWebhook`."""
    mine = (webhook_endpoints.c.id == id, webhook_endpoints.c.office == office)
    statement = sa.select(webhook_endpoints).where(*mine).with_for_update()
    row = tx.read(statement, seeing=webhook_endpoints).one_or_none()
    if row is None:
        raise UnknownWebhook(webhook=id)
    return _from_row(row)


# Asked at most events, of which most offices tell nobody.
_OF_OFFICE = Compiled(
    sa.select(webhook_endpoints)
    .where(webhook_endpoints.c.office == sa.bindparam("office"))
    .order_by(webhook_endpoints.c.made_at, webhook_endpoints.c.id)
)


def list_of_office(reader: Reader, office: str) -> list[Endpoint]:
    """An office's endpoints, the oldest first."""
    rows = ask_rows(reader, _OF_OFFICE, {"office": office}, seeing=webhook_endpoints)
    return [_from_row(row) for row in rows]


def list_all(connection: Connection) -> list[Endpoint]:
    """Every endpoint, by office."""
    order = (webhook_endpoints.c.office, webhook_endpoints.c.made_at, webhook_endpoints.c.id)
    statement = sa.select(webhook_endpoints).order_by(*order)
    return [_from_row(row) for row in connection.execute(statement)]


def list_due(connection: Connection, now: datetime, limit: int) -> list[Endpoint]:
    """Endpoints that are owed something and may be told now, the one that has waited longest
    first.
    """
    oldest = (
        sa.select(
            webhook_messages.c.endpoint, sa.func.min(webhook_messages.c.owed_since).label("since")
        )
        .where(webhook_messages.c.state == WebhookState.QUEUED.value)
        .group_by(webhook_messages.c.endpoint)
        .subquery()
    )
    statement = (
        sa.select(webhook_endpoints)
        .join(oldest, oldest.c.endpoint == webhook_endpoints.c.id)
        .where(webhook_endpoints.c.taking_since.is_not(None), LEASE.is_free(now))
        .order_by(oldest.c.since, webhook_endpoints.c.id)
        .limit(limit)
    )
    return [_from_row(row) for row in connection.execute(statement)]


def claim(tx: Transaction, endpoint: Endpoint, now: datetime, until: datetime) -> bool:
    """Lease an endpoint. False if another process was faster, or it was switched off."""
    row = sa.and_(_is(endpoint), webhook_endpoints.c.taking_since.is_not(None))
    return LEASE.claim(tx, row, endpoint.claims, now, until)


def settle(tx: Transaction, before: Endpoint, after: Endpoint) -> bool:
    """Note how sending went and give the lease back. `before` is as it was when it was claimed.
    False, and nothing noted, when the lease was lost, or a manager has changed the endpoint.
    """
    statement = webhook_endpoints.update().where(_is(before), LEASE.is_held(before.claims))
    values = _row(after)
    told = (
        "taking_since",
        "off_because",
        "failing_since",
        "failures",
        "retry_at",
        "last_error",
        "last_taken_at",
    )
    return tx.change(statement.values({name: values[name] for name in told})).rowcount == 1


def save(tx: Transaction, after: Endpoint) -> None:
    """Store what a manager has changed of an endpoint that is locked. A lease that is out on it is
    over: what its holder notes of an earlier state counts no more.
    """
    values = _row(after) | {"claims": webhook_endpoints.c.claims + 1}
    tx.change(webhook_endpoints.update().where(_is(after)).values(values))


def remove(tx: Transaction, endpoint: Endpoint) -> None:
    """Delete an endpoint with all that it is owed."""
    tx.change(webhook_messages.delete().where(webhook_messages.c.endpoint == endpoint.id))
    tx.change(webhook_endpoints.delete().where(_is(endpoint)))


def list_stopped(connection: Connection, office: str) -> Mapping[str, str]:
    """The endpoints that were switched off because they failed: the host of each, by id."""
    statement = sa.select(webhook_endpoints).where(
        webhook_endpoints.c.office == office,
        webhook_endpoints.c.off_because.in_([OffBecause.FAILING.value, OffBecause.GONE.value]),
    )
    stopped = map(_from_row, connection.execute(statement))
    return {each.id: each.host for each in stopped}


def _is(endpoint: Endpoint) -> sa.ColumnElement[bool]:
    return webhook_endpoints.c.id == endpoint.id
