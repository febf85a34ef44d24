"""What happens between booking and being served, in both languages: no phone, a moved visit, a lost
connection, a missed call, a missed day, and an office that changes overnight.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from queue_server.services.upkeep import miss_slot
from queue_server.store.visit import tickets
from queue_server.store.writer.database import Database
from tests.journeys.citizens import LOCALES, Citizen, read_pdf
from tests.journeys.people import Clerk
from tests.journeys.stage import Demo, until
from tests.web.pages.citizen.test_ticket_offline_browser import wait_until_kept

pytestmark = [pytest.mark.requires_browser, pytest.mark.timeout(180)]

COUNTER = "3674-8"
"""A counter that serves the stream of `SERVICE` alone, for which nobody waits."""
SERVICE = "REK"
OTHER_OFFICES = {"id": "3672", "en": "3673"}
"""Whose mode is changed: each language has one of its own."""


@pytest.fixture(params=LOCALES)
def citizen(request: pytest.FixtureRequest, demo: Demo, page_at: Any) -> Citizen:
    """Somebody with a small phone, in each language."""
    page = page_at(360, 740, LOCALES[request.param])
    return Citizen(page, demo, request.param, demo.office)


def book(citizen: Citizen, service: str, nik: str, *, day: int = 1) -> str:
    """A booking on one of the days shown; gives the code."""
    citizen.choose_service(service)
    citizen.take_time(day)
    citizen.give("Siti Rahmawati", nik)
    return citizen.book()


def move(citizen: Citizen, day: int, last4: str) -> None:
    """Move the visit to the last free time of a day."""
    citizen.follow("Choose another time")
    citizen.page.locator("a.day-chip[href*='day=20']").nth(day).click()
    citizen.page.get_by_role("radio").last.check(force=True)
    citizen.page.locator("#f-last4").fill(last4)
    citizen.press("Move the visit to this time")


def test_a_visit_is_moved_twice_and_the_calendar_follows(
    citizen: Citizen, new_nik: Callable[[], str]
) -> None:
    nik = new_nik()
    code = book(citizen, "PGD", nik)
    entries = [citizen.calendar(code)]
    once_more = citizen.say_number(
        "You can move it once more.", "You can move it %(num)s more times.", 1
    )
    lasts = citizen.say("You cannot move it again. You can still cancel it.")
    for day, left in ((2, once_more), (3, lasts)):
        move(citizen, day, nik[-4:])
        citizen.read(citizen.say("Your visit is moved"), left)
        entries.append(citizen.calendar(code))
    assert len({str(each["uid"]) for each in entries}) == 1, "one entry, changed"
    assert [each["sequence"] for each in entries] == sorted({each["sequence"] for each in entries})
    starts = [each["dtstart"].dt for each in entries]
    assert starts == sorted(set(starts))
    expect(citizen.page.get_by_role("link", name=citizen.say("Choose another time"))).to_have_count(
        0
    )
    expect(citizen.page.get_by_role("link", name=citizen.say("Cancel this visit"))).to_be_visible()


def test_a_ticket_that_was_open_once_opens_without_a_network(
    citizen: Citizen, new_nik: Callable[[], str]
) -> None:
    page = citizen.page
    code = book(citizen, "AMB", new_nik())
    citizen.go(f"/t/{code}")
    wait_until_kept(page, f"/t/{code}")
    page.context.set_offline(True)
    page.reload()
    age = citizen.say("Last updated at {time}; no connection").partition("{")[0]
    expect(page.locator("#connection")).to_contain_text(age)
    expect(page.locator(".ticket__code")).to_be_visible()
    expect(citizen.fact("Bring")).not_to_be_empty()
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#connection")).to_be_hidden()
    citizen.expect_state("Booked")


def test_a_missed_call_leads_back_into_the_queue(
    citizen: Citizen, use_counter: Callable[[str], str]
) -> None:
    demo, counter = citizen.demo, use_counter(COUNTER)
    demo.set_rules(calling={"recall_seconds": (0, 1, 2), "missed_after_seconds": 0})
    path = f"/offices/{demo.office}/tickets"
    _, slip = demo.api("POST", path, {"service": SERVICE}, role="kiosk")
    citizen.go(f"/t/{slip['code']}")
    citizen.expect_state("Waiting")
    assert done(demo, f"/counters/{counter}/open")
    ticket = f"/tickets/{slip['id']}"
    call = {"counter": counter, "reason": "journey"}
    assert demo.api("POST", f"{ticket}/call", call, role="clerk")[0] == 200
    citizen.expect_state("Called")
    for step in ("recall", "recall", "no-show"):
        until(partial(done, demo, f"{ticket}/{step}"), step)
    citizen.expect_state("Missed")
    citizen.hears(
        "We called you, but did not see you. Come to the reception by {until}: our staff put you "
        "back into the queue.",
        until=r"\d\d[.:]\d\d",
    )
    assert done(demo, f"{ticket}/return")
    citizen.expect_state("Waiting")
    expect(citizen.page.locator("#number")).to_have_text(slip["number"])
    assert done(demo, f"{ticket}/leave")


def done(demo: Demo, step: str) -> bool:
    """Whether a clerk could take a step with a ticket."""
    return demo.api("POST", step, {}, role="clerk")[0] == 200


def test_a_missed_day_leads_to_a_new_time(citizen: Citizen, new_nik: Callable[[], str]) -> None:
    nik = new_nik()
    code = book(citizen, "IKD", nik, day=5)
    pass_by(citizen.demo, code)
    citizen.expect_state("Missed")
    citizen.hears(
        "You did not check in on the day of this booking, so it has ended. Please choose a new "
        "time, or take a number at the office."
    )
    citizen.follow("Choose a new time")
    citizen.read_heading(citizen.say("When do you want to come?"))
    citizen.read(citizen.name("IKD"))
    citizen.take_first_time()
    citizen.give("Siti Rahmawati", nik)
    citizen.book()
    citizen.expect_state("Booked")


def pass_by(demo: Demo, code: str) -> None:
    """Let the day of a booking end without its visitor, as the server's upkeep does."""
    with closing(Database(f"sqlite:///{demo.data / 'antrean.db'}")) as database:
        with database.read() as connection:
            ticket = tickets.find_by_code(connection, code)
        assert ticket.slot is not None
        day_over = partial(miss_slot, ticket=ticket.id, now=ticket.slot + timedelta(hours=12))
        assert database.write([(ticket.office, ticket.date)], day_over) == 1


def test_a_mode_that_changes_overnight_leaves_nobody_without_a_way(
    citizen: Citizen, new_nik: Callable[[], str]
) -> None:
    page, demo, nik = citizen.page, citizen.demo, new_nik()
    citizen.office = OTHER_OFFICES[citizen.language]
    code = book(citizen, "KK", nik)
    citizen.expect_state("Booked")
    booked = datetime.fromisoformat(demo.api("GET", f"/tickets/{code}")[1]["starts_at"])
    midnight = booked.replace(hour=0, minute=0)
    decision = {
        "mode": "URGENT_ONLY",
        "ends_at": (midnight + timedelta(days=2)).isoformat(),
        "notice": {"id": "Hanya yang mendesak.", "en": "Only what is urgent."},
    }
    path = f"/offices/{citizen.office}/mode"
    assert demo.api("POST", path, decision, role="admin")[0] == 200

    # The page that was open says so by itself, and leads to a time after those days.
    citizen.expect_state("Needs a new time")
    citizen.hears(
        "The office had to withdraw this time. Please choose another time, or cancel this visit."
    )
    citizen.follow("Choose another time")
    expect(citizen.fact("Withdrawn time")).not_to_be_empty()
    page.get_by_role("radio").first.check(force=True)
    page.locator("#f-last4").fill(nik[-4:])
    citizen.press("Move the visit to this time")
    citizen.expect_state("Booked")
    moved = datetime.fromisoformat(demo.api("GET", f"/tickets/{code}")[1]["starts_at"])
    assert moved >= midnight + timedelta(days=2)

    # Who comes to the office's page now is led online, and told the notice.
    citizen.go(f"/o/{citizen.office}")
    citizen.read(decision["notice"][citizen.language])
    citizen.follow("See what can be done online")
    expect(page.get_by_role("heading", name=citizen.say("What can be done online"))).to_be_visible()
    expect(page.get_by_role("link", name=citizen.say("My case is urgent")).first).to_be_visible()
    expect(page.get_by_role("link", name=citizen.say("Book a visit"), exact=True)).to_have_count(0)


def test_who_has_no_phone_is_booked_at_the_desk_and_found_without_the_code(
    citizen: Citizen, new_nik: Callable[[], str], page_at: Any
) -> None:
    demo = citizen.demo
    desk: Page = page_at(1366, 768, LOCALES[citizen.language])
    login = demo.access["logins"]["clerk"]
    Clerk(desk).sign_in(f"{demo.server}/login?next=/reception", **login)
    name = f"Mbah Karto {citizen.language}"
    desk.check("[name=when][value=later]")
    desk.select_option("#service", "IKD")
    desk.fill("#name", name)
    desk.fill("#nik", new_nik())
    expect(desk.locator("#slot option, #offers input").first).to_be_attached()
    desk.click("#book")
    expect(desk.locator("#visit-state")).to_have_text(citizen.say("Booked"))
    code = desk.locator("#visit-number").inner_text()

    # The paper in the hand says when, where, and what to bring.
    told = read_pdf(citizen.save(desk.locator("#print").get_attribute("href") or ""))
    assert code in told and citizen.name("IKD") in told

    # It stays at home: the name is enough at the reception.
    desk.goto(f"{demo.server}/reception")
    desk.fill("#name-part", name)
    desk.click("#names .button")
    desk.locator("#found button").first.click()
    expect(desk.locator("#visit-number")).to_have_text(code)
    desk.click("#check-in")
    expect(desk.locator("#visit-state")).to_have_text(citizen.say("Waiting"))
