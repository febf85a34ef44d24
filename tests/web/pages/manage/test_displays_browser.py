"""The screens' pages in a real browser: pictures that follow what a screen says, the form that says
how far its numbers can be read, and nothing that keeps anybody out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from queue_server.services.access import devices
from queue_server.store.access import devices as device_store
from queue_server.store.writer.database import Database
from tests.fixtures.browser import Pages, faults
from tests.web.served import Served
from tests.web.site import TUESDAY

pytestmark = pytest.mark.requires_browser

HOME = "3674"
WELL: dict[str, object] = {
    "build": "b1",
    "screen": "board",
    "layout": "main",
    "sound": "ok",
    "showing": "A012",
    "width": 1920,
    "height": 1080,
}

Say = Callable[..., None]


@pytest.fixture
def say(served: Served) -> Iterator[Say]:
    """`say(**facts)` is what the screen says of itself."""
    database = Database(f"sqlite:///{served.file}")
    screen = database.write(
        [], lambda tx: devices.add_paired(tx, "display", HOME, "TV lobi", "token-tv", TUESDAY)
    )

    def speak(**facts: object) -> None:
        health = {**WELL, **facts}
        database.write(
            [], lambda tx: device_store.update(tx, HOME, screen.id, seen_at=TUESDAY, health=health)
        )

    speak()
    yield speak
    database.close()


def look(page: Page) -> None:
    """Have the page look now instead of after three seconds."""
    page.wait_for_load_state("load")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize(("width", "height", "language"), [(360, 740, "id"), (1366, 768, "en")])
def test_a_picture_follows_what_the_screen_says(
    served: Served,
    say: Say,
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    language: str,
) -> None:
    page = page_at(width, height, language)
    served.sign_in(page, "budi", f"/manage/displays?lang={language}")
    picture = page.locator(".tv")
    expect(picture.locator(".tv__call")).to_have_text("A012")
    assert faults(page, axe) == []
    page.evaluate("window.notReloaded = true")
    say(showing="B007", queued=3, sound="blocked", width=1080, height=1920)
    look(page)
    expect(picture.locator(".tv__call")).to_have_text("B007")
    expect(picture.locator(".tv__queued")).to_have_text("+3")
    expect(picture.locator(".tv__muted")).to_be_visible()
    trouble = {"id": "memblokir suara", "en": "blocks the sound"}[language]
    expect(page.locator(".screen__trouble")).to_contain_text(trouble)
    glass = picture.locator(".tv__glass").bounding_box()
    assert glass and glass["height"] > 1.5 * glass["width"], "it stands"
    assert faults(page, axe) == []
    say(showing="B007", screen="standstill")
    look(page)
    expect(picture).to_have_attribute("data-screen", "standstill")
    expect(page.locator(".screen__trouble")).to_have_count(0)
    assert page.evaluate("window.notReloaded") is True


def test_the_form_says_how_far_numbers_can_be_read(
    served: Served, say: Say, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    page = page_at(1366, 768, "en")
    served.sign_in(page, "budi", "/manage/displays?lang=en")
    page.locator(".screen__acts a").click()
    expect(page.locator('[data-legible="call"]')).to_have_text("21")
    page.locator("[name=diagonal_inch]").fill("55")
    expect(page.locator('[data-legible="call"]')).to_have_text("27")
    expect(page.locator('[data-legible="recent"]')).to_have_text("8")
    expect(page.locator("#too-far")).to_be_hidden()
    page.locator("[name=distance_m]").fill("28")
    expect(page.locator("#too-far")).to_be_visible()
    expect(page.locator("#hall-names")).to_be_hidden()
    page.locator("input[name=layout][value=halls]").check()
    expect(page.locator("#hall-names")).to_be_visible()
    assert faults(page, axe) == []
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-summary")).to_contain_text("each of the two halls")
    for counter, hall in (("3674-1", "1"), ("3674-2", "2")):
        page.locator(f'[name="counter_{counter}"]').select_option(hall)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice--ok")).to_contain_text("settings are saved")
