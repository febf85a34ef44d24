"""How many touches lead to a number, and what no touch may do: zoom, scroll, select, or take more
numbers than were asked for.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.kiosk.conftest import on, scan
from tests.kiosk.page.stages import offer_everything
from tests.protocol.agents import until
from tests.protocol.fake_server import FakeServer

pytestmark = pytest.mark.requires_browser

TOUCHES = 300


def test_every_service_is_two_touches_from_a_number_in_indonesian(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    offer_everything(server)
    page = open_own_kiosk()
    assert page.locator(".tile[data-service]").count() == 14
    page.locator(".tile[data-service=WNA]").tap()
    page.locator("#go").tap()
    on(page, "result")
    assert server.posts[0][2] == {"service": "WNA", "party_size": 1, "language": "id"}


def test_a_party_a_priority_and_an_urgent_case_are_three_touches_away(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    offer_everything(server)
    page = open_own_kiosk()
    for choice in ("#party [data-value='3']", "#priority [data-value=elderly]"):
        page.locator(".tile[data-service=REK]").tap()
        page.locator(choice).tap()
        page.locator("#go").tap()
        on(page, "result")
        page.wait_for_timeout(800)
        page.locator("#go").tap()
        on(page, "home")
    page.locator(".tile[data-service=REK]").tap()
    page.locator(".is-urgent").tap()
    page.locator("[data-urgency=court]").tap()
    on(page, "result")
    assert page.locator("#result-facts li").first.text_content() == "Bawa: surat dari pengadilan"
    sent = [{**body} for _, _, body in server.posts]
    assert (sent[0]["party_size"], sent[1]["priority"], sent[2]["urgency"]) == (
        3,
        "elderly",
        "court",
    )


def test_where_only_urgent_cases_are_served_the_reason_takes_the_number(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    offer_everything(server, mode="URGENT_ONLY")
    closed = tuple(
        dataclasses.replace(each, open=False, reason="mode", next_day="2026-12-01")
        for each in server.offer.services
    )
    server.offer = dataclasses.replace(server.offer, services=closed)
    page = open_own_kiosk()
    page.locator(".tile.urgent[data-service=LEG]").tap()
    assert page.locator("#go").is_hidden()
    assert "Selasa, 1 Desember 2026" in (page.locator("#closed").text_content() or "")
    page.locator("[data-urgency=hospital]").tap()
    on(page, "result")
    assert server.posts[0][2]["urgency"] == "hospital"


def test_advice_against_coming_shows_where_it_is_had_and_still_gives_a_number(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    offer_everything(server)
    page = open_own_kiosk()
    page.locator(".tile[data-service=KK]").tap()
    assert "layanan.example" in (page.locator("figcaption").text_content() or "")
    assert page.locator("#panel .qr path").count() == 1
    assert page.locator("#go").text_content() == "Tetap ambil nomor"
    page.locator("#go").tap()
    on(page, "result")


def test_a_large_party_is_chosen_a_row_at_a_time(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    offer_everything(server, party_max=30)
    page = open_own_kiosk(768, 1024)
    page.locator(".tile[data-service=REK]").click()
    assert page.locator("#party button").all_text_contents() == [*"123456", "7 atau lebih"]
    for _ in range(2):
        page.locator("#party .other").last.click()
    assert page.locator("#party [data-value]").all_text_contents() == ["12", "13", "14", "15", "16"]
    page.locator("#party .other").first.click()
    page.locator("#party [data-value='9']").click()
    page.locator("#go").click()
    on(page, "result")
    assert server.posts[0][2]["party_size"] == 9


def test_more_than_the_largest_party_is_for_the_staff(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    offer_everything(server, party_max=3)
    page = open_own_kiosk()
    page.locator(".tile[data-service=REK]").click()
    assert page.locator("#party button").all_text_contents() == [*"123", "Lebih dari 3"]
    page.locator("#party button").last.click()
    assert "Untuk lebih dari 3 orang" in (page.locator("#help-text").text_content() or "")
    page.locator("#help-close").click()
    server.refuse = (409, {"code": "kiosk_resting", "retry_after_seconds": 4})
    page.locator("#go").click()
    on(page, "problem")
    assert page.locator("#problem-title").text_content() == "Ada yang bisa dibantu petugas?"
    assert "tunggu 4 detik" in (page.locator("#problem-text").text_content() or "")


def test_three_hundred_fingers_leave_a_kiosk_that_works(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    offer_everything(server)
    page = open_own_kiosk()
    page.evaluate("""() => {
      window.sent = 0;
      const fetched = window.fetch;
      window.fetch = (path, options) => {
        if (path === "/requests" && options?.method === "POST") window.sent += 1;
        return fetched(path, options);
      };
      window.taken = 0;
      document.addEventListener("click", (event) => {
        const takes = event.target.closest("#go, [data-urgency]");
        if (takes && document.body.dataset.screen === "confirm") window.taken += 1;
      }, true);
    }""")
    fingers = page.context.new_cdp_session(page)
    chance = random.Random(12)

    def at() -> dict[str, float]:
        return {"x": chance.uniform(1, 1279), "y": chance.uniform(1, 799)}

    for number in range(TOUCHES):
        start = [{**at(), "id": each} for each in range(chance.choice([1, 1, 2, 3, 5]))]
        fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": start})
        if number % 3 == 0:
            moved = [{**each, **at()} for each in start]
            fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": moved})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    seen = page.evaluate("""() => ({
      screen: document.body.dataset.screen,
      zoom: visualViewport.scale,
      scrolled: scrollX + scrollY + visualViewport.offsetTop,
      selected: String(getSelection()),
      sent: window.sent,
      taken: window.taken,
    })""")
    assert seen["screen"] in {"home", "confirm", "code", "busy", "result", "problem"}
    assert (seen["zoom"], seen["scrolled"], seen["selected"]) == (1, 0, "")
    assert seen["sent"] <= seen["taken"]
    keys = {key for _, key, _ in server.posts}
    assert len(server.tickets) == len(keys) <= seen["sent"]
    page.reload()
    page.wait_for_selector('body[data-screen="home"], body[data-screen="result"]')


def test_a_pinch_does_not_zoom_and_a_long_press_opens_nothing(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    page = open_kiosk()
    fingers = page.context.new_cdp_session(page)
    fingers.send(
        "Input.synthesizePinchGesture",
        {"x": 600, "y": 400, "scaleFactor": 3, "relativeSpeed": 9000},
    )
    assert page.evaluate("visualViewport.scale") == 1
    stopped = page.evaluate("""() => ["contextmenu", "dragstart", "selectstart"].map((name) =>
      !document.querySelector(".tile").dispatchEvent(
        new Event(name, {bubbles: true, cancelable: true})))""")
    assert stopped == [True, True, True]
    styles = page.evaluate("""() => [...document.querySelectorAll("*")]
      .filter((each) => !["none", "auto"].includes(getComputedStyle(each).touchAction)).length""")
    assert styles == 0
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).userSelect") == "none"


CLOSED = [
    ({"link": "offline", "lease_left": 0}, "nomor di mesin ini sudah habis"),
    ({"link": "offline", "lease_left": -1}, "tidak terhubung"),
    ({"link": "doubt", "lease_left": 9, "clock_sure": False}, "jam mesin ini belum pasti"),
    ({"journal": "full"}, "tidak bisa menyimpan nomor"),
    ({"link": "offline", "offline_refusal": "offline_stopped"}, "dihentikan sementara"),
]


@pytest.mark.parametrize(("state", "words"), CLOSED)
def test_a_kiosk_that_can_give_no_number_says_so_before_it_is_touched(
    shared: FakeServer, open_kiosk: Callable[..., Page], state: dict[str, Any], words: str
) -> None:
    page = open_kiosk()
    page.evaluate("(state) => (window.instead['/state'] = state)", state)
    page.wait_for_selector("#banner.off:visible")
    assert words in (page.locator("#banner").text_content() or "")
    assert page.locator(".tile:not(.closed)").count() == 0
    page.locator(".tile").first.tap()
    on(page, "confirm")
    assert words in (page.locator("#closed").text_content() or "")
    assert page.locator("#go").is_hidden() and page.locator("#help").is_visible()
    assert shared.posts == []


def test_a_kiosk_alone_with_a_lease_goes_on_and_says_so(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    page = open_kiosk()
    page.evaluate("window.instead['/state'] = {connected: false, link: 'offline', lease_left: 9}")
    page.wait_for_selector("#alone:has-text('Tanpa koneksi')")
    page.locator(".tile[data-service=REK]").tap()
    page.locator("#go").tap()
    on(page, "result")
    until(lambda: len(shared.posts) == 1, "the agent is asked for the number")


REFUSED = [
    ({"code": "wrong_state", "state": "STRANDED"}, "Jam janji Anda dihapus", True),
    ({"code": "wrong_state", "state": "CANCELLED"}, "Janji ini sudah dibatalkan", True),
    ({"code": "wrong_state", "state": "NO_SHOW"}, "Jam janji Anda sudah lewat", True),
    (
        {"code": "already_checked_in", "state": "SERVED", "number": "A007"},
        "Anda sudah dilayani",
        True,
    ),
    (
        {"code": "already_checked_in", "state": "CALLED", "number": "A007"},
        "Anda sudah dipanggil",
        False,
    ),
    ({"code": "wrong_day", "date": "2026-11-25"}, "Janji Anda untuk hari lain", True),
    (
        {"code": "wrong_office", "office_name": "Disdukcapil Kota Serang", "date": "2026-11-25"},
        "Janji Anda untuk kantor lain",
        False,
    ),
    ({"code": "lease_used_up"}, "Mohon maaf", False),
]


@pytest.mark.parametrize(("refusal", "title", "number"), REFUSED)
def test_every_refusal_has_its_own_words_and_a_way_on(
    shared: FakeServer,
    open_kiosk: Callable[..., Page],
    refusal: dict[str, Any],
    title: str,
    number: bool,
) -> None:
    shared.refuse = (409, refusal)
    page = open_kiosk()
    scan(page, "0000000000ZZ")
    on(page, "problem")
    assert page.locator("#problem-title").text_content() == title
    text = page.locator("#problem-text").text_content() or ""
    assert "{" not in text and text
    if "date" in refusal:
        assert "Rabu, 25 November 2026" in text
    assert page.locator("#new-number").is_visible() == number
    assert page.locator("#help").is_visible() and page.locator("#go").is_visible()
