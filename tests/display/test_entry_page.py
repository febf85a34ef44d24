"""The entry screen in a real browser: who comes in, how many are inside, or why to wait, read from
8 m.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.display.conftest import leave_token, make_tv
from tests.protocol.agents import Agent, until
from tests.protocol.fake_server import FakeServer, running_fake_server

pytestmark = pytest.mark.requires_browser

SIZES = [(1920, 1080), (1280, 720), (1080, 1920)]
QUIET: dict[str, Any] = {
    "entering": (),
    "outside": 0,
    "inside": 7,
    "limit": 20,
    "open": True,
    "mode": "NORMAL",
    "admitting": True,
}
STATES: dict[str, tuple[dict[str, Any], str, str]] = {
    "enter": (
        {"entering": ("A012", "A014"), "outside": 4, "inside": 20},
        "Silakan masuk",
        "Please come in",
    ),
    "open": ({}, "Silakan masuk", "You may come in"),
    "wait": ({"outside": 6, "inside": 20}, "Silakan tunggu di luar", "Please wait outside"),
    "over": (
        {"inside": 46, "over": 26, "outside": 3},
        "Melebihi batas: 46 dari 20 orang",
        "Over the limit: 46 of 20 people",
    ),
    "stopped": (
        {"admitting": False, "entering": ("A012",)},
        "Untuk sementara belum boleh masuk",
        "Nobody may come in for now",
    ),
    "closed": ({"open": False}, "Kantor tutup", "The office is closed"),
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeServer, Agent]]:
    """One server and one agent for all tests of this module."""
    folder = tmp_path_factory.mktemp("entry")
    with running_fake_server() as fake:
        agent = make_tv(fake, folder)
        leave_token(fake, folder)
        agent.start()
        until(lambda: fake.watching and fake.heartbeats, "the agent watches the board")
        yield fake, agent
        agent.kill()


@pytest.fixture
def server(stage: tuple[FakeServer, Agent]) -> FakeServer:
    fake, _ = stage
    fake.clear()
    until(lambda: fake.watching, "the agent watches again")
    return fake


@pytest.fixture
def open_entry(
    page_at: Any, server: FakeServer, stage: tuple[FakeServer, Agent]
) -> Callable[..., Page]:
    def open_page(width: int = 1920, height: int = 1080, **changes: Any) -> Page:
        server.show(**{**QUIET, **changes})
        page: Page = page_at(width, height)
        page.goto(f"{stage[1].url}/entry")
        page.wait_for_selector('body[data-screen="board"]')
        return page

    return open_page


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("state", STATES)
def test_each_state_is_one_message_that_fits(
    open_entry: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    state: str,
    width: int,
    height: int,
) -> None:
    changes, indonesian, english = STATES[state]
    page = open_entry(width, height, **changes)
    expect(page.locator("#board")).to_have_attribute("data-state", state)
    expect(page.locator("#gate-title [lang=id]")).to_have_text(indonesian)
    expect(page.locator("#gate-title [lang=en]")).to_have_text(english)
    expect(page.locator("#inside")).to_have_text(str({**QUIET, **changes}["inside"]))
    expect(page.locator("#limit")).to_have_text("/20")
    expect(page.locator("#numbers li")).to_have_count(2 if state == "enter" else 0)
    measured = page.evaluate("""() => {
      const size = (what) => parseFloat(getComputedStyle(document.querySelector(what)).fontSize);
      const cut = [...document.querySelectorAll("h1, h2, p, li, .count, time")].filter((each) => {
        const own = each.getBoundingClientRect();
        if (!own.width || each.closest("[hidden]")) return false;
        const outside = own.left < -8 || own.right > innerWidth + 8
          || own.top < -8 || own.bottom > innerHeight + 8;
        return outside || (each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 2);
      }).map((each) => each.id || each.className || each.tagName);
      return {title: size("#gate-title"), count: size(".count"), numbers: size("#numbers"), cut};
    }""")
    short_side = min(width, height)
    assert measured["cut"] == []
    assert measured["title"] >= 0.08 * short_side and measured["count"] >= 0.15 * short_side
    if state == "enter":
        drawn = page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('#numbers li')).fontSize)"
        )
        assert drawn >= 0.18 * short_side
    assert axe(page) == []


def test_new_numbers_come_by_themselves_and_flash(
    open_entry: Callable[..., Page], server: FakeServer
) -> None:
    page = open_entry(outside=2, inside=20)
    expect(page.locator("#board")).to_have_attribute("data-state", "wait")
    server.show(entering=("A012",), inside=20, outside=1)
    expect(page.locator("#numbers li")).to_have_text(["A012"])
    expect(page.locator("#board.fresh")).to_be_visible()
    server.show(entering=("A012",), inside=19, outside=1)
    expect(page.locator("#inside")).to_have_text("19")
    expect(page.locator("#board.fresh")).to_have_count(0)


def test_who_is_called_from_outside_is_sent_to_the_counter(
    open_entry: Callable[..., Page], server: FakeServer
) -> None:
    page = open_entry()
    server.show(server.call("A015", "3"), entering=("A015", "A014"))
    expect(page.locator("#numbers li").nth(0)).to_have_text("A015→ Loket 3")
    expect(page.locator("#numbers li").nth(1)).to_have_text("A014")


def test_many_numbers_still_fit(open_entry: Callable[..., Page]) -> None:
    page = open_entry(
        entering=tuple(f"A0{place}" for place in range(11, 17)), inside=118, limit=120
    )
    expect(page.locator("#numbers li")).to_have_count(6)
    boxes = page.evaluate(
        "[...document.querySelectorAll('#numbers li')].map(each => "
        "each.getBoundingClientRect().bottom)"
    )
    gate = page.evaluate("document.querySelector('#gate').getBoundingClientRect().bottom")
    assert max(boxes) <= gate


def test_an_office_without_a_limit_shows_no_count(open_entry: Callable[..., Page]) -> None:
    page = open_entry(limit=None)
    expect(page.locator("#room")).to_be_hidden()
    expect(page.locator("#board")).to_have_attribute("data-state", "open")


def test_without_the_server_it_owns_up(
    server: FakeServer, stage: tuple[FakeServer, Agent], page_at: Any
) -> None:
    agent = stage[1]
    page: Page = page_at(1920, 1080)
    page.clock.install()
    page.goto(f"{agent.url}/entry")
    page.wait_for_selector('body[data-screen="board"]')
    noticed_before = agent.log_text().count("not connected")
    assert page.locator("#stale").is_hidden()
    server.go_down()
    until(lambda: agent.log_text().count("not connected") > noticed_before, "the agent notices")
    page.clock.run_for(12_000)
    page.wait_for_selector("#stale:visible")
    assert "terputus" in (page.locator("#stale").text_content() or "")
    server.clear()
    until(lambda: server.watching, "the agent watches again")
    page.wait_for_selector("#stale", state="hidden")


def test_over_the_limit_looks_like_nothing_else_and_calls_nobody_in(
    open_entry: Callable[..., Page],
) -> None:
    grounds = {}
    states: dict[str, dict[str, Any]] = {
        "wait": {"inside": 20},
        "over": {"inside": 21, "over": 1, "entering": ("A012",)},
        "stopped": {"admitting": False},
    }
    for state, changes in states.items():
        page = open_entry(**changes)
        expect(page.locator("#board")).to_have_attribute("data-state", state)
        expect(page.locator("#numbers")).to_be_hidden()
        grounds[state] = page.evaluate(
            "getComputedStyle(document.getElementById('gate')).backgroundColor"
        )
    assert len(set(grounds.values())) == 3
