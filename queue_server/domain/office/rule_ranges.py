"""Which published rules an office may set for itself, how far each may go, and which of them must
fit together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

from queue_server.domain.errors import BadInput

from .rules import RULE_NAMES, CallPolicy, Rules, with_values

RuleValue = int | float | bool | str | tuple[int, ...] | None


@dataclass(frozen=True)
class Range:
    """The least and the most a rule may be. `optional`: None is a value too, and means that the
    rule is not used.
    """

    low: float
    high: float
    optional: bool = False


RANGES: Mapping[str, Range] = {
    "booking.slot_minutes": Range(5, 240),
    "booking.horizon_days": Range(1, 90),
    "booking.utilisation": Range(0.1, 1),
    "booking.hold_minutes": Range(1, 60),
    "booking.hold_extensions_max": Range(0, 5),
    "booking.party_max": Range(1, 50),
    "door.kiosk_party_max": Range(1, 50),
    "door.kiosk_pace_seconds": Range(1, 120, optional=True),
    "door.kiosk_burst_numbers": Range(1, 100),
    "booking.reschedules_max": Range(0, 20),
    "booking.per_service_max": Range(1, 20),
    "booking.per_office_max": Range(1, 50),
    "booking.people_per_phone_max": Range(1, 50),
    "booking.per_day_max": Range(1, 20, optional=True),
    "booking.no_shows_max": Range(1, 20),
    "booking.no_show_days": Range(1, 365),
    "booking.no_show_horizon_days": Range(1, 90),
    "booking.held_back_minutes_min": Range(0, 120),
    "booking.held_back_minutes_max": Range(0, 120),
    "waitlist.offer_minutes": Range(5, 1440),
    "waitlist.offer_open_minutes": Range(5, 1440),
    "waitlist.offers_max": Range(1, 20),
    "waitlist.entries_per_contact_max": Range(1, 50),
    "door.check_in_early_minutes": Range(0, 240),
    "door.delay_minutes_max": Range(0, 240),
    "calling.grace_minutes": Range(0, 120),
    "calling.late_minutes": Range(0, 240),
    "door.walk_in_ahead_minutes": Range(0, 1440, optional=True),
    "calling.walk_in_offset_minutes": Range(0, 240),
    "calling.priority_credit_minutes": Range(0, 240),
    "door.pass_over_minutes": Range(0, 240),
    "calling.ratio": Range(1, 20),
    "calling.calls_max": Range(1, 10),
    "calling.missed_after_seconds": Range(0, 1800),
    "calling.return_minutes": Range(0, 480),
    "calling.away_minutes": Range(0, 60),
    "calling.undo_minutes": Range(1, 60),
    "alerts.target_minutes": Range(5, 480),
    "alerts.longest_wait_minutes": Range(1, 480),
    "alerts.outside_parties": Range(0, 500),
    "alerts.uncalled_minutes": Range(1, 240),
    "alerts.silent_device_minutes": Range(1, 240),
    "alerts.kiosk_numbers_per_minute": Range(1, 500),
    "alerts.escalate_minutes": Range(1, 240, optional=True),
    "alerts.quiet_from_hour": Range(0, 23, optional=True),
    "alerts.quiet_until_hour": Range(0, 23, optional=True),
    "messages.reminder_hours": Range(1, 12),
    "messages.ahead_parties": Range(1, 20),
    "messages.phone_daily_max": Range(0, 100_000),
    "messages.urgent_reserve_percent": Range(0, 100),
    "privacy.personal_data_days": Range(1, 90),
    "privacy.message_days": Range(30, 365),
    "privacy.device_log_days": Range(7, 365),
    "privacy.backup_days": Range(1, 90),
}
"""Every rule that is a number. All are whole but `utilisation`, a fraction of 1."""

RECALL_SECONDS = Range(0, 1800)
ADDRESSES = frozenset({"alerts.email", "alerts.escalate_email"})
"""Rules that are an e-mail address or nothing."""

SWITCHES = frozenset({"door.walk_ins_beyond_places", "calling.resume_keeps_turn"})
EDITABLE = frozenset(
    {
        *RANGES,
        *SWITCHES,
        "calling.policy",
        "calling.recall_seconds",
        *ADDRESSES,
        "booking.urgent_letter",
    }
)
"""What `RulesChange` may name. Shares and their release belong to `LimitChange`; invented people
are for demonstrations only.
"""

TARGET = "alerts.target_minutes"
STAFF_ONLY = frozenset(
    {
        "calling.undo_minutes",
        "booking.synthetic_niks",
        "door.kiosk_pace_seconds",
        "door.kiosk_burst_numbers",
        "messages.phone_daily_max",
        "messages.urgent_reserve_percent",
        "privacy.device_log_days",
        *(name for name in RULE_NAMES if name.startswith("alerts.") and name != TARGET),
    }
)
"""Rules that only say how the staff work. All others are published."""

PRIVATE = ADDRESSES
"""Rules whose value may name a person: the log says that they were set, and not to what."""

PRIVATE_MARK = "***"

_ADDRESS = re.compile(r"[^@\s<>\",;:\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,250})\.[A-Za-z]{2,24}")


def admit_rule(name: str, value: object) -> None:
    """Refuse what one rule cannot be, whatever the others are. Raises `BadInput` (`unknown`,
    `type`, `range` with `low` and `high`).
    """
    if name not in EDITABLE:
        raise BadInput(field=name, reason="unknown")
    if name in SWITCHES:
        fits = isinstance(value, bool)
    elif name == "calling.policy":
        fits = isinstance(value, str) and value in CallPolicy.__members__
    elif name == "booking.urgent_letter":
        fits = value is None or isinstance(value, str)
    elif name in ADDRESSES:
        fits = value is None or (isinstance(value, str) and _ADDRESS.fullmatch(value) is not None)
    elif name == "calling.recall_seconds":
        fits = isinstance(value, tuple) and all(_is_whole(each) for each in value)
        if isinstance(value, tuple) and fits:
            _admit_range(name, value, RECALL_SECONDS)
    else:
        fits = _admit_number(name, value, RANGES[name])
    if not fits:
        raise BadInput(field=name, reason="type")


def _admit_number(name: str, value: object, within: Range) -> bool:
    if value is None:
        return within.optional
    if isinstance(value, bool) or not isinstance(
        value, (int, float) if name == "booking.utilisation" else int
    ):
        return False
    _admit_range(name, (value,), within)
    return True


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _admit_range(name: str, values: Collection[float], within: Range) -> None:
    if not all(within.low <= each <= within.high for each in values):
        raise BadInput(field=name, reason="range", low=within.low, high=within.high)


def told_value(name: str, value: object) -> object:
    """A rule's value as the log may keep it."""
    return PRIVATE_MARK if name in PRIVATE and value is not None else value


def find_faults(rules: Rules, values: Mapping[str, RuleValue]) -> list[BadInput]:
    """Why rules cannot have these values: a refusal for each field that cannot be, or else for
    those that do not fit together.

    Facts of the latter: `other`, the field it must fit, and `reason`: `less`, `more` than that,
    `count` or `order`.
    """
    faults = []
    for name, value in values.items():
        try:
            admit_rule(name, value)
        except BadInput as refused:
            faults.append(refused)
    return faults or _find_clashes(with_values(rules, _read_policy(values)))


def _read_policy(values: Mapping[str, RuleValue]) -> Mapping[str, RuleValue]:
    """The values with the call policy as what it is, and not its name."""
    policy = values.get("calling.policy")
    return values if policy is None else {**values, "calling.policy": CallPolicy(str(policy))}


def _find_clashes(rules: Rules) -> list[BadInput]:
    booking, calling = rules.booking, rules.calling
    clashes = []

    def demand(fits: bool, field: str, reason: str, other: str) -> None:
        if not fits:
            clashes.append(BadInput(field=field, reason=reason, other=other))

    calls = calling.recall_seconds
    demand(
        calls[:1] == (0,) and all(first < second for first, second in pairwise(calls)),
        "calling.recall_seconds",
        "order",
        "calling.calls_max",
    )
    demand(len(calls) == calling.calls_max, "calling.recall_seconds", "count", "calling.calls_max")
    demand(
        booking.held_back_minutes_min <= booking.held_back_minutes_max,
        "booking.held_back_minutes_max",
        "less",
        "booking.held_back_minutes_min",
    )
    demand(
        booking.per_service_max <= booking.per_office_max,
        "booking.per_office_max",
        "less",
        "booking.per_service_max",
    )
    demand(
        booking.per_office_max <= booking.people_per_phone_max,
        "booking.people_per_phone_max",
        "less",
        "booking.per_office_max",
    )
    demand(
        booking.per_day_max is None or booking.per_day_max <= booking.per_office_max,
        "booking.per_day_max",
        "more",
        "booking.per_office_max",
    )
    demand(
        booking.no_show_horizon_days <= booking.horizon_days,
        "booking.no_show_horizon_days",
        "more",
        "booking.horizon_days",
    )
    return clashes


def set_rules(rules: Rules, values: Mapping[str, RuleValue]) -> Rules:
    """The rules with new values for those that are named. Raises `BadInput` with the first `field`
    that cannot be, and the `reason`.
    """
    for fault in find_faults(rules, values):
        raise fault
    return with_values(rules, _read_policy(values))
