"""A hand scanner at the door and at the reception, in a real browser: it works at any moment, takes
no focus from anybody who types, and a NIK is never sent. The clock of the pages stands still while
a scanner types, however slow the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.fixtures.application import HOME, NIK, PASSWORD
from tests.fixtures.browser import Pages
from tests.fixtures.live_server import LiveServer

pytestmark = pytest.mark.requires_browser


class Desk:
    """A page of the staff with a scanner beside it."""

    def __init__(self, page: Page, server: LiveServer, who: str, path: str) -> None:
        self.page = page
        self.sent: list[Request] = []
        page.goto(f"{server.url}{path}")
        page.fill("[name=username]", who)
        page.fill("[name=password]", PASSWORD)
        page.click("main form .button")
        expect(page.locator("#shown")).to_be_visible()
        page.on("request", lambda request: self.sent.append(request))

    def scan(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def stop_clock(self) -> None:
        self.page.clock.install()
        self.page.clock.pause_at(self.page.evaluate("Date.now()") / 1000 + 2)

    def pass_by(self) -> None:
        """Let the time pass that parts a scan from what comes before it."""
        self.page.clock.run_for(200)

    def is_sent(self, text: str) -> bool:
        return any(text in each.url + (each.post_data or "") for each in self.sent)

    def is_home(self) -> None:
        expect(self.page.locator("#shown")).to_be_focused()


@pytest.fixture
def visit(live_server: LiveServer) -> Iterator[dict[str, Any]]:
    """Somebody who waits inside."""
    slip = live_server.walk_in()
    yield slip
    live_server.ask("POST", f"/tickets/{slip['id']}/leave", "clerk")


@pytest.fixture
def open_desk(live_server: LiveServer, page_at: Pages) -> Callable[..., Desk]:
    def open_page(who: str, path: str, width: int = 1366, **options: Any) -> Desk:
        return Desk(page_at(width, 768, **options), live_server, who, path)

    return open_page


def test_at_the_door_the_focus_comes_back_to_the_field(
    visit: dict[str, Any], open_desk: Callable[..., Desk]
) -> None:
    door = open_desk("guard", "/door")
    page = door.page
    expect(page.locator("#limit")).to_have_text("/12")
    door.is_home()
    page.click("[data-press='1']")
    door.is_home()
    page.click("[data-press='-1']")
    expect(page.locator("#leave-dialog")).to_be_visible()
    page.click("#leave-nobody")
    door.is_home()
    page.locator(".gate__label").click()
    door.is_home()
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_be_hidden()
    door.is_home()

    # Nobody who types is disturbed, nor anybody who goes by the keyboard.
    page.click("#recount")
    page.keyboard.type("12")
    page.locator("#recount-title").click()
    expect(page.locator("#persons")).to_have_value("12")
    page.keyboard.press("Escape")
    page.locator("#inside-part summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#inside-part")).to_have_attribute("open", "")
    expect(page.locator("#inside-part summary")).to_be_focused()


def test_at_the_door_a_scan_is_heard_wherever_the_focus_is(
    visit: dict[str, Any], open_desk: Callable[..., Desk]
) -> None:
    door = open_desk("guard", "/door")
    page = door.page
    expect(page.locator("#limit")).to_have_text("/12")
    page.fill("#shown", "A9")
    door.stop_clock()
    door.scan(visit["code"])
    expect(page.locator("#verdict-number")).to_contain_text(visit["number"])
    expect(page.locator("#shown")).to_have_value("")
    inside = page.locator("#inside").inner_text()
    for focused in ("[data-press='1']", "#stop", "#inside-part summary"):
        page.focus(focused)
        door.pass_by()
        door.sent.clear()
        door.scan(f"HTTP://ANTRE.LAN/T/{visit['code']}")
        expect(page.locator("#verdict-number")).to_contain_text(visit["number"])
        assert door.is_sent(visit["code"]), focused
    assert page.locator("#inside").inner_text() == inside, "Enter of a scanner presses no button"
    expect(page.locator("dialog[open]")).to_have_count(0)

    for focused in ("#shown", "#stop"):
        page.focus(focused)
        door.pass_by()
        door.scan(NIK)
        expect(page.locator("#verdict-words")).to_contain_text("kartu identitas")
        expect(page.locator("#shown")).to_have_value("")
    assert not door.is_sent(NIK)

    door.pass_by()
    page.click("#recount")
    page.fill("#persons", "7")
    door.pass_by()
    door.sent.clear()
    door.scan(visit["code"])
    expect(page.locator("#recount-dialog")).to_be_visible()
    expect(page.locator("#persons")).to_have_value("7")
    assert not door.is_sent(visit["code"]) and not door.is_sent("recount")


def test_on_a_phone_no_keyboard_opens_by_itself(
    visit: dict[str, Any], open_desk: Callable[..., Desk]
) -> None:
    door = open_desk("guard", "/door", 360, has_touch=True, is_mobile=True)
    expect(door.page.locator("#limit")).to_have_text("/12")
    door.page.tap("[data-press='1']")
    door.page.tap("[data-press='-1']")
    door.page.tap("#leave-nobody")
    expect(door.page.locator("#leave-dialog")).to_be_hidden()
    expect(door.page.locator("#shown")).not_to_be_focused()


def test_at_the_reception_a_scan_goes_into_no_other_field(
    visit: dict[str, Any], open_desk: Callable[..., Desk]
) -> None:
    desk = open_desk("reception", f"/reception?office={HOME}")
    page = desk.page
    desk.is_home()
    page.locator("h1").click()
    desk.is_home()
    page.fill("#name-part", "Siti")
    desk.stop_clock()
    desk.scan(visit["code"])
    expect(page.locator("#visit-number")).to_have_text(visit["number"])
    expect(page.locator("#name-part")).to_have_value("Siti")
    assert not any(each.url.endswith("/names") for each in desk.sent), "no search by name"

    page.focus("#name-part")
    desk.pass_by()
    desk.scan(NIK)
    expect(page.locator("#find-error")).to_contain_text("kartu identitas")
    expect(page.locator("#name-part")).to_have_value("Siti")
    page.fill("#shown", NIK)
    page.locator("#scan .button").first.click()
    expect(page.locator("#shown")).to_have_value("")
    assert not desk.is_sent(NIK)

    # A card reader fills the field that is meant for it.
    page.locator("[name=when][value=later]").check()
    page.focus("#nik")
    desk.pass_by()
    page.keyboard.type(NIK)
    page.keyboard.press("Tab")
    expect(page.locator("#nik")).to_have_value(NIK)
