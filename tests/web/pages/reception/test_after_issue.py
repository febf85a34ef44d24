"""The reception in a real browser, after a visit was issued: found in the list of who is expected,
given priority, printed once, moved, cancelled, gone away; and booked for somebody who needs help.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.booking.slots import slot_id
from tests.fixtures.application import HOME, PASSWORD
from tests.fixtures.application import at as moment_at
from tests.fixtures.browser import Pages, faults
from tests.fixtures.live_server import LiveServer

pytestmark = pytest.mark.requires_browser

NAME = "Kartini Wulandari"


@pytest.fixture
def page(live_server: LiveServer, page_at: Pages) -> Page:
    page = page_at(1366, 768, locale="id-ID")
    page.goto(f"{live_server.url}/login?next=/reception")
    page.fill("[name=username]", "reception")
    page.fill("[name=password]", PASSWORD)
    page.click("main form .button")
    page.wait_for_url("**/reception")
    return page


def book(server: LiveServer, nik: str) -> dict[str, Any]:
    body = {"service": "REK", "slot": slot_id(moment_at(9, 30)), "nik": nik, "name": NAME}
    done = server.ask("POST", f"/offices/{HOME}/bookings", json=body)
    assert done.status_code == 201, done.text
    return dict(done.json())


def beat(server: LiveServer, **facts: str) -> None:
    body = {"build": "1", "facts": {"printer": "ready", **facts}}
    server.ask("POST", "/devices/self/heartbeat", "printer", json=body).raise_for_status()


def listed(server: LiveServer, code: str) -> list[dict[str, Any]]:
    slips = server.ask("GET", "/devices/self/slips", "printer").json()["slips"]
    return [each for each in slips if each["code"] == code]


def tell(server: LiveServer, slip: dict[str, Any], outcome: str) -> None:
    body = {"ticket": slip["id"], "copy": slip["copy"], "outcome": outcome}
    server.ask("POST", "/devices/self/slips", "printer", json=body).raise_for_status()


def test_a_visit_is_found_in_the_list_and_everything_may_become_of_it(
    live_server: LiveServer, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    booked = book(live_server, "9101014507880701")
    beat(live_server)

    # Live, by time, without a name; who is pressed is opened.
    slot = page.locator("#slots > li", has_text="09.30")
    expect(slot).to_contain_text("0 dari 1 sudah datang")
    slot.locator("> button").click()
    expect(slot.locator(".reception__due")).to_contain_text("Akan datang")
    assert NAME.split()[0] not in page.locator("#beside").inner_text()
    slot.locator(".reception__due button").click()
    expect(page.locator("#visit-state")).to_have_text("Terdaftar")

    # Priority, and back.
    page.click("#give-priority > summary")
    page.click("#priority-form .button")
    expect(page.locator("#visit-error")).to_contain_text("Pilih siapa")
    page.select_option("#priority-why", "elderly")
    page.click("#priority-form .button")
    expect(page.locator("#visit-time")).to_contain_text("Prioritas")
    assert faults(page, axe) == []
    page.click("#snackbar-way")
    expect(page.locator("#visit-time")).not_to_contain_text("Prioritas")

    # Printed once, however often it is pressed; what became of it comes back by itself.
    page.click("#order")
    expect(page.locator("#order-state")).to_contain_text("Sedang dicetak")
    page.click("#order")
    expect(page.locator("#reception")).not_to_have_attribute("aria-busy", "true")
    [slip] = listed(live_server, booked["code"])
    tell(live_server, slip, "unconfirmed")
    expect(page.locator("#order-state")).to_contain_text("tidak tahu")
    beat(live_server, printer="unconfirmed", unconfirmed_job=f"{slip['id']}.{slip['copy']}")
    page.click("[data-came-out=yes]")
    expect(page.locator("#order-state")).to_contain_text("diberi tahu")
    tell(live_server, slip, "printed")
    expect(page.locator("#order-state")).to_contain_text("Sudah keluar")
    expect(page.locator("#order-text")).to_have_text("Cetak salinan")
    beat(live_server)

    # Moved to the first other time: its own is not offered.
    page.click("#move > summary")
    expect(page.locator("#move-offers input")).not_to_have_count(0)
    offered = page.locator("#move-offers label").all_inner_texts()
    assert not any("23 November, 09.30" in each for each in offered), offered
    assert faults(page, axe) == []
    page.click("#move-form .button")
    expect(page.locator("#snackbar")).to_contain_text("Dipindahkan ke")
    expect(page.locator("#read-out-time")).not_to_contain_text("09.30")
    expect(page.locator("#slots > li", has_text="09.30")).to_have_count(0)

    # Cancelled, for a reason.
    page.click("#cancel > summary")
    page.click("#cancel-form .button")
    expect(page.locator("#visit-error")).to_contain_text("Pilih mengapa")
    page.select_option("#cancel-why", "no_time")
    page.click("#cancel-form .button")
    expect(page.locator("#visit-state")).to_have_text("Dibatalkan")
    expect(page.locator("#after")).to_be_hidden()


def test_who_has_gone_away_makes_room_and_is_taken_back(
    live_server: LiveServer, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    page.click("#give")
    expect(page.locator("#visit-state")).to_have_text("Menunggu")
    number = page.locator("#visit-number").inner_text()
    expect(page.locator("#streams")).to_contain_text("1 menunggu")
    inside = page.locator("#room")
    expect(inside).to_contain_text("1 dari 12")
    page.click("#leave")
    expect(page.locator("#visit-state")).to_have_text("Meninggalkan antrean")
    expect(inside).to_contain_text("0 dari 12")
    page.click("#snackbar-way")
    expect(page.locator("#visit-state")).to_have_text("Menunggu")
    expect(page.locator("#snackbar")).to_contain_text(f"{number}: diurungkan")
    expect(inside).to_contain_text("1 dari 12")
    assert faults(page, axe) == []
    page.click("#cancel > summary")
    page.select_option("#cancel-why", "mistake")
    page.click("#cancel-form .button")
    expect(page.locator("#visit-state")).to_have_text("Dibatalkan")
    expect(inside).to_contain_text("0 dari 12")


def test_somebody_books_who_needs_help_and_wants_to_be_told(
    live_server: LiveServer, page: Page
) -> None:
    page.check("[name=when][value=later]")
    expect(page.locator("#offers input")).not_to_have_count(0)
    page.fill("#name", "Sri")
    page.fill("#nik", "9101014507880702")
    page.fill("#phone", "081200000702")
    page.check("#notify")
    page.click("#help > summary")
    page.locator("[name=need]").first.check()
    page.check("#represented")
    page.click("#book")
    expect(page.locator("#visit-state")).to_have_text("Terdaftar")
    expect(page.locator("#visit-time")).to_contain_text("surat kuasa")
    expect(page.locator("#visit-time")).to_contain_text("Kursi roda")
    for box in ("#notify", "#represented"):
        expect(page.locator(box), "the next visitor's are not ticked").not_to_be_checked()


@pytest.mark.parametrize("locale", ["id-ID", "en-GB"])
def test_on_a_phone_the_hall_is_below_the_work_and_folded(
    live_server: LiveServer, page_at: Pages, axe: Callable[[Page], list[str]], locale: str
) -> None:
    page = page_at(360, 740, locale=locale)
    page.goto(f"{live_server.url}/login?next=/reception")
    page.fill("[name=username]", "reception")
    page.fill("[name=password]", PASSWORD)
    page.click("main form .button")
    page.wait_for_url("**/reception")
    for id in ("expected", "queue"):
        expect(page.locator(f"#{id}")).not_to_have_attribute("open", re.compile(".*"))
        page.click(f"#{id} > summary")
    expect(page.locator("#streams li")).to_have_count(2)
    tops = [page.locator(f"#{id}").bounding_box() for id in ("new", "expected", "queue")]
    assert [each["y"] for each in tops if each] == sorted(each["y"] for each in tops if each)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults(page, axe) == []
