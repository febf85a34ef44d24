"""Holds and the waitlist in a real browser: the time runs down before one's eyes, Enter goes on,
and each page is accessible and fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from queue_server.services.booking import cancelling
from queue_server.store.visit import tickets
from queue_server.store.writer.database import Database
from tests.fixtures.browser import Pages, faults
from tests.web.served import Served
from tests.web.site import TUESDAY

pytestmark = pytest.mark.requires_browser


def to_details(served: Served, page: Page, language: str, day: int = 1) -> Page:
    served.open(page, f"/o/3674/book/day?service=KK&lang={language}")
    page.locator("a.day-chip").nth(day).click()
    page.locator(".slot input").first.check(force=True)
    page.click("#times .button")
    return page


@pytest.mark.parametrize(("width", "language"), [(320, "id"), (768, "en"), (1366, "id")])
def test_the_kept_time_runs_down_and_every_page_is_accessible(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]], width: int, language: str
) -> None:
    page = to_details(served, page_at(width, 768), language)
    expect(page.locator("#kept-left")).to_have_text(re.compile("9:[0-5][0-9]"))
    first = page.locator("#kept-left").inner_text()
    expect(page.locator("#kept-left")).not_to_have_text(first)
    assert faults(page, axe) == []
    page.fill("[name=name]", "Siti")
    page.fill("[name=nik]", "3674004112900001")
    page.click("#kept-longer button")
    assert page.input_value("[name=name]") == "Siti" and page.locator("#kept-longer").count() == 0
    page.press("[name=nik]", "Enter")
    expect(page.locator("#booking")).to_be_visible()
    assert faults(page, axe) == []
    page.click("[href$='#times']")
    assert faults(page, axe) == [] and page.locator("[name=slot]:checked").count() == 1


def test_enter_in_the_details_goes_on_and_does_not_spend_the_extension(
    served: Served, page_at: Pages
) -> None:
    page = to_details(served, page_at(1366, 768), "id")
    page.fill("[name=name]", "Siti")
    page.fill("[name=nik]", "3674004112900001")
    page.press("[name=name]", "Enter")
    expect(page.locator("#booking")).to_be_visible()
    expect(page.locator("#kept-longer button")).to_be_visible()


def test_a_place_is_offered_to_who_waits_before_their_eyes(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]], database_beside: Database
) -> None:
    holder = to_details(served, page_at(360, 740), "id")
    holder.fill("[name=name]", "Siti")
    holder.fill("[name=nik]", "3674004112900001")
    holder.click("#details p.row .button")
    holder.click("[data-busy]")
    expect(holder.locator(".notice--ok")).to_be_visible()
    found = re.search(r"/t/([0-9A-Z]{12})", holder.url)
    assert found is not None
    page = served.open(page_at(360, 740), "/o/3674/waitlist?service=KK")
    page.select_option("[name=first_date]", "2026-11-25")
    page.select_option("[name=last_date]", "2026-11-25")
    page.fill("[name=name]", "Agus")
    page.fill("[name=nik]", "3674000101850002")
    page.click("[data-busy]")
    expect(page.locator("#live-hint")).to_have_text(
        "Halaman ini mencari tawaran dengan sendirinya."
    )
    assert faults(page, axe) == []
    with database_beside.read() as connection:
        ticket = tickets.find_by_code(connection, found.group(1))
    database_beside.write(
        [("3674", ticket.date)],
        partial(cancelling.cancel, ticket=ticket.id, by="holder", chance=0.9, now=TUESDAY),
    )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".ticket__head .badge")).to_have_text("Ada tempat untuk Anda")
    assert faults(page, axe) == []
    page.get_by_role("button", name="Ya, ambil tempat ini").click()
    expect(page.locator(".notice--ok")).to_contain_text("Janji Anda sudah dibuat")


@pytest.fixture
def database_beside(served: Served, tmp_path: Path) -> Iterator[Database]:
    """The server's own database, as another process of the office would use it."""
    with closing(Database(f"sqlite:///{tmp_path / 'antrean.db'}")) as database:
        yield database
