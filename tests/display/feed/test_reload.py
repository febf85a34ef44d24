"""A page that stays new: it loads a newer one, but never one that is not there, and never in the
middle of an announcement.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from queue_server.protocol.displays import DisplaySettings
from tests.display.pages import FedPage, FeedPage, board, call
from tests.protocol.agents import until

pytestmark = pytest.mark.requires_browser


@pytest.fixture
def tv(fed_page: FeedPage) -> FedPage:
    page = fed_page(1280, 720)
    page.show(board())
    page.ask("window.before = true")
    return page


def is_new(page: Page) -> bool:
    """Whether the page was loaded anew; asked again while it is."""
    return page.evaluate("window.before === undefined") is True


def answer_with(page: Page, build: str) -> None:
    """Let the server have a page of this build."""

    def rebuilt(route: Route) -> None:
        fetched = route.fetch()
        body = fetched.text().replace('name="build" content="', f'name="build" content="{build}')
        route.fulfill(response=fetched, body=body)

    page.route(lambda url: url.rstrip("/").endswith(page.url.split("/")[2]), rebuilt)


def test_a_new_build_is_loaded(tv: FedPage) -> None:
    answer_with(tv.page, "new-")
    with tv.page.expect_navigation():
        tv.show(board(), build="new-build")
    until(lambda: is_new(tv.page), "the new page is there")


@pytest.mark.parametrize("what", ["the page", "a script", "an older page"])
def test_what_is_not_there_is_not_loaded(tv: FedPage, what: str) -> None:
    asked = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=502, body="Bad gateway")

    if what == "a script":
        answer_with(tv.page, "new-")
        tv.page.route("**/tv.js", refuse)
    elif what == "the page":
        tv.page.route(f"{tv.server.url}/", refuse)
    else:
        tv.page.route(f"{tv.server.url}/", lambda route: (asked.append("page"), route.continue_()))
    tv.show(board(call("A012", age_s=90)), build="new-build")
    until(lambda: tv.ask("true") and asked, "it has looked")
    tv.show(board(call("A013", age_s=90)), build="new-build")
    expect(tv.page.locator("#number")).to_have_text("A013")
    assert not is_new(tv.page) and len(asked) == 1, "and it is not asked for again at once"


def test_no_call_is_cut_off_by_a_new_page(tv: FedPage) -> None:
    answer_with(tv.page, "new-")
    tv.show(board(call("A012")))
    expect(tv.page.locator("#number")).to_have_text("A012")
    tv.show(board(call("A012")), build="new-build")
    tv.page.evaluate("new Promise((done) => setTimeout(done, 300))")
    assert not is_new(tv.page)


def test_it_is_loaded_once_a_minute_at_most(tv: FedPage) -> None:
    tv.ask('sessionStorage.setItem("antrean.reloaded", String(Date.now() - 30_000))')
    answer_with(tv.page, "new-")
    tv.show(board(), build="new-build")
    tv.page.evaluate("new Promise((done) => setTimeout(done, 300))")
    assert not is_new(tv.page)
    tv.ask('sessionStorage.setItem("antrean.reloaded", String(Date.now() + 86_400_000))')
    with tv.page.expect_navigation():
        tv.show(board(), build="new-build")


def test_another_layout_is_another_page(tv: FedPage, fed_page: FeedPage) -> None:
    with tv.page.expect_navigation():
        tv.show(board(), DisplaySettings(layout="entry"))
    entry = fed_page(1280, 720, path="/entry")
    entry.show(board())
    entry.ask("window.before = true")
    entry.show(board(inside=8))
    expect(entry.page.locator("#inside")).to_have_text("8")
    assert not is_new(entry.page), "the entry page of a TV in the hall stays"


def test_a_page_whose_scripts_do_not_come_is_loaded_again(fed_page: FeedPage) -> None:
    tv = fed_page(1280, 720, fast_clock=True)
    tv.page.route("**/tv.js", lambda route: route.abort())
    tv.page.goto(tv.server.url)
    tv.page.unroute("**/tv.js")
    with tv.page.expect_navigation():
        tv.page.clock.run_for(21_000)
    tv.show(board(call("A012", age_s=90)))
    expect(tv.page.locator("#number")).to_have_text("A012")


def test_the_screen_stays_awake_and_moves_a_little(fed_page: FeedPage) -> None:
    tv = fed_page(
        1280,
        720,
        """
        window.locks = [];
        const wakeLock = { request: () => {
          const lock = { released: false };
          window.locks.push(lock);
          return Promise.resolve(lock);
        } };
        Object.defineProperty(navigator, "wakeLock", { value: wakeLock });
        """,
        fast_clock=True,
    )
    tv.show(board())
    assert tv.ask("locks.length") == 1
    tv.page.clock.run_for(60_000)
    assert tv.ask("locks.length") == 1, "one that holds is not asked for again"
    tv.ask("locks[0].released = true")
    places = set()
    for _ in range(7):
        tv.page.clock.run_for(60_000)
        places.add(tv.page.locator("#board").get_attribute("style"))
    assert tv.ask("locks.length") == 2 and len(places) == 7
