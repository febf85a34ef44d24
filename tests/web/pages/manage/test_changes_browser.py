"""The managers' pages in a real browser: accessible, within the window, from the form through the
dry run to the list of stranded.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.visit.identity import Visitor
from queue_server.services.booking import availability, booking
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from tests.fixtures.browser import Pages, faults
from tests.web.served import Served
from tests.web.site import TUESDAY

pytestmark = pytest.mark.requires_browser


@pytest.fixture
def booked(served: Served) -> Served:
    """The server with three bookings for Thursday: one reached by e-mail, one by telephone, one not
    at all.
    """
    database = Database(f"sqlite:///{served.file}")
    day = TUESDAY.date() + timedelta(days=2)
    office = database.find_office("3674")
    with database.read() as connection:
        slots = availability.list_availability(connection, office, "KK", day, 1, 1, TUESDAY)[
            0
        ].slots
    for number, (email, phone) in enumerate(
        (("satu@example.com", None), (None, "+6281200000002"), (None, None))
    ):
        visitor = Visitor(
            f"Tamu {number}", sha256(str(number).encode()).hexdigest(), "0001", phone, email
        )
        wanted = BookingRequest("KK", slots[number * 2].starts_at, visitor)
        database.write(
            [("3674", day)],
            partial(booking.book, office="3674", wanted=wanted, draw=draw(), now=TUESDAY),
        )
    database.close()
    return served


@pytest.mark.parametrize(("width", "height", "language"), [(320, 640, "id"), (1366, 768, "en")])
def test_a_change_is_accessible_and_fits_from_the_form_to_the_last_telephone_call(
    booked: Served,
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    language: str,
) -> None:
    page = booked.sign_in(page_at(width, height), "budi", f"/manage?lang={language}")
    wrong = {}
    booked.open(page, "/manage/mode")
    page.check("[name=mode][value=URGENT_ONLY]")
    page.fill("[name=ends_date]", "2026-11-20")
    page.click("#change p .button")
    expect(page.locator("#error-summary")).to_be_visible()
    wrong["errors"] = faults(page, axe)
    page.fill("[name=ends_date]", "2026-11-30")
    page.fill("[name=notice_id]", "Hanya mendesak.")
    page.click("#change p .button")
    expect(page.locator("button[value=apply]")).to_contain_text("3")
    expect(page.get_by_text("Tamu 2")).to_be_visible()
    wrong["review"] = faults(page, axe)
    page.click("button[value=apply]")
    expect(page.locator(".notice--ok")).to_be_visible()
    wrong["done"] = faults(page, axe)

    booked.open(page, "/manage/stranded")
    expect(page.locator("[name=booking]")).to_have_count(3)
    expect(page.locator("[name=booking]:checked")).to_have_count(0)
    wrong["stranded"] = faults(page, axe)
    page.click("a[href*='tick=all']")
    expect(page.locator("[name=booking]:checked")).to_have_count(3)
    page.locator("[name=booking]").last.uncheck()
    page.click("button[value=ask_move]")
    expect(page.locator("button[value=move]")).to_contain_text("2")
    wrong["ask to move"] = faults(page, axe)
    page.click("button[value=move]")
    expect(page.locator("[name=booking]")).to_have_count(1)
    expect(page.locator(".notice--ok")).to_contain_text("2")
    page.locator("[name=booking]").check()
    page.click("button[value=ask_cancel]")
    wrong["ask to cancel"] = faults(page, axe)
    page.click("button[value=cancel]")
    expect(page.locator("[name=booking]")).to_have_count(0)
    page.locator(".call summary").first.click()
    wrong["calls"] = faults(page, axe)
    with page.expect_popup() as opened:
        page.click("button[name=format][value=page]")
    paper = opened.value
    expect(paper.locator(".ring__call")).to_have_count(2)
    wrong["list to ring by"] = faults(paper, axe)
    paper.close()

    booked.open(page, "/supervise/audit")
    wrong["audit"] = faults(page, axe)
    page.locator("details.more > summary").first.click()
    page.select_option("[name=kind]", "exports")
    page.click(".audit__filter .button")
    expect(page.locator(".audit__what")).to_have_count(1)
    wrong["audit of one kind"] = faults(page, axe)
    with page.expect_download() as taken:
        page.click("button[name=format][value=csv]")
    rows = Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 4, "the head, one act, and the end"
    booked.open(page, "/o/3674")
    wrong["public"] = faults(page, axe)
    assert {where: found for where, found in wrong.items() if found} == {}
