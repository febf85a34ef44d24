"""The pace of a kiosk without the server: the same as the server would hold it to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.issuing.rules import LeaseRefused, admit_pace
from kiosk.records.journal import Wish
from queue_server.domain.door.kiosk_pace import spend_pace
from queue_server.domain.errors import KioskResting
from queue_server.domain.office.rules import DoorRules, Rules
from tests.kiosk.issuing.leases import CODE, LEASE, NOW, Desk

PACED = dataclasses.replace(LEASE, pace_seconds=5, burst_numbers=3)
WALK_IN = Wish("id", "REK")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.book.store(PACED)
    yield made
    made.records.close()


def test_a_game_at_the_screen_does_not_empty_the_lease(desk: Desk) -> None:
    for press in range(3):
        assert desk.touch(f"k{press}", WALK_IN).slip is not None
    with pytest.raises(LeaseRefused) as refused:
        desk.touch("k3", WALK_IN)
    assert (refused.value.code, refused.value.facts) == (
        "kiosk_resting",
        {"retry_after_seconds": 5},
    )
    assert desk.touch("k4", Wish("id", code=CODE)).slip is not None, "a booking is no game"
    desk.pass_time(hours=5 / 3600)
    assert desk.touch("k5", WALK_IN).slip is not None


@given(
    gaps_s=st.lists(st.integers(0, 20), max_size=40),
    pace_seconds=st.integers(1, 9),
    burst=st.integers(1, 8),
)
def test_the_kiosk_refuses_what_the_server_would_refuse(
    gaps_s: list[int], pace_seconds: int, burst: int
) -> None:
    rules = Rules(door=DoorRules(kiosk_pace_seconds=pace_seconds, kiosk_burst_numbers=burst))
    lease = dataclasses.replace(LEASE, pace_seconds=pace_seconds, burst_numbers=burst)
    now, numbers, paid_until = NOW, list[datetime](), None
    for gap_s in gaps_s:
        now += timedelta(seconds=gap_s)
        expected = None
        try:
            paid_until = spend_pace(rules, paid_until, now)
        except KioskResting as resting:
            expected = resting.facts["retry_after_seconds"]
        refused = None
        try:
            admit_pace(lease, tuple(numbers), now)
            numbers.append(now)
        except LeaseRefused as refusal:
            refused = refusal.facts["retry_after_seconds"]
        assert refused == expected


def test_a_clock_that_was_set_back_costs_one_credit(desk: Desk) -> None:
    tomorrow = tuple(NOW + timedelta(days=1, seconds=each) for each in range(3))
    with pytest.raises(LeaseRefused) as refused:
        admit_pace(PACED, tomorrow, NOW)
    assert refused.value.facts == {"retry_after_seconds": 5}
