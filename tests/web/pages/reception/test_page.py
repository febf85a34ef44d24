"""The reception's page in a real browser: found by code and by name, given, booked, changed,
copied; calm on a desk and on a phone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from queue_server.domain.booking.slots import slot_id
from tests.fixtures.application import HOME, NAME, PASSWORD
from tests.fixtures.application import at as moment_at
from tests.fixtures.browser import Pages, faults
from tests.fixtures.live_server import LiveServer

pytestmark = pytest.mark.requires_browser


@pytest.fixture
def open_page(live_server: LiveServer, page_at: Pages) -> Callable[..., Page]:
    def open_page(width: int = 1366, height: int = 768, **options: Any) -> Page:
        page = page_at(width, height, **options)
        page.goto(f"{live_server.url}/login?next=/reception")
        page.fill("[name=username]", "clerk")
        page.fill("[name=password]", PASSWORD)
        page.click("main form .button")
        page.wait_for_url("**/reception")
        return page

    return open_page


_people = iter(range(1, 99))


def book(server: LiveServer, hour: int, minute: int, name: str = NAME) -> dict[str, Any]:
    body = {
        "service": "REK",
        "slot": slot_id(moment_at(hour, minute)),
        "nik": f"9101014507880{next(_people):03d}",
        "name": name,
    }
    done = server.ask("POST", f"/offices/{HOME}/bookings", json=body)
    assert done.status_code == 201, done.text
    return dict(done.json())


def come(server: LiveServer) -> dict[str, Any]:
    return dict(
        server.ask("POST", f"/offices/{HOME}/tickets", "kiosk", json={"service": "REK"}).json()
    )


def clear(server: LiveServer) -> None:
    queue = server.ask("GET", f"/offices/{HOME}/queue", "clerk").json()
    for each in queue["waiting"]:
        server.ask("POST", f"/tickets/{each['id']}/leave", "clerk")


@pytest.mark.parametrize(
    ("width", "height", "locale"), [(1366, 768, "id-ID"), (360, 740, "en-GB"), (360, 740, "id-ID")]
)
def test_the_page_is_accessible_in_every_state(
    live_server: LiveServer,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    locale: str,
) -> None:
    page = open_page(width, height, locale=locale)
    assert faults(page, axe) == []
    book(live_server, 14, 0, f"Budi Santoso {width} {locale}")
    page.fill("#name-part", "Bu")
    page.click("#names .button")
    expect(page.locator("#found li").first).to_be_visible()
    assert faults(page, axe) == []
    page.locator("#found button").first.click()
    expect(page.locator("#check-in")).to_be_visible()
    assert faults(page, axe) == []
    page.select_option("#urgency", "court")
    page.click("#give")
    expect(page.locator("#evidence")).to_be_visible()
    page.click("[data-evidence=OK]")
    expect(page.locator("[data-evidence=OK]")).to_have_attribute("aria-pressed", "true")
    assert faults(page, axe) == []
    page.check("[name=when][value=later]")
    page.locator("#offers input").last.check()
    expect(page.locator("#slot")).to_be_visible()
    assert faults(page, axe) == []
    clear(live_server)


def test_by_name_checked_in_with_a_companion_and_copied(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    clear(live_server)
    book(live_server, 9, 30, "Kartini Wulandari")
    page = open_page()
    page.fill("#name-part", "k")
    page.click("#names .button")
    expect(page.locator("#find-error")).to_contain_text("dua huruf")
    page.fill("#name-part", "wulan kar")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("Kartini Wulandari")
    page.keyboard.press("Enter")
    expect(page.locator("#visit-state")).to_have_text("Terdaftar")
    page.click("#check-in")
    expect(page.locator("#visit-state")).to_have_text("Menunggu")
    expect(page.locator("#visit-place")).to_contain_text("Boleh masuk · Tidak ada antrean di depan")
    number = page.locator("#visit-number").inner_text()
    page.select_option("#party-size", "3")
    page.click("#party .button")
    expect(page.locator("#visit-time")).to_contain_text("3 orang")
    expect(page.locator("#copy")).to_be_visible()
    address = page.locator("#copy").get_attribute("action")
    token = page.locator("#copy [name=csrf_token]").input_value()
    copy = page.request.post(f"{live_server.url}{address}", form={"csrf_token": token})
    assert copy.status == 200 and copy.body()[:5] == b"%PDF-"
    page.fill("#shown", number)
    page.keyboard.press("Enter")
    expect(page.locator("#visit-number")).to_have_text(number)
    clear(live_server)


def test_the_room_refuses_a_companion_and_says_so(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    clear(live_server)
    ticket = come(live_server)
    body = {"delta": 11, "reason": "test"}
    live_server.ask("POST", f"/offices/{HOME}/occupancy", "clerk", json=body).raise_for_status()
    page = open_page()
    page.fill("#shown", ticket["code"])
    page.keyboard.press("Enter")
    page.select_option("#party-size", "2")
    page.click("#party .button")
    expect(page.locator("#visit-error")).to_contain_text("Ruangan penuh")
    expect(page.locator("#party-size")).to_have_value("1")
    live_server.ask(
        "POST", f"/offices/{HOME}/occupancy", "clerk", json={**body, "delta": -11}
    ).raise_for_status()
    page.click("#urgent summary")
    page.click("#urgent-form .button")
    expect(page.locator("#visit-error")).to_contain_text("pilih alasan")
    page.select_option("#urgent-why", "death")
    page.click("#urgent-form .button")
    expect(page.locator("#visit-time")).to_contain_text("Mendesak")
    expect(page.locator("#evidence")).to_be_visible()
    clear(live_server)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        ({"low": 0, "high": 5}, "kurang dari 5 menit"),
        ({"low": 12, "high": 30}, "sekitar 12–30 menit"),
    ],
)
def test_a_wait_that_begins_at_nothing_is_said_by_its_end(
    live_server: LiveServer, open_page: Callable[..., Page], wait: dict[str, int], said: str
) -> None:
    ticket = come(live_server)
    page = open_page()

    def answer(route: Route) -> None:
        visit = route.fetch().json()
        visit["ticket"]["wait"] = wait
        route.fulfill(json=visit)

    page.route("**/ticket?shown=*", answer)
    page.fill("#shown", ticket["code"])
    page.keyboard.press("Enter")
    expect(page.locator("#visit-place")).to_contain_text(f" · {said}")
    clear(live_server)


def test_a_time_is_booked_and_limits_are_told(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    nik = f"9101014507880{next(_people):03d}"

    def fill() -> None:
        page.check("[name=when][value=later]")
        page.check("[name=time][value=other]")
        page.select_option("#day", str((moment_at(10, day=1) + timedelta(hours=7)).date()))
        page.fill("#nik", nik)
        page.fill("#name", "Sri")
        page.click("#book")

    fill()
    expect(page.locator("#visit-state")).to_have_text("Terdaftar")
    code = page.locator("#visit-number").inner_text().replace("-", "")
    expect(page.locator("#print")).to_have_attribute("href", f"/api/v1/tickets/{code}/slip.pdf")
    assert page.locator("#nik").input_value() == ""
    fill()
    expect(page.locator("#new-error")).to_contain_text("sudah punya pesanan untuk layanan ini")
    assert page.locator("#nik").input_value() == nik, "nothing typed is lost"


PRESSES_MAX = 30


@pytest.mark.parametrize(
    ("locale", "state", "letter"),
    [("id-ID", "Terdaftar", "A Ambon"), ("en-GB", "Booked", "A for Alfa")],
)
def test_a_caller_is_booked_by_keyboard_and_the_confirmation_printed(
    live_server: LiveServer,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    locale: str,
    state: str,
    letter: str,
) -> None:
    page = open_page(locale=locale)
    presses: list[str] = []

    def press(key: str) -> None:
        presses.append(key)
        page.keyboard.press(key)

    def go_to(selector: str) -> None:
        while not page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert len(presses) < PRESSES_MAX, (selector, presses)
            press("Tab")

    expect(page.locator("#shown"), "a scanner or a keyboard begins here").to_be_focused()
    go_to("[name=when]")
    press("ArrowRight")
    go_to("#task")
    page.keyboard.type("mau bikin akt")
    expect(page.locator("#service")).to_have_value("AKT")
    expect(page.locator("#offers input")).not_to_have_count(0)
    go_to("[name=time]")
    press("ArrowDown")
    chosen = page.locator("#offers label:has(input:checked)").inner_text().strip()
    go_to("#name")
    page.keyboard.type("Siti")
    go_to("#nik")
    page.keyboard.type(f"9101014507880{next(_people):03d}")
    go_to("#phone")
    # Twelve digits at once and Enter are a scanner's.
    page.keyboard.type(f"0812000000{next(_people):02d}", delay=80)
    press("Enter")
    expect(page.locator("#visit-state")).to_have_text(state)
    expect(page.locator("#read-out-time")).to_have_text(chosen)
    expect(page.locator("#visit")).to_be_focused()
    heard = {"build": "1", "facts": {"printer": "ready"}}
    live_server.ask("POST", "/devices/self/heartbeat", "printer", json=heard).raise_for_status()
    go_to("#order")
    press("Enter")
    expect(page.locator("#order-state")).to_contain_text(
        "dicetak" if locale == "id-ID" else "prints it"
    )
    assert len(presses) <= PRESSES_MAX, presses
    code = page.locator("#visit-number").inner_text().replace("-", "")
    slips = live_server.ask("GET", "/devices/self/slips", "printer").json()["slips"]
    assert [(each["number"], each["language"]) for each in slips if each["code"] == code] == [
        ("", locale[:2])
    ]
    said = json.loads(page.locator("#reception").get_attribute("data-words") or "")["spelling"]
    lines = [
        " ".join((group, ", ".join(said.get(each, each) for each in group)))
        for group in (code[:4], code[4:8], code[8:])
    ]
    shown = page.locator("#spelling li").all_inner_texts()
    assert [" ".join(each.split()) for each in shown] == lines
    assert said["A"] == letter
    assert faults(page, axe) == []


def test_times_that_arrive_late_do_not_undo_what_was_chosen(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.check("[name=when][value=later]")
    expect(page.locator("#offers input")).not_to_have_count(0)
    late: list[Route] = []

    def hold_back(route: Route) -> None:
        late.append(route)

    page.route("**/reception/availability?*", hold_back)
    with page.expect_request("**/reception/availability?*"):
        page.select_option("#people", "2")
    page.locator("#offers input").nth(1).check()
    wanted = page.locator("#offers input").nth(1).input_value()
    with page.expect_response("**/reception/availability?*"):
        late[0].continue_()
    page.wait_for_function("wanted => document.activeElement.value === wanted", arg=wanted)
    expect(page.locator("#offers input:checked")).to_have_value(wanted)


def test_without_a_printer_the_page_says_where_to_print(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    heard = {"build": "1", "facts": {"printer": "offline"}}
    live_server.ask("POST", "/devices/self/heartbeat", "printer", json=heard).raise_for_status()
    clear(live_server)
    ticket = come(live_server)
    page = open_page()
    page.fill("#shown", ticket["code"])
    page.keyboard.press("Enter")
    page.click("#order")
    expect(page.locator("#visit-error")).to_contain_text("cetak dari komputer ini")
    clear(live_server)


def test_the_slip_is_in_the_language_chosen_and_the_pages_own_unless_another_is(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    clear(live_server)
    page = open_page()
    expect(page.locator("#language option:checked")).to_have_text("Bahasa Indonesia")
    page.select_option("#language", "en")
    page.click("#give")
    expect(page.locator("#visit-number")).to_be_visible()
    expect(page.locator("#language"), "the next visitor's is the page's again").to_have_value("id")
    page.goto(f"{live_server.url}/reception?lang=en")
    expect(page.locator("#language")).to_have_value("en")
    page.select_option("#language", "id")
    page.click("#give")
    expect(page.locator("#visit-number")).to_be_visible()
    queue = live_server.ask("GET", f"/offices/{HOME}/queue", "clerk").json()
    assert [each["language"] for each in queue["waiting"]] == ["en", "id"]
    page.check("[name=when][value=later]")
    page.fill("#nik", f"9101014507880{next(_people):03d}")
    page.fill("#name", "Sri")
    page.check("[name=time][value=other]")
    page.select_option("#day", str((moment_at(10, day=1) + timedelta(hours=7)).date()))
    with page.expect_request("**/reception/bookings") as sent:
        page.click("#book")
    assert sent.value.post_data_json["language"] == "en"
    clear(live_server)


def test_a_lost_answer_gives_one_number(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    clear(live_server)
    page = open_page()
    lost: list[Any] = []

    def lose(route: Any) -> None:
        if len(lost) < 2:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/reception/tickets", lose)
    page.click("#give")
    expect(page.locator("#new-error")).to_contain_text("Tidak ada jawaban")
    page.click("#give")
    expect(page.locator("#visit")).to_be_visible()
    assert len(live_server.ask("GET", f"/offices/{HOME}/queue", "clerk").json()["waiting"]) == 1
    clear(live_server)


def test_the_number_that_somebody_holds_on_paper_is_entered_once(
    live_server: LiveServer, open_page: Callable[..., Page]
) -> None:
    clear(live_server)
    page = open_page()
    page.fill("#roll", "r041")
    page.click("#give")
    expect(page.locator("#visit")).to_contain_text("R041")
    expect(page.locator("#roll")).to_have_value("")
    page.fill("#roll", "41")
    page.click("#give")
    expect(page.locator("#new-error")).to_contain_text("sudah dimasukkan hari ini")
    page.fill("#roll", "A012")
    page.click("#give")
    expect(page.locator("#new-error")).to_contain_text("diawali R")
    clear(live_server)


def test_the_triage_is_asked_at_the_desk_and_keeps_nobody_from_a_number(
    live_server: LiveServer, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    clear(live_server)
    page = open_page(locale="en-GB")

    def figures() -> dict[str, Any]:
        path = f"/offices/{HOME}/triage/figures"
        return dict(live_server.ask("GET", path, "manager").json())

    page.select_option("#service", "AKT")
    expect(page.locator("#triage"), "this service leaves no choice").to_be_hidden()
    page.select_option("#service", "REK")
    expect(page.locator("#triage-title")).to_contain_text("ever had their photo")
    assert faults(page, axe) == []
    page.click("#triage-answers >> text=Never")
    expect(page.locator("#triage-title")).to_have_text("Can this person come to the office?")
    page.click("#triage-answers >> text=bedridden")
    expect(page.locator("#triage-title")).to_have_text("An officer can come to the home")
    page.click("#triage-more summary")
    expect(page.locator("#triage-steps li")).to_have_count(3)
    assert faults(page, axe) == []
    page.click("#triage-advised")
    expect(page.locator("#snackbar")).to_contain_text("An officer can come to the home")
    expect(page.locator("#triage-title"), "and the next one is asked").to_contain_text("ever had")
    assert [(each["asker"], each["advised"]) for each in figures()["advised"]] == [("STAFF", 1)]
    page.click("#triage-answers >> text=Never")
    page.click("#triage-answers >> text=bedridden")
    page.click("[data-anyway=CAME_FAR]")
    expect(page.locator("#visit-state")).to_have_text("Waiting")
    assert [each["reason"] for each in figures()["served_anyway"]] == ["CAME_FAR"]
    assert len(live_server.ask("GET", f"/offices/{HOME}/queue", "clerk").json()["waiting"]) == 1
    clear(live_server)
