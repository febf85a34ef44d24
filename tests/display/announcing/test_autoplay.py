"""Whether the browser lets the page sound: blocked until a touch, or allowed from the start.

Nothing is evaluated in the pages: to a browser that would be as good as a touch.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.display.announcing.lobby import COUNT_SOUNDS
from tests.display.conftest import WITH_SPEAKERS
from tests.display.pages import PageServer, board, call, frame, open_fed
from tests.fixtures.browser import OwnBrowser
from tests.fixtures.parts import find_chromium
from tests.protocol.agents import until

pytestmark = pytest.mark.requires_browser

FLAG = "--autoplay-policy=no-user-gesture-required"


@pytest.fixture(params=[False, True], ids=["blocked", "allowed"])
def is_allowed(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(browser: OwnBrowser, is_allowed: bool) -> Iterator[Page]:
    """A page of a browser that was started with the flag of a TV, or without."""
    own = browser.chromium.browser_type.launch(
        executable_path=find_chromium(),
        args=[
            "--disable-gpu",
            "--disable-dev-shm-usage",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            *([FLAG] if is_allowed else []),
        ],
    )
    yield own.new_page()
    own.close()


def test_blocked_sound_is_shown_and_reported_until_somebody_touches_the_screen(
    page: Page, voiced_pages: PageServer, is_allowed: bool
) -> None:
    shown = frame(board(call("A012")), build=voiced_pages.build)
    feed = f"window.feedPage({json.dumps(shown)});"
    open_fed(page, voiced_pages, "/", COUNT_SOUNDS, WITH_SPEAKERS, feed)
    muted = page.locator("#muted")
    expect(page.locator("#number")).to_have_text("A012")
    if not is_allowed:
        expect(muted).to_be_visible()
        expect(muted).to_contain_text("Suara mati – sentuh layar")
        until(
            lambda: "blocked" in [each["sound"] for each in voiced_pages.reports], "it is reported"
        )
        muted.click()
    expect(muted).to_be_hidden()
    until(lambda: voiced_pages.reports[-1]["sound"] == "ok", "it is reported")
