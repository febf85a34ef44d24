"""The played-out line against queueing theory: what the server's own functions must reproduce, and what no rule can change."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.office import CallPolicy, Rules
from queue_server.domain.queue_simulation import Kind, Played, Visit, compare_rules, cost_by_kind, play

from .examples import NINE

FCFS = Rules(call_policy=CallPolicy.FIFO)
STRICT = Rules(call_policy=CallPolicy.STRICT)
LIGHT, HEAVY, SERVED = 0.27, 0.63, 1.0
"""Table D of the evidence: arrivals of the first and the second class and services, each per minute."""


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def draw_visits(number: int, gap: float, service: float | None, seed: int, *, first_share: float = 0.0) -> list[Visit]:
    """Poisson arrivals on average `gap` minutes apart; exponential service with mean `service`, or exactly 1 minute for None.

    Gaps and services are scaled to their exact means: chance in the load itself would hide the waits it makes.
    """
    random = Random(seed)
    gaps = _with_mean([random.expovariate(1) for _ in range(number)], gap)
    services = [1.0] * number if service is None else _with_mean([random.expovariate(1) for _ in range(number)], service)
    found, now = [], 0.0
    for place in range(number):
        now += gaps[place]
        found.append(Visit(NINE + minutes(now), minutes(services[place]), priority=random.random() < first_share))
    return found


def _with_mean(values: list[float], mean: float) -> list[float]:
    factor = mean / fmean(values)
    return [each * factor for each in values]


def waits(played: Sequence[Played]) -> list[float]:
    return [each.waited / minutes(1) for each in played]


def mean_wait(played: Sequence[Played]) -> float:
    return fmean(waits(played))


QUICK, LONG = 120_000, 2_000_000


@pytest.mark.parametrize(
    ("visitors", "tolerance"), [(QUICK, 0.06), pytest.param(LONG, 0.02, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
class TestTableC:
    """Waits of several counters, as theory has them. The tolerance is what chance leaves at this number of visitors."""

    def test_exponential_service(self, visitors: int, tolerance: float) -> None:
        played = list(play(draw_visits(visitors, 1 / 4.5, 1.0, seed=2), FCFS, [frozenset("A")] * 5))
        assert mean_wait(played) == pytest.approx(1.524986, rel=1.7 * tolerance), "exponential service is the most uneven"
        assert fmean(each > 0 for each in waits(played)) == pytest.approx(0.762493, rel=tolerance / 2)

    @pytest.mark.parametrize(
        ("counters", "use", "wait", "at_once"),
        [(1, 0.9, 4.5, 0.1), (2, 0.8, 0.90328, 0.29810), (4, 0.9, 0.99997, 0.22456), (5, 0.9, 0.77670, 0.25217)],
    )
    def test_constant_service(self, visitors: int, tolerance: float, counters: int, use: float, wait: float, at_once: float) -> None:
        """Crommelin's fixed point: the queue that every counter serves one after the other, never two at once."""
        played = list(play(draw_visits(visitors, 1 / (use * counters), None, seed=3), FCFS, [frozenset("A")] * counters))
        assert mean_wait(played) == pytest.approx(wait, rel=tolerance)
        assert fmean(each == 0 for each in waits(played)) == pytest.approx(at_once, abs=tolerance / 2)


@cache
def table_d_visits(visitors: int) -> list[Visit]:
    return draw_visits(visitors, 1 / (LIGHT + HEAVY), 1 / SERVED, seed=5, first_share=LIGHT / (LIGHT + HEAVY))


@cache
def class_means(visitors: int, policy: CallPolicy, credit: int) -> tuple[float, float]:
    rules = Rules(call_policy=policy, priority_credit_minutes=credit)
    cost = cost_by_kind(play(table_d_visits(visitors), rules, [frozenset("A")]))
    return cost[Kind.PRIORITY].mean_minutes, cost[Kind.WALK_IN].mean_minutes


@pytest.mark.parametrize(
    ("visitors", "tolerance"), [(QUICK, 0.06), pytest.param(LONG, 0.015, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
@pytest.mark.parametrize(
    ("policy", "credit", "first", "second"),
    [
        (CallPolicy.STRICT, 0, 1.233, 12.331), (CallPolicy.TURN_TIME, 3, 7.498, 9.646), (CallPolicy.TURN_TIME, 6, 6.303, 10.158),
    ],
)
def test_table_d(visitors: int, tolerance: float, policy: CallPolicy, credit: int, first: float, second: float) -> None:
    """What a credit or strict priority moves from one class to the other. The same visitors called first come, first served wait
    9 minutes in theory; what they wait in this draw is the measure of how far chance has carried it."""
    plain = class_means(visitors, CallPolicy.FIFO, 0)
    found = class_means(visitors, policy, credit)
    theory = 9.0
    assert found[0] * theory / plain[0] == pytest.approx(first, rel=tolerance)
    assert found[1] * theory / plain[1] == pytest.approx(second, rel=tolerance)


visits = st.lists(
    st.tuples(st.integers(0, 600), st.integers(1, 900), st.none() | st.integers(-1800, 600), st.booleans()), min_size=1, max_size=40
)
every_rule = st.builds(
    Rules, call_policy=st.sampled_from(CallPolicy), call_ratio=st.integers(1, 4), grace_minutes=st.integers(0, 20),
    priority_credit_minutes=st.integers(0, 45), walk_in_offset_minutes=st.integers(0, 30), late_minutes=st.integers(0, 60),
)


def as_visits(drawn: list[tuple[int, int, int | None, bool]], letters: str = "A") -> list[Visit]:
    found, now = [], NINE
    for place, (gap, service, slot, priority) in enumerate(drawn):
        now += timedelta(seconds=gap)
        booked = None if slot is None else now + timedelta(seconds=slot)
        found.append(Visit(now, timedelta(seconds=service), booked, priority, letters[place % len(letters)]))
    return found


@given(visits, every_rule)
def test_no_rule_makes_or_saves_work(drawn: list[tuple[int, int, int | None, bool]], rules: Rules) -> None:
    """(v) One counter: the waits weighted with the work brought are the same to the microsecond, whoever goes first."""

    def weighed(rules: Rules) -> int:
        return sum((each.visit.service // TICK) * ((each.called_at - each.visit.arrived_at) // TICK) for each in play(come, rules, ONE))

    come = as_visits(drawn)
    assert weighed(rules) == weighed(FCFS)


TICK = timedelta(microseconds=1)
ONE = [frozenset("A")]


@given(visits, every_rule, st.lists(st.sampled_from([frozenset("A"), frozenset("B"), frozenset("AB")]), min_size=1, max_size=4))
def test_a_counter_is_idle_only_if_nobody_waits_whom_it_serves(
    drawn: list[tuple[int, int, int | None, bool]], rules: Rules, counters: list[frozenset[str]]
) -> None:
    """(ii), (v): nobody is sent away for another, and while somebody waits every counter that serves them works."""
    come = as_visits(drawn, "AB")
    played = list(play(come, rules, counters))
    served = [each for each in come if any(each.letter in letters for letters in counters)]
    assert sorted(key_of(each.visit) for each in played) == sorted(key_of(each) for each in served)
    busy: dict[str, list[tuple[datetime, datetime]]] = {}
    for each in played:
        busy.setdefault(each.counter, []).append((each.called_at, each.called_at + each.visit.service))
        assert each.called_at >= each.visit.arrived_at
    for spans in busy.values():
        assert all(before[1] <= after[0] for before, after in zip(sorted(spans), sorted(spans)[1:], strict=False)), "no two at one counter"
    for each in played:
        for place, letters in enumerate(counters, start=1):
            if each.visit.letter in letters and each.called_at > each.visit.arrived_at:
                just_before = each.called_at - TICK
                assert any(start <= just_before < end for start, end in busy.get(str(place), []))


def key_of(visit: Visit) -> tuple[datetime, str]:
    return visit.arrived_at, visit.letter


def test_the_cost_is_given_by_kind() -> None:
    come = [
        Visit(NINE, minutes(10)), Visit(NINE, minutes(10), slot=NINE + minutes(5)), Visit(NINE, minutes(10), priority=True),
        Visit(NINE, minutes(10)),
    ]
    named = {"turn": Rules(), "strict": STRICT, "fifo": FCFS}
    found = compare_rules([come], named, ONE)
    assert found["fifo"][Kind.WALK_IN].mean_minutes == fmean([0, 30])
    assert found["fifo"][Kind.BOOKED].mean_minutes == 10 - 5
    assert found["turn"][Kind.PRIORITY].mean_minutes == 10
    assert found["turn"][Kind.BOOKED].mean_minutes == 30 - 5
    assert (found["turn"][Kind.WALK_IN].visitors, found["turn"][Kind.WALK_IN].p90_minutes) == (2, 20)


def test_a_ratio_takes_the_lines_in_turn() -> None:
    """Everybody waits from the start; two favoured visitors to each other one."""
    come = [Visit(NINE + TICK * place, minutes(1), slot=NINE if place < 6 else None) for place in range(10)]
    order = [each.visit.kind for each in play(come, replace(STRICT, call_policy=CallPolicy.RATIO, call_ratio=2), ONE)]
    B, W = Kind.BOOKED, Kind.WALK_IN
    assert order == [B, B, W, B, B, W, B, B, W, W]
