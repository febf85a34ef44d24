"""A time that is kept while its visitor types: found again on a reload, a second press and the way
back, given up at once, never stolen, and nothing typed is lost when it runs out. Urgent cases book
online too. All without scripts.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.protocol.codes import URGENCIES
from queue_server.services.office import offices
from queue_server.store.office import offices as office_store
from queue_server.store.tables import slots
from queue_server.store.visit import tickets
from tests.fixtures.rules import vary_rules
from tests.web.pages.citizen.test_booking import (
    OTHER,
    PERSON,
    choose_time,
    code_of,
    fill_slot,
    follow_time,
    free_at,
    to_check,
    to_details,
)
from tests.web.site import Form, Site, forms_of, links_of, main_form, without_layout

TIMES = "/o/3674/book/day?service=KK&day=2026-11-25"


def held_codes(site: Site) -> list[str]:
    """The codes of all holds that run."""
    with site.application.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT code FROM tickets WHERE state = 'HELD'")
        return [row.code for row in rows]


def kept_words(page: TestResponse) -> str:
    return (
        page.text.split('id="kept"', 1)[1].split("</b>", 1)[0] if 'id="kept"' in page.text else ""
    )


def extension(page: TestResponse, step: str) -> Form:
    """The form as the button for keeping the time once more would send it."""
    form = main_form(page)
    return Form("/o/3674/book/extend", "post", {**form.fields, "step": step})


def test_choosing_a_time_keeps_it_and_says_until_when(site: Site) -> None:
    browser = site.browser()
    page = to_details(site, browser)
    form = main_form(page)
    before = free_at(site, form.fields["slot"])
    assert "Waktu ini disimpan untuk Anda sampai pukul 09.15" in kept_words(page)
    assert held_codes(site) == [form.fields["hold"]]
    again = browser.get(page.request.url)
    assert main_form(again).fields["hold"] == form.fields["hold"], "a reload keeps the same"
    assert free_at(site, form.fields["slot"]) == before


def test_opening_an_address_holds_nothing(site: Site) -> None:
    """Link previews and crawlers must not take places."""
    browser = site.browser()
    slot = main_form(browser.get(TIMES)).choices["slot"][0]
    for path in (
        TIMES,
        f"/o/3674/book/details?service=KK&slot={slot}",
        "/o/3674/book/hold",
        "/o/3674/book/extend",
    ):
        assert browser.get(path).status_code in (200, 303)
    assert held_codes(site) == []


def test_a_double_press_and_the_way_back_keep_one_hold(site: Site) -> None:
    browser = site.browser()
    times = browser.get(TIMES)
    form = main_form(times)
    first, second = (site.send(browser, form, slot=form.choices["slot"][2]) for _ in range(2))
    assert first.location == second.location and len(held_codes(site)) == 1
    other = site.send(browser, form, slot=form.choices["slot"][5])
    assert other.status_code == 303 and other.location != first.location
    assert len(held_codes(site)) == 1, (
        "another time takes the place of the first, also from the page that does not know it"
    )
    linked = browser.get(links_of(browser.get(other.location), "/book/day")[0])
    assert linked.status_code == 200 and f'value="{form.choices["slot"][5]}"' in linked.text
    choose_time(site, browser, linked, form.choices["slot"][5])
    assert len(held_codes(site)) == 1 and held_codes(site)[0] in other.location


def test_two_walks_of_one_browser_do_not_take_each_others_time(site: Site) -> None:
    """Two tabs, two children."""
    browser = site.browser()
    one, two = to_details(site, browser, place=3), to_details(site, browser, place=4)
    assert len(held_codes(site)) == 2
    for page, person in ((one, PERSON), (two, OTHER)):
        check = site.send_on(browser, main_form(page), **person)
        assert site.send(browser, main_form(check)).status_code == 303


def test_a_kept_time_cannot_be_lost_to_others(site: Site) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    fill_slot(site, form.fields["slot"])
    assert site.send(browser, form).status_code == 303


def test_more_people_hold_anew_and_give_the_old_hold_back(site: Site) -> None:
    browser = site.browser()
    page = to_details(site, browser)
    check = site.send_on(browser, main_form(page), **PERSON, party_size="3")
    assert "3 orang" in check.text and len(held_codes(site)) == 1
    assert held_codes(site)[0] != main_form(page).fields["hold"]
    assert "09.15" in kept_words(check), "another number of people does not keep the time longer"
    code = code_of(site.send(browser, main_form(check)))
    with site.application.database.read() as connection:
        assert tickets.find_by_code(connection, code).party_size == 3


def test_a_time_without_room_for_all_says_so_and_keeps_everything(site: Site) -> None:
    browser = site.browser()
    page = to_details(site, browser)
    site.application.database.write(
        [], lambda tx: tx.change(slots.update().values(online=slots.c.online_taken))
    )
    refused = site.send_on(browser, main_form(page), **PERSON, party_size="3")
    assert "tidak cukup untuk 3 orang" in refused.text
    again = main_form(refused)
    assert (
        again.fields["name"] == PERSON["name"]
        and again.fields["hold"] == main_form(page).fields["hold"]
    )
    assert len(held_codes(site)) == 1


def test_a_hold_is_extended_once_from_either_page(site: Site) -> None:
    browser = site.browser()
    page = to_details(site, browser)
    site.clock.pass_by(minutes=6)
    longer = site.send_on(browser, extension(page, "details"), name="Siti", nik="36")
    assert "09.21" in kept_words(longer)
    assert main_form(longer).fields["name"] == "Siti" and "menit lagi" not in longer.text
    site.clock.pass_by(minutes=2)
    repeated = site.send_on(browser, extension(page, "details"))
    assert "09.21" in kept_words(repeated), "pressed again it changes nothing"
    check = site.send_on(browser, main_form(longer), **PERSON)
    assert (
        "Siti Rahmawati" in check.text
        and "09.21" in kept_words(check)
        and "menit lagi" not in check.text
    )


def test_one_press_keeps_the_time_longer_once_where_more_are_allowed(site: Site) -> None:
    with site.application.database.read() as connection:
        office = site.application.database.offices.get(connection, "3674")
    rules = vary_rules(office.rules, booking={"hold_extensions_max": 3})
    site.application.database.write(
        [],
        lambda tx: (
            office_store.save(tx, office, replace(office, rules=rules)),
            office_store.revise(tx, "3674"),
        ),
    )
    browser = site.browser()
    pressed = extension(to_details(site, browser), "details")
    site.clock.pass_by(minutes=6)
    longer = site.send_on(browser, pressed)
    assert "09.21" in kept_words(longer)
    site.clock.pass_by(minutes=2)
    assert "09.21" in kept_words(site.send_on(browser, pressed)), "the same press, sent again"
    assert "09.23" in kept_words(site.send_on(browser, extension(longer, "details")))


def test_extending_on_the_check_stays_on_the_check(site: Site) -> None:
    browser = site.browser()
    longer = site.send_on(browser, extension(to_check(site, browser), "check"))
    assert (
        "Siti Rahmawati" in longer.text and site.send(browser, main_form(longer)).status_code == 303
    )


@pytest.mark.parametrize("step", ["check", "confirm", "extend", "details"])
@pytest.mark.parametrize("reclaimed", [False, True])
def test_a_time_that_ran_out_loses_nothing_typed(site: Site, step: str, reclaimed: bool) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser, party_size="2"))
    site.clock.pass_by(minutes=10)
    if reclaimed:
        follow_time(site)
    page = site.send_on(browser, Form(f"/o/3674/book/{step}", "post", form.fields))
    assert "Batas mengisi sudah lewat" in page.text
    assert "Pukul 08.45 tidak lagi disimpan." in without_layout(page)
    again = main_form(page)
    assert (
        again.fields["name"] == "Siti Rahmawati"
        and again.fields["party_size"] == "2"
        and "hold" not in again.fields
    )
    assert form.fields["slot"] in again.choices["slot"] and len(again.choices["slot"]) == 3
    check = site.send_on(browser, again, slot=form.fields["slot"])
    assert "09.25" in kept_words(check)
    assert site.send(browser, main_form(check)).status_code == 303


def test_another_time_from_the_check_gives_the_first_back(site: Site) -> None:
    browser = site.browser()
    form = main_form(to_check(site, browser))
    before = free_at(site, form.fields["slot"])
    visit = form.fields["visit"]
    other = main_form(browser.get(f"/o/3674/book/another-time?visit={visit}"))
    assert form.fields["slot"] in other.choices["slot"], "the kept time can be chosen again"
    chosen = next(each for each in other.choices["slot"] if each != form.fields["slot"])
    check = site.send_on(browser, other, slot=chosen)
    assert main_form(check).fields["slot"] == chosen and len(held_codes(site)) == 1
    assert free_at(site, form.fields["slot"]) == before + 1


def test_somebody_elses_hold_is_of_no_use(site: Site) -> None:
    mine = main_form(to_check(site, site.browser()))
    stranger = site.browser()
    form = main_form(to_check(site, stranger, OTHER))
    for fields in (
        {"hold": "0" * 12},
        {"hold": "x"},
        {"hold": mine.fields["hold"], "slot": form.fields["slot"].replace("T01", "T02")},
    ):
        sent = Form("/o/3674/book/confirm", "post", {**form.fields, **fields})
        assert "Pilih waktu lain" in site.send_on(stranger, sent).text, fields
    assert sorted(held_codes(site)) == sorted([mine.fields["hold"], form.fields["hold"]])


@pytest.mark.parametrize("people", ["0", "500", "x"])
def test_absurd_parties_hold_nothing(site: Site, people: str) -> None:
    browser = site.browser()
    times = main_form(browser.get(TIMES))
    typed = {**times.fields, **PERSON, "slot": times.choices["slot"][0], "party_size": people}
    page = site.send_on(browser, Form("/o/3674/book/check", "post", typed))
    assert "Pilih berapa orang" in page.text and held_codes(site) == []


def test_a_hold_needs_our_token(site: Site) -> None:
    browser = site.browser()
    form = main_form(browser.get(TIMES))
    fields = {**form.fields, "slot": form.choices["slot"][0], "csrf_token": "0" * 64}
    assert (
        browser.post("/o/3674/book/hold", data=fields).status_code == 403 and held_codes(site) == []
    )


# Urgent cases.


def urgent_only(site: Site) -> None:
    period = ModePeriod("m1", ServiceMode.URGENT_ONLY, site.clock.now, site.clock.now, "budi")
    day = ("3674", site.clock.now.date())
    site.application.database.write(
        [day], lambda tx: offices.switch_mode(tx, "3674", period, site.clock.now)
    )
    site.clock.pass_by(seconds=5)


def test_an_urgent_case_is_booked_online_in_six_screens(site: Site) -> None:
    browser = site.browser()
    page = browser.get(links_of(browser.get("/o/3674/book"), "urgent=1")[0])
    asked = main_form(page)
    assert tuple(asked.choices["urgency"]) == URGENCIES
    missing = site.send(browser, asked, service="KK")
    assert missing.status_code == 422 and "alasan mengapa mendesak" in missing.text
    days = site.send(browser, asked, service="KK", urgency="hospital")
    assert "Perawatan rumah sakit" in days.text
    times = browser.get(links_of(days, "day=2026")[1])
    details = choose_time(site, browser, times, main_form(times).choices["slot"][1])
    check = site.send_on(browser, main_form(details), **PERSON)
    assert "Perawatan rumah sakit" in check.text
    code = code_of(site.send(browser, main_form(check)))
    with site.application.database.read() as connection:
        found = tickets.find_by_code(connection, code)
    assert (found.channel, found.letter) == (
        "URGENT",
        site.application.database.find_office("3674").rules.booking.urgent_letter or "F",
    )
    ticket = browser.get(f"/t/{code}").text
    assert "Bawa: surat dari rumah sakit" in ticket, "what proves the case must not be forgotten"


def test_where_only_urgent_cases_are_served_the_reasons_are_asked_at_once(site: Site) -> None:
    urgent_only(site)
    browser = site.browser()
    asked = main_form(browser.get("/o/3674/book"))
    assert "hospital" in asked.choices["urgency"] and "KK" in asked.choices["service"]
    assert "Mengapa mendesak?" in site.send(browser, asked, service="KK").text
    days = site.send(browser, asked, service="KK", urgency="death")
    assert days.status_code == 200 and links_of(days, "day=2026")
    assert browser.get("/o/3674/book/day?service=KK").status_code == 422, (
        "without a reason no day is shown"
    )


def test_the_first_free_time_is_kept_with_one_press(site: Site) -> None:
    browser = site.browser()
    days = browser.get("/o/3674/book/day?service=KK")
    fastest = next(each for each in forms_of(days) if each.action.endswith("/hold"))
    page = browser.get(site.send(browser, fastest).location)
    assert held_codes(site) == [main_form(page).fields["hold"]]
