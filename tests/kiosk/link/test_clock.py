"""The office's time on a machine whose clock is set, lost or without a battery."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.link.clock import FAR_SECONDS, Machine, OfficeClock
from kiosk.records.database import Records

NINE = datetime.fromisoformat("2026-11-23T09:00:00+07:00")
HOUR = timedelta(hours=1)


class Box:
    """A machine with a file; `boot` is its present start."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.sqlite3"
        self.wall_clock = NINE.timestamp()
        self.steady = 100.0
        self.boot = "first"
        self.keeps_time = True

    def start(self) -> OfficeClock:
        """The agent starts, on this machine as it is now."""
        machine = Machine(lambda: self.wall_clock, lambda: self.steady, self.boot, self.keeps_time)
        return OfficeClock(Records(self.path), machine)

    def pass_time(self, span: timedelta) -> None:
        self.wall_clock += span.total_seconds()
        self.steady += span.total_seconds()

    def restart(self, *, wall: datetime) -> OfficeClock:
        self.boot, self.steady, self.wall_clock = "second", 3.0, wall.timestamp()
        return self.start()


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_nobody_knows_the_time_before_the_server_has_told_it(box: Box) -> None:
    assert box.start().now() is None


def test_whoever_sets_the_machines_clock_moves_nothing(box: Box) -> None:
    clock = box.start()
    clock.set(NINE)
    box.pass_time(HOUR)
    box.wall_clock -= 3600 * 24 * 365
    assert clock.now() == NINE + HOUR
    assert clock.guess().utcoffset() == timedelta(hours=7)


def test_a_restart_of_the_agent_alone_loses_nothing(box: Box) -> None:
    box.start().set(NINE)
    box.wall_clock += 3600
    box.steady += 60
    assert box.start().now() == NINE + timedelta(minutes=1)


def test_a_restarted_machine_with_a_battery_is_believed(box: Box) -> None:
    box.start().set(NINE)
    assert box.restart(wall=NINE + HOUR).now() == NINE + HOUR


@pytest.mark.parametrize(
    ("wall", "keeps_time"),
    [
        (NINE - HOUR, True),
        (NINE + timedelta(seconds=FAR_SECONDS + 60), True),
        (NINE + HOUR, False),  # such a machine starts where it stopped, hours later or not
    ],
)
def test_a_restarted_machine_with_a_doubtful_clock_is_not(
    box: Box, wall: datetime, keeps_time: bool
) -> None:
    box.start().set(NINE)
    box.keeps_time = keeps_time
    clock = box.restart(wall=wall)
    assert clock.now() is None
    clock.set(NINE + HOUR)
    assert clock.now() == NINE + HOUR


def test_the_last_known_moment_is_kept_while_nobody_answers(box: Box) -> None:
    clock = box.start()
    clock.set(NINE)
    box.pass_time(HOUR)
    clock.save()
    assert box.restart(wall=NINE + HOUR / 2).now() is None


def test_an_office_whose_clock_differs_from_the_machines_is_followed(box: Box) -> None:
    box.wall_clock -= 3 * 3600
    box.start().set(NINE)
    wall = NINE + HOUR - timedelta(hours=3)
    assert box.restart(wall=wall).now() == NINE + HOUR
