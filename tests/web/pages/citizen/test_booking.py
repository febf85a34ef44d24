"""Booking without scripts, from the office page to the ticket: nothing typed is lost, nobody is
booked twice, no NIK is kept.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.test import TestResponse

from queue_server.services import upkeep
from queue_server.services.booking import availability
from queue_server.services.door import arrival
from queue_server.store.visit import tickets
from tests.web.site import Form, Site, links_of, main_form, without_layout

NIK = "3674004112900001"
PERSON = {"name": "Siti Rahmawati", "nik": NIK, "phone": "0812 1831 9931"}
OTHER = {"name": "Agus", "nik": "3674000101850002", "phone": ""}


def to_details(
    site: Site, browser: FlaskClient, service: str = "KK", place: int = 3, **chosen: str
) -> TestResponse:
    """Walk from the office page to the form for details, by links and forms alone."""
    page = browser.get("/o/3674")
    page = browser.get(next(each for each in links_of(page, "/book") if each.endswith("/book")))
    page = site.send(browser, main_form(page), service=service, **chosen)
    assert "NIK" not in page.text, "availability comes before personal questions"
    page = browser.get(links_of(page, "day=2026")[1])
    return choose_time(site, browser, page, main_form(page).choices["slot"][place])


def choose_time(site: Site, browser: FlaskClient, times: TestResponse, slot: str) -> TestResponse:
    """Choose a time on the page of times; it is kept, and the details are asked for."""
    done = site.send(browser, main_form(times), slot=slot)
    assert done.status_code == 303, done.text
    return browser.get(done.location)


def follow_time(site: Site) -> None:
    """What upkeep does with places as time passes."""
    upkeep.reclaim_places(site.application.database, site.clock.now)


def to_check(
    site: Site,
    browser: FlaskClient,
    person: dict[str, str] = PERSON,
    party_size: str = "1",
    **more: str,
) -> TestResponse:
    """Walk to the page that shows all answers."""
    details = to_details(site, browser, party_size=party_size)
    return site.send_on(browser, main_form(details), **person, **more)


def book(site: Site, browser: FlaskClient, person: dict[str, str] = PERSON, **more: str) -> str:
    """Book a visit; returns the ticket's code."""
    done = site.send(browser, main_form(to_check(site, browser, person, **more)))
    assert done.status_code == 303, done.text
    return code_of(done)


def code_of(done: TestResponse) -> str:
    found = re.search(r"/t/([0-9A-Z]{12})", done.location)
    assert found is not None
    return found.group(1)


def free_at(site: Site, slot: str, service: str = "KK") -> int:
    """Places left in a slot."""
    database = site.application.database
    with database.read() as connection:
        office = database.offices.get(connection, "3674")
        days = availability.list_availability(
            connection, office, service, office.date_at(site.clock.now), 15, 1, site.clock.now
        )
    return next(each.free for day in days for each in day.slots if each.id == slot)


def fill_slot(site: Site, slot: str) -> None:
    """Let other people take every place that is left in a slot."""
    for n in range(free_at(site, slot)):
        browser = site.browser()
        form = main_form(browser.get(f"/o/3674/book/details?service=KK&slot={slot}"))
        check = site.send_on(browser, form, name="Warga", nik=f"367400010180{n + 1:04d}", phone="")
        assert site.send(browser, main_form(check)).status_code == 303
    assert free_at(site, slot) == 0


def test_a_visit_is_booked_without_scripts_in_six_screens(site: Site) -> None:
    browser = site.browser()
    check = to_check(site, browser, party_size="2", priority="yes")
    assert check.status_code == 200
    assert (
        "Siti Rahmawati" in check.text
        and "2 orang" in check.text
        and "•••• •••• •••• 0001" in check.text
    )
    done = site.send(browser, main_form(check))
    assert done.status_code == 303
    page = browser.get(done.location)
    assert "Janji Anda sudah dibuat" in page.text
    assert (
        "Rabu, 25 November 2026" in page.text
        and "<svg" in page.text
        and "calendar.ics" in page.text
    )
    assert "Biaya" in page.text and "Gratis" in page.text


def test_the_ticket_page_shows_no_personal_data(site: Site) -> None:
    browser = site.browser()
    page = browser.get(f"/t/{book(site, browser, PERSON)}").text
    for secret in ("Siti", "Rahmawati", NIK, NIK[-4:], "1831", "9931"):
        assert secret not in page


def test_no_nik_stands_in_an_address_or_on_disk(site: Site) -> None:
    browser = site.browser()
    check = to_check(site, browser)
    assert NIK not in check.request.url
    done = site.send(browser, main_form(check))
    assert NIK not in done.location
    stored = site.stored_bytes()
    assert b"Siti Rahmawati" in stored, "the test looks at the right bytes"
    assert NIK.encode() not in stored


def test_every_field_is_kept_when_some_are_wrong(site: Site) -> None:
    browser = site.browser()
    form = main_form(to_details(site, browser, party_size="2"))
    page = site.send_on(browser, form, name="Siti", nik="12345", phone="123", priority="yes")
    again = main_form(browser.get(page.request.url))
    drawn = again.fields["idempotency_key"]
    assert {**main_form(page).fields, "idempotency_key": drawn} == again.fields, "a reload"
    assert "<title>Kesalahan:" in without_layout(page)
    assert (
        'href="#f-nik"' in page.text
        and 'href="#f-phone"' in page.text
        and 'href="#f-name"' not in page.text
    )
    kept = main_form(page)
    assert {
        name: kept.fields[name]
        for name in ("name", "nik", "phone", "party_size", "priority", "slot", "service")
    } == {
        "name": "Siti",
        "nik": "12345",
        "phone": "123",
        "party_size": "2",
        "priority": "yes",
        "slot": form.fields["slot"],
        "service": "KK",
    }


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "   ", "Isi nama Anda"),
        ("name", "Siti 😀", "tanpa emoji"),
        ("name", "S" * 10_000, "paling banyak 80 huruf"),
        ("nik", "", "Isi NIK Anda"),
        ("nik", "A1234567", "Layanan ini memerlukan NIK"),
        ("nik", "2C11JE1234-T", "Layanan ini memerlukan NIK"),
        ("nik", "3" * 10_000, "tepat 16 angka"),
        ("nik", "3674 0041 1290 000", "tepat 16 angka"),
        ("nik", "0974004112900001", "kode provinsi"),
        ("nik", "3674003113900001", "Tanggal lahir"),
        ("nik", "3674004112900000", "tidak pernah 0000"),
        ("phone", "021 555 0100", "Isi nomor ponsel"),
        ("phone", "nomor saya", "Isi nomor ponsel"),
        ("email", "siti", "Isi alamat email"),
        ("party_size", "99", "berapa orang"),
        ("party_size", "-1", "berapa orang"),
        ("party_size", "x", "berapa orang"),
    ],
)
def test_each_wrong_answer_gets_its_own_sentence(
    site: Site, field: str, value: str, words: str
) -> None:
    browser = site.browser()
    page = site.send_on(browser, main_form(to_details(site, browser)), **{**PERSON, field: value})
    assert "<title>Kesalahan:" in without_layout(page) and f'href="#f-{field}"' in page.text
    assert words in page.text and f'id="f-{field}"' in page.text


@pytest.mark.parametrize("step", ["check", "details", "confirm"])
@pytest.mark.parametrize("odd", [{"slot": "soon"}, {"party_size": "99"}], ids=["slot", "party"])
def test_an_odd_choice_loses_nothing_of_the_person(
    site: Site, step: str, odd: dict[str, str]
) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    page = site.send_on(browser, Form(f"/o/3674/book/{step}", "post", {**form.fields, **odd}))
    assert page.status_code == 200
    if "party_size" in odd:
        page = browser.get(f"/o/3674/book/details?visit={form.fields['visit']}")
    kept = main_form(page).fields
    assert (kept["name"], kept["nik"]) == (PERSON["name"], NIK)


def test_changing_the_language_keeps_what_was_typed(site: Site) -> None:
    browser = site.browser()
    page = to_check(site, browser, party_size="2")
    form = main_form(page)
    action = re.search(r'formaction="([^"]+)\?lang=en"', page.text)
    assert action is not None
    english = site.send_on(browser, Form(f"{action.group(1)}?lang=en", "post", form.fields))
    assert (
        '<html lang="en">' in english.text
        and "Siti Rahmawati" in english.text
        and "2 people" in english.text
    )
    done = site.send(browser, main_form(english))
    assert "Your visit is booked" in browser.get(done.location).text


def change_links(page: TestResponse) -> list[str]:
    """Where the buttons "Change" of the check lead."""
    return [each for each in links_of(page, "visit=") if "#" in each]


def test_every_answer_of_the_check_can_be_changed_and_keeps_the_rest(site: Site) -> None:
    browser = site.browser()
    check = to_check(site, browser, party_size="2", priority="yes")
    links = change_links(check)
    assert len(links) == 7, "service, people, time, name, number, contact, help: each its own"
    for link in links:
        page, field = browser.get(link), link.partition("#")[2]
        assert page.status_code == 200 and f'id="{field}"' in page.text
    back = browser.get(next(each for each in links if each.endswith("#f-name")))
    form = main_form(back)
    assert (form.fields["name"], form.fields["nik"]) == (PERSON["name"], NIK)
    again = site.send_on(browser, form, name="Siti Aminah")
    assert "Siti Aminah" in again.text and "2 orang" in again.text


def test_changing_service_people_or_time_leads_straight_back_to_the_check(site: Site) -> None:
    browser = site.browser()
    check = to_check(site, browser)
    asked = main_form(browser.get(next(each for each in change_links(check) if "f-ser" in each)))
    assert asked.fields["service"] == "KK"
    days = site.send(browser, asked, service="AKL", party_size="3")
    assert "3 orang" in days.text
    times = main_form(days)
    again = site.send_on(browser, times, slot=times.choices["slot"][-1])
    assert "Akta kelahiran" in again.text and "3 orang" in again.text
    assert PERSON["name"] in again.text, "nothing is asked twice"
    assert site.send(browser, main_form(again)).status_code == 303


def test_back_after_booking_leads_to_the_ticket(site: Site) -> None:
    browser = site.browser()
    check = to_check(site, browser)
    form = main_form(check)
    code = code_of(site.send(browser, form))
    for step in ("check", "details", "day"):
        back = browser.get(f"/o/3674/book/{step}?visit={form.fields['visit']}")
        assert (back.status_code, back.location) == (303, f"/t/{code}")
    other_tab = {**form.fields, "idempotency_key": "of-another-tab"}
    twice = site.send(browser, Form(form.action, "post", other_tab))
    assert (twice.status_code, twice.location) == (303, f"/t/{code}")


def test_the_answers_of_a_walk_open_in_its_own_browser_alone(site: Site) -> None:
    browser = site.browser()
    address = f"/o/3674/book/check?visit={main_form(to_check(site, browser)).fields['visit']}"
    assert "Siti" in browser.get(address).text
    stranger = site.browser()
    to_details(site, stranger)
    assert stranger.get(address).status_code == 303
    site.clock.pass_by(minutes=41)
    assert browser.get(address).status_code == 303, "and not for ever"


def test_sending_the_last_step_twice_books_once(site: Site) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    before = free_at(site, form.fields["slot"])
    first, second = site.send(browser, form), site.send(browser, form)
    assert first.status_code == second.status_code == 303
    assert code_of(first) == code_of(second)
    assert free_at(site, form.fields["slot"]) == before, (
        "the place was kept already, and is taken once"
    )


def test_a_second_booking_for_the_same_service_is_refused_without_a_word_of_the_first(
    site: Site,
) -> None:
    browser = site.browser()
    book(site, browser)
    page = site.send_on(browser, main_form(to_check(site, browser)))
    assert "<title>Kesalahan:" in without_layout(page)
    assert "tidak dapat dibuat secara online" in page.text and "Siti Rahmawati" in page.text


def test_a_lost_slot_offers_the_three_nearest_and_keeps_everything(site: Site) -> None:
    browser = site.browser()
    slot = main_form(to_details(site, site.browser())).fields["slot"]
    form = main_form(browser.get(f"/o/3674/book/details?service=KK&slot={slot}"))
    assert "hold" not in form.fields, "who comes by an address alone has nothing kept yet"
    fill_slot(site, slot)
    page = site.send_on(browser, form, **PERSON)
    assert "baru saja terisi" in page.text
    again = main_form(page)
    assert len(again.choices["slot"]) == 3 and form.fields["slot"] not in again.choices["slot"]
    wanted = datetime.strptime(form.fields["slot"], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    for slot in again.choices["slot"]:
        at = datetime.strptime(slot, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
        assert abs((at - wanted).total_seconds()) <= 45 * 60
    assert again.fields["name"] == "Siti Rahmawati" and again.fields["nik"] == NIK
    check = site.send_on(browser, again, slot=again.choices["slot"][0])
    assert "Siti Rahmawati" in check.text
    assert site.send(browser, main_form(check)).status_code == 303


def test_a_full_time_is_a_word_and_no_choice(site: Site) -> None:
    browser = site.browser()
    form = main_form(browser.get("/o/3674/book/day?service=KK&day=2026-11-25"))
    slot = form.choices["slot"][0]
    fill_slot(site, slot)
    page = browser.get("/o/3674/book/day?service=KK&day=2026-11-25")
    assert slot not in main_form(page).choices["slot"]
    assert "Penuh" in page.text


def test_a_time_that_has_begun_is_not_booked(site: Site) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    site.clock.pass_by(days=2)
    page = site.send_on(browser, form)
    assert "Batas mengisi sudah lewat" in page.text


@pytest.mark.parametrize("step", ["check", "confirm", "hold", "details"])
def test_a_form_without_our_token_is_refused(site: Site, step: str) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    without = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    of_another = main_form(to_check(site, site.browser())).fields["csrf_token"]
    before = free_at(site, form.fields["slot"])
    for fields in (
        without,
        {**without, "csrf_token": "0" * 64},
        {**without, "csrf_token": of_another},
    ):
        refused = site.send(browser, Form(f"/o/3674/book/{step}", "post", fields))
        assert refused.status_code == 403
        assert "Siti" not in refused.text
    assert free_at(site, form.fields["slot"]) == before


def test_pages_with_what_was_typed_are_never_stored_by_others(site: Site) -> None:
    assert to_check(site, site.browser()).headers["Cache-Control"] == "no-store"


def test_any_spelling_of_a_code_leads_to_the_ticket(site: Site) -> None:
    browser = site.browser()
    code = book(site, browser)
    for typed in (code.lower(), f"{code[:4]}-{code[4:8]}-{code[8:]}", f" {code} "):
        found = site.send(browser, main_form(browser.get("/t")), code=typed)
        assert found.status_code == 302 and found.location == f"/t/{code}"
    assert browser.get(f"/t/{code.lower()}", follow_redirects=True).request.path == f"/t/{code}"
    assert "Tidak ada tiket dengan kode ini" in browser.get("/t?code=nonsense").text


def test_the_calendar_file_holds_the_visit_and_no_person(site: Site) -> None:
    browser = site.browser()
    code = book(site, browser)
    answer = browser.get(f"/t/{code}/calendar.ics")
    assert answer.content_type.startswith("text/calendar")
    calendar = Calendar.from_ical(answer.text)
    event = calendar.walk("VEVENT")[0]
    assert calendar["METHOD"] == "PUBLISH"
    assert (
        event.start.date() == date(2026, 11, 25)
        and event.start.utcoffset().total_seconds() == 7 * 3600
    )
    assert [alarm["TRIGGER"].dt.total_seconds() for alarm in event.walk("VALARM")] == [
        -86400,
        -3600,
    ]
    assert "Siti" not in answer.text and NIK not in answer.text
    assert (
        event["UID"]
        == Calendar.from_ical(browser.get(f"/t/{code}/calendar.ics").text).walk("VEVENT")[0]["UID"]
    )


def test_cancelling_asks_proves_and_gives_the_place_back(site: Site) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    slot = form.fields["slot"]
    before = free_at(site, slot) + 1
    code = code_of(site.send(browser, form))
    asked = site.browser().get(f"/t/{code}/cancel")
    assert asked.status_code == 200 and free_at(site, slot) == before - 1, (
        "opening the page changes nothing"
    )
    stranger = site.browser()
    question = main_form(stranger.get(f"/t/{code}/cancel"))
    assert site.send(stranger, question, last4="").status_code == 422
    assert site.send(stranger, question, last4="1234").status_code == 403
    assert free_at(site, slot) == before - 1
    done = site.send(stranger, question, last4="9931")
    assert done.status_code == 303 and free_at(site, slot) == before - 1, (
        "kept back for a while, so that nobody can lie in wait"
    )
    site.clock.pass_by(minutes=11)
    follow_time(site)
    assert free_at(site, slot) == before
    page = stranger.get(done.location)
    assert "Dibatalkan" in page.text and "/cancel" not in page.text
    assert site.send(stranger, question, last4="9931").status_code == 303, (
        "sent again, it is still one cancellation"
    )
    assert free_at(site, slot) == before


def test_the_last_digits_of_the_nik_prove_it_too(site: Site) -> None:
    browser = site.browser()
    code = book(site, browser, OTHER)
    assert (
        site.send(browser, main_form(browser.get(f"/t/{code}/cancel")), last4="0002").status_code
        == 303
    )


def test_one_who_waits_sees_number_place_and_wait(site: Site) -> None:
    kiosk = site.sign_in(site.browser(), "sari")
    token = re.search(r'data-token="([0-9a-f]+)"', kiosk.get("/desk").text)
    assert token is not None
    browser = site.browser()
    slots = main_form(browser.get("/o/3674/book/day?service=KK&day=2026-11-24")).choices["slot"]
    check = site.send_on(
        browser,
        main_form(browser.get(f"/o/3674/book/details?service=KK&slot={slots[0]}")),
        **PERSON,
    )
    code = code_of(site.send(browser, main_form(check)))
    with site.application.database.read() as connection:
        ticket = tickets.find_by_code(connection, code)
    site.application.database.write(
        [(ticket.office, ticket.date)], lambda tx: arrival.check_in(tx, ticket.id, site.clock.now)
    )
    page = browser.get(f"/t/{code}?lang=en").text
    assert re.search(r'id="number">F001<', page)
    assert "You are next" in page and re.search(r'id="ahead">0<', page)
    assert (
        kiosk.post(
            "/api/v1/counters/3674-3/call-next", json={}, headers={"X-CSRF-Token": token.group(1)}
        ).status_code
        == 200
    )
    assert "It is your turn. Please go to Counter 3." in browser.get(f"/t/{code}?lang=en").text


def test_a_visit_is_moved_with_proof_and_the_old_place_given_back(site: Site) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    old = form.fields["slot"]
    before = free_at(site, old) + 1
    code = code_of(site.send(browser, form))
    assert links_of(browser.get(f"/t/{code}"), "/move")
    page = browser.get(f"/t/{code}/move")
    page = browser.get(next(each for each in links_of(page, "/move?day=") if "2026-11-26" in each))
    move = main_form(page)
    new = move.choices["slot"][0]
    free = free_at(site, new)
    assert site.send(browser, move, last4="9931").status_code == 422
    assert site.send(browser, move, slot=new, last4="").status_code == 422
    wrong = site.send(browser, move, slot=new, last4="1234")
    assert (
        wrong.status_code == 403
        and "tidak cocok" in wrong.text
        and main_form(wrong).fields["slot"] == new
    )
    done = site.send(browser, move, slot=new, last4="9931")
    assert done.status_code == 303
    assert "Kamis, 26 November 2026" in browser.get(f"/t/{code}").text
    assert free_at(site, old) == before - 1 and free_at(site, new) == free - 1
    site.clock.pass_by(minutes=11)
    follow_time(site)
    assert free_at(site, old) == before
    assert site.send(browser, move, slot=new, last4="9931").status_code == 303, (
        "sent again, it is still one move"
    )
    assert free_at(site, new) == free - 1


def test_a_visit_is_moved_only_as_often_as_the_office_allows(site: Site) -> None:
    browser = site.browser()
    code = book(site, browser)
    for day in ("2026-11-26", "2026-11-27"):
        move = main_form(browser.get(f"/t/{code}/move?day={day}"))
        assert (
            site.send(browser, move, slot=move.choices["slot"][0], last4="9931").status_code == 303
        )
    assert "/move" not in browser.get(f"/t/{code}").text
    assert browser.get(f"/t/{code}/move").status_code == 302
    refused = site.send(
        browser, move, slot=move.choices["slot"][1], last4="9931", idempotency_key="another"
    )
    assert refused.status_code == 409 and "sebanyak yang diizinkan" in refused.text


def test_moving_to_a_time_just_taken_leaves_the_booking_as_it_was(site: Site) -> None:
    browser = site.browser()
    code = book(site, browser)
    move = main_form(browser.get(f"/t/{code}/move?day=2026-11-26"))
    slot = move.choices["slot"][0]
    fill_slot(site, slot)
    page = site.send(browser, move, slot=slot, last4="9931")
    assert page.status_code == 409 and "baru saja terisi" in page.text
    assert "Rabu, 25 November 2026" in browser.get(f"/t/{code}").text
