"""In which order access is closed, whatever was chosen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput
from queue_server.domain.privacy.incident import CHOSEN, Step, begin, next_step, note_step

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


@given(choices=st.frozensets(st.sampled_from(Step)))
def test_every_step_is_taken_once_and_passwords_before_second_factors(
    choices: frozenset[Step],
) -> None:
    incident, taken = begin("i", NOW, NOW, choices, NOW), []
    while (step := next_step(incident)) is not None:
        incident = note_step(incident, step, number=len(taken))
        taken.append(step)
    assert taken == [each for each in Step if each not in CHOSEN or each in choices]
    # In the other order a stranger could add a factor of their own in between.
    assert sorted(taken, key=list(Step).index) == taken
    assert list(Step).index(Step.PASSWORDS) < list(Step).index(Step.SECOND_FACTORS)
    assert note_step(incident, taken[0], number=99) == incident, "the first time stays"


@pytest.mark.parametrize(
    ("since", "noticed_at", "field"),
    [
        (NOW, NOW.replace(hour=4), "noticed_at"),
        (NOW.replace(hour=2, minute=1), NOW.replace(hour=2), "since"),
    ],
)
def test_nothing_is_noticed_before_it_began_or_in_time_to_come(
    since: datetime, noticed_at: datetime, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        begin("i", since, noticed_at, frozenset(), NOW)
    assert refused.value.facts["field"] == field
