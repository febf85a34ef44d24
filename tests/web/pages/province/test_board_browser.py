"""The province board in a real browser: kept up to date by its script, accessible, within the
window; and the change of many offices, from the form to its outcome.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.application import HOME, PASSWORD
from tests.fixtures.browser import Pages, faults
from tests.fixtures.live_server import LiveServer

pytestmark = pytest.mark.requires_browser


def sign_in(server: LiveServer, page: Page, path: str) -> Page:
    page.goto(f"{server.url}{path}")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.click("main form .button")
    page.wait_for_url("**/province**")
    return page


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1366, 768)])
def test_the_board_follows_what_happens_and_is_accessible(
    live_server: LiveServer,
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
) -> None:
    page = sign_in(live_server, page_at(width, height), "/province?lang=en")
    office = page.locator(f'.province__office[data-id="{HOME}"]')
    waiting = office.locator('[data-slot="waiting"]')
    before = int(waiting.inner_text())
    assert faults(page, axe) == []
    live_server.walk_in()
    # The next look comes within 15 seconds, or at once when the page is looked at again.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(waiting).to_have_text(str(before + 1))
    expect(office.locator('[data-slot="worst"]')).to_contain_text("no counter is open")
    expect(page.locator(".province__office").first).to_have_attribute("data-id", HOME)
    expect(office.locator("h2 a")).to_have_attribute("href", f"/supervise?office={HOME}")


def test_a_change_of_many_offices_is_tried_out_and_confirmed(
    live_server: LiveServer, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    page = sign_in(live_server, page_at(360, 740), "/province/change?kind=limit&lang=en")
    page.check("[name=every]")
    page.check("[name=limit_as][value=percent]")
    page.fill("[name=percent]", "100")
    wrong = {"form": faults(page, axe)}
    page.get_by_role("button", name="Show what this changes").click()
    expect(page.locator("h1")).to_have_text("What this changes")
    wrong["same"] = faults(page, axe)
    expect(page.locator("[name=step][value=apply]")).to_have_count(0)
    page.locator("[name=step][value=edit]").click()
    expect(page.locator("[name=percent]")).to_have_value("100")
    page.fill("[name=percent]", "50")
    page.get_by_role("button", name="Show what this changes").click()
    expect(page.locator("tbody tr").first).to_contain_text("12 → 6")
    page.locator("[name=step][value=apply]").click()
    expect(page.locator("h1")).to_have_text("What became of it")
    wrong["done"] = faults(page, axe)
    assert wrong == {name: [] for name in wrong}
    page.goto(f"{live_server.url}/province/change?kind=limit&lang=en")
    page.check("[name=every]")
    page.check("[name=limit_as][value=number]")
    page.fill("[name=people_limit]", "12")
    page.get_by_role("button", name="Show what this changes").click()
    page.locator("[name=step][value=apply]").click()
    expect(page.locator("h1")).to_have_text("What became of it")
