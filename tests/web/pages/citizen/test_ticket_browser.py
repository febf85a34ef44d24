"""The ticket page in a real browser: large text, each further call, and a time that the office
withdraws meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages, cut_off, faults
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser

OVERLAPS = """() => {
  const [name, choice] = [".brand__words", ".language"]
    .map((each) => document.querySelector(each).getBoundingClientRect());
  return name.right > choice.left && choice.right > name.left
    && name.bottom > choice.top && choice.bottom > name.top;
}"""


def enlarge(page: Page) -> Page:
    """Text at 200 % (WCAG 1.4.4, 1.4.10), as a reader sets it in the browser: every length in rem
    follows.
    """
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    return page


@pytest.mark.parametrize("locale", ["id-ID", "en-GB"])
def test_nothing_of_a_ticket_is_cut_off_with_large_text_on_a_small_phone(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]], locale: str
) -> None:
    clerk = served.sign_in(page_at(1366, 768), "sari")
    booked = book(served, page_at())
    for name, code in (("waiting", served.codes[0]), ("booked", booked)):
        page = enlarge(served.open(page_at(360, 740, locale), f"/t/{code}"))
        expect(page.locator("#say")).to_be_visible()
        assert [*faults(page, axe), *cut_off(page)] == [], name
        assert not page.evaluate(OVERLAPS), "the office's name runs into the choice of language"
    clerk.click("button[data-counter='3674-3']")
    clerk.click("#call-next")
    expect(clerk.locator("#now-number")).to_have_text("F001")
    page = enlarge(served.open(page_at(360, 740, locale), f"/t/{served.codes[0]}"))
    assert [*faults(page, axe), *cut_off(page)] == []


def book(served: Served, page: Page) -> str:
    """A booking for the longest service name; returns its code."""
    times = page.request.get(
        f"{served.base}/api/v1/offices/3674/availability?service=AKP&days=7"
    ).json()
    slot = next(each["slot"] for day in times["days"] for each in day["slots"] if each["free"])
    answer = page.request.post(
        f"{served.base}/api/v1/offices/3674/bookings",
        headers={"Idempotency-Key": "0f0e0d0c-0b0a-4908-8706-050403020100"},
        data={
            "service": "AKP",
            "slot": slot,
            "nik": "3674004112900001",
            "name": "Siti",
            "party_size": 2,
        },
    )
    assert answer.ok, answer.text()
    return str(answer.json()["code"])


def order(served: Served, manager: Page, method: str, what: str, **values: Any) -> None:
    """Change the office's settings as its manager."""
    token = manager.locator("[data-token]").first.get_attribute("data-token") or ""
    answer = manager.request.fetch(
        f"{served.base}/api/v1/offices/3674/{what}",
        method=method,
        data=values,
        headers={"X-CSRF-Token": token},
    )
    assert answer.ok, answer.text()


def test_a_second_call_is_said_anew(served: Served, page_at: Pages) -> None:
    """The live region has other words for it, so a screen reader speaks again."""
    clerk = served.sign_in(page_at(1366, 768), "budi")
    order(served, clerk, "PUT", "rules", calling={"recall_seconds": [0, 1, 2]})
    visitor = served.open(page_at(), f"/t/{served.codes[0]}")
    clerk.click("button[data-counter='3674-3']")
    clerk.click("#call-next")
    expect(visitor.locator("#say")).to_have_text("Giliran Anda. Silakan menuju Loket 3.")
    for times in (2, 3):
        expect(clerk.locator("[data-action=recall]")).to_be_enabled()
        clerk.click("[data-action=recall]")
        expect(visitor.locator("#say")).to_have_text(
            f"Panggilan ke-{times}: giliran Anda. Silakan segera menuju Loket 3."
        )


def test_a_time_withdrawn_while_the_page_is_open_is_no_longer_shown_as_the_time(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    manager = served.sign_in(page_at(1366, 768), "budi")
    page = served.open(page_at(360, 740), f"/t/{book(served, page_at())}")
    expect(page.locator(".ticket__number--time")).to_be_visible()
    order(
        served, manager, "PUT", "hours", days=[{"date": day_booked(served, page), "openings": []}]
    )
    expect(page.locator("#say")).to_have_text(re.compile("^Kantor terpaksa membatalkan waktu ini"))
    expect(page.locator(".ticket__number--time")).to_have_count(0)
    expect(page.locator("#cancel")).to_be_visible()
    expect(page.get_by_role("link", name="Pilih waktu lain")).to_be_visible()
    assert faults(page, axe) == []


def day_booked(served: Served, page: Page) -> str:
    """The date of the visit that a ticket page shows."""
    code = page.locator("#ticket").get_attribute("data-code")
    return str(page.request.get(f"{served.base}/api/v1/tickets/{code}").json()["date"])


SHARING = """
  globalThis.shared = [];
  navigator.share = async (what) => {
    globalThis.shared.push(what);
    throw new DOMException("", "AbortError");
  };
"""


def test_a_phone_that_can_passes_the_ticket_on_its_own_way(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    code = book(served, page_at())
    page = page_at(360, 740)
    page.add_init_script(SHARING)
    served.open(page, f"/t/{code}?new=1")
    page.click("#share")
    [shared] = page.evaluate("globalThis.shared")
    assert sorted(shared) == ["text", "url"] and shared["url"].endswith(f"/t/{code}")
    assert shared["text"].startswith("Kunjungan ke ") and "Siti" not in shared["text"]
    expect(page.get_by_role("link", name="Kirim lewat WhatsApp")).to_be_visible()
    assert [*faults(page, axe), *cut_off(page)] == []
