"""What the ticket page promises holds: a withdrawn time, a missed day, a second call, and when a
visit ends.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.office.changes import HoursChange, RulesChange
from queue_server.domain.office.hours import DayHours
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services import upkeep
from queue_server.services.booking import availability, booking, moving
from queue_server.services.door import arrival
from queue_server.services.office import changes
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.slips import view_slip
from queue_server.store.visit import tickets
from tests.fixtures.pdf import read_text
from tests.web.site import Site, links_of, main_form

OFFICE = "3674"
DAY = date(2026, 11, 26)
FINGERPRINT = "5" * 64


def free_times(site: Site, service: str) -> list[booking.AvailableSlot]:
    """The times of `DAY`, as the list of free times gives them."""
    database = site.application.database
    with database.read() as connection:
        office = database.offices.get(connection, OFFICE)
        [day] = availability.list_availability(
            connection, office, service, DAY, 1, 1, site.clock.now
        )
    return [slot for slot in day.slots if slot.free]


def book(site: Site, service: str = "KK", slot: booking.AvailableSlot | None = None) -> Ticket:
    slot = slot or free_times(site, service)[2]
    visitor = Visitor("Siti", FINGERPRINT, "0001", "+6281218319931")
    wanted = BookingRequest(service, slot.starts_at, visitor)
    command = partial(booking.book, office=OFFICE, wanted=wanted, draw=draw(), now=site.clock.now)
    return site.application.database.write([(OFFICE, DAY)], command)


def change(site: Site, wanted: HoursChange | RulesChange) -> None:
    """Change the office's settings and plan its coming days anew."""
    database, now = site.application.database, site.clock.now
    database.write(
        [(OFFICE, now.date())],
        partial(changes.apply_change, office=OFFICE, change=wanted, by="manager", now=now),
    )
    upkeep.plan_office(database, OFFICE, now)


def withdraw(site: Site) -> None:
    """Close the office on `DAY`, which strands whoever has booked it."""
    change(site, HoursChange(days={DAY: DayHours(())}))


def event_of(browser: FlaskClient, ticket: Ticket) -> Calendar:
    return Calendar.from_ical(browser.get(f"/t/{ticket.code}/calendar.ics").text).walk("VEVENT")[0]


def test_a_withdrawn_time_is_no_longer_the_time_of_the_visit(site: Site) -> None:
    ticket, browser = book(site), site.browser()
    assert 'class="ticket__number ticket__number--time"' in browser.get(f"/t/{ticket.code}").text
    assert event_of(browser, ticket)["STATUS"] == "CONFIRMED"
    assert "WIB" in read_text(browser.get(f"/api/v1/tickets/{ticket.code}/slip.pdf").data)
    withdraw(site)
    page = browser.get(f"/t/{ticket.code}?lang=en")
    assert "The office had to withdraw this time." in page.text
    assert "ticket__number--time" not in page.text and "Withdrawn time" in page.text
    assert links_of(page, "/move") and links_of(page, "/cancel")
    assert event_of(browser, ticket)["STATUS"] == "CANCELLED"
    assert "WIB" not in read_text(browser.get(f"/api/v1/tickets/{ticket.code}/slip.pdf").data)


def test_whoever_lost_the_time_to_the_office_may_choose_another_though_all_own_moves_are_used_up(
    site: Site,
) -> None:
    ticket, browser = book(site), site.browser()
    database = site.application.database
    for slot in free_times(site, "KK")[3:5]:
        database.write(
            [(OFFICE, DAY)],
            partial(
                moving.reschedule,
                ticket=ticket.id,
                slot=slot.starts_at,
                by="holder",
                chance=0.5,
                now=site.clock.now,
            ),
        )
    assert not links_of(browser.get(f"/t/{ticket.code}"), "/move")
    withdraw(site)
    assert links_of(browser.get(f"/t/{ticket.code}"), "/move")
    move = main_form(browser.get(f"/t/{ticket.code}/move"))
    assert site.send(browser, move, slot=move.choices["slot"][0], last4="9931").status_code == 303
    assert not links_of(browser.get(f"/t/{ticket.code}"), "/move"), (
        "the free move gives no further one"
    )


def test_who_never_came_is_not_told_of_a_call(site: Site) -> None:
    ticket, browser = book(site), site.browser()
    site.clock.pass_by(days=3)
    upkeep.miss_slots(site.application.database, site.clock.now)
    assert said(browser.get(f"/t/{ticket.code}?lang=en").text).startswith(
        "You did not check in on the day of this booking"
    )


def test_each_further_call_is_said_in_words_of_its_own(site: Site) -> None:
    """A screen reader reads a live region out when its words change, and only then."""
    database, now = site.application.database, site.clock.now
    arrived = database.write(
        [(OFFICE, now.date())],
        partial(
            arrival.issue_walk_in,
            office=OFFICE,
            wanted=arrival.WalkIn(service="KK"),
            draw=draw(),
            now=now,
        ),
    )
    clerk, visitor = site.sign_in(site.browser(), "sari"), site.browser()
    token = re.search(r'data-token="([0-9a-f]+)"', clerk.get("/desk").text)
    assert token is not None
    headers = {"X-CSRF-Token": token.group(1)}
    assert (
        clerk.post("/api/v1/counters/3674-3/call-next", json={}, headers=headers).status_code == 200
    )
    told = [said(visitor.get(f"/t/{arrived.ticket.code}?lang=en").text)]
    for _ in range(2):
        site.clock.pass_by(minutes=2)
        assert (
            clerk.post(
                f"/api/v1/tickets/{arrived.ticket.id}/recall", json={}, headers=headers
            ).status_code
            == 200
        )
        told.append(said(visitor.get(f"/t/{arrived.ticket.code}?lang=en").text))
    assert told == [
        "It is your turn. Please go to Counter 3.",
        "Call no. 2: it is your turn. Please go to Counter 3 now.",
        "Call no. 3: it is your turn. Please go to Counter 3 now.",
    ]


def said(page: str) -> str:
    """What the page tells its visitor to do."""
    found = re.search(r'id="say" aria-live="assertive">([^<]*)<', page)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("service", ["AKP", "KK"])
def test_a_visit_ends_when_the_list_of_free_times_said(site: Site, service: str) -> None:
    """AKP takes 25 minutes: two times of 15."""
    slot = free_times(site, service)[2]
    ticket, browser = book(site, service, slot), site.browser()
    length = slot.ends_at - slot.starts_at
    assert length == timedelta(minutes=30 if service == "AKP" else 15)

    view = browser.get(f"/api/v1/tickets/{ticket.code}").get_json()
    assert datetime.fromisoformat(view["ends_at"]) == slot.ends_at
    event = event_of(browser, ticket)
    assert event.end - event.start == length
    office = site.application.database.find_office(OFFICE)
    begins, ends = (f"{office.local(each):%H.%M}" for each in (slot.starts_at, slot.ends_at))
    assert f"{begins}–{ends} WIB" in browser.get(f"/t/{ticket.code}").text
    assert f"{begins}–{ends} WIB" in read_text(
        browser.get(f"/api/v1/tickets/{ticket.code}/slip.pdf").data
    )

    site.clock.now = slot.starts_at
    arrived = site.application.database.write(
        [(OFFICE, DAY)], lambda tx: arrival.check_in(tx, ticket.id, site.clock.now)
    )
    with site.application.database.read() as connection:
        slip = view_slip(connection, office, arrived, "http://127.0.0.1:8000", site.clock.now)
    assert slip.ends_at is not None and datetime.fromisoformat(slip.ends_at) == slot.ends_at


def test_a_visit_whose_day_was_cut_anew_still_ends_with_its_places(site: Site) -> None:
    """After slots of 15 minutes have become slots of 30, the same visit takes one of them."""
    ticket = book(
        site,
        "AKP",
        next(slot for slot in free_times(site, "AKP") if slot.starts_at.minute in (0, 30)),
    )
    office = site.application.database.find_office(OFFICE)
    change(site, RulesChange({"booking.slot_minutes": 30}))
    with site.application.database.read() as connection:
        after = tickets.find(connection, ticket.id)
    assert ticket.slot is not None and after.claim_span == 1
    ends_at = site.browser().get(f"/api/v1/tickets/{ticket.code}").get_json()["ends_at"]
    assert datetime.fromisoformat(ends_at) == office.local(ticket.slot) + timedelta(minutes=30)
