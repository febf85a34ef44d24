"""Announcements and alerts as the supervisor sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.office.office import Office
from queue_server.services.shown import _local_or_none, local_time
from queue_server.store.supervisor.announcements import Alert, Announcement


@dataclass(frozen=True)
class DashboardAlert:
    """A threshold that was passed; `ended_at` None while it still is. `values` are those at the
    crossing.

    `letter`: due, sent or failed; None for one that is not told by mail.
    """

    id: str
    kind: str
    raised_at: str
    ended_at: str | None
    acknowledged_at: str | None
    acknowledged_by: str | None
    values: Mapping[str, str | int]
    letter: str | None


@dataclass(frozen=True)
class DashboardAnnouncement:
    """A text on the screens, or one still to come."""

    id: str
    text: Mapping[str, str]
    starts_at: str
    ends_at: str
    by: str
    shown: bool


def view_announcement(
    office: Office, announcement: Announcement, now: datetime
) -> DashboardAnnouncement:
    """An announcement with local times."""
    return DashboardAnnouncement(
        announcement.id,
        announcement.text,
        local_time(office, announcement.starts_at),
        local_time(office, announcement.ends_at),
        announcement.made_by,
        announcement.starts_at <= now < announcement.ends_at,
    )


def view_alert(office: Office, alert: Alert) -> DashboardAlert:
    """An alert with local times, and what became of its mail."""
    return DashboardAlert(
        alert.id,
        alert.kind.value,
        local_time(office, alert.raised_at),
        _local_or_none(office, alert.ended_at),
        _local_or_none(office, alert.acknowledged_at),
        alert.acknowledged_by,
        alert.facts,
        _letter_of(alert),
    )


def _letter_of(alert: Alert) -> str | None:
    if alert.mailed_at is not None:
        return "sent"
    if alert.mail_due_at is not None:
        return "due"
    return "failed" if alert.mail_error is not None else None
