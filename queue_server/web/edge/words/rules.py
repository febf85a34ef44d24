"""What an office's published rules are called, in which groups managers set them, and how a value
of each is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from queue_server.domain.office.rules import CallPolicy, Rules, values_of
from queue_server.web.edge.locale import gettext

from .units import days_words, minutes_words, percent_words, seconds_words

_ = gettext


@dataclass(frozen=True)
class RuleWords:
    """One rule as managers read it. `unit` stands behind the field."""

    name: str
    label: str
    hint: str = ""
    unit: str = ""


@dataclass(frozen=True)
class RuleGroup:
    """Rules that are set together, under a heading. `id` is the heading's in the page."""

    id: str
    title: str
    rules: Sequence[RuleWords]


POLICY_WAITS: Mapping[CallPolicy, tuple[float, float, float]] = {
    CallPolicy.TURN_TIME: (4.5, 9.3, 11.2),
    CallPolicy.FIFO: (9.4, 7.7, 13.4),
    CallPolicy.RATIO: (5.5, 5.0, 22.7),
    CallPolicy.STRICT: (1.1, 9.9, 12.1),
}
"""Mean minutes that visitors with priority, booked ones and walk-ins wait in the simulation of
docs/call-order.md.
"""


def policy_words() -> dict[CallPolicy, tuple[str, str]]:
    """The name of each call policy, and what it does."""
    return {
        CallPolicy.TURN_TIME: (
            _("Turn time"),
            _(
                "By booked time for those who come on time, by arrival for everybody else; "
                "visitors with priority count as earlier."
            ),
        ),
        CallPolicy.FIFO: (
            _("First come, first served"),
            _("By arrival alone. Bookings and priority count for nothing."),
        ),
        CallPolicy.RATIO: (
            _("In a ratio"),
            _(
                "So many visitors with priority or a booking kept on time, then one other, in each "
                "queue. It can look unfair from the"
                " waiting room."
            ),
        ),
        CallPolicy.STRICT: (
            _("Priority first"),
            _("All visitors with priority before all others, who may have to wait long."),
        ),
    }


def policy_costs(policy: CallPolicy) -> str:
    """What a policy cost whom in the simulation."""
    priority, booked, walk_in = (int(each + 0.5) for each in POLICY_WAITS[policy])
    return _(
        "Mean wait on simulated days: priority %(priority)s, booked %(booked)s, without a booking "
        "%(walk_in)s minutes.",
        priority=priority,
        booked=booked,
        walk_in=walk_in,
    )


def rule_groups() -> list[RuleGroup]:
    """Every rule that the managers' page sets, in the order of the page."""
    minutes, days, seconds = _("minutes"), _("days"), _("seconds")
    empty_no_limit = _("Empty: only the other limits count.")
    return [
        RuleGroup(
            "times",
            _("Times that can be booked"),
            (
                RuleWords(
                    "booking.slot_minutes",
                    _("Length of a time"),
                    _("Bookings at times that then no longer begin lose theirs."),
                    minutes,
                ),
                RuleWords(
                    "booking.horizon_days",
                    _("Booking opens ahead"),
                    _("Each time opens so long before it begins, at any hour."),
                    days,
                ),
                RuleWords(
                    "booking.utilisation",
                    _("Counter time planned with visits"),
                    _("The rest takes up what lasts longer."),
                    _("percent"),
                ),
                RuleWords(
                    "booking.hold_minutes",
                    _("A chosen time is kept"),
                    _("While the visitor fills in the form."),
                    minutes,
                ),
                RuleWords(
                    "booking.hold_extensions_max",
                    _("Keeping it longer"),
                    _("How often the visitor may ask for as long again."),
                    _("times"),
                ),
                RuleWords(
                    "booking.reschedules_max",
                    _("Moving a booking"),
                    _("How often its holder may choose another time."),
                    _("times"),
                ),
                RuleWords(
                    "booking.party_max",
                    _("Largest party"),
                    _("Visitor and companions of one booking or number."),
                    _("people"),
                ),
                RuleWords("booking.urgent_letter", _("Queue of urgent cases")),
            ),
        ),
        RuleGroup(
            "limits",
            _("Limits per person"),
            (
                RuleWords(
                    "booking.per_service_max",
                    _("Bookings for one service"),
                    _("That one person may hold at the same time."),
                    "",
                ),
                RuleWords(
                    "booking.per_office_max",
                    _("Bookings at this office"),
                    _("That one person may hold at the same time."),
                    "",
                ),
                RuleWords("booking.per_day_max", _("Visits on one day"), empty_no_limit, ""),
                RuleWords(
                    "booking.people_per_phone_max",
                    _("People booked with one mobile number"),
                    _("A single party may be larger, so that families can book."),
                    _("people"),
                ),
                RuleWords(
                    "booking.no_shows_max",
                    _("Missed visits until limited"),
                    _("From so many on, only near times can be booked."),
                    "",
                ),
                RuleWords("booking.no_show_days", _("Missed visits are counted for"), "", days),
                RuleWords(
                    "booking.no_show_horizon_days",
                    _("Then bookable ahead"),
                    _("Coming without a booking is always allowed."),
                    days,
                ),
            ),
        ),
        RuleGroup(
            "given-up",
            _("Places that are given up"),
            (
                RuleWords(
                    "booking.held_back_minutes_min",
                    _("Public again after, at least"),
                    _(
                        "The waiting list is asked first. The moment in between is drawn by lot, "
                        "so that no program can wait for it."
                    ),
                    minutes,
                ),
                RuleWords(
                    "booking.held_back_minutes_max", _("Public again after, at most"), "", minutes
                ),
            ),
        ),
        RuleGroup(
            "waitlist",
            _("Waiting list"),
            (
                RuleWords(
                    "waitlist.offer_open_minutes",
                    _("An offered place is kept while the office is open"),
                    _("So that the next one on the waiting list is asked soon."),
                    minutes,
                ),
                RuleWords(
                    "waitlist.entries_per_contact_max",
                    _("Entries on the waiting list per e-mail address or phone"),
                    _("For families. More of them would leave less for others."),
                    "",
                ),
                RuleWords(
                    "waitlist.offer_minutes",
                    _("An offered place is kept"),
                    _("For whoever is next on the waiting list."),
                    minutes,
                ),
                RuleWords(
                    "waitlist.offers_max",
                    _("Offers until waiting ends"),
                    _("So many may pass unanswered."),
                    "",
                ),
            ),
        ),
        RuleGroup(
            "door",
            _("At the door"),
            (
                RuleWords(
                    "door.check_in_early_minutes", _("Check-in opens before the time"), "", minutes
                ),
                RuleWords(
                    "door.kiosk_party_max",
                    _("Largest party at the kiosk"),
                    _("Larger ones get their number from the staff."),
                    _("people"),
                ),
                RuleWords(
                    "door.kiosk_pace_seconds",
                    _("A kiosk gives one number every"),
                    _(
                        "For good; several at once are given all the same. Empty: as fast as it "
                        "can."
                    ),
                    seconds,
                ),
                RuleWords(
                    "door.kiosk_burst_numbers",
                    _("Numbers that a kiosk gives at once"),
                    _("Then it asks for a short pause."),
                    "",
                ),
                RuleWords(
                    "door.walk_in_ahead_minutes",
                    _("Places at the door, ahead"),
                    _(
                        "So that the first hour's crowd does not take the afternoon's. Empty: the "
                        "whole day."
                    ),
                    minutes,
                ),
                RuleWords(
                    "door.walk_ins_beyond_places",
                    _("Give numbers at the door even when no place is left"),
                ),
                RuleWords(
                    "door.pass_over_minutes",
                    _("A party that does not fit may be passed over for"),
                    _("After that nobody outside goes before it."),
                    minutes,
                ),
            ),
        ),
        RuleGroup(
            "order",
            _("Who is called next"),
            (
                RuleWords("calling.policy", _("Call order")),
                RuleWords(
                    "calling.grace_minutes",
                    _("Grace after the booked time"),
                    _("Who checks in by then keeps the booked time."),
                    minutes,
                ),
                RuleWords(
                    "calling.late_minutes",
                    _("Forgiven to those who come later"),
                    _("So much of the delay after the grace."),
                    minutes,
                ),
                RuleWords(
                    "calling.priority_credit_minutes",
                    _("Credit for priority"),
                    _("Elderly, disabled, pregnant and their companions count as so much earlier."),
                    minutes,
                ),
                RuleWords(
                    "calling.walk_in_offset_minutes",
                    _("Without a booking, counted later by"),
                    _("Protects those who booked."),
                    minutes,
                ),
                RuleWords(
                    "calling.ratio",
                    _("Favoured visitors for each other one"),
                    _("Counts for the order “In a ratio” alone."),
                    "",
                ),
            ),
        ),
        RuleGroup(
            "calls",
            _("Calls, missed calls and undo"),
            (
                RuleWords(
                    "calling.calls_max", _("Calls"), _("How often a visitor is called."), _("times")
                ),
                RuleWords(
                    "calling.recall_seconds",
                    _("When each call may be made"),
                    _("Counted from the first, for example 0, 60, 120."),
                    seconds,
                ),
                RuleWords(
                    "calling.missed_after_seconds",
                    _("Missed after the last call"),
                    _("Then the clerk is asked if nobody came."),
                    seconds,
                ),
                RuleWords(
                    "calling.return_minutes", _("Missed visitors may come back within"), "", minutes
                ),
                RuleWords("calling.resume_keeps_turn", _("Visitors put on hold keep their turn")),
                RuleWords(
                    "calling.undo_minutes",
                    _("Clerks can take back their last actions for"),
                    "",
                    minutes,
                ),
            ),
        ),
        RuleGroup(
            "alerts",
            _("Targets and alerts"),
            (
                RuleWords(
                    "alerts.target_minutes",
                    _("Target wait"),
                    _("From then on the console says “Late”, from 70 percent of it on “Watch”."),
                    minutes,
                ),
                RuleWords("alerts.longest_wait_minutes", _("Alert: longest wait"), "", minutes),
                RuleWords(
                    "alerts.outside_parties",
                    _("Alert: more parties outside a full room than"),
                    "",
                    _("parties"),
                ),
                RuleWords(
                    "alerts.uncalled_minutes",
                    _("Alert: nobody called though people wait"),
                    "",
                    minutes,
                ),
                RuleWords(
                    "alerts.silent_device_minutes", _("Alert: a device is not heard"), "", minutes
                ),
                RuleWords(
                    "alerts.email",
                    _("E-mail for alerts"),
                    _(
                        "Told at once when more people are inside than the limit allows. An "
                        "address of the office; leave empty for none."
                    ),
                ),
                RuleWords(
                    "alerts.kiosk_numbers_per_minute",
                    _("Alert: numbers a minute, of each kiosk, more than"),
                    "",
                    "",
                ),
            ),
        ),
        RuleGroup(
            "data",
            _("Visitors' data"),
            (
                RuleWords(
                    "privacy.personal_data_days",
                    _("Names and contacts are kept after a visit"),
                    _("Then they are erased for good."),
                    days,
                ),
            ),
        ),
    ]


def rule_labels() -> dict[str, str]:
    """What every rule is called that a manager can set, on whichever page."""
    return {each.name: each.label for group in rule_groups() for each in group.rules} | {
        "booking.online_share": _("Places booked ahead"),
        "booking.urgent_share": _("Places for urgent cases"),
        "booking.release_minutes": _("Unused shares open to everybody before the time"),
    }


_SHARES = {"booking.utilisation", "booking.online_share", "booking.urgent_share"}


def value_words(name: str, value: Any) -> str:
    """A rule's value as people say it: with its unit, and words for what is no number."""
    if value is None:
        unset = {
            "door.walk_in_ahead_minutes": _("the whole day"),
            "booking.urgent_letter": _("the service's own"),
            "alerts.email": _("none"),
        }
        return unset.get(name, _("no limit"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "calling.policy":
        return policy_words()[CallPolicy(value)][0]
    if name == "calling.recall_seconds":
        return ", ".join(str(each) for each in value)
    if name in _SHARES:
        return f"{percent_words(value)} %"
    for unit, words in (
        ("minutes", minutes_words),
        ("days", days_words),
        ("seconds", seconds_words),
    ):
        if unit in re.split(r"[._]", name):
            return words(value)
    return str(value)


def list_changed(before: Rules, after: Rules) -> list[tuple[str, str, str]]:
    """What would be another rule: its label, the old and the new value, in the order of the
    pages.
    """
    old, new = dict(values_of(before)), dict(values_of(after))
    return [
        (label, value_words(name, old[name]), value_words(name, new[name]))
        for name, label in rule_labels().items()
        if old[name] != new[name]
    ]


def changes_words(changed: Mapping[str, Sequence[Any]]) -> str:
    """What the log says was changed, rule by rule."""
    labels = rule_labels()
    return "; ".join(
        f"{labels.get(name, name)}: {value_words(name, before)} → {value_words(name, after)}"
        for name, (before, after) in changed.items()
    )
