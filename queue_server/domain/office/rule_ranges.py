"""Which published rules an office may set for itself, how far each may go, and which of them must
fit together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise

from queue_server.domain.errors import BadInput

from .rules import CallPolicy, Rules, read_rules

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
    "slot_minutes": Range(5, 240),
    "horizon_days": Range(1, 90),
    "utilisation": Range(0.1, 1),
    "hold_minutes": Range(1, 60),
    "hold_extensions_max": Range(0, 5),
    "party_max": Range(1, 50),
    "kiosk_party_max": Range(1, 50),
    "kiosk_pace_seconds": Range(1, 120, optional=True),
    "kiosk_burst": Range(1, 100),
    "reschedules_max": Range(0, 20),
    "bookings_per_service": Range(1, 20),
    "bookings_per_office": Range(1, 50),
    "bookings_per_phone": Range(1, 50),
    "bookings_per_day": Range(1, 20, optional=True),
    "no_shows_max": Range(1, 20),
    "no_show_days": Range(1, 365),
    "no_show_horizon_days": Range(1, 90),
    "kept_minutes_min": Range(0, 120),
    "kept_minutes_max": Range(0, 120),
    "waitlist_offer_minutes": Range(5, 1440),
    "waitlist_offer_open_minutes": Range(5, 1440),
    "waitlist_offers_max": Range(1, 20),
    "waitlist_per_contact": Range(1, 50),
    "check_in_early_minutes": Range(0, 240),
    "grace_minutes": Range(0, 120),
    "late_minutes": Range(0, 240),
    "walk_in_ahead_minutes": Range(0, 1440, optional=True),
    "walk_in_offset_minutes": Range(0, 240),
    "priority_credit_minutes": Range(0, 240),
    "pass_over_minutes": Range(0, 240),
    "call_ratio": Range(1, 20),
    "calls_max": Range(1, 10),
    "missed_after_seconds": Range(0, 1800),
    "return_minutes": Range(0, 480),
    "undo_minutes": Range(1, 60),
    "target_minutes": Range(5, 480),
    "alert_oldest_minutes": Range(1, 480),
    "alert_outside_parties": Range(0, 500),
    "alert_uncalled_minutes": Range(1, 240),
    "alert_device_minutes": Range(1, 240),
    "alert_numbers_per_minute": Range(1, 500),
    "personal_data_days": Range(1, 90),
}
"""Every rule that is a number. All are whole but `utilisation`, a fraction of 1."""

RECALL_SECONDS = Range(0, 1800)
SWITCHES = frozenset({"walk_ins_beyond_places", "resume_keeps_turn"})
EDITABLE = frozenset(
    {*RANGES, *SWITCHES, "call_policy", "recall_seconds", "urgent_letter", "alert_email"}
)
"""What `RulesChange` may name. Shares and their release belong to `LimitChange`; invented people
are for demonstrations only.
"""

STAFF_ONLY = frozenset(
    {
        "undo_minutes",
        "alert_oldest_minutes",
        "alert_outside_parties",
        "alert_uncalled_minutes",
        "alert_device_minutes",
        "alert_email",
        "synthetic_niks",
        "alert_numbers_per_minute",
        "kiosk_pace_seconds",
        "kiosk_burst",
    }
)
"""Rules that only say how the staff work. All others are published."""

PRIVATE = frozenset({"alert_email"})
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
    elif name == "call_policy":
        fits = isinstance(value, str) and value in CallPolicy.__members__
    elif name == "urgent_letter":
        fits = value is None or isinstance(value, str)
    elif name == "alert_email":
        fits = value is None or (isinstance(value, str) and _ADDRESS.fullmatch(value) is not None)
    elif name == "recall_seconds":
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
        value, (int, float) if name == "utilisation" else int
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
    return faults or _find_clashes(_with_values(rules, values))


def _with_values(rules: Rules, values: Mapping[str, RuleValue]) -> Rules:
    return read_rules({**asdict(rules), **values})


def _find_clashes(rules: Rules) -> list[BadInput]:
    clashes = []

    def demand(fits: bool, field: str, reason: str, other: str) -> None:
        if not fits:
            clashes.append(BadInput(field=field, reason=reason, other=other))

    calls = rules.recall_seconds
    demand(
        calls[:1] == (0,) and all(first < second for first, second in pairwise(calls)),
        "recall_seconds",
        "order",
        "calls_max",
    )
    demand(len(calls) == rules.calls_max, "recall_seconds", "count", "calls_max")
    demand(
        rules.kept_minutes_min <= rules.kept_minutes_max,
        "kept_minutes_max",
        "less",
        "kept_minutes_min",
    )
    demand(
        rules.bookings_per_service <= rules.bookings_per_office,
        "bookings_per_office",
        "less",
        "bookings_per_service",
    )
    demand(
        rules.bookings_per_office <= rules.bookings_per_phone,
        "bookings_per_phone",
        "less",
        "bookings_per_office",
    )
    if rules.bookings_per_day is not None:
        demand(
            rules.bookings_per_day <= rules.bookings_per_office,
            "bookings_per_day",
            "more",
            "bookings_per_office",
        )
    demand(
        rules.no_show_horizon_days <= rules.horizon_days,
        "no_show_horizon_days",
        "more",
        "horizon_days",
    )
    return clashes


def set_rules(rules: Rules, values: Mapping[str, RuleValue]) -> Rules:
    """The rules with new values for those that are named. Raises `BadInput` with the first `field`
    that cannot be, and the `reason`.
    """
    for fault in find_faults(rules, values):
        raise fault
    return _with_values(rules, values)
