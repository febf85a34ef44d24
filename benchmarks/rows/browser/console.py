"""Rows of the clerk's console: from the press of a key to the picture it brings, in a real Chromium
on the real server.
"""

from __future__ import annotations

import os
import secrets
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks import server, stage
from benchmarks.report import Row, milliseconds
from queue_server.domain.access.accounts import User
from queue_server.services.access import passwords, sessions
from queue_server.store.writer.database import Database

WAITING_BESIDES = 60
"""Visitors in the list who are not called: a page that draws a long queue is what a busy office
has.
"""

WARM_UP = 3
REQUIRED_MS = 100

# From the key to the frame after the change: a message sent in an animation frame comes once that
# frame has been drawn.
WATCH = """() => {
  const now = document.querySelector("#now");
  window.drawn = [];
  let shown = now.dataset.state;
  let since = 0;
  addEventListener("keydown", () => { since = performance.now(); }, true);
  new MutationObserver(() => {
    if (now.dataset.state === shown) return; // drawn anew as it was: the press is only on its way
    shown = now.dataset.state;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.drawn.push((performance.now() - since) / 1000);
      channel.port2.postMessage(null);
    });
  }).observe(now, { attributeFilter: ["data-state"] });
}"""


def rows(times: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'console.db'}"
        stage.prepare(url, days_of_slots=1)
        people, password = server.add_people(url), secrets.token_hex(16)
        add_clerk(url, password)
        with server.serve(url, folder, people) as served:
            for _ in range(WARM_UP + times + WAITING_BESIDES):
                served.post(f"/offices/{stage.OFFICE}/tickets", served.kiosk, {"service": "REK"})
            with open_console(served, next(iter(people[1])), password) as page:
                work(page, WARM_UP)
                seconds = work(page, times)
    names = {
        "n": "press of Next → visitor drawn",
        "s": "press of Start → drawn",
        "d": "press of Finish → drawn",
    }
    for key, what in names.items():
        median, worst = statistics.median(seconds[key]), max(seconds[key])
        told = f"{milliseconds(median)}, worst {milliseconds(worst)} of {times}"
        yield Row(
            f"console: {what}, median",
            told,
            "",
            median * 1000,
            REQUIRED_MS,
            at_most=True,
            unit=" ms",
        )


def find_chromium() -> str:
    """$CHROMIUM or the system's own browser. Raises `FileNotFoundError` if there is none."""
    program = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if program is None:
        raise FileNotFoundError("chromium")
    return program


def add_clerk(url: str, password: str) -> None:
    """Somebody who can sign in at the page."""
    database = Database(url)
    hashed = passwords.hash_password(password)
    database.write(
        [],
        lambda tx: sessions.add_user(
            tx, User("console", "console", "Clerk", "clerk", stage.OFFICE), hashed
        ),
    )
    database.close()


@contextmanager
def open_console(served: server.Served, counter: str, password: str) -> Iterator[Page]:
    """The console of a clerk at an open counter, on the screen it is made for."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*sandbox, "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"http://127.0.0.1:{served.port}/desk")
        page.fill("#f-username", "console")
        page.fill("#f-password", password)
        page.click("main button.button")
        page.click(f'button[data-counter="{counter}"]')
        page.wait_for_selector("#call-next:enabled")
        page.evaluate(WATCH)
        yield page
        browser.close()


def work(page: Page, times: int) -> dict[str, list[float]]:
    """Call, start and finish so many visitors by key; gives the seconds from each press until its
    change was drawn.
    """
    steps = {"n": "CALLED", "s": "SERVING", "d": ""}
    seconds: dict[str, list[float]] = {key: [] for key in steps}
    for _ in range(times):
        for key, becomes in steps.items():
            page.wait_for_selector(f'[data-key="{key}"]:enabled')
            page.evaluate("window.drawn.length = 0")
            page.keyboard.press(key)
            page.wait_for_selector(f'#now[data-state="{becomes}"]')
            page.wait_for_function("window.drawn.length > 0")
            seconds[key].append(page.evaluate("window.drawn[0]"))
    return seconds
