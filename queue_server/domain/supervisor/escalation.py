"""When an alert that nobody has seen is passed on, and when nobody is to be woken by one."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from queue_server.domain.office.rules import AlertRules, Rules

from .alerts import MAILED_KINDS, AlertKind

LOUD_KINDS = frozenset({AlertKind.OVER_LIMIT, AlertKind.EVACUATED})
"""Danger to people: told at any hour."""

ESCALATED_KINDS = MAILED_KINDS | {
    AlertKind.LONG_WAIT,
    AlertKind.NOBODY_CALLED,
    AlertKind.HELP_UNANSWERED,
}
"""Alerts that somebody else is told of when the office does not see to them: people in danger,
people whom nobody serves, and a door without numbers.
"""

ESCALATED_AGAIN_AFTER = timedelta(minutes=30)
"""A threshold that is passed again and again is one trouble, and not a letter each time."""


def escalate_at(
    kind: AlertKind, rules: Rules, last: datetime | None, zone: tzinfo, now: datetime
) -> datetime | None:
    """When an alert raised now is passed on, unless somebody has seen it or it is over by then;
    None: never. `last`: when the last one of its kind and subject was raised that was, or is to
    be, passed on.
    """
    minutes = rules.alerts.escalate_minutes
    if minutes is None or kind not in ESCALATED_KINDS:
        return None
    if last is not None and now - last < ESCALATED_AGAIN_AFTER:
        return None
    return loud_from(kind, rules.alerts, zone, now + timedelta(minutes=minutes))


def loud_from(kind: AlertKind, rules: AlertRules, zone: tzinfo, at: datetime) -> datetime:
    """The first moment from `at` on, aware, at which somebody may be told of an alert: when the
    quiet hours are over, at once for danger to people.

    Quiet hours may go past midnight. They begin and end by the clock of the office's `zone`.
    """
    first, end = rules.quiet_from_hour, rules.quiet_until_hour
    if kind in LOUD_KINDS or first is None or end is None or first == end:
        return at
    local = at.astimezone(zone)
    is_quiet = first <= local.hour < end if first < end else local.hour >= first or local.hour < end
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1 if first > end and local.hour >= first else 0)
    return datetime.combine(day, time(end), zone).astimezone(at.tzinfo)


def quiet_until(rules: AlertRules, zone: tzinfo, now: datetime) -> datetime | None:
    """When the quiet hours are over that are now; None: there are none."""
    ends = loud_from(AlertKind.LONG_WAIT, rules, zone, now)
    return ends if ends > now else None


def mask_mailbox(address: str) -> str:
    """An e-mail address of which the domain and the first letter are left, by which those know it
    who have set it.

    >>> mask_mailbox("piket@provinsi.example")
    'p…@provinsi.example'
    """
    box, at, domain = address.rpartition("@")
    return f"{box[:1]}…{at}{domain}"
