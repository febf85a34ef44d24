"""The main job from end to end, by hand: book, check in, take a number, get the slip, be called, be
seen by the lobby, be served.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from display.words import words as tv_words
from queue_server.web.edge.locale import catalog
from tests.journeys.people import Clerk, Kiosk, Lobby, Phone
from tests.journeys.stage import Demo, until

pytestmark = [pytest.mark.requires_browser, pytest.mark.timeout(180)]

SERVICE, ELSEWHERE = "REK", "CTK"
COUNTER = "3674-8"
"""A counter that serves the stream of `SERVICE` alone, and that nobody has opened."""
SCREENS_AT_MOST = 6


def say(message: str) -> str:
    """What the server's pages say in Indonesian."""
    return catalog("id").gettext(message)


def serve_all_who_wait(demo: Demo) -> None:
    """Clear the counter's own queue over the API, so that the next ones called are the visitors of
    this test.
    """
    demo.api("POST", f"/counters/{COUNTER}/open", {}, role="clerk")
    while (called := demo.api("POST", f"/counters/{COUNTER}/call-next", {}, role="clerk"))[
        0
    ] == 200:
        for step in ("start", "finish"):
            assert (
                demo.api("POST", f"/tickets/{called[1]['id']}/{step}", {}, role="clerk")[0] == 200
            )
    assert called[0] == 204
    demo.api("POST", f"/counters/{COUNTER}/close", {}, role="clerk")


def find_slips(demo: Demo, number: str, count: int) -> dict[str, Path]:
    """The files the virtual printer left for a number, by kind, once there are so many."""

    def files() -> list[Path]:
        return sorted(demo.slips.glob(f"{number}-*[!~]"))

    until(lambda: len(files()) >= count, f"{count} slip files for {number}")
    return {each.suffix: each for each in files()}


def expect_call(lobby: Lobby, number: str, times: str) -> None:
    """The lobby sees the call that the console has shown."""
    lobby.await_call(number, f"Loket {COUNTER.rpartition('-')[2]}", tv_words("id")[times])


def test_the_main_job(
    demo: Demo,
    page_at: Any,
    new_nik: Callable[[], str],
    read_qr: Callable[[Path], str],
    use_counter: Callable[[str], str],
) -> None:
    serve_all_who_wait(demo)
    lobby = Lobby(page_at(1920, 1080))
    lobby.enter(demo.access["display"])

    # A visitor books on the phone, another one on a phone without JavaScript.
    siti = Phone(page_at(360, 740), demo.server, demo.office)
    code = siti.book(SERVICE, "Siti Aminah", new_nik())
    assert len(siti.screens) <= SCREENS_AT_MOST, siti.screens
    siti.expect_state(say("Booked"))
    plain = Phone(page_at(360, 740, java_script_enabled=False), demo.server, demo.office)
    plain.book(SERVICE, "Budi", new_nik(), later=True)
    assert len(plain.screens) <= SCREENS_AT_MOST + 1, plain.screens
    plain.expect_state(say("Booked"))

    # At the door: a walk-in first, then Siti checks in with her code.
    kiosk = Kiosk(page_at(1080, 1920))
    kiosk.enter(demo.access["kiosk"])
    walk_in = kiosk.take_number(SERVICE)
    kiosk.done()
    booked = kiosk.check_in(code)
    expect(siti.page.locator("#number")).to_have_text(booked)
    leave = siti.page.get_by_role("link", name=say("Leave the queue"))
    expect(leave).to_be_visible()
    expect(siti.page.locator("#cancel")).to_have_count(0)
    siti.expect_state(say("Waiting"))

    # Each has a slip; its QR code opens the very ticket.
    for number, service_code in ((walk_in, None), (booked, code)):
        slips = find_slips(demo, number, 3)
        assert set(slips) == {".txt", ".png", ".pdf"}
        assert number in slips[".txt"].read_text(encoding="utf-8")
        assert slips[".pdf"].read_bytes().startswith(b"%PDF-")
        address = read_qr(slips[".png"])
        if service_code:
            assert address.lower() == f"{demo.server}/t/{service_code}".lower()
        scanned: Page = page_at(360, 740)
        assert (answer := scanned.goto(address)) and answer.status == 200, address
        assert scanned.locator("#number").inner_text() == number
        if number == walk_in:
            guest = Phone(scanned, demo.server, demo.office)

    # The clerk signs in, opens the counter and presses N: whoever came first is called, for all to
    # see.
    clerk = Clerk(page_at(1366, 768))
    login = demo.access["logins"]["clerk"]
    clerk.sign_in(f"{demo.server}/desk", login["username"], login["password"])
    clerk.open_counter(use_counter(COUNTER))
    lobby.rest()
    tones = lobby.tones
    assert clerk.call_next() == walk_in
    expect_call(lobby, walk_in, "now_calling")
    guest.expect_state(say("Called"))
    assert lobby.tones > tones, "the chime sounds"
    expect(lobby.page.locator("#muted")).to_be_hidden()

    # Not there: called again, put on hold, taken back, started, sent on to another service with the
    # same number.
    lobby.rest()
    clerk.press("r", "CALLED")
    expect_call(lobby, walk_in, "second_call")
    clerk.press("p", "")
    guest.expect_state(say("On hold"))
    clerk.resume(walk_in)
    guest.expect_state(say("Waiting"))
    lobby.rest()
    assert clerk.call_next() == walk_in
    expect_call(lobby, walk_in, "now_calling")
    clerk.press("s", "SERVING")
    guest.expect_state(say("Being served"))
    clerk.transfer(ELSEWHERE)
    guest.expect_state(say("Waiting"))
    assert guest.number == walk_in, "a visitor who is sent on keeps the number"

    # Siti is called; she does not come, the clerk takes that back, and she is served after all.
    lobby.rest()
    assert clerk.call_next() == booked
    expect_call(lobby, booked, "now_calling")
    siti.expect_state(say("Called"))
    expect(siti.page.locator("#card")).to_have_class("ticket ticket--now")
    expect(leave).to_be_hidden()
    clerk.press("m", "")
    siti.expect_state(say("Missed"))
    clerk.press("u", "CALLED")
    siti.expect_state(say("Called"))
    clerk.press("s", "SERVING")
    siti.expect_state(say("Being served"))
    clerk.press("d", "")
    siti.expect_state(say("Completed"))
    lobby.rest()
    assert lobby.page.locator("#number").inner_text() == booked
    assert walk_in not in lobby.earlier, (
        "who was sent on waits again: an old call would lead to the wrong counter"
    )
    status, board = demo.api("GET", f"/offices/{demo.office}/board")
    assert (status, board["calls"][0]["number"]) == (200, booked)
    assert lobby.earlier == [call["number"] for call in board["calls"][1 : 1 + len(lobby.earlier)]]
    clerk.page.click("#close-counter")
    clerk.page.click("#menu-list button")
    clerk.page.wait_for_selector("#chooser", state="visible")


def test_a_visitor_cancels_with_the_digits_that_prove_it(
    demo: Demo, page_at: Any, new_nik: Callable[[], str]
) -> None:
    phone = Phone(page_at(360, 740, java_script_enabled=False), demo.server, demo.office)
    nik = new_nik()
    code = phone.book("PGD", "Dewi", nik, later=True)
    phone.page.locator(f'a[href="/t/{code}/cancel"]').click()
    wrong = "0000" if nik[-4:] != "0000" else "1111"
    phone.page.fill("#f-last4", wrong)
    phone.page.click("button.button--danger")
    assert phone.page.locator("#error-summary").is_visible()
    phone.page.fill("#f-last4", nik[-4:])
    phone.page.click("button.button--danger")
    phone.expect_state(say("Cancelled"))
    phone.open_ticket(code)
    phone.expect_state(say("Cancelled"))
    assert phone.page.locator(f'a[href="/t/{code}/cancel"]').count() == 0


def test_a_visitor_calls_for_help_and_the_guard_comes(demo: Demo, page_at: Any) -> None:
    kiosk = Kiosk(page_at(1280, 800))
    kiosk.enter(demo.access["kiosk"])
    guard = Clerk(page_at(360, 760))
    login = demo.access["logins"]["guard"]
    guard.sign_in(f"{demo.server}/door", login["username"], login["password"])
    guard.page.wait_for_selector("#help-calls", state="attached")

    kiosk.page.click("#help")
    guard.page.click("[data-help=answer]")
    kiosk.page.wait_for_selector('#help-dialog[open][data-stage="answered"]')
    guard.page.click("[data-help=end]")
    kiosk.page.wait_for_selector('#help[data-stage="none"]')
    expect(guard.page.locator("#help-calls")).to_be_hidden()
