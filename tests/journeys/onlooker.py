"""A browser in front of the visitors: what it has shown and said of calls, across its restarts."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.display.announcing.lobby import CLIPS
from tests.protocol.agents import until

_SEEN_AND_HEARD = Path(__file__).with_name("seen_and_heard.js").read_text("utf-8")
_CLIP = re.compile(r"/(\w+)/(\w+)\.\w+(?:\?|$)")


@dataclass(frozen=True)
class Said:
    """One announcement that was begun, with the words of its sentences and its moments in ms."""

    number: str
    counter: str
    form: str
    began: float
    last_word_began: float
    ended: float
    cut: float | None

    @property
    def is_whole(self) -> bool:
        return self.cut is None or self.cut >= self.ended - 1

    @property
    def counts(self) -> bool:
        """Its last word had begun: it is not to be said again."""
        return self.cut is None or self.cut > self.last_word_began


@dataclass
class Browser:
    """A page in front of the visitors, and what all pages before it have shown and said."""

    page: Page
    is_quick: bool = True
    _before: list[dict[str, Any]] = field(default_factory=list)
    _seen: list[dict[str, Any]] = field(default_factory=list)
    _staged: list[str] = field(default_factory=list)

    def open(self, url: str, at_ms: float | None = None) -> None:
        """Load a page; its clock begins at a moment, or with this machine's."""
        if self.is_quick:
            self.page.clock.install(time=None if at_ms is None else at_ms / 1000)
        quick = "true" if self.is_quick else "false"
        self.page.add_init_script(_SEEN_AND_HEARD.replace("QUICK", quick))
        self.page.goto(url)
        self.await_voice()

    def await_voice(self) -> None:
        """Until the board stands and all clips are there."""
        self.page.wait_for_selector('body[data-screen="board"]')
        until(lambda: self.page.evaluate("window.decoded") >= CLIPS, "the clips are there")

    def pass_time(self, ms: int = 500) -> bool:
        """Let the page's time go on; in real time, wait. Always True, to be asked in passing."""
        if self.is_quick:
            self.page.clock.run_for(ms)
        self.page.wait_for_timeout(20 if self.is_quick else ms)
        return True

    def reload(self) -> None:
        self._keep()
        self.page.reload()
        self.await_voice()

    def close(self) -> float:
        """As when somebody pulls the plug of the browser: nothing is said after it. Returns what
        its clock said.
        """
        self._keep()
        now = float(self.page.evaluate("Date.now()"))
        self.page.goto("about:blank")
        return now

    def follow(self, other: Browser) -> None:
        """Count what another one, closed before, has shown and said, too."""
        self._before += other._before
        self._seen += other._seen
        self._staged += other._staged

    def _keep(self) -> None:
        now, heard, seen, staged = self.page.evaluate(
            "[Date.now(), window.heard, window.seen, window.staged]"
        )
        for each in heard:
            ends = [moment for moment in (each["stopped"], now) if moment is not None]
            self._before.append({**each, "stopped": min(ends) if now < each["to"] else None})
        self._seen += seen
        self._staged += staged

    def ahead_ms(self) -> float:
        """How far the page's clock is ahead of this machine's."""
        return float(self.page.evaluate("Date.now()")) - time.time() * 1000

    def seen(self) -> list[dict[str, Any]]:
        """Every call that could be seen, with the number in its place."""
        found: list[dict[str, Any]] = self._seen + self.page.evaluate("window.seen ?? []")
        return found

    def staged(self) -> list[str]:
        """The calls that had the stage, each when it had it first."""
        return list(dict.fromkeys(self._staged + self.page.evaluate("window.staged ?? []")))

    def said(self) -> list[Said]:
        """All announcements, in order; those of a chime alone are none."""
        return _read(self._before + self.page.evaluate("window.heard ?? []"))


def _read(clips: Sequence[dict[str, Any]]) -> list[Said]:
    """The announcements that clips make: each ends with where to go."""
    said, words = [], []
    for clip in clips:
        found = _CLIP.search(clip["clip"])
        assert found, f"a clip that nobody knows: {clip}"
        words.append((found[2], clip))
        if found[2].startswith("counter_") or found[2] == "see_screen":
            said.append(_one(words))
            words = []
    assert not words, f"words without an end: {[word for word, _ in words]}"
    return said


def _one(words: list[tuple[str, dict[str, Any]]]) -> Said:
    keys, clips = [word for word, _ in words], [clip for _, clip in words]
    parts = [key.split("_")[1] for key in keys if key.startswith(("letter_", "digit_"))]
    ends = [clip["stopped"] for clip in clips if clip["stopped"] is not None]
    return Said(
        number="".join(parts).upper(),
        counter=keys[-1].removeprefix("counter_"),
        form="full" if len(keys) > len(parts) + 1 else "short",
        began=clips[0]["from"],
        last_word_began=clips[-1]["from"],
        ended=clips[-1]["to"],
        cut=min(ends) if ends else None,
    )
