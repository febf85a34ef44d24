"""The agent is killed in the middle of an announcement: nothing is lost and nothing repeated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.display.announcing.lobby import CLIPS, COUNT_SOUNDS
from tests.display.conftest import leave_token
from tests.fixtures.browser import Pages
from tests.protocol.agents import Agent, until
from tests.protocol.fake_server import FakeServer

pytestmark = pytest.mark.requires_browser

FULL_CLIPS = 7


def open_page(page_at: Pages, tv: Agent) -> Page:
    page = page_at(1280, 720)
    page.clock.install()
    page.add_init_script(COUNT_SOUNDS)
    page.goto(tv.url)
    page.wait_for_selector('body[data-screen="board"]')
    until(lambda: page.evaluate("window.decoded") >= CLIPS, "the clips are there")
    return page


def await_clips(page: Page, count: int) -> None:
    until(lambda: page.evaluate("window.clips") == count, f"{count} clips were played")


def test_an_agent_that_is_killed_in_between_neither_loses_nor_repeats_a_call(
    server: FakeServer, paired_tv: Agent, page_at: Pages, tmp_path: Path
) -> None:
    page = open_page(page_at, paired_tv)
    server.show(server.call("A013", "2"), server.call("A012", "3", age_seconds=1))
    await_clips(page, FULL_CLIPS)
    paired_tv.kill()
    page.clock.run_for(4500)  # the last word of the first has begun, and nobody is there to know
    paired_tv.start()
    path = tmp_path / "state" / "announced.json"
    until(lambda: page.clock.run_for(500) or path.exists(), "the agent knows of the first")
    await_clips(page, 2 * FULL_CLIPS)
    page.clock.run_for(8000)
    until(lambda: len(json.loads(path.read_bytes())) == 2, "the agent knows of both")

    # Another browser, later: it remembers nothing itself.
    again = open_page(page_at, paired_tv)
    page.close()
    again.clock.run_for(10_000)
    server.show(server.call("A014", "1"))
    until(lambda: again.clock.run_for(1000) or again.evaluate("window.chimes") >= 1, "the new one")
    assert again.evaluate("window.chimes") == 1


def test_a_page_that_is_gone_before_its_last_word_is_followed_by_one_that_says_it_again(
    server: FakeServer, tv: Agent, page_at: Pages, tmp_path: Path
) -> None:
    leave_token(server, tmp_path)
    tv.start()
    until(lambda: server.watching, "the TV watches the board")
    first = open_page(page_at, tv)
    server.show(server.call("A012", "3"))
    await_clips(first, FULL_CLIPS)
    first.goto("about:blank")  # a browser that is closed
    second = open_page(page_at, tv)
    until(lambda: second.clock.run_for(1000) or second.evaluate("window.clips"), "it says it again")
    assert second.evaluate("window.clips") == FULL_CLIPS
