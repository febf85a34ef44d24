"""How this screen is: told to the server with each heartbeat, and to whoever keeps the browser
alive.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from display.board_keeper import BoardKeeper
from queue_server.protocol.messages import Heartbeat

BEAT_SECONDS = 5
"""After so many seconds the next heartbeat comes at the latest."""

REPORT_SECONDS = 30.0
"""A page that has not reported for this long does not count as showing anything."""

CLOCK_OFF_SECONDS = 120.0
"""How far the machine's clock may be from the office's time. The board that is kept for a start
without the server is dated by it.
"""

AT_ONCE = ("screen", "layout", "sound", "voice_missing")
"""What a page reports that managers shall know at once."""

Facts = dict[str, str | int | bool]

log = logging.getLogger("antrean.display")


class ScreenHealth:
    """Reads how the screen is. `build` is the page's; `page_mark` is a file that tells whether
    this machine has ever shown a page; `same_machine`: the server has this machine's clock.
    """

    def __init__(
        self,
        build: str,
        keeper: BoardKeeper,
        page_mark: Path,
        *,
        same_machine: bool,
        steady: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._build, self._keeper, self._page_mark = build, keeper, page_mark
        self._same_machine, self._steady, self._wall_clock = same_machine, steady, wall_clock
        self._started_at = self._reported_at = steady()
        self._report: dict[str, Any] = {}
        self._has_page = page_mark.exists()

    def take_report(self, facts: dict[str, Any]) -> bool:
        """Remember what a page says about itself. True if the server is to know at once."""
        before = self._fresh_report()
        self._report, self._reported_at = facts, self._steady()
        if not self._has_page:
            self._has_page = True
            try:
                self._page_mark.touch(mode=0o600)
            except OSError as problem:
                log.warning("that a page was shown cannot be saved: %s", problem)
        return any(before.get(name) != facts.get(name) for name in AT_ONCE)

    def page_facts(self) -> dict[str, int]:
        """When the page was heard last, in seconds; -1 on a machine that has never shown one.
        Nobody touches a screen: it may be started anew at night whenever it has run for a while.
        """
        now = self._steady()
        return {
            "page_seen_s": int(now - self._reported_at) if self._has_page else -1,
            "untouched_s": int(now - self._started_at),
        }

    def heartbeat(self, pages: int, settings_version: str) -> Heartbeat:
        """What the server is told. `pages`: how many are open."""
        board = self._keeper.board
        facts: Facts = {
            "beat_s": BEAT_SECONDS,
            "pages": pages,
            "page_seen_s": self.page_facts()["page_seen_s"],
            "settings": settings_version,
            "board_date": "" if board is None else board.date,
            "board_seq": 0 if board is None else board.version[1],
            "clock_right": self._is_clock_right(),
        }
        return Heartbeat(self._build, {**facts, **self._fresh_report()})

    def _fresh_report(self) -> dict[str, Any]:
        is_fresh = self._steady() - self._reported_at < REPORT_SECONDS
        return self._report if is_fresh else {}

    def _is_clock_right(self) -> bool:
        if self._same_machine or self._keeper.board is None:
            return True
        return abs(self._keeper.office_now() - self._wall_clock()) <= CLOCK_OFF_SECONDS
