"""Managers change hours, limit and mode: nothing without a dry run first, nothing typed lost,
nothing done twice.
"""

from __future__ import annotations

import html
import re
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient

from queue_server.domain.office.hours import DayHours, Source
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.visit.transitions import State
from queue_server.web.edge.words.opening import end_words
from tests.web.pages.manage.changing import (
    FRIDAY,
    apply,
    book,
    change_form,
    office_of,
    review,
    state_of,
)
from tests.web.site import TUESDAY, Site, without_layout

PAGES = {
    "/manage": ("Kelola", "Manage"),
    "/manage/hours": ("Jam buka", "Opening hours"),
    "/manage/hours/week": ("Jam mingguan", "Weekly hours"),
    "/manage/hours/season": ("Tambah musim", "Add a season"),
    "/manage/hours/day": ("Jam satu hari", "Hours of one day"),
    "/manage/limit": ("Batas dan pembagian", "Limit and shares"),
    "/manage/rules": ("Aturan antrean", "Queue rules"),
    "/manage/mode": ("Mode layanan", "Service mode"),
    "/manage/stranded": ("Pendaftaran tanpa jadwal", "Bookings to rearrange"),
}


@pytest.mark.parametrize("language", [0, 1], ids=["id", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_the_chosen_language(
    site: Site, manager: FlaskClient, path: str, language: int
) -> None:
    page = manager.get(path, query_string={"lang": ("id", "en")[language]})
    assert page.status_code == 200
    assert f"<h1>{PAGES[path][language]}</h1>" in without_layout(page)
    assert not re.search(r"<[^>]+ style=", page.text) and "<style" not in page.text


@pytest.mark.parametrize("path", PAGES)
def test_only_managers_may_see_it_and_only_of_their_own_office(site: Site, path: str) -> None:
    assert site.sign_in(site.browser(), "sari").get(path).status_code == 403
    assert (
        "Tangerang Selatan"
        not in site.sign_in(site.browser(), "wati").get(f"{path}?office=3674").text
    )
    admin = site.sign_in(site.browser(), "admin")
    assert "?office=3674" in admin.get(path).text
    assert "Tangerang Selatan" in admin.get(f"{path}?office=3674").text


def test_the_week_is_shown_as_a_dry_run_and_then_changed(site: Site, manager: FlaskClient) -> None:
    ticket = book(site, FRIDAY)
    before = office_of(site)
    shown = review(
        site,
        manager,
        "/manage/hours/week",
        w4_0_from="09:00",
        w4_0_to="11.30",
        w5_0_from="08:00",
        w5_0_to="12:00",
    )
    assert shown.status_code == 200 and "Tamu 0" in shown.text
    assert office_of(site) == before and state_of(site, ticket) is State.BOOKED
    done = apply(site, manager, shown, "/manage/hours/week")
    assert done.status_code == 303, done.text
    assert "Perubahan sudah berlaku." in manager.get(done.location).text
    after = office_of(site)
    assert [(each.opens, each.closes) for each in after.openings_on(FRIDAY)] == [
        (time(9), time(11, 30)),
        (time(13), time(15)),
    ]
    assert [
        (each.opens, each.closes) for each in after.openings_on(FRIDAY + timedelta(days=1))
    ] == [(time(8), time(12))]
    assert state_of(site, ticket) is State.STRANDED, "the booking at 08.00 has lost its time"


@pytest.mark.parametrize(
    ("path", "typed", "field"),
    [
        ("/manage/hours/week", {"w0_0_from": "12:00", "w0_0_to": "08:00"}, "w0_0_to"),
        ("/manage/hours/week", {"w0_0_from": "08:00", "w0_0_to": "14:00"}, "w0_0_from"),
        ("/manage/hours/week", {"w0_0_from": "25:00"}, "w0_0_from"),
        ("/manage/hours/week", {"w0_0_from": ""}, "w0_0_from"),
        ("/manage/hours/season", {"name": "", "first": "2027-02-08", "last": "2027-03-09"}, "name"),
        (
            "/manage/hours/season",
            {"name": "Ramadan", "first": "2027-03-09", "last": "2027-02-08"},
            "last",
        ),
        (
            "/manage/hours/season",
            {"name": "Ramadan", "first": "besok", "last": "2027-02-08"},
            "first",
        ),
        ("/manage/hours/day", {"date": "2026-02-30"}, "date"),
        (
            "/manage/hours/day",
            {
                "date": "2026-12-01",
                "open": "own",
                "d_0_from": "",
                "d_0_to": "",
                "d_1_from": "",
                "d_1_to": "",
            },
            "d_0_from",
        ),
        ("/manage/hours/day", {"date": "2026-12-01", "open": "x"}, "open"),
        ("/manage/limit", {"people_limit": "0"}, "people_limit"),
        ("/manage/limit", {"people_limit": "-3"}, "people_limit"),
        ("/manage/limit", {"online_share": "95"}, "urgent_share"),
        ("/manage/limit", {"urgent_share": "lots"}, "urgent_share"),
        ("/manage/limit", {"release_minutes": "1e9"}, "release_minutes"),
        (
            "/manage/rules",
            {"calling.grace_minutes": "soon", "booking.party_max": "7"},
            "calling.grace_minutes",
        ),
        ("/manage/rules", {"booking.per_day_max": "0"}, "booking.per_day_max"),
        ("/manage/rules", {"booking.utilisation": "101"}, "booking.utilisation"),
        ("/manage/rules", {"calling.calls_max": "2"}, "calling.recall_seconds"),
        ("/manage/rules", {"calling.recall_seconds": "0; 60, a while"}, "calling.recall_seconds"),
        ("/manage/rules", {"booking.held_back_minutes_min": "11"}, "booking.held_back_minutes_max"),
        ("/manage/mode", {"mode": ""}, "mode"),
        ("/manage/mode", {"mode": "CLOSED", "ends_date": "2026-11-23"}, "ends_date"),
        (
            "/manage/mode",
            {"mode": "CLOSED", "starts_date": "2026-12-02", "ends_date": "2026-12-01"},
            "ends_date",
        ),
        ("/manage/mode", {"mode": "CLOSED", "review_on": "2026-11-23"}, "review_on"),
        ("/manage/mode", {"mode": "CLOSED", "service": "XXX"}, "service"),
        ("/manage/mode", {"mode": "CLOSED", "notice_id": "a" * 501}, "notice_id"),
        ("/manage/mode", {"mode": "CLOSED", "notice_en": "Closed\u202e"}, "notice_en"),
    ],
)
def test_a_field_that_cannot_be_is_named_and_nothing_typed_is_lost(
    site: Site, manager: FlaskClient, path: str, typed: dict[str, str], field: str
) -> None:
    before = office_of(site)
    page = review(site, manager, path, **typed)
    assert page.status_code == 422
    assert f'href="#f-{field}"' in page.text and f'id="f-{field}"' in page.text
    kept = change_form(page, path).fields
    assert {name: kept.get(name) for name in typed if name not in ("mode", "open", "service")} == {
        name: value for name, value in typed.items() if name not in ("mode", "open", "service")
    }
    assert office_of(site) == before


def test_a_season_replaces_the_week_and_may_not_overlap_another(
    site: Site, manager: FlaskClient
) -> None:
    hours = {"w0_0_from": "08:00", "w0_0_to": "14:00", "w0_1_from": "", "w0_1_to": ""}
    typed = {"name": "Ramadan", "first": "2027-02-08", "last": "2027-03-09", **hours}
    shown = review(site, manager, "/manage/hours/season", **typed)
    assert apply(site, manager, shown, "/manage/hours/season").status_code == 303
    monday = date(2027, 2, 15)
    assert [(each.opens, each.closes) for each in office_of(site).openings_on(monday)] == [
        (time(8), time(14))
    ]
    clash = review(
        site, manager, "/manage/hours/season", name="Lain", first="2027-03-09", last="2027-03-10"
    )
    assert clash.status_code == 422 and "Ramadan" in clash.text
    moved = review(site, manager, "/manage/hours/season?first=2027-02-08", first="2027-02-09")
    assert apply(site, manager, moved, "/manage/hours/season").status_code == 303
    assert [each.first for each in office_of(site).hours.seasons] == [date(2027, 2, 9)]
    gone = site.send(
        manager, change_form(manager.get("/manage/hours"), "/manage/hours/season/remove")
    )
    assert apply(site, manager, gone, "/manage/hours/season/remove").status_code == 303
    assert office_of(site).hours.seasons == ()


def test_a_single_day_is_closed_told_to_the_public_and_given_back(
    site: Site, manager: FlaskClient
) -> None:
    shown = review(
        site,
        manager,
        "/manage/hours/day",
        date="2026-11-27",
        open="closed",
        reason_id="Acara kantor",
        reason_en="Office event",
    )
    assert apply(site, manager, shown, "/manage/hours/day").status_code == 303
    assert office_of(site).openings_on(FRIDAY) == ()
    public = site.browser()
    assert "Tutup pada Jumat, 27 November: Acara kantor" in public.get("/o/3674").text
    assert "Closed on Friday, 27 November: Office event" in public.get("/o/3674?lang=en").text
    again = review(
        site,
        manager,
        "/manage/hours/day?date=2026-11-27",
        open="own",
        d_0_from="10:00",
        d_0_to="12:00",
        d_1_from="",
        d_1_to="",
    )
    assert apply(site, manager, again, "/manage/hours/day").status_code == 303
    assert office_of(site).hours.days[FRIDAY] == DayHours(
        ((time(10), time(12)),), {"id": "Acara kantor", "en": "Office event"}, Source.OFFICE
    )
    assert (
        "Buka pada Jumat, 27 November: 10.00–12.00 (Acara kantor)"
        in site.browser().get("/o/3674").text
    )


def test_the_holidays_of_a_year_never_overwrite_what_the_office_said(
    site: Site, manager: FlaskClient
) -> None:
    christmas = date(2026, 12, 25)
    assert office_of(site).hours.days[christmas].source is Source.HOLIDAY
    shown = review(
        site, manager, "/manage/hours/day?date=2026-12-25", open="usual", reason_id="Tetap buka"
    )
    assert apply(site, manager, shown, "/manage/hours/day").status_code == 303
    kept = office_of(site).hours.days[christmas]
    assert kept.source is Source.OFFICE and len(kept.openings) == 2
    for year, same in (("2026", True), ("2027", True)):
        shown = site.send(
            manager, change_form(manager.get("/manage/hours"), "/manage/hours/holidays"), year=year
        )
        assert ("Ini tidak mengubah apa pun" in shown.text) is same
    assert office_of(site).hours.days[christmas] == kept
    wrong = site.send(
        manager, change_form(manager.get("/manage/hours"), "/manage/hours/holidays"), year="1899"
    )
    assert wrong.status_code == 422


def test_a_lower_limit_strands_the_latest_bookings_and_says_who(
    site: Site, manager: FlaskClient
) -> None:
    early, late = book(site, FRIDAY, number=1), book(site, FRIDAY, number=2)
    assert early.slot == late.slot
    shown = review(site, manager, "/manage/limit", people_limit="1")
    assert "Tamu 2" in shown.text and "Tamu 1" not in shown.text
    done = apply(site, manager, shown, "/manage/limit")
    assert done.status_code == 303
    assert (state_of(site, early), state_of(site, late)) == (State.BOOKED, State.STRANDED)
    assert office_of(site).people_limit == 1


def test_shares_are_changed_with_the_limit_kept(site: Site, manager: FlaskClient) -> None:
    shown = review(
        site, manager, "/manage/limit", online_share="50", urgent_share="12,5", release_minutes="45"
    )
    assert apply(site, manager, shown, "/manage/limit").status_code == 303
    after = office_of(site)
    assert (
        after.rules.booking.online_share,
        after.rules.booking.urgent_share,
        after.rules.booking.release_minutes,
        after.people_limit,
    ) == (0.5, 0.125, 45, 20)


def test_a_mode_is_previewed_applied_shown_to_the_public_and_ended(
    site: Site, manager: FlaskClient
) -> None:
    plain = book(site, FRIDAY, number=1, email="satu@example.com")
    urgent = book(site, FRIDAY, number=2, urgent=True)
    typed = {
        "mode": "URGENT_ONLY",
        "ends_date": "2026-11-30",
        "review_on": "2026-11-28",
        "notice_id": "Hanya mendesak.",
        "notice_en": "Urgent only.",
    }
    shown = review(site, manager, "/manage/mode", **typed)
    assert "Tamu 1" in shown.text and "Tamu 2" not in shown.text
    assert "Urgent only." in shown.text and plain.code[:4] in shown.text, (
        "the letter is shown with the notice"
    )
    assert office_of(site).mode_at(TUESDAY) is ServiceMode.NORMAL
    assert apply(site, manager, shown, "/manage/mode").status_code == 303
    assert (state_of(site, plain), state_of(site, urgent)) == (State.STRANDED, State.BOOKED)
    public = html.unescape(site.browser().get("/o/3674?lang=en").text)
    for words in (
        "Urgent cases only",
        "Urgent only.",
        "until the end of Monday, 30 November",
        "review this on Saturday, 28 November",
    ):
        assert words in public
    assert site.browser().get("/o/3674/book/day?service=KK").status_code == 200, (
        "days after the mode's end can be booked"
    )
    site.clock.pass_by(days=5)
    manager = site.sign_in(site.browser(), "budi")
    page = manager.get("/manage/mode?lang=en")
    assert "Review overdue" in page.text
    ended = site.send(manager, change_form(page, "/manage/mode/end"))
    assert apply(site, manager, ended, "/manage/mode/end").status_code == 303
    assert office_of(site).mode_at(site.clock.now) is ServiceMode.NORMAL


def test_applying_twice_or_unseen_or_outdated_does_no_harm(
    site: Site, manager: FlaskClient
) -> None:
    shown = review(site, manager, "/manage/limit", people_limit="10")
    form = change_form(shown, "/manage/limit")
    altered = site.send(manager, form, step="apply", people_limit="3")
    assert altered.status_code == 200 and office_of(site).people_limit == 20, (
        "what was not previewed is only previewed"
    )
    assert site.send(manager, form, step="apply").status_code == 303
    revision = office_of(site).revision
    assert site.send(manager, form, step="apply").status_code == 303
    assert office_of(site).revision == revision

    stale = review(site, manager, "/manage/limit", people_limit="12")
    between = review(site, manager, "/manage/limit", people_limit="11")
    assert apply(site, manager, between, "/manage/limit").status_code == 303
    late = apply(site, manager, stale, "/manage/limit")
    assert late.status_code == 409 and office_of(site).people_limit == 11
    assert apply(site, manager, late, "/manage/limit").status_code == 303
    assert office_of(site).people_limit == 12


def test_back_to_the_form_and_a_change_of_language_keep_what_was_typed(
    site: Site, manager: FlaskClient
) -> None:
    shown = review(
        site,
        manager,
        "/manage/mode",
        mode="CLOSED",
        starts_date="2026-12-01",
        notice_id="Tutup sebentar",
    )
    form = change_form(shown, "/manage/mode")
    back = site.send(manager, form, step="edit")
    assert (
        'value="CLOSED" id="f-mode"' not in back.text
        and "Tutup sebentar" in back.text
        and 'value="2026-12-01"' in back.text
    )
    english = manager.post("/manage/mode?lang=en", data=form.fields)
    assert "What this changes" in english.text and 'value="Tutup sebentar"' in english.text
    typed = {
        name: value
        for name, value in form.fields.items()
        if name not in ("mark", "revision", "idempotency_key")
    }
    edited = manager.post("/manage/mode?lang=id", data=typed)
    assert "<h1>Mode layanan</h1>" in edited.text and "Tutup sebentar" in edited.text


def test_an_end_at_midnight_is_told_as_the_last_day(site: Site) -> None:
    with site.application.flask.test_request_context("/?lang=en"):
        office = office_of(site)
        assert (
            end_words(office, datetime(2026, 12, 1, tzinfo=office.tz))
            == "the end of Monday, 30 November 2026"
        )
        assert (
            end_words(office, datetime(2026, 12, 1, 12, tzinfo=office.tz))
            == "Tuesday, 1 December 2026, 12:00 WIB"
        )
