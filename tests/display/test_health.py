"""What a screen tells of itself, by a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from display.board_keeper import BoardKeeper
from display.health import ScreenHealth
from display.orders import OrderedCall
from queue_server.protocol.messages import DeviceOrder
from tests.display.test_board_keeper import version


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Make = Callable[..., ScreenHealth]


@pytest.fixture
def keeper(tmp_path: Path, clock: Clock) -> BoardKeeper:
    return BoardKeeper(tmp_path / "board.json", clock, lambda: None, clock)


@pytest.fixture
def make(tmp_path: Path, clock: Clock, keeper: BoardKeeper) -> Make:
    def build(*, same_machine: bool = False, off_s: float = 0.0) -> ScreenHealth:
        return ScreenHealth(
            "b1",
            keeper,
            tmp_path / "page-seen",
            same_machine=same_machine,
            steady=clock,
            wall_clock=lambda: keeper.office_now() + off_s,
        )

    return build


def facts(health: ScreenHealth) -> dict[str, Any]:
    return dict(health.heartbeat(1, "v1").facts)


def test_a_screen_names_its_board_and_its_settings(make: Make, keeper: BoardKeeper) -> None:
    health = make()
    assert facts(health) == {
        "beat_s": 5,
        "pages": 1,
        "page_seen_s": -1,
        "settings": "v1",
        "board_date": "",
        "board_seq": 0,
        "clock_right": True,
    }
    shown = version("2026-11-23", 7)
    keeper.take_live(shown)
    said = facts(health)
    assert (said["board_date"], said["board_seq"]) == (shown.date, 7)


def test_a_page_that_falls_silent_is_counted_and_what_it_said_is_told_no_more(
    make: Make, clock: Clock
) -> None:
    health = make()
    health.take_report({"sound": "ok", "screen": "board"})
    clock.now += 29
    assert (facts(health)["sound"], facts(health)["page_seen_s"]) == ("ok", 29)
    clock.now += 31
    assert "sound" not in facts(health) and facts(health)["page_seen_s"] == 60


def test_a_browser_that_does_not_come_after_a_restart_is_missed(make: Make, clock: Clock) -> None:
    """A machine that has never shown a page has perhaps no screen; one that has, has one."""
    new = make()
    clock.now += 90
    assert facts(new)["page_seen_s"] == -1
    new.take_report({"sound": "ok"})
    again = make()
    clock.now += 90
    assert facts(again)["page_seen_s"] == 90
    assert again.page_facts() == {"page_seen_s": 90, "untouched_s": 90}


def test_the_server_hears_at_once_what_matters(make: Make, clock: Clock) -> None:
    health = make()
    well = {"sound": "ok", "screen": "board", "layout": "main", "showing": "A001"}
    assert health.take_report(well)
    assert not health.take_report({**well, "showing": "A002", "queued": 3})
    assert health.take_report({**well, "sound": "blocked"})
    assert health.take_report({**well, "screen": "standstill"})
    assert not health.take_report({**well, "screen": "standstill"})
    clock.now += 60
    assert health.take_report({**well, "screen": "standstill"}), "a page that was gone is back"


@pytest.mark.parametrize(
    ("off_s", "same_machine", "right"),
    [(0, False, True), (119, False, True), (-121, False, False), (9000, True, True)],
)
def test_a_clock_that_is_off_is_told(
    make: Make, keeper: BoardKeeper, off_s: float, same_machine: bool, right: bool
) -> None:
    keeper.take_live(version("2026-11-23", 7))
    assert facts(make(off_s=off_s, same_machine=same_machine))["clock_right"] is right


def orders(*ids: str) -> tuple[DeviceOrder, ...]:
    return tuple(DeviceOrder(each, "test_call") for each in ids)


class TestOrderedCalls:
    def test_one_is_made_once_however_often_it_is_repeated(
        self, tmp_path: Path, clock: Clock
    ) -> None:
        call = OrderedCall(tmp_path / "test-call", clock)
        assert call.take(orders("d-1")) and call.due == "d-1"
        assert not call.take(orders("d-1")) and call.due == "d-1"
        assert not call.note_made(["c7"]) and call.note_made(["c7", "d-1"]) and call.due is None
        assert not call.take(orders("d-1")) and call.due is None
        assert call.take(orders("d-1", "d-2")) and call.due == "d-2", "of several the newest"
        assert not call.take(orders("d-1", "d-2"))

    def test_not_again_after_a_restart(self, tmp_path: Path, clock: Clock) -> None:
        OrderedCall(tmp_path / "test-call", clock).take(orders("d-1"))
        again = OrderedCall(tmp_path / "test-call", clock)
        assert not again.take(orders("d-1")) and again.due is None
        assert again.take(orders("d-2"))

    def test_nobody_waits_for_it_for_long(self, tmp_path: Path, clock: Clock) -> None:
        call = OrderedCall(tmp_path / "test-call", clock)
        call.take(orders("d-1"))
        clock.now += 120
        assert call.due is None

    def test_other_orders_are_not_for_a_screen(self, tmp_path: Path, clock: Clock) -> None:
        call = OrderedCall(tmp_path / "test-call", clock)
        assert not call.take([replace(*orders("d-1"), kind="test_print")])
        assert not call.take([])

    def test_another_office_knows_nothing_of_it(self, tmp_path: Path, clock: Clock) -> None:
        call = OrderedCall(tmp_path / "test-call", clock)
        call.take(orders("d-1"))
        call.forget()
        assert call.due is None and OrderedCall(tmp_path / "test-call").take(orders("d-1"))
