"""The kiosk's call for help: through lost answers, an agent that has forgotten, and games."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from kiosk.help_line import GIVE_UP_SECONDS, MISSED_SECONDS, HelpLine, Stage
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import DeviceSelf, HelpCalled


@dataclass
class Server:
    """A server with one call, that can be cut off; `asked` are the keys it was sent."""

    token: str | None = "t"
    stage: str | None = None
    fails: Exception | None = None
    asked: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    now: float = 1000.0

    def _call(self) -> HelpCalled | None:
        if self.fails is not None:
            raise self.fails
        return None if self.stage is None else HelpCalled("1", self.stage, "")

    def ask_help(self, language: str, screen: str, reason: str, key: str) -> HelpCalled:
        self.asked.append(key)
        self._call()
        self.stage = self.stage or "asked"
        return HelpCalled("1", self.stage, "")

    def take_help_back(self, key: str) -> None:
        self.taken_back.append(key)
        self._call()
        self.stage = None

    def device_self(self) -> DeviceSelf:
        return DeviceSelf("k", "kiosk", "K", "3674", "PAIRED", self._call())


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def line(server: Server) -> HelpLine:
    made = HelpLine(cast(QueueClient, server), lambda: server.now)
    made.step()
    return made


def press(line: HelpLine, **changes: Any) -> Stage:
    line.ask(**{"language": "id", "screen": "home", "reason": "VISITOR", **changes})
    line.step()
    return line.stage


def test_a_press_is_sent_at_once_and_followed_to_its_end(server: Server, line: HelpLine) -> None:
    assert line.ask("id", "home", "VISITOR") is Stage.CALLING
    line.step()
    assert line.stage is Stage.ASKED
    for said in ("unanswered", "answered"):
        server.stage = said
        line.step()
        assert line.stage == said
    server.stage = None
    line.step()
    assert line.stage is Stage.NONE


def test_a_hundred_presses_are_one_call(server: Server, line: HelpLine) -> None:
    for _ in range(100):
        press(line)
    assert len(server.asked) == 1


def test_a_lost_answer_is_asked_for_under_the_same_key(server: Server, line: HelpLine) -> None:
    server.fails = ServerUnreachable("cut")
    assert press(line) is Stage.UNREACHABLE
    server.fails = None
    line.step()
    assert line.stage is Stage.ASKED
    assert len(set(server.asked)) == 1


def test_a_call_that_never_arrives_is_counted_and_not_sent_later(
    server: Server, line: HelpLine
) -> None:
    server.fails = ServerUnreachable("cut")
    press(line)
    server.now += GIVE_UP_SECONDS
    line.step()
    assert (line.stage, line.count_missed()) == (Stage.UNREACHABLE, 1)
    server.fails, sent = None, len(server.asked)
    line.step()
    assert len(server.asked) == sent
    assert press(line) is Stage.ASKED
    server.now += MISSED_SECONDS
    assert line.count_missed() == 0


def test_taken_back_even_if_the_network_was_away(server: Server, line: HelpLine) -> None:
    press(line)
    server.fails = ServerUnreachable("cut")
    assert line.take_back() is Stage.NONE
    line.step()
    server.fails = None
    line.step()
    assert (server.stage, line.stage) == (None, Stage.NONE)
    assert len(set(server.taken_back)) == 1


def test_nothing_is_taken_back_that_was_not_asked(server: Server, line: HelpLine) -> None:
    line.take_back()
    line.step()
    assert server.taken_back == []


def test_while_the_network_is_away_nobody_is_said_to_come(server: Server, line: HelpLine) -> None:
    server.stage = "answered"
    assert press(line) is Stage.ANSWERED
    server.fails = ServerUnreachable("cut")
    line.step()
    assert line.stage is Stage.UNREACHABLE
    server.fails = None
    line.step()
    assert line.stage is Stage.ANSWERED


def test_a_kiosk_that_called_too_often_says_so(server: Server, line: HelpLine) -> None:
    server.fails = Refused(409, "help_resting")
    assert press(line) is Stage.RESTING
    server.fails = None
    assert press(line) is Stage.ASKED


def test_an_agent_that_was_restarted_finds_its_call(server: Server) -> None:
    server.stage = "answered"
    line = HelpLine(cast(QueueClient, server), lambda: server.now)
    line.step()
    assert line.stage is Stage.ANSWERED
