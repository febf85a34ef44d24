"""Without a mouse: a booking and a clerk's whole day by the keyboard alone, and keys that stay
quiet while somebody types.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import CODE, Clerk
from tests.journeys.stage import Demo

pytestmark = pytest.mark.requires_browser

PRESSES_AT_MOST = 40

SEEN = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return "nothing";
  const style = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  const ringed = [focused, focused.closest("label"), focused.parentElement].some((each) => {
    if (!each) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
  });
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const isSeen = ringed && inside && style.visibility === "visible";
  return isSeen ? "seen" : `unseen: ${focused.outerHTML.slice(0, 120)}`;
}"""


@dataclass
class Keyboard:
    """Hands on the keys: counts what is pressed, and looks where the focus is after each Tab. Typed
    text is not counted.
    """

    page: Page
    at_most: int = PRESSES_AT_MOST
    presses: int = 0
    unseen: list[str] = field(default_factory=list)

    def press(self, key: str) -> None:
        self.presses += 1
        self.page.keyboard.press(key)
        if key == "Tab" and (told := self.page.evaluate(SEEN)) != "seen":
            self.unseen.append(f"{self.page.url}: {told}")

    def enter(self) -> None:
        """Press Enter on what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            self.press("Enter")
        self.page.wait_for_load_state()

    def go_to(self, what: str) -> None:
        """Tab until the focus is on an element; a dead end or a detour costs the presses it
        takes.
        """
        target = self.page.locator(what).first
        while not target.evaluate("(element) => element === document.activeElement"):
            assert self.presses < self.at_most, f"{what} is not reached"
            self.press("Tab")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_visit_is_booked_by_keyboard_alone(
    demo: Demo, page_at: Any, new_nik: Callable[[], str], scripts: bool
) -> None:
    """Each step begins at its heading, so nobody tabs through the top of the page again."""
    page: Page = page_at(1366, 768, java_script_enabled=scripts)
    page.goto(f"{demo.server}/o/{demo.office}")
    hands = Keyboard(page)
    hands.go_to("a.button--primary")
    hands.enter()
    hands.go_to("input[name=service]")
    hands.press("Space")
    hands.enter()
    hands.go_to(".fastest button")
    hands.enter()
    hands.go_to("#f-name")
    page.keyboard.type("Siti")
    hands.go_to("#f-nik")
    page.keyboard.type(new_nik())
    hands.enter()
    hands.go_to("[data-busy]")
    hands.enter()
    assert CODE.search(page.url), page.url
    assert hands.unseen == [], "the focus can always be seen"
    assert hands.presses <= PRESSES_AT_MOST


def test_the_consoles_keys_are_quiet_while_somebody_types(
    demo: Demo, page_at: Any, use_counter: Callable[[str], str]
) -> None:
    assert (
        demo.api("POST", f"/offices/{demo.office}/tickets", {"service": "AKP"}, role="kiosk")[0]
        == 201
    )
    clerk = Clerk(page_at(1366, 768))
    page = clerk.page
    login = demo.access["logins"]["clerk"]
    clerk.sign_in(f"{demo.server}/desk", login["username"], login["password"])
    clerk.open_counter(use_counter("3674-7"))
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    expect(page.locator("#call-next")).to_be_enabled()

    page.focus("#filter")
    page.keyboard.press("n")
    page.locator("#filter").blur()
    page.keyboard.press("Control+n")
    page.keyboard.press("?")
    page.wait_for_selector("#help-dialog[open]")
    page.keyboard.press("n")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.wait_for_selector("#help-dialog", state="hidden")
    page.locator("h2#now-title").click()
    page.keyboard.press("n")
    page.keyboard.press("Space")
    page.reload()
    page.wait_for_selector("#workplace", state="visible")
    page.keyboard.press("n")
    kept = page.evaluate(
        "Object.entries(localStorage).filter(([name]) => "
        "name.startsWith('antrean.keys.v1.')).map(([, value]) => value)"
    )
    assert [json.loads(each)["on"] for each in kept] == [False], (
        "the choice is kept on this computer"
    )
    page.click("#help-open")
    page.locator("#keys-on").check()
    page.keyboard.press("Escape")
    page.wait_for_selector("#help-dialog", state="hidden")
    assert [url for url in sent if "call-next" in url] == []
    expect(page.locator("#now")).to_have_attribute("data-state", "")

    page.locator("h2#now-title").click()
    page.keyboard.press("Space")
    page.wait_for_selector('#now[data-state="CALLED"]')
    assert len([url for url in sent if "call-next" in url]) == 1
    clerk.press("m", "")
    page.click("#close-counter")
    page.click("#menu-list button")
    page.wait_for_selector("#chooser", state="visible")


@dataclass
class Day:
    """A clerk's day at one counter, hands on the keys from signing in to closing."""

    hands: Keyboard
    axe: Callable[[Page], list[str]]

    @property
    def page(self) -> Page:
        return self.hands.page

    @property
    def number(self) -> str:
        return self.page.locator("#now-number").inner_text()

    def do(self, key: str, becomes: str) -> str:
        """Press a key as soon as it may be used; gives the number at the counter once the visitor's
        state is what it becomes.
        """
        self.page.wait_for_selector(f'[data-key="{key}"]:enabled')
        self.hands.press(key)
        self.page.wait_for_selector(f'#now[data-state="{becomes}"]')
        return self.number

    def open(self, key: str, dialog: str = "#menu-dialog") -> None:
        """Press a key that asks something first, and look at what it asks."""
        self.page.wait_for_selector(f'[data-key="{key}"]:enabled')
        self.hands.press(key)
        self.page.wait_for_selector(f"{dialog}[open]")
        assert self.axe(self.page) == []

    def choose(self, key: str, digit: str) -> None:
        self.open(key)
        self.hands.press(digit)
        self.page.wait_for_selector("#menu-dialog", state="hidden")

    def takes_back(self, key: str, line: str, number: str) -> None:
        """Take one back who was set aside: at once if nobody else was, else by the digit in the
        list that is offered.
        """
        row = self.page.locator(f"{line} .queue__number", has_text=number)
        expect(row).to_be_visible()
        numbers = self.page.locator(f"{line} .queue__number").all_inner_texts()
        if len(numbers) == 1:
            self.hands.press(key)
        else:
            self.choose(key, str(numbers.index(number) + 1))
        expect(row).to_have_count(0)

    def hears(self, part: str) -> None:
        expect(self.page.locator("#snackbar-text")).to_contain_text(part)

    def fits_the_screen(self) -> None:
        assert Clerk(self.page).scrolls() == [], "nothing of the console has to be scrolled to"


def issue(demo: Demo, **wanted: Any) -> dict[str, Any]:
    status, slip = demo.api("POST", f"/offices/{demo.office}/tickets", wanted, role="clerk")
    assert status == 201, slip
    return dict(slip)


def test_a_whole_day_is_worked_by_keyboard_alone(
    demo: Demo, page_at: Any, use_counter: Callable[[str], str], axe: Callable[[Page], list[str]]
) -> None:
    urgent = issue(demo, service="AKL", urgency="hospital")["number"]
    page: Page = page_at(1366, 768)
    hands = Keyboard(page, at_most=400)
    day = Day(hands, axe)
    login = demo.access["logins"]["clerk"]
    counter = use_counter("3674-1")

    # Sign in, choose the counter.
    page.goto(f"{demo.server}/desk")
    hands.go_to("#f-username")
    page.keyboard.type(login["username"])
    hands.go_to("#f-password")
    page.keyboard.type(login["password"])
    hands.enter()
    page.wait_for_selector(f'button[data-counter="{counter}"]:enabled')
    hands.go_to(f'button[data-counter="{counter}"]')
    hands.press("Enter")
    page.wait_for_selector("#workplace", state="visible")
    day.fits_the_screen()

    # Call the next, call again when it is time, and give up: did not come; has come after all.
    missed = day.do("n", "CALLED")
    expect(page.locator("#now-recall")).not_to_be_empty()
    day.do("r", "CALLED")
    expect(page.locator("#now-needs")).to_contain_text("Panggilan ke-2")
    day.do("m", "")
    day.takes_back("l", "#missed", missed)
    day.hears(missed)

    # Somebody is put on hold, the next is served meanwhile, then the first is taken back.
    held = day.do("n", "CALLED")
    day.do("p", "")
    served = day.do("n", "CALLED")
    assert served != held
    day.do("s", "SERVING")
    day.takes_back("o", "#parked", held)

    # A note, kept with the visitor through a transfer to another service.
    day.open("c", "#note-dialog")
    page.keyboard.type("Kurang fotokopi KK")
    hands.press("Enter")
    expect(page.locator("#now-notes")).to_contain_text("Kurang fotokopi KK")
    day.fits_the_screen()
    day.open("t", "#transfer-dialog")
    hands.press("ArrowDown")
    hands.go_to("#transfer-dialog button[value=go]")
    hands.press("Enter")
    page.wait_for_selector('#now[data-state=""]')
    day.hears(served)
    expect(page.locator("#queue .queue__item", has_text=served)).to_contain_text("1 catatan")

    # Taken back: at once by key, and from the list of one's own last actions.
    hands.press("u")
    page.wait_for_selector('#now[data-state="SERVING"]')
    assert day.number == served
    day.do("d", "")
    day.choose("h", "1")
    page.wait_for_selector('#now[data-state="SERVING"]')
    assert day.number == served
    day.do("d", "")

    # An urgent case, called out of turn for a reason, and its proof.
    day.open("a")
    [place] = [
        place
        for place, each in enumerate(page.locator("#menu-list li").all_inner_texts(), 1)
        if urgent in each
    ]
    hands.go_to(f"#menu-list li:nth-child({place}) button")
    hands.press("Enter")
    page.wait_for_selector('#menu-title:has-text("di luar giliran")')
    hands.press("1")
    page.wait_for_selector('#now[data-state="CALLED"]')
    assert day.number == urgent
    expect(page.locator("#now-needs")).to_contain_text("Bukti: belum diperiksa")
    day.choose("e", "1")
    expect(page.locator("#now-needs")).to_contain_text("Bukti: sesuai")
    day.do("s", "SERVING")
    assert axe(page) == []
    day.do("d", "")

    # A break with its reason, and back; then the day is over.
    day.choose("b", "2")
    expect(page.locator("#now-idle")).to_contain_text("Salat")
    expect(page.locator("#call-next")).to_be_disabled()
    assert axe(page) == []
    hands.press("b")
    expect(page.locator("#call-next")).to_be_enabled()
    day.choose("x", "1")
    page.wait_for_selector("#chooser", state="visible")
    assert hands.unseen == [], "the focus can always be seen"
