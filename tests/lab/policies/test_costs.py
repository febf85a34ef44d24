"""The played-out line against queueing theory: what the server's own functions must reproduce, and
what no rule can change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.counter.call_order import StaffedCounter, next_ticket
from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.office.rules import CallingRules, CallPolicy, Rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.lab.policies.costs import Kind, Played, Visit, compare_rules, cost_by_kind, play
from tests.domain.examples import NINE

FCFS = Rules(calling=CallingRules(policy=CallPolicy.FIFO))
STRICT = Rules(calling=CallingRules(policy=CallPolicy.STRICT))
LIGHT, HEAVY, SERVED = 0.27, 0.63, 1.0
"""Table D of the evidence: arrivals of the first and the second class and services, each per
minute.
"""


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def draw_visits(
    number: int, gap: float, service: float | None, seed: int, *, first_share: float = 0.0
) -> list[Visit]:
    """Poisson arrivals on average `gap` minutes apart; exponential service with mean `service`, or
    exactly 1 minute for None.

    Gaps and services are scaled to their exact means: chance in the load itself would hide the
    waits it makes.
    """
    random = Random(seed)
    gaps = _with_mean([random.expovariate(1) for _ in range(number)], gap)
    services = (
        [1.0] * number
        if service is None
        else _with_mean([random.expovariate(1) for _ in range(number)], service)
    )
    found, now = [], 0.0
    for place in range(number):
        now += gaps[place]
        found.append(
            Visit(
                NINE + minutes(now),
                minutes(services[place]),
                priority=random.random() < first_share,
            )
        )
    return found


def _with_mean(values: list[float], mean: float) -> list[float]:
    factor = mean / fmean(values)
    return [each * factor for each in values]


def waits(played: Sequence[Played]) -> list[float]:
    return [each.waited / minutes(1) for each in played]


def mean_wait(played: Sequence[Played]) -> float:
    return fmean(waits(played))


QUICK, LONG = 60_000, 2_000_000


@pytest.mark.parametrize(
    ("visitors", "tolerance"),
    [(QUICK, 0.06), pytest.param(LONG, 0.02, marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
class TestTableC:
    """Waits of several counters, as theory has them. The tolerance is what chance leaves at this
    number of visitors.
    """

    def test_exponential_service(self, visitors: int, tolerance: float) -> None:
        played = list(play(draw_visits(visitors, 1 / 4.5, 1.0, seed=2), FCFS, [frozenset("A")] * 5))
        assert mean_wait(played) == pytest.approx(1.524986, rel=1.7 * tolerance), (
            "exponential service is the most uneven"
        )
        assert fmean(each > 0 for each in waits(played)) == pytest.approx(
            0.762493, rel=tolerance / 2
        )

    @pytest.mark.parametrize(
        ("counters", "use", "wait", "at_once"),
        [
            (1, 0.9, 4.5, 0.1),
            (2, 0.8, 0.90328, 0.29810),
            (4, 0.9, 0.99997, 0.22456),
            (5, 0.9, 0.77670, 0.25217),
        ],
    )
    def test_constant_service(
        self,
        visitors: int,
        tolerance: float,
        counters: int,
        use: float,
        wait: float,
        at_once: float,
    ) -> None:
        """Crommelin's fixed point: the queue that every counter serves one after the other, never
        two at once.
        """
        played = list(
            play(
                draw_visits(visitors, 1 / (use * counters), None, seed=3),
                FCFS,
                [frozenset("A")] * counters,
            )
        )
        assert mean_wait(played) == pytest.approx(wait, rel=tolerance)
        assert fmean(each == 0 for each in waits(played)) == pytest.approx(
            at_once, abs=tolerance / 2
        )


TICK = timedelta(microseconds=1)
ONE = [frozenset("A")]
Player = Callable[[Sequence[Visit]], Iterable[Played]]


def under(policy: CallPolicy, credit: int = 0) -> Player:
    return partial(
        play,
        rules=Rules(calling=CallingRules(policy=policy, priority_credit_minutes=credit)),
        counters=ONE,
    )


def accumulate(come: Candidate, speed: float, now: datetime) -> Candidate:
    """Kleinrock's accumulating priority: the turn now of somebody whose minutes of waiting count
    `speed` times.
    """
    return replace(come, turn_time=now - (now - come.turn_time) * speed)


def play_accumulating(come: Sequence[Visit], speed: float) -> Iterator[Played]:
    """One counter; the first class's minutes count `speed` times. No office can choose this rule,
    for a turn would not stand still.

    Each turn is made anew at every call, and the server's own `next_ticket` decides between the
    heads of the two classes.
    """
    desk, room = StaffedCounter("1", "1", ONE[0]), Occupancy(0, 0, None)
    lines: dict[bool, deque[Candidate]] = {True: deque(), False: deque()}
    free_at, place = come[0].arrived_at, 0
    while place < len(come) or any(lines.values()):
        while place < len(come) and (come[place].arrived_at < free_at or not any(lines.values())):
            visit = come[place]
            free_at = max(free_at, visit.arrived_at)
            lines[visit.priority].append(
                Candidate(visit.arrived_at, f"{place:09d}", visit.letter, 1, True)
            )
            place += 1
        heads = [
            accumulate(line[0], speed if priority else 1, free_at)
            for priority, line in lines.items()
            if line
        ]
        chosen = next_ticket(heads, desk, room)
        assert chosen is not None, "a free counter calls whoever waits"
        visit = come[int(chosen.ticket)]
        lines[visit.priority].popleft()
        yield Played(visit, chosen.turn_time, free_at, desk.id)
        free_at += visit.service


def accumulating(speed: float) -> Player:
    return partial(play_accumulating, speed=speed)


TABLE_D: dict[str, tuple[Player, float, float]] = {
    "first come": (under(CallPolicy.FIFO), 9.0, 9.0),
    "strict": (under(CallPolicy.STRICT), 1.233, 12.329),
    "accumulating 2:1": (accumulating(2), 5.723, 10.405),
    "accumulating 4:1": (accumulating(4), 3.668, 11.285),
    "head start 3": (under(CallPolicy.TURN_TIME, 3), 7.498, 9.646),
    "head start 6": (under(CallPolicy.TURN_TIME, 6), 6.303, 10.158),
}
"""Rule by rule the mean waits of the two classes: by theory, those of a head start as measured over
20 million visitors.
"""

CONSTANT = 8.1
"""What no rule changes: the sum over the classes of their share of the counter's time by their mean
wait.
"""


def test_the_formulas_give_the_table() -> None:
    """Cobham's strict and Kleinrock's accumulating priority with exponential service, and the
    conservation law.
    """
    first, both = LIGHT / SERVED, (LIGHT + HEAVY) / SERVED
    begun = (LIGHT + HEAVY) / SERVED**2  # minutes that an arrival finds left of the visit under way
    fair = begun / (1 - both)
    found = {
        "first come": (fair, fair),
        "strict": (begun / (1 - first), begun / ((1 - first) * (1 - both))),
    }
    for name, speed in (("accumulating 2:1", 2), ("accumulating 4:1", 4)):
        favour = 1 - 1 / speed
        second = fair / (1 - first * favour)
        found[name] = fair - (both - first) * second * favour, second
    for name, means in found.items():
        assert means == pytest.approx(TABLE_D[name][1:], abs=0.0005)
    assert both * fair == pytest.approx(CONSTANT)
    for _, light, heavy in TABLE_D.values():
        assert weigh_classes((light, heavy)) == pytest.approx(CONSTANT, abs=0.002)


def weigh_classes(means: tuple[float, float]) -> float:
    return (LIGHT * means[0] + HEAVY * means[1]) / SERVED


@cache
def table_d_visits(visitors: int) -> list[Visit]:
    return draw_visits(
        visitors, 1 / (LIGHT + HEAVY), 1 / SERVED, seed=5, first_share=LIGHT / (LIGHT + HEAVY)
    )


@cache
def class_means(visitors: int, rule: str) -> tuple[float, float]:
    cost = cost_by_kind(TABLE_D[rule][0](table_d_visits(visitors)))
    return cost[Kind.PRIORITY].mean_minutes, cost[Kind.WALK_IN].mean_minutes


@pytest.mark.parametrize(
    ("visitors", "tolerance"),
    [(QUICK, 0.06), pytest.param(LONG, 0.01, marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
@pytest.mark.parametrize("rule", TABLE_D)
class TestTableD:
    """What a rule moves from one class to the other, and that it moves it only. The same visitors
    called first come, first served wait 9 minutes in theory; what they wait in this draw is the
    measure of how far chance has carried it.
    """

    def test_mean_waits(self, visitors: int, tolerance: float, rule: str) -> None:
        fair = CONSTANT / weigh_classes(class_means(visitors, "first come"))
        first, second = class_means(visitors, rule)
        assert (first * fair, second * fair) == pytest.approx(TABLE_D[rule][1:], rel=tolerance)

    def test_the_constant(self, visitors: int, tolerance: float, rule: str) -> None:
        """Against the same visitors first come, first served it shows far more sharply than against
        theory: chance meets both alike.
        """
        plain, found = (
            weigh_classes(class_means(visitors, "first come")),
            weigh_classes(class_means(visitors, rule)),
        )
        assert found == pytest.approx(plain, rel=tolerance / 6)
        assert found == pytest.approx(CONSTANT, rel=2 * tolerance)


def test_first_come_first_served_spreads_the_waits_least() -> None:
    come, spread = table_d_visits(30_000), {}
    for rule, (player, _, _) in TABLE_D.items():
        found = waits(list(player(come)))
        middle = fmean(found)
        spread[rule] = fmean((each - middle) ** 2 for each in found)
    assert min(spread, key=spread.__getitem__) == "first come"


def test_accumulated_turns_change_places_while_people_sit_there() -> None:
    """Why the rule is only a measure: nobody came, nobody did anything, and another is next. A turn
    time stands still.
    """
    other, favoured = (
        Candidate(NINE, "other", "A", 1, True),
        Candidate(NINE + minutes(10), "favoured", "A", 1, True),
    )

    def first_at(minute: float) -> str:
        now = NINE + minutes(minute)
        chosen = next_ticket(
            [accumulate(other, 1, now), accumulate(favoured, 2, now)],
            StaffedCounter("1", "1", ONE[0]),
            Occupancy(0, 0, None),
        )
        assert chosen is not None
        return chosen.ticket

    assert [first_at(minute) for minute in (15, 19, 21, 25)] == [
        "other",
        "other",
        "favoured",
        "favoured",
    ]


visits = st.lists(
    st.tuples(
        st.integers(0, 600), st.integers(1, 900), st.none() | st.integers(-1800, 600), st.booleans()
    ),
    min_size=1,
    max_size=40,
)
every_rule = st.builds(
    Rules,
    calling=st.builds(
        CallingRules,
        policy=st.sampled_from(CallPolicy),
        ratio=st.integers(1, 4),
        grace_minutes=st.integers(0, 20),
        priority_credit_minutes=st.integers(0, 45),
        walk_in_offset_minutes=st.integers(0, 30),
        late_minutes=st.integers(0, 60),
    ),
)


def as_visits(drawn: list[tuple[int, int, int | None, bool]], letters: str = "A") -> list[Visit]:
    found, now = [], NINE
    for place, (gap, service, slot, priority) in enumerate(drawn):
        now += timedelta(seconds=gap)
        booked = None if slot is None else now + timedelta(seconds=slot)
        found.append(
            Visit(now, timedelta(seconds=service), booked, priority, letters[place % len(letters)])
        )
    return found


@given(visits, every_rule)
def test_no_rule_makes_or_saves_work(
    drawn: list[tuple[int, int, int | None, bool]], rules: Rules
) -> None:
    """(v) One counter: the waits weighted with the work brought are the same to the microsecond,
    whoever goes first.
    """

    def weighed(called: Iterable[Played]) -> int:
        return sum(
            (each.visit.service // TICK) * ((each.called_at - each.visit.arrived_at) // TICK)
            for each in called
        )

    come = as_visits(drawn)
    plain = weighed(play(come, FCFS, ONE))
    assert weighed(play(come, rules, ONE)) == plain
    assert weighed(play_accumulating(come, 4)) == plain


@given(visits)
def test_minutes_that_count_once_are_first_come_first_served(
    drawn: list[tuple[int, int, int | None, bool]],
) -> None:
    """The line of the accumulating rule is the one that `play` plays."""
    come = as_visits(drawn)
    assert list(play_accumulating(come, 1)) == list(play(come, FCFS, ONE))


@given(
    visits,
    every_rule,
    st.lists(
        st.sampled_from([frozenset("A"), frozenset("B"), frozenset("AB")]), min_size=1, max_size=4
    ),
)
def test_a_counter_is_idle_only_if_nobody_waits_whom_it_serves(
    drawn: list[tuple[int, int, int | None, bool]], rules: Rules, counters: list[frozenset[str]]
) -> None:
    """(ii), (v): nobody is sent away for another, and while somebody waits every counter that
    serves them works.
    """
    come = as_visits(drawn, "AB")
    played = list(play(come, rules, counters))
    served = [each for each in come if any(each.letter in letters for letters in counters)]
    assert sorted(key_of(each.visit) for each in played) == sorted(key_of(each) for each in served)
    busy: dict[str, list[tuple[datetime, datetime]]] = {}
    for each in played:
        busy.setdefault(each.counter, []).append(
            (each.called_at, each.called_at + each.visit.service)
        )
        assert each.called_at >= each.visit.arrived_at
    for spans in busy.values():
        assert all(
            before[1] <= after[0]
            for before, after in zip(sorted(spans), sorted(spans)[1:], strict=False)
        ), "no two at one counter"
    for each in played:
        for place, letters in enumerate(counters, start=1):
            if each.visit.letter in letters and each.called_at > each.visit.arrived_at:
                just_before = each.called_at - TICK
                assert any(start <= just_before < end for start, end in busy.get(str(place), []))


def key_of(visit: Visit) -> tuple[datetime, str]:
    return visit.arrived_at, visit.letter


def test_the_cost_is_given_by_kind() -> None:
    come = [
        Visit(NINE, minutes(10)),
        Visit(NINE, minutes(10), slot=NINE + minutes(5)),
        Visit(NINE, minutes(10), priority=True),
        Visit(NINE, minutes(10)),
    ]
    named = {"turn": Rules(), "strict": STRICT, "fifo": FCFS}
    found = compare_rules([come], named, ONE)
    assert found["fifo"][Kind.WALK_IN].mean_minutes == fmean([0, 30])
    assert found["fifo"][Kind.BOOKED].mean_minutes == 10 - 5
    assert found["turn"][Kind.PRIORITY].mean_minutes == 10
    assert found["turn"][Kind.BOOKED].mean_minutes == 30 - 5
    assert (found["turn"][Kind.WALK_IN].visitors, found["turn"][Kind.WALK_IN].p90_minutes) == (
        2,
        20,
    )


def test_a_ratio_takes_the_lines_in_turn() -> None:
    """Everybody waits from the start; two favoured visitors to each other one."""
    come = [
        Visit(NINE + TICK * place, minutes(1), slot=NINE if place < 6 else None)
        for place in range(10)
    ]
    order = [
        each.visit.kind
        for each in play(come, Rules(calling=CallingRules(policy=CallPolicy.RATIO, ratio=2)), ONE)
    ]
    B, W = Kind.BOOKED, Kind.WALK_IN
    assert order == [B, B, W, B, B, W, B, B, W, W]
