"""How much work a rush asks: nothing of whoever comes alone, bounded for everybody, and never
more than a fifth goes without it."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking import rush
from queue_server.domain.booking.rush import (
    Proof,
    Rush,
    Share,
    admit_taking,
    next_pass,
    seconds_needed,
    seconds_of_address,
    seconds_of_share,
)
from queue_server.domain.errors import LimitReached, LineTooLong, ProofNeeded

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
QUIET = Share(0, 0, 100)


def test_the_examples_in_the_rule_are_true() -> None:
    assert doctest.testmod(rush).failed == 0


@given(st.lists(st.integers(1, 6), min_size=1, max_size=200), st.integers(1, 400))
def test_holds_without_work_never_take_more_than_a_fifth(parties: list[int], places: int) -> None:
    """From as many addresses as there are parties, all within the same minute or each a minute
    apart."""
    for apart in (False, True):
        taken = 0
        for number, people in enumerate(parties):
            share = Share(0 if apart else taken, taken, places - taken)
            if people <= places - taken and seconds_of_share(share, people) == 0:
                taken += people
                assert taken <= places * rush.QUIET_SHARE or number == 0 or taken == people


@given(
    st.integers(0, 10_000),
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(1, 6),
)
def test_the_work_is_bounded_and_grows_with_the_rush(
    address: int, burst: int, before: int, free: int, people: int
) -> None:
    share = Share(burst, burst + before, free)
    found = seconds_needed(Rush(address, 0, [(share, people)]), people)
    assert 0 <= found <= rush.SECONDS_MAX * people
    worse = Share(burst + 1, burst + before + 1, max(0, free - 1))
    if free:
        assert (
            seconds_of_share(worse, people) >= seconds_of_share(share, people) or share.taken == 0
        )
    assert seconds_of_address(address + 1, people) >= seconds_of_address(address, people)


@given(st.integers(0, 200), st.integers(1, 6))
def test_neighbours_cost_little_and_nobody_is_refused_for_them(before: int, people: int) -> None:
    assert seconds_of_address(before, people) <= rush.ADDRESS_SECONDS_MAX * people
    needed = seconds_needed(Rush(before, 0, [(QUIET, people)]), people)
    admit_taking(Rush(before, 0, [(QUIET, people)]), people, Proof(seconds=needed, names=("a",)))


def test_a_party_of_six_is_six() -> None:
    assert seconds_of_address(6, 1) > 0 == seconds_of_address(1, 1)
    share = Share(6, 6, 94)
    assert seconds_of_share(share, 6) > 6 * seconds_of_share(share, 1) / 2


def test_who_comes_alone_is_free_however_few_places_are_left() -> None:
    assert seconds_needed(Rush(0, 0, [(Share(0, 0, 6), 6), (Share(0, 0, 1), 1)]), 6) == 0


def test_a_browser_holds_two_places_or_one_party() -> None:
    free = [(QUIET, 1)]
    admit_taking(Rush(0, 0, [(QUIET, 6)]), 6, Proof())
    admit_taking(Rush(0, 1, free), 1, Proof())
    for held, people in ((2, 1), (1, 2), (6, 1)):
        with pytest.raises(LimitReached) as refused:
            admit_taking(Rush(0, held, free), people, Proof(seconds=1_000))
        assert refused.value.facts == {"rule": "browser", "limit": 2}


def test_a_proof_counts_whole_or_the_rest_is_asked_for() -> None:
    busy = Rush(0, 0, [(Share(9, 9, 91), 1)])
    assert seconds_needed(busy, 1) == 16
    with pytest.raises(ProofNeeded) as refused:
        admit_taking(busy, 1, Proof(seconds=10))
    assert refused.value.facts == {"seconds": 6, "people": 1}
    assert admit_taking(busy, 1, Proof(seconds=16)), "it was needed, so it is used up"
    assert admit_taking(busy, 1, Proof(pass_people=1)), "a pass is as good"
    with pytest.raises(ProofNeeded):
        admit_taking(Rush(0, 0, [(Share(9, 9, 91), 2)]), 2, Proof(pass_people=1))
    assert not admit_taking(Rush(0, 0, [(QUIET, 1)]), 1, Proof(seconds=16)), (
        "in quiet times it is kept for later"
    )


def test_a_pass_comes_due_a_minute_a_person_after_the_one_before() -> None:
    first, line = next_pass(None, 2, NOW)
    assert first == NOW + rush.FIRST_PASS
    second, line = next_pass(line, 1, NOW)
    assert second == first + 2 * rush.PASS_SPACING
    late = NOW + timedelta(hours=1)
    assert next_pass(line, 1, late)[0] == late + rush.FIRST_PASS, (
        "nobody waits for a line that is gone"
    )
    with pytest.raises(LineTooLong):
        next_pass(NOW + timedelta(minutes=31), 1, NOW)
