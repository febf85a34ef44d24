"""A console where things go wrong: colleagues, a second tab, lost answers, no network, mashed keys,
keys of one's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.people import Clerk
from tests.journeys.stage import Demo
from tests.journeys.test_keyboard import issue

pytestmark = pytest.mark.requires_browser

COUNTER = "3674-1"


@pytest.fixture
def clerk(demo: Demo, page_at: Any, use_counter: Callable[[str], str]) -> Clerk:
    """The demo's clerk at an open counter, with somebody to call."""
    issue(demo, service="AKL")
    found = Clerk(page_at(1366, 768))
    login = demo.access["logins"]["clerk"]
    found.sign_in(f"{demo.server}/desk", login["username"], login["password"])
    found.open_counter(use_counter(COUNTER))
    found.page.wait_for_selector("#call-next:enabled")
    return found


def hears(page: Page, part: str) -> None:
    expect(page.locator("#snackbar-text")).to_contain_text(part)


def calls(demo: Demo) -> list[dict[str, Any]]:
    """Who is called to or served at the counter, as the server has it."""
    _, queue = demo.api("GET", f"/offices/{demo.office}/queue", role="clerk")
    return [each for each in (*queue["called"], *queue["serving"]) if each["counter"] == COUNTER]


def posts(page: Page) -> list[str]:
    """The addresses posted to from now on."""
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    return sent


def test_mashed_keys_and_a_second_tab_call_one_visitor(demo: Demo, clerk: Clerk) -> None:
    page = clerk.page
    sent = posts(page)
    other = page.context.new_page()
    other.goto(f"{demo.server}/desk")
    other.wait_for_selector("#call-next:enabled")
    page.bring_to_front()
    for _ in range(6):
        page.keyboard.press("n")
    page.wait_for_selector('#now[data-state="CALLED"]')
    [called] = calls(demo)
    assert len([each for each in sent if "call-next" in each]) == 1
    expect(other.locator("#now-number")).to_have_text(called["number"])
    expect(other.locator("#call-next")).to_be_disabled()
    # What one tab does, the other shows and says.
    page.keyboard.press("m")
    hears(other, f"{called['number']} sementara itu ditandai")
    expect(other.locator("#now")).to_have_attribute("data-state", "")


def test_a_ticket_moved_meanwhile_is_shown_where_it_is(demo: Demo, clerk: Clerk) -> None:
    page = clerk.page
    number = clerk.call_next()
    [called] = calls(demo)
    page.route("**/api/v1/tickets/*/start", lambda route: moved_first(demo, called["id"], route))
    page.keyboard.press("s")
    hears(page, f"{number} sementara itu sudah ditunda")
    expect(page.locator("#now")).to_have_attribute("data-state", "")
    expect(page.locator("#parked .queue__number", has_text=number)).to_be_visible()


def moved_first(demo: Demo, ticket: str, route: Route) -> None:
    """Let the clerk's program on another computer put the visitor on hold just before this press
    arrives.
    """
    assert demo.api("POST", f"/tickets/{ticket}/park", {}, role="clerk")[0] == 200
    route.continue_()


def test_a_call_whose_answer_is_lost_is_settled_under_the_same_key(
    demo: Demo, clerk: Clerk
) -> None:
    page = clerk.page
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()  # it reaches the server and is done there; only the answer is lost
        if len(keys) <= 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/call-next", lose)
    page.keyboard.press("n")
    page.wait_for_selector('#now[data-state="CALLED"]')
    expect(page.locator("#connection")).to_be_hidden()
    [called] = calls(demo)
    hears(page, f"{called['number']} dipanggil ke")
    assert len(keys) == 3 and len(set(keys)) == 1, "every try goes under the key of the one press"


def test_without_a_network_the_last_state_stays_and_calling_is_refused(
    demo: Demo, clerk: Clerk
) -> None:
    page = clerk.page
    waiting = page.locator("#queue .queue__number").all_inner_texts()
    assert waiting
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_be_visible()
    assert page.locator("#queue .queue__number").all_inner_texts() == waiting
    expect(page.locator("#call-next")).to_be_disabled()
    page.keyboard.press("n")
    hears(page, "Sambungan terputus")
    assert calls(demo) == []
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_be_hidden()
    expect(page.locator("#call-next")).to_be_enabled()
    clerk.call_next()


def test_a_computers_clock_that_jumps_changes_no_wait(clerk: Clerk) -> None:
    page = clerk.page
    shown = page.locator("#queue [data-slot=wait]").all_inner_texts()
    page.evaluate("() => { const real = Date.now; Date.now = () => real() + 3 * 3600_000; }")
    clerk.call_next()
    assert page.locator("#now-timer-value").inner_text() < "00:30"
    first = int(page.locator("#queue [data-slot=wait]").first.inner_text().split()[0])
    assert first < int(shown[0].split()[0]) + 30


def test_keys_are_changed_kept_and_set_back(clerk: Clerk, axe: Callable[[Page], list[str]]) -> None:
    page = clerk.page

    def change(name: str, key: str, said: str) -> None:
        page.click(f'#keys-list [data-of="{name}"] button')
        page.keyboard.press(key)
        expect(page.locator("#keys-said")).to_contain_text(said)

    page.keyboard.press("?")
    page.wait_for_selector("#help-dialog[open]")
    assert page.locator("#keys-list [data-of]").count() == page.locator("[data-name]").count(), (
        "every key is listed"
    )
    change("call-next", "s", "sudah dipakai")
    change("finish-next", "n", "sudah dipakai")
    change("call-next", "y", "Y sekarang untuk")
    change("park", "F5", "Hanya satu huruf")
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("#call-next:enabled")
    expect(page.locator("#call-next .key")).to_have_text("Y")
    sent = posts(page)
    page.keyboard.press("n")
    page.keyboard.press("y")
    page.wait_for_selector('#now[data-state="CALLED"]')
    assert len(sent) == 1
    page.keyboard.press("m")
    page.wait_for_selector('#now[data-state=""]')
    page.keyboard.press("?")
    page.click("#keys-reset")
    page.keyboard.press("Escape")
    expect(page.locator("#help-dialog")).to_be_hidden()
    expect(page.locator("#call-next .key")).to_have_text("N")
    clerk.press("n", "CALLED")
