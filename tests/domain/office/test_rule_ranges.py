"""The rules an office may set for itself: each within its range, together sensible, and readable
again from what is stored.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import RulesChange, change_office
from queue_server.domain.office.rule_ranges import (
    ADDRESSES,
    EDITABLE,
    RANGES,
    RECALL_SECONDS,
    STAFF_ONLY,
    SWITCHES,
    find_faults,
)
from queue_server.domain.office.rules import (
    RULE_NAMES,
    CallPolicy,
    Rules,
    read_rules,
    value_of,
    write_rules,
)
from tests.domain.examples import office

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LIMIT_PAGE = {"booking.online_share", "booking.urgent_share", "booking.release_minutes"}


def test_every_rule_is_set_on_one_page_and_no_demonstration_is_turned_on_there() -> None:
    names = set(RULE_NAMES)
    assert set(EDITABLE) == names - LIMIT_PAGE - {"booking.synthetic_niks"}
    assert names >= STAFF_ONLY
    assert find_faults(Rules(), {name: value_of(Rules(), name) for name in EDITABLE}) == [], (
        "the usual rules are such as may be set"
    )


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"calling.grace_minutes": -1}, "calling.grace_minutes", "range"),
        ({"calling.grace_minutes": 121}, "calling.grace_minutes", "range"),
        ({"booking.slot_minutes": 0}, "booking.slot_minutes", "range"),
        ({"calling.grace_minutes": 10.0}, "calling.grace_minutes", "type"),
        ({"calling.grace_minutes": True}, "calling.grace_minutes", "type"),
        ({"calling.grace_minutes": None}, "calling.grace_minutes", "type"),
        ({"booking.utilisation": 0.0}, "booking.utilisation", "range"),
        ({"booking.utilisation": float("nan")}, "booking.utilisation", "range"),
        ({"booking.utilisation": "0.5"}, "booking.utilisation", "type"),
        ({"calling.policy": "LOTTERY"}, "calling.policy", "type"),
        ({"calling.resume_keeps_turn": 1}, "calling.resume_keeps_turn", "type"),
        ({"calling.recall_seconds": (0, 60)}, "calling.recall_seconds", "count"),
        ({"calling.calls_max": 2}, "calling.recall_seconds", "count"),
        ({"calling.recall_seconds": (0, 60, 60)}, "calling.recall_seconds", "order"),
        ({"calling.recall_seconds": (5, 60, 120)}, "calling.recall_seconds", "order"),
        ({"calling.recall_seconds": (0, 60, 1801)}, "calling.recall_seconds", "range"),
        ({"calling.recall_seconds": (0, 60.5, 120)}, "calling.recall_seconds", "type"),
        ({"booking.held_back_minutes_min": 11}, "booking.held_back_minutes_max", "less"),
        ({"booking.per_service_max": 3}, "booking.per_office_max", "less"),
        ({"booking.people_per_phone_max": 1}, "booking.people_per_phone_max", "less"),
        ({"booking.per_day_max": 3}, "booking.per_day_max", "more"),
        (
            {"booking.horizon_days": 2, "booking.no_show_horizon_days": 3},
            "booking.no_show_horizon_days",
            "more",
        ),
        ({"booking.urgent_letter": "Q"}, "booking.urgent_letter", "unknown"),
        ({"booking.urgent_letter": 7}, "booking.urgent_letter", "type"),
        ({"alerts.email": "a@b.id\n"}, "alerts.email", "type"),
        ({"alerts.email": "kantor"}, "alerts.email", "type"),
        ({"alerts.email": "a@b.id, c@d.id"}, "alerts.email", "type"),
        ({"booking.online_share": 0.5}, "booking.online_share", "unknown"),
        ({"booking.synthetic_niks": True}, "booking.synthetic_niks", "unknown"),
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
        Rules(),
        {
            "calling.grace_minutes": -1,
            "booking.party_max": 0,
            "calling.late_minutes": 5,
            "booking.held_back_minutes_max": 0,
        },
    )
    assert [(each.facts["field"], each.facts["low"]) for each in faults] == [
        ("calling.grace_minutes", 0),
        ("booking.party_max", 1),
    ]
    clashes = find_faults(Rules(), {"booking.held_back_minutes_max": 0, "calling.calls_max": 4})
    assert {each.facts["field"] for each in clashes} == {
        "booking.held_back_minutes_max",
        "calling.recall_seconds",
    }


def test_a_limit_may_be_left_unused_and_urgent_cases_need_a_queue_of_ours() -> None:
    place = office()
    changed = change_office(
        place,
        RulesChange(
            {
                "booking.per_day_max": 1,
                "door.walk_in_ahead_minutes": None,
                "booking.urgent_letter": None,
            }
        ),
        NOW,
    )
    assert (changed.rules.booking.per_day_max, changed.rules.door.walk_in_ahead_minutes) == (
        1,
        None,
    )
    letter = place.streams[0].letter
    assert (
        change_office(
            place, RulesChange({"booking.urgent_letter": letter}), NOW
        ).rules.booking.urgent_letter
        == letter
    )


def near(name: str) -> st.SearchStrategy[Any]:
    """Values of one rule, most of them good, some just outside."""
    if name == "booking.utilisation":
        return st.floats(0, 1.05)
    if name in SWITCHES:
        return st.booleans()
    if name == "calling.policy":
        return st.sampled_from([*map(str, CallPolicy), "LOTTERY"])
    if name == "booking.urgent_letter":
        return st.sampled_from([None, "A", "Q"])
    if name in ADDRESSES:
        return st.sampled_from([None, "a@kantor.go.id", "a@kantor.go.id\nBcc: b@x.id", "kantor"])
    if name == "calling.recall_seconds":
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
    assert read_rules(json.loads(json.dumps(write_rules(after.rules)))) == after.rules
    assert {name: value_of(after.rules, name) for name in values} == values
    assert replace(after, rules=place.rules) == place, "nothing but the rules has changed"
    untouched = set(RULE_NAMES) - set(values)
    assert all(value_of(after.rules, name) == value_of(place.rules, name) for name in untouched)
