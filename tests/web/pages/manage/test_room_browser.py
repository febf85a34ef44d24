"""The room pages in a real browser: accessible and within the window, empty, filled and with an
error.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages, faults
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser


@pytest.mark.parametrize(
    ("width", "height", "language"), [(360, 740, "id"), (768, 1024, "en"), (1366, 768, "id")]
)
def test_room_pages_are_accessible_and_fit(
    served: Served,
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    language: str,
) -> None:
    page = served.sign_in(page_at(width, height), "budi", f"/manage/room?lang={language}")
    served.open(page, f"/manage/room?lang={language}")
    wrong = {"empty": faults(page, axe)}
    page.click("a[href*='kind=WAITING_ROOM']")
    wrong["new"] = faults(page, axe)
    page.check("input[value=SEATS]")
    page.check("input[value=DENSITY]")
    page.fill("[name=length_m]", "12,5")
    page.select_option("[name=spacing_rule]", "kemendesa_1m")
    page.select_option("[name=area_rule]", "victoria_4m2")
    page.fill("[name=seat_rows]", "0,6 1 9 0,55\n0,6 1,7 9 0,55\n0,6 4 9 0,55")
    page.click("main form .button:not(.button--secondary)")
    expect(page.locator(".error-summary")).to_be_visible()
    wrong["error"] = faults(page, axe)
    page.fill("[name=width_m]", "8")
    page.click("main form .button:not(.button--secondary)")
    expect(page.locator("button[value=apply]")).to_be_visible()
    wrong["dry run"] = faults(page, axe)
    page.click("button[value=apply]")
    expect(page.locator(".plan > svg")).to_be_visible()
    wrong["filled"] = faults(page, axe)
    assert page.locator(".plan > svg > g[fill='#0b5d2a'] > rect").count() == 10, (
        "9 seats in a row at 1 m: 5, and the second row too near"
    )
    page.click("a[href*='/zones/waiting-room-1?']")
    wrong["change"] = faults(page, axe)
    served.open(page, "/manage/room")
    page.click("form[action*='/waiting-room-1/remove'] button")
    expect(page.locator("button[value=apply]")).to_be_visible()
    wrong["remove"] = faults(page, axe)
    assert {where: found for where, found in wrong.items() if found} == {}
