"""Pages of a lobby that a test feeds: calls are made and taken back, the pages' clock goes on when
the test says so, and what they sound is counted.
"""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from display.page import build_of_page
from display.voice.words import LANGUAGES, words_of
from queue_server.protocol.displays import DisplaySettings
from queue_server.protocol.messages import BoardCall
from tests.display.pages import NOW, FedPage, board, call
from tests.protocol.agents import until

COUNT_SOUNDS = """
window.chimes = 0; window.clips = 0; window.decoded = 0;
const ring = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.chimes += 1 / 4; // tones a chime
  return ring.apply(this, when);
};
const speak = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...when) {
  window.clips += 1;
  return speak.apply(this, when);
};
const decode = OfflineAudioContext.prototype.decodeAudioData;
OfflineAudioContext.prototype.decodeAudioData = function (content) {
  return decode.call(this, content).finally(() => { window.decoded += 1; });
};
"""
"""For a page, before its own scripts."""
CLIPS = sum(len(words_of(language)) for language in LANGUAGES)
STEP_MS = 5000
CARRIED_S, CARRIED_LEAST = 60, 6


@dataclasses.dataclass
class Lobby:
    """Several pages of one screen and their office. Call `feed` after a change."""

    pages: list[FedPage]
    settings: DisplaySettings = dataclasses.field(default_factory=DisplaySettings)
    calls: list[BoardCall] = dataclasses.field(default_factory=list)
    passed_ms: int = 0
    paused: str | None = None
    test_call: str | None = None

    def make(self, *numbers: str, counter: str = "3", **changes: Any) -> None:
        """One call after another, and the boards with all of them."""
        for number in numbers:
            at = (NOW + timedelta(milliseconds=self.passed_ms)).isoformat(timespec="milliseconds")
            made = dataclasses.replace(call(number, counter, **changes), at=at)
            self.calls.insert(0, made)
        self.feed()

    def take_back(self, number: str) -> None:
        self.calls = [each for each in self.calls if each.number != number]
        self.feed()

    def feed(self) -> None:
        """Every page gets the present frame."""
        now = NOW + timedelta(milliseconds=self.passed_ms)
        since = (now - timedelta(seconds=CARRIED_S)).isoformat(timespec="milliseconds")
        recent = sum(each.at >= since for each in self.calls)
        shown = board(
            *self.calls[: max(recent, CARRIED_LEAST)],
            sent_at=now.isoformat(timespec="milliseconds"),
            version=(NOW.date().isoformat(), self.passed_ms + len(self.calls)),
            paused=self.paused,
        )
        for page in self.pages:
            page.show(
                shown,
                self.settings,
                office_time=now.timestamp(),
                announced=list(page.server.announced),
                test_call=self.test_call,
                build=build_of_page(),
            )

    def pass_time(self, ms: int) -> None:
        """The pages' clocks go on; an agent sends a frame every five seconds at least."""
        while ms > 0:
            step = min(ms, STEP_MS)
            for page in self.pages:
                page.page.clock.run_for(step)
            self.passed_ms += step
            ms -= step
            self.feed()

    def skip_time(self, ms: int) -> None:
        """The pages' clocks jump, as after a sleep: what fell due meanwhile is done once."""
        for page in self.pages:
            page.page.clock.fast_forward(ms)
        self.passed_ms += ms
        self.feed()

    def until_announced(self, count: int, most_ms: int = 900_000) -> list[str]:
        """Let time pass until so many calls were announced: their ids, in that order."""
        announced = self.pages[0].server.announced
        end_ms = self.passed_ms + most_ms
        while len(announced) < count and self.passed_ms < end_ms:
            self.pass_time(2500)
        return list(announced)

    def ready(self) -> None:
        """Until the pages have all their clips."""
        for page in self.pages:
            until(lambda page=page: page.ask("window.decoded") >= CLIPS, "the clips are there")

    def ask(self, expression: str) -> Any:
        """The value of an expression in the first page."""
        return self.pages[0].ask(expression)

    def facts(self) -> dict[str, Any]:
        """What a page has reported last."""
        self.pass_time(STEP_MS)
        return self.pages[0].server.reports[-1]


def ids(*numbers: str, counter: str = "3") -> list[str]:
    """What `pages.call` names these calls."""
    return [f"{number}-{counter}-1" for number in numbers]
