"""The clerk's console in a real browser: one key for a whole visit, the planned time, and a scanner
that types while nothing has the focus.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Request, expect

from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.fixtures.application import HOME, NIK, PASSWORD, at
from tests.fixtures.browser import Pages
from tests.fixtures.live_server import LiveServer
from tests.journeys.people import SCROLLS

pytestmark = pytest.mark.requires_browser

COUNTER = f"{HOME}-1"
PLACES = """() => Object.fromEntries(
  [...document.querySelectorAll("[data-action]:not([data-do])")]
    .filter((each) => each.closest(".actions, .desk__foot, .next-step"))
    .map((each) => [each.dataset.action, JSON.stringify(each.getBoundingClientRect())]))"""
SETTLED = "#finish-next:enabled:not([data-settling])"


class Console:
    """A clerk at an open counter, hands on the keys. The page's clock stands `still`, so that only
    the test says how much time passes between two keys.
    """

    def __init__(self, page: Page, server: LiveServer, *, still: bool = True) -> None:
        self.page = page
        self.sent: list[Request] = []
        self.presses = 0
        if still:
            page.clock.install()
        page.goto(f"{server.url}/desk")
        page.fill("[name=username]", "clerk")
        page.fill("[name=password]", PASSWORD)
        page.click("main form .button")
        page.wait_for_selector("#chooser:not([hidden]), #workplace:not([hidden])")
        if page.locator("#chooser").is_visible():
            page.click(f"button[data-counter='{COUNTER}']")
        expect(page.locator("#workplace")).to_be_visible()
        expect(page.locator("#why-ask")).to_be_visible()
        if still:
            page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 4)
        page.on("request", lambda request: self.sent.append(request))

    def press(self, key: str) -> None:
        """Press a key and let the time pass in which a scanner would have gone on."""
        self.presses += 1
        self.page.keyboard.press(key)
        self.page.clock.run_for(100)

    def settle(self) -> None:
        """Let the time pass in which a second press is a double press."""
        expect(self.page.locator("#finish-next")).to_be_enabled()
        self.page.clock.run_for(700)
        self.page.wait_for_selector(SETTLED)

    def becomes(self, state: str) -> None:
        expect(self.page.locator("#now")).to_have_attribute("data-state", state)

    def hears(self, part: str) -> None:
        expect(self.page.locator("#snackbar-text")).to_contain_text(part)

    def scan(self, text: str) -> None:
        """What a hand scanner types, all within the pause between two keys of a hand."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.clock.run_for(100)

    def paths(self) -> list[str]:
        """Where the page has sent commands."""
        return [each.url.partition("/api/v1")[2] for each in self.sent if each.method == "POST"]


@pytest.fixture
def office(live_server: LiveServer) -> Iterator[LiveServer]:
    """The office with nobody in the queue, at the beginning and at the end."""
    yield live_server
    while True:
        queue = live_server.ask("GET", f"/offices/{HOME}/queue", "clerk").json()
        for each in (*queue["called"], *queue["serving"]):
            live_server.ask("POST", f"/tickets/{each['id']}/park", "clerk")
        left = [*queue["waiting"], *queue["parked"]]
        for each in left:
            live_server.ask("POST", f"/tickets/{each['id']}/leave", "clerk")
        if not left and not queue["called"] and not queue["serving"]:
            break
    live_server.ask("POST", f"/counters/{COUNTER}/close", "clerk", json={})


@pytest.fixture
def console(office: LiveServer, page_at: Pages) -> Callable[[], Console]:
    return lambda: Console(page_at(1366, 768), office)


def test_ten_visitors_are_served_with_one_key(
    office: LiveServer, console: Callable[[], Console]
) -> None:
    """Two presses each, where calling, starting and finishing by their own keys takes three."""
    numbers = [office.walk_in()["number"] for _ in range(10)]
    clerk = console()
    page = clerk.page
    expect(page.locator("#queue .queue__item")).to_have_count(10)
    clerk.press("j")
    for place, number in enumerate(numbers):
        clerk.becomes("CALLED")
        expect(page.locator("#now-number")).to_have_text(number)
        clerk.settle()
        clerk.press("j")
        clerk.becomes("SERVING")
        clerk.settle()
        clerk.press("j")
        clerk.hears(f"{number} selesai")
        assert clerk.presses == 1 + 2 * (place + 1)
    clerk.becomes("")
    clerk.hears("Tidak ada yang menunggu")
    steps = [each.rsplit("/", 1)[1] for each in clerk.paths()]
    assert steps == ["call-next", *["start", "finish-next"] * 10]


def test_a_double_press_takes_one_step_and_undo_takes_back_the_call_first(
    office: LiveServer, console: Callable[[], Console]
) -> None:
    first, second = (office.walk_in()["number"] for _ in range(2))
    clerk = console()
    page = clerk.page
    clerk.press("n")
    clerk.becomes("CALLED")
    clerk.press("j")
    clerk.press("j")
    clerk.becomes("CALLED")
    clerk.settle()
    clerk.press("j")
    clerk.becomes("SERVING")
    clerk.press("j")
    clerk.becomes("SERVING")
    clerk.settle()
    page.click("#finish-next")
    clerk.becomes("CALLED")
    expect(page.locator("#now-number")).to_have_text(second)
    clerk.hears(f"{first} selesai; {second} dipanggil")
    clerk.press("u")
    clerk.becomes("")
    clerk.hears(f"Diurungkan: {second}")
    expect(page.locator("#undo")).to_be_enabled()
    clerk.press("u")
    clerk.becomes("SERVING")
    expect(page.locator("#now-number")).to_have_text(first)


def test_nothing_moves_under_the_finger(office: LiveServer, console: Callable[[], Console]) -> None:
    for _ in range(2):
        office.walk_in()
    clerk = console()
    page = clerk.page
    seen = {}
    for state, key in (("", "j"), ("CALLED", "j"), ("SERVING", "j"), ("CALLED", "m"), ("", "")):
        clerk.becomes(state)
        if state:
            clerk.settle()
        expect(page.locator("#snackbar-way")).to_be_enabled()
        seen[state, key] = page.evaluate(PLACES)
        assert page.evaluate(SCROLLS) == [], state
        if key:
            clerk.press(key)
    assert len(next(iter(seen.values()))) == 15
    assert len({json.dumps(each) for each in seen.values()}) == 1


def test_the_planned_time_is_told_and_a_forgotten_visit_asked_after_once(
    office: LiveServer, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    called = [office.walk_in()["id"], office.call_next(COUNTER)["id"]][1]
    office.ask("POST", f"/tickets/{called}/start", "clerk").raise_for_status()

    def been_served(minutes: float) -> None:
        """Move the start back, and look at the page anew."""
        started = at(9) - timedelta(minutes=minutes)
        set_start(office, called, started)
        # What is shown is read anew with the next event.
        office.walk_in("AKT")
        page.reload()

    page = Console(page_at(1366, 768), office, still=False).page
    expect(page.locator("#now-target")).to_have_text("dari 10 menit")
    expect(page.locator("#now-timer")).to_have_attribute("data-pace", "")
    been_served(11)
    expect(page.locator("#now-pace")).to_have_text("lebih lama dari rencana")
    expect(page.locator("#still")).to_be_hidden()
    assert axe(page) == []
    been_served(21)
    expect(page.locator("#now-pace")).to_have_text("Masih melayani?")
    assert axe(page) == []
    assert page.evaluate(SCROLLS) == []
    page.click("#still")
    expect(page.locator("#still")).to_be_hidden()
    expect(page.locator("#now-pace")).to_have_text("lebih lama dari rencana")
    expect(page.locator("#finish-next")).to_be_enabled()


def set_start(server: LiveServer, ticket: str, started: datetime) -> None:
    database = Database(server.environ["ANTREAN_DATABASE_URL"])
    change = tables.tickets.update().where(tables.tickets.c.id == ticket)
    database.write([], lambda tx: tx.change(change.values(started_at=started)))
    database.close()


class TestScanner:
    def test_whoever_is_next_is_called_and_nothing_else_is_pressed(
        self, office: LiveServer, console: Callable[[], Console]
    ) -> None:
        slip = office.walk_in()
        clerk = console()
        expect(clerk.page.locator("#queue .queue__item")).to_have_count(1)
        clerk.page.focus("#break")
        clerk.scan(slip["code"])
        clerk.becomes("CALLED")
        expect(clerk.page.locator("#now-number")).to_have_text(slip["number"])
        assert clerk.paths() == [f"/tickets/{slip['id']}/call"]
        expect(clerk.page.locator("dialog[open]")).to_have_count(0)
        clerk.scan(f"http://127.0.0.1/t/{slip['code'].lower()}")
        clerk.hears(f"{slip['number']} dipanggil ke loket Anda")
        clerk.page.click("#snackbar-way")
        clerk.becomes("SERVING")

    def test_out_of_turn_the_reason_is_asked_first(
        self, office: LiveServer, console: Callable[[], Console]
    ) -> None:
        office.walk_in()
        second = office.walk_in()
        clerk = console()
        expect(clerk.page.locator("#queue .queue__item")).to_have_count(2)
        clerk.scan(second["code"])
        expect(clerk.page.locator("#menu-title")).to_contain_text(second["number"])
        assert clerk.paths() == []
        # A scan answers no question, though it begins with a digit.
        clerk.scan("1" + second["code"][1:])
        expect(clerk.page.locator("#menu-dialog")).to_be_visible()
        clerk.hears("pindai lagi")
        clerk.press("1")
        clerk.becomes("CALLED")
        expect(clerk.page.locator("#now-number")).to_have_text(second["number"])

    def test_elsewhere_its_state_is_told(
        self, office: LiveServer, console: Callable[[], Console]
    ) -> None:
        held, other = office.walk_in(), office.walk_in("AKT")
        clerk = console()
        clerk.press("n")
        clerk.becomes("CALLED")
        clerk.press("p")
        expect(clerk.page.locator("#parked .queue__item")).to_have_count(1)
        clerk.scan(other["code"])
        clerk.hears(f"{other['number']} menunggu loket lain")
        clerk.scan(held["code"])
        clerk.hears(f"{held['number']} sedang ditunda")
        clerk.page.click("#snackbar-way")
        expect(clerk.page.locator("#queue .queue__item")).to_have_count(1)
        clerk.scan("ABCDEFGH2345")
        clerk.hears("bukan tiket kantor ini")

    def test_a_nik_is_dropped_and_never_sent(
        self, office: LiveServer, console: Callable[[], Console]
    ) -> None:
        clerk = console()
        clerk.scan(NIK)
        clerk.hears("kartu identitas")
        assert [each.url for each in clerk.sent if NIK in each.url + (each.post_data or "")] == []
        assert clerk.paths() == []

    def test_fast_and_slow_hands_still_type(
        self, office: LiveServer, console: Callable[[], Console]
    ) -> None:
        slip = office.walk_in()
        clerk = console()
        clerk.press("n")
        clerk.becomes("CALLED")
        # A hand that types a whole code presses keys.
        for key in "ZZZZZZZZZZZZ":
            clerk.press(key)
        # Two keys rolled over each other are two keys.
        clerk.page.keyboard.press("s")
        clerk.page.keyboard.press("c")
        clerk.page.clock.run_for(100)
        clerk.becomes("SERVING")
        expect(clerk.page.locator("#note-dialog")).to_be_visible()
        clerk.page.keyboard.type("Kurang KK")
        clerk.page.clock.run_for(100)
        assert clerk.page.locator("#note-text").input_value() == "Kurang KK"
        # A scan while somebody types leaves the text as it was.
        clerk.scan(slip["code"])
        assert clerk.page.locator("#note-text").input_value() == "Kurang KK"
        expect(clerk.page.locator("#note-dialog")).to_be_visible()
