"""A screen that runs for a day needs no more at its end than at its beginning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from queue_server.protocol.displays import DisplaySettings
from queue_server.protocol.messages import Board
from tests.display.pages import NOW, FeedPage, board, call, stream

pytestmark = [pytest.mark.requires_browser, pytest.mark.slow, pytest.mark.timeout(600)]

STEP_S = 40
STEPS = 24 * 3600 // STEP_S


def measure(session: CDPSession) -> dict[str, float]:
    """Nodes, listeners and bytes that are in use, once what is not is gone."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    told: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in told}


def board_at(step: int) -> Board:
    """The board at a step of a day in which somebody is called all the time."""
    moment = NOW + timedelta(seconds=step * STEP_S)
    calls = tuple(
        call(
            f"A{(step - back) % 1000:03}",
            str((step - back) % 9 + 1),
            age_s=(back - step) * STEP_S,
            id=f"c{step - back}",
        )
        for back in range(min(step + 1, 6))
    )
    return board(
        *calls,
        version=(NOW.date().isoformat(), step),
        sent_at=moment.isoformat(timespec="milliseconds"),
        waiting=step % 40,
        entering=tuple(f"B{each:03}" for each in range(step % 9)),
        streams=tuple(stream(letter, waiting=step % 20) for letter in "ACFZUX"[: 1 + step % 6]),
    )


def judge_day(page: Page, run: Callable[[range], None]) -> None:
    """Let a day pass on a page, `run` taking the steps: what two hours use, a day uses."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    run(range(STEPS // 12))
    before = measure(session)
    run(range(STEPS // 12, STEPS))
    after = measure(session)
    assert after["Nodes"] <= 1.2 * before["Nodes"] + 200
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 20
    assert after["JSHeapUsedSize"] <= 1.25 * before["JSHeapUsedSize"] + 500_000


@pytest.mark.parametrize("path", ["/", "/entry"])
def test_a_day_leaves_nothing_behind(fed_page: FeedPage, path: str) -> None:
    tv = fed_page(1280, 720, path=path, fast_clock=True)

    def run(steps: range) -> None:
        for step in steps:
            moment = NOW + timedelta(seconds=step * STEP_S)
            tv.show(board_at(step), DisplaySettings(), office_time=moment.timestamp())
            tv.page.clock.fast_forward(STEP_S * 1000)

    judge_day(tv.page, run)
