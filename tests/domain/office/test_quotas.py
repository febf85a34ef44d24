"""A quota of a stream bounds every slot of a day, whatever counters, shares and services it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.booking.slots import share_visits, visits_per_slot
from queue_server.domain.errors import BadInput, DayFull
from queue_server.domain.office.office import Office, Stream
from queue_server.domain.office.settings.quotas import (
    admit_quotas,
    admit_walk_in,
    is_walk_in_quota_used,
)
from tests.fixtures.application import make_office

DAY = date(2026, 11, 23)


def with_quotas(**quotas: int | None) -> Office:
    office = make_office("o")
    return replace(office, streams=tuple(replace(each, **quotas) for each in office.streams))


@given(
    quota=st.integers(0, 12),
    minutes=st.integers(1, 90),
    online=st.integers(0, 10),
    positions=st.integers(1, 40),
)
def test_no_slot_has_more_visits_than_the_quota(
    quota: int, minutes: int, online: int, positions: int
) -> None:
    office = with_quotas(slot_quota=quota)
    booking = replace(office.rules.booking, online_share=online / 10, urgent_share=0.0)
    office = replace(
        office,
        rules=replace(office.rules, booking=booking),
        services=tuple(replace(each, minutes=minutes) for each in office.services),
    )
    letter = office.streams[0].letter
    free = replace(office, streams=tuple(replace(each, slot_quota=None) for each in office.streams))
    for position in range(positions):
        assert sum(share_visits(office, letter, position)) <= quota
    assert visits_per_slot(office, letter) == min(quota, visits_per_slot(free, letter))


def test_walk_ins_are_counted_against_their_quota() -> None:
    office = with_quotas(walk_in_quota=2)
    admit_walk_in(office, "A", 1, DAY)
    with pytest.raises(DayFull) as why:
        admit_walk_in(office, "A", 2, DAY)
    assert why.value.facts == {"date": "2026-11-23", "stream": "A", "quota": 2}
    assert not is_walk_in_quota_used(with_quotas(), "A", 9_999)


@pytest.mark.parametrize("quota", [-1, 10_000])
@pytest.mark.parametrize("field", ["slot_quota", "walk_in_quota"])
def test_a_quota_that_cannot_be_is_refused(field: str, quota: int) -> None:
    with pytest.raises(BadInput) as why:
        admit_quotas(replace(Stream("A", {"id": "A"}), **{field: quota}))
    assert why.value.facts["field"] == field
