"""The pure parts of announcing, in one process of node for each worker; pages with a voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from display.voice.packs import PACKS
from display.voice.serving import make_voice
from tests.display.announcing.lobby import COUNT_SOUNDS, Lobby
from tests.display.announcing.node_process import Announcing
from tests.display.pages import PageServer, open_fed, serving_pages
from tests.fixtures.browser import Pages
from tests.fixtures.parts import find_program, need


@pytest.fixture(scope="session")
def rule() -> Iterator[Announcing]:
    node = find_program("node")
    need("node", node, "install the package nodejs")
    running = Announcing(str(node))
    yield running
    running.close()


@pytest.fixture
def voiced_pages() -> Iterator[PageServer]:
    """A server of pages with the packs that come with the software. No page of another test has the
    voice.
    """
    with serving_pages(make_voice([PACKS])) as serving:
        yield serving


OpenLobby = Callable[..., Lobby]


@pytest.fixture
def open_lobby(page_at: Pages, voiced_pages: PageServer) -> OpenLobby:
    """`open_lobby(*scripts, pages=1)` opens pages of one screen, their clocks the test's."""

    def open_pages(*scripts: str, pages: int = 1) -> Lobby:
        opened = []
        for _ in range(pages):
            page = page_at(1280, 720)
            page.clock.install()
            opened.append(open_fed(page, voiced_pages, "/", COUNT_SOUNDS, *scripts))
        lobby = Lobby(opened)
        lobby.feed()
        return lobby

    return open_pages
