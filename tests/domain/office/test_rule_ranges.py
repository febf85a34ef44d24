"""The rules an office may set for itself: each within its range, together sensible, and readable
again from what is stored.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import RulesChange, change_office
from queue_server.domain.office.rule_ranges import (
    EDITABLE,
    RANGES,
    RECALL_SECONDS,
    STAFF_ONLY,
    SWITCHES,
    find_faults,
)
from queue_server.domain.office.rules import CallPolicy, Rules, read_rules
from tests.domain.examples import office

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LIMIT_PAGE = {"online_share", "urgent_share", "release_minutes"}


def test_every_rule_is_set_on_one_page_and_no_demonstration_is_turned_on_there() -> None:
    names = {each.name for each in fields(Rules)}
    assert set(EDITABLE) == names - LIMIT_PAGE - {"synthetic_niks"}
    assert names >= STAFF_ONLY
    assert find_faults(Rules(), {name: getattr(Rules(), name) for name in EDITABLE}) == [], (
        "the usual rules are such as may be set"
    )


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"grace_minutes": -1}, "grace_minutes", "range"),
        ({"grace_minutes": 121}, "grace_minutes", "range"),
        ({"slot_minutes": 0}, "slot_minutes", "range"),
        ({"grace_minutes": 10.0}, "grace_minutes", "type"),
        ({"grace_minutes": True}, "grace_minutes", "type"),
        ({"grace_minutes": None}, "grace_minutes", "type"),
        ({"utilisation": 0.0}, "utilisation", "range"),
        ({"utilisation": float("nan")}, "utilisation", "range"),
        ({"utilisation": "0.5"}, "utilisation", "type"),
        ({"call_policy": "LOTTERY"}, "call_policy", "type"),
        ({"resume_keeps_turn": 1}, "resume_keeps_turn", "type"),
        ({"recall_seconds": (0, 60)}, "recall_seconds", "count"),
        ({"calls_max": 2}, "recall_seconds", "count"),
        ({"recall_seconds": (0, 60, 60)}, "recall_seconds", "order"),
        ({"recall_seconds": (5, 60, 120)}, "recall_seconds", "order"),
        ({"recall_seconds": (0, 60, 1801)}, "recall_seconds", "range"),
        ({"recall_seconds": (0, 60.5, 120)}, "recall_seconds", "type"),
        ({"kept_minutes_min": 11}, "kept_minutes_max", "less"),
        ({"bookings_per_service": 3}, "bookings_per_office", "less"),
        ({"bookings_per_phone": 1}, "bookings_per_phone", "less"),
        ({"bookings_per_day": 3}, "bookings_per_day", "more"),
        ({"horizon_days": 2, "no_show_horizon_days": 3}, "no_show_horizon_days", "more"),
        ({"urgent_letter": "Q"}, "urgent_letter", "unknown"),
        ({"urgent_letter": 7}, "urgent_letter", "type"),
        ({"alert_email": "a@b.id\n"}, "alert_email", "type"),
        ({"alert_email": "kantor"}, "alert_email", "type"),
        ({"alert_email": "a@b.id, c@d.id"}, "alert_email", "type"),
        ({"online_share": 0.5}, "online_share", "unknown"),
        ({"synthetic_niks": True}, "synthetic_niks", "unknown"),
        ({"lottery": 1}, "lottery", "unknown"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_field(
    values: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(BadInput) as refused:
        change_office(office(), RulesChange(values), NOW)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)


def test_all_fields_that_cannot_be_are_named_at_once() -> None:
    faults = find_faults(
        Rules(), {"grace_minutes": -1, "party_max": 0, "late_minutes": 5, "kept_minutes_max": 0}
    )
    assert [(each.facts["field"], each.facts["low"]) for each in faults] == [
        ("grace_minutes", 0),
        ("party_max", 1),
    ]
    clashes = find_faults(Rules(), {"kept_minutes_max": 0, "calls_max": 4})
    assert {each.facts["field"] for each in clashes} == {"kept_minutes_max", "recall_seconds"}


def test_a_limit_may_be_left_unused_and_urgent_cases_need_a_queue_of_ours() -> None:
    place = office()
    changed = change_office(
        place,
        RulesChange({"bookings_per_day": 1, "walk_in_ahead_minutes": None, "urgent_letter": None}),
        NOW,
    )
    assert (changed.rules.bookings_per_day, changed.rules.walk_in_ahead_minutes) == (1, None)
    letter = place.streams[0].letter
    assert (
        change_office(place, RulesChange({"urgent_letter": letter}), NOW).rules.urgent_letter
        == letter
    )


def near(name: str) -> st.SearchStrategy[Any]:
    """Values of one rule, most of them good, some just outside."""
    if name == "utilisation":
        return st.floats(0, 1.05)
    if name in SWITCHES:
        return st.booleans()
    if name == "call_policy":
        return st.sampled_from([*map(str, CallPolicy), "LOTTERY"])
    if name == "urgent_letter":
        return st.sampled_from([None, "A", "Q"])
    if name == "alert_email":
        return st.sampled_from([None, "a@kantor.go.id", "a@kantor.go.id\nBcc: b@x.id", "kantor"])
    if name == "recall_seconds":
        return st.lists(st.integers(1, int(RECALL_SECONDS.high) + 9), max_size=4, unique=True).map(
            lambda found: (0, *sorted(found))
        )
    within = RANGES[name]
    number = st.integers(int(within.low) - (within.low > 0), int(within.high) + 1)
    return st.none() | number if within.optional else number


@given(st.fixed_dictionaries({}, optional={name: near(name) for name in sorted(EDITABLE)}))
def test_what_is_accepted_reads_back_from_storage_and_what_is_refused_changes_nothing(
    values: dict[str, Any],
) -> None:
    place = office()
    before = replace(place)
    try:
        after = change_office(place, RulesChange(values), NOW)
    except BadInput as refused:
        assert refused.facts["field"] in EDITABLE and place == before
        return
    assert read_rules(json.loads(json.dumps(asdict(after.rules)))) == after.rules
    assert {name: getattr(after.rules, name) for name in values} == values
    assert replace(after, rules=place.rules) == place, "nothing but the rules has changed"
    untouched = {each.name for each in fields(Rules)} - set(values)
    assert all(getattr(after.rules, name) == getattr(place.rules, name) for name in untouched)
