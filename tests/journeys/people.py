"""Who uses the product, in a real browser: a visitor with a phone, a visitor at the kiosk, a clerk,
and the lobby that watches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

CODE = re.compile(r"/t/([0-9A-Z]{12})")

LISTEN = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.tones += 1;
  return start.apply(this, when);
};
"""


@dataclass
class Phone:
    """A visitor's phone. `screens` are the titles of the screens seen since the first step of a
    booking.
    """

    page: Page
    server: str
    office: str
    screens: list[str] = field(default_factory=list)

    def book(self, service: str, name: str, nik: str, *, later: bool = False) -> str:
        """Book by hand, from the office's page to the ticket; gives the code. `later` takes the
        second day instead of the first time.
        """
        self.screens.clear()
        self.page.goto(f"{self.server}/o/{self.office}")
        self.page.locator("a.button--primary").click()
        self._see()
        self.page.locator(f'input[name=service][value="{service}"]').check()
        self._press("main form button.button")
        if later:
            self._press("main a.day-chip[href*='day=20'] >> nth=1")
            self.page.locator("label.slot").first.click()
            self._press("#times button.button")
        else:
            self._press(".fastest button")
        self.page.fill("#f-name", name)
        self.page.fill("#f-nik", nik)
        self._press("#details p.row button.button")
        self._press("#booking p button.button")
        found = CODE.search(self.page.url)
        assert found, f"no ticket at {self.page.url}"
        return found[1]

    def open_ticket(self, code: str) -> None:
        self.page.goto(f"{self.server}/t/{code}")

    @property
    def number(self) -> str:
        return self.page.locator("#number").inner_text()

    def expect_state(self, words: str) -> None:
        expect(self.page.locator("#state")).to_have_text(words)

    def _press(self, what: str) -> None:
        self.page.locator(what).first.click()
        self._see()

    def _see(self) -> None:
        self.page.wait_for_load_state()
        self.screens.append(self.page.title())


@dataclass
class Kiosk:
    """The touch page at the door."""

    page: Page

    def enter(self, url: str) -> None:
        self.page.goto(url)
        self.page.wait_for_selector('body[data-screen="home"] [data-service]')

    def check_in(self, code: str) -> str:
        """Type a booking's code on the pad; gives the number."""
        self.page.click("#have-code")
        for character in code:
            self.page.locator("#pad button", has_text=re.compile(f"^{character}$")).click()
        self.page.click("#go")
        return self._number()

    def take_number(self, service: str) -> str:
        """Take a number for a service; gives it."""
        self.page.click(f'[data-service="{service}"]')
        self.page.click("#go")
        return self._number()

    def done(self) -> None:
        self.page.click("#go")
        self.page.wait_for_selector('body[data-screen="home"]')

    def _number(self) -> str:
        self.page.wait_for_selector('body[data-screen="result"], body[data-screen="problem"]')
        assert self.page.locator("body").get_attribute("data-screen") == "result", (
            self.page.locator("main").inner_text()
        )
        return self.page.locator("#number").inner_text()


SCROLLS = """() => {
  const names = ["html", "body", "#workplace", ".desk__left", "#now", "#now-notes",
    ".desk__left .button", ".actions", ".desk__foot", ".why", ".desk__right",
    ".desk__right > .panel"];
  return [...document.querySelectorAll(names)].flatMap((part) => {
    const down = part.scrollHeight - part.clientHeight;
    const across = part.scrollWidth - part.clientWidth;
    const beyond = Math.max(0, part.getBoundingClientRect().bottom - innerHeight);
    const excess = `${down} px down, ${across} across, ${beyond} beyond the window`;
    const told = `${part.outerHTML.slice(0, 60)}: ${excess}`;
    return down > 0 || across > 0 || beyond > 0 ? [told] : [];
  });
}"""


@dataclass
class Clerk:
    """A clerk at the console, hands on the keys."""

    page: Page

    def sign_in(self, url: str, username: str, password: str) -> None:
        self.page.goto(url)
        self.page.fill("#f-username", username)
        self.page.fill("#f-password", password)
        self.page.click("main button.button")

    def open_counter(self, counter: str) -> None:
        self.page.click(f'button[data-counter="{counter}"]')
        self.page.wait_for_selector("#workplace", state="visible")

    def press(self, key: str, becomes: str) -> None:
        """Press a key as soon as its button may be used, and wait until the visitor's state is what
        it becomes.
        """
        self.page.wait_for_selector(f'[data-key="{key}"]:enabled')
        self.page.keyboard.press(key)
        self.page.wait_for_selector(f'#now[data-state="{becomes}"]')

    def call_next(self) -> str:
        """Press N; gives the number that stands at the counter now."""
        self.press("n", "CALLED")
        return self.number

    def transfer(self, service: str) -> None:
        self.page.keyboard.press("t")
        self.page.wait_for_selector("#transfer-dialog[open]")
        self.page.select_option("#transfer-service", service)
        self.page.click("#transfer-dialog button[value=go]")
        self.page.wait_for_selector('#now[data-state=""]')

    def scrolls(self) -> list[str]:
        """Each part of the console, but the queue itself, of which something is hidden until it is
        scrolled to.
        """
        return [str(each) for each in self.page.evaluate(SCROLLS)]

    def resume(self, number: str) -> None:
        self.page.locator("#parked li", has_text=number).locator("[data-do=resume]").click()
        self.page.wait_for_selector(f'#queue li:has-text("{number}")')

    @property
    def number(self) -> str:
        return self.page.locator("#now-number").inner_text()


@dataclass
class Lobby:
    """The TV and those who look at it."""

    page: Page

    def enter(self, url: str) -> None:
        self.page.add_init_script(LISTEN)
        self.page.goto(url)
        self.page.wait_for_selector('body[data-screen="board"]')

    def rest(self) -> None:
        """Wait until no announcement holds the screen: each has it for some seconds, whatever else
        is called.
        """
        self.page.wait_for_selector("#call.fresh", state="detached", timeout=60_000)

    def await_call(self, number: str, counter: str, times: str) -> None:
        """Wait until the big panel announces the call. `times` is what stands above the number."""
        says = (
            f'#call-title:has-text("{times}")',
            f'#number:text-is("{number}")',
            f'#counter :text-is("{counter}")',
        )
        self.page.wait_for_selector("#call.fresh" + "".join(f":has({each})" for each in says))

    @property
    def tones(self) -> int:
        return int(self.page.evaluate("window.tones"))

    @property
    def earlier(self) -> list[str]:
        return self.page.locator("#recent .n").all_text_contents()
