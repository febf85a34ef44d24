"""A screen in a plain browser follows the real server: by the live channel or without it, cut off
and back again, too old for the page's scripts.
"""

from __future__ import annotations

import re
from functools import partial

import pytest
from playwright.sync_api import Page, Route, expect

from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from tests.fixtures.browser import Pages, cut_off
from tests.protocol.agents import until
from tests.web.served import Served
from tests.web.site import TUESDAY

pytestmark = pytest.mark.requires_browser

NO_WEBSOCKET = "delete window.WebSocket;"


def come(served: Served) -> None:
    """Another visitor takes a number, from another process."""
    database = Database(f"sqlite:///{served.file}")
    wanted = arrival.WalkIn(service="KK")
    step = partial(arrival.issue_walk_in, office="3674", wanted=wanted, draw=draw(), now=TUESDAY)
    database.write([("3674", TUESDAY.date())], step)
    database.close()


def waiting(page: Page) -> int:
    return int(page.locator("#streams li", has_text="Pendaftaran").locator("strong").inner_text())


@pytest.mark.parametrize("script", ["", NO_WEBSOCKET])
def test_a_screen_follows_the_office(served: Served, page_at: Pages, script: str) -> None:
    page = page_at(1280, 720)
    page.add_init_script(script)
    served.open(page, "/tv/3674")
    expect(page.locator("body")).to_have_attribute("data-screen", "board")
    before = waiting(page)
    come(served)
    expect(page.locator("#streams")).to_contain_text(f"{before + 1} menunggu", timeout=10_000)
    expect(page.locator("#stale")).to_be_hidden()


def test_a_screen_that_is_cut_off_says_so_and_comes_back(served: Served, page_at: Pages) -> None:
    page = page_at(1280, 720)
    page.clock.install()
    served.open(page, "/tv/3674")
    expect(page.locator("body")).to_have_attribute("data-screen", "board")
    page.context.set_offline(True)
    page.clock.run_for(15_000)
    expect(page.locator("#stale")).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(5_000)
    expect(page.locator("#stale")).to_be_hidden()


@pytest.mark.parametrize("path", ["/tv/3674", "/tv/3674/entry"])
def test_a_browser_that_cannot_read_the_scripts_gets_the_plain_page(
    served: Served, page_at: Pages, path: str
) -> None:
    page = page_at(1280, 720)

    def too_new(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body="const a = 1 ??||?? 2;")

    page.route(re.compile(r"/(tv|entry)\.js$"), too_new)
    served.open(page, path)
    page.wait_for_url("**/tv/3674/plain")
    expect(page.locator(".top strong").first).to_be_visible()
    page_at.problems[:] = [each for each in page_at.problems if "Unexpected token" not in each]


def test_without_scripts_the_plain_page_comes_by_itself(served: Served, page_at: Pages) -> None:
    page = page_at(1280, 720, java_script_enabled=False)
    served.open(page, "/tv/3674")
    page.wait_for_url("**/tv/3674/plain")
    expect(page.get_by_text("Belum ada panggilan")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (1080, 1920)])
def test_the_plain_page_renews_itself_and_fits(
    served: Served, page_at: Pages, width: int, height: int
) -> None:
    page = page_at(width, height)
    page.clock.install()
    served.open(page, "/tv/3674/plain")
    assert cut_off(page) == [] and page.evaluate("document.body.scrollHeight <= innerHeight")
    queue = page.locator(".stream", has_text="Pendaftaran").locator("strong").nth(1)
    before = int(queue.inner_text())
    come(served)

    def is_renewed() -> bool:
        # What another process has changed is on the kept page a second later.
        page.clock.run_for(10_000)
        return queue.inner_text() == str(before + 1)

    until(is_renewed, "the page has renewed itself")
    assert page.locator("#cut").is_hidden()
    page.route("**/plain", lambda route: route.abort())
    page.clock.run_for(40_000)
    words = "Sistem terputus, dengarkan petugas"
    expect(page.locator("#cut")).to_contain_text(words, timeout=15_000)


def test_a_wrong_address_is_said_on_the_screen(served: Served, page_at: Pages) -> None:
    page = served.open(page_at(1280, 720), "/tv/3674?volume=500")
    expect(page.locator("#faults")).to_be_visible()
    expect(page.locator("#faults [lang=id]")).to_have_text(
        "Salah pada alamat layar ini: volume=500"
    )
