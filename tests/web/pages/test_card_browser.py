"""A card that is another person's, in a real browser: seen at the reception, the booking is void,
no screen ever calls it, and whoever stands there gets a number of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages, faults
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser

API = "/api/v1/offices/3674"
NAME, NIK = "Siti Aminah", "3674004112900007"
COUNTER = "3674-1"


def ask(served: Served, path: str) -> Any:
    return requests.get(f"{served.base}{API}/{path}", timeout=10).json()


def book_soon(served: Served) -> str:
    """Book the first free time of today; returns the code."""
    days = ask(served, "availability?service=KK&from=2026-11-24&days=1")["days"]
    slot = next(each["slot"] for day in days for each in day["slots"] if each["free"])
    body = {"service": "KK", "slot": slot, "nik": NIK, "name": NAME}
    done = requests.post(f"{served.base}{API}/bookings", json=body, timeout=10)
    assert done.status_code == 201, done.text
    return str(done.json()["code"])


def scan(page: Page, path: str, text: str) -> None:
    """Type what a visitor shows, once the page's scripts are there."""
    page.wait_for_url(f"**{path}*")
    page.fill("#shown", text)
    page.keyboard.press("Enter")


def see_who_booked(page: Page) -> None:
    expect(page.locator("#booker-name")).to_have_text(NAME)
    expect(page.locator("#booker-last4")).to_contain_text(NIK[-4:])


def void(page: Page) -> None:
    page.click("#mismatch")
    expect(page.locator("#mismatch-dialog")).to_be_visible()
    expect(page.locator("#mismatch-name")).to_have_text(NAME)
    page.click("#mismatch-dialog [value=void]")


def test_another_persons_card_is_never_called(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    reception = served.sign_in(page_at(1366, 768), "sari", "/reception")
    code = book_soon(served)
    scan(reception, "/reception", code)
    see_who_booked(reception)
    reception.click("#check-in")
    expect(reception.locator("#check-in")).to_be_hidden()
    number = reception.locator("#visit-number").inner_text()
    see_who_booked(reception)
    assert faults(reception, axe) == []

    # A mistake is taken back, by the button that stands where the booking was.
    void(reception)
    expect(reception.locator("#booker")).to_be_hidden()
    assert NAME not in reception.locator("#visit").inner_text()
    assert faults(reception, axe) == []
    reception.click("#voided-undo")
    expect(reception.locator("#voided")).to_be_hidden()
    see_who_booked(reception)
    void(reception)
    reception.click("#voided-number")
    expect(reception.locator("#visit-number")).not_to_have_text(number)
    own_number = reception.locator("#visit-number").inner_text()
    expect(reception.locator("#booker"), "the desk has just entered it").to_be_hidden()

    # Everybody who waits is called, and nobody by that number.
    clerk = served.open(reception.context.new_page(), "/desk")
    clerk.click(f"button[data-counter='{COUNTER}']")
    called: list[str] = []
    while clerk.locator("#count").inner_text() != "0" or not called:
        clerk.wait_for_selector("#call-next:enabled")
        clerk.keyboard.press("n")
        expect(clerk.locator("#now")).to_have_attribute("data-state", "CALLED")
        called.append(clerk.locator("#now-number").inner_text())
        on_screen = [each["number"] for each in ask(served, "board")["calls"]]
        assert on_screen[0] == called[-1] and number not in on_screen
        for key, state in (("s", "SERVING"), ("d", "")):
            clerk.keyboard.press(key)
            expect(clerk.locator("#now")).to_have_attribute("data-state", state)
    assert own_number in called and number not in called


def test_at_the_counter_one_key_voids_and_another_takes_it_back(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    door = served.sign_in(page_at(360, 800), "sari", "/door")
    scan(door, "/door", book_soon(served))
    see_who_booked(door)
    assert faults(door, axe) == []
    number = door.locator("#verdict-number").inner_text().split()[0]
    clerk = served.open(door.context.new_page(), "/desk")
    clerk.set_viewport_size({"width": 1366, "height": 768})
    clerk.click(f"button[data-counter='{COUNTER}']")
    clerk.keyboard.press("k")  # nobody is here whose card could be compared
    expect(clerk.locator("#mismatch-dialog")).to_be_hidden()
    row = clerk.locator("#queue .queue__item", has_text=number)
    row.locator("[data-do=call]").click()
    clerk.locator("#menu-list button").first.click()
    expect(clerk.locator("#now-number")).to_have_text(number)
    see_who_booked(clerk)
    assert faults(clerk, axe) == []
    clerk.keyboard.press("k")
    expect(clerk.locator("#mismatch-dialog")).to_be_visible()
    clerk.keyboard.press("Enter")  # the way back has the focus
    expect(clerk.locator("#mismatch-dialog")).to_be_hidden()
    expect(clerk.locator("#now-number")).to_have_text(number)
    clerk.keyboard.press("k")
    assert faults(clerk, axe) == []
    clerk.click("#mismatch-dialog [value=void]")
    expect(clerk.locator("#now-number")).to_have_text("–")
    expect(clerk.locator("#booker")).to_be_hidden()
    assert NAME not in clerk.locator("#workplace").inner_text()
    assert ask(served, "board")["calls"] == []
    clerk.keyboard.press("u")
    expect(clerk.locator("#now-number")).to_have_text(number)
    see_who_booked(clerk)
