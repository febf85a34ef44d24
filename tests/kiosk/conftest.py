"""A fake queue server and a kiosk agent with a virtual printer for each test."""
from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.agents import Agent, free_port, until
from tests.protocol.fake_server import FakeServer, running_fake_server

TOKEN = "kiosk-token"


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with running_fake_server() as fake:
        yield fake


@pytest.fixture
def slips(tmp_path: Path) -> Path:
    """Where the virtual printer of `kiosk` leaves its slips."""
    return tmp_path / "slips"


@pytest.fixture
def kiosk(server: FakeServer, tmp_path: Path) -> Iterator[Agent]:
    """A kiosk agent that is not started yet."""
    agent = make_kiosk(server, tmp_path)
    yield agent
    agent.kill()


@pytest.fixture
def kiosk_with_token(server: FakeServer, kiosk: Agent, tmp_path: Path) -> Agent:
    """A kiosk that is paired and not started yet."""
    leave_token(server, tmp_path)
    return kiosk


def make_kiosk(server: FakeServer, folder: Path) -> Agent:
    """A kiosk agent with all it owns in `folder`, not started yet."""
    arguments = {"server": server.url, "state_dir": str(folder / "state"), "printer_url": f"virtual://{folder / 'slips'}"}
    return Agent("kiosk.agent", arguments, free_port(), folder / "log")


def leave_token(server: FakeServer, folder: Path) -> None:
    """Pair the kiosk of `folder` without a manager."""
    server.tokens[TOKEN] = "kiosk"
    (folder / "state").mkdir()
    (folder / "state" / "token").write_text(TOKEN)


@pytest.fixture
def paired_kiosk(server: FakeServer, kiosk_with_token: Agent) -> Agent:
    """A running kiosk that knows its office."""
    kiosk_with_token.start()
    until(lambda: server.heartbeats, "the kiosk is at work")
    return kiosk_with_token


@pytest.fixture
def post() -> Callable[..., tuple[int, Any]]:
    """Send to the agent as its own page does; gives status and JSON."""
    import json

    def send(agent: Agent, path: str, body: Any) -> tuple[int, Any]:
        found = re.search(rb'name="page-token" content="([^"]+)"', agent.get("/")[2])
        assert found
        headers = {"Origin": agent.url, "Sec_Fetch_Site": "same-origin", "X_Page_Token": found[1].decode()}
        status, _, content = agent.request("POST", path, body, **headers)
        return status, json.loads(content)

    return send


def walk_in(key: str | None = None, **changes: Any) -> dict[str, Any]:
    """What the page sends for a number."""
    wish = {"key": key or str(uuid.uuid4()), "language": "id", "service": "REK", "party_size": 1, "priority": None, "urgency": None}
    return {**wish, **changes}
