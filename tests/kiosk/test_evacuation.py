"""An evacuation at the kiosk: red over whatever was on the screen, nothing to press, and kept while
the server is away.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.conftest import on, scan
from tests.protocol.agents import until
from tests.protocol.fake_server import FakeServer

pytestmark = pytest.mark.requires_browser

PUSH_MS = 15_000  # the agent asks every 5 s, the page every second; a shared machine is slow


def evacuate(server: FakeServer, *, drill: bool = False) -> None:
    server.offer = dataclasses.replace(
        server.offer, open=False, reason="paused", paused="EVACUATION", drill=drill
    )


def go_on(server: FakeServer) -> None:
    server.offer = dataclasses.replace(
        server.offer, open=True, reason=None, paused=None, drill=False
    )


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1080, 1920), (1024, 768), (768, 1024)])
def test_the_kiosk_turns_red_in_both_languages_and_goes_back(
    shared: FakeServer,
    open_kiosk: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
) -> None:
    page = open_kiosk(width, height)
    page.locator(".tile[data-service=REK]").tap()
    on(page, "confirm")
    evacuate(shared, drill=True)
    on(page, "evacuation", PUSH_MS)
    message = page.locator("[data-for=evacuation]")
    for words in (
        "EVAKUASI",
        "EVACUATION",
        "Tinggalkan gedung dengan tenang",
        "leave the building calmly",
        "LATIHAN",
    ):
        expect(message).to_contain_text(words)
    assert (
        page.evaluate(
            """() => {
              const shown = document.querySelector("[data-for=evacuation]");
              return getComputedStyle(shown).backgroundColor;
            }"""
        )
        == "rgb(176, 0, 32)"
    )
    assert not page.evaluate("""() => {
      const isOutside = (box) => box.top < 0 || box.bottom > innerHeight
        || box.left < 0 || box.right > innerWidth;
      return [...document.querySelectorAll("[data-for=evacuation] > *")]
        .map((each) => each.getBoundingClientRect())
        .some((box) => box.height > 0 && isOutside(box));
    }""")
    assert [each for each in page.locator("button").all() if each.is_visible()] == []
    assert axe(page) == []
    # A code held to the scanner now gives nothing.
    scan(page, "7F3K9Q2M4N5P")
    go_on(shared)
    on(page, "home", PUSH_MS)
    assert shared.posts == []


def test_without_the_server_the_alarm_stays(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    page = open_own_kiosk()
    evacuate(server)
    on(page, "evacuation", PUSH_MS)
    expect(page.locator("#drill")).to_be_hidden()
    server.go_down()
    until(
        lambda: not page.evaluate("fetch('/state').then((answer) => answer.json())")["connected"],
        "the agent has lost the server",
    )
    with page.expect_response("**/state"):
        pass  # the page's own look at the agent
    assert page.locator("body").get_attribute("data-screen") == "evacuation"
    server.down = False
    go_on(server)
    on(page, "home", PUSH_MS)
