"""Waiting for a place, on the pages without scripts and over the API; and the earliest time of all
offices.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.services.booking import cancelling
from queue_server.store.visit import tickets
from tests.fixtures.application import HOME, NAME, NIK, House
from tests.web.pages.citizen.test_booking import OTHER, book, follow_time
from tests.web.problems import problem
from tests.web.site import Form, Site, forms_of, links_of, main_form

DAY = "2026-11-25"


def join(
    site: Site, browser: FlaskClient, person: dict[str, str] = OTHER, **typed: str
) -> TestResponse:
    """Ask for a place on the day on which the others book."""
    page = browser.get("/o/3674/book/day?service=KK")
    form = main_form(browser.get(links_of(page, "/waitlist")[0]))
    return site.send(browser, form, **{**person, "first_date": DAY, "last_date": DAY, **typed})


def code_of(done: TestResponse) -> str:
    assert done.status_code == 303, done.text
    return str(done.location).split("/w/")[1].split("?")[0]


def cancel(site: Site, code: str) -> None:
    with site.application.database.read() as connection:
        found = tickets.find_by_code(connection, code)
    site.application.database.write(
        [("3674", found.date)],
        lambda tx: cancelling.cancel(tx, found.id, "holder", 0.9, site.clock.now),
    )


def press(site: Site, browser: FlaskClient, page: TestResponse, action: str) -> TestResponse:
    return site.send(browser, next(each for each in forms_of(page) if each.action.endswith(action)))


def test_somebody_waits_is_offered_a_place_and_takes_it(site: Site) -> None:
    holder, browser = site.browser(), site.browser()
    ticket = book(site, holder)
    done = join(site, browser)
    page = browser.get(done.location)
    assert "Anda masuk daftar tunggu" in page.text and "Orang di depan Anda" in page.text
    assert "Agus" not in page.text and OTHER["nik"] not in page.text
    cancel(site, ticket)
    offered = browser.get(f"/w/{code_of(done)}")
    assert (
        "Tempat ini disimpan untuk Anda sampai pukul 09.20" in offered.text
        and "08.45" in offered.text
    )
    assert "text/html" in offered.content_type and "no-store" in offered.headers["Cache-Control"]
    taken = press(site, browser, offered, "/accept")
    assert taken.status_code == 303
    mine = browser.get(taken.location)
    assert "Janji Anda sudah dibuat" in mine.text and "Rabu, 25 November 2026" in mine.text
    again = press(site, browser, offered, "/accept")
    assert again.status_code == 303 and again.location == taken.location, (
        "pressed again, it leads to the same booking"
    )
    assert taken.location.split("?")[0] in browser.get(f"/w/{code_of(done)}").text


def declining(page: TestResponse) -> Form:
    return next(each for each in forms_of(page) if each.action.endswith("/decline"))


def test_declining_and_leaving(site: Site) -> None:
    holder, browser = site.browser(), site.browser()
    ticket = book(site, holder)
    code = code_of(join(site, browser))
    cancel(site, ticket)
    offered = browser.get(f"/w/{code}")
    for _again in range(2):
        declined = press(site, browser, offered, "/decline")
        assert declined.status_code == 303
        assert "Menunggu tempat" in browser.get(declined.location).text
    refused = site.send(browser, declining(offered), idempotency_key="of another page")
    assert refused.status_code == 409, "there is no offer any more"
    waiting = browser.get(f"/w/{code}")
    left, again = (press(site, browser, waiting, "/leave") for _ in range(2))
    assert again.location == left.location
    gone = browser.get(left.location)
    assert "Data Anda sudah dihapus" in gone.text and "/accept" not in gone.text


def test_an_offer_that_ran_out_says_so(site: Site) -> None:
    holder, browser = site.browser(), site.browser()
    ticket = book(site, holder)
    code = code_of(join(site, browser))
    cancel(site, ticket)
    offered = browser.get(f"/w/{code}")
    site.clock.pass_by(minutes=61)
    late = press(site, browser, offered, "/accept")
    assert late.status_code == 409 and "sudah diberikan kepada orang lain" in late.text
    follow_time(site)
    assert "Menunggu tempat" in browser.get(f"/w/{code}").text


def test_who_joins_just_after_a_cancellation_gets_the_place_at_once(site: Site) -> None:
    """The place is kept back from the public, but not from those who wait."""
    browser = site.browser()
    cancel(site, book(site, site.browser()))
    done = join(site, browser)
    assert "Ada tempat untuk Anda" in browser.get(done.location).text


def test_joining_is_done_once_and_loses_nothing_typed(site: Site) -> None:
    browser = site.browser()
    form = main_form(browser.get("/o/3674/waitlist?service=KK"))
    wrong = site.send(
        browser,
        form,
        name="Agus",
        nik="12",
        party_size="2",
        first_date="2026-11-27",
        last_date="2026-11-26",
    )
    assert wrong.status_code == 422 and "16 angka" in wrong.text
    kept = main_form(wrong)
    assert (kept.fields["name"], kept.fields["party_size"], kept.fields["first_date"]) == (
        "Agus",
        "2",
        "2026-11-27",
    )
    order = site.send(browser, kept, nik=OTHER["nik"])
    assert order.status_code == 422 and "lebih awal dari hari pertama" in order.text
    kept = main_form(order)
    first, second = (site.send(browser, kept, last_date="2026-11-27") for _ in range(2))
    assert code_of(first) == code_of(second)
    twice = site.send(browser, main_form(browser.get("/o/3674/waitlist?service=KK")), **OTHER)
    assert twice.status_code == 409 and "tidak dapat dibuat secara online" in twice.text


@pytest.mark.parametrize(
    "typed",
    [
        {"party_size": "0"},
        {"party_size": "500"},
        {"first_date": "soon"},
        {"last_date": "2027-01-01"},
    ],
)
def test_wishes_that_cannot_be_are_refused_by_field(site: Site, typed: dict[str, str]) -> None:
    page = join(site, site.browser(), **typed)
    [field] = typed
    assert page.status_code == 422 and f'id="e-{field}"' in page.text


def test_changing_the_language_keeps_what_was_typed(site: Site) -> None:
    browser = site.browser()
    form = main_form(browser.get("/o/3674/waitlist?service=KK"))
    english = site.send(
        browser, Form("/o/3674/waitlist/form?lang=en", "post", {**form.fields, "name": "Agus"})
    )
    assert (
        "Tell me when a place becomes free" in english.text
        and main_form(english).fields["name"] == "Agus"
    )


def test_opening_addresses_changes_nothing_and_forms_need_our_token(site: Site) -> None:
    browser = site.browser()
    ticket = book(site, site.browser())
    code = code_of(join(site, browser))
    cancel(site, ticket)
    for action in ("accept", "decline", "leave"):
        assert browser.get(f"/w/{code}/{action}").status_code == 302
        assert site.browser().post(f"/w/{code}/{action}", data={}).status_code == 403
    assert "Ada tempat untuk Anda" in browser.get(f"/w/{code}").text
    assert browser.get("/w/AAAAAAAAAAAA").status_code == 404
    assert browser.get(f"/t?code={code[:4]}-{code[4:]}").location == f"/w/{code}", (
        "the page for lost tickets finds it too"
    )
    assert browser.get(f"/w/{code.lower()}").location == f"/w/{code}"


def test_a_full_office_leads_to_the_waitlist_and_other_offices(site: Site) -> None:
    page = site.browser().get("/o/3674/book/day?service=KK")
    assert links_of(page, "/o/3674/waitlist?service=KK") and links_of(page, "/earliest?service=KK")


def test_the_earliest_time_at_each_office(site: Site) -> None:
    browser = site.browser()
    form = next(each for each in forms_of(browser.get("/")) if each.action == "/earliest")
    assert "KK" in form.choices["service"]
    page = site.send(browser, form, service="KK")
    assert page.text.count("24 November 2026") == 2 and links_of(page, "/o/3672/triage?service=KK")
    assert (
        browser.get("/earliest?service=NOPE").status_code == 422
        and browser.get("/earliest").status_code == 200
    )


# The API.


def wish(**changes: Any) -> dict[str, Any]:
    return {
        "service": "REK",
        "first_date": "2026-11-23",
        "last_date": "2026-11-24",
        "nik": NIK,
        "name": NAME,
        **changes,
    }


def test_the_waitlist_over_the_api(both_houses: House) -> None:
    house = both_houses
    booked = house.book(nik="9101014507880043", phone=None)
    path = f"/offices/{HOME}/waitlist"
    joined = house.post(path, body=wish(), key="k")
    assert (
        joined.status_code == 201
        and joined.get_json()["status"] == "WAITING"
        and joined.get_json()["before"] == 0
    )
    assert house.post(path, body=wish(), key="k").get_json() == joined.get_json(), (
        "the same key, the same answer"
    )
    problem(house.post(path, body=wish()), 409, "limit_reached")
    code = joined.get_json()["code"]
    problem(house.post(f"/waitlist/{code}/accept", body={}), 409, "wrong_state")
    house.post(f"/tickets/{booked['code']}/cancel", body={"last4": "0043"})
    offered = house.get(f"/waitlist/{code}").get_json()
    assert (
        offered["status"] == "OFFERED"
        and offered["offer"]["slot"] == house.slot(10)
        and offered["offer"]["until"][11:16] == "09:15"
    )
    assert NIK not in str(offered) and NAME not in str(offered)
    declined = house.post(f"/waitlist/{code}/decline", body={}).get_json()
    assert declined["status"] == "WAITING" and declined["offer"] is None
    left = house.post(f"/waitlist/{code}/leave", body={}).get_json()
    assert left["status"] == "LEFT"
    problem(house.post(f"/waitlist/{code}/leave", body={}), 409, "wrong_state")


def test_accepting_over_the_api_books(house: House) -> None:
    booked = house.book(nik="9101014507880043", phone=None)
    code = house.post(f"/offices/{HOME}/waitlist", body=wish()).get_json()["code"]
    house.post(f"/tickets/{booked['code']}/cancel", body={"last4": "0043"})
    ticket = house.post(f"/waitlist/{code}/accept", body={}).get_json()
    assert (ticket["status"], ticket["starts_at"][:16]) == ("BOOKED", "2026-11-24T10:00")
    assert house.get(f"/waitlist/{code}").get_json()["ticket"] == ticket["code"]


def test_the_earliest_over_the_api(both_houses: House) -> None:
    house = both_houses
    answer = house.get("/earliest?service=REK")
    soonest = house.slot(9, 30, day=0)
    assert [(each["office"], each["slot"]) for each in answer.get_json()["offices"]] == [
        (HOME, soonest),
        ("9102", soonest),
    ]
    again = house.get("/earliest?service=REK", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    while (
        house.post(f"/offices/{HOME}/holds", body={"service": "REK", "slot": soonest}).status_code
        == 201
    ):
        pass
    later = house.get("/earliest?service=REK", headers={"If-None-Match": answer.headers["ETag"]})
    assert later.status_code == 200
    assert [each["office"] for each in later.get_json()["offices"]] == ["9102", HOME], (
        "the earliest first"
    )
    assert later.get_json()["offices"][1]["slot"] == house.slot(10, day=0)


def test_each_office_agrees_with_its_own_availability(house: House) -> None:
    """The one query over all offices says what each office's own page says, for every size of
    party.
    """
    for party in (1, 2, 4):
        listed = {
            each["office"]: each["slot"]
            for each in house.get(f"/earliest?service=AKT&party={party}").get_json()["offices"]
        }
        for office in (HOME, "9102"):
            days = house.get(
                f"/offices/{office}/availability?service=AKT&party={party}"
            ).get_json()["days"]
            assert listed[office] == next(
                (slot["slot"] for day in days for slot in day["slots"] if slot["free"] > 0), None
            )


def test_availability_for_urgent_cases(house: House) -> None:
    path = f"/offices/{HOME}/availability?service=REK&days=2"
    regular, urgent = (house.get(f"{path}{more}") for more in ("", "&urgent=true"))
    assert regular.headers["ETag"] != urgent.headers["ETag"]
    assert sum(day["free"] for day in urgent.get_json()["days"]) >= sum(
        day["free"] for day in regular.get_json()["days"]
    )
