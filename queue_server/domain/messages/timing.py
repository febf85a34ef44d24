"""When a message is sent, and from when on it is of no use: reminders, quiet hours, staleness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from .message import MUST_TELL, MessageChannel, MessageKind

QUIET_FROM, QUIET_UNTIL = time(21), time(6)
"""The night, on the office's clock: no telephone rings for what can wait."""

EVENING = time(20)
"""When a reminder comes that the night would bring too late: early enough to be read."""

LEAST_NOTICE = timedelta(hours=1)
"""A reminder that the end of the night brings later than this before the visit comes the evening
before.
"""

NEWS_AFTER = timedelta(hours=2)
"""Who has booked within this time before a reminder needs none."""

USEFUL_FOR: Mapping[MessageKind, timedelta] = {
    MessageKind.CALL: timedelta(minutes=5),
    MessageKind.COME_IN: timedelta(minutes=10),
    MessageKind.AHEAD: timedelta(minutes=15),
    MessageKind.LOST_CODE: timedelta(hours=1),
}
"""How long after what it tells of a message helps; others as long as they are true."""


NOT_AT_NIGHT = MUST_TELL | {MessageKind.OFFER, MessageKind.PROVE}
"""For what no telephone rings at night."""


@dataclass(frozen=True)
class Reminder:
    """A reminder that is to come: its name beside the visit's time, and its span of use."""

    name: str
    due_at: datetime
    stale_at: datetime


def is_quiet(moment: datetime, zone: tzinfo) -> bool:
    """Whether it is night at the office."""
    clock = moment.astimezone(zone).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def night_ends_at(moment: datetime, zone: tzinfo) -> datetime:
    """When the night is over that a moment lies in; the moment itself by day."""
    if not is_quiet(moment, zone):
        return moment
    local = moment.astimezone(zone)
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return datetime.combine(day, QUIET_UNTIL, zone).astimezone(moment.tzinfo)


def move_out_of_night(due_at: datetime, visit_at: datetime, zone: tzinfo) -> datetime:
    """When a reminder comes that is planned for the night: in the morning if that leaves
    LEAST_NOTICE before the visit, else the evening before.
    """
    morning = night_ends_at(due_at, zone)
    if morning == due_at or visit_at - morning >= LEAST_NOTICE:
        return morning
    local = due_at.astimezone(zone)
    day = local.date() if local.time() >= QUIET_FROM else local.date() - timedelta(days=1)
    return datetime.combine(day, EVENING, zone).astimezone(due_at.tzinfo)


def plan_reminders(
    visit_at: datetime, hours_before: int, zone: tzinfo, now: datetime
) -> tuple[Reminder, ...]:
    """The reminders of a visit that is booked now: a day before, and `hours_before`; those that
    would tell no news are left out. The first is of no use once the second is due.

    Invariant: due after `now`, stale before or at the visit, and never at night.
    """
    planned = {
        "day": move_out_of_night(visit_at - timedelta(days=1), visit_at, zone),
        "hours": move_out_of_night(visit_at - timedelta(hours=hours_before), visit_at, zone),
    }
    if planned["day"] >= planned["hours"]:
        del planned["day"]
    ends = {"day": planned["hours"], "hours": visit_at}
    return tuple(
        Reminder(name, due_at, ends[name])
        for name, due_at in planned.items()
        if due_at - now >= NEWS_AFTER
    )


def when_due(
    kind: MessageKind, channel: MessageChannel, now: datetime, zone: tzinfo
) -> datetime | None:
    """When a message that is owed now is sent; None: at once. What the office has done, an offer
    and a question that a stranger may have caused wait for the morning if they would ring at
    night; all else answers somebody who is awake.
    """
    if kind in NOT_AT_NIGHT and channel is MessageChannel.PHONE and is_quiet(now, zone):
        return night_ends_at(now, zone)
    return None


def when_stale(
    kind: MessageKind, happened_at: datetime, visit_at: datetime | None
) -> datetime | None:
    """From when on a message is of no use, by the time of what it tells."""
    if kind in USEFUL_FOR:
        return happened_at + USEFUL_FOR[kind]
    return visit_at if kind in (MessageKind.CONFIRMATION, MessageKind.CHANGED) else None
