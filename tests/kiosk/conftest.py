"""A fake queue server, a kiosk agent with a virtual printer for each test, and one for all that
only look at its page.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

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
    arguments = {
        "server": server.url,
        "state_dir": str(folder / "state"),
        "printer_url": f"virtual://{folder / 'slips'}",
    }
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

    def send(agent: Agent, path: str, body: Any) -> tuple[int, Any]:
        found = re.search(rb'name="page-token" content="([^"]+)"', agent.get("/")[2])
        assert found
        headers = {
            "Origin": agent.url,
            "Sec_Fetch_Site": "same-origin",
            "X_Page_Token": found[1].decode(),
        }
        status, _, content = agent.request("POST", path, body, **headers)
        return status, json.loads(content)

    return send


def walk_in(key: str | None = None, **changes: Any) -> dict[str, Any]:
    """What the page sends for a number."""
    wish = {
        "key": key or str(uuid.uuid4()),
        "language": "id",
        "service": "REK",
        "party_size": 1,
        "priority": None,
        "urgency": None,
    }
    return {**wish, **changes}


@dataclass(frozen=True)
class Stage:
    """One server and one kiosk for most tests of the page: starting a kiosk takes longer than a
    test.
    """

    server: FakeServer
    kiosk: Agent
    folder: Path

    def slips(self) -> list[Path]:
        """What the virtual printer has printed so far."""
        return list((self.folder / "slips").glob("*.txt"))


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("kiosk")
    with running_fake_server() as server:
        leave_token(server, folder)
        kiosk = make_kiosk(server, folder)
        kiosk.start()
        until(lambda: server.heartbeats, "the kiosk is at work")
        yield Stage(server, kiosk, folder)
        kiosk.kill()


@pytest.fixture
def shared(stage: Stage) -> FakeServer:
    """The server of the shared kiosk, as new."""
    stage.server.clear()
    return stage.server


@pytest.fixture
def open_kiosk(page_at: Any, stage: Stage, shared: FakeServer) -> Callable[..., Page]:
    """Opens a page of the shared kiosk, once it offers what the server does now: another test may
    have had other services.
    """

    def open_(*size: int, **options: bool) -> Page:
        wanted = [dict(each.name) for each in shared.offer.services]
        until(lambda: names_of(stage.kiosk) == wanted, "the kiosk knows the offer")
        return _open(page_at, stage.kiosk, *size, **options)

    return open_


def names_of(kiosk: Agent) -> list[dict[str, str]]:
    """The names of the services that a kiosk offers."""
    offer = json.loads(kiosk.get("/state")[2])["offer"]
    return [each["name"] for each in offer["services"]] if offer else []


@pytest.fixture
def open_own_kiosk(
    page_at: Any, kiosk_with_token: Agent, server: FakeServer
) -> Callable[..., Page]:
    """Starts a kiosk of this test's own, with the offer as it is then, and opens its page. A guide
    that the server offers is there, too.
    """

    def start_and_open(*size: int, **options: bool) -> Page:
        kiosk_with_token.start()
        page = _open(page_at, kiosk_with_token, *size, **options)
        if server.offer.guide:
            until(lambda: page.evaluate(HAS_GUIDE), "the page has the guide")
        return page

    return start_and_open


HAS_GUIDE = """async () => {
  const guide = await import("/static/choosing/guide.js");
  return guide.guideOf("KK") !== null;
}"""
"""The page has fetched the guide: it does so beside the first look at how the kiosk stands."""

INSTEAD = """
const fetched = fetch;
window.instead = {};
window.fetch = async (path, options) => {
  if (window.agentIsGone && path.startsWith("/requests")) throw new TypeError("nobody answers");
  const answer = await fetched(path, options);
  const [, change] = Object.entries(window.instead).find(([start]) => path.startsWith(start)) ?? [];
  if (!change) return answer;
  const changed = {...await answer.json(), ...change};
  return new Response(JSON.stringify(changed), {status: answer.status});
};
"""
"""Lets a test take the agent away from the page (`agentIsGone`), or change fields of its answers
(`instead`, by the path's beginning).
"""


def _open(
    page_at: Any, kiosk: Agent, width: int = 1280, height: int = 800, *, fast_clock: bool = False
) -> Page:
    page: Page = page_at(width, height, has_touch=True)
    page.add_init_script(INSTEAD)
    if fast_clock:
        page.clock.install()
    page.goto(kiosk.url)
    page.wait_for_selector('body[data-screen="home"] .tile')
    return page


def on(page: Page, screen: str, timeout: float = 20_000) -> None:
    page.wait_for_selector(f'body[data-screen="{screen}"]', timeout=timeout)


def scan(page: Page, text: str) -> None:
    """What a USB scanner does: keys without a pause, then Enter. Made in the page, where a busy
    machine cannot slow it down.
    """
    page.evaluate(
        """text => {
      for (const key of [...text, "Enter"]) {
        const press = new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(press);
      }
    }""",
        text,
    )
