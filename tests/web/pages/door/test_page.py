"""The guard's page in a real browser: counted by thumb, checked by code, live, honest when the line
is dead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.fixtures.application import HOME, PASSWORD
from tests.fixtures.browser import Pages, faults
from tests.fixtures.live_server import LiveServer
from tests.protocol.agents import until

pytestmark = pytest.mark.requires_browser

LIMIT = 12
FAKE_READER = """
window.codes = [];
window.BarcodeDetector = class {
  async detect() { return window.codes.splice(0).map((rawValue) => ({ rawValue })); }
};
const canvas = document.createElement("canvas");
navigator.mediaDevices.getUserMedia = async () => {
  window.asked = true;
  canvas.getContext("2d");
  return canvas.captureStream(5);
};
"""


def door(server: LiveServer) -> dict[str, Any]:
    return dict(server.ask("GET", f"/offices/{HOME}/door", "guard").json())


def correct(server: LiveServer, delta: int) -> None:
    if delta:
        server.ask(
            "POST", f"/offices/{HOME}/occupancy", "clerk", json={"delta": delta, "reason": "test"}
        ).raise_for_status()


def come(server: LiveServer, party: int = 1) -> dict[str, Any]:
    done = server.ask(
        "POST", f"/offices/{HOME}/tickets", "kiosk", json={"service": "REK", "party_size": party}
    )
    assert done.status_code == 201, done.text
    return dict(done.json())


@pytest.fixture
def room(live_server: LiveServer) -> Iterator[LiveServer]:
    """The office with nobody in it and an open door."""
    yield live_server
    live_server.ask("POST", f"/offices/{HOME}/admissions", "clerk", json={"admitting": True})
    while True:
        seen = door(live_server)
        present = [*seen["inside_waiting"], *seen["next"], *seen["too_large"]]
        if not present:
            break
        for each in present:
            live_server.ask("POST", f"/tickets/{each['id']}/leave", "clerk")
    correct(live_server, -door(live_server)["inside"])


@pytest.fixture
def open_door(room: LiveServer, page_at: Pages) -> Callable[..., Page]:
    def open_page(width: int = 360, height: int = 640, *, script: str = "", **options: Any) -> Page:
        page = page_at(width, height, **options)
        if script:
            page.add_init_script(script)
        page.goto(f"{room.url}/login")
        page.fill("[name=username]", "guard")
        page.fill("[name=password]", PASSWORD)
        page.click("main form .button")
        page.wait_for_url("**/door*")
        expect(page.locator("#limit")).to_have_text(f"/{LIMIT}")
        return page

    return open_page


@pytest.mark.parametrize(
    ("width", "height", "locale"), [(360, 640, "id-ID"), (768, 1024, "en-GB"), (1366, 768, "id-ID")]
)
def test_the_page_is_accessible_and_fits_in_every_state(
    room: LiveServer,
    open_door: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    locale: str,
) -> None:
    page = open_door(width, height, locale=locale)
    assert faults(page, axe) == []
    correct(room, LIMIT - 4)
    for party in (2, 3, 1):
        come(room, party)
    expect(page.locator("#next .queue__item")).to_have_count(2)
    assert faults(page, axe) == []
    page.click("#inside-part summary")
    assert faults(page, axe) == []
    page.click("#stop")
    assert faults(page, axe) == []
    page.locator("#stop-dialog .button--danger").first.click()
    expect(page.locator("#stop-banner")).to_be_visible()
    assert faults(page, axe) == []
    keys = page.locator(".gate__key").first.bounding_box()
    assert keys is not None and keys["y"] + keys["height"] <= height and keys["height"] >= 90, (
        "under the thumb, without scrolling"
    )


def test_ten_quick_presses_count_ten(room: LiveServer, open_door: Callable[..., Page]) -> None:
    page = open_door()
    for _ in range(10):
        page.locator("[data-press='1']").click(no_wait_after=True)
    expect(page.locator("#inside")).to_have_text("10")
    for _ in range(4):
        page.click("[data-press='-1']")
    expect(page.locator("#inside")).to_have_text("6")
    until(lambda: door(room)["inside"] == 6, "all presses are counted")
    expect(page.locator("#inside")).to_have_text("6")


def test_a_press_whose_answer_is_lost_counts_once(
    room: LiveServer, open_door: Callable[..., Page]
) -> None:
    page = open_door()
    lost = []

    def lose_first(route: Any) -> None:
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/occupancy", lose_first)
    with page.expect_response("**/occupancy"):
        page.click("[data-press='1']")
    expect(page.locator("#inside")).to_have_text("1")
    assert len(lost) == 1 and door(room)["inside"] == 1


def test_below_nobody_is_refused_with_a_reason(open_door: Callable[..., Page]) -> None:
    page = open_door()
    page.click("[data-press='-1']")
    expect(page.locator("#snackbar-text")).to_contain_text("Hitung ulang")
    expect(page.locator("#inside")).to_have_text("0")


def test_without_a_line_nothing_is_counted_and_the_page_says_so(
    room: LiveServer, open_door: Callable[..., Page]
) -> None:
    page = open_door()
    page.click("[data-press='1']")
    expect(page.locator("#inside")).to_have_text("1")
    page.route("**/occupancy", lambda route: route.abort())
    for _ in range(3):
        page.click("[data-press='1']")
    expect(page.locator("#snackbar-text")).to_contain_text("tidak terhitung")
    expect(page.locator("#inside")).to_have_text("1")
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_be_visible()
    expect(page.locator("[data-press='1']")).to_be_disabled()
    page.context.set_offline(False)
    page.unroute("**/occupancy")
    expect(page.locator("[data-press='1']")).to_be_enabled(timeout=20_000)
    assert door(room)["inside"] == 1


def test_who_comes_in_is_followed_live_and_let_in_by_hand(
    room: LiveServer, open_door: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = open_door()
    correct(room, LIMIT - 1)
    family, single = come(room, 3), come(room, 1)
    expect(page.locator("#state")).to_contain_text(family["number"])
    rows = page.locator("#next .queue__item")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).locator("button")).to_be_disabled()
    rows.nth(1).locator("button").click()
    expect(page.locator("#past-title")).to_have_text(
        f"Persilakan {single['number']} masuk sebelum {family['number']}?"
    )
    assert faults(page, axe) == []
    page.keyboard.press("Escape")
    expect(rows).to_have_count(2)
    rows.nth(1).locator("button").click()
    page.get_by_role("button", name="Rombongan berikutnya belum muat").click()
    expect(page.locator("#entered")).to_contain_text(single["number"])
    expect(page.locator("#inside")).to_have_text(str(LIMIT))
    page.click("#inside-part summary")
    page.locator("#inside-waiting .queue__item button").first.click()
    expect(page.locator("#inside")).to_have_text(str(LIMIT - 1))
    assert door(room)["inside"] == LIMIT - 1


def test_a_shown_ticket_that_is_not_next_comes_in_only_with_a_reason(
    room: LiveServer, open_door: Callable[..., Page]
) -> None:
    page = open_door()
    correct(room, LIMIT - 1)
    family, single = come(room, 3), come(room, 1)
    expect(page.locator("#next .queue__item")).to_have_count(2)
    page.fill("#shown", single["number"])
    page.keyboard.press("Enter")
    expect(page.locator("#verdict-words")).to_have_text(
        f"Ada tempat, tetapi giliran {family['number']}"
    )
    page.click("#verdict-admit")
    page.locator("#past-dialog button[value=needs_help]").click()
    expect(page.locator("#verdict-words")).to_have_text("Boleh masuk")
    assert door(room)["inside"] == LIMIT


def test_who_has_been_overtaken_since_the_page_was_told_is_asked_for_a_reason(
    room: LiveServer, open_door: Callable[..., Page]
) -> None:
    page = open_door()
    ticket = {
        "id": "t1",
        "number": "A001",
        "status": "WAITING",
        "place": "OUTSIDE",
        "party_size": 1,
        "date": "2026-11-23",
    }
    page.route("**/door/ticket*", lambda route: route.fulfill(json={**ticket, "verdict": "enter"}))
    missing = {"code": "bad_input", "field": "reason", "reason": "missing"}

    def admit(route: Route) -> None:
        is_explained = "reason" in (route.request.post_data or "")
        route.fulfill(status=200 if is_explained else 422, json={} if is_explained else missing)

    page.route("**/t1/admit", admit)
    page.fill("#shown", "A001")
    page.keyboard.press("Enter")
    page.click("#verdict-admit")
    expect(page.locator("#past-title")).to_have_text(
        "Kini giliran rombongan lain. Sebutkan mengapa A001 didahulukan."
    )
    page.locator("#past-dialog button[value=supervisor]").click()
    expect(page.locator("#verdict-admit")).to_be_hidden()


def test_a_code_is_checked_in_and_told(room: LiveServer, open_door: Callable[..., Page]) -> None:
    page = open_door()
    correct(room, LIMIT)
    waiting = come(room)
    page.fill("#shown", waiting["number"])
    page.keyboard.press("Enter")
    expect(page.locator("#verdict-words")).to_have_text("Tunggu di luar: tempat belum cukup")
    expect(page.locator("#verdict-admit")).to_be_hidden()
    correct(room, -1)
    expect(page.locator("#entered")).to_contain_text(waiting["number"])
    page.fill("#shown", f"http://example.go.id/T/{waiting['code']}")
    page.click("#scan button:not([type])")
    expect(page.locator("#verdict-words")).to_have_text("Sudah di dalam")
    page.fill("#shown", "A999")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict-words")).to_contain_text("Tidak ada tiket")


def test_the_camera_reads_a_code(room: LiveServer, open_door: Callable[..., Page]) -> None:
    page = open_door(script=FAKE_READER)
    ticket = come(room)
    page.click("#camera")
    expect(page.locator("#view")).to_be_visible()
    page.evaluate("code => { window.codes.push(code) }", f"HTTP://127.0.0.1/T/{ticket['code']}")
    expect(page.locator("#verdict-words")).to_have_text("Sudah di dalam")
    expect(page.locator("#view")).to_be_hidden()


def test_only_this_page_may_ask_for_the_camera(
    room: LiveServer, open_door: Callable[..., Page]
) -> None:
    page = open_door()
    assert page.evaluate("document.featurePolicy.allowsFeature('camera')") is True
    assert page.locator("#camera").is_hidden(), "without a reader in the browser there is no button"
    page.goto(f"{room.url}/")
    assert page.evaluate("document.featurePolicy.allowsFeature('camera')") is False


def test_the_stop_is_seen_by_guard_clerk_and_visitor(
    room: LiveServer, open_door: Callable[..., Page], page_at: Pages
) -> None:
    clerk = page_at(1366, 768)
    clerk.goto(f"{room.url}/desk")
    clerk.fill("[name=username]", "clerk")
    clerk.fill("[name=password]", PASSWORD)
    clerk.click("main form .button")
    expect(clerk.locator("#chooser")).to_be_visible()
    page = open_door()
    page.click("#stop")
    page.locator("#stop-dialog button", has_text="Keadaan darurat").click()
    expect(page.locator("#stop-words")).to_contain_text("Guard: Keadaan darurat di gedung")
    expect(clerk.locator("#door-stop")).to_contain_text("Guard: Keadaan darurat di gedung")
    visitor = page_at()
    ticket = come(room)
    visitor.goto(f"{room.url}/t/{ticket['code']}")
    expect(visitor.locator("#say")).to_contain_text("Untuk sementara belum boleh masuk")
    visitor.check("#alert-sound")
    page.click("#resume")
    expect(page.locator("#stop-banner")).to_be_hidden()
    expect(clerk.locator("#door-stop")).to_be_hidden()
    expect(visitor.locator("#say")).to_contain_text("Anda boleh masuk sekarang")
    expect(visitor.locator("#card")).to_have_class("ticket ticket--enter")
    assert "Anda boleh masuk sekarang" in visitor.title()


def test_a_count_by_eye(room: LiveServer, open_door: Callable[..., Page]) -> None:
    page = open_door()
    correct(room, 5)
    expect(page.locator("#inside")).to_have_text("5")
    page.click("#recount")
    page.fill("#persons", "3")
    page.click("#recount-dialog button[value=go]")
    expect(page.locator("#inside")).to_have_text("3")
    assert door(room)["inside"] == 3


def serve(server: LiveServer, ticket: dict[str, Any]) -> None:
    """The visit at counter 1, from the call to its end."""
    for step, body in (
        ("call", {"counter": f"{HOME}-1", "reason": "test"}),
        ("start", None),
        ("finish", None),
    ):
        server.ask(
            "POST", f"/tickets/{ticket['id']}/{step}", "clerk", json=body or {}
        ).raise_for_status()


def test_minus_asks_for_the_number_and_takes_off_nobody_else(
    room: LiveServer, open_door: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    first, family, served = come(room), come(room, 3), come(room)
    serve(room, served)
    called = come(room)
    room.ask(
        "POST",
        f"/tickets/{called['id']}/call",
        "clerk",
        json={"counter": f"{HOME}-1", "reason": "test"},
    ).raise_for_status()
    page = open_door()
    expect(page.locator("#inside")).to_have_text("5")
    page.click("[data-press='-1']")
    dialog = page.locator("#leave-dialog")
    expect(dialog.locator("h2")).to_have_text("Keluar: nomor berapa?")
    rows = dialog.locator(".queue__item")
    expect(rows.locator("[data-slot=number]")).to_have_text(
        [first["number"], family["number"], called["number"]]
    )
    expect(rows.nth(2).locator("button:visible")).to_have_count(0)
    expect(rows.nth(2)).to_contain_text("petugas loket")
    expect(dialog.locator("#served")).to_contain_text(served["number"])
    expect(dialog.locator("#leave-nobody")).to_be_hidden()
    assert faults(page, axe) == []
    rows.nth(0).locator("[data-do=leave]").click()
    expect(page.locator("#inside")).to_have_text("4")
    page.click("[data-press='-1']")
    rows.nth(0).locator("[data-do=leave-one]").click()
    expect(page.locator("#inside")).to_have_text("3")
    page.click("[data-press='-1']")
    page.click("#leave-close")
    expect(dialog).to_be_hidden()
    assert door(room)["inside"] == 3
    room.ask("POST", f"/tickets/{called['id']}/no-show", "clerk").raise_for_status()


def test_somebody_without_a_number_is_asked_for_beside_those_with_one(
    room: LiveServer, open_door: Callable[..., Page]
) -> None:
    come(room)
    correct(room, 1)
    page = open_door()
    expect(page.locator("#inside")).to_have_text("2")
    page.click("[data-press='-1']")
    expect(page.locator("#leave-nobody")).to_have_text("Seseorang tanpa nomor (1 di dalam)")
    page.click("#leave-nobody")
    until(lambda: door(room)["inside"] == 1, "the press is counted")
    page.click("[data-press='-1']")
    expect(page.locator("#leave-nobody")).to_be_hidden()
    expect(page.locator("#leave-dialog .queue__item")).to_have_count(1)


def test_a_number_that_was_pressed_by_mistake_is_taken_back(
    room: LiveServer, open_door: Callable[..., Page]
) -> None:
    ticket = come(room)
    page = open_door()
    expect(page.locator("#inside")).to_have_text("1")
    page.click("[data-press='-1']")
    page.locator("#leave-dialog [data-do=leave]").click()
    expect(page.locator("#inside")).to_have_text("0")
    page.click("#snackbar-way")
    expect(page.locator("#inside")).to_have_text("1")
    assert [each["number"] for each in door(room)["inside_parties"]] == [ticket["number"]]


def test_two_guards_who_press_at_once_take_one_off(
    room: LiveServer, open_door: Callable[..., Page]
) -> None:
    """The other guard was faster by a moment: the page says so, and asks who else has left."""
    come(room)
    correct(room, 1)
    page = open_door()
    page.click("[data-press='-1']")
    page.route("**/occupancy", lambda route: (correct(room, -1), route.continue_()))
    page.click("#leave-nobody")
    expect(page.locator("#snackbar-text")).to_contain_text("memiliki tiket")
    expect(page.locator("#leave-dialog")).to_be_visible()
    assert door(room)["inside"] == 1


@pytest.mark.parametrize(("width", "height", "locale"), [(360, 640, "id-ID"), (1366, 768, "en-GB")])
def test_over_the_limit_looks_and_reads_like_nothing_else(
    room: LiveServer,
    open_door: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    locale: str,
) -> None:
    page = open_door(width, height, locale=locale)
    ground = "getComputedStyle(document.getElementById('meter')).backgroundColor"
    correct(room, LIMIT)
    expect(page.locator("#meter")).to_have_attribute("data-state", "FULL")
    full = page.evaluate(ground)
    expect(page.locator("#over-banner")).to_be_hidden()
    correct(room, 4)
    expect(page.locator("#over-words")).to_have_text(
        f"Melebihi batas: 16 dari {LIMIT} orang"
        if locale == "id-ID"
        else f"Over the limit: 16 of {LIMIT} people"
    )
    expect(page.locator("#meter")).to_have_attribute("data-state", "OVER_LIMIT")
    assert page.evaluate(ground) != full
    assert faults(page, axe) == []
    correct(room, -4)
    expect(page.locator("#over-banner")).to_be_hidden()


UNCOVERED = """(element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight + 1 || left < 0 || right > innerWidth + 1) return false;
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return Boolean(there) && (element.contains(there) || there.contains(element));
}"""
COVERED_FOCUS = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return "";
  const { left, right, top, bottom } = focused.getBoundingClientRect();
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const isSeen = there && (focused.contains(there) || there.contains(focused));
  return isSeen ? "" : `${focused.outerHTML.slice(0, 80)} is covered by ${there?.className}`;
}"""


@pytest.mark.parametrize(("width", "height"), [(360, 640), (360, 800), (640, 360)])
def test_stop_meter_and_keys_stay_in_view_and_cover_no_focus(
    room: LiveServer, open_door: Callable[..., Page], width: int, height: int
) -> None:
    for _ in range(9):
        come(room)
    page = open_door(width, height, has_touch=True, is_mobile=True)
    expect(page.locator("#inside-count")).to_have_text("9")
    page.click("#inside-part summary")
    kept = ["#stop", "#evacuate", "#inside", "#limit", "[data-press='-1']", "[data-press='1']"]
    for down in (0, height // 2, 100_000):
        page.evaluate("(down) => scrollTo(0, down)", down)
        hidden = [each for each in kept if not page.locator(each).evaluate(UNCOVERED)]
        # Above the row of stop buttons stands the head of the page.
        assert hidden == [] or (down == 0 and height < 400), (down, hidden)
    assert page.evaluate("scrollY") > 0, "there is something to scroll"

    # Whoever goes through the page by keyboard sees where they are, both ways.
    page.evaluate("() => document.activeElement.blur()")
    covered = set()
    for key in ["Tab"] * 24 + ["Shift+Tab"] * 24:
        page.keyboard.press(key)
        covered.add(page.evaluate(COVERED_FOCUS))
    assert covered == {""}

    stop, plus = (page.locator(each).bounding_box() for each in ("#stop", "[data-press='1']"))
    assert stop is not None and plus is not None
    assert plus["y"] - (stop["y"] + stop["height"]) >= 96, "no thumb slips from one to the other"
