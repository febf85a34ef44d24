"""The page of the printed slip in a real browser: redrawn while somebody types, and within the
window.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages, faults
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser


@pytest.mark.parametrize(("width", "height", "language"), [(360, 740, "id"), (1366, 768, "en")])
def test_the_slip_is_drawn_anew_while_somebody_types(
    served: Served,
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    language: str,
) -> None:
    locale = "id-ID" if language == "id" else "en-GB"
    page = served.sign_in(page_at(width, height, locale=locale), "budi", "/manage/slip")
    pictures = page.locator("[data-sample]")
    expect(pictures).to_have_count(4)
    before = pictures.first.evaluate("picture => picture.naturalHeight")
    page.fill("[name=footer_id]", "Pengaduan: 0812-0000-0000")
    # They are drawn one after another.
    expect(pictures.last).to_have_attribute("src", re.compile("^data:"), timeout=30_000)
    assert pictures.first.evaluate("picture => picture.naturalHeight") > before
    assert faults(page, axe) == []
    page.click("#slip-form .button:not(.button--secondary)")
    expect(page.locator("button[value=apply]")).to_be_visible()
    assert faults(page, axe) == []
    page.click("button[value=apply]")
    expect(page.locator("[role=status]")).to_be_visible()
    expect(page.locator("[name=footer_id]")).to_have_value("Pengaduan: 0812-0000-0000")
