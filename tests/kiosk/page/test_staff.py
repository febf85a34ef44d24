"""Staff at the kiosk's page: their PIN stops giving numbers and lifts that again, also without the
network; a wrong PIN is told and made slower.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import faults
from tests.kiosk.page.test_every_screen import MEASURE, SIZES
from tests.protocol.agents import Agent, until
from tests.protocol.fake_server import PIN, FakeServer

pytestmark = pytest.mark.requires_browser


@pytest.fixture
def leased(server: FakeServer, open_own_kiosk: Callable[..., Page], kiosk: Agent) -> Page:
    """The page of a kiosk that has its lease, and so knows the PIN."""
    server.leases = True
    page = open_own_kiosk()
    until(lambda: json.loads(kiosk.get("/state")[2])["lease_left"] == 10, "the lease is there")
    return page


def enter(page: Page, pin: str, pressing: str = "") -> None:
    """`pressing` presses the button also while it is not for use."""
    for digit in pin:
        page.locator("#staff-pad button", has_text=digit).click()
    go = page.locator("#staff-go")
    go.evaluate(pressing) if pressing else go.click()


def open_staff(page: Page) -> None:
    page.click("#help")
    page.click("#staff")


def test_the_pin_stops_numbers_and_lifts_that_without_the_network(
    leased: Page, server: FakeServer
) -> None:
    page = leased
    open_staff(page)
    assert page.locator("#help-dialog[open]").count() == 0
    enter(page, PIN)
    expect(page.locator("#banner")).to_contain_text("dihentikan sementara")
    until(lambda: server.help is None, "nobody needs to come any more")
    assert page.locator("#staff-dialog[open]").count() == 0
    page.locator(".tile").first.click()
    expect(page.locator("#closed")).to_contain_text("dihentikan sementara")
    page.click("#back")

    server.down = True
    open_staff(page)
    expect(page.locator("#staff-go")).to_have_text("Lanjutkan nomor")
    enter(page, PIN)
    expect(page.locator("#banner")).to_be_hidden()


def test_wrong_pins_are_told_masked_and_made_slower(leased: Page) -> None:
    page = leased
    open_staff(page)
    expect(page.locator("#staff-go")).to_have_attribute("aria-disabled", "true")
    for _ in range(2):
        enter(page, "000000")
        expect(page.locator("#staff-said")).to_have_text("PIN salah.")
        assert page.locator("#staff-pin .filled").count() == 0
    enter(page, "000000")
    expect(page.locator("#staff-said")).to_contain_text("Coba lagi dalam")
    enter(page, PIN, pressing="each => each.click()")
    expect(page.locator("#staff-go")).to_have_attribute("aria-disabled", "true")
    assert PIN not in page.locator("#staff-dialog").inner_text()
    page.click("#staff-close")
    open_staff(page)
    assert page.locator("#staff-pin .filled").count() == 0
    enter(page, PIN)
    expect(page.locator("#staff-said")).to_contain_text("Terlalu banyak")
    assert page.locator("#banner").is_hidden()


def test_without_a_lease_the_screen_says_that_there_is_no_pin(
    open_kiosk: Callable[..., Page],
) -> None:
    page = open_kiosk()
    open_staff(page)
    enter(page, "123456")
    expect(page.locator("#staff-said")).to_contain_text("belum punya PIN")


@pytest.mark.parametrize("mode", ["", "low", "large"])
def test_the_pad_fits_at_every_size(
    open_kiosk: Callable[..., Page], axe: Callable[[Page], list[str]], mode: str
) -> None:
    page = open_kiosk()
    if mode:
        page.click("#access")
        page.click(f"#mode-{mode}")
        page.click("#modes-close")
    wrong: list[str] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        open_staff(page)
        page.click("#staff-pad button >> nth=0")
        measured = page.evaluate(MEASURE, {"target": 80, "gap": 8})
        # What lies behind the dialog is paged.
        wrong += [f"{width}: {each}" for each in measured if not each.startswith("scrolls")]
        wrong += faults(page, axe)
        box = page.locator("#staff-dialog").bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= height, (mode, width)
        page.click("#staff-close")
    assert not wrong, "\n".join(wrong)
