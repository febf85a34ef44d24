"""Which board is shown: older ones dropped, restarts survived, a server that went back believed the
second time.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from display.board_keeper import BoardKeeper
from queue_server.protocol.messages import Board

BOARD = Board(
    office="3674",
    office_name="Dukcapil",
    date="2026-11-23",
    version=("2026-11-23", 7),
    sent_at="2026-11-23T09:00:00+07:00",
    build="b1",
    zone="Asia/Jakarta",
    mode="NORMAL",
    open=True,
    inside=3,
    limit=20,
    waiting=4,
)
NOW = 1_795_399_200.0  # 2026-11-23T09:00:00+07:00


def version(date: str, seq: int) -> Board:
    return dataclasses.replace(BOARD, date=date, version=(date, seq))


class Clock:
    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def changes() -> list[None]:
    return []


@pytest.fixture
def run() -> Clock:
    """The clock that only goes forward; `clock` may be corrected."""
    return Clock(500.0)


@pytest.fixture
def keeper(tmp_path: Path, clock: Clock, run: Clock, changes: list[None]) -> BoardKeeper:
    return BoardKeeper(tmp_path / "board.json", clock, lambda: changes.append(None), run)


@pytest.mark.parametrize(
    ("shown", "comes", "taken"),
    [
        (("2026-11-23", 7), ("2026-11-23", 8), True),
        (("2026-11-23", 7), ("2026-11-23", 7), True),
        (("2026-11-23", 7), ("2026-11-23", 6), False),
        (("2026-11-23", 7), ("2026-11-24", 1), True),
        (("2026-11-24", 1), ("2026-11-23", 900), False),
        (("2026-11-23", 9), ("2026-11-23", 10), True),
    ],
)
def test_a_live_board_replaces_only_an_older_one(
    keeper: BoardKeeper,
    changes: list[None],
    shown: tuple[str, int],
    comes: tuple[str, int],
    taken: bool,
) -> None:
    keeper.take_live(version(*shown))
    changes.clear()
    assert keeper.take_live(version(*comes)) is taken
    assert keeper.board is not None and keeper.board.version == (comes if taken else shown)
    assert len(changes) == taken


def test_a_late_answer_is_dropped_when_something_newer_came_while_it_travelled(
    keeper: BoardKeeper,
) -> None:
    keeper.take_live(version("2026-11-23", 7))
    for _ in range(5):
        before = keeper.board
        keeper.take_live(dataclasses.replace(version("2026-11-23", 9)))
        assert not keeper.take_fetched(version("2026-11-23", 8), before)
    assert keeper.board is not None and keeper.board.version[1] == 9


def test_a_restored_server_is_believed_when_it_says_so_twice(keeper: BoardKeeper) -> None:
    keeper.take_live(version("2026-11-23", 7))
    assert not keeper.take_fetched(version("2026-11-23", 3), keeper.board)
    assert keeper.take_fetched(version("2026-11-23", 4), keeper.board)
    assert keeper.board is not None and keeper.board.version[1] == 4
    assert keeper.take_live(version("2026-11-23", 5))


def test_one_lower_answer_long_ago_does_not_count(keeper: BoardKeeper) -> None:
    keeper.take_live(version("2026-11-23", 7))
    assert not keeper.take_fetched(version("2026-11-23", 6), keeper.board)
    keeper.take_live(version("2026-11-23", 8))
    assert not keeper.take_fetched(version("2026-11-23", 6), keeper.board)


def test_the_last_board_outlives_a_restart_with_its_age(
    tmp_path: Path, clock: Clock, keeper: BoardKeeper
) -> None:
    keeper.take_live(version("2026-11-23", 7))
    keeper.save()
    clock.now += 3600
    again = BoardKeeper(tmp_path / "board.json", clock, lambda: None)
    assert again.board == version("2026-11-23", 7)
    assert again.age_seconds() == 3600
    again.confirm()
    assert again.age_seconds() == pytest.approx(0, abs=5)
    assert (tmp_path / "board.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"board": {}}',
        b'{"board": {"office": 3}, "confirmed_at": 1, "office_clock_seconds": 0}',
    ],
)
def test_a_damaged_file_costs_only_the_old_picture(
    tmp_path: Path, clock: Clock, content: bytes
) -> None:
    (tmp_path / "board.json").write_bytes(content)
    keeper = BoardKeeper(tmp_path / "board.json", clock, lambda: None)
    assert keeper.board is None and keeper.age_seconds() is None


def test_a_box_that_came_up_with_an_earlier_time_does_not_take_its_old_board_for_fresh(
    tmp_path: Path, clock: Clock, keeper: BoardKeeper
) -> None:
    keeper.take_live(BOARD)
    keeper.save()
    clock.now -= 3000
    again = BoardKeeper(tmp_path / "board.json", clock, lambda: None)
    assert again.board == BOARD and again.age_seconds() is None


@pytest.mark.parametrize("step", [-3600, 3600])
def test_a_corrected_clock_changes_neither_age_nor_office_time(
    keeper: BoardKeeper, clock: Clock, run: Clock, step: float
) -> None:
    clock.now = NOW - 90  # a box without a clock battery
    keeper.take_live(BOARD)
    clock.now += step
    run.now += 60
    assert keeper.age_seconds() == 60
    assert keeper.office_now() == NOW + 60


def test_forgetting_leaves_nothing_behind(tmp_path: Path, keeper: BoardKeeper) -> None:
    keeper.take_live(BOARD)
    keeper.save()
    keeper.forget()
    keeper.save()
    assert keeper.board is None and list(tmp_path.iterdir()) == []
