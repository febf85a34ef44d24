"""Every call is seen and heard once, in the order of the calls, whatever breaks meanwhile: clerks
at the API, a real server, a screen's real agent, a real browser.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.display.conftest import WITH_SPEAKERS
from tests.fixtures.browser import OwnBrowser, Pages
from tests.fixtures.parts import find_chromium
from tests.journeys.hall import CLERKS, OFFICE, ZONE, Hall, hall_of
from tests.journeys.onlooker import Browser, Said
from tests.protocol.agents import until

pytestmark = [pytest.mark.requires_browser, pytest.mark.timeout(300)]

LOOK_MS = 50
RIGHT_LOOKS = 40
"""A screen is right within two seconds: so many looks at it, `LOOK_MS` apart."""

REACHES_MS = 2000
"""How long a screen may not know yet that a call was taken back."""


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The hall of the quick tests."""
    with hall_of(tmp_path_factory.mktemp("hall"), visitors=90, screens=2) as found:
        yield found


@pytest.fixture
def hall(shared_hall: Hall) -> Iterator[Hall]:
    """The same, every counter open and free."""
    yield shared_hall
    shared_hall.free_counters()


@pytest.fixture
def look(page_at: Pages, hall: Hall) -> Callable[..., Browser]:
    """`look(screen=0)` opens a browser in front of a screen, its clock the test's."""

    def open_page(screen: int = 0) -> Browser:
        browser = Browser(page_at(1280, 720))
        browser.open(hall.screens[screen].url)
        rest(browser)
        return browser

    return open_page


def rest(browser: Browser) -> None:
    """Let pass what a test before this one has left."""
    until(
        lambda: (
            browser.pass_time()
            and not browser.page.locator("#call.fresh").count()
            and browser.page.locator("#burst").is_hidden()
        ),
        "nothing is announced",
    )


def shift(hall: Hall, clerk: int, calls: int, pause_s: float) -> None:
    """A clerk calls so many visitors; some calls are taken back, some visitors called again."""
    chance = random.Random(clerk)
    for _ in range(calls):
        ticket = hall.call(clerk)
        time.sleep(pause_s * chance.random())
        what = chance.random()
        if what < 0.1:
            hall.step(clerk, ticket, "undo")
            continue
        if what < 0.25:
            hall.step(clerk, ticket, "recall")
        time.sleep(pause_s * chance.random())
        hall.dismiss(clerk, ticket)


def work_all(hall: Hall, calls: int, pause_s: float) -> None:
    """All clerks at once."""
    work = partial(shift, hall, calls=calls, pause_s=pause_s)
    with ThreadPoolExecutor(CLERKS) as pool:
        list(pool.map(lambda clerk: work(clerk), range(1, CLERKS + 1)))


def judge(hall: Hall, browser: Browser, known: int, ahead_ms: float) -> None:
    """Of the calls after the first `known`: each that stands was seen with its number, in the order
    of the calls, and heard whole once, in that order; one that was taken back, or made anew, was
    heard once at most, and not begun after the screen could know.
    """
    made = {call.id: call for call in hall.calls()[known:]}
    standing = [call for call in made.values() if call.gone_ms is None]
    seen = {each["call"]: each["number"] for each in browser.seen()}
    assert {call.id: seen.get(call.id) for call in standing} == {
        call.id: call.number for call in standing
    }
    stands = {call.id for call in standing}
    assert [id for id in browser.staged() if id in stands] == [call.id for call in standing]

    announced = [made[id] for id in hall.announced() if id in made]
    said = [one for one in browser.said() if one.counts]
    assert [(one.number, one.counter) for one in said] == [
        (call.number, call.counter) for call in announced
    ], "what was heard is what the agent remembers: none twice"
    assert [call for call in announced if call.gone_ms is None] == standing
    for call, one in zip(announced, said, strict=True):
        assert one.is_whole or call.gone_ms is not None
        late = call.gone_ms is not None and one.began > call.gone_ms + ahead_ms + REACHES_MS
        assert not late, f"said after it was taken back: {call}"
    assert_rule(browser.said())


def assert_each_once(hall: Hall, browser: Browser, known: int) -> None:
    """No call was announced twice, and each that stands was."""
    made = [call for call in hall.calls()[known:] if call.gone_ms is None]
    said = [(one.number, one.counter) for one in browser.said() if one.counts]
    assert said == [(call.number, call.counter) for call in made]
    assert [id for id in hall.announced() if id in {call.id for call in made}] == [
        call.id for call in made
    ]


def assert_rule(said: list[Said]) -> None:
    """Announcements never overlap, and none takes longer than six seconds."""
    for one, other in zip(said, said[1:], strict=False):
        assert other.began >= min(one.ended, one.cut or one.ended)
    assert all(one.ended - one.began <= 6000 for one in said)


def test_calls_of_eight_clerks_at_once(hall: Hall, look: Callable[..., Browser]) -> None:
    browser, known = look(), len(hall.calls())
    ahead_ms = browser.ahead_ms()
    work_all(hall, 2, 0.2)
    finish(hall, browser)
    judge(hall, browser, known, ahead_ms)
    assert {one.form for one in browser.said()} >= {"short"}


def finish(hall: Hall, browser: Browser, seconds: float = 120) -> None:
    """Let time pass until every call that stands was announced, and a little longer."""
    due = {call.id for call in hall.calls() if call.gone_ms is None}
    until(lambda: browser.pass_time() and due <= set(hall.announced()), "all said", seconds)
    browser.pass_time(6000)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_hundred_calls_in_ten_seconds_in_real_time(page_at: Pages, tmp_path: Path) -> None:
    with hall_of(tmp_path, visitors=130) as hall:
        browser = Browser(page_at(1920, 1080), is_quick=False)
        browser.open(hall.screen.url)
        work_all(hall, 13, 0.7)
        assert len(hall.calls()) >= 100
        finish(hall, browser, 900)
        judge(hall, browser, 0, 0)


def test_a_call_that_waits_and_is_taken_back_is_never_heard(
    hall: Hall, look: Callable[..., Browser]
) -> None:
    browser, known = look(), len(hall.calls())
    first, second = hall.call(1), hall.call(2)
    until(lambda: len(browser.seen()) >= 2 and browser.said(), "the first is announced")
    hall.step(2, second, "undo")
    until(lambda: browser.page.locator(f"[data-call^='{second['id']}']").count() == 0, "it is gone")
    third = hall.call(3)
    hall.step(3, third, "undo")  # its visitor is the same one: whoever is next calls them again
    hall.dismiss(1, first)
    fourth = hall.call(1)
    assert fourth["number"] == third["number"] == second["number"]
    finish(hall, browser)
    assert [(one.number, one.counter) for one in browser.said()] == [
        (first["number"], "1"),
        (fourth["number"], "1"),
    ]
    hall.dismiss(1, fourth)
    judge(hall, browser, known, browser.ahead_ms())


def start_anew(hall: Hall, broken: str, browser: Browser, page_at: Pages) -> Browser:
    """Kill one of those between the clerk and the visitor; returns the browser from then on."""
    if broken == "page":
        browser.reload()
    elif broken == "agent":
        hall.screen.kill()
        hall.screen.start()
    elif broken == "server":
        hall.server.kill()
        hall.server.start()
    else:
        other = Browser(page_at(1280, 720))
        other.open(hall.screen.url, browser.close())
        other.follow(browser)
        return other
    return browser


def await_said(browser: Browser, count: int) -> None:
    until(lambda: len(browser.said()) >= count, f"{count} announcements have begun")


IN_THE_CHIME_MS, LAST_WORD_MS = 700, 4200


@pytest.mark.parametrize(
    "when_ms", [IN_THE_CHIME_MS, pytest.param(LAST_WORD_MS, marks=pytest.mark.slow)]
)
def test_what_starts_anew_in_an_announcement_says_it_once_in_full(
    hall: Hall, look: Callable[..., Browser], page_at: Pages, when_ms: int
) -> None:
    browser, known = look(), len(hall.calls())
    for clerk, broken in enumerate(("page", "agent", "server", "browser"), 1):
        before = len(browser.said())
        hall.call(clerk)
        await_said(browser, before + 1)
        browser.pass_time(when_ms)
        browser = start_anew(hall, broken, browser, page_at)
        finish(hall, browser)
        said = browser.said()[before:]
        assert len([one for one in said if one.counts]) == 1, broken
        assert said[-1].is_whole or when_ms == LAST_WORD_MS, broken
    assert_each_once(hall, browser, known)


@pytest.mark.slow
def test_of_two_screens_in_one_zone_one_speaks(hall: Hall, look: Callable[..., Browser]) -> None:
    hall.set_screen(1, voice=False, zone=ZONE)
    first, second = look(), look(1)
    known = len(hall.calls())
    for clerk in (1, 2):
        hall.call(clerk)
    finish(hall, first)
    second.pass_time(15_000)
    judge(hall, first, known, first.ahead_ms())
    made = {call.id for call in hall.calls()[known:]}
    shown = [[id for id in each.staged() if id in made] for each in (first, second)]
    assert second.said() == [] and shown[0] == shown[1]
    hall.set_screen(1, voice=True)
    until(lambda: first.pass_time() and hall.health(0)["shows"]["sound"] == "off", "it is silent")
    assert hall.health(1)["voice"] and not hall.health(0)["voice"]
    hall.set_screen(0, voice=True)
    until(lambda: first.pass_time() and hall.health(0)["shows"]["sound"] != "off", "it speaks")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "flag", "told"),
    [
        (WITH_SPEAKERS, "--autoplay-policy=document-user-activation-required", "blocked"),
        ("", "--disable-audio-output", "missing"),
        ("delete window.AudioContext; delete window.OfflineAudioContext;", "", "missing"),
    ],
    ids=["autoplay blocked", "no sound card", "no web audio"],
)
def test_managers_learn_that_a_screen_is_not_heard_and_it_shows_all_the_same(
    hall: Hall, browser: OwnBrowser, script: str, flag: str, told: str
) -> None:
    own = browser.chromium.browser_type.launch(
        executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu", flag]
    )
    with closing(own):
        page = own.new_page()
        page.add_init_script(script)
        page.goto(hall.screen.url)
        ask = untouched(page)
        called = hall.call(1)
        until(lambda: ask("#number", "textContent") == called["number"], "it is shown", 60.0)
        # The page of the test before may have kept the voice.
        until(lambda: hall.health()["shows"]["sound"] == told, "managers see it", 60.0)
        assert ask("#muted", "hidden") == (told != "blocked")
        until(lambda: f"sound_{told}" in hall.health()["troubles"], "it is a trouble")


def untouched(page: Page) -> Callable[[str, str], Any]:
    """`ask(selector, property)` of an element. To a browser a locator is as good as a touch of the
    screen, after which it may sound.
    """
    session = page.context.new_cdp_session(page)

    def ask(selector: str, name: str) -> Any:
        expression = f"document.querySelector({selector!r}).{name}"
        wish = {"expression": expression, "returnByValue": True, "userGesture": False}
        return session.send("Runtime.evaluate", wish)["result"].get("value")

    return ask


def settle(hall: Hall, page: Page, pause: Callable[[], None]) -> int:
    """How many looks at a page it takes until it shows as many who wait as there are. The calls
    would not do: they come page by page.
    """
    waiting = [str(each["waiting"]) for each in hall.board()["streams"]]
    for looks in range(1, 20 * RIGHT_LOOKS):
        if page.locator("#streams .load strong").all_text_contents() == waiting:
            return looks
        pause()
    raise AssertionError(f"never shown: {waiting}")


@pytest.mark.parametrize("way", ["agent", "plain"])
@pytest.mark.parametrize("cuts", [2, pytest.param(25, marks=pytest.mark.slow)])
def test_a_screen_is_right_again_after_each_cut(
    hall: Hall, page_at: Pages, way: str, cuts: int
) -> None:
    page = page_at(1280, 720)
    plain = f"{hall.cable.url}/tv/{OFFICE}"
    page.goto(hall.screen.url if way == "agent" else plain)
    page.wait_for_selector('body[data-screen="board"]')
    chance = random.Random(way)
    looks = []
    for number in range(cuts):
        page.wait_for_timeout(1000 * chance.random())
        hall.cable.cut(silent=chance.random() < 0.2)
        clerk = 1 + number % CLERKS
        ticket = hall.call(clerk)
        page.wait_for_timeout(3000 * chance.random())
        hall.cable.mend()
        looks.append(settle(hall, page, lambda: page.wait_for_timeout(LOOK_MS)))
        hall.dismiss(clerk, ticket)
    # The machine is shared: a look may take longer, and one return in ten may.
    assert sorted(looks)[int(0.9 * (len(looks) - 1))] <= RIGHT_LOOKS, looks
    assert max(looks) <= 2 * RIGHT_LOOKS, looks
