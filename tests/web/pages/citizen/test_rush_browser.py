"""A rush in a real browser: the phone works while its visitor reads or waits, and without a
script the line goes on by itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.booking.rush import Source
from queue_server.domain.errors import SlotFull
from queue_server.services.booking import holding
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer import slots
from queue_server.store.writer.database import Database
from tests.fixtures.browser import Pages, faults
from tests.fixtures.nursery import Nursery
from tests.web.served import Served, serving_visitors
from tests.web.site import TUESDAY

pytestmark = pytest.mark.requires_browser
DAY = TUESDAY.date() + timedelta(days=1)
OFFICE = "3674"


@pytest.fixture
def limited(nursery: Nursery, filled_database: Path, tmp_path: Path) -> Iterator[Served]:
    """A server that judges who takes places."""
    with serving_visitors(nursery, filled_database, tmp_path, rate_limits=True) as server:
        yield server


def crowd(served: Served, places: int) -> None:
    """Strangers take so many places of the next day at this moment of the server's clock."""
    now = TUESDAY + timedelta(seconds=1)
    with closing(Database(f"sqlite:///{served.file}")) as database:
        with database.read() as connection:
            starts = [each.starts_at for each in slots.load(connection, OFFICE, DAY).slots]
        for number in range(places):
            source = Source(f"stranger{number}", "far away", judged=False)
            for start in starts[number % len(starts) :] + starts:
                hold = partial(
                    holding.hold,
                    office=OFFICE,
                    wanted=HoldRequest("KK", start, source=source),
                    draw=draw(),
                    now=now,
                )
                try:
                    database.write([(OFFICE, DAY)], hold)
                    break
                except SlotFull:
                    continue


def choose_time(served: Served, page: Page, language: str) -> None:
    served.open(page, f"/o/{OFFICE}/book/day?service=KK&day={DAY}&lang={language}")
    # A label is clicked where it stands still; its input has no place of its own.
    page.locator("label.slot").last.click()
    expect(page.locator(".slot input").last).to_be_checked()


def test_the_phone_works_and_the_page_goes_on(limited: Served, page_at: Pages) -> None:
    crowd(limited, 14)
    page = page_at(360, 740)
    choose_time(limited, page, "id")
    assert page.locator("#work-ahead").count() == 1
    page.click("#times .button")
    expect(page.locator("#details")).to_be_visible(timeout=60_000)
    assert page.evaluate("sessionStorage.length") == 0, "a proof is not shown twice"


@pytest.mark.parametrize(("width", "language"), [(320, "id"), (1366, "en")])
def test_the_pages_of_a_rush_are_accessible_and_fit(
    limited: Served, page_at: Pages, axe: Callable[[Page], list[str]], width: int, language: str
) -> None:
    crowd(limited, 24)
    page = page_at(width, 740, java_script_enabled=False)
    choose_time(limited, page, language)
    page.click("#times .button")
    expect(page.locator("#line")).to_be_visible()
    page.click("section .button")
    expect(page.locator("#go-on .button")).to_be_visible()
    assert re.search(r"\d\d[.:]\d\d", page.locator(".notice").first.inner_text())
    looked_at = page_at(width, 740)
    looked_at.goto(page.url)
    assert faults(looked_at, axe) == []


def test_how_far_the_work_has_come_is_shown(
    limited: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    crowd(limited, 40)
    page = page_at(360, 740)
    choose_time(limited, page, "id")
    page.click("#times .button")
    bar = page.locator("#work progress")
    expect(bar).to_be_visible()
    assert faults(page, axe) == []
    expect(bar).not_to_have_attribute("value", "0", timeout=60_000)


def test_scrypt_in_the_page_is_the_one_the_server_checks(limited: Served, page_at: Pages) -> None:
    page = limited.open(page_at(), "/")
    build = re.search(r"/assets/([0-9a-f]+)/", page.content())
    assert build is not None
    for password, salt in (("7", "abc:1"), ("zz9", "0123456789abcdef01234567:59")):
        found = page.evaluate(
            """async ([url, password, salt]) => {
              const { scrypt } = await import(url);
              const text = new TextEncoder();
              return [...scrypt(text.encode(password), text.encode(salt))];
            }""",
            [f"/assets/{build[1]}/citizen/booking/scrypt.js", password, salt],
        )
        assert bytes(found) == hashlib.scrypt(
            password.encode(), salt=salt.encode(), n=256, r=4, p=1, dklen=4
        )
