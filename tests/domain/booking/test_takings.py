"""Whether somebody may take places from where they ask: who is judged, and for how many persons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.rush import BURST, Proof, Source
from queue_server.domain.booking.takings import (
    Counts,
    Crowd,
    Replaced,
    admit_source,
    counts_from,
    judged_people,
)
from queue_server.domain.errors import LimitReached, ProofNeeded
from queue_server.domain.visit.claim import Claim, Pool
from tests.domain.booking.wishing import NOW, OFFICE, PLAN, SLOT, SOURCE, refusal

CLAIM = Claim(SLOT, 1, "A", Pool.ONLINE, 1)
AFTER = PLAN.change(CLAIM, 1)


def admit(
    source: Source | None = SOURCE, crowd: Crowd | None = None, replaced: Replaced | None = None
) -> bool:
    return admit_source(OFFICE, AFTER, CLAIM, source, crowd, replaced, NOW)


@pytest.mark.parametrize(
    ("source", "before", "judged"),
    [
        (None, None, 0),
        (replace(SOURCE, judged=False), None, 0),
        (SOURCE, None, 3),
        (SOURCE, 1, 2),
        (SOURCE, 3, 0),
        (SOURCE, 6, 0),
    ],
)
def test_those_who_are_new_are_judged(
    source: Source | None, before: int | None, judged: int
) -> None:
    replaced = None if before is None else Replaced(NOW, before)
    assert judged_people(source, 3, replaced) == judged


def test_whom_nobody_judges_the_crowd_does_not_stop() -> None:
    assert admit(source=None) is False
    assert admit(replaced=Replaced(NOW, 1)) is False


def test_the_browser_is_asked_before_the_work() -> None:
    rush = Counts(of_address=500, of_browser=9)
    assert refusal(lambda: admit(crowd=Crowd(rush))) == (LimitReached, "browser")
    unseen = replace(SOURCE, browser=None)
    assert refusal(lambda: admit(unseen, Crowd(rush))) == (ProofNeeded, None)


@given(st.integers(0, 40), st.booleans(), st.booleans())
def test_a_proof_is_used_up_only_where_it_was_needed_and_never_twice(
    of_address: int, shown: bool, used: bool
) -> None:
    source = replace(SOURCE, proof=Proof(99, names=("one",))) if shown else SOURCE
    crowd = Crowd(Counts(of_address=of_address), is_proof_used=used)
    needed = of_address >= 5
    if needed and (used or not shown):
        assert refusal(lambda: admit(source, crowd)) == (ProofNeeded, None)
    else:
        assert admit(source, crowd) is needed


def test_the_persons_of_the_hold_before_go_on_counting() -> None:
    """Who changes the time of five for one of six asks as the sixth."""
    six = replace(CLAIM, people=6)
    plan = PLAN.change(six, 1)
    for since in (NOW, NOW - BURST):
        with pytest.raises(ProofNeeded) as told:
            admit_source(OFFICE, plan, six, SOURCE, Crowd(), Replaced(since, 5), NOW)
        assert told.value.facts["people"] == 1


@pytest.mark.parametrize(("party", "since"), [(1, "before"), (2, "before"), (3, "now")])
def test_who_changes_the_time_for_no_more_persons_counts_from_before(
    party: int, since: str
) -> None:
    before = NOW - BURST
    assert counts_from(party, Replaced(before, 2), NOW) == {"before": before, "now": NOW}[since]
    assert counts_from(party, None, NOW) == NOW
