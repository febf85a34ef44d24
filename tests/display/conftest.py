"""A fake queue server and a TV agent of its own for each test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.display.pages import FedPage, FeedPage, PageServer, open_fed, serving_pages
from tests.fixtures.browser import Pages
from tests.protocol.agents import Agent, free_port, until
from tests.protocol.fake_server import FakeServer, running_fake_server

TOKEN = "tv-token"
WITH_SPEAKERS = """
navigator.mediaDevices.enumerateDevices = async () => [{ kind: "audiooutput" }];
"""
"""For a page of a browser that runs where no sound can come out."""


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


@pytest.fixture(scope="session")
def all_pages() -> Iterator[PageServer]:
    """One server of pages for each worker."""
    with serving_pages() as serving:
        yield serving


@pytest.fixture
def page_server(all_pages: PageServer) -> PageServer:
    """The server of the pages, which has heard of nothing yet."""
    all_pages.forget()
    return all_pages


@pytest.fixture
def fed_page(page_server: PageServer, page_at: Pages) -> FeedPage:
    """`fed_page(width, height, path="/")` opens a page that the test feeds with frames."""

    def open_page(
        width: int = 1920,
        height: int = 1080,
        *scripts: str,
        path: str = "/",
        fast_clock: bool = False,
        **options: Any,
    ) -> FedPage:
        page = page_at(width, height, **options)
        if fast_clock:
            page.clock.install()
        return open_fed(page, page_server, path, *scripts)

    return open_page


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
