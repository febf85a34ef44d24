"""Without a mouse: a booking by the keyboard alone, and a console whose keys stay quiet while somebody types."""
from __future__ import annotations

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
  return ringed && inside && style.visibility === "visible" ? "seen" : `unseen: ${focused.outerHTML.slice(0, 120)}`;
}"""


@dataclass
class Keyboard:
    """Hands on the keys: counts what is pressed, and looks where the focus is after each Tab. Typed text is not counted."""

    page: Page
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

    def skip_to_content(self) -> None:
        self.press("Tab")
        self.press("Enter")

    def go_to(self, what: str) -> None:
        """Tab until the focus is on an element; a dead end or a detour costs the presses it takes."""
        target = self.page.locator(what).first
        while not target.evaluate("(element) => element === document.activeElement"):
            assert self.presses < PRESSES_AT_MOST, f"{what} is not reached"
            self.press("Tab")


def test_a_visit_is_booked_by_keyboard_alone(demo: Demo, page_at: Any, new_nik: Callable[[], str]) -> None:
    page: Page = page_at(1366, 768)
    page.goto(f"{demo.server}/o/{demo.office}")
    hands = Keyboard(page)
    hands.go_to("a.button--primary")
    hands.enter()
    hands.skip_to_content()
    hands.go_to("input[name=service]")
    hands.press("Space")
    hands.enter()
    hands.skip_to_content()
    hands.go_to(".fastest a.button")
    hands.enter()
    hands.skip_to_content()
    hands.go_to("#f-name")
    page.keyboard.type("Siti")
    hands.go_to("#f-nik")
    page.keyboard.type(new_nik())
    hands.enter()
    hands.skip_to_content()
    hands.go_to("#booking p button.button")
    hands.enter()
    assert CODE.search(page.url), page.url
    assert hands.unseen == [], "the focus can always be seen"
    assert hands.presses <= PRESSES_AT_MOST


def test_the_consoles_keys_are_quiet_while_somebody_types(demo: Demo, page_at: Any, use_counter: Callable[[str], str]) -> None:
    assert demo.api("POST", f"/offices/{demo.office}/tickets", {"service": "AKP"}, role="kiosk")[0] == 201
    clerk = Clerk(page_at(1366, 768))
    page = clerk.page
    login = demo.access["logins"]["clerk"]
    clerk.sign_in(f"{demo.server}/desk", login["username"], login["password"])
    clerk.open_counter(use_counter("3674-7"))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
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
    assert page.evaluate("localStorage.getItem('keys')") == "off", "the choice is kept on this computer"
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
    page.wait_for_selector("#chooser", state="visible")
