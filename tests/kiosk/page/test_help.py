"""Help at the kiosk's page: one touch calls, the screen says honestly who comes, a game is one
call; and the slip that did not come out.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.kiosk.conftest import Stage, on
from tests.protocol.agents import until
from tests.protocol.fake_server import FakeServer

pytestmark = pytest.mark.requires_browser

STAGE = '#help-dialog[open][data-stage="{}"]'


def stands(page: Page, stage: str) -> None:
    page.wait_for_selector(STAGE.format(stage), timeout=20_000)


def test_one_touch_calls_and_the_screen_says_who_comes(
    open_kiosk: Callable[..., Page], shared: FakeServer
) -> None:
    page = open_kiosk()
    page.evaluate("for (let press = 0; press < 100; press += 1) help.click()")
    stands(page, "asked")
    assert [each["reason"] for each in shared.help_asked] == ["VISITOR"]
    assert shared.help_asked[0]["screen"] == "home"

    shared.help = {"id": "h1", "stage": "unanswered", "asked_at": ""}
    stands(page, "unanswered")
    assert page.locator("#help-title").inner_text() == "Belum ada yang menjawab"
    shared.help = {"id": "h1", "stage": "answered", "asked_at": ""}
    stands(page, "answered")
    assert page.locator("#help-title").inner_text() == "Petugas sedang datang"

    page.click("#help-close")
    assert page.locator("#help").inner_text().strip() == "Petugas ke sini"
    shared.help = None  # the staff have helped
    page.wait_for_selector('#help[data-stage="none"]', timeout=20_000)


def test_a_visitor_takes_it_back(open_kiosk: Callable[..., Page], shared: FakeServer) -> None:
    page = open_kiosk()
    page.click("#help")
    stands(page, "asked")
    page.click("#help-take-back")
    until(lambda: shared.help is None, "the call is taken back")
    assert page.locator("#help-dialog[open]").count() == 0


def test_without_the_network_the_screen_sends_to_the_officer(
    open_kiosk: Callable[..., Page], shared: FakeServer
) -> None:
    page = open_kiosk()
    shared.down = True
    page.click("#help")
    stands(page, "unreachable")
    shared.down = False
    stands(page, "asked")
    page.click("#help-take-back")
    until(lambda: shared.help is None, "the call is taken back")


def test_a_slip_that_did_not_come_out_is_copied_once_and_then_an_officer_comes(
    open_kiosk: Callable[..., Page], shared: FakeServer, stage: Stage
) -> None:
    before = {each.name for each in stage.slips()}  # other tests print here too
    page = open_kiosk()
    page.locator(".tile").first.click()
    page.click("#go")
    on(page, "result")
    number = page.locator("#number").inner_text()
    page.click("#no-slip")

    def copies() -> list[str]:
        texts = [each.read_text() for each in stage.slips() if each.name not in before]
        return [each for each in texts if number in each and "SALINAN" in each]

    until(lambda: len(copies()) == 1, "a copy is printed")
    page.click("#no-slip")
    stands(page, "asked")
    assert [each["reason"] for each in shared.help_asked] == ["PAPER"]
    page.click("#help-take-back")
    until(lambda: shared.help is None, "the call is taken back")
    assert len(copies()) == 1
