"""The published rules of an office, in groups by subject, and how stored rules are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any


class CallPolicy(StrEnum):
    """How an office decides who is called next; see `call_order`. RATIO: favoured (priority or
    booked) visitors and others in turn.
    """

    TURN_TIME = "TURN_TIME"
    FIFO = "FIFO"
    RATIO = "RATIO"
    STRICT = "STRICT"


@dataclass(frozen=True)
class BookingRules:
    """Which times can be booked, by whom, and how the places of a slot are shared. Shares are
    fractions of 1; what they leave is for walk-ins.

    `utilisation` is the part of the counters' time that is planned with visits; the rest absorbs
    visits that last longer than planned. `people_per_phone_max` counts people, the other limits
    count live bookings of one person; `per_day_max` None: only the other limits count. A place
    that is given up is held back for a random time between the two `held_back_minutes` before it
    is public again. `urgent_letter`: the stream of urgent visits; None: the service's own.
    `synthetic_niks` lets invented people book, for a demonstration.
    """

    slot_minutes: int = 15
    horizon_days: int = 14
    hold_minutes: int = 10
    hold_extensions_max: int = 1
    online_share: float = 0.6
    urgent_share: float = 0.1
    release_minutes: int = 30
    utilisation: float = 0.85
    party_max: int = 6
    per_service_max: int = 1
    per_office_max: int = 2
    people_per_phone_max: int = 4
    per_day_max: int | None = None
    reschedules_max: int = 2
    no_shows_max: int = 2
    no_show_days: int = 30
    no_show_horizon_days: int = 1
    held_back_minutes_min: int = 1
    held_back_minutes_max: int = 10
    urgent_letter: str | None = None
    synthetic_niks: bool = False


@dataclass(frozen=True)
class WaitlistRules:
    """How long an offered place is kept for a waitlist entry, and how many of each there may be.

    `offer_open_minutes` counts while the office is open, `offer_minutes` at other times.
    """

    offer_minutes: int = 60
    offer_open_minutes: int = 15
    offers_max: int = 2
    entries_per_contact_max: int = 4


@dataclass(frozen=True)
class DoorRules:
    """Who gets a number at the door, when booked visitors may check in, by how much they may say to
    come later (0: not at all), and how long the first party outside may be passed over.

    `walk_in_ahead_minutes`: how far ahead walk-ins are given places, so that the first hour's
    crowd cannot take the afternoon's; None: the whole day. `walk_ins_beyond_places`: whether a
    number is still issued when no place is left within reach. `kiosk_pace_seconds`: the average
    interval between two parties at one kiosk, and `kiosk_burst_numbers` how many numbers it may
    issue faster than that; None: no bound. Parties above `kiosk_party_max` get their number from
    the staff.
    """

    check_in_early_minutes: int = 30
    delay_minutes_max: int = 60
    pass_over_minutes: int = 20
    walk_in_ahead_minutes: int | None = 30
    walk_ins_beyond_places: bool = True
    kiosk_party_max: int = 3
    kiosk_pace_seconds: int | None = 5
    kiosk_burst_numbers: int = 8


@dataclass(frozen=True)
class CallingRules:
    """Who is called next, how often, and what happens to those who do not come.

    `ratio`: favoured visitors for each other one under the policy RATIO. `late_minutes`: how much
    of a late booked visitor's delay after the grace is forgiven. `recall_seconds`: when the first,
    second, … call may be made, counted from the first; `missed_after_seconds`: how long after the
    last of them a visitor may be recorded as a no-show; `away_minutes`: for how long one who waits
    may step away, once, without being called (0: not at all).
    """

    policy: CallPolicy = CallPolicy.TURN_TIME
    ratio: int = 3
    grace_minutes: int = 10
    late_minutes: int = 0
    walk_in_offset_minutes: int = 0
    priority_credit_minutes: int = 15
    calls_max: int = 3
    recall_seconds: tuple[int, ...] = (0, 60, 120)
    missed_after_seconds: int = 60
    return_minutes: int = 60
    away_minutes: int = 15
    undo_minutes: int = 5
    resume_keeps_turn: bool = True


@dataclass(frozen=True)
class AlertRules:
    """The waiting time that the office aims at, and the thresholds above which the supervisor is
    told: how long the longest wait is, how many parties wait outside a full room, how long nobody
    is called though people wait, how long a device has been silent, how many numbers a minute each
    kiosk issues on average.

    `email`: who is told by mail of what cannot wait until somebody looks at the supervisor
    dashboard; None: nobody. An alert that nobody has seen for `escalate_minutes` is passed on to
    `escalate_email`; None: it is not. From `quiet_from_hour` until `quiet_until_hour` of the
    office's clock nobody is told of anything but danger to people; None: at any time.
    """

    target_minutes: int = 30
    longest_wait_minutes: int = 45
    outside_parties: int = 5
    uncalled_minutes: int = 10
    silent_device_minutes: int = 2
    kiosk_numbers_per_minute: int = 11
    email: str | None = None
    escalate_minutes: int | None = None
    escalate_email: str | None = None
    quiet_from_hour: int | None = None
    quiet_until_hour: int | None = None


@dataclass(frozen=True)
class MessageRules:
    """How visitors are told: the second reminder `reminder_hours` before the visit, and "N before
    you" when `ahead_parties` parties are left. Of `phone_daily_max` messages by telephone a day,
    `urgent_reserve_percent` are kept for calls and for what the office has done to a booking.
    """

    reminder_hours: int = 2
    ahead_parties: int = 3
    phone_daily_max: int = 300
    urgent_reserve_percent: int = 20


@dataclass(frozen=True)
class PrivacyRules:
    """`personal_data_days`: how long after the day of a visit the office still knows whose it
    was. `message_days`: how long is kept which message went when, without words and address.
    `device_log_days`: how long alerts are kept that are over. `backup_days`: how old a backup may
    become.
    """

    personal_data_days: int = 7
    message_days: int = 90
    device_log_days: int = 90
    backup_days: int = 30


@dataclass(frozen=True)
class Rules:
    """An office's published settings, a group for each subject. A rule's name is `group.field`."""

    booking: BookingRules = field(default_factory=BookingRules)
    waitlist: WaitlistRules = field(default_factory=WaitlistRules)
    door: DoorRules = field(default_factory=DoorRules)
    calling: CallingRules = field(default_factory=CallingRules)
    alerts: AlertRules = field(default_factory=AlertRules)
    messages: MessageRules = field(default_factory=MessageRules)
    privacy: PrivacyRules = field(default_factory=PrivacyRules)


GROUPS: Mapping[str, type[Any]] = {
    "booking": BookingRules,
    "waitlist": WaitlistRules,
    "door": DoorRules,
    "calling": CallingRules,
    "alerts": AlertRules,
    "messages": MessageRules,
    "privacy": PrivacyRules,
}
"""The type of each field of `Rules`."""

RULE_NAMES: tuple[str, ...] = tuple(
    f"{group}.{each.name}" for group, kind in GROUPS.items() for each in fields(kind)
)


def value_of(rules: Rules, name: str) -> Any:
    """The value of one rule, named `group.field`."""
    group, _, rule = name.partition(".")
    return getattr(getattr(rules, group), rule)


def values_of(rules: Rules) -> Iterator[tuple[str, Any]]:
    """Every rule's name and value."""
    return ((name, value_of(rules, name)) for name in RULE_NAMES)


def with_values(rules: Rules, values: Mapping[str, Any]) -> Rules:
    """The rules with other values for those that are named `group.field`. Judges no value; see
    `rule_ranges.set_rules`.
    """
    groups: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        group, _, rule = name.partition(".")
        groups.setdefault(group, {})[rule] = value
    return replace(
        rules, **{group: replace(getattr(rules, group), **own) for group, own in groups.items()}
    )


def read_rules(stored: Mapping[str, Mapping[str, Any]]) -> Rules:
    """Rules from their stored form, in which a policy is its name and a tuple a list."""
    values = {
        f"{group}.{rule}": value for group, own in stored.items() for rule, value in own.items()
    }
    if "calling.policy" in values:
        values["calling.policy"] = CallPolicy(values["calling.policy"])
    if "calling.recall_seconds" in values:
        values["calling.recall_seconds"] = tuple(values["calling.recall_seconds"])
    return with_values(Rules(), values)


def write_rules(rules: Rules) -> dict[str, dict[str, Any]]:
    """The stored form of rules: one object for each group."""
    return asdict(rules)
