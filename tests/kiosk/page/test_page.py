"""The touch page in a real browser: few touches, one number, large enough for everybody."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from queue_server.protocol.messages import ServiceOffer, Slip, WaitRange, to_wire
from tests.kiosk.conftest import Stage, on, scan
from tests.kiosk.records.test_journal import SLIP
from tests.protocol.fake_server import FakeServer, office_now

pytestmark = pytest.mark.requires_browser

SIZES = [(1280, 800), (1080, 1920)]
CODE = "7F3K9Q2M4N5P"

MEASURE = """() => {
  const boxOf = (each) => each.getBoundingClientRect();
  const seen = (each) => boxOf(each).width > 0 && boxOf(each).height > 0;
  const boxesOf = (names) => [...document.querySelectorAll(names)]
    .filter(seen).map((each) => boxOf(each).toJSON());
  const boxes = boxesOf("button");
  const texts = document.querySelectorAll("h1, h2, p, li, button, small, .name, .load span");
  const words = [...texts].filter((each) => seen(each) && each.textContent.trim());
  const small = words
    .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 28)
    .map((each) => each.textContent);
  const cut = words.filter((each) => {
    const own = each.getBoundingClientRect();
    const around = (each.closest("section") ?? document.body).getBoundingClientRect();
    if (getComputedStyle(each).position === "absolute") return false;
    const outside = own.left < -1 || own.right > innerWidth + 1
      || own.top < around.top - 1 || own.bottom > around.bottom + 1;
    return outside || (each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 2);
  }).map((each) => each.textContent);
  const tiles = boxesOf(".tile");
  return {boxes, small, cut, tiles};
}"""


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


def fourteen_services(server: FakeServer) -> None:
    names = [
        "Perekaman KTP-el",
        "Akta perkawinan/perceraian",
        "Pengaduan/konsultasi",
        "Legalisir dokumen lama",
    ]
    services = tuple(
        ServiceOffer(
            f"S{place}",
            "ACFZUX"[place % 6],
            {"id": names[place % 4], "en": "Marriage or divorce record"},
            {},
            10,
            "MUST_COME",
            True,
            None,
            12 + place,
            WaitRange(100, 125),
        )
        for place in range(14)
    )
    server.offer = dataclasses.replace(server.offer, services=services)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_screen_is_large_enough_and_nothing_is_cut_off(
    server: FakeServer,
    open_own_kiosk: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    tmp_path: Path,
    width: int,
    height: int,
) -> None:
    fourteen_services(server)
    page = open_own_kiosk(width, height)
    page.wait_for_selector(".tile[data-service=S0]")
    found: list[str] = []

    def check(name: str) -> None:
        page.screenshot(path=str(tmp_path / f"kiosk-{name}-{width}x{height}.png"))
        measured = page.evaluate(MEASURE)
        found.extend(f"{name}: small {text}" for text in measured["small"])
        found.extend(f"{name}: cut off {text}" for text in measured["cut"])
        found.extend(
            f"{name}: {box}" for box in measured["boxes"] if box["height"] < 64 or box["width"] < 64
        )
        found.extend(f"{name}: tile {box}" for box in measured["tiles"] if box["height"] < 120)
        for one in measured["tiles"]:
            for two in measured["tiles"]:
                right, below = two["left"] - one["right"], two["top"] - one["bottom"]
                if (
                    one != two
                    and max(right, below, one["left"] - two["right"], one["top"] - two["bottom"])
                    < 20
                ):
                    found.append(f"{name}: tiles too near")
        if width == SIZES[0][0]:
            found.extend(f"{name}: {violation}" for violation in axe(page))

    check("home")
    page.locator("[data-language=en]").click()
    check("home-en")
    page.locator("[data-language=id]").click()
    page.locator(".tile").first.click()
    check("confirm")
    page.locator("#go").click()
    on(page, "result")
    page.wait_for_selector("#print[data-print=printed]")
    check("result")
    page.locator("#go").click()
    page.locator("#have-code").click()
    page.locator("#pad button:text-is('7')").click()
    check("code")
    scan(page, "XXXXXXXXXXXX")
    on(page, "problem")
    check("problem")
    page.locator("#help").click()
    check("help")
    assert found == []


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


def test_the_fourteenth_service_is_three_touches_away(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    fourteen_services(server)
    page = open_own_kiosk()
    page.wait_for_selector(".tile.more")
    seen = page.locator(".tile[data-service]").count()
    page.locator(".tile.more").tap()
    assert seen + page.locator(".tile[data-service]").count() == 14
    page.locator(".tile[data-service=S13]").tap()
    page.locator("#go").tap()
    on(page, "result")
    assert server.posts[0][2]["service"] == "S13"


def test_a_closed_service_says_why_and_cannot_be_taken(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    page = open_kiosk()
    tile = page.locator(".tile[data-service=LEG]")
    assert tile.locator(".load").text_content() == "Di luar jam layanan"
    assert page.locator(".tile[data-service=KK] .load").text_content() == "Sedang tidak dilayani"
    tile.tap(force=True)
    assert page.evaluate("document.body.dataset.screen") == "home"


def test_an_urgent_case_is_asked_why_and_gets_its_number(
    server: FakeServer, open_own_kiosk: Callable[..., Page], tmp_path: Path
) -> None:
    server.offer = dataclasses.replace(server.offer, mode="URGENT_ONLY")
    page = open_own_kiosk()
    page.wait_for_selector(".tile.urgent[data-service=KK]")
    page.locator(".tile[data-service=KK]").tap()
    on(page, "urgency")
    page.screenshot(path=str(tmp_path / "kiosk-urgency.png"))
    assert page.evaluate(MEASURE)["cut"] == []
    page.locator("#urgencies button").first.tap()
    page.locator("#go").tap()
    on(page, "result")
    assert server.posts[0][2]["urgency"] == "hospital"


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
    book(shared, checked_in_at="2026-11-23T08:40:00+07:00")
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
        ({"code": "wrong_day", "date": "2026-11-25"}, "Pendaftaran ini untuk tanggal 25/11/2026."),
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


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_kiosk_that_rests_offers_help_and_a_large_party_is_sent_to_the_staff(
    server: FakeServer, open_own_kiosk: Callable[..., Page], tmp_path: Path, width: int, height: int
) -> None:
    server.offer = dataclasses.replace(server.offer, party_max=3)
    page = open_own_kiosk(width, height)
    page.locator(".tile[data-service=REK]").click()
    on(page, "confirm")
    assert page.locator("#party button").all_text_contents() == ["1", "2", "3", "Lebih dari 3"]
    assert page.evaluate(MEASURE)["cut"] == []
    page.screenshot(path=str(tmp_path / f"kiosk-party-{width}.png"))
    page.locator("#party button").last.click()
    assert "Untuk lebih dari 3 orang" in (page.locator("#help-text").text_content() or "")
    page.locator("#help-close").click()
    server.refuse = (409, {"code": "kiosk_resting", "retry_after_seconds": 4})
    page.locator("#go").click()
    on(page, "problem")
    assert page.locator("#problem-title").text_content() == "Ada yang bisa dibantu petugas?"
    assert "tunggu 4 detik" in (page.locator("#problem-text").text_content() or "")
    page.screenshot(path=str(tmp_path / f"kiosk-resting-{width}.png"))


@pytest.mark.parametrize(("width", "height"), [*SIZES, (1024, 768), (768, 1024)])
@pytest.mark.parametrize("largest", [6, 7, 12])
def test_each_party_that_the_kiosk_may_take_has_a_button_large_enough_to_touch(
    server: FakeServer,
    open_own_kiosk: Callable[..., Page],
    tmp_path: Path,
    largest: int,
    width: int,
    height: int,
) -> None:
    server.offer = dataclasses.replace(server.offer, party_max=largest)
    page = open_own_kiosk(width, height)
    page.locator(".tile[data-service=REK]").click()
    on(page, "confirm")
    sizes = [str(size) for size in range(1, largest + 1)]
    buttons = page.locator("#party button")
    assert buttons.all_text_contents() == [*sizes, f"Lebih dari {largest}"]
    buttons.nth(largest - 1).click()
    page.screenshot(path=str(tmp_path / f"kiosk-party-{largest}-{width}.png"))
    boxes = buttons.evaluate_all(
        "(all) => all.map((each) => each.getBoundingClientRect().toJSON())"
    )
    assert min(min(box["width"], box["height"]) for box in boxes) >= 80
    assert len({box["top"] for box in boxes}) <= 3
    assert page.evaluate(MEASURE)["cut"] == []
    page.locator("#go").click()
    on(page, "result")
    assert server.posts[0][2]["party_size"] == largest


def test_a_party_larger_than_the_screen_has_room_for_is_chosen_by_scrolling(
    server: FakeServer, open_own_kiosk: Callable[..., Page], tmp_path: Path
) -> None:
    server.offer = dataclasses.replace(server.offer, party_max=30)
    page = open_own_kiosk(768, 1024)
    page.locator(".tile[data-service=REK]").click()
    on(page, "confirm")
    page.screenshot(path=str(tmp_path / "kiosk-party-30.png"))
    page.locator("#party [data-value='30']").click()
    priority = page.locator("#priority button").last.bounding_box()
    assert priority is not None
    assert priority["y"] + priority["height"] <= 1024
    page.locator("#go").click()
    on(page, "result")
    assert server.posts[0][2]["party_size"] == 30
