"""Whom a counter calls, decided from plain values alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.counter.call_order import is_offered, staffed_by
from queue_server.domain.counter.calls import CurrentVisit
from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.counter.next_call import (
    CallFacts,
    NextCall,
    choose_next_call,
    decide_next_call,
)
from queue_server.domain.counter.pass_over import keeps_door, room_for_calls
from queue_server.domain.counter.ratio import Ratio
from queue_server.domain.errors import CounterBusy
from queue_server.domain.office.office import Counter
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.turn import Wanted
from tests.domain.examples import NINE, minutes

COUNTER = Counter("1", "1", ("A",))
FREE_ROOM = Occupancy(0, 0, None)
NOW = NINE + minutes(60)
single = Candidate(NINE, "single", "A", 1, True)
other = Candidate(NINE + minutes(1), "other", "A", 1, True)
family = Candidate(NINE, "family", "A", 4, False, came_at=NINE)


def facts(*waiting: Candidate, occupancy: Occupancy = FREE_ROOM, **values: Any) -> CallFacts:
    return CallFacts(COUNTER, "ani", occupancy, Rules(), waiting, **values)


def test_nobody_waits() -> None:
    assert decide_next_call(facts(), NOW) is None


def test_the_smallest_turn_time_is_called() -> None:
    assert decide_next_call(facts(other, single), NOW) == NextCall(single, room=None)


def test_a_counter_with_a_visitor_calls_nobody() -> None:
    busy = facts(single, current=CurrentVisit("before", "A001"))
    with pytest.raises(CounterBusy) as refused:
        decide_next_call(busy, NOW)
    assert refused.value.facts == {"counter": "1", "number": "A001", "ticket": "before"}
    assert choose_next_call(busy, NOW) == NextCall(single, room=None), "were it free"


def test_a_counter_with_a_visitor_is_told_so_though_nobody_waits() -> None:
    with pytest.raises(CounterBusy):
        decide_next_call(facts(current=CurrentVisit("before", None)), NOW)


def test_a_call_lets_in_who_waits_outside_and_fits() -> None:
    decided = decide_next_call(facts(family, occupancy=Occupancy(6, 0, 10)), NOW)
    assert decided == NextCall(family, room=4)
    assert not family.inside


def test_whoever_does_not_fit_is_passed_over_by_one_inside() -> None:
    crowd = facts(family, other, occupancy=Occupancy(7, 0, 10), first_outside=family)
    assert decide_next_call(crowd, NINE + minutes(5)) == NextCall(other, room=3)


def test_nobody_outside_is_called_past_a_party_that_has_waited_long_enough() -> None:
    behind = Candidate(NINE + minutes(1), "behind", "A", 1, False)
    crowd = facts(behind, occupancy=Occupancy(7, 0, 10), first_outside=family)
    assert decide_next_call(crowd, NINE + minutes(19)) == NextCall(behind, room=3)
    assert decide_next_call(crowd, NINE + minutes(20)) is None
    later = replace(crowd, let_in_before=NINE + minutes(10))
    assert decide_next_call(later, NINE + minutes(20)) == NextCall(behind, room=3)
    assert decide_next_call(later, NINE + minutes(30)) is None


def test_while_the_first_party_keeps_the_door_those_inside_are_called_with_no_room_left() -> None:
    crowd = facts(other, occupancy=Occupancy(7, 0, 10), first_outside=family)
    assert decide_next_call(crowd, NINE + minutes(20)) == NextCall(other, room=0)


def test_nobody_is_called_from_outside_through_a_stopped_door() -> None:
    stopped = Occupancy(0, 0, 10, admitting=False)
    assert decide_next_call(facts(family, occupancy=stopped), NOW) is None
    assert decide_next_call(facts(family, other, occupancy=stopped), NOW) == NextCall(other, room=0)


def test_who_was_sent_on_to_another_counter_with_a_clerk_is_left_to_it() -> None:
    kept = replace(single, wanted=Wanted(counter="2"))
    assert decide_next_call(facts(kept, other, staffed={"2": "budi"}), NOW) == NextCall(other, None)
    assert decide_next_call(facts(kept, other, staffed={}), NOW) == NextCall(kept, None)


def test_who_was_sent_on_to_this_counter_is_called_whatever_the_stream() -> None:
    sent = replace(single, letter="C", wanted=Wanted(counter="1"))
    assert decide_next_call(facts(sent, other, staffed={"1": "ani"}), NOW) == NextCall(sent, None)


@pytest.mark.parametrize(
    ("run", "called", "run_after"), [(0, "favoured", 1), (1, "favoured", 2), (2, "other", 0)]
)
def test_under_the_policy_ratio_the_lines_are_called_by_turns(
    run: int, called: str, run_after: int
) -> None:
    favoured = Candidate(NINE - timedelta(days=1), "favoured", "A", 1, True)
    ratio = Ratio(2, NINE - minutes(540), {"A": run})
    decided = decide_next_call(facts(favoured, other, ratio=ratio), NOW)
    assert decided is not None
    assert (decided.visitor.ticket, decided.favoured_run) == (called, run_after)


moments = st.integers(0, 90).map(lambda late: NINE + minutes(late))
some_wanted = st.none() | st.sampled_from(
    [Wanted(counter="1"), Wanted(counter="2"), Wanted(clerk="ani"), Wanted(clerk="budi")]
)


@st.composite
def parties(draw: st.DrawFn) -> list[Candidate]:
    """A line with favoured and other visitors, inside and out, some of them sent on."""
    return [
        Candidate(
            turn_time=draw(moments) - draw(st.sampled_from([timedelta(0), timedelta(days=1)])),
            ticket=f"{number:02d}",
            letter=draw(st.sampled_from("AC")),
            party_size=draw(st.integers(1, 4)),
            inside=draw(st.booleans()),
            wanted=draw(some_wanted),
            came_at=draw(moments),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


@st.composite
def situations(draw: st.DrawFn) -> CallFacts:
    """Whatever a counter may find."""
    line = draw(parties())
    limit = draw(st.none() | st.integers(1, 12))
    shares = st.builds(
        Ratio,
        st.integers(1, 3),
        st.just(NINE - minutes(540)),
        st.dictionaries(st.sampled_from("AC"), st.integers(0, 3)),
    )
    return CallFacts(
        Counter("1", "1", draw(st.sampled_from([("A",), ("C",), ("A", "C")]))),
        "ani",
        Occupancy(draw(st.integers(0, 12)), 0, limit, admitting=draw(st.booleans())),
        Rules(),
        tuple(line),
        first_outside=min(
            (each for each in line if not each.inside and (not limit or each.party_size <= limit)),
            default=None,
        ),
        let_in_before=draw(st.none() | moments),
        staffed=draw(st.dictionaries(st.sampled_from("12"), st.sampled_from(["ani", "budi"]))),
        ratio=draw(st.none() | shares),
    )


def may_be_called(facts: CallFacts, now: datetime) -> Callable[[Candidate], bool]:
    """The published rule, told once more by itself: the counter may serve them, and they are inside
    or may come in.
    """
    first, room = facts.first_outside, facts.occupancy
    is_shut = keeps_door(first, room, facts.rules, now, facts.let_in_before)
    caller = staffed_by(facts.counter, facts.clerk)

    def may(each: Candidate) -> bool:
        return is_offered(each, caller, facts.staffed) and (
            each.inside or (not is_shut and room.fits(each.party_size))
        )

    return may


@given(situations(), moments)
def test_who_is_called_may_be_and_nobody_who_may_be_goes_before(
    facts: CallFacts, now: datetime
) -> None:
    decided = decide_next_call(facts, now)
    able = list(filter(may_be_called(facts, now), facts.waiting))
    if decided is None:
        assert able == [], "a counter is idle only if nobody may be called"
        return
    chosen = decided.visitor
    assert chosen in able
    if facts.ratio is None:
        assert decided.favoured_run is None and chosen == min(able)
    else:
        ratio, favours = facts.ratio, facts.ratio.favours(chosen.turn_time)
        same_line = [
            each
            for each in able
            if each.letter == chosen.letter and ratio.favours(each.turn_time) == favours
        ]
        assert chosen == min(same_line), "within its line nobody goes before"
        assert decided.favoured_run is not None and 0 <= decided.favoured_run <= ratio.share


@given(situations(), moments)
def test_a_call_never_fills_the_room_beyond_its_limit(facts: CallFacts, now: datetime) -> None:
    decided = decide_next_call(facts, now)
    if decided is None or decided.visitor.inside:
        return
    room = facts.occupancy
    assert room.admitting
    assert room.limit is None or room.inside + decided.visitor.party_size <= room.limit
    assert decided.room is None or decided.visitor.party_size <= decided.room


@given(situations(), moments)
def test_the_first_of_each_line_are_enough(facts: CallFacts, now: datetime) -> None:
    """What the store reads: of each line the first who may come, and all who were sent on."""
    room = room_for_calls(
        facts.occupancy, facts.first_outside, facts.let_in_before, facts.rules, now
    )
    heads: dict[tuple[str, bool], Candidate] = {}
    for each in sorted(facts.waiting):
        if each.wanted is None and (each.inside or room.fits(each.party_size)):
            key = each.letter, facts.ratio is not None and facts.ratio.favours(each.turn_time)
            heads.setdefault(key, each)
    sent_on = [each for each in facts.waiting if each.wanted is not None]
    read = replace(facts, waiting=(*heads.values(), *sent_on))
    assert decide_next_call(read, now) == decide_next_call(facts, now)


@given(situations(), moments, st.randoms())
def test_a_decision_is_the_same_each_time_whatever_the_order_read(
    facts: CallFacts, now: datetime, random: Any
) -> None:
    waiting = list(facts.waiting)
    random.shuffle(waiting)
    shuffled = replace(facts, waiting=tuple(waiting))
    assert decide_next_call(shuffled, now) == decide_next_call(facts, now)
