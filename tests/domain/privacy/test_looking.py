"""Who may look at one person's data, what stands against erasing it, and what an incident asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput, LimitReached
from queue_server.domain.privacy.incident import (
    CHOSEN,
    NOTICE_WITHIN,
    Step,
    begin,
    next_step,
    note_step,
)
from queue_server.domain.privacy.looking import (
    LOOKS_MAX,
    LOOKS_WITHIN,
    Standing,
    StillLive,
    admit_erasing,
    admit_look,
    tell_apart,
)

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


@given(st.lists(st.integers(0, 7_200), max_size=40))
def test_nobody_looks_more_often_than_the_limit_within_an_hour(seconds_ago: list[int]) -> None:
    looked = [NOW - timedelta(seconds=each) for each in seconds_ago]
    lately = sum(timedelta(seconds=each) < LOOKS_WITHIN for each in seconds_ago)
    if lately < LOOKS_MAX:
        admit_look(looked, NOW)
    else:
        with pytest.raises(LimitReached) as refused:
            admit_look(looked, NOW)
        assert refused.value.facts == {"rule": "looks", "limit": LOOKS_MAX}


@pytest.mark.parametrize(
    ("standing", "cancelling", "may"),
    [
        (Standing(0, 0, 0), False, True),
        (Standing(1, 0, 0), False, False),
        (Standing(0, 1, 0), False, False),
        (Standing(2, 1, 0), True, True),
        (Standing(0, 0, 1), True, False),
    ],
)
def test_what_is_still_needed_is_not_erased(
    standing: Standing, cancelling: bool, may: bool
) -> None:
    if may:
        admit_erasing(standing, cancelling=cancelling)
    else:
        with pytest.raises(StillLive):
            admit_erasing(standing, cancelling=cancelling)


def test_persons_behind_one_number_are_each_named_once() -> None:
    assert tell_apart(["b", "a", "b"]) == ["b", "a"]


@given(st.frozensets(st.sampled_from(sorted(CHOSEN))))
def test_an_incident_takes_each_wanted_step_once_and_in_order(choices: frozenset[Step]) -> None:
    incident = begin("x", NOW - timedelta(hours=3), NOW - timedelta(hours=1), choices, NOW)
    taken = []
    while (step := next_step(incident)) is not None:
        taken.append(step)
        incident = note_step(incident, step, count=1)
        assert note_step(incident, step, count=2) == incident, "the first time stays"
    assert taken == [each for each in Step if each not in CHOSEN - choices]
    assert incident.notice_due_at == NOW - timedelta(hours=1) + NOTICE_WITHIN
    assert timedelta(hours=72) == NOTICE_WITHIN


@pytest.mark.parametrize(("since", "noticed", "field"), [(0, 1, "noticed_at"), (-1, -2, "since")])
def test_an_incident_does_not_begin_after_it_was_noticed(
    since: int, noticed: int, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        begin("x", NOW + timedelta(hours=since), NOW + timedelta(hours=noticed), frozenset(), NOW)
    assert refused.value.facts["field"] == field
