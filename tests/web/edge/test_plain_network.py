"""The pages over plain http on an office's own network, where a browser keeps back what it gives to
https and loopback pages alone.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.application import HOME, PASSWORD, People
from tests.fixtures.browser import PLAIN_HOST, Pages
from tests.fixtures.live_server import LiveServer, serving

pytestmark = pytest.mark.requires_browser


@pytest.fixture(scope="module")
def plain(
    tmp_path_factory: pytest.TempPathFactory, filled_sqlite: tuple[Path, People]
) -> Iterator[LiveServer]:
    """A server known on the network by a name."""
    folder = tmp_path_factory.mktemp("plain")
    file, people = filled_sqlite
    url = f"sqlite:///{shutil.copy(file, folder)}"
    with serving(folder, url, people, host=PLAIN_HOST) as server:
        yield server


def address(server: LiveServer, path: str) -> str:
    return server.url.replace("127.0.0.1", PLAIN_HOST) + path


def sign_in(server: LiveServer, page: Page, path: str, username: str) -> Page:
    page.goto(address(server, path))
    assert page.evaluate("isSecureContext") is False
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form .button")
    page.wait_for_url(f"**{path}*")
    return page


def test_a_clerk_opens_a_counter_calls_and_serves(plain: LiveServer, page_at: Pages) -> None:
    number = plain.walk_in()["number"]
    page = sign_in(plain, page_at(1366, 768), "/desk", "clerk")
    page.click(f'button[data-counter="{HOME}-1"]')
    page.wait_for_selector("#call-next:enabled")
    for key, state in (("n", "CALLED"), ("s", "SERVING"), ("d", "")):
        page.wait_for_selector(f'[data-key="{key}"]:enabled')
        page.keyboard.press(key)
        expect(page.locator("#now")).to_have_attribute("data-state", state)
        if state:
            expect(page.locator("#now-number")).to_have_text(number)


def test_a_guard_counts_and_the_dashboard_follows(plain: LiveServer, page_at: Pages) -> None:
    door = sign_in(plain, page_at(360, 740), "/door", "guard")
    expect(door.locator("#inside")).to_have_text(re.compile(r"^\d+$"))
    inside = int(door.locator("#inside").inner_text())
    door.locator("[data-press='1']").click()
    expect(door.locator("#inside")).to_have_text(str(inside + 1))
    dashboard = sign_in(plain, page_at(1366, 768), "/supervise", "supervisor")
    expect(dashboard.locator("#inside")).to_have_text(str(inside + 1))


def test_the_reception_gives_a_number(plain: LiveServer, page_at: Pages) -> None:
    page = sign_in(plain, page_at(1366, 768), "/reception", "clerk")
    page.click("#give")
    expect(page.locator("#visit-number")).to_be_visible()


def test_a_visitors_ticket_follows_the_queue(plain: LiveServer, page_at: Pages) -> None:
    slip = plain.walk_in()
    page = page_at(360, 740)
    page.goto(address(plain, f"/t/{slip['code']}"))
    expect(page.locator("#number")).to_have_text(slip["number"])
    plain.ask("POST", f"/tickets/{slip['id']}/leave", "clerk").raise_for_status()
    expect(page.locator("#progress")).to_be_hidden()
