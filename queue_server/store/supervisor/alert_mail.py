"""Alerts that are still to be told by mail, and what became of each letter."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.counter.alerts import AlertKind
from queue_server.store.tables import Instant, alerts
from queue_server.store.writer.transaction import Transaction

from .announcements import Alert, alert_from_row


def list_mail_due(connection: Connection, now: datetime, most: int) -> list[Alert]:
    """Alerts to tell of now, the oldest first: new ones, and those whose sender was not heard of
    for the length of its lease.
    """
    statement = (
        sa.select(alerts)
        .where(alerts.c.mail_due_at <= now)
        .order_by(alerts.c.mail_due_at, alerts.c.id)
        .limit(most)
    )
    return [alert_from_row(row) for row in connection.execute(statement)]


def find_last_mailed(tx: Transaction, office: str, day: date, kind: AlertKind) -> datetime | None:
    """When the last alert of a kind was raised that was, or is to be, told by mail on a day."""
    statement = sa.select(sa.func.max(alerts.c.raised_at, type_=Instant)).where(
        alerts.c.office == office,
        alerts.c.date == day,
        alerts.c.kind == kind.value,
        sa.or_(alerts.c.mailed_at.is_not(None), alerts.c.mail_due_at.is_not(None)),
    )
    mailed_at: datetime | None = tx.read(statement, seeing=alerts).scalar_one()
    return mailed_at


def claim_mail(tx: Transaction, alert: Alert, now: datetime, until: datetime) -> bool:
    """Lease a letter for sending; counts as an attempt. False if another process was faster."""
    statement = alerts.update().where(
        alerts.c.id == alert.id,
        alerts.c.office == alert.office,
        alerts.c.mail_due_at <= now,
        alerts.c.mail_attempts == alert.mail_attempts,
    )
    return (
        tx.change(
            statement.values(mail_due_at=until, mail_attempts=alert.mail_attempts + 1)
        ).rowcount
        == 1
    )


def settle_mail(
    tx: Transaction,
    alert: Alert,
    *,
    sent_at: datetime | None,
    retry_at: datetime | None,
    error: str | None,
) -> None:
    """Note what became of a claimed letter. A sender whose lease has run out says nothing any more:
    the next one's word counts.
    """
    statement = alerts.update().where(
        alerts.c.id == alert.id,
        alerts.c.office == alert.office,
        alerts.c.mail_attempts == alert.mail_attempts + 1,
        alerts.c.mailed_at.is_(None),
    )
    tx.change(statement.values(mailed_at=sent_at, mail_due_at=retry_at, mail_error=error))
