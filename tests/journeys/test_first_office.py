"""From an empty folder to the first visitor served, in a real browser: what an official does who
never set anything up, and how much there is to type.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages
from tests.fixtures.live_server import make_environ
from tests.fixtures.services import free_port, wait_for_port
from tests.journeys.people import Clerk
from tests.journeys.stage import until

pytestmark = pytest.mark.requires_browser

SECONDS_A_FIELD, SECONDS_MOST = 2, 10 * 60
CODE = re.compile(r"http://\S+/setup and enter the code ([0-9a-z-]{19}) ")
ADMINISTRATOR, CLERK = "payung-bocor-lagi-deras", "ember-merah-jatuh-tadi"


@dataclass
class Console:
    """A server as somebody starts it in an empty folder, and what it prints."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        return (self.folder / "console").read_text()

    @property
    def code(self) -> str:
        return str(until(lambda: CODE.search(self.printed), "the code is printed")[1])


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    port = free_port()
    environ = make_environ(tmp_path, f"sqlite:///{tmp_path / 'antrean.db'}", port)
    with (tmp_path / "console").open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "queue_server", "serve", "--port", str(port)],
            env=environ,
            cwd=tmp_path,
            stdout=file,
            stderr=file,
            stdin=subprocess.DEVNULL,
        )
    try:
        wait_for_port(port)
        yield Console(tmp_path, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


@dataclass
class Hand:
    """Somebody at a keyboard. `fields` are those that were filled in or chosen."""

    page: Page
    axe: Callable[[Page], list[str]]
    fields: list[str] = field(default_factory=list)

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.fields.append(name)
            self.page.fill(f"#f-{name}", value)

    def press(self, words: str) -> None:
        self.page.locator("main").get_by_role("button", name=words).first.click()

    def step(self, step: str) -> None:
        """Open a step from the list, which is judged on the way."""
        assert self.axe(self.page) == [], self.page.url
        self.page.locator(f"#step-{step} a").click()
        assert self.axe(self.page) == [], self.page.url

    def expect_done(self, step: str, words: str = "Done") -> None:
        expect(self.page.locator(f"#step-{step} .badge")).to_have_text(words)


def test_a_new_office_serves_its_first_visitor_within_ten_minutes(
    console: Console, page_at: Pages, axe: Callable[[Page], list[str]]
) -> None:
    hand = Hand(page_at(1366, 768, "en-GB"), axe)
    page = hand.page

    page.goto(f"{console.url}/setup")
    assert axe(page) == []
    hand.fill(
        code=console.code,
        name="Ratna Sari",
        username="ratna",
        password=ADMINISTRATOR,
        again=ADMINISTRATOR,
    )
    hand.press("Make the first administrator")
    expect(page.locator("h1")).to_have_text("Set up an office")
    assert axe(page) == []
    hand.fill(code="3601", name="Disdukcapil Contoh", address="Jalan Contoh 1", phone="021-555")
    hand.press("Make this office")

    hand.step("room")
    hand.fill(length_m="8", width_m="7,5")
    hand.press("From the size of the waiting room")
    hand.expect_done("room")
    hand.step("hours")
    hand.press("Use these hours")
    hand.expect_done("hours")
    hand.step("services")
    hand.press("Take over these services")
    hand.expect_done("services")
    hand.step("counters")
    hand.fill(counters="3")
    hand.press("Add these counters")
    hand.expect_done("counters")

    hand.step("staff")
    hand.fill(name="Budi Santoso", username="budi")
    page.check("input[name=role][value=clerk]")
    hand.fields.append("role")
    hand.press("Add")
    handed_over = page.locator("main code").inner_text()

    page.goto(f"{console.url}/setup/steps?office=3601")
    hand.expect_done("staff")
    page.locator("#step-devices").get_by_role("button", name="Leave it out").click()
    hand.expect_done("devices", "Left out")
    hand.step("paper")
    page.go_back()
    page.locator("#step-paper").get_by_role("button", name="It worked").click()
    hand.expect_done("paper")
    page.locator("#step-call").get_by_role("button", name="Leave it out").click()
    expect(page.locator("main")).to_contain_text("Nothing waits")
    assert axe(page) == []

    page.get_by_role("link", name="To the reception").click()
    page.wait_for_load_state("load")
    page.select_option("#service", "AMB")
    hand.fields.append("service")
    page.click("#give")
    number = page.locator("#visit-number")
    expect(number).to_have_text(re.compile("C[0-9]{3}"))

    clerk = Clerk(page_at(1366, 768, "en-GB"))
    clerk.sign_in(f"{console.url}/desk", "budi", handed_over)
    second = Hand(clerk.page, axe, [*hand.fields, "username", "password"])
    second.fill(current=handed_over, password=CLERK, again=CLERK)
    second.press("Change my password")
    clerk.open_counter("3601-1")
    assert clerk.call_next() == number.inner_text()
    clerk.press("s", "SERVING")
    clerk.press("d", "")

    assert len(second.fields) * SECONDS_A_FIELD <= SECONDS_MOST, second.fields
    assert 15 <= len(second.fields) <= 30, "every field is counted, and there are few"
    page.goto(f"{console.url}/setup")
    expect(page).not_to_have_url(re.compile("/setup"))
