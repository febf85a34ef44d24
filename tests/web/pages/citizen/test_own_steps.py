"""What the ticket page offers on the day, without scripts: when to leave, which numbers are called,
coming later, stepping away, leaving, and the two ways on after a missed visit.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.office.changes import RulesChange
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services import upkeep
from queue_server.services.booking import booking
from queue_server.services.counter import calling, serving, staffing
from queue_server.services.door import arrival
from queue_server.services.office import changes
from queue_server.services.office.offices import set_people_limit
from queue_server.services.places.ticket_ids import draw
from queue_server.store.visit import tickets
from tests.web.site import TUESDAY, Site, forms_of, links_of, main_form

OFFICE, DAY = "3674", TUESDAY.date()
KEYS = [(OFFICE, DAY)]
SLOT = TUESDAY.replace(hour=3, minute=0)
"""10.00 WIB; it is 09.05."""


def book(site: Site) -> Ticket:
    visitor = Visitor("Siti", "5" * 64, "0001", "+6281218319931")
    wanted = BookingRequest("KK", SLOT, visitor)
    command = partial(booking.book, office=OFFICE, wanted=wanted, draw=draw(), now=site.clock.now)
    return site.application.database.write(KEYS, command)


def come(site: Site, service: str = "KK") -> Ticket:
    command = partial(
        arrival.issue_walk_in,
        office=OFFICE,
        wanted=arrival.WalkIn(service),
        draw=draw(),
        now=site.clock.now,
    )
    return site.application.database.write(KEYS, command).ticket


def read(site: Site, ticket: Ticket) -> Ticket:
    with site.application.database.read() as connection:
        return tickets.find(connection, ticket.id)


def call(site: Site, counter: str = "3674-3") -> Ticket:
    database, now = site.application.database, site.clock.now
    called = database.write(KEYS, lambda tx: calling.call_next(tx, OFFICE, counter, "sari", now))
    assert called is not None
    return called


def show(browser: FlaskClient, ticket: Ticket, query: str = "") -> TestResponse:
    return browser.get(f"/t/{ticket.code}{query}")


def part(page: TestResponse, id: str) -> str:
    """The text of the element with an id."""
    found = re.search(rf'<(\w+)[^>]*\bid="{id}"[^>]*>(.*?)</\1>', page.text, re.S)
    return "" if found is None else " ".join(re.sub("<[^>]+>", " ", found[2]).split())


@pytest.mark.parametrize(
    ("language", "at", "now"),
    [
        ("id", "Berangkat pukul 09.10 kalau perjalanan 20 menit.", "Berangkat sekarang"),
        ("en", "Leave at 09:10 if you travel 20 minutes.", "Leave now"),
    ],
)
def test_when_to_leave_follows_the_way_that_is_chosen(
    site: Site, language: str, at: str, now: str
) -> None:
    ticket, browser = book(site), site.browser()
    browser.get(f"/?lang={language}")
    page = show(browser, ticket)
    assert part(page, "leave-at") == at, "check-in opens at 09.30"
    form = next(each for each in forms_of(page) if "travel" in each.fields)
    assert (form.method, form.fields["travel"]) == ("get", "20")
    assert part(show(browser, ticket, "?travel=60"), "leave-at").startswith(now)
    for hostile in ("0", "-5", "1e9", "x", "20 "):
        assert part(show(browser, ticket, f"?travel={hostile}"), "leave-at") == at


def test_where_no_time_is_known_the_page_says_why(site: Site) -> None:
    ticket, browser = come(site), site.browser()
    assert part(show(browser, ticket, "?lang=en"), "no-wait") == (
        "No time can be given: no counter is open for your queue right now."
    )
    site.application.database.write(
        KEYS, lambda tx: staffing.open_counter(tx, OFFICE, "3674-3", "sari", site.clock.now)
    )
    assert part(show(browser, ticket), "no-wait") == ""


def test_the_numbers_called_are_shown_as_on_the_board(site: Site) -> None:
    for _ in range(2):
        come(site)
    ticket, browser = come(site), site.browser()
    assert part(show(browser, ticket), "called-list") == ""
    called = call(site)
    shown = part(show(browser, ticket), "called-list")
    assert shown == f"{called.number} Loket 3"
    view = browser.get(f"/api/v1/tickets/{ticket.code}").json or {}
    assert view["called"] == [{"number": called.number, "counter": "3"}]


@pytest.mark.parametrize(
    ("language", "yes"), [("id", "Beri tahu kantor"), ("en", "Tell the office")]
)
def test_a_booked_visitor_says_to_come_later(site: Site, language: str, yes: str) -> None:
    ticket, browser = book(site), site.browser()
    browser.get(f"/?lang={language}")
    assert f"/t/{ticket.code}/late" in links_of(show(browser, ticket), f"/t/{ticket.code}/")
    question = browser.get(f"/t/{ticket.code}/late")
    form = main_form(question)
    assert yes in question.text and form.choices["minutes"] == ["15", "30", "60"]
    assert read(site, ticket).delay_minutes is None, "a link preview changes nothing"
    for values, status in (
        ({}, 422),
        ({"minutes": "30"}, 422),
        ({"minutes": "30", "last4": "9999"}, 403),
        ({"last4": "0001"}, 422),
        ({"minutes": "²", "last4": "0001"}, 422),
    ):
        answer = site.send(browser, form, **values)
        assert answer.status_code == status
        assert 'id="error-summary"' in answer.text
    for _ in range(2):
        answer = site.send(browser, form, minutes="30", last4="0001")
        assert answer.status_code == 303
    assert read(site, ticket).delay_minutes == 30
    beyond = site.send(
        browser, main_form(browser.get(f"/t/{ticket.code}/late")), minutes="90", last4="0001"
    )
    assert beyond.status_code == 409 and read(site, ticket).delay_minutes == 30


@pytest.mark.parametrize("language", ["id", "en"])
def test_who_waits_steps_away_comes_back_and_leaves(site: Site, language: str) -> None:
    ticket, browser = come(site), site.browser()
    browser.get(f"/?lang={language}")

    def steps() -> set[str]:
        links = links_of(show(browser, ticket), f"/t/{ticket.code}/")
        return {each.rsplit("/", 1)[1] for each in links} & {"late", "away", "back", "leave"}

    def take(step: str) -> None:
        form = main_form(browser.get(f"/t/{ticket.code}/{step}"))
        assert "last4" not in form.fields, "a walk-in's paper is its own proof"
        for _ in range(2):
            assert site.send(browser, form).status_code == 303

    assert steps() == {"away", "leave"}
    take("away")
    assert steps() == {"back", "leave"}
    until = {"id": "pukul 09.20", "en": "before 09:20"}[language]
    assert until in part(show(browser, ticket), "say")
    take("back")
    assert steps() == {"leave"}
    again = browser.get(f"/t/{ticket.code}/away")
    assert again.status_code == 302, "what is not possible is not asked"
    take("leave")
    assert steps() == set()
    assert read(site, ticket).state.value == "LEFT"


def test_a_step_that_has_become_impossible_says_so_on_the_ticket(site: Site) -> None:
    ticket, browser = come(site), site.browser()
    form = main_form(browser.get(f"/t/{ticket.code}/away"))
    call(site)
    answer = site.send(browser, form)
    assert answer.status_code == 409
    assert "notice--error" in answer.text
    assert 'data-worker=""' in answer.text, "no page that answers a form is kept on the phone"


def test_an_office_that_does_not_allow_it_does_not_offer_it(site: Site) -> None:
    database, now = site.application.database, site.clock.now
    wanted = RulesChange({"calling.away_minutes": 0, "door.delay_minutes_max": 0})
    database.write(
        KEYS, partial(changes.apply_change, office=OFFICE, change=wanted, by="manager", now=now)
    )
    upkeep.plan_office(database, OFFICE, now)
    browser, waiting, booked = site.browser(), come(site), book(site)
    for ticket, step in ((waiting, "away"), (booked, "late")):
        assert f"/t/{ticket.code}/{step}" not in show(browser, ticket).text


def test_missed_because_of_a_call_and_because_nobody_came_have_two_ways_on(site: Site) -> None:
    waiting, booked, browser = come(site), book(site), site.browser()
    called = call(site)
    assert called.id == waiting.id
    database = site.application.database
    for _ in range(2):
        site.clock.pass_by(minutes=1)
        database.write(
            KEYS, lambda tx: serving.recall(tx, OFFICE, waiting.id, "sari", site.clock.now)
        )
    site.clock.pass_by(minutes=2)
    database.write(KEYS, lambda tx: serving.no_show(tx, OFFICE, waiting.id, "sari", site.clock.now))
    page = show(browser, waiting, "?lang=en")
    until = (site.clock.now + timedelta(hours=8)).strftime("%H:%M")
    assert part(page, "say").startswith("We called you, but did not see you. Come to the reception")
    assert until in part(page, "say")
    site.clock.pass_by(minutes=61)
    page = show(browser, waiting)
    assert "the time to come back is over" in part(page, "say")
    assert any("service=KK" in each for each in links_of(page, "/o/"))
    site.clock.pass_by(hours=10)
    upkeep.miss_slots(database, site.clock.now)
    page = show(browser, booked)
    assert part(page, "say").startswith("You did not check in on the day of this booking")
    assert any("service=KK" in each for each in links_of(page, "/o/"))


def test_the_staff_see_who_comes_later_and_who_is_away(site: Site) -> None:
    booked, waiting = book(site), come(site)
    browser = site.browser()
    late = main_form(browser.get(f"/t/{booked.code}/late"))
    assert site.send(browser, late, minutes="15", last4="0001").status_code == 303
    site.send(browser, main_form(browser.get(f"/t/{waiting.code}/away")))
    clerk = site.sign_in(site.browser(), "sari")
    shown = clerk.get(f"/api/v1/offices/{OFFICE}/reception/ticket?shown={booked.code}").json or {}
    assert shown["ticket"]["delay_minutes"] == 15
    queue = clerk.get(f"/api/v1/offices/{OFFICE}/queue").json or {}
    [one] = [each for each in queue["waiting"] if each["id"] == waiting.id]
    assert one["away_until"].startswith("2026-11-24T09:20") and one["why"]["code"] != "next"


def test_a_page_may_be_kept_until_the_end_of_its_day_and_no_longer_than_the_visit(
    site: Site,
) -> None:
    booked, browser = book(site), site.browser()
    page = show(browser, booked)
    midnight = TUESDAY.replace(hour=17, minute=0)
    left = midnight - site.clock.now
    assert page.headers["X-Antrean-Keep-Seconds"] == str(int(left.total_seconds()))
    assert "trusted-types antrean-worker;" in page.headers["Content-Security-Policy"] + ";"
    waiting = come(site)
    site.send(browser, main_form(browser.get(f"/t/{waiting.code}/leave")))
    over = show(browser, waiting)
    assert "X-Antrean-Keep-Seconds" not in over.headers
    assert "trusted-types 'none'" in over.headers["Content-Security-Policy"]
    for path in ("/", f"/t/{booked.code}/late", f"/api/v1/tickets/{booked.code}", "/t"):
        assert "X-Antrean-Keep-Seconds" not in browser.get(path).headers


def test_the_worker_is_for_tickets_alone_and_new_with_each_build(site: Site) -> None:
    answer = site.browser().get("/t/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/t/"
    assert answer.headers["Cache-Control"] == "no-cache"
    facts = re.match(r"self\.antrean = (\{.*\});\n", answer.text)
    assert facts is not None
    files = re.findall(r'"(/assets/[^"]+)"', facts[1])
    assert len(files) > 8 and all(site.browser().get(each).status_code == 200 for each in files)
    page = show(site.browser(), book(site))
    needed = set(re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', page.text))
    assert needed <= set(files), "the page opens without a network as it does with one"


def test_a_visitor_outside_is_told_when_to_leave_for_the_call(site: Site) -> None:
    database = site.application.database
    database.write(KEYS, lambda tx: set_people_limit(tx, OFFICE, 1, "manager", site.clock.now))
    come(site)
    outside, browser = come(site), site.browser()
    database.write(
        KEYS, lambda tx: staffing.open_counter(tx, OFFICE, "3674-3", "sari", site.clock.now)
    )
    view = browser.get(f"/api/v1/tickets/{outside.code}").json or {}
    there = site.clock.now + timedelta(hours=7, minutes=view["wait"]["low"])
    assert view["be_there_at"][11:16] == there.strftime("%H:%M")
    assert "menit" in part(show(browser, outside), "leave-at")
