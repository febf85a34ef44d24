"""The pages in a real browser: accessible, within the window, and following the queue live."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages, faults
from tests.web.served import WAITING, Served

pytestmark = pytest.mark.requires_browser


@pytest.mark.parametrize(("width", "height"), [(320, 640), (1366, 768)])
def test_staff_pages_are_accessible_and_fit(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]], width: int, height: int
) -> None:
    page = served.sign_in(page_at(width, height), "budi")
    expect(page.locator("#chooser")).to_be_visible()
    assert faults(page, axe) == []
    page.click("button[data-counter='3674-3']")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)
    page.click("#call-next")
    expect(page.locator("#now-number")).to_have_text("F001")
    assert faults(page, axe) == []
    if width == 1366:
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), (
            "the console fits one screen"
        )
    page.click("#help-open")
    assert faults(page, axe) == []


def test_a_clerk_serves_by_keys_alone(served: Served, page_at: Pages) -> None:
    page = served.sign_in(page_at(1366, 768), "sari")
    page.click("button[data-counter='3674-3']")
    number, badge = page.locator("#now-number"), page.locator("#now-badge")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)
    for key, shown, state in (
        ("n", "F001", "Dipanggil"),
        ("r", "F001", "Dipanggil"),
        ("s", "F001", "Dilayani"),
        ("d", "–", ""),
        (" ", "F002", "Dipanggil"),
        ("m", "–", ""),
        ("n", "F003", "Dipanggil"),
        ("p", "–", ""),
        ("u", "F003", "Dipanggil"),
    ):
        page.keyboard.press(key)
        expect(number).to_have_text(shown)
        if state:
            expect(badge).to_have_text(state)
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING - 3)


def test_the_focus_goes_on_to_the_step_that_usually_follows(served: Served, page_at: Pages) -> None:
    page = served.sign_in(page_at(1366, 768), "sari")
    expect(page.locator("#chooser")).to_be_visible()
    page.focus("button[data-counter='3674-3']")
    page.keyboard.press("Enter")
    expect(page.locator("#call-next")).to_be_focused()
    for state in ("CALLED", "SERVING", "CALLED", "SERVING"):
        page.keyboard.press("Enter")
        expect(page.locator("#now")).to_have_attribute("data-state", state)
        expect(page.locator("#finish-next")).to_be_focused()
        # Until then a further press is a double press.
        page.wait_for_selector("#finish-next:not([data-settling])")


def test_keys_do_nothing_while_one_types_or_has_switched_them_off(
    served: Served, page_at: Pages
) -> None:
    page = served.sign_in(page_at(1366, 768), "sari")
    page.click("button[data-counter='3674-3']")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)
    page.focus("#filter")
    page.keyboard.press("n")
    page.click("#help-open")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#now-number")).to_have_text("–")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)


def test_a_quick_hand_loses_no_key(served: Served, page_at: Pages) -> None:
    page = served.sign_in(page_at(1366, 768), "sari")
    page.click("button[data-counter='3674-3']")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)
    page.keyboard.press("n")
    page.keyboard.press("s")
    expect(page.locator("#now-badge")).to_have_text("Dilayani")
    page.keyboard.press("d")
    page.keyboard.press("n")
    expect(page.locator("#now-number")).to_have_text("F002")


def test_two_keys_pressed_ahead_are_both_taken(served: Served, page_at: Pages) -> None:
    page = served.sign_in(page_at(1366, 768), "sari")
    page.click("button[data-counter='3674-3']")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)
    # In one task of the page, so that the first answer cannot come in between.
    page.evaluate(
        """() => { for (const key of "nsd")
          document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true})); }"""
    )
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING - 1)
    expect(page.locator("#now-number")).to_have_text("–")  # called, started and finished


def test_a_double_press_calls_one_visitor(served: Served, page_at: Pages) -> None:
    page = served.sign_in(page_at(1366, 768), "sari")
    page.click("button[data-counter='3674-3']")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)
    page.dblclick("#call-next")
    expect(page.locator("#now-number")).to_have_text("F001")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING - 1)


def fill_room(served: Served, page: Page) -> None:
    """Count so many unknown persons inside that nobody else may come in."""
    queue = page.request.get(f"{served.base}/api/v1/offices/3674/queue").json()
    token = page.locator("#desk").get_attribute("data-token") or ""
    answer = page.request.post(
        f"{served.base}/api/v1/offices/3674/occupancy",
        data={"delta": queue["limit"] - queue["inside"], "reason": "count"},
        headers={"X-CSRF-Token": token, "Idempotency-Key": "fill-the-room"},
    )
    assert answer.ok and answer.json()["inside"] == queue["limit"]


def test_who_missed_the_call_comes_back(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    visitor = served.open(page_at(), f"/t/{served.codes[0]}")
    page = served.sign_in(page_at(1366, 768), "sari")
    page.click("button[data-counter='3674-3']")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)
    page.keyboard.press("n")
    expect(page.locator("#now-number")).to_have_text("F001")
    page.keyboard.press("m")
    expect(page.locator("#missed .queue__number")).to_have_text(["F001"])
    assert faults(page, axe) == []
    expect(visitor.locator("#state")).to_have_text("Terlewat")
    page.locator("#missed [data-do=return]").click()
    expect(page.locator("#missed-part")).to_be_hidden()
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)
    expect(visitor.locator("#state")).to_have_text("Menunggu")


def test_undo_refused_by_a_full_room_offers_the_way_back_into_the_queue(
    served: Served, page_at: Pages
) -> None:
    page = served.sign_in(page_at(1366, 768), "sari")
    page.click("button[data-counter='3674-3']")
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)
    page.keyboard.press("n")
    expect(page.locator("#now-number")).to_have_text("F001")
    page.keyboard.press("m")
    expect(page.locator("#missed .queue__number")).to_have_text(["F001"])
    fill_room(served, page)
    page.keyboard.press("u")
    expect(page.locator("#snackbar-text")).to_have_text(
        "Tempat F001 sudah terisi lagi, jadi tidak bisa diurungkan."
    )
    page.click("#snackbar-way")
    expect(page.locator("#snackbar-text")).to_have_text("F001 kembali ke antrean")
    expect(page.locator("#missed-part")).to_be_hidden()
    expect(page.locator("#queue .queue__item")).to_have_count(WAITING)


def test_the_visitors_page_hears_the_call_at_once(served: Served, page_at: Pages) -> None:
    visitor = served.open(page_at(), f"/t/{served.codes[0]}")
    follower = served.open(page_at(locale="en-GB"), f"/t/{served.codes[1]}")
    expect(visitor.locator("#say")).to_have_text("Anda berikutnya. Silakan tetap di dekat loket.")
    expect(follower.locator("#ahead")).to_have_text("1")
    clerk = served.sign_in(page_at(1366, 768), "sari")
    clerk.click("button[data-counter='3674-3']")
    expect(clerk.locator("#queue .queue__item")).to_have_count(WAITING)
    clerk.keyboard.press("n")
    expect(visitor.locator("#say")).to_have_text(
        "Giliran Anda. Silakan menuju Loket 3.", timeout=20_000
    )
    assert "Giliran Anda" in visitor.title()
    expect(follower.locator("#say")).to_have_text(
        "You are next. Please stay near the counters.", timeout=20_000
    )
    clerk.keyboard.press("s")
    expect(visitor.locator("#state")).to_have_text("Dilayani")
    clerk.keyboard.press("d")
    expect(visitor.locator("#say")).to_have_text(
        "Kunjungan Anda selesai. Terima kasih atas kedatangan Anda."
    )


def test_the_visitors_page_follows_a_pause_and_an_evacuation(
    served: Served, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    """Whoever is inside is told to go out, and not to sit down in the waiting room."""
    visitor = served.open(page_at(360, 800), f"/t/{served.codes[0]}")
    manager = served.sign_in(page_at(1366, 768), "budi", "/supervise")
    token = manager.locator("[data-token]").first.get_attribute("data-token") or ""

    def order(what: str, **values: str) -> None:
        answer = manager.request.post(
            f"{served.base}/api/v1/offices/3674/{what}",
            data={"reason": "latihan", **values},
            headers={"X-CSRF-Token": token, "Idempotency-Key": f"{what}{values}"},
        )
        assert answer.ok, answer.text()

    order("pause", kind="PAUSE")
    expect(visitor.locator("#say")).to_have_text(
        re.compile("^Layanan dihentikan sementara"), timeout=20_000
    )
    expect(visitor.locator("#card")).to_have_class("ticket ticket--outside")
    assert faults(visitor, axe) == []
    order("pause", kind="EVACUATION")
    expect(visitor.locator("#say")).to_have_text(
        re.compile("^Tinggalkan gedung dengan tenang"), timeout=20_000
    )
    expect(visitor.locator("#card")).to_have_class("ticket ticket--evacuate")
    expect(visitor.locator("#progress")).to_be_hidden()
    assert faults(visitor, axe) == []
    assert "Tinggalkan gedung" in visitor.title()
    drawn = served.open(page_at(locale="en-GB"), f"/t/{served.codes[1]}")
    expect(drawn.locator("#say")).to_have_text(re.compile("^Leave the building calmly"))
    order("resume")
    expect(visitor.locator("#say")).to_have_text(
        "Anda berikutnya. Silakan tetap di dekat loket.", timeout=20_000
    )
    expect(visitor.locator("#card")).to_have_class("ticket")


def test_without_scripts_a_visit_is_booked_and_an_open_page_follows_it_to_another_day(
    served: Served, page_at: Pages
) -> None:
    page = served.open(page_at(java_script_enabled=False), "/o/3674/book/day?service=AKL")
    page.locator("a.day-chip").nth(1).click()
    page.locator(".slot input").first.check(force=True)
    page.click("#times .button")
    page.fill("[name=name]", "Siti")
    page.fill("[name=nik]", "3674004112900001")
    page.click("#details p.row .button")
    page.click("[data-busy]")
    assert re.search(r"/t/[0-9A-Z]{12}", page.url)
    expect(page.locator(".notice--ok")).to_contain_text("Janji Anda sudah dibuat")
    assert page.locator("#print").is_hidden()

    code = page.url.partition("/t/")[2].partition("?")[0]
    watching = served.open(page_at(locale="en-GB"), f"/t/{code}")
    expect(watching.locator("#live-hint")).to_have_text(re.compile("by itself"))
    before = watching.locator(".ticket__label").first.inner_text()
    free = page.request.get(
        f"{served.base}/api/v1/offices/3674/availability?service=AKL&days=1"
    ).json()["days"][0]["slots"]
    slot = next(each["slot"] for each in reversed(free) if each["free"])
    moved = page.request.post(
        f"{served.base}/api/v1/tickets/{code}/reschedule", data={"slot": slot, "last4": "0001"}
    )
    assert moved.ok and moved.json()["starts_at"].startswith("2026-11-24"), moved.text()
    expect(watching.locator(".ticket__label").first).to_have_text(
        re.compile("24 November"), timeout=10_000
    )
    assert "24 November" not in before, (
        "a visit moved to an earlier day shows its new time on a page that was open"
    )
