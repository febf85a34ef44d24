"""The touch page in a real browser when something breaks, a finger taps twice, or nobody is there
any more.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.kiosk.conftest import on, scan
from tests.protocol.agents import Agent, until
from tests.protocol.fake_server import FakeServer

pytestmark = pytest.mark.requires_browser


def test_a_lost_server_is_told_and_one_number_comes_when_it_is_back(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    page = open_kiosk()
    shared.lose_answers = 3
    page.locator(".tile[data-service=REK]").tap()
    page.locator("#go").tap()
    page.wait_for_selector("body[data-screen=busy][data-pending]")
    assert page.locator("#busy-title").text_content() == "Server belum menjawab"
    on(page, "result")
    assert page.locator("#number").text_content() == "A012" and len(shared.tickets) == 1


def test_without_a_server_the_first_screen_says_what_to_do(
    server: FakeServer, open_own_kiosk: Callable[..., Page]
) -> None:
    page = open_own_kiosk()
    server.go_down()
    page.wait_for_selector("#banner.off:visible", timeout=9000)
    assert "petugas" in (page.locator("#banner").text_content() or "")
    assert (
        page.locator(".tile[data-service]:not(.closed)").count() == 0
        and page.locator("#have-code").is_hidden()
    )
    server.down = False
    page.wait_for_selector("#banner", state="hidden", timeout=9000)


def test_a_page_reloaded_in_the_middle_finds_its_number(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    page = open_kiosk()
    shared.hold.clear()
    page.locator(".tile[data-service=REK]").tap()
    page.locator("#go").tap()
    until(lambda: shared.posts, "the request is on its way")
    page.reload()
    shared.hold.set()
    on(page, "result")
    assert page.locator("#number").text_content() == "A012" and len(shared.tickets) == 1


def test_an_agent_started_anew_does_not_lose_the_page(
    open_own_kiosk: Callable[..., Page], kiosk_with_token: Agent
) -> None:
    page = open_own_kiosk()
    kiosk_with_token.kill()
    kiosk_with_token.start()
    page.locator(".tile[data-service=REK]:not(.closed)").tap()
    page.locator("#go").tap()
    on(page, "result")


def test_an_idle_screen_warns_and_starts_again_in_indonesian(
    open_kiosk: Callable[..., Page],
) -> None:
    page = open_kiosk(fast_clock=True)
    page.locator("[data-language=en]").click()
    page.locator(".tile[data-service=REK]").click()
    on(page, "confirm")
    page.clock.run_for(19_000)
    assert page.locator("#idle-dialog").is_hidden()
    page.clock.run_for(1500)
    assert page.locator("#idle-text").text_content() == "The screen starts again in 10 seconds."
    page.locator("#idle-stay").click()
    page.clock.run_for(19_000)
    assert page.evaluate("document.body.dataset.screen") == "confirm"
    page.clock.run_for(12_000)
    on(page, "home")
    assert page.evaluate("document.documentElement.lang") == "id"
    assert page.locator("#idle-dialog").is_hidden()


def test_the_number_leaves_the_screen_after_ten_seconds(open_kiosk: Callable[..., Page]) -> None:
    page = open_kiosk(fast_clock=True)
    page.locator(".tile[data-service=REK]").click()
    page.locator("#go").click()
    page.wait_for_selector("#print[data-print=printed]")
    page.clock.run_for(5000)
    assert page.evaluate("document.body.dataset.screen") == "result"
    page.clock.run_for(12_000)
    on(page, "home")


def test_a_broken_printer_is_told_and_leaves_time_for_a_photo(
    open_own_kiosk: Callable[..., Page], kiosk_with_token: Agent
) -> None:
    kiosk_with_token.arguments["printer_url"] = "tcp://127.0.0.1:9"
    page = open_own_kiosk(fast_clock=True)
    page.locator(".tile[data-service=REK]").click()
    page.locator("#go").click()
    on(page, "result")
    page.wait_for_selector("#print[data-print=trouble]", timeout=15_000)
    assert page.locator("#print").text_content() == "Printer bermasalah: silakan foto layar ini"
    page.clock.run_for(20_000)
    assert page.evaluate("document.body.dataset.screen") == "result"


def take(page: Page) -> None:
    page.locator(".tile[data-service=REK]").click()
    page.locator("#go").click()


def test_a_number_stays_while_nobody_knows_whether_it_is_on_paper(
    open_kiosk: Callable[..., Page],
) -> None:
    page = open_kiosk(fast_clock=True)
    page.evaluate("window.instead['/requests'] = {print: 'printing'}")
    take(page)
    on(page, "result")
    page.clock.run_for(40_000)
    assert page.evaluate("document.body.dataset.screen") == "result"
    page.evaluate("window.instead = {}")
    page.wait_for_selector("#print[data-print=printed]")
    page.clock.run_for(11_000)
    on(page, "home")


def test_a_number_once_shown_stays_when_the_agent_falls_silent(
    open_kiosk: Callable[..., Page],
) -> None:
    page = open_kiosk(fast_clock=True)
    take(page)
    on(page, "result")
    page.evaluate("window.agentIsGone = true")
    page.clock.run_for(3000)
    assert (
        page.evaluate("document.body.dataset.screen") == "result"
        and page.locator("#number").text_content() == "A012"
    )


def test_an_agent_that_comes_back_late_is_asked_for_nothing(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    page = open_kiosk(fast_clock=True)
    page.evaluate("window.agentIsGone = true")
    take(page)
    page.wait_for_selector("body[data-screen=busy][data-pending]")
    page.clock.fast_forward(66_000)
    on(page, "problem")
    assert "petugas" in (page.locator("#problem-text").text_content() or "")
    page.reload()
    page.wait_for_selector('body[data-screen="home"] .tile')
    page.clock.run_for(2000)
    assert shared.posts == []


def test_the_second_half_of_a_double_tap_presses_nothing_new(
    open_kiosk: Callable[..., Page],
) -> None:
    page = open_kiosk()
    boxes = (
        "(what) => [...document.querySelectorAll(what)].map((each) => "
        "each.getBoundingClientRect().toJSON())"
    )
    page.locator(".tile[data-service=REK]").click()
    choices = page.evaluate(boxes, ".choices button[aria-pressed=false]")
    page.locator("#back").click()
    page.wait_for_selector('body[data-screen="home"] .tile')
    tiles = page.evaluate(boxes, ".tile:not(.closed)")
    x, y = next(
        (max(tile["left"], choice["left"]) + 5, max(tile["top"], choice["top"]) + 5)
        for tile in tiles
        for choice in choices
        if min(tile["right"], choice["right"]) - max(tile["left"], choice["left"]) > 20
        and min(tile["bottom"], choice["bottom"]) - max(tile["top"], choice["top"]) > 20
    )
    page.mouse.dblclick(x, y)
    on(page, "confirm")
    assert page.locator(".choices [aria-pressed=true]").evaluate_all(
        "all => all.map((each) => each.dataset.value)"
    ) == ["1", "none"]


def test_a_late_second_tap_does_not_take_the_number_away(open_kiosk: Callable[..., Page]) -> None:
    page = open_kiosk()
    page.evaluate("""() => new MutationObserver(() => {
      if (document.body.dataset.screen !== "result") return;
      setTimeout(() => { document.getElementById("go").click(); window.tapped = true; }, 250);
    }).observe(document.body, {attributes: true, attributeFilter: ["data-screen"]})""")
    take(page)
    until(lambda: page.evaluate("window.tapped"), "the second tap")
    assert page.evaluate("document.body.dataset.screen") == "result"


def test_touching_the_warning_touches_nothing_below_it(open_kiosk: Callable[..., Page]) -> None:
    page = open_kiosk(1080, 1920, fast_clock=True)
    page.locator("[data-language=en]").tap()
    page.clock.run_for(21_000)
    page.locator("#idle-stay").wait_for()
    x, y = page.evaluate("""() => {
      const stay = document.getElementById("idle-stay").getBoundingClientRect();
      const tiles = [...document.querySelectorAll(".tile")].map(
        (each) => each.getBoundingClientRect());
      const below = tiles.find((each) => each.left + 3 < stay.right && each.right > stay.left + 3
        && each.top + 3 < stay.bottom && each.bottom > stay.top + 3);
      return [Math.max(stay.left, below.left) + 2, Math.max(stay.top, below.top) + 2];
    }""")
    page.touchscreen.tap(x, y)
    page.wait_for_selector("#idle-dialog", state="hidden")
    page.clock.run_for(1000)
    assert page.evaluate("document.body.dataset.screen") == "home"


def test_help_left_open_goes_away_and_never_hides_a_number(open_kiosk: Callable[..., Page]) -> None:
    page = open_kiosk(fast_clock=True)
    page.locator("#help").click()
    page.wait_for_selector('#help-dialog[data-stage="asked"]')
    page.clock.run_for(100_000)  # whoever waits for an officer has four times as long
    assert page.locator("#help-dialog").is_visible()
    page.clock.run_for(21_000)
    page.wait_for_selector("#help-dialog", state="hidden")
    page.locator("#help").click()
    scan(page, "XXXXXXXXXXXX")
    on(page, "problem")
    assert page.locator("#help-dialog").is_hidden()


def test_a_kiosk_that_loses_its_office_under_a_visitor_still_speaks_both_languages(
    open_kiosk: Callable[..., Page],
) -> None:
    page = open_kiosk()
    page.locator(".tile[data-service=REK]").click()
    page.evaluate("window.instead['/state'] = {paired: false, offer: null, connected: false}")
    page.wait_for_selector("#office:text('Mesin antrean')")
    page.locator("[data-language=en]").click()
    page.wait_for_selector("#confirm-service:text('ID card enrolment')")
    assert page.locator("#go").text_content() == "Take a number"


def test_new_counts_take_the_focus_from_no_tile(open_kiosk: Callable[..., Page]) -> None:
    page = open_kiosk()
    page.locator(".tile[data-service=CTK]").focus()
    page.evaluate("""async () => {
      const { offer } = await (await fetch("/state")).json();
      for (const service of offer.services) Object.assign(service, {waiting: 99, wait: null});
      window.instead["/state"] = { offer };
    }""")
    page.wait_for_selector(".tile[data-service=CTK] .load:has-text('99')")
    assert page.evaluate("document.activeElement.dataset.service") == "CTK"
