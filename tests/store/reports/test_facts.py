"""Picking some facts out of a text says what reading all of it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.events import EventType
from queue_server.domain.reports.line import TOLD_BY_FACTS
from queue_server.store.reports.facts import pick_facts

NAMES = sorted({name for names in TOLD_BY_FACTS.values() for name in names})
TEXTS = st.one_of(
    st.text(alphabet='"\\{}:, aé', max_size=8), st.sampled_from([f'"{name}": 1' for name in NAMES])
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | TEXTS,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | TEXTS, inside, max_size=3)
    ),
    max_leaves=8,
)
FACTS = st.dictionaries(st.sampled_from(NAMES) | TEXTS, VALUES, max_size=8)


@given(
    FACTS,
    st.sampled_from(sorted(TOLD_BY_FACTS)),
    st.sampled_from([(", ", ": "), (",", ":"), (" , ", ":  ")]),
    st.booleans(),
)
def test_what_is_picked_is_what_reading_all_gives(
    facts: dict[str, Any], type: EventType, separators: tuple[str, str], is_ascii: bool
) -> None:
    text = json.dumps(facts, separators=separators, ensure_ascii=is_ascii)
    picked = pick_facts(type, text)
    assert picked is not None
    for name in TOLD_BY_FACTS[type]:
        assert (name in picked, picked.get(name)) == (name in facts, facts.get(name))


def test_events_that_only_happen_have_no_facts() -> None:
    assert pick_facts(EventType.STARTED, '{"counter": "1"}') is None


@pytest.mark.parametrize("text", ['{"direct":true}', '{ "direct":\ttrue }'])
def test_white_space_does_not_matter(text: str) -> None:
    assert pick_facts(EventType.CALLED, text) == {"direct": True}
