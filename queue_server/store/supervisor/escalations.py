"""Alerts that were passed on because nobody in the office had seen them, and what became of each
letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.supervisor.alerts import AlertKind
from queue_server.store.leases import Lease
from queue_server.store.tables import Instant, alerts, escalations
from queue_server.store.writer.transaction import Transaction

from .announcements import Alert, alert_from_row

LEASE = Lease(escalations, escalations.c.mail_due_at, escalations.c.mail_attempts)


@dataclass(frozen=True)
class Escalation:
    """An alert that was passed on. `mail_due_at`: when its letter is sent, or tried again; None
    when there is nothing to send (any more). `mailed_at`, `mailed_to`, `mail_error` as in `Alert`.
    """

    alert: Alert
    at: datetime
    mail_due_at: datetime | None = None
    mail_attempts: int = 0
    mailed_at: datetime | None = None
    mailed_to: str | None = None
    mail_error: str | None = None


def list_due(connection: Connection, now: datetime, most: int) -> list[Alert]:
    """Alerts that are to be passed on now, the oldest first."""
    statement = (
        sa.select(alerts)
        .where(
            alerts.c.escalate_at <= now,
            alerts.c.ended_at.is_(None),
            alerts.c.acknowledged_at.is_(None),
        )
        .order_by(alerts.c.escalate_at, alerts.c.id)
        .limit(most)
    )
    return [alert_from_row(row) for row in connection.execute(statement)]


def find_last(tx: Transaction, office: str, kind: AlertKind, subject: str) -> datetime | None:
    """When the last alert of a kind and subject was raised that was, or is to be, passed on."""
    passed = sa.select(escalations.c.alert).where(escalations.c.alert == alerts.c.id).exists()
    statement = sa.select(sa.func.max(alerts.c.raised_at, type_=Instant)).where(
        alerts.c.office == office,
        alerts.c.kind == kind.value,
        alerts.c.subject == subject,
        sa.or_(alerts.c.escalate_at.is_not(None), passed),
    )
    raised_at: datetime | None = tx.read(statement, seeing=alerts).scalar_one()
    return raised_at


def add(tx: Transaction, escalation: Escalation) -> None:
    """Keep that an alert was passed on."""
    alert = escalation.alert
    tx.insert(
        escalations,
        {
            "alert": alert.id,
            "office": alert.office,
            "at": escalation.at,
            "mail_due_at": escalation.mail_due_at,
            "mail_attempts": escalation.mail_attempts,
        },
    )


def list_mail_due(connection: Connection, now: datetime, most: int) -> list[Escalation]:
    """Letters to send now, the oldest first: new ones, and those whose sender was not heard of for
    the length of its lease.
    """
    statement = (
        sa.select(
            alerts,
            escalations.c.at.label("passed_at"),
            escalations.c.mail_due_at.label("passed_due_at"),
            escalations.c.mail_attempts.label("passed_attempts"),
        )
        .join_from(escalations, alerts, escalations.c.alert == alerts.c.id)
        .where(escalations.c.mail_due_at.is_not(None), LEASE.is_free(now))
        .order_by(escalations.c.mail_due_at, alerts.c.id)
        .limit(most)
    )
    return [_from_row(row) for row in connection.execute(statement)]


def _from_row(row: Row[Any]) -> Escalation:
    return Escalation(alert_from_row(row), row.passed_at, row.passed_due_at, row.passed_attempts)


def claim_mail(tx: Transaction, escalation: Escalation, now: datetime, until: datetime) -> bool:
    """Lease a letter for sending; counts as an attempt. False if another process was faster."""
    row = sa.and_(_is(escalation), escalations.c.mail_due_at.is_not(None))
    return LEASE.claim(tx, row, escalation.mail_attempts, now, until)


def settle_mail(
    tx: Transaction,
    escalation: Escalation,
    *,
    sent_at: datetime | None,
    sent_to: str | None,
    retry_at: datetime | None,
    error: str | None,
) -> None:
    """Note what became of a letter. `escalation` is as it was before it was claimed; `sent_to` is
    the address without what names its owner.
    """
    statement = escalations.update().where(
        _is(escalation), LEASE.is_held(escalation.mail_attempts), escalations.c.mailed_at.is_(None)
    )
    tx.change(
        statement.values(
            mailed_at=sent_at, mailed_to=sent_to, mail_due_at=retry_at, mail_error=error
        )
    )


def count_failing(connection: Connection) -> Mapping[str, int]:
    """How many letters have failed and are to be tried again, by why they failed last."""
    statement = (
        sa.select(escalations.c.mail_error, sa.func.count())
        .where(escalations.c.mail_due_at.is_not(None), escalations.c.mail_error.is_not(None))
        .group_by(escalations.c.mail_error)
        .order_by(escalations.c.mail_error)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def _is(escalation: Escalation) -> sa.ColumnElement[bool]:
    return sa.and_(
        escalations.c.alert == escalation.alert.id, escalations.c.office == escalation.alert.office
    )
