"""Priority given and taken after the number: the turn moves by the published credit alone, and
back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking import steps as booking_steps
from queue_server.domain.door import steps as door_steps
from queue_server.domain.errors import WrongState
from queue_server.domain.office.rules import CallPolicy, Rules
from queue_server.domain.visit.reception_steps import PARTY_STATES, set_priority
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.domain.visit.turn import turn_time
from tests.domain.examples import NINE, RULES, minutes, request

policies = st.sampled_from(CallPolicy)
credits = st.integers(0, 240)


def rules_with(policy: CallPolicy, credit: int) -> Rules:
    calling = replace(RULES.calling, policy=policy, priority_credit_minutes=credit)
    return replace(RULES, calling=calling)


def waiting(rules: Rules, slot: datetime | None, arrived_at: datetime, priority: bool) -> Ticket:
    if slot is None:
        ticket, _ = door_steps.walk_in(request(priority=priority), rules, "A001", True, arrived_at)
    else:
        booked, _ = booking_steps.book(request(priority=priority), slot, NINE - minutes(60))
        ticket, _ = door_steps.check_in(booked, rules, "A001", True, arrived_at)
    return ticket


@given(policies, credits, st.none() | st.integers(-30, 30), st.integers(-30, 60))
def test_given_late_is_as_given_at_once_and_taking_it_restores_the_turn(
    policy: CallPolicy, credit: int, slot: int | None, arrived: int
) -> None:
    rules = rules_with(policy, credit)
    at = None if slot is None else NINE + minutes(slot)
    arrived_at = NINE + minutes(arrived)
    plain = waiting(rules, at, arrived_at, False)
    given_, event = set_priority(plain, rules, arrived_at + minutes(5), priority=True)
    turn = turn_time(rules, slot=at, arrived_at=arrived_at, priority=True)
    assert (given_.turn_time, given_.credit_minutes, given_.turn_basis) == (
        turn.time,
        turn.credit_minutes,
        turn.basis,
    )
    assert given_.turn_time is not None and plain.turn_time is not None
    assert given_.turn_time <= plain.turn_time, "nobody loses by priority"
    assert event.facts["changed"]["priority"] == [False, True]
    taken, _event = set_priority(given_, rules, arrived_at + minutes(6), priority=False)
    assert taken == replace(plain, version=plain.version + 2)


def test_a_booking_keeps_it_for_its_day() -> None:
    booked, _ = booking_steps.book(request(), NINE, NINE - minutes(60))
    favoured, event = set_priority(booked, RULES, NINE - minutes(30), priority=True)
    assert event.facts["changed"] == {"priority": [False, True]}
    came, _ = door_steps.check_in(favoured, RULES, "A001", True, NINE)
    assert came.credit_minutes == RULES.calling.priority_credit_minutes


@pytest.mark.parametrize("state", sorted(set(State) - PARTY_STATES))
def test_who_is_called_served_or_gone_is_too_late(state: State) -> None:
    ticket = replace(waiting(RULES, None, NINE, False), state=state)
    with pytest.raises(WrongState):
        set_priority(ticket, RULES, NINE, priority=True)
