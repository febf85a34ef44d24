"""The pure parts of announcing, in one process of node for each worker; pages with a voice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from display.voice.packs import PACKS
from display.voice.serving import make_voice
from tests.display.announcing.node_process import Announcing
from tests.display.pages import PageServer, serving_pages
from tests.fixtures.parts import find_program, need


@pytest.fixture(scope="session")
def rule() -> Iterator[Announcing]:
    node = find_program("node")
    need("node", node, "install the package nodejs")
    running = Announcing(str(node))
    yield running
    running.close()


@pytest.fixture(scope="session")
def all_voiced_pages() -> Iterator[PageServer]:
    """One server of pages for each worker, with the packs that come with the software."""
    with serving_pages(make_voice([PACKS])) as serving:
        yield serving


@pytest.fixture
def voiced_pages(all_voiced_pages: PageServer) -> PageServer:
    """The server of pages with a voice, which has heard of nothing yet."""
    all_voiced_pages.reports.clear()
    all_voiced_pages.announced.clear()
    return all_voiced_pages
