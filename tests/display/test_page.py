"""The TV page in a real browser, fed by its agent: heard once per call, honest when it is old. What
it looks like is for `board/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.display.conftest import WITH_SPEAKERS, leave_token, make_tv
from tests.protocol.agents import Agent, until
from tests.protocol.fake_server import FakeServer, running_fake_server

pytestmark = pytest.mark.requires_browser

SIZES = [(1920, 1080), (1366, 768), (1280, 720), (1080, 1920)]

LISTEN = """
window.shown = []; window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.tones += 1;
  return start.apply(this, when);
};
document.addEventListener("animationstart", (event) => {
  if (event.animationName !== "flash") return;
  window.shown.push(document.getElementById("number").textContent);
});
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeServer, Agent]]:
    """One server and one TV agent for most tests of this module: starting an agent takes longer
    than a test.
    """
    folder = tmp_path_factory.mktemp("tv")
    with running_fake_server() as fake:
        agent = make_tv(fake, folder)
        leave_token(fake, folder)
        agent.start()
        until(lambda: fake.watching and fake.heartbeats, "the TV watches the board")
        yield fake, agent
        agent.kill()


@pytest.fixture
def server(stage: tuple[FakeServer, Agent]) -> FakeServer:
    """The shared TV's server, as new."""
    fake, _ = stage
    fake.clear()
    until(lambda: fake.watching, "the TV watches again")
    fake.push(fake.board)
    return fake


@pytest.fixture
def shared_tv(stage: tuple[FakeServer, Agent], server: FakeServer) -> Agent:
    return stage[1]


@pytest.fixture
def open_tv(page_at: Any, shared_tv: Agent) -> Callable[..., Page]:
    def open_page(
        width: int = 1920, height: int = 1080, *, fast_clock: bool = False, **options: Any
    ) -> Page:
        page: Page = page_at(width, height, **options)
        if fast_clock:
            page.clock.install()
        page.add_init_script(LISTEN)
        page.goto(shared_tv.url)
        page.wait_for_selector('body[data-screen="board"]')
        return page

    return open_page


def await_announcements(page: Page, count: int) -> None:
    """Until so many calls were announced; asked from outside, as the page's policy forbids
    evaluating in it.
    """
    until(
        lambda: page.evaluate("window.shown.length") == count, f"{count} announcements", timeout=15
    )


def test_three_calls_at_once_are_each_shown_and_sounded_in_turn(
    server: FakeServer, open_tv: Callable[..., Page]
) -> None:
    page = open_tv(fast_clock=True)
    server.show(
        server.call("A014", "5"),
        server.call("A013", "2", age_seconds=1),
        server.call("A012", "3", age_seconds=2),
    )
    await_announcements(page, 1)
    page.clock.run_for(3000)
    assert page.evaluate("window.shown") == ["A012"], "each call keeps the screen for a while"
    assert page.locator("#recent .n").all_text_contents() == ["A014", "A013"], (
        "who waits for the announcement is on the screen already"
    )
    for count in (2, 3):
        page.clock.run_for(5000)
        await_announcements(page, count)
    assert page.evaluate("window.shown") == ["A012", "A013", "A014"]
    assert page.evaluate("window.tones") == 3 * 4
    assert page.locator("#recent .n").all_text_contents() == ["A013", "A012"]


def test_a_call_is_announced_once_for_all_that_happens(
    server: FakeServer, open_tv: Callable[..., Page]
) -> None:
    page = open_tv(fast_clock=True)
    server.show(server.call("A012", "3"))
    await_announcements(page, 1)
    page.clock.run_for(8000)
    server.push(server.board)
    server.show(inside=3)
    page.reload()
    page.wait_for_selector("#number:text('A012')")
    server.show(server.call("A012", "3", times=2))
    await_announcements(page, 1)
    assert page.locator("#call-title").text_content() == "Panggilan keduaSecond call"


def test_calls_that_still_wait_for_their_turn_outlive_a_reload(
    server: FakeServer, open_tv: Callable[..., Page]
) -> None:
    page = open_tv(fast_clock=True)
    server.show(server.call("A013", "2"), server.call("A012", "3", age_seconds=1))
    await_announcements(page, 1)
    page.clock.run_for(5800)
    await_announcements(page, 2)
    page.reload()
    await_announcements(page, 1)
    assert page.evaluate("window.shown") == ["A013"]


def test_an_old_call_is_shown_but_not_announced(
    server: FakeServer, open_tv: Callable[..., Page]
) -> None:
    server.show(server.call("A012", "3", age_seconds=61))
    page = open_tv()
    page.wait_for_selector("#number:text('A012')")
    server.show(server.call("A013", "4"))
    await_announcements(page, 1)
    assert page.evaluate("window.shown") == ["A013"]


def test_flashes_stay_below_three_a_second_and_stop(
    open_tv: Callable[..., Page], server: FakeServer
) -> None:
    page = open_tv()
    server.show(server.call("A012", "3"))
    page.wait_for_selector("#call.flash")
    style = page.evaluate(
        "(({animationDuration, animationIterationCount}) => [animationDuration, "
        "animationIterationCount])"
        "(getComputedStyle(document.getElementById('call')))"
    )
    assert (float(style[0].removesuffix("s")), style[1]) == (0.8, "3")


def test_no_motion_for_those_who_asked_for_none(
    open_tv: Callable[..., Page], server: FakeServer
) -> None:
    page = open_tv(reduced_motion="reduce")
    server.show(server.call("A012", "3"))
    page.wait_for_selector("#call.fresh")
    assert (
        page.evaluate("getComputedStyle(document.getElementById('call')).animationName") == "none"
    )


def test_a_lost_server_is_admitted_and_old_waits_are_hidden_until_it_is_back(
    server: FakeServer, page_at: Any, shared_tv: Agent
) -> None:
    page: Page = page_at(1920, 1080)
    page.clock.install()
    page.add_init_script("""
      window.EventSource = class extends EventSource {
        set onmessage(take) { super.onmessage = (each) => window.deaf || take(each); }
      };
    """)
    page.goto(shared_tv.url)
    page.wait_for_selector("#streams .wait:visible")
    noticed_before = shared_tv.log_text().count("not connected")
    assert page.locator("#stale").is_hidden()
    server.go_down()
    until(lambda: shared_tv.log_text().count("not connected") > noticed_before, "the agent notices")
    page.clock.run_for(12_000)
    page.wait_for_selector("#stale:visible")
    assert "terputus" in (page.locator("#stale").text_content() or "")
    assert page.locator("#streams .wait:visible").count() > 0
    page.evaluate(
        "window.deaf = true"
    )  # what the agent says of the age would count, and for it no time has passed
    page.clock.run_for(300_000)
    assert page.locator("#streams .wait:visible").count() == 0
    assert page.locator("#streams strong:visible").count() > 0
    page.evaluate("window.deaf = false")
    server.down = False
    page.wait_for_selector("#streams .wait:visible")


@pytest.mark.parametrize(
    "broken",
    [
        "window.AudioContext = class { constructor() { throw new Error('no sound card'); } };",
        "AudioContext.prototype.createOscillator = () => { throw new Error('broken'); };",
    ],
)
def test_sound_that_fails_stops_neither_picture_nor_the_next_call(
    server: FakeServer, page_at: Any, shared_tv: Agent, broken: str
) -> None:
    page: Page = page_at(1280, 720)
    page.clock.install()
    page.add_init_script(LISTEN + broken)
    page.goto(shared_tv.url)
    page.wait_for_selector('body[data-screen="board"]')
    server.show(server.call("A013", "2"), server.call("A012", "3", age_seconds=1))
    await_announcements(page, 1)
    page.clock.run_for(5500)
    await_announcements(page, 2)


@pytest.mark.parametrize("path", ["/", "/entry"])
def test_blocked_sound_is_admitted_and_comes_back_at_a_touch(
    page_at: Any, shared_tv: Agent, path: str
) -> None:
    page: Page = page_at(1366, 768)
    page.add_init_script(WITH_SPEAKERS)
    page.add_init_script("""
      let allowed = false;
      const real = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "state");
      Object.defineProperty(BaseAudioContext.prototype, "state", {
        get() { return allowed ? "running" : "suspended"; },
      });
      AudioContext.prototype.resume = function () {
        if (!window.touched) return Promise.reject(new Error("blocked"));
        allowed = true;
        this.dispatchEvent(new Event("statechange"));
        return Promise.resolve();
      };
      addEventListener("pointerdown", () => { window.touched = true; }, true);
    """)
    page.goto(shared_tv.url + path)
    page.wait_for_selector("#muted:visible")
    assert "Suara mati – sentuh layar" in (page.locator("#muted").text_content() or "")
    page.locator("#muted").click()
    page.wait_for_selector("#muted", state="hidden")


def test_two_screens_of_one_agent_both_announce(
    server: FakeServer, open_tv: Callable[..., Page]
) -> None:
    pages = [open_tv(1280, 720), open_tv(1280, 720)]
    server.show(server.call("A012", "3"))
    for page in pages:
        await_announcements(page, 1)


def test_a_new_build_reloads_the_page_once(
    server: FakeServer, open_tv: Callable[..., Page]
) -> None:
    page = open_tv(1280, 720)
    page.evaluate("window.before = true")
    with page.expect_navigation():
        server.show(build="server-2")
    page.wait_for_selector('body[data-screen="board"]')
    assert page.evaluate("window.before") is None
    page.evaluate("window.before = true")
    server.show(
        server.call("A012"), build="server-3"
    )  # two servers of different builds must not make it flicker
    await_announcements(page, 1)
    assert page.evaluate("window.before") is True


def test_closed_office_and_pairing_screen(
    server: FakeServer, open_tv: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_tv()
    server.show(open=False)
    page.wait_for_selector("#mode:visible")
    assert "Kantor tutup" in (page.locator("#mode").text_content() or "")
    server.revoke("tv-token")
    page.wait_for_selector('body[data-screen="pairing"]', timeout=8000)
    page.wait_for_selector("#pair-code:text('KD7')")
    assert axe(page) == []
    server.approve("tv-token")
    page.wait_for_selector('body[data-screen="board"]', timeout=8000)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_over_the_limit_is_said_in_both_languages_and_nobody_is_asked_in(
    server: FakeServer,
    open_tv: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
) -> None:
    page = open_tv(width, height)
    server.show(inside=46, limit=20, over=26, entering=("A012",))
    page.wait_for_selector('#mode[data-mode="over"]')
    assert (
        page.locator("#mode-title [lang=id]").text_content() == "Melebihi batas: 46 dari 20 orang"
    )
    assert page.locator("#mode-title [lang=en]").text_content() == "Over the limit: 46 of 20 people"
    assert page.locator("#entering").is_hidden()
    assert axe(page) == []
