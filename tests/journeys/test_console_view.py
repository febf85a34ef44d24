"""What the console shows: why a visitor is next, who was sent on, why colleagues are away, and all
of it on one screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Clerk
from tests.journeys.stage import Demo
from tests.journeys.test_keyboard import issue

pytestmark = pytest.mark.requires_browser

LOCALES = {"id": "id-ID", "en": "en-GB"}
GENERAL = "3674-1"
SAYS_NEXT = {"id": "berikutnya untuk", "en": "is next for"}
SAYS_TURN = {"id": "Giliran menurut", "en": "Turn by"}


@pytest.fixture
def at_counter(demo: Demo, page_at: Any, use_counter: Callable[[str], str]) -> Callable[..., Clerk]:
    """`at_counter(counter, language)` is the demo's clerk at a counter."""

    def enter(
        counter: str = GENERAL, language: str = "id", width: int = 1366, height: int = 768
    ) -> Clerk:
        found = Clerk(page_at(width, height, LOCALES[language]))
        login = demo.access["logins"]["clerk"]
        found.sign_in(f"{demo.server}/desk", login["username"], login["password"])
        found.open_counter(use_counter(counter))
        found.page.wait_for_selector("#queue .queue__item")
        return found

    return enter


@pytest.fixture
def colleague(demo: Demo) -> Iterator[Callable[..., Any]]:
    """`colleague(path, body)` is a step of somebody else; their counters are closed in the end."""
    opened: set[str] = set()

    def do(path: str, body: dict[str, Any] | None = None) -> Any:
        if path.endswith("/open"):
            opened.add(path.removesuffix("/open"))
        status, answer = demo.api("POST", path, body or {}, role="manager")
        assert status in (200, 204), answer
        return answer

    yield do
    for counter in opened:
        demo.api("POST", f"{counter}/close", {}, role="manager")


def free_counters(demo: Demo) -> list[tuple[str, list[str]]]:
    """The counters with nobody at them, but the general one that the clerk of most tests opens,
    with their streams.
    """
    _, queue = demo.api("GET", f"/offices/{demo.office}/queue", role="clerk")
    return [
        (each["id"], each["letters"])
        for each in queue["counters"]
        if each["clerk"] is None and each["id"] != GENERAL
    ]


def numbers(page: Page) -> list[str]:
    return page.locator("#queue .queue__number").all_inner_texts()


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_but_the_queue_scrolls_whatever_is_shown(
    at_counter: Callable[..., Clerk], colleague: Callable[..., Any], demo: Demo, language: str
) -> None:
    demo.set_limit(60)
    for _ in range(4):
        issue(demo, service="AKL")
    clerk = at_counter(language=language)
    page = clerk.page
    seen = {"nobody called": clerk.scrolls()}

    for _ in range(3):
        clerk.call_next()
        clerk.press("p", "")
    expect(page.locator("#parked .queue__item")).to_have_count(3)
    foreign = "id" if language == "en" else "en"
    urgent = issue(
        demo, service="AKL", urgency="hospital", priority=True, party_size=4, language=foreign
    )
    page.locator("#queue .queue__item", has_text=urgent["number"]).locator("[data-do=call]").click()
    page.keyboard.press("1")
    page.wait_for_selector('#now[data-state="CALLED"]')
    seen["an urgent party called, three on hold"] = clerk.scrolls()
    clerk.press("s", "SERVING")
    for place, note in enumerate(
        ("Kurang fotokopi KK dan surat keterangan dari RT setempat", "Datang bersama ibunya"), 1
    ):
        clerk.press("c", "SERVING")
        page.wait_for_selector("#note-dialog[open]")
        page.keyboard.type(note)
        page.keyboard.press("Enter")
        expect(page.locator("#now-notes li")).to_have_count(place)
    seen["served, with notes"] = clerk.scrolls()
    try:
        colleague(
            f"/offices/{demo.office}/admissions",
            {"admitting": False, "reason": "Ruang tunggu penuh, mohon menunggu di luar"},
        )
        expect(page.locator("#door-stop")).to_be_visible()
        page.context.set_offline(True)
        expect(page.locator("#connection")).to_be_visible()
        seen["the door stopped, no connection"] = clerk.scrolls()
    finally:
        page.context.set_offline(False)
        colleague(f"/offices/{demo.office}/admissions", {"admitting": True})
    expect(page.locator("#door-stop")).to_be_hidden()
    expect(page.locator("#connection")).to_be_hidden()
    clerk.press("d", "")
    page.keyboard.press("b")
    page.wait_for_selector("#menu-dialog[open]")
    page.keyboard.press("2")
    expect(page.locator("#now-badge")).to_be_visible()
    seen["on break"] = clerk.scrolls()
    for each in demo.api("GET", f"/offices/{demo.office}/queue", role="clerk")[1]["parked"]:
        demo.api("POST", f"/tickets/{each['id']}/leave", {}, role="clerk")
    assert seen == dict.fromkeys(seen, [])


@pytest.mark.parametrize("language", LOCALES)
def test_why_is_told_of_the_next_at_sight_and_of_anybody_by_key(
    at_counter: Callable[..., Clerk], axe: Callable[[Page], list[str]], demo: Demo, language: str
) -> None:
    for _ in range(2):
        issue(demo, service="AKL")
    page = at_counter(language=language).page
    first, second, *_others, last = numbers(page)
    line, said = page.locator("#why-text"), page.locator("#why-said")
    expect(line).to_contain_text(f"{first} {SAYS_NEXT[language]}")
    expect(said).to_be_empty()  # what changes by itself all day is not read out

    for number in (first, second):
        page.keyboard.press("w")
        expect(page.locator("#queue .queue__number:focus")).to_have_text(number)
        expect(line).to_contain_text(number)
        expect(said).to_have_text(line.inner_text())
    page.keyboard.press("End")
    expect(page.locator("#queue .queue__number:focus")).to_have_text(last)
    for part in (last, SAYS_TURN[language]):
        expect(said).to_contain_text(part)
    assert axe(page) == []
    page.keyboard.press("ArrowUp")
    expect(page.locator("#queue .queue__number:focus")).not_to_have_text(last)
    page.keyboard.press("Escape")
    expect(line).to_contain_text(f"{first} {SAYS_NEXT[language]}")
    expect(said).to_be_empty()

    # Asking is no hindrance: the next is called from where the hand is.
    page.keyboard.press("w")
    page.keyboard.press("n")
    page.wait_for_selector('#now[data-state="CALLED"]')
    expect(line).not_to_contain_text(f"{first} {SAYS_NEXT[language]}")


def test_why_is_told_by_touch_on_a_small_screen(at_counter: Callable[..., Clerk]) -> None:
    page = at_counter(width=360, height=740).page
    last = numbers(page)[-1]
    row = page.locator("#queue .queue__item").last
    row.locator(".queue__what").click()
    expect(page.locator("#why-text")).to_contain_text(last)
    expect(page.locator("#why-text")).to_be_in_viewport(ratio=1)
    page.click("#why-ask")
    page.click("#why-ask")
    expect(page.locator("#why-text")).to_contain_text(numbers(page)[1])


def test_why_stays_with_its_row_while_the_queue_moves(
    at_counter: Callable[..., Clerk], demo: Demo
) -> None:
    page = at_counter().page
    page.keyboard.press("w")
    page.wait_for_selector("#queue .queue__number:focus")
    page.keyboard.press("ArrowDown")
    number = numbers(page)[1]
    newcomer = issue(demo, service="AKL")["number"]
    expect(page.locator("#queue .queue__item", has_text=newcomer)).to_be_visible()
    expect(page.locator("#queue .queue__number:focus")).to_have_text(number)
    expect(page.locator("#why-text")).to_contain_text(number)


def test_who_is_sent_on_here_waits_here_though_the_counter_serves_another_stream(
    at_counter: Callable[..., Clerk], colleague: Callable[..., Any], demo: Demo
) -> None:
    slip = issue(demo, service="KK")
    counter = next(id for id, letters in free_counters(demo) if slip["stream"] not in letters)
    clerk = at_counter(counter)
    page = clerk.page
    before = int(page.locator("#count").inner_text())
    row = page.locator("#queue .queue__item", has_text=slip["number"])
    expect(row).to_have_count(0)

    colleague(f"/counters/{GENERAL}/open")
    colleague(f"/tickets/{slip['id']}/call", {"counter": GENERAL, "reason": "other"})
    colleague(f"/tickets/{slip['id']}/start")
    colleague(f"/tickets/{slip['id']}/transfer", {"counter": counter})
    expect(row).to_contain_text("dialihkan kepada Anda")
    expect(page.locator("#count")).to_have_text(str(before + 1))
    page.keyboard.press("a")
    expect(page.locator("#menu-list")).to_contain_text(slip["number"])
    page.keyboard.press("Escape")
    row.locator("[data-do=call]").click()
    page.keyboard.press("1")
    page.wait_for_selector('#now[data-state="CALLED"]')
    assert clerk.number == slip["number"]


def test_a_colleague_on_break_is_offered_with_the_reason_and_a_closed_counter_says_why(
    at_counter: Callable[..., Clerk], colleague: Callable[..., Any], demo: Demo
) -> None:
    away = free_counters(demo)[0][0]
    colleague(f"/counters/{away}/open")
    colleague(f"/counters/{away}/break", {"reason": "prayer"})
    issue(demo, service="AKL")
    clerk = at_counter(language="en")
    page = clerk.page
    clerk.call_next()
    clerk.press("s", "SERVING")
    clerk.press("t", "SERVING")
    page.wait_for_selector("#transfer-dialog[open]")
    told = page.locator("#transfer-counters option", has_text="on break").all_inner_texts()
    assert told == [f"Counter {away.rpartition('-')[2]} (on break: Prayer)"]
    assert page.locator("#transfer-clerks option", has_text="(on break: Prayer)").count() == 1
    page.keyboard.press("Escape")
    clerk.press("d", "")
    colleague(f"/counters/{away}/close", {"reason": "fault"})
    page.wait_for_selector('[data-key="x"]:enabled')
    page.keyboard.press("x")
    page.wait_for_selector("#menu-dialog[open]")
    page.keyboard.press("2")
    page.wait_for_selector("#chooser", state="visible")
    expect(page.locator(f'[data-counter="{away}"]')).to_contain_text(
        "Last closed: Something does not work"
    )
