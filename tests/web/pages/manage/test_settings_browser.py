"""The sidebar and the pages of an office's structure in a real browser, on desk and phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from queue_server.store.writer.database import Database
from tests.fixtures.browser import Pages, faults
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser


@pytest.mark.parametrize(("width", "height", "language"), [(360, 740, "id"), (1366, 768, "en")])
def test_a_manager_edits_a_service_adds_a_counter_finds_a_rule_and_takes_a_change_back(
    served: Served,
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    language: str,
) -> None:
    wrong: dict[str, object] = {}
    page = served.sign_in(page_at(width, height), "budi", f"/manage?lang={language}")
    menu = page.locator("[popovertarget=side]")

    def go(path: str) -> None:
        """Follow a way of the sidebar, which a phone opens first."""
        if width < 1024:
            menu.click()
        page.locator(f"#side nav a[href^='{path}?']").click()
        expect(page.locator("#side [aria-current]")).to_have_attribute(
            "href", f"{path}?office=3674"
        )

    if width < 1024:
        expect(page.locator("#side")).to_be_hidden()
        menu.click()
        wrong["menu"] = faults(page, axe)
        page.keyboard.press("Escape")
        expect(page.locator("#side")).to_be_hidden()
    wrong["overview"] = faults(page, axe)
    go("/manage/services")
    wrong["services"] = faults(page, axe)
    page.locator("#s-REK a[href*='/services/edit']").click()
    page.fill("#f-minutes", "0")
    page.click("#change p .button")
    expect(page.locator("#e-minutes")).to_be_visible()
    wrong["errors"] = faults(page, axe)
    page.fill("#f-minutes", "25")
    page.click("#change p .button")
    wrong["review"] = faults(page, axe)
    page.click("button[value=apply]")
    expect(page.locator("#s-REK")).to_contain_text("25")
    go("/manage/counters")
    wrong["counters"] = faults(page, axe)
    page.locator("a[href='/manage/counters/edit?office=3674']").click()
    page.fill("#f-name", "77")
    page.check("#f-letters")
    wrong["counter"] = faults(page, axe)
    page.click("#change p .button")
    page.click("button[value=apply]")
    expect(page.locator(".setting").last).to_contain_text("77")
    if width < 1024:
        menu.click()
    page.fill("#side-q", "toleransi")
    page.press("#side-q", "Enter")
    wrong["found"] = faults(page, axe)
    page.locator("a[href$='calling.grace_minutes']").click()
    expect(page.locator("[id='f-calling.grace_minutes']")).to_be_in_viewport()
    go("/manage/history")
    wrong["history"] = faults(page, axe)
    page.locator("form[action='/manage/history/undo'] button").first.click()
    expect(page.locator(".facts")).to_contain_text("77")
    page.click("button[value=apply]")
    expect(page.locator(".badge").first).to_be_visible()
    wrong["taken back"] = faults(page, axe)
    database = Database(f"sqlite:///{served.file}")
    office = database.find_office("3674")
    database.close()
    assert office.service("REK").minutes == 25
    assert all(each.name != "77" for each in office.counters)
    assert {name: found for name, found in wrong.items() if found} == {}
