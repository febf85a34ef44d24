"""How long a smaller party may be called past the first one outside."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.counter.pass_over import keeps_door, passed_over_since, room_for_calls
from queue_server.domain.office.rules import CallingRules, CallPolicy, DoorRules, Rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.turn import turn_time
from tests.domain.examples import NINE, minutes

RULES = Rules(door=DoorRules(pass_over_minutes=20))


def party(size: int) -> Candidate:
    return Candidate(NINE, "t", "A", size, False)


@pytest.mark.parametrize(
    ("first", "inside", "now", "kept"),
    [
        (party(3), 4, NINE + minutes(19), False),
        (party(3), 4, NINE + minutes(20), True),
        (party(3), 2, NINE + minutes(60), False),
        (None, 4, NINE + minutes(60), False),
    ],
)
def test_the_first_party_keeps_the_door_after_its_time(
    first: Candidate | None, inside: int, now: datetime, kept: bool
) -> None:
    assert keeps_door(first, Occupancy(inside, 0, 5), RULES, now) is kept


def come(
    policy: CallPolicy,
    *,
    priority: bool,
    slot: float | None = None,
    at: float = 0,
    credit: int = 15,
) -> Candidate:
    """A party of three that comes `at` minutes after nine and stands outside."""
    rules = Rules(calling=CallingRules(policy=policy, priority_credit_minutes=credit))
    turn = turn_time(
        rules,
        slot=None if slot is None else NINE + minutes(slot),
        arrived_at=NINE + minutes(at),
        priority=priority,
    )
    return Candidate(
        turn.time,
        "t",
        "A",
        3,
        False,
        credit_minutes=turn.credit_minutes,
        came_at=NINE + minutes(at),
    )


@pytest.mark.parametrize("policy", CallPolicy)
def test_a_favoured_party_keeps_the_door_no_sooner_than_another(policy: CallPolicy) -> None:
    first, room = come(policy, priority=True), Occupancy(4, 0, 5)
    assert not keeps_door(first, room, RULES, NINE + minutes(19))
    assert keeps_door(first, room, RULES, NINE + minutes(20))


@given(
    st.booleans(),
    st.none() | st.floats(-120, 120),
    st.floats(0, 120),
    st.integers(0, 240),
    st.none() | st.floats(0, 240),
)
def test_patience_at_the_door_does_not_depend_on_any_credit(
    priority: bool, slot: float | None, at: float, credit: int, let_in: float | None
) -> None:
    before = None if let_in is None else NINE + minutes(let_in)
    plain = passed_over_since(come(CallPolicy.TURN_TIME, priority=False, slot=slot, at=at), before)
    policies = set(CallPolicy) if slot is None else set(CallPolicy) - {CallPolicy.FIFO}
    for policy in policies:
        assert (
            passed_over_since(
                come(policy, priority=priority, slot=slot, at=at, credit=credit), before
            )
            == plain
        )
    assert plain >= NINE + minutes(at), "nobody is passed over before they come"


def test_the_time_passed_over_begins_when_those_ahead_have_gone_in() -> None:
    first, room = come(CallPolicy.TURN_TIME, priority=False), Occupancy(4, 0, 5)
    let_in_before = NINE + minutes(30)
    assert not keeps_door(first, room, RULES, NINE + minutes(49), let_in_before)
    assert keeps_door(first, room, RULES, NINE + minutes(50), let_in_before)


def test_a_call_finds_no_room_while_the_first_party_keeps_the_door() -> None:
    first, room = party(3), Occupancy(3, 0, 5)
    assert room_for_calls(room, first, None, RULES, NINE + minutes(19)) == room
    assert room_for_calls(room, first, None, RULES, NINE + minutes(20)).room == 0
    assert room_for_calls(room, None, None, RULES, NINE + minutes(20)) == room
