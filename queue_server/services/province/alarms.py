"""The alarms on the province board: to whom each went, when it goes on, and who has seen it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.domain.supervisor.escalation import LOUD_KINDS, mask_mailbox, quiet_until
from queue_server.store.supervisor import alarms as alarm_store
from queue_server.store.supervisor.alarms import Alarm
from queue_server.store.supervisor.announcements import Alert

SHOWN_FOR = timedelta(hours=24)
"""How long an alarm that was passed on stands on the board after that, seen or over or not."""


class LetterState(StrEnum):
    """What became of the mail about an alarm. NO_ADDRESS: only programs were told."""

    DUE = "DUE"
    SENT = "SENT"
    FAILED = "FAILED"
    NO_ADDRESS = "NO_ADDRESS"
    NEEDLESS = "NEEDLESS"


@dataclass(frozen=True)
class Letter:
    """A mail about an alarm: its `state`, when it was sent, and the masked address."""

    state: LetterState
    at: datetime | None = None
    to: str | None = None


@dataclass(frozen=True)
class AlarmRow:
    """One alarm. `to_office` and `to_province` are the mails about it, None where there is none.

    It was passed on at `passed_at`; or is at `passes_at`, unless somebody has seen it by then.
    `is_held`: only because of the quiet hours it is not earlier.
    """

    office: Office
    alert: Alert
    seen_by: str | None
    to_office: Letter | None
    to_province: Letter | None
    passed_at: datetime | None
    passes_at: datetime | None
    is_held: bool

    @property
    def is_open(self) -> bool:
        """Whether it still holds, and nobody has seen it."""
        return self.alert.acknowledged_at is None and self.alert.ended_at is None


@dataclass(frozen=True)
class Quiet:
    """An office where nobody is told now of anything but danger to people, and until when."""

    office: Office
    until: datetime


def view_alarms(connection: Connection, offices: Iterable[Office], now: datetime) -> list[AlarmRow]:
    """The alarms of these offices: those that nobody has seen first, danger to people before
    others and older before newer; then the rest, the newest first.
    """
    by_code = {each.code: each for each in offices}
    days = [(each.code, each.date_at(now)) for each in by_code.values()]
    rows = [
        _view(by_code[each.alert.office], each)
        for each in alarm_store.list_alarms(connection, days, now - SHOWN_FOR)
    ]
    unseen = [each for each in rows if each.is_open]
    return [
        *sorted(unseen, key=lambda each: each.alert.kind not in LOUD_KINDS),
        *(each for each in reversed(rows) if not each.is_open),
    ]


def list_quiet(offices: Iterable[Office], now: datetime) -> Sequence[Quiet]:
    """The offices that have quiet hours now."""
    ends = [(each, quiet_until(each.rules.alerts, each.tz, now)) for each in offices]
    return [Quiet(office, until) for office, until in ends if until is not None]


def _view(office: Office, alarm: Alarm) -> AlarmRow:
    alert, passed, rules = alarm.alert, alarm.passed, office.rules.alerts
    passes_at = alert.escalate_at if alert.acknowledged_at is None else None
    earliest = alert.raised_at + timedelta(minutes=rules.escalate_minutes or 0)
    return AlarmRow(
        office,
        alert,
        alarm.seen_by,
        _letter(alert.mail_due_at, alert.mailed_at, alert.mailed_to, alert.mail_error, rules.email),
        None
        if passed is None
        else _letter(
            passed.mail_due_at,
            passed.mailed_at,
            passed.mailed_to,
            passed.mail_error,
            rules.escalate_email,
        )
        or Letter(_unsent(alert)),
        None if passed is None else passed.at,
        passes_at,
        passes_at is not None and passes_at > earliest,
    )


def _unsent(alert: Alert) -> LetterState:
    """Why nothing was sent, and nothing failed: whoever has seen it needs no letter."""
    is_over = alert.acknowledged_at is not None or alert.ended_at is not None
    return LetterState.NEEDLESS if is_over else LetterState.NO_ADDRESS


def _letter(
    due_at: datetime | None,
    sent_at: datetime | None,
    sent_to: str | None,
    error: str | None,
    address: str | None,
) -> Letter | None:
    if sent_at is not None:
        return Letter(LetterState.SENT, sent_at, sent_to)
    masked = None if address is None else mask_mailbox(address)
    if due_at is not None:
        return Letter(LetterState.DUE, None, masked)
    return None if error is None else Letter(LetterState.FAILED, None, masked)
