"""The six properties of the call order, over whole days of random events played out by the server's
own functions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.office.rules import CallingRules, CallPolicy, Rules
from queue_server.domain.visit.turn import turn_time
from queue_server.lab.policies.costs import Played, Visit, play
from tests.domain.examples import NINE, minutes

STATIC = [CallPolicy.TURN_TIME, CallPolicy.FIFO, CallPolicy.STRICT]
"""Policies by which a turn time alone decides."""

rules = st.builds(
    Rules,
    calling=st.builds(
        CallingRules,
        policy=st.sampled_from(STATIC),
        grace_minutes=st.integers(0, 20),
        priority_credit_minutes=st.integers(0, 45),
        walk_in_offset_minutes=st.integers(0, 30),
        late_minutes=st.integers(0, 60),
    ),
)
counters = st.integers(1, 3)


@st.composite
def days(draw: st.DrawFn) -> list[Visit]:
    """Up to 40 visitors in order of arrival, some booked (up to 30 minutes early or an hour late),
    some with priority.
    """
    found, now = [], NINE
    for _ in range(draw(st.integers(1, 40))):
        now += timedelta(seconds=draw(st.integers(1, 500)))
        slot = (
            now + timedelta(seconds=draw(st.integers(-3600, 1800))) if draw(st.booleans()) else None
        )
        found.append(
            Visit(now, timedelta(seconds=draw(st.integers(30, 1500))), slot, draw(st.booleans()))
        )
    return found


def played_out(day: list[Visit], rules: Rules, counters: int) -> list[Played]:
    return list(play(day, rules, [frozenset("A")] * counters))


def counts_from(visit: Visit) -> datetime:
    """From when a visitor's wait counts: the slot, or the arrival if that is later."""
    return max(visit.arrived_at, visit.slot or visit.arrived_at)


def window(rules: Rules) -> timedelta:
    """How much later than that somebody may check in and still go first: credit, walk-in offset,
    and grace or forgiven delay.
    """
    if rules.calling.policy is CallPolicy.FIFO:
        return timedelta(0)
    return minutes(
        rules.calling.priority_credit_minutes
        + rules.calling.walk_in_offset_minutes
        + max(rules.calling.grace_minutes, rules.calling.late_minutes)
    )


@given(days(), rules, counters)
def test_first_come_first_served_inside_a_class(
    day: list[Visit], rules: Rules, counters: int
) -> None:
    """(i) Of two walk-ins with or without priority alike, the one who came first is called first;
    of two punctual ones the one with the earlier slot.
    """
    calls = played_out(day, rules, counters)
    for priority in (False, True):
        walk_ins = [
            each.visit.arrived_at
            for each in calls
            if each.visit.slot is None and each.visit.priority == priority
        ]
        assert walk_ins == sorted(walk_ins)
    if rules.calling.policy is CallPolicy.FIFO:
        assert [each.visit.arrived_at for each in calls] == sorted(
            each.visit.arrived_at for each in calls
        )
        return
    for first, second in zip(calls, calls[1:], strict=False):
        if (
            not (is_punctual(first.visit, rules) and is_punctual(second.visit, rules))
            or first.visit.priority != second.visit.priority
        ):
            continue
        came_before_the_call = second.visit.arrived_at <= first.called_at
        assert not came_before_the_call or slot_of(first.visit) <= slot_of(second.visit)


def is_punctual(visit: Visit, rules: Rules) -> bool:
    return visit.slot is not None and visit.arrived_at <= visit.slot + minutes(
        rules.calling.grace_minutes
    )


def slot_of(visit: Visit) -> datetime:
    assert visit.slot is not None
    return visit.slot


@given(days(), rules, counters)
def test_nobody_is_passed_by_one_who_checks_in_after_the_window(
    day: list[Visit], rules: Rules, counters: int
) -> None:
    """(iii) Delay from overtaking is bounded by those who check in within the window. Strict
    priority gives it up.
    """
    calls = played_out(day, rules, counters)
    for place, mine in enumerate(calls):
        for earlier in calls[:place]:
            overtook = (
                earlier.called_at > mine.visit.arrived_at
                and earlier.visit.arrived_at > counts_from(mine.visit) + window(rules)
            )
            assert not overtook or (
                rules.calling.policy is CallPolicy.STRICT
                and earlier.visit.priority
                and not mine.visit.priority
            )


@given(days(), rules)
def test_a_place_worsens_only_by_those_within_the_window(day: list[Visit], rules: Rules) -> None:
    """(iv) Once checked in, the number before me grows only when somebody checks in, and only
    within the window.
    """
    keys = [
        turn_time(rules, slot=each.slot, arrived_at=each.arrived_at, priority=each.priority).time
        for each in day
    ]
    for mine, key in enumerate(keys):
        ahead = sum(each < key for each in keys[:mine])
        for later in range(mine + 1, len(day)):
            now = sum(each < key for each in keys[: later + 1])
            if now > ahead:
                is_first_by_law = (
                    rules.calling.policy is CallPolicy.STRICT
                    and day[later].priority
                    and not day[mine].priority
                )
                assert is_first_by_law or day[later].arrived_at <= counts_from(day[mine]) + window(
                    rules
                )
            ahead = now


@given(days(), rules, counters, st.integers(0, 39), st.timedeltas(minutes(0), minutes(30)))
def test_nobody_else_moves_my_turn(
    day: list[Visit], rules: Rules, counters: int, whose: int, later: timedelta
) -> None:
    """(iv) My turn time is of my own making: another visitor's longer service or priority leaves it
    as it is.
    """
    whose %= len(day)
    other = replace(
        day[whose], service=day[whose].service + later, priority=not day[whose].priority
    )
    changed = [*day[:whose], other, *day[whose + 1 :]]
    before = {each.visit: each.turn_time for each in played_out(day, rules, counters)}
    after = {each.visit: each.turn_time for each in played_out(changed, rules, counters)}
    for place, visit in enumerate(day):
        if place != whose:
            assert before[visit] == after[visit]


@given(days(), rules, counters)
def test_each_call_takes_the_smallest_turn_of_those_present(
    day: list[Visit], rules: Rules, counters: int
) -> None:
    """(ii), (vi) Nobody present at a call has a smaller key than the one called: two numbers are
    enough to audit it.
    """
    calls = played_out(day, rules, counters)
    for place, call in enumerate(calls):
        waiting = [each for each in calls[place + 1 :] if each.visit.arrived_at < call.called_at]
        assert all(call.turn_time <= each.turn_time for each in waiting)


@given(days(), counters)
def test_strict_priority_is_never_made_to_wait_for_others(day: list[Visit], counters: int) -> None:
    calls = played_out(day, Rules(calling=CallingRules(policy=CallPolicy.STRICT)), counters)
    for place, call in enumerate(calls):
        if not call.visit.priority:
            assert not any(
                each.visit.priority and each.visit.arrived_at < call.called_at
                for each in calls[place + 1 :]
            )
