"""Keeps the screen of a kiosk or a TV alive: starts the browser, and starts it anew when it is
gone, when its page says nothing any more, and each night.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

PAGE_SILENT_SECONDS = 60
STARTING_SECONDS = 90
"""How long a browser may take from its start until its page is heard: cards are slow."""
NIGHTLY_HOUR = 3
UNTOUCHED_SECONDS = 120
"""So long nobody must have touched anything before the nightly restart."""
LOOK_SECONDS = 5.0
STOP_SECONDS = 10.0

FLAGS = (
    "--kiosk",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--disable-infobars",
    "--no-first-run",
    "--disable-translate",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-sync",
    "--password-store=basic",
    "--autoplay-policy=no-user-gesture-required",
)

log = logging.getLogger("antrean.browser")


class Need(StrEnum):
    """Why the browser is to be started."""

    GONE = "gone"
    SILENT = "silent"
    NIGHT = "night"


@dataclass(frozen=True)
class Seen:
    """What is known of the browser. `runs_s`: for how long it has been running, None if it is not;
    `page_seen_s` and `untouched_s` as the agent tells them, None while it does not answer, -1 for
    never.
    """

    runs_s: float | None
    page_seen_s: int | None
    untouched_s: int | None


def decide(seen: Seen, now: datetime, restarted_on: date | None) -> Need | None:
    """Why the browser is to be started anew, if it is. `restarted_on`: the last night in which it
    was. `now` is the machine's local time.

    An agent that does not answer is no fault of the browser: systemd starts it anew, and the page
    waits.
    """
    if seen.runs_s is None:
        return Need.GONE
    if seen.page_seen_s is None:
        return None
    is_silent = not 0 <= seen.page_seen_s < PAGE_SILENT_SECONDS
    if is_silent and seen.runs_s >= STARTING_SECONDS:
        return Need.SILENT
    untouched = seen.untouched_s is None or seen.untouched_s >= UNTOUCHED_SECONDS
    if now.hour == NIGHTLY_HOUR and restarted_on != now.date() and untouched:
        return Need.NIGHT
    return None


class Browser:
    """The browser as a group of processes, which ends as one."""

    def __init__(
        self,
        command: Sequence[str],
        url: str,
        profile: Path,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._arguments = [*command, *FLAGS, f"--user-data-dir={profile}", url]
        self._steady = steady
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0

    @property
    def runs_s(self) -> float | None:
        """For how long it has been running; None if it is not."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._steady() - self._began

    def start(self) -> None:
        """Start it, after ending one that runs. Raises `OSError` if there is no such program."""
        self.stop()
        self._process = subprocess.Popen(self._arguments, start_new_session=True)
        self._began = self._steady()

    def stop(self) -> None:
        """End it with all its processes."""
        if self._process is None:
            return
        for sent in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, sent)
            except ProcessLookupError:
                break
            try:
                self._process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        self._process = None


def ask_agent(url: str) -> tuple[int | None, int | None]:
    """When the agent last heard the page and a touch, in seconds; None while it does not answer."""
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/page-seen", timeout=3) as answer:
            told = json.load(answer)
        return int(told["page_seen_s"]), int(told["untouched_s"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, None


def keep(
    browser: Browser,
    ask: Callable[[], tuple[int | None, int | None]],
    clock: Callable[[], datetime],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Look after the browser. Never returns."""
    restarted_on: date | None = None
    while True:
        page_seen_s, untouched_s = ask()
        now = clock()
        need = decide(Seen(browser.runs_s, page_seen_s, untouched_s), now, restarted_on)
        if need is not None:
            log.warning("the browser is started: %s", need.value)
            if now.hour == NIGHTLY_HOUR:
                restarted_on = now.date()
            try:
                browser.start()
            except OSError as problem:
                log.error("the browser cannot be started: %s", problem)
        sleep(LOOK_SECONDS)


def run_browser(url: str, command: str, profile: Path) -> None:
    """Keep the page at `url` on the screen until interrupted. `command` is the program and
    what stands before it, such as `cage -- chromium`; no shell reads it.
    """
    browser = Browser(shlex.split(command), url, profile)
    signal.signal(signal.SIGTERM, _end)
    try:
        keep(browser, lambda: ask_agent(url), lambda: datetime.now().astimezone())
    finally:
        browser.stop()


def _end(_signal: int, _frame: object) -> None:
    raise SystemExit(0)
