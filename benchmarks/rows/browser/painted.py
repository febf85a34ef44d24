"""Rows of the lobby's screens: from a clerk's press of Next to the frame in which a real Chromium
has drawn the number, while other screens follow the same board.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks import server, stage
from benchmarks.report import Row, milliseconds
from benchmarks.screens import Screens

from .console import find_chromium

SCREENS = 50
REQUIRED_MS = 50
WARM_UP = 3
PATIENCE_SECONDS = 20

# When each call was drawn, by the machine's clock: a message sent in an animation frame comes once
# that frame has been drawn.
WATCH = """
window.drawn = {};
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  for (const place of document.querySelectorAll("[data-call]")) {
    const number = place.querySelector(".digits")?.textContent;
    if (!number || number in window.drawn) continue;
    window.drawn[number] = 0;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        window.drawn[number] = performance.timeOrigin + performance.now();
      };
      channel.port2.postMessage(null);
    });
  }
}).observe(document.body, { subtree: true, childList: true, characterData: true }));
"""


def rows(times: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'painted.db'}"
        stage.prepare(url, days_of_slots=1)
        people = server.add_people(url)
        with server.serve(url, folder, people) as served:
            for _ in range(WARM_UP + times):
                served.post(f"/offices/{stage.OFFICE}/tickets", served.kiosk, {"service": "REK"})
            screens = Screens()
            screens.watch(served.port, stage.OFFICE, SCREENS - 1)
            with sync_playwright() as playwright:
                sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
                browser = playwright.chromium.launch(
                    executable_path=find_chromium(), args=[*sandbox, "--disable-dev-shm-usage"]
                )
                page = browser.new_page(viewport={"width": 1920, "height": 1080})
                page.add_init_script(WATCH)
                page.goto(f"http://127.0.0.1:{served.port}/tv/{stage.OFFICE}")
                page.wait_for_selector('body[data-screen="board"]')
                seconds = [press(served, page, screens) for _ in range(WARM_UP + times)][WARM_UP:]
                browser.close()
            screens.close()
    median = statistics.median(seconds)
    yield Row(
        f"press of Next → drawn by a screen, {SCREENS} of them, median",
        f"{milliseconds(median)}, worst {milliseconds(max(seconds))} of {times}",
        "",
        median * 1000,
        REQUIRED_MS,
        at_most=True,
        unit=" ms",
    )


def press(served: server.Served, page: Page, screens: Screens) -> float:
    """Seconds from a press until the number was drawn. The visitor is noted as absent after it."""
    counter, token = next(iter(served.clerks.items()))
    begun = time.time()
    called = served.post(f"/counters/{counter}/call-next", token)
    deadline = time.monotonic() + PATIENCE_SECONDS
    # Asked from outside: the page's policy forbids evaluating in it.
    while not (drawn := page.evaluate("number => window.drawn[number]", called["number"])):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the screen never showed {called['number']}")
        page.wait_for_timeout(5)
    screens.forget(0.05)
    served.post(f"/tickets/{called['id']}/no-show", token)
    # One that is made meanwhile would wait for its turn on the screen.
    page.wait_for_selector("#call.fresh", state="detached")
    screens.forget(0.3)
    return float(drawn) / 1000 - begun
