"""Who comes, beyond one person with a NIK: foreigners, those who come for others, families, and
those who need help on the spot. What is typed wrong says what to do, and nothing of it is kept.
"""

from __future__ import annotations

from functools import partial

import pytest

from queue_server.domain.visit.identity import Document, Need
from queue_server.domain.visit.standstill import Pause
from queue_server.services import upkeep
from queue_server.services.door import arrival
from queue_server.services.supervisor import supervision
from queue_server.store.visit import tickets
from tests.web.pages.citizen.test_booking import (
    NIK,
    PERSON,
    book,
    code_of,
    free_at,
    to_check,
    to_details,
)
from tests.web.pages.citizen.test_holds import urgent_only
from tests.web.site import Form, Site, main_form, without_layout

PASSPORT = "X1234567"
FOREIGNER = {"name": "John Smith", "nik": PASSPORT, "phone": ""}


def visitor_of(site: Site, code: str) -> tuple[str, Document, tuple[Need, ...], bool]:
    with site.application.database.read() as connection:
        ticket = tickets.find_by_code(connection, code)
        visitor = tickets.find_visitor(connection, ticket.office, ticket.id)
    assert visitor is not None
    return visitor.nik_last4, visitor.document, visitor.needs, visitor.represented


def test_a_foreigner_books_with_a_passport_and_its_number_is_kept_nowhere(site: Site) -> None:
    browser = site.browser()
    details = to_details(site, browser, service="WNA", place=0)
    assert "nomor paspor, atau nomor KITAS" in details.text
    check = site.send_on(browser, main_form(details), **FOREIGNER)
    assert "•••• 4567" in check.text and "Paspor" not in main_form(check).fields
    code = code_of(site.send(browser, main_form(check)))
    assert visitor_of(site, code) == ("4567", Document.PASSPORT, (), False)
    assert PASSPORT.encode() not in site.stored_bytes()
    asked = browser.get(f"/t/{code}/cancel")
    assert 'inputmode="text"' in asked.text, "the last characters of a passport may be letters"
    assert site.send(browser, main_form(asked), last4="4567").status_code == 303


@pytest.mark.parametrize("number", [NIK, "2C11JE1234-T"])
def test_the_same_field_takes_a_nik_or_a_permit(site: Site, number: str) -> None:
    browser = site.browser()
    details = to_details(site, browser, service="WNA", place=0)
    check = site.send_on(browser, main_form(details), **{**FOREIGNER, "nik": number})
    assert site.send(browser, main_form(check)).status_code == 303


@pytest.mark.parametrize(
    ("number", "words"),
    [("", "Isi NIK, nomor paspor"), ("X12", "Ini bukan NIK"), (NIK[:-1], "tepat 16 angka")],
)
def test_a_number_of_neither_kind_says_what_both_look_like(
    site: Site, number: str, words: str
) -> None:
    browser = site.browser()
    details = to_details(site, browser, service="WNA", place=0)
    page = site.send_on(browser, main_form(details), **{**FOREIGNER, "nik": number})
    assert words in page.text and 'href="#f-nik"' in page.text


def test_changing_to_a_service_that_needs_a_nik_asks_for_it_and_keeps_the_rest(site: Site) -> None:
    browser = site.browser()
    details = to_details(site, browser, service="WNA", place=0)
    check = site.send_on(browser, main_form(details), **FOREIGNER)
    visit = main_form(check).fields["visit"]
    asked = main_form(browser.get(f"/o/3674/book?visit={visit}"))
    times = main_form(site.send(browser, asked, service="KK"))
    page = site.send_on(browser, times, slot=times.choices["slot"][0])
    assert "Layanan ini memerlukan NIK" in page.text
    assert main_form(page).fields["name"] == FOREIGNER["name"]


def test_coming_for_somebody_else_and_help_reach_the_staff_and_nobody_else(site: Site) -> None:
    browser = site.browser()
    code = book(site, browser, represented="yes", wheelchair="yes", hearing="yes")
    assert visitor_of(site, code) == (NIK[-4:], Document.NIK, (Need.WHEELCHAIR, Need.HEARING), True)
    public = browser.get(f"/t/{code}").text + browser.get(f"/api/v1/tickets/{code}").text
    for word in ("WHEELCHAIR", "Kursi roda", "kursi roda", "needs", "represented"):
        assert word not in public
    staff = site.sign_in(site.browser(), "sari")
    seen = staff.get(f"/api/v1/offices/3674/reception/ticket?shown={code}").get_json()
    assert (seen["needs"], seen["represented"]) == (["WHEELCHAIR", "HEARING"], True)


def test_the_counter_sees_the_help_and_the_board_does_not(site: Site) -> None:
    browser, today = site.browser(), site.clock.now.date()
    slot = main_form(browser.get(f"/o/3674/book/day?service=KK&day={today}")).choices["slot"][0]
    details = main_form(browser.get(f"/o/3674/book/details?service=KK&slot={slot}"))
    check = site.send_on(browser, details, **PERSON, seeing="yes", companion="yes")
    code = code_of(site.send(browser, main_form(check)))
    with site.application.database.read() as connection:
        ticket = tickets.find_by_code(connection, code)
    site.application.database.write(
        [(ticket.office, ticket.date)], lambda tx: arrival.check_in(tx, ticket.id, site.clock.now)
    )
    staff = site.sign_in(site.browser(), "sari")
    [waiting] = staff.get("/api/v1/offices/3674/queue").get_json()["waiting"]
    assert (waiting["needs"], waiting["represented"]) == (["SEEING", "COMPANION"], False)
    board = browser.get("/api/v1/offices/3674/board").text
    assert "SEEING" not in board and "needs" not in board


def test_the_check_says_what_to_bring_for_somebody_else(site: Site) -> None:
    page = to_check(site, site.browser(), represented="yes", seeing="yes")
    assert "Bawa surat kuasa" in page.text and "dibacakan petugas" in page.text


def test_a_family_is_counted_before_the_day_is_chosen(site: Site) -> None:
    browser = site.browser()
    asked = main_form(browser.get("/o/3674/book"))
    assert len(asked.choices["party_size"]) > 1
    alone = main_form(site.send(browser, asked, service="KK", party_size="1"))
    family = main_form(site.send(browser, asked, service="KK", party_size="4"))
    assert family.fields["party_size"] == "4"
    assert set(family.choices["slot"]) <= set(alone.choices["slot"])
    slot = family.choices["slot"][0]
    before = free_at(site, slot)
    site.send(browser, family, slot=slot)
    assert free_at(site, slot) <= before - 1


@pytest.mark.parametrize("day", ["2020-03-23", "2026-11-29", "2030-01-01", "besok", "2026-13-40"])
def test_a_day_that_cannot_be_leads_to_those_that_can(site: Site, day: str) -> None:
    page = site.browser().get(f"/o/3674/book/day?service=KK&day={day}")
    assert page.status_code == 200 and main_form(page).choices["slot"]
    assert ("Hari yang Anda minta" in page.text) is day.startswith("20") or day == "2026-13-40"


@pytest.mark.parametrize("name", ["Siti\u200f Rahmawati", "\u202eSiti\u202c Rahmawati\ufeff"])
def test_marks_that_nobody_sees_are_left_out_of_a_name(site: Site, name: str) -> None:
    browser = site.browser()
    code = book(site, browser, {**PERSON, "name": name})
    with site.application.database.read() as connection:
        ticket = tickets.find_by_code(connection, code)
        visitor = tickets.find_visitor(connection, ticket.office, ticket.id)
    assert visitor is not None and visitor.name == "Siti Rahmawati"


# What is typed and not finished.


def test_what_was_typed_is_sealed_and_gone_when_its_time_is_over(site: Site) -> None:
    browser = site.browser()
    to_check(site, browser, {**PERSON, "name": "Warga Terpendam", "nik": "3674004505800077"})
    stored = site.stored_bytes()
    for planted in (b"Warga Terpendam", b"3674004505800077", b"081218319931"):
        assert planted not in stored
    database = site.application.database
    assert upkeep.forget_drafts(database, site.clock.now) == 0
    site.clock.pass_by(minutes=41)
    assert upkeep.forget_drafts(database, site.clock.now) == 1
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM booking_drafts").scalar() == 0


def test_a_booking_leaves_nothing_of_the_person_in_what_was_typed(site: Site) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    site.send(browser, form)
    database = site.application.database
    with database.read() as connection:
        [sealed] = connection.exec_driver_sql("SELECT sealed FROM booking_drafts").scalars()
    assert len(sealed) < 400, "the code of the ticket and no more"


# Everything stands still.


def evacuate(site: Site) -> None:
    site.application.database.write(
        [("3674", site.clock.now.date())],
        partial(
            supervision.pause,
            office="3674",
            kind=Pause.EVACUATION,
            reason="asap",
            by="budi",
            now=site.clock.now,
        ),
    )


def test_nothing_of_today_is_booked_in_an_evacuation(site: Site) -> None:
    browser, today = site.browser(), site.clock.now.date()
    page = browser.get(f"/o/3674/book/day?service=KK&day={today}")
    times = main_form(page)
    first, second = times.choices["slot"][-2:]
    held = main_form(browser.get(site.send(browser, times, slot=first).location))
    check = site.send_on(browser, held, **PERSON)
    evacuate(site)
    assert f"day={today}#times" in page.text
    days = browser.get(f"/o/3674/book/day?service=KK&day={today}")
    assert f"day={today}#times" not in days.text
    assert "Kantor sedang dikosongkan" in site.send_on(browser, times, slot=second).text
    confirmed = site.send_on(browser, main_form(check))
    assert "<title>Kesalahan:" in without_layout(confirmed)
    assert "Kantor sedang dikosongkan" in confirmed.text and PERSON["name"] in confirmed.text
    wish = {"service": "KK", "slot": second, "nik": "3674000101850002", "name": "Agus"}
    refused = browser.post("/api/v1/offices/3674/bookings", json=wish)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "paused")
    tomorrow = main_form(browser.get("/o/3674/book/day?service=KK"))
    assert site.send(browser, tomorrow, slot=tomorrow.choices["slot"][0]).status_code == 303


@pytest.mark.parametrize("step", ["check", "confirm", "details", "extend", "hold"])
def test_a_mode_that_changes_in_between_loses_nothing_typed(site: Site, step: str) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    urgent_only(site)
    page = site.send_on(browser, Form(f"/o/3674/book/{step}", "post", form.fields))
    assert "sedang tidak menerima kunjungan" in page.text and "Mengapa mendesak?" in page.text
    times = main_form(site.send(browser, main_form(page), service="KK", urgency="death"))
    check = site.send_on(browser, times, slot=times.choices["slot"][0])
    assert PERSON["name"] in check.text and "Kematian" in check.text
    assert site.send(browser, main_form(check)).status_code == 303
