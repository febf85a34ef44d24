"""What supervisors tell the lobby: short texts that screens show for a while. And what the
supervisors themselves are told: alerts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.errors import UnknownAlert, UnknownAnnouncement
from queue_server.domain.supervisor.alerts import AlertKind
from queue_server.store.tables import Instant, alerts, announcements
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.reader import Reader, ask, ask_rows
from queue_server.store.writer.transaction import DayKey, Transaction


@dataclass(frozen=True)
class Announcement:
    """A text by language for the screens of an office, from `starts_at` until `ends_at`."""

    id: str
    office: str
    text: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class Alert:
    """A threshold that was passed at `raised_at`. `ended_at` None: it still is.

    `mail_due_at`: when it is told by mail, or tried again; None when there is nothing to send (any
    more). `mailed_at`: it was sent, to the masked address `mailed_to`; `mail_error`: why it was
    not. `escalate_at`: when it is passed on, unless somebody has seen it by then.
    """

    id: str
    office: str
    date: date
    kind: AlertKind
    subject: str
    facts: Mapping[str, Any]
    raised_at: datetime
    ended_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    mail_due_at: datetime | None = None
    mail_attempts: int = 0
    mailed_at: datetime | None = None
    mail_error: str | None = None
    escalate_at: datetime | None = None
    mailed_to: str | None = None


_LIVE = Compiled(
    sa.select(announcements)
    .where(
        announcements.c.office == sa.bindparam("office"),
        announcements.c.ends_at > sa.bindparam("now", type_=Instant),
    )
    .order_by(announcements.c.ends_at, announcements.c.id)
)


def add(tx: Transaction, announcement: Announcement) -> None:
    """Keep an announcement."""
    tx.insert(
        announcements,
        {
            "id": announcement.id,
            "office": announcement.office,
            "text": dict(announcement.text),
            "starts_at": announcement.starts_at,
            "ends_at": announcement.ends_at,
            "made_at": announcement.made_at,
            "made_by": announcement.made_by,
        },
    )


def _announcement(row: Row[Any]) -> Announcement:
    return Announcement(
        row.id, row.office, row.text, row.starts_at, row.ends_at, row.made_at, row.made_by
    )


def list_live(reader: Reader, office: str, now: datetime) -> list[Announcement]:
    """Announcements that are shown now or will be, those that end first before others."""
    parameters = {"office": office, "now": now}
    return [_announcement(row) for row in ask_rows(reader, _LIVE, parameters, seeing=announcements)]


def list_shown(connection: Connection, office: str, now: datetime) -> list[Announcement]:
    """Announcements that are shown now."""
    return [each for each in list_live(connection, office, now) if each.starts_at <= now]


def find(tx: Transaction, office: str, id: str) -> Announcement:
    """Raises `UnknownAnnouncement`, also for another office's."""
    statement = sa.select(announcements).where(
        announcements.c.id == id, announcements.c.office == office
    )
    row = tx.read(statement, seeing=announcements).one_or_none()
    if row is None:
        raise UnknownAnnouncement(announcement=id)
    return _announcement(row)


def end(tx: Transaction, announcement: Announcement, now: datetime) -> None:
    """Show an announcement no longer; one that has not begun never will be."""
    tx.change(
        announcements.update()
        .where(announcements.c.id == announcement.id, announcements.c.office == announcement.office)
        .values(ends_at=now, starts_at=min(announcement.starts_at, now))
    )


def alert_from_row(row: Row[Any]) -> Alert:
    """A stored alert."""
    return Alert(
        row.id,
        row.office,
        row.date,
        AlertKind(row.kind),
        row.subject,
        row.facts,
        row.raised_at,
        row.ended_at,
        row.acknowledged_at,
        row.acknowledged_by,
        row.mail_due_at,
        row.mail_attempts,
        row.mailed_at,
        row.mail_error,
        row.escalate_at,
        row.mailed_to,
    )


def add_alert(tx: Transaction, alert: Alert) -> None:
    """Keep a new alert."""
    tx.insert(
        alerts,
        {
            "id": alert.id,
            "office": alert.office,
            "date": alert.date,
            "kind": alert.kind.value,
            "subject": alert.subject,
            "facts": dict(alert.facts),
            "raised_at": alert.raised_at,
            "ended_at": alert.ended_at,
            "acknowledged_at": alert.acknowledged_at,
            "acknowledged_by": alert.acknowledged_by,
            "mail_due_at": alert.mail_due_at,
            "mail_attempts": alert.mail_attempts,
            "escalate_at": alert.escalate_at,
        },
    )


def list_open(reader: Reader, office: str, day: date) -> list[Alert]:
    """The alerts of a day whose threshold is still passed."""
    statement = sa.select(alerts).where(
        alerts.c.office == office, alerts.c.date == day, alerts.c.ended_at.is_(None)
    )
    return [alert_from_row(row) for row in ask(reader, statement, seeing=alerts)]


def list_open_of_days(connection: Connection, days: Collection[DayKey]) -> list[Alert]:
    """The alerts of several office-days whose threshold is still passed, the oldest first."""
    statement = (
        sa.select(alerts)
        .where(sa.tuple_(alerts.c.office, alerts.c.date).in_(sorted(days)))
        .where(alerts.c.ended_at.is_(None))
        .order_by(alerts.c.raised_at, alerts.c.id)
    )
    return [alert_from_row(row) for row in connection.execute(statement)]


def list_days_with_open(connection: Connection) -> list[DayKey]:
    """The office-days with an alert whose threshold is still passed."""
    statement = (
        sa.select(alerts.c.office, alerts.c.date)
        .where(alerts.c.ended_at.is_(None))
        .distinct()
        .order_by(alerts.c.office, alerts.c.date)
    )
    return [(row.office, row.date) for row in connection.execute(statement)]


def list_open_of_kinds(
    connection: Connection, kinds: Collection[AlertKind], since: date
) -> list[Alert]:
    """The alerts of some kinds, of all offices, that still hold and are not older than a day."""
    statement = sa.select(alerts).where(
        alerts.c.kind.in_([each.value for each in kinds]),
        alerts.c.ended_at.is_(None),
        alerts.c.date >= since,
    )
    return [alert_from_row(row) for row in connection.execute(statement)]


def list_alerts(connection: Connection, office: str, day: date, most: int) -> list[Alert]:
    """The newest alerts of a day, newest first, at most `most`."""
    statement = (
        sa.select(alerts)
        .where(alerts.c.office == office, alerts.c.date == day)
        .order_by(alerts.c.raised_at.desc(), alerts.c.id)
        .limit(most)
    )
    return [alert_from_row(row) for row in connection.execute(statement)]


def find_alert(tx: Transaction, office: str, id: str) -> Alert:
    """Raises `UnknownAlert`, also for another office's."""
    row = tx.read(
        sa.select(alerts).where(alerts.c.id == id, alerts.c.office == office), seeing=alerts
    ).one_or_none()
    if row is None:
        raise UnknownAlert(alert=id)
    return alert_from_row(row)


def date_of_alert(connection: Connection, office: str, id: str) -> date | None:
    """The office-day of an alert, None for an unknown one."""
    day: date | None = connection.execute(
        sa.select(alerts.c.date).where(alerts.c.id == id, alerts.c.office == office)
    ).scalar_one_or_none()
    return day


def change_alert(tx: Transaction, alert: Alert, **values: Any) -> None:
    """Change some columns of an alert."""
    tx.change(
        alerts.update()
        .where(alerts.c.id == alert.id, alerts.c.office == alert.office)
        .values(**values)
    )


def forget_before(tx: Transaction, office: str, moment: datetime, day: date, most: int) -> int:
    """Delete at most so many of an office's alerts that were over before a moment, which is on
    `day`. Returns how many; their events stay in the log.
    """
    over = (
        sa.select(alerts.c.id)
        .where(
            alerts.c.office == office, alerts.c.ended_at < moment, alerts.c.mail_due_at.is_(None)
        )
        .limit(most)
    )
    return tx.change(
        alerts.delete().where(alerts.c.office == office, alerts.c.id.in_(over))
    ).rowcount
