"""A kiosk's day with the real server, agent and printer service: numbers, bookings, no paper, no
network, a call for help and an evacuation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kiosk.page.words import words as kiosk_words
from tests.journeys.kiosk_day import NAME, DoorKiosk, Visitor, kiosk_at_the_door
from tests.journeys.people import Clerk
from tests.journeys.stage import Demo, until
from tests.kiosk.conftest import on

pytestmark = [pytest.mark.requires_browser, pytest.mark.timeout(240)]

SERVICE = "REK"
NOT_IN_ORDER = {"id": "tidak selalu dipanggil berurutan", "en": "not always called in order"}
TOLD_WITHIN = 20_000
"""Ten seconds is the promise; a shared machine is slow."""

FIRST = [((1080, 1920), "id"), ((1280, 800), "en")]
OTHERS = [((1080, 1920), "en"), ((1280, 800), "id"), ((768, 1024), "id"), ((768, 1024), "en")]


@pytest.fixture(scope="module")
def door(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoorKiosk]:
    demo.set_limit(500)
    demo.set_rules(door={"check_in_early_minutes": 240})
    with kiosk_at_the_door(demo, tmp_path_factory.mktemp("door")) as kiosk:
        yield kiosk


@pytest.fixture
def kiosk(door: DoorKiosk) -> Iterator[DoorKiosk]:
    """The module's kiosk, all well with it before and after."""
    until(door.is_settled, "the kiosk works with the server", 60)
    door.forget_calls()
    yield door
    door.cable.mend()
    door.bring_printer_back()
    door.resume()


@pytest.fixture
def staff(demo: Demo, page_at: Any) -> Callable[[str, str], Page]:
    """`staff(role, path)` is a page as that person sees it, in Indonesian."""

    def open_as(role: str, path: str) -> Page:
        somebody = Clerk(page_at(1366, 768))
        login = demo.access["logins"][role]
        somebody.sign_in(f"{demo.server}{path}", login["username"], login["password"])
        return somebody.page

    return open_as


@pytest.mark.parametrize(
    ("size", "language"),
    [*FIRST, *(pytest.param(*each, marks=pytest.mark.slow) for each in OTHERS)],
)
def test_a_day_at_the_kiosk(
    kiosk: DoorKiosk,
    demo: Demo,
    page_at: Any,
    axe: Callable[[Page], list[str]],
    staff: Callable[[str, str], Page],
    new_nik: Callable[[], str],
    tmp_path: Path,
    size: tuple[int, int],
    language: str,
) -> None:
    # Early, so that the kiosk knows it before its network is cut.
    twice = kiosk.book(new_nik(), SERVICE)
    visitor = Visitor(page_at(*size), language, axe)
    visitor.enter(kiosk.agent.url)
    take_numbers(visitor, kiosk, tmp_path)
    check_in_twice(visitor, kiosk, kiosk.book(new_nik(), SERVICE), tmp_path)
    go_without_paper(visitor, kiosk, staff, tmp_path)
    call_for_help(visitor, staff, tmp_path)
    go_without_network(visitor, kiosk, staff, twice, tmp_path)
    evacuate(visitor, kiosk, tmp_path)
    assert not visitor.faults, "\n".join(visitor.faults)


def take_numbers(visitor: Visitor, kiosk: DoorKiosk, folder: Path) -> None:
    """The common way takes two touches; another language, a party or an urgent case three."""
    visitor.begin()
    opens = "08.00" if visitor.language == "id" else "08:00"
    expect(visitor.page.locator("#hours")).to_contain_text(opens)
    visitor.see("home", folder)
    visitor.touch(f"[data-service={SERVICE}]")
    visitor.see("confirm", folder)
    visitor.touch("#go")
    number = visitor.number
    assert visitor.touches == (2 if visitor.language == "id" else 3)
    visitor.page.wait_for_selector("#print[data-print=printed]")
    visitor.see("result", folder)
    assert len(kiosk.slips_of(number)) == 1
    visitor.done()

    visitor.begin()
    visitor.touch(f"[data-service={SERVICE}]")
    visitor.touch("#party [data-value='2']")
    visitor.touch("#go")
    assert visitor.number != number
    assert visitor.touches == (3 if visitor.language == "id" else 4)
    visitor.done()

    visitor.begin()
    visitor.touch(f"[data-service={SERVICE}]")
    visitor.touch("#priority [data-value=elderly]")
    visitor.touch("#go")
    assert visitor.number
    assert visitor.touches == (3 if visitor.language == "id" else 4)
    visitor.done()

    visitor.begin()
    visitor.touch(f"[data-service={SERVICE}]")
    visitor.touch(".is-urgent")
    visitor.see("reasons", folder)
    visitor.touch(visitor.page.locator(".reason").first)
    assert visitor.number
    assert visitor.touches == (3 if visitor.language == "id" else 4)
    visitor.see("urgent", folder)
    visitor.done()


def check_in_twice(visitor: Visitor, kiosk: DoorKiosk, code: str, folder: Path) -> None:
    """The same booking once more: the same number, and its second slip is marked as a copy."""
    words = kiosk_words(visitor.language)
    visitor.begin()
    number = visitor.scan(code)
    visitor.page.wait_for_selector("#print[data-print=printed]")
    assert "SALINAN" not in kiosk.slips_of(number)[0]
    visitor.done()
    visitor.begin()
    assert visitor.scan(code) == number
    expect(visitor.page.locator("#result-facts")).to_contain_text(
        words["repeated"].split("{")[0].strip()
    )
    visitor.see("repeated", folder)
    visitor.touch("#copy")
    until(lambda: len(kiosk.slips_of(number)) == 2, "a copy is printed")
    assert "SALINAN" in kiosk.slips_of(number)[1]
    visitor.done()


def go_without_paper(
    visitor: Visitor, kiosk: DoorKiosk, staff: Callable[[str, str], Page], folder: Path
) -> None:
    """Without a printer the number and its code are large, and the staff know."""
    kiosk.take_printer_away()
    visitor.begin()
    visitor.touch(f"[data-service={SERVICE}]")
    visitor.touch("#go")
    assert visitor.number
    visitor.page.wait_for_selector("#print[data-print=trouble]")
    visitor.page.wait_for_selector("body[data-phone]")
    visitor.see("without-paper", folder)
    assert visitor.page.locator("#qr").bounding_box()["width"] >= 290  # type: ignore[index]
    dashboard = staff("supervisor", "/supervise")
    alert = dashboard.locator("#alerts [data-open=yes]", has_text=NAME)
    expect(alert).to_be_visible(timeout=TOLD_WITHIN)
    devices = staff("manager", "/manage/devices")
    card = devices.locator(".device", has_text=NAME)
    expect(card.locator(".device__trouble")).to_contain_text(NAME)
    visitor.faults += [f"devices: {each}" for each in visitor.axe(devices)]
    visitor.faults += [f"dashboard: {each}" for each in visitor.axe(dashboard)]
    kiosk.bring_printer_back()
    expect(alert).to_have_count(0, timeout=TOLD_WITHIN)
    visitor.done()


def go_without_network(
    visitor: Visitor, kiosk: DoorKiosk, staff: Callable[[str, str], Page], code: str, folder: Path
) -> None:
    """The kiosk goes on alone, and what it gave is in the staff's queue afterwards; a booking that
    was checked in at two kiosks is shown to them.
    """
    kiosk.cable.cut()
    other = kiosk.check_in_at_the_other(code)
    until(lambda: kiosk.state()["link"] in ("doubt", "offline"), "the kiosk works alone")
    words = kiosk_words(visitor.language)
    visitor.begin()
    expect(visitor.page.locator("#alone")).to_have_text(words["alone"])
    expect(visitor.page.locator(f".tile[data-service={SERVICE}]:not(.closed)")).to_be_visible()
    expect(visitor.page.locator("#room")).to_be_empty()
    expect(visitor.page.locator(f".tile[data-service={SERVICE}] .load")).to_be_empty()
    visitor.see("alone", folder)
    visitor.touch(f"[data-service={SERVICE}]")
    visitor.touch("#go")
    number = visitor.number
    assert visitor.touches == (2 if visitor.language == "id" else 3)
    expect(visitor.page.locator("#result-facts")).to_contain_text(words["other_order"])
    visitor.page.wait_for_selector("#print[data-print=printed]")
    visitor.see("alone-result", folder)
    (slip,) = kiosk.slips_of(number)
    assert NOT_IN_ORDER[visitor.language] in " ".join(slip.split())
    visitor.done()
    visitor.begin()
    doubled = visitor.scan(code)
    assert doubled != other
    visitor.done()
    kiosk.cable.mend()
    until(kiosk.is_settled, "everything is reported", 60)
    assert kiosk.is_in_queue(number)
    assert not kiosk.is_in_queue(doubled), "one visitor waits once"
    conflicts = staff("supervisor", "/supervise/conflicts")
    expect(conflicts.locator(".card", has_text=doubled)).to_be_visible()
    conflicts.screenshot(path=str(folder / "conflicts.png"))
    visitor.faults += [f"conflicts: {each}" for each in visitor.axe(conflicts)]


def call_for_help(visitor: Visitor, staff: Callable[[str, str], Page], folder: Path) -> None:
    """The guard sees the call, says that they come, and the kiosk tells the visitor."""
    words = kiosk_words(visitor.language)
    guard = staff("guard", "/door")
    guard.wait_for_selector("#help-calls", state="attached")
    visitor.begin()
    visitor.touch("#help")
    expect(visitor.page.locator("#help-title")).to_have_text(words["help_asked_title"])
    visitor.see("help", folder)
    call = guard.locator(".help-call", has_text=NAME)
    call.get_by_role("button", name="Saya ke sana").click()
    expect(visitor.page.locator("#help-title")).to_have_text(
        words["help_answered_title"], timeout=TOLD_WITHIN
    )
    visitor.see("help-answered", folder)
    visitor.faults += [f"door: {each}" for each in visitor.axe(guard)]
    call.locator("[data-help=end]").click()
    expect(call).to_have_count(0)
    visitor.page.wait_for_selector('#help[data-stage="none"]')
    visitor.page.locator("#help-close").click()


def evacuate(visitor: Visitor, kiosk: DoorKiosk, folder: Path) -> None:
    """An evacuation stands over everything, and ends by itself when it is over."""
    on(visitor.page, "home")
    kiosk.pause("EVACUATION")
    on(visitor.page, "evacuation", TOLD_WITHIN)
    visitor.see("evacuation", folder)
    kiosk.resume()
    on(visitor.page, "home", TOLD_WITHIN)
