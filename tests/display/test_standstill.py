"""Everything stands still: the TV and the entry screen say so as large as they are, and no call
draws anybody's eye from it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.display.test_page import LISTEN, await_announcements
from tests.fixtures.browser import Pages
from tests.protocol.agents import Agent
from tests.protocol.fake_server import FakeServer

pytestmark = pytest.mark.requires_browser

WORDS = {
    "EVACUATION": ("EVAKUASI", "Please leave the building calmly"),
    "PAUSE": ("Layanan dihentikan sementara", "Please stay calm and wait"),
}


@pytest.mark.parametrize(
    ("kind", "width", "height"),
    [("EVACUATION", 1920, 1080), ("PAUSE", 1366, 768), ("EVACUATION", 1080, 1920)],
)
def test_the_tv_fills_with_one_message_and_goes_back(
    server: FakeServer,
    paired_tv: Agent,
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    kind: str,
    width: int,
    height: int,
) -> None:
    server.show(server.call("A012", "3", age_seconds=200))
    page = page_at(width, height)
    page.goto(paired_tv.url)
    page.wait_for_selector('body[data-screen="board"]')
    server.show(paused=kind, admitting=False)
    message = page.locator("#standstill")
    expect(message).to_be_visible()
    for words in WORDS[kind]:
        expect(message).to_contain_text(words)
    expect(page.locator("#board")).to_be_hidden()
    box = message.bounding_box()
    assert box is not None and (box["width"], box["height"]) == (width, height)
    assert not page.evaluate(
        "[...document.querySelectorAll('#standstill p')].some((each) => each.scrollWidth > "
        "each.clientWidth + 2)"
    )
    assert axe(page) == []
    server.show(paused=None, admitting=True)
    expect(page.locator("#board")).to_be_visible()
    expect(message).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/entry"])
def test_a_drill_is_marked_and_otherwise_the_same_and_stays_while_the_server_is_away(
    server: FakeServer, paired_tv: Agent, page_at: Pages, path: str
) -> None:
    page = page_at(1920, 1080)
    page.goto(f"{paired_tv.url}{path}")
    screen, mark = ("#standstill", "#standstill-drill") if path == "/" else ("#gate", "#drill")
    server.show(paused="EVACUATION", admitting=False, entering=("A015",))
    expect(page.locator(screen)).to_contain_text("EVAKUASI")
    expect(page.locator(mark)).to_be_hidden()
    server.show(paused="EVACUATION", drill=True, admitting=False)
    expect(page.locator(mark)).to_contain_text("LATIHAN")
    # The same red on both, and no sign that anybody may come in.
    assert (
        page.evaluate(
            "selector => getComputedStyle(document.querySelector(selector)).backgroundColor", screen
        )
        == "rgb(179, 0, 27)"
    )
    assert page.get_by_text("silakan", exact=False).filter(visible=True).count() == 0
    server.go_down()
    page.reload()
    expect(page.locator(screen)).to_contain_text("EVAKUASI")
    expect(page.locator(mark)).to_be_visible()


def test_no_call_sounds_in_a_standstill_and_none_is_lost(
    server: FakeServer, paired_tv: Agent, page_at: Pages
) -> None:
    page = page_at(1366, 768)
    page.clock.install()
    page.add_init_script(LISTEN)
    page.goto(paired_tv.url)
    page.wait_for_selector('body[data-screen="board"]')
    server.show(server.call("A013", "2"), server.call("A012", "3", age_seconds=1))
    await_announcements(page, 1)
    server.show(paused="EVACUATION", admitting=False)
    expect(page.locator("#standstill")).to_be_visible()
    page.clock.run_for(9000)
    assert page.evaluate("window.tones") == 4
    server.show(paused=None, admitting=True)
    await_announcements(page, 2)
    page.clock.run_for(8000)
    await_announcements(page, 3)
    assert page.evaluate("window.shown") == ["A012", "A012", "A013"]


@pytest.mark.parametrize("kind", list(WORDS))
def test_the_entry_screen_keeps_people_away(
    server: FakeServer, paired_tv: Agent, page_at: Pages, kind: str
) -> None:
    page = page_at(1080, 1920)
    page.goto(f"{paired_tv.url}/entry")
    server.show(paused=kind, entering=("A015",))
    expect(page.locator("#gate-title")).to_contain_text(WORDS[kind][0])
    expect(page.locator("#numbers")).to_be_hidden()
