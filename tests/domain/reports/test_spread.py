"""Percentiles are nearest-rank, and the same however the durations were added up."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.reports.spread import Spread

SECONDS = st.lists(st.integers(0, 50_000), max_size=60)


@given(SECONDS, SECONDS, st.integers(1, 100))
def test_a_percentile_is_the_smallest_duration_that_so_many_do_not_exceed(
    some: list[int], others: list[int], percent: int
) -> None:
    whole, part = Spread(), Spread()
    whole.add(some)
    part.add(others)
    whole.merge(part)
    values = sorted(some + others)
    assert whole.number == len(values)
    expected = values[math.ceil(percent * len(values) / 100) - 1] if values else None
    assert whole.percentile(percent) == expected


def test_of_nothing_there_is_no_percentile() -> None:
    assert Spread().percentile(50) is None
