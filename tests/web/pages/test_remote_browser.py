"""Visits from home in a real browser: a manager sets them up, a visitor books a call on the phone
and says to be ready, and a clerk at home rings and serves.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages, faults
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser

COUNTER = "3674-8"
ROOM = "https://temu.example.go.id/loket-8"


def set_up(served: Served, page: Page, axe: Callable[[Page], list[str]]) -> None:
    """Have one service by phone and by video, from one counter at home."""
    served.sign_in(page, "budi", "/manage/remote")
    for box in ("PHONE_REK", "VIDEO_REK", f"home_{COUNTER}"):
        page.locator(f"[name='{box}']").check()
    page.fill(f"[name='url_{COUNTER}']", "temu")
    page.click("#change .button")
    expect(page.locator("#error-summary")).to_be_visible()
    page.fill(f"[name='url_{COUNTER}']", ROOM)
    page.click("#change .button")
    expect(page.locator("#parts")).to_be_visible()
    assert faults(page, axe) == []
    page.click("[value=apply]")
    expect(page.locator(f"[name='home_{COUNTER}']")).to_be_checked()
    assert faults(page, axe) == []


def book(served: Served, page: Page, axe: Callable[[Page], list[str]], way: str, nik: str) -> None:
    """Book the first time of a way to have the visit, with a phone number only when asked."""
    served.open(page, "/o/3674/book/day?service=REK")
    page.get_by_role("link", name=way, exact=True).click()
    expect(page.locator("h1")).not_to_have_text("Kapan Anda ingin datang?")
    assert faults(page, axe) == []
    page.locator(".fastest button").click()
    page.fill("[name=name]", "Siti Aminah")
    page.fill("[name=nik]", nik)
    page.locator("#details .button").first.click()
    if way == "Lewat telepon":
        expect(page.locator("#error-summary")).to_be_focused()
        assert faults(page, axe) == []
        page.fill("[name=phone]", "0812 3456 7890")
        page.locator("#details .button").first.click()
    expect(page.locator("#booking")).to_contain_text(way)
    page.click("#booking .button[data-busy]")
    page.wait_for_url(re.compile("/t/[0-9A-Z]{12}"))
    assert faults(page, axe) == []


def say_ready(page: Page, last4: str) -> None:
    page.get_by_role("link", name="Saya siap").click()
    page.fill("[name=last4]", last4)
    page.locator("main form .button").first.click()
    expect(page.locator("#number")).to_have_text(re.compile("T00[12]"))


def book_at_reception(served: Served, page: Page, axe: Callable[[Page], list[str]]) -> None:
    """Book a call for somebody who rings the office."""
    served.sign_in(page, "sari", "/reception")
    page.locator("[name=when][value=later]").check()
    page.select_option("#service", "AMB")
    expect(page.locator("#visit-kind")).to_be_hidden()
    page.select_option("#service", "REK")
    page.select_option("#visit-kind", "PHONE")
    expect(page.locator("#people")).to_be_disabled()
    page.fill("#name", "Rina Marlina")
    page.fill("#nik", "3674004112900003")
    expect(page.locator("#offers input").first).to_be_visible()
    assert faults(page, axe) == []
    page.click("#book")
    expect(page.locator("#phone:invalid")).to_have_count(1)
    page.fill("#phone", "0812 3456 7891")
    page.click("#book")
    expect(page.locator("#snackbar-text")).to_be_visible()
    expect(page.locator("#people")).to_be_enabled()


def wait_for_a_call(served: Served, page: Page, axe: Callable[[Page], list[str]]) -> None:
    """Ask to be told when a time for a call becomes free."""
    served.open(page, "/o/3674/book/day?service=REK&kind=PHONE")
    page.get_by_role("link", name="Beri tahu saya").click()
    expect(page.locator(".notice").first).to_contain_text("Lewat telepon")
    expect(page.locator("[name=party_size]")).to_have_count(0)
    assert faults(page, axe) == []
    page.fill("[name=name]", "Agus Salim")
    page.fill("[name=nik]", "3674004112900004")
    page.locator("#wait .button").first.click()
    expect(page.locator("#error-summary")).to_be_visible()
    page.fill("[name=phone]", "0812 3456 7892")
    page.locator("#wait .button").first.click()
    page.wait_for_url(re.compile("/w/[0-9A-Z]{12}"))
    expect(page.locator(".facts")).to_contain_text("Lewat telepon")
    assert faults(page, axe) == []


def test_a_call_and_a_meeting_from_booking_to_the_end(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    set_up(served, page_at(1366, 768), axe)
    siti, budi = page_at(360, 740), page_at(360, 740)
    book(served, siti, axe, "Lewat telepon", "3674004112900001")
    expect(siti.locator(".qr")).to_have_count(0)
    say_ready(siti, "0001")
    book(served, budi, axe, "Lewat video", "3674004112900002")
    say_ready(budi, "0002")

    clerk = served.sign_in(page_at(1366, 768), "sari")
    clerk.click(f"button[data-counter='{COUNTER}']")
    expect(clerk.locator("#queue .queue__item")).to_have_count(2)
    clerk.keyboard.press("n")
    expect(clerk.locator("#now-number")).to_have_text("T001")
    tel = clerk.locator("#reach-tel")
    expect(tel).to_have_attribute("href", "tel:+6281234567890")
    expect(clerk.locator("#reach-whatsapp")).to_have_attribute(
        "href", "https://wa.me/6281234567890"
    )
    assert faults(clerk, axe) == []
    expect(siti.locator("#say")).to_have_text("Kami sedang menelepon Anda. Mohon angkat telepon.")
    clerk.keyboard.press("s")
    expect(clerk.locator("#now-badge")).to_have_text("Dilayani")
    clerk.keyboard.press("d")
    expect(siti.locator("#state")).to_have_text("Selesai")
    # The number is off the page with the visit.
    expect(clerk.locator("#reach")).to_be_hidden()
    assert "81234567890" not in clerk.content()

    clerk.keyboard.press("n")
    expect(clerk.locator("#reach-url")).to_have_value(ROOM)
    expect(budi.locator("#meeting")).to_have_count(0)
    clerk.keyboard.press("v")
    expect(budi.locator("#meeting")).to_have_attribute("href", ROOM)
    expect(clerk.locator("#reach-join")).to_have_attribute("href", ROOM)
    assert faults(clerk, axe) == [] and faults(budi, axe) == []
    clerk.keyboard.press("s")
    expect(clerk.locator("#now-badge")).to_have_text("Dilayani")
    clerk.keyboard.press("d")
    expect(budi.locator("#meeting")).to_have_count(0)

    wait_for_a_call(served, page_at(360, 740), axe)
    book_at_reception(served, page_at(1366, 768), axe)
