"""How much paper is left, by the count and by the sensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer.spool.roll import NEAR_END_MM, Roll, RollForecast, forecast_roll
from printer.spool.store import Spool
from queue_server.protocol.messages import Slip

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
ROLL = Roll("1", NOW - timedelta(days=2), used_mm=60_000, slips=500)


def test_a_roll_that_nobody_has_told_of_is_unknown() -> None:
    assert forecast_roll(replace(ROLL, changed_at=None), 80_000, [], NOW) == RollForecast(-1, None)


def test_what_is_left_is_counted_in_slips_of_the_length_so_far() -> None:
    assert forecast_roll(ROLL, 80_000, [], NOW).slips_left == 166


def test_the_end_is_told_by_the_pace_of_the_day() -> None:
    sent_at = [NOW - timedelta(minutes=minutes) for minutes in range(6, 121, 6)]
    forecast = forecast_roll(ROLL, 80_000, sent_at, NOW)
    assert forecast.ends_at == NOW + timedelta(minutes=6 * 166)


def test_the_pace_of_a_few_minutes_or_of_yesterday_tells_nothing() -> None:
    for minutes in ([1, 2, 3], [13 * 60]):
        sent_at = [NOW - timedelta(minutes=each) for each in minutes]
        assert forecast_roll(ROLL, 80_000, sent_at, NOW).ends_at is None


def test_the_sensors_know_better_than_the_count() -> None:
    new = replace(ROLL, used_mm=0, slips=0)
    assert forecast_roll(new, 80_000, [], NOW).slips_left == 666
    assert forecast_roll(new, 80_000, [], NOW, near_end=True).slips_left == NEAR_END_MM // 120
    assert forecast_roll(new, 80_000, [], NOW, paper_out=True) == RollForecast(0, NOW)
    unknown = replace(new, changed_at=None)
    assert forecast_roll(unknown, 80_000, [], NOW, near_end=True).slips_left == 25


@given(
    used_mm=st.floats(0, 200_000),
    slips=st.integers(0, 5000),
    near_end=st.booleans(),
    ages=st.lists(st.integers(-100_000, 100_000)),
)
def test_no_count_goes_below_nothing_or_ends_in_the_past(
    used_mm: float, slips: int, near_end: bool, ages: list[int]
) -> None:
    roll = replace(ROLL, used_mm=used_mm, slips=slips)
    sent_at = [NOW - timedelta(seconds=age) for age in ages]
    forecast = forecast_roll(roll, 80_000, sent_at, NOW, near_end=near_end)
    assert forecast.slips_left >= 0
    assert forecast.ends_at is None or forecast.ends_at >= NOW


@pytest.mark.parametrize(
    ("steps", "used_mm"),
    [(["confirm"], 110.0), (["lose"], 110.0), (["lose", "deny"], 0.0), (["take_back"], 0.0)],
)
def test_the_spool_counts_what_has_gone_to_the_printer(
    tmp_path: Path,
    clock: Callable[[], datetime],
    make_slip: Callable[..., Slip],
    steps: list[str],
    used_mm: float,
) -> None:
    spool = Spool(tmp_path / "spool.sqlite3", clock)
    spool.change_roll("1")
    job = spool.add(make_slip(), b"", 180)
    spool.send(job.id, "1", 110.0)
    for step in steps:
        spool.act(job.id, step)
    assert spool.roll("1") == Roll("1", clock(), used_mm, 1 if used_mm else 0)
    assert len(spool.sent_since("1", clock())) == (1 if used_mm else 0)
    spool.change_roll("1")
    assert spool.roll("1").used_mm == 0
    spool.close()
