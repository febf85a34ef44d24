"""Who is next: the properties of the turn time that the office publishes on its wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.counter.call_order import StaffedCounter, next_ticket
from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.office.rules import CallingRules, Rules
from queue_server.domain.visit.occupancy import Occupancy
from queue_server.domain.visit.turn import Turn, TurnBasis, turn_time
from tests.domain.examples import NINE, RULES, minutes

seconds = st.integers(0, 6 * 3600)
rules = st.builds(
    Rules,
    calling=st.builds(
        CallingRules,
        grace_minutes=st.integers(0, 30),
        priority_credit_minutes=st.integers(0, 60),
        walk_in_offset_minutes=st.integers(0, 30),
        late_minutes=st.integers(0, 45),
    ),
)
EMPTY = Occupancy(0, 0, None)


def desk(letters: str) -> StaffedCounter:
    return StaffedCounter("3674-1", "ani", frozenset(letters))


@st.composite
def visits(draw: st.DrawFn) -> tuple[datetime | None, datetime, bool]:
    """A visitor's slot (or none), arrival and priority; nobody arrives more than 30 minutes before
    the slot.
    """
    arrived_at = NINE + timedelta(seconds=draw(seconds))
    slot = (
        arrived_at + timedelta(seconds=draw(st.integers(-3 * 3600, 30 * 60)))
        if draw(st.booleans())
        else None
    )
    return slot, arrived_at, draw(st.booleans())


def turn(rules: Rules, visit: tuple[datetime | None, datetime, bool]) -> Turn:
    slot, arrived_at, priority = visit
    return turn_time(rules, slot=slot, arrived_at=arrived_at, priority=priority)


def test_worked_examples() -> None:
    slot = NINE + minutes(30)
    cases = [
        ((None, NINE, False), NINE, TurnBasis.ARRIVAL, 0),
        ((None, NINE, True), NINE - minutes(15), TurnBasis.ARRIVAL, 15),
        ((slot, NINE, False), slot, TurnBasis.SLOT, 0),
        ((slot, slot + minutes(10), False), slot, TurnBasis.SLOT, 0),
        (
            (slot, slot + minutes(10) + timedelta(microseconds=1), False),
            slot + minutes(10) + timedelta(microseconds=1),
            TurnBasis.LATE,
            0,
        ),
        ((slot, slot, True), slot - minutes(15), TurnBasis.SLOT, 15),
        ((slot, slot + minutes(40), True), slot + minutes(25), TurnBasis.LATE, 15),
    ]
    for visit, time, basis, credit in cases:
        assert turn(RULES, visit) == Turn(time, basis, credit)


@given(rules, visits())
def test_a_turn_is_explained_by_its_two_numbers(
    rules: Rules, visit: tuple[datetime | None, datetime, bool]
) -> None:
    slot, arrived_at, priority = visit
    key = turn(rules, visit)
    late = (
        None
        if slot is None
        else max(
            slot + minutes(rules.calling.grace_minutes),
            arrived_at - minutes(rules.calling.late_minutes),
        )
    )
    counted = {
        TurnBasis.SLOT: slot,
        TurnBasis.LATE: late,
        TurnBasis.ARRIVAL: arrived_at + minutes(rules.calling.walk_in_offset_minutes),
    }[key.basis]
    assert counted is not None
    assert key.time == counted - minutes(key.credit_minutes)
    assert key.credit_minutes == (rules.calling.priority_credit_minutes if priority else 0)
    assert (key.basis is TurnBasis.ARRIVAL) == (slot is None)


@given(rules, st.booleans(), seconds, seconds)
def test_first_come_first_served_among_walk_ins(
    rules: Rules, priority: bool, one: int, other: int
) -> None:
    """(i) inside a class the order is that of arrival."""
    keys = [
        turn(rules, (None, NINE + timedelta(seconds=each), priority)).time
        for each in sorted((one, other))
    ]
    assert keys == sorted(keys)
    assert (keys[0] == keys[1]) == (one == other)


@given(rules, st.booleans(), seconds, seconds)
def test_first_come_first_served_among_the_late(
    rules: Rules, priority: bool, one: int, other: int
) -> None:
    """However much of the delay is forgiven, nobody who came later goes first by it."""
    slot = NINE - minutes(31)
    keys = [
        turn(rules, (slot, NINE + timedelta(seconds=each), priority)).time
        for each in sorted((one, other))
    ]
    assert keys == sorted(keys)


@given(
    rules, st.booleans(), st.integers(0, 30 * 60), st.integers(0, 30 * 60), st.integers(0, 30 * 60)
)
def test_the_punctual_are_called_by_slot_however_early_they_come(
    rules: Rules, priority: bool, first: int, early: int, other: int
) -> None:
    slot, later = NINE, NINE + timedelta(seconds=first)
    sooner = turn(rules, (slot, slot - timedelta(seconds=early), priority)).time
    after = turn(rules, (later, later - timedelta(seconds=other), priority)).time
    assert sooner <= after
    assert sooner == slot - minutes(rules.calling.priority_credit_minutes if priority else 0)


@given(rules, visits(), visits(), st.integers(1, 6 * 3600))
def test_who_comes_late_enough_never_passes(
    rules: Rules,
    mine: tuple[datetime | None, datetime, bool],
    other: tuple[datetime | None, datetime, bool],
    later: int,
) -> None:
    """(iii) My time counts from my slot, or from my arrival if that is later; who arrives more than
    the credit, the walk-in offset and the grace (or the forgiven delay, if that is more) after it
    is called after me.
    """
    slot, arrived_at, _ = mine
    counts_from = max(arrived_at, slot or arrived_at)
    window = minutes(
        rules.calling.priority_credit_minutes
        + rules.calling.walk_in_offset_minutes
        + max(rules.calling.grace_minutes, rules.calling.late_minutes)
    )
    theirs = counts_from + window + timedelta(seconds=later)
    their_slot = None if other[0] is None else theirs + (other[0] - other[1])
    assert turn(rules, (their_slot, theirs, other[2])).time > turn(rules, mine).time


def test_the_window_is_no_wider_than_it_must_be() -> None:
    """One with a slot just over by the grace and a credit comes as late as can be and still goes
    first.
    """
    mine = turn(RULES, (None, NINE, False)).time
    assert turn(RULES, (NINE + minutes(14), NINE + minutes(24), True)).time < mine


@given(visits())
def test_nobody_is_earlier_than_slot_or_arrival_less_the_credit(
    visit: tuple[datetime | None, datetime, bool],
) -> None:
    slot, arrived_at, priority = visit
    earliest = min(arrived_at, slot or arrived_at) - minutes(15 if priority else 0)
    assert turn(RULES, visit).time >= earliest


candidates = st.lists(
    st.builds(
        Candidate,
        turn_time=st.integers(0, 20).map(
            lambda number: datetime(2026, 3, 23, 2, number, tzinfo=UTC)
        ),
        ticket=st.uuids().map(str),
        letter=st.sampled_from("ACF"),
        party_size=st.integers(1, 6),
        inside=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda each: each.ticket,
)
letters = st.frozensets(st.sampled_from("ACFU"))


@given(
    candidates,
    letters,
    st.integers(0, 25),
    st.integers(-5, 5),
    st.one_of(st.none(), st.integers(1, 20)),
)
def test_the_next_is_the_smallest_turn_that_may_come(
    waiting: list[Candidate],
    letters: frozenset[str],
    inside: int,
    correction: int,
    limit: int | None,
) -> None:
    """(ii), (v): nobody who may be called is passed by a larger turn, and a counter is idle only if
    nobody may be called.
    """
    occupancy = Occupancy(inside, correction, limit)
    chosen = next_ticket(waiting, StaffedCounter("3674-1", "ani", letters), occupancy)
    able = [
        each
        for each in waiting
        if each.letter in letters and (each.inside or occupancy.fits(each.party_size))
    ]
    if chosen is None:
        assert able == []
        return
    assert chosen in able
    assert all((chosen.turn_time, chosen.ticket) <= (each.turn_time, each.ticket) for each in able)


@given(candidates, letters, st.randoms())
def test_the_order_in_the_store_does_not_matter(
    waiting: list[Candidate], letters: frozenset[str], random: object
) -> None:
    shuffled = list(waiting)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    here = StaffedCounter("3674-1", "ani", letters)
    assert next_ticket(waiting, here, EMPTY) == next_ticket(shuffled, here, EMPTY)


@given(
    candidates,
    st.builds(
        Candidate,
        st.just(NINE + minutes(30)),
        st.uuids().map(str),
        st.just("A"),
        st.just(1),
        st.booleans(),
    ),
)
def test_a_newcomer_with_a_later_turn_changes_nothing(
    waiting: list[Candidate], newcomer: Candidate
) -> None:
    """(iv) a place can be worsened only by a smaller turn time."""
    now = next_ticket(waiting, desk("ACF"), EMPTY)
    if now is not None:
        assert next_ticket([*waiting, newcomer], desk("ACF"), EMPTY) == now


def test_a_party_too_large_waits_while_a_smaller_one_goes_in() -> None:
    family = Candidate(NINE, "a", "A", 4, False)
    single = Candidate(NINE + minutes(5), "b", "A", 1, False)
    assert next_ticket([family, single], desk("A"), Occupancy(18, 0, 20)) == single
    assert next_ticket([family, single], desk("A"), Occupancy(16, 0, 20)) == family
    assert next_ticket([family, single], desk("A"), Occupancy(20, 0, 20)) is None


def test_who_is_inside_is_called_even_into_a_full_room() -> None:
    inside = Candidate(NINE, "a", "A", 4, True)
    assert next_ticket([inside], desk("A"), Occupancy(25, 0, 20)) == inside
