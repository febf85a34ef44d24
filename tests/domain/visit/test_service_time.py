"""How long a visit is served, against the planned minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.visit.service_time import Pace, service_target
from queue_server.domain.visit.transitions import State
from tests.domain.examples import NINE, minutes, ticket_in


def test_ten_planned_minutes() -> None:
    target = service_target(ticket_in(State.SERVING), 10)
    assert target is not None
    assert (target.minutes, target.longer_from, target.asked_from) == (
        10,
        NINE + minutes(10),
        NINE + minutes(20),
    )
    paces = [target.pace_at(NINE + timedelta(seconds=each)) for each in (0, 599, 600, 1199, 1200)]
    assert paces == [Pace.AS_PLANNED, Pace.AS_PLANNED, Pace.LONGER, Pace.LONGER, Pace.FORGOTTEN]


@pytest.mark.parametrize("state", [each for each in State if each is not State.SERVING])
def test_only_who_is_being_served_has_one(state: State) -> None:
    assert service_target(ticket_in(state), 10) is None


@given(st.integers(1, 240), st.lists(st.integers(0, 50_000), min_size=2))
def test_the_pace_only_ever_grows(planned: int, seconds: list[int]) -> None:
    target = service_target(ticket_in(State.SERVING), planned)
    assert target is not None and target.longer_from < target.asked_from
    order = list(Pace)
    paces = [
        order.index(target.pace_at(NINE + timedelta(seconds=each))) for each in sorted(seconds)
    ]
    assert paces == sorted(paces)
