"""How long each kind of data about persons is kept, between which bounds, and for what reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from queue_server.domain.office.office import Office
from queue_server.domain.office.rule_ranges import RANGES, Range
from queue_server.domain.office.rules import Rules, value_of


class DataKind(StrEnum):
    """Data about persons that live and end together.

    SOURCES: keyed marks of the address and browser that took a place. CONTACTS: asked whether they
    are somebody's own. NO_SHOWS: fingerprints of missed visits. MESSAGES: which message went when,
    without its words and its address. ANSWERS: to repeated requests. DEVICE_LOGS: alerts about an
    office and its devices, with who of the staff has seen them. ERASED is what a person wanted to
    have erased, of whatever kind: it is counted alone.
    """

    VISITORS = "visitors"
    SOURCES = "sources"
    WAITLIST = "waitlist"
    CONTACTS = "contacts"
    DRAFTS = "drafts"
    NOTES = "notes"
    NO_SHOWS = "no_shows"
    MESSAGES = "messages"
    ANSWERS = "answers"
    SIGN_INS = "sign_ins"
    DEVICE_LOGS = "device_logs"
    WEBHOOKS = "webhooks"
    BACKUPS = "backups"
    ERASED = "erased"


class Basis(StrEnum):
    """Why data may be kept at all, in the terms of Law 27 of 2022 (UU PDP), article 20 (2).

    DUTY: a public task or legal obligation (letters c and e). SECURITY: a legitimate interest, to
    keep places fair and machines safe (letter f). CONSENT: the visitor asked for it (letter a).
    """

    DUTY = "duty"
    SECURITY = "security"
    CONSENT = "consent"


@dataclass(frozen=True)
class Retention:
    """How long a kind is kept: by a published `rule` in days, or for a `fixed` time; both None:
    as long as what it belongs to lasts. `everywhere`: one store for all offices.
    """

    kind: DataKind
    basis: Basis
    rule: str | None = None
    fixed: timedelta | None = None
    everywhere: bool = False

    @property
    def bounds(self) -> Range | None:
        """Between how many days an office may choose."""
        return None if self.rule is None else RANGES[self.rule]


_DAYS = "privacy.personal_data_days"

RETENTIONS: Mapping[DataKind, Retention] = {
    each.kind: each
    for each in (
        Retention(DataKind.VISITORS, Basis.DUTY, _DAYS),
        Retention(DataKind.SOURCES, Basis.SECURITY, _DAYS),
        Retention(DataKind.WAITLIST, Basis.CONSENT),
        Retention(DataKind.CONTACTS, Basis.CONSENT, fixed=timedelta(days=90), everywhere=True),
        Retention(DataKind.DRAFTS, Basis.CONSENT, fixed=timedelta(days=1), everywhere=True),
        Retention(DataKind.NOTES, Basis.DUTY, fixed=timedelta()),
        Retention(DataKind.NO_SHOWS, Basis.SECURITY, "booking.no_show_days"),
        Retention(DataKind.MESSAGES, Basis.DUTY, "privacy.message_days"),
        Retention(DataKind.ANSWERS, Basis.SECURITY, fixed=timedelta(days=2), everywhere=True),
        Retention(DataKind.SIGN_INS, Basis.SECURITY, fixed=timedelta(hours=10), everywhere=True),
        Retention(DataKind.DEVICE_LOGS, Basis.SECURITY, "privacy.device_log_days"),
        Retention(DataKind.WEBHOOKS, Basis.DUTY, fixed=timedelta(days=14), everywhere=True),
        Retention(DataKind.BACKUPS, Basis.SECURITY, "privacy.backup_days"),
    )
}
"""Every kind that time ends, in the order of the pages."""

PRIVACY_RULES = tuple(name for name in RANGES if name.startswith("privacy."))
"""The rules that the page on personal data sets."""


def days_kept(kind: DataKind, rules: Rules) -> int | None:
    """For how many days an office keeps a kind; None where no rule of it says so."""
    retention = RETENTIONS.get(kind)
    if retention is None or retention.rule is None:
        return None
    return int(value_of(rules, retention.rule))


def cite_rule(kind: DataKind, rules: Rules) -> str:
    """By which rule a kind is deleted, as the proof of a night keeps it."""
    if kind is DataKind.ERASED:
        return "on request"
    retention = RETENTIONS[kind]
    if retention.rule is not None:
        return f"{retention.rule}={days_kept(kind, rules)}"
    if retention.fixed is not None:
        return f"fixed={retention.fixed // timedelta(hours=1)}h"
    return "while it lasts"


def kept_since(kind: DataKind, rules: Rules, now: datetime) -> datetime:
    """The moment from which data of a kind may still be there."""
    days = days_kept(kind, rules)
    if days is not None:
        return now - timedelta(days=days)
    retention = RETENTIONS.get(kind)
    return now - ((retention and retention.fixed) or timedelta())


def known_from(office: Office, now: datetime) -> date:
    """The first day whose visitors an office may still know."""
    return office.date_at(now) - timedelta(days=office.rules.privacy.personal_data_days)
