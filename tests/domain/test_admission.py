"""The door's rules as pure decisions: who comes in, who keeps the door, and what the guard is told."""
from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.admission import DoorState, choose_entering, keeps_door, see_door
from queue_server.domain.call_order import Candidate
from queue_server.domain.occupancy import Occupancy
from queue_server.domain.office import Rules
from tests.domain.examples import NINE, minutes

RULES = Rules(pass_over_minutes=20)


def party(size: int, turn: float = 0, id: str | None = None) -> Candidate:
    return Candidate(NINE + minutes(turn), id or f"t{turn}", "A", size, False)


sizes = st.lists(st.integers(1, 8), max_size=12)


@given(sizes, st.integers(0, 12), st.integers(0, 12))
def test_entering_is_strictly_in_order_but_for_those_who_could_never_fit(persons: list[int], inside: int, limit: int) -> None:
    outside = [party(size, turn) for turn, size in enumerate(persons)]
    room = Occupancy(inside, 0, limit)
    entering = choose_entering(outside, room)
    assert room.inside + sum(each.party_size for each in entering) <= max(limit, room.inside)
    able = [each for each in outside if each.party_size <= limit]
    assert entering == able[: len(entering)]
    if len(entering) < len(able):
        filled = room.inside + sum(each.party_size for each in entering)
        assert filled + able[len(entering)].party_size > limit, "the next party really does not fit"


def test_a_stopped_door_lets_nobody_in() -> None:
    assert choose_entering([party(1)], Occupancy(0, 0, None, admitting=False)) == []
    assert len(choose_entering([party(1), party(3, 1)], Occupancy(0, 0, None))) == 2


@pytest.mark.parametrize(
    ("first", "inside", "now", "kept"),
    [(party(3), 4, NINE + minutes(19), False), (party(3), 4, NINE + minutes(20), True), (party(3), 2, NINE + minutes(60), False),
     (None, 4, NINE + minutes(60), False)],
)
def test_the_first_party_keeps_the_door_after_its_time(first: Candidate | None, inside: int, now: datetime, kept: bool) -> None:
    assert keeps_door(first, Occupancy(inside, 0, 5), RULES, now) is kept


@pytest.mark.parametrize(
    ("first", "large", "room", "open", "state"),
    [
        (None, None, Occupancy(3, 0, 5), True, DoorState.OPEN), (None, None, Occupancy(3, 0, None), True, DoorState.OPEN),
        (None, None, Occupancy(5, 0, 5), True, DoorState.FULL), (party(1), None, Occupancy(7, 0, 5), True, DoorState.OVER_LIMIT),
        (None, None, Occupancy(4, 2, 5), False, DoorState.OVER_LIMIT),
        (None, None, Occupancy(6, 0, 5, admitting=False), True, DoorState.STOPPED),
        (party(3), None, Occupancy(3, 0, 5), True, DoorState.PARTY_WAITS), (None, party(6), Occupancy(0, 0, 5), True, DoorState.TOO_LARGE),
        (party(1), party(6), Occupancy(5, 0, 5), True, DoorState.FULL), (party(1), None, Occupancy(0, 0, 5), False, DoorState.CLOSED),
        (party(1), None, Occupancy(0, 0, 5, admitting=False), True, DoorState.STOPPED),
        (None, None, Occupancy(0, 0, 0), True, DoorState.FULL),
    ],
)
def test_the_guard_is_told_why(first: Candidate | None, large: Candidate | None, room: Occupancy, open: bool, state: DoorState) -> None:
    sight = see_door(first, large, room, open=open)
    assert sight.state is state
    assert sight.party is {DoorState.TOO_LARGE: large, DoorState.PARTY_WAITS: first}.get(state, sight.party)
