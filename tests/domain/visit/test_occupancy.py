"""The room's limit: whole parties, corrections, and parties that could never fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput, DomainError, FewerWithoutTicket, RoomFull
from queue_server.domain.visit.occupancy import (
    Occupancy,
    admit_party,
    admit_party_size,
    correct,
    count_anew,
)

parties = st.integers(1, 6)


@given(st.integers(0, 50), st.integers(0, 60), st.integers(1, 50), parties)
def test_a_party_is_admitted_exactly_when_it_fits_whole(
    ticketed: int, correction: int, limit: int, party: int
) -> None:
    room = Occupancy(ticketed, correction, limit)
    assert room.inside == ticketed + correction and room.over == max(0, room.inside - limit)
    if room.inside + party <= limit:
        admit_party(room, party)
    else:
        with pytest.raises(RoomFull) as told:
            admit_party(room, party)
        assert told.value.facts == {"inside": room.inside, "limit": limit, "party_size": party}


@given(st.lists(parties, max_size=40), st.integers(1, 20), st.integers(0, 10))
def test_no_order_of_arrivals_breaks_the_limit(
    arrivals: list[int], limit: int, correction: int
) -> None:
    inside = 0
    for party in arrivals:
        room = Occupancy(inside, min(correction, limit), limit)
        if room.fits(party):
            inside += party
        assert Occupancy(inside, min(correction, limit), limit).inside <= limit


@given(st.integers(0, 10_000), st.integers(0, 10_000), parties)
def test_without_a_limit_everybody_fits(ticketed: int, correction: int, party: int) -> None:
    room = Occupancy(ticketed, correction, None)
    assert room.fits(party) and room.over == 0


@given(
    st.integers(0, 50),
    st.none() | st.integers(0, 60),
    st.lists(st.integers(-5, 5) | st.integers(0, 90), max_size=30),
)
def test_no_count_of_a_guard_or_a_sensor_takes_ticketed_persons_away(
    ticketed: int, sensed: int | None, presses: list[int]
) -> None:
    """Small numbers are presses of plus and minus, others a count by eye."""
    room = Occupancy(ticketed, 0, 20, sensed)
    for press in presses:
        try:
            correction = correct(room, press) if press <= 5 else count_anew(room, press)
        except DomainError:
            continue
        room = Occupancy(ticketed, correction, 20, sensed)
        assert room.correction >= 0 and room.inside >= ticketed


def test_only_persons_without_a_ticket_are_counted_out() -> None:
    room = Occupancy(8, 2, 20)
    assert correct(room, -2) == 0
    with pytest.raises(FewerWithoutTicket) as told:
        correct(room, -3)
    assert told.value.facts == {"without_ticket": 2, "ticketed": 8}
    with pytest.raises(BadInput):
        correct(room, -11)
    with pytest.raises(BadInput):
        count_anew(room, 7)


def test_after_a_correction_above_the_limit_nobody_is_admitted() -> None:
    assert not Occupancy(5, 20, 20).fits(1)


@pytest.mark.parametrize(("party", "largest"), [(0, 6), (-1, 6), (7, 6), (5, 4)])
def test_a_party_that_can_never_fit_is_bad_input(party: int, largest: int) -> None:
    with pytest.raises(BadInput) as told:
        admit_party_size(party, largest)
    assert told.value.facts == {"field": "party_size", "reason": "range", "low": 1, "high": largest}


@given(parties)
def test_a_usual_party_is_not_refused(party: int) -> None:
    admit_party_size(party, 6)
