"""A fake queue server and a TV agent of its own for each test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.agents import Agent, free_port, until
from tests.protocol.fake_server import FakeServer, running_fake_server

TOKEN = "tv-token"


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with running_fake_server() as fake:
        yield fake


@pytest.fixture
def tv(server: FakeServer, tmp_path: Path) -> Iterator[Agent]:
    """A TV agent that is not started yet."""
    agent = make_tv(server, tmp_path)
    yield agent
    agent.kill()


@pytest.fixture
def paired_tv(server: FakeServer, tv: Agent, tmp_path: Path) -> Agent:
    """A running TV agent that watches the server's board."""
    leave_token(server, tmp_path)
    tv.start()
    until(lambda: server.watching and server.heartbeats, "the TV watches the board")
    return tv


@pytest.fixture
def state_of() -> Callable[[Agent], dict[str, Any]]:
    """The state that a page gets on opening."""
    import urllib.request

    def read(agent: Agent) -> dict[str, Any]:
        with urllib.request.urlopen(agent.url + "/stream", timeout=5) as answer:
            line: bytes = answer.readline()
        found: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
        return found

    return read


def make_tv(server: FakeServer, folder: Path) -> Agent:
    """A TV agent with all it owns in `folder`, not started yet."""
    return Agent(
        "display.agent",
        {"server": server.url, "state_dir": str(folder / "state")},
        free_port(),
        folder / "log",
    )


def leave_token(server: FakeServer, folder: Path) -> None:
    """Pair the TV of `folder` without a manager."""
    server.tokens[TOKEN] = "display"
    (folder / "state").mkdir()
    (folder / "state" / "token").write_text(TOKEN)
