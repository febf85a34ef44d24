"""A booking in a real browser, by keyboard alone: few presses, the focus where the work is, errors
in the page's own words, and nothing lost on the way back. With scripts and without.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages, faults
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser

PRESSES_MAX = 40


class Keyboard:
    """A visitor's keyboard, which counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, text: str) -> None:
        self.press(*text)

    def go_on(self, heading: str) -> None:
        """Press Enter; the next step begins at its heading, which the title names too."""
        self.press("Enter")
        expect(self.page.locator("h1")).to_have_text(heading)
        expect(self.page.locator("h1")).to_be_focused()

    def tab_to(self, what: str) -> None:
        """Press Tab until the focus is there."""
        for _ in range(20):
            self.press("Tab")
            if self.page.locator(what).evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"{what} cannot be reached")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_visit_is_booked_by_keyboard_in_few_presses(
    served: Served, page_at: Pages, scripts: bool
) -> None:
    page = served.open(page_at(360, 740, java_script_enabled=scripts), "/o/3674/book")
    keys = Keyboard(page)
    expect(page.locator("h1")).to_be_focused()
    keys.press("Tab", "Space")
    keys.go_on("Kapan Anda ingin datang?")
    keys.tab_to(".fastest button")
    keys.go_on("Siapa yang akan datang?")
    keys.press("Tab")
    keys.type("Siti")
    keys.press("Tab")
    keys.type("3674004112900001")
    keys.go_on("Apakah semuanya benar?")
    keys.tab_to("[data-busy]")
    keys.press("Enter")
    page.wait_for_url(re.compile("/t/[0-9A-Z]{12}"))
    assert keys.presses <= PRESSES_MAX, keys.presses


def test_what_is_wrong_is_said_in_the_page_s_words_and_nothing_is_lost_on_the_way_back(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    page = served.open(page_at(320, 740), "/o/3674/book?lang=en")
    summary = page.locator("#error-summary")
    page.locator("main form .button").click()
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ") and faults(page, axe) == []
    page.locator("[name=service][value=WNA]").check()
    page.locator("main form .button").click()
    page.locator("#times .button").click()
    expect(summary).to_be_focused()
    assert faults(page, axe) == []
    page.locator(".slot input").first.check(force=True)
    page.locator("#times .button").click()
    page.fill("[name=name]", "John")
    page.fill("[name=nik]", "X1")
    page.fill("[name=email]", "john")
    page.locator("#f-help").click()
    page.check("[name=represented]")
    page.locator("#details p.row .button").click()
    expect(summary).to_be_focused()
    assert faults(page, axe) == [] and page.locator("#error-summary a").count() == 2
    page.locator("#error-summary a").first.click()
    expect(page.locator("#f-nik")).to_be_focused()
    page.reload()
    assert page.input_value("[name=email]") == "john" and page.is_checked("[name=represented]")
    page.fill("[name=nik]", "X1234567")
    page.fill("[name=email]", "")
    page.locator("#details p.row .button").click()
    expect(page.locator("#booking")).to_contain_text("John")
    assert faults(page, axe) == []
    page.locator("[href$='#f-party_size']").click()
    expect(page.locator("#f-party_size")).to_be_focused()
    page.go_back()
    expect(page.locator("#booking")).to_contain_text("John")
    page.locator("[href$='#f-nik']").click()
    expect(page.locator("#f-nik")).to_be_focused()
    assert page.input_value("[name=nik]") == "X1234567"
    page.go_back()
    page.locator("[data-busy]").click()
    page.wait_for_url(re.compile("/t/[0-9A-Z]{12}"))
    ticket = page.url.partition("?")[0]
    page.go_back()
    assert page.url.startswith(ticket), "there is nothing to be booked twice"
