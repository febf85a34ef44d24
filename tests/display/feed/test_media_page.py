"""Pictures and films beside the calls: in turn, without sound, and a broken one is skipped."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from queue_server.protocol.displays import DisplaySettings
from tests.display.pages import FedPage, FeedPage, board, call
from tests.protocol.agents import until

pytestmark = pytest.mark.requires_browser

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ON = DisplaySettings(media=True)
FILM = """
HTMLMediaElement.prototype.play = function () {
  window.played = (window.played ?? 0) + 1;
  window.isSilent = this.muted && this.volume === 0;
  return Promise.resolve();
};
HTMLMediaElement.prototype.load = function () {};
Object.defineProperty(HTMLMediaElement.prototype, "src", {
  set(url) { this.dataset.src = url; setTimeout(() => {
    this.dispatchEvent(new Event(url.includes("broken") ? "error" : "loadeddata"));
  }); },
});
"""


def picture(name: str) -> dict[str, Any]:
    return {"url": f"/media/{name}", "kind": "picture", "seconds": 12}


def film(name: str) -> dict[str, Any]:
    return {"url": f"/media/{name}", "kind": "film", "seconds": 0}


@pytest.fixture
def tv(fed_page: FeedPage) -> FedPage:
    page = fed_page(1920, 1080, FILM, fast_clock=True)

    def give(route: Route) -> None:
        if "broken" in route.request.url:
            route.fulfill(content_type="image/png", body="no picture")
        else:
            route.fulfill(content_type="image/png", body=PIXEL)

    page.page.route("**/media/*", give)
    return page


def shown(tv: FedPage) -> str | None:
    name: str | None = tv.ask(
        """(() => {
          const element = document.querySelector("#media > *");
          const address = element && (element.dataset.src ?? element.getAttribute("src"));
          return address ? address.split("/").pop() : null;
        })()"""
    )
    return name


def await_shown(tv: FedPage, name: str) -> None:
    until(lambda: shown(tv) == name, f"{name} is shown", timeout=5)


def test_each_has_its_time_and_a_broken_one_is_skipped_and_told(tv: FedPage) -> None:
    listed = [picture("a.png"), picture("broken.png"), film("broken.mp4"), picture("c.png")]
    tv.show(board(call(age_s=90)), ON, media=listed)
    await_shown(tv, "a.png")
    tv.page.clock.run_for(13_000)
    await_shown(tv, "c.png")
    with tv.page.expect_request(lambda sent: '"media_broken":2' in (sent.post_data or "")):
        tv.page.clock.run_for(6_000)
    tv.page.clock.run_for(7_000)
    await_shown(tv, "a.png")


def test_a_film_is_silent_and_runs_to_its_end(tv: FedPage) -> None:
    tv.show(board(call(age_s=90)), ON, media=[film("a.mp4"), picture("b.png")])
    await_shown(tv, "a.mp4")
    assert tv.ask("window.isSilent") is True
    tv.ask("document.querySelector('#media video').dispatchEvent(new Event('ended'))")
    await_shown(tv, "b.png")
    tv.page.clock.run_for(13_000)
    await_shown(tv, "a.mp4")
    tv.page.clock.run_for(17_000)
    await_shown(tv, "b.png")


def test_only_one_stays_without_being_drawn_anew(tv: FedPage) -> None:
    tv.show(board(call(age_s=90)), ON, media=[picture("a.png")])
    await_shown(tv, "a.png")
    tv.ask("document.querySelector('#media img').dataset.same = 'yes'")
    tv.page.clock.run_for(40_000)
    assert tv.ask("document.querySelector('#media img').dataset.same") == "yes"


def test_no_media_no_region(tv: FedPage) -> None:
    tv.show(board(call(age_s=90)), media=[picture("a.png")])
    expect(tv.page.locator("#media")).to_be_hidden()
    tv.show(board(call(age_s=90)), ON, media=[picture("a.png")])
    await_shown(tv, "a.png")
    expect(tv.page.locator("#media")).to_be_visible()
    tv.show(board(call(age_s=90)), ON, media=[])
    expect(tv.page.locator("#media")).to_be_hidden()
    tv.show(board(call(age_s=90)), ON, media=[picture("broken.png")])
    expect(tv.page.locator("#media")).to_be_hidden()
