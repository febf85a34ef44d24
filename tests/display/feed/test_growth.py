"""A screen that runs for a day needs no more at its end than at its beginning."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import CDPSession

from queue_server.protocol.displays import DisplaySettings
from tests.display.pages import NOW, FedPage, FeedPage, board, call, stream

pytestmark = [pytest.mark.requires_browser, pytest.mark.slow, pytest.mark.timeout(600)]

HOURS = 24
STEP_S = 40


def measure(session: CDPSession) -> dict[str, float]:
    """Nodes, listeners and bytes that are in use, once what is not is gone."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    told: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in told}


def run(tv: FedPage, begin: int, steps: int) -> None:
    """So many steps of a day in which somebody is called all the time."""
    for step in range(begin, begin + steps):
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
        made = board(
            *calls,
            version=(NOW.date().isoformat(), step),
            sent_at=moment.isoformat(timespec="milliseconds"),
            waiting=step % 40,
            entering=tuple(f"B{each:03}" for each in range(step % 9)),
            streams=tuple(stream(letter, waiting=step % 20) for letter in "ACFZUX"[: 1 + step % 6]),
        )
        tv.show(made, DisplaySettings(), office_time=moment.timestamp())
        tv.page.clock.fast_forward(STEP_S * 1000)


@pytest.mark.parametrize("path", ["/", "/entry"])
def test_a_day_leaves_nothing_behind(fed_page: FeedPage, path: str) -> None:
    tv = fed_page(1280, 720, path=path, fast_clock=True)
    session = tv.page.context.new_cdp_session(tv.page)
    session.send("Performance.enable")
    day = HOURS * 3600 // STEP_S
    run(tv, 0, day // 12)
    before = measure(session)
    run(tv, day // 12, day - day // 12)
    after = measure(session)
    assert after["Nodes"] <= 1.2 * before["Nodes"] + 200
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 20
    assert after["JSHeapUsedSize"] <= 1.25 * before["JSHeapUsedSize"] + 500_000
