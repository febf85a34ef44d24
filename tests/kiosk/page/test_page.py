"""The touch page in a real browser: few touches, one number, large enough for everybody."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from queue_server.protocol.messages import Slip, to_wire
from tests.kiosk.conftest import Stage, on, scan
from tests.kiosk.records.test_journal import SLIP
from tests.protocol.fake_server import FakeServer, office_now

pytestmark = pytest.mark.requires_browser

CODE = "7F3K9Q2M4N5P"


def book(server: FakeServer, **changes: Any) -> Slip:
    """A booking that the server knows, as the slip it will answer with."""
    values: dict[str, Any] = {
        "code": CODE,
        "checked_in_at": office_now().isoformat(timespec="seconds"),
        **changes,
    }
    slip = dataclasses.replace(SLIP, **values)
    server.bookings[CODE] = to_wire(slip)
    return slip


def test_two_touches_give_a_number_and_a_double_tap_no_second_one(
    shared: FakeServer, open_kiosk: Callable[..., Page], stage: Stage
) -> None:
    printed_before = len(stage.slips())
    page = open_kiosk()
    page.locator(".tile[data-service=REK]").tap()
    page.locator("#go").dblclick()
    on(page, "result")
    assert page.locator("#number").text_content() == "A012"
    assert "Silakan masuk" in (page.locator("#result-place").text_content() or "")
    assert page.locator("#result-facts li").all_text_contents() == [
        "4 orang di depan Anda",
        "Perkiraan tunggu 20–35 menit",
    ]
    page.wait_for_selector("#print[data-print=printed]")
    assert page.locator("#print").text_content() == "Silakan ambil karcis Anda"
    assert len(shared.posts) == 1 and len(stage.slips()) == printed_before + 1
    assert shared.posts[0][2] == {"service": "REK", "party_size": 1, "language": "id"}


def test_party_and_priority_and_language_are_sent(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    page = open_kiosk()
    page.locator("[data-language=en]").tap()
    page.locator(".tile[data-service=REK]").tap()
    page.locator("#party [data-value='3']").tap()
    page.locator("#priority [data-value=pregnant]").tap()
    assert page.locator("#priority [aria-pressed=true]").text_content() == "Pregnant or nursing"
    page.locator("#go").tap()
    on(page, "result")
    assert shared.posts[0][2] == {
        "service": "REK",
        "party_size": 3,
        "priority": "pregnant",
        "language": "en",
    }
    assert page.locator("#result-facts li").first.text_content() == "For 3 people"


@pytest.mark.parametrize(
    "scanned",
    [CODE, CODE.lower(), f"https://antrean.example/t/{CODE}", f"HTTPS>&&antrean.example&t&{CODE}"],
)
def test_a_scanned_booking_is_checked_in(
    shared: FakeServer, open_kiosk: Callable[..., Page], scanned: str
) -> None:
    book(shared)
    page = open_kiosk()
    scan(page, scanned)
    on(page, "result")
    assert shared.posts[0][0] == f"/api/v1/tickets/{CODE}/check-in"
    assert page.locator("#copy").is_hidden()


def test_the_next_visitor_may_scan_while_the_last_number_still_shows(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    book(shared)
    other = "0000000000ZZ"
    shared.bookings[other] = to_wire(dataclasses.replace(SLIP, id="t2", code=other, number="C003"))
    page = open_kiosk()
    scan(page, CODE)
    on(page, "result")
    scan(page, other)
    page.wait_for_selector("#number:text('C003')")
    on(page, "result")


def test_slow_typing_is_no_scan(shared: FakeServer, open_kiosk: Callable[..., Page]) -> None:
    page = open_kiosk()
    page.keyboard.type(CODE, delay=70)
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert shared.posts == []


def test_a_code_is_typed_on_the_screen(shared: FakeServer, open_kiosk: Callable[..., Page]) -> None:
    book(shared)
    page = open_kiosk()
    page.locator("#have-code").tap()
    for character in CODE[:-1] + "X":
        page.locator(f"#pad button:text-is('{character}')").tap()
    page.locator("#pad .erase").tap()
    assert page.locator("#go").get_attribute("aria-disabled") == "true"
    page.locator(f"#pad button:text-is('{CODE[-1]}')").tap()
    page.locator("#go").tap()
    on(page, "result")
    assert page.locator("#number").text_content() == "A012"


def test_a_second_check_in_tells_when_the_first_was_and_prints_a_copy_only_on_demand(
    shared: FakeServer, open_kiosk: Callable[..., Page], stage: Stage
) -> None:
    printed_before = len(stage.slips())
    book(shared, checked_in_at="2026-11-23T08:40:00+07:00", repeated=True)
    page = open_kiosk()
    scan(page, CODE)
    on(page, "result")
    assert (
        page.locator("#result-facts li").first.text_content() == "Anda sudah check-in pukul 08.40"
    )
    assert page.locator("#print").is_hidden() and len(stage.slips()) == printed_before
    page.locator("#copy").tap()
    page.wait_for_selector("#print[data-print=printed]")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            {"code": "too_early", "opens_at": "2026-11-23T02:15:00+00:00"},
            "Belum waktunya check-in. Silakan kembali mulai pukul 09.15.",
        ),
        ({"code": "already_checked_in", "number": "A007"}, "Anda sudah check-in. Nomor Anda A007."),
        ({"code": "not_in_service", "reason": "hours"}, "Saat ini di luar jam layanan."),
        (
            {"code": "never_heard_of"},
            "Server tidak menerima permintaan ini. Silakan hubungi petugas.",
        ),
    ],
)
def test_a_refusal_is_told_in_words(
    shared: FakeServer, open_kiosk: Callable[..., Page], problem: dict[str, Any], words: str
) -> None:
    shared.refuse = (409, problem)
    page = open_kiosk()
    scan(page, CODE)
    on(page, "problem")
    assert page.locator("#problem-text").text_content() == words


def test_over_the_limit_is_said_before_a_number_is_taken(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    server.offer = dataclasses.replace(server.offer, inside=46, limit=20, over=26)
    page = open_own_kiosk()
    page.wait_for_selector("#banner.over")
    assert (page.locator("#banner").text_content() or "").startswith(
        "Melebihi batas: 46 dari 20 orang"
    )
    page.locator("[data-language=en]").click()
    assert "46 of 20 people" in (page.locator("#banner").text_content() or "")
    assert page.locator(".tile:enabled").count() > 0


def test_the_buttons_are_the_languages_of_the_office_the_first_one_first(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    shared.offer = dataclasses.replace(shared.offer, languages=("en", "id"))
    page = open_kiosk()
    page.wait_for_selector("html[lang=en]")
    buttons = page.locator("[data-language]:visible")
    assert buttons.all_text_contents() == ["English", "Indonesia"]
    shared.offer = dataclasses.replace(shared.offer, languages=("id",))
    page.wait_for_selector("html[lang=id]")
    assert buttons.count() == 0
