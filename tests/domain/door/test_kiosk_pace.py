"""The pace of one kiosk: a rush passes for as long as it likes, a game at the screen is stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.door.kiosk_pace import admit_kiosk_party, spend_pace
from queue_server.domain.errors import KioskResting, PartyForStaff
from queue_server.domain.office.rules import Rules

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
RULES = Rules()


def given_of(gaps: list[float], rules: Rules = RULES) -> int:
    """How many numbers are given to parties that come with these gaps between them, seconds."""
    now, paid, numbers = NOW, None, 0
    for gap in gaps:
        now += timedelta(seconds=gap)
        try:
            paid = spend_pace(rules, paid, now)
        except KioskResting:
            continue
        numbers += 1
    return numbers


def test_forty_presses_in_fourteen_seconds_give_ten_numbers() -> None:
    assert given_of([14 / 40] * 40) == 10


@given(st.lists(st.floats(6, 8), min_size=1, max_size=300))
def test_a_morning_rush_at_one_kiosk_is_never_stopped(gaps: list[float]) -> None:
    assert given_of(gaps) == len(gaps)


def test_eight_at_once_and_a_rush_behind_them_pass() -> None:
    assert given_of([0.5] * 8) == 8 and given_of([1] * 8 + [6] * 200) == 208


@given(st.lists(st.floats(0, 20), min_size=1, max_size=100), st.integers(1, 60), st.integers(1, 20))
def test_no_pattern_gives_more_than_the_credit_and_the_pace(
    gaps: list[float], pace: int, burst: int
) -> None:
    rules = replace(
        RULES, door=replace(RULES.door, kiosk_pace_seconds=pace, kiosk_burst_numbers=burst)
    )
    assert given_of(gaps, rules) <= burst + sum(gaps[1:]) / pace + 1e-6


def test_after_the_pause_that_is_told_the_next_number_is_given() -> None:
    paid = None
    for _ in range(8):
        paid = spend_pace(RULES, paid, NOW)
    with pytest.raises(KioskResting) as refused:
        spend_pace(RULES, paid, NOW)
    pause = int(str(refused.value.facts["retry_after_seconds"]))
    assert pause == 5 and spend_pace(RULES, paid, NOW + timedelta(seconds=pause)) > NOW


def test_a_clock_set_back_by_an_hour_stops_a_kiosk_for_no_longer_than_its_pace() -> None:
    paid = spend_pace(RULES, None, NOW + timedelta(hours=1))
    with pytest.raises(KioskResting) as refused:
        spend_pace(RULES, paid, NOW)
    assert refused.value.facts["retry_after_seconds"] == 5


def test_an_office_may_do_without_a_pace() -> None:
    assert (
        given_of([0] * 500, replace(RULES, door=replace(RULES.door, kiosk_pace_seconds=None)))
        == 500
    )


@pytest.mark.parametrize(
    ("party", "refused"), [(1, False), (3, False), (4, True), (6, True), (7, False)]
)
def test_a_large_party_is_the_staff_s_matter(party: int, refused: bool) -> None:
    if refused:
        with pytest.raises(PartyForStaff):
            admit_kiosk_party(party, 3, 6)
    else:
        admit_kiosk_party(party, 3, 6)
