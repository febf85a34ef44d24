"""The published rules of an office, and how stored rules are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
class Rules:
    """An office's published settings. Minutes, days and counts; shares are fractions of 1, and what
    they leave is for walk-ins.

    `call_ratio`: favoured visitors for each other one under the policy RATIO. `late_minutes`: how
    much of a late booked visitor's delay after the grace is forgiven. `recall_seconds`: when the
    first, second, … call may be made, counted from the first; `missed_after_seconds`: how long
    after the last of them a visitor may be taken as not come.

    `target_minutes`: within how long the office means to serve whoever waits. The `alert_…` are
    where the supervisor is told: how long the longest wait is, how many parties more than this wait
    outside a full room, how long nobody is called though people wait, how long a device is not
    heard, how many numbers a minute each kiosk gives on average. `alert_email`: who is told by mail
    of what cannot wait for a look at the wall; None: nobody.

    `kiosk_pace_seconds` is how fast parties may come to one kiosk for good, `kiosk_burst` how many
    numbers it gives faster than that; None for no bound. Parties above `kiosk_party_max` get their
    number from the staff.

    `utilisation` is the part of the counters' time that is planned with visits; the rest takes up
    what lasts longer than planned. `walk_in_ahead_minutes` is how far ahead visitors at the door
    are given places, so that the first hour's crowd cannot take the afternoon's; None for the whole
    day. `walk_ins_beyond_places`: whether a number is still given at the door when no place is left
    within reach. `bookings_per_day` None means that only the other limits count.
    `personal_data_days`: how long after the day of a visit the office still knows whose it was.
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
    walk_in_ahead_minutes: int | None = 30
    walk_ins_beyond_places: bool = True
    check_in_early_minutes: int = 30
    grace_minutes: int = 10
    priority_credit_minutes: int = 15
    walk_in_offset_minutes: int = 0
    late_minutes: int = 0
    call_policy: CallPolicy = CallPolicy.TURN_TIME
    call_ratio: int = 3
    calls_max: int = 3
    recall_seconds: tuple[int, ...] = (0, 60, 120)
    missed_after_seconds: int = 60
    return_minutes: int = 60
    undo_minutes: int = 5
    bookings_per_service: int = 1
    bookings_per_office: int = 2
    bookings_per_phone: int = 4
    bookings_per_day: int | None = None
    no_shows_max: int = 2
    no_show_days: int = 30
    no_show_horizon_days: int = 1
    kept_minutes_min: int = 1
    kept_minutes_max: int = 10
    waitlist_offer_minutes: int = 60
    waitlist_offer_open_minutes: int = 15
    waitlist_offers_max: int = 2
    waitlist_per_contact: int = 4
    party_max: int = 6
    kiosk_party_max: int = 3
    kiosk_pace_seconds: int | None = 5
    kiosk_burst: int = 8
    pass_over_minutes: int = 20
    reschedules_max: int = 2
    resume_keeps_turn: bool = True
    urgent_letter: str | None = None
    synthetic_niks: bool = False
    target_minutes: int = 30
    alert_oldest_minutes: int = 45
    alert_outside_parties: int = 5
    alert_uncalled_minutes: int = 10
    alert_device_minutes: int = 2
    alert_email: str | None = None
    alert_numbers_per_minute: int = 11
    personal_data_days: int = 7


def read_rules(values: Mapping[str, Any]) -> Rules:
    """Rules from their stored form, in which a policy is its name and a tuple a list."""
    known = dict(values)
    if "call_policy" in known:
        known["call_policy"] = CallPolicy(known["call_policy"])
    if "recall_seconds" in known:
        known["recall_seconds"] = tuple(known["recall_seconds"])
    return Rules(**known)
