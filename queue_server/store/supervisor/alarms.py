"""The alarms of many offices, with what became of each: one query, however many offices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store.tables import alerts, escalations, users
from queue_server.store.writer.transaction import DayKey

from .announcements import Alert, alert_from_row
from .escalations import Escalation


@dataclass(frozen=True)
class Alarm:
    """An alert, how it was `passed` on, if it was, and the name of who has seen it."""

    alert: Alert
    passed: Escalation | None
    seen_by: str | None


def list_alarms(connection: Connection, days: Collection[DayKey], since: datetime) -> list[Alarm]:
    """The alerts of these office-days that still hold, and those passed on since a moment, seen
    or over or not, from the day before on. The oldest first.
    """
    if not days:
        return []
    first = min(day for _office, day in days) - timedelta(days=1)
    statement = (
        sa.select(
            alerts,
            escalations.c.at.label("passed_at"),
            escalations.c.mail_due_at.label("passed_due_at"),
            escalations.c.mail_attempts.label("passed_attempts"),
            escalations.c.mailed_at.label("passed_mailed_at"),
            escalations.c.mailed_to.label("passed_mailed_to"),
            escalations.c.mail_error.label("passed_error"),
            users.c.name.label("seen_by"),
        )
        .select_from(alerts)
        .outerjoin(escalations, escalations.c.alert == alerts.c.id)
        .outerjoin(users, users.c.id == alerts.c.acknowledged_by)
        .where(
            alerts.c.office.in_(sorted({office for office, _day in days})),
            alerts.c.date >= first,
            sa.or_(
                sa.and_(
                    alerts.c.ended_at.is_(None),
                    sa.tuple_(alerts.c.office, alerts.c.date).in_(sorted(days)),
                ),
                escalations.c.at >= since,
            ),
        )
        .order_by(alerts.c.raised_at, alerts.c.id)
    )
    return [_alarm_from_row(row) for row in connection.execute(statement)]


def _alarm_from_row(row: sa.Row[tuple[object, ...]]) -> Alarm:
    alert = alert_from_row(row)
    passed = None
    if row.passed_at is not None:
        passed = Escalation(
            alert,
            row.passed_at,
            row.passed_due_at,
            row.passed_attempts,
            row.passed_mailed_at,
            row.passed_mailed_to,
            row.passed_error,
        )
    return Alarm(alert, passed, row.seen_by or alert.acknowledged_by)
