"""The named policies, and who is kept for whom: small cases whose answer can be checked by eye."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from json import dumps, loads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.counter.call_order import StaffedCounter, is_offered, next_ticket
from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.counter.ratio import Ratio
from queue_server.domain.office.rules import CallingRules, CallPolicy, Rules, read_rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.turn import WHOLE_DAY, Turn, TurnBasis, Wanted, turn_time
from tests.domain.examples import NINE, minutes

EMPTY = Occupancy(0, 0, None)
MIDNIGHT = NINE - timedelta(hours=9)
SLOT = NINE + minutes(30)


def turn(rules: Rules, slot: datetime | None, arrived_at: datetime, priority: bool = False) -> Turn:
    return turn_time(rules, slot=slot, arrived_at=arrived_at, priority=priority)


def who(
    name: str,
    minute: float,
    letter: str = "A",
    *,
    favoured: bool = False,
    wanted: Wanted | None = None,
) -> Candidate:
    moment = NINE + minutes(minute)
    return Candidate(moment - WHOLE_DAY if favoured else moment, name, letter, 1, True, wanted)


def desk(letters: str = "A", counter: str = "1", clerk: str = "ani") -> StaffedCounter:
    return StaffedCounter(counter, clerk, frozenset(letters))


def test_fifo_counts_the_arrival_alone() -> None:
    rules = Rules(
        calling=CallingRules(
            policy=CallPolicy.FIFO, walk_in_offset_minutes=20, priority_credit_minutes=30
        )
    )
    for slot in (None, SLOT, SLOT - minutes(120)):
        for priority in (False, True):
            assert turn(rules, slot, NINE, priority) == Turn(NINE, TurnBasis.ARRIVAL, 0)


def test_strict_is_a_whole_day_of_credit() -> None:
    rules = Rules(calling=CallingRules(policy=CallPolicy.STRICT))
    assert turn(rules, SLOT, NINE, True) == Turn(SLOT - WHOLE_DAY, TurnBasis.SLOT, 1440)
    assert turn(rules, SLOT, NINE) == Turn(SLOT, TurnBasis.SLOT, 0)


def test_ratio_favours_priority_and_the_punctual() -> None:
    rules = Rules(calling=CallingRules(policy=CallPolicy.RATIO))
    assert turn(rules, SLOT, NINE).time == SLOT - WHOLE_DAY
    assert turn(rules, None, NINE, True).time == NINE - WHOLE_DAY
    assert turn(rules, None, NINE).time == NINE
    assert turn(rules, SLOT, SLOT + minutes(11)) == Turn(SLOT + minutes(11), TurnBasis.LATE, 0)


@pytest.mark.parametrize(
    ("forgiven", "late", "counts"), [(0, 25, 25), (10, 25, 15), (60, 25, 10), (10, 11, 10)]
)
def test_forgiven_delay_never_reaches_before_the_grace(
    forgiven: int, late: int, counts: int
) -> None:
    found = turn(Rules(calling=CallingRules(late_minutes=forgiven)), SLOT, SLOT + minutes(late))
    assert found == Turn(SLOT + minutes(counts), TurnBasis.LATE, 0)


def call_all(waiting: list[Candidate], share: int, letters: str = "A") -> list[str]:
    """Call until nobody is left, keeping count as the server does."""
    runs: dict[str, int] = {}
    ratio, called = Ratio(share, MIDNIGHT, runs), []
    while (chosen := next_ticket(waiting, desk(letters), EMPTY, ratio=ratio)) is not None:
        runs[chosen.letter] = ratio.run_after(chosen.letter, chosen.turn_time)
        waiting = [each for each in waiting if each != chosen]
        called.append(chosen.ticket)
    return called


def test_two_favoured_to_one_other() -> None:
    favoured = [who(f"f{place}", 10 + place, favoured=True) for place in range(5)]
    others = [who(f"o{place}", place) for place in range(3)]
    assert call_all([*favoured, *others], 2) == ["f0", "f1", "o0", "f2", "f3", "o1", "f4", "o2"]
    assert call_all(others, 2) == ["o0", "o1", "o2"], "no line waits for one that is empty"


def test_each_stream_keeps_its_own_count() -> None:
    """A stream without favoured visitors must not use up the turn of another's."""
    waiting = [who(f"f{place}", 2 * place, favoured=True) for place in range(6)]
    waiting += [who("oA", 5), *(who(f"oB{place}", 2 * place + 1, "B") for place in range(4))]
    called = call_all(waiting, 2, "AB")
    in_a = [each for each in called if each in {"oA"} or each.startswith("f")]
    assert in_a[:3] == ["f0", "f1", "oA"]
    assert called.index("oB0") < called.index("f2"), "between streams the earlier time goes first"


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 200), st.sampled_from("AB")), max_size=25),
    st.integers(1, 4),
    st.integers(0, 25),
)
def test_under_the_ratio_nobody_starves(
    people: list[tuple[bool, int, str]], share: int, which: int
) -> None:
    """Before any visitor at most `share` favoured ones of the stream go for each other one who
    stands before them, and once more.
    """
    waiting = [
        who(f"{place:02d}", minute, letter, favoured=kind)
        for place, (kind, minute, letter) in enumerate(people)
    ]
    called = call_all(waiting, share, "AB")
    assert sorted(called) == sorted(each.ticket for each in waiting)
    for letter in "AB":
        line = [
            each for each in sorted(waiting) if each.letter == letter and each.turn_time >= MIDNIGHT
        ]
        order = [name for name in called if people[int(name)][2] == letter]
        for place, mine in enumerate(line):
            before = order[: order.index(mine.ticket)]
            assert sum(people[int(name)][0] for name in before) <= share * (place + 1)


class TestSentOn:
    STAFFED = {"1": "ani", "2": "budi"}

    def test_only_the_wanted_counter_is_offered_the_visitor(self) -> None:
        sent = who("x", 0, wanted=Wanted(counter="2"))
        assert not is_offered(sent, desk(counter="1"), self.STAFFED)
        assert is_offered(sent, desk(counter="2", clerk="budi"), self.STAFFED)

    def test_the_wanted_counter_need_not_serve_the_stream(self) -> None:
        sent = who("x", 0, "C", wanted=Wanted(counter="2"))
        assert is_offered(sent, desk("A", "2", "budi"), self.STAFFED)
        assert not is_offered(who("y", 0, "C"), desk("A", "2", "budi"), self.STAFFED)

    def test_a_clerk_is_found_at_any_counter(self) -> None:
        sent = who("x", 0, wanted=Wanted(clerk="budi"))
        assert is_offered(sent, desk(counter="7", clerk="budi"), {"7": "budi"})
        assert not is_offered(sent, desk(counter="1"), self.STAFFED)

    def test_it_falls_back_to_the_stream_when_the_counter_closes(self) -> None:
        sent = who("x", 0, wanted=Wanted(counter="2"))
        assert is_offered(sent, desk(counter="1"), {"1": "ani"})
        assert not is_offered(sent, desk("C", "1"), {"1": "ani"}), "of its own stream, not of any"

    def test_it_keeps_its_place(self) -> None:
        waiting = [who("early", 0, wanted=Wanted(counter="2")), who("late", 5), who("other", 1)]
        here, there = desk(counter="1"), desk(counter="2", clerk="budi")
        first = next_ticket(waiting, here, EMPTY, staffed=self.STAFFED)
        assert first is not None and first.ticket == "other"
        first = next_ticket(waiting, there, EMPTY, staffed=self.STAFFED)
        assert first is not None and first.ticket == "early"


def test_rules_are_read_back_as_they_were_stored() -> None:
    for policy in CallPolicy:
        rules = Rules(calling=CallingRules(policy=policy, recall_seconds=(0, 30, 90, 300), ratio=2))
        assert read_rules(loads(dumps(asdict(rules)))) == rules
