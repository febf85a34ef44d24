"""Alerts that are still to be told by mail, and what became of each letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.supervisor.alerts import AlertKind
from queue_server.store.leases import Lease
from queue_server.store.tables import Instant, alerts
from queue_server.store.writer.transaction import Transaction

from .announcements import Alert, alert_from_row

LEASE = Lease(alerts, alerts.c.mail_due_at, alerts.c.mail_attempts)


def list_mail_due(connection: Connection, now: datetime, most: int) -> list[Alert]:
    """Alerts to tell of now, the oldest first: new ones, and those whose sender was not heard of
    for the length of its lease.
    """
    statement = (
        sa.select(alerts)
        .where(alerts.c.mail_due_at.is_not(None), LEASE.is_free(now))
        .order_by(alerts.c.mail_due_at, alerts.c.id)
        .limit(most)
    )
    return [alert_from_row(row) for row in connection.execute(statement)]


def find_last_mailed(
    tx: Transaction, office: str, day: date, kind: AlertKind, subject: str
) -> datetime | None:
    """When the last alert of a kind and subject was raised that was, or is to be, told by mail on a
    day.
    """
    statement = sa.select(sa.func.max(alerts.c.raised_at, type_=Instant)).where(
        alerts.c.office == office,
        alerts.c.date == day,
        alerts.c.kind == kind.value,
        alerts.c.subject == subject,
        sa.or_(alerts.c.mailed_at.is_not(None), alerts.c.mail_due_at.is_not(None)),
    )
    mailed_at: datetime | None = tx.read(statement, seeing=alerts).scalar_one()
    return mailed_at


def claim_mail(tx: Transaction, alert: Alert, now: datetime, until: datetime) -> bool:
    """Lease a letter for sending; counts as an attempt. False if another process was faster."""
    row = sa.and_(_is(alert), alerts.c.mail_due_at.is_not(None))
    return LEASE.claim(tx, row, alert.mail_attempts, now, until)


def settle_mail(
    tx: Transaction,
    alert: Alert,
    *,
    sent_at: datetime | None,
    sent_to: str | None,
    retry_at: datetime | None,
    error: str | None,
) -> None:
    """Note what became of a letter. `alert` is as it was before it was claimed; `sent_to` is the
    address without what names its owner.
    """
    statement = alerts.update().where(
        _is(alert), LEASE.is_held(alert.mail_attempts), alerts.c.mailed_at.is_(None)
    )
    tx.change(
        statement.values(
            mailed_at=sent_at, mailed_to=sent_to, mail_due_at=retry_at, mail_error=error
        )
    )


def count_failing(connection: Connection) -> Mapping[str, int]:
    """How many letters have failed and are to be tried again, by why they failed last."""
    statement = (
        sa.select(alerts.c.mail_error, sa.func.count())
        .where(alerts.c.mail_due_at.is_not(None), alerts.c.mail_error.is_not(None))
        .group_by(alerts.c.mail_error)
        .order_by(alerts.c.mail_error)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def _is(alert: Alert) -> sa.ColumnElement[bool]:
    return sa.and_(alerts.c.id == alert.id, alerts.c.office == alert.office)
