"""One change for many offices over HTTP: no change without its dry run, one confirmation, nothing
twice, and what failed is named and can be looked at again.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from queue_server.domain.office.modes import ServiceMode
from queue_server.services.office.offices import set_people_limit
from tests.fixtures.application import ELSEWHERE, HOME, HOST, TODAY, House, at

PATH = "/province/change"
BOTH = (HOME, ELSEWHERE)
URGENT = {"kind": "mode", "mode": "URGENT_ONLY", "notice_id": "Hanya layanan mendesak."}


def open_form(house: House, username: str = "admin") -> tuple[FlaskClient, str]:
    return house.sign_in(username)


def send(
    browser: FlaskClient, token: str, offices: tuple[str, ...] = BOTH, **fields: str
) -> TestResponse:
    form = MultiDict([("csrf_token", token), *fields.items(), *(("office", x) for x in offices)])
    return browser.post(PATH, data=form, headers={"Host": HOST})


def read_review(shown: TestResponse) -> MultiDict[str, str]:
    """What the form of a dry run would send."""
    form = shown.text[shown.text.rindex('<form id="change"') :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return MultiDict(found)


def confirm(browser: FlaskClient, shown: TestResponse) -> TestResponse:
    form = read_review(shown)
    form.add("step", "apply")
    return browser.post(PATH, data=form, headers={"Host": HOST})


def modes(house: House) -> list[ServiceMode]:
    return [house.database.find_office(code).mode_at(house.clock.now) for code in BOTH]


def test_a_mode_for_all_offices_by_one_dry_run_and_one_confirmation(both_houses: House) -> None:
    house = both_houses
    house.book()
    browser, token = open_form(house)
    shown = send(browser, token, (), every="yes", **URGENT)
    assert shown.status_code == 200, shown.text
    assert shown.text.count("Normal → Hanya keperluan mendesak") == 2
    assert "1 pendaftaran akan kehilangan jadwal" in shown.text
    assert modes(house) == [ServiceMode.NORMAL] * 2

    done = confirm(browser, shown)
    assert done.status_code == 200, done.text
    assert modes(house) == [ServiceMode.URGENT_ONLY] * 2
    (decision,) = house.database.find_office(ELSEWHERE).modes
    assert (decision.decided_by, dict(decision.notice)) == (
        "admin",
        {"id": "Hanya layanan mendesak."},
    )
    assert confirm(browser, shown).status_code == 200, "a second press"
    assert [len(house.database.find_office(code).modes) for code in BOTH] == [1, 1]


def test_what_somebody_else_changed_meanwhile_is_named_and_looked_at_again(house: House) -> None:
    browser, token = open_form(house)
    shown = send(browser, token, **URGENT)
    house.database.write(
        [(HOME, TODAY)], lambda tx: set_people_limit(tx, HOME, 5, "manager", house.clock.now)
    )
    done = confirm(browser, shown)
    assert done.status_code == 409
    assert modes(house) == [ServiceMode.NORMAL, ServiceMode.URGENT_ONLY]
    assert f'name="office" value="{HOME}"' in done.text
    assert f'name="office" value="{ELSEWHERE}"' not in done.text
    assert confirm(browser, send(browser, token, (HOME,), **URGENT)).status_code == 200
    assert modes(house) == [ServiceMode.URGENT_ONLY] * 2


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": "CLOSED"},
        {"notice_id": "Sesuatu yang lain"},
        {"revisions": f"{HOME}:1"},
        {"mark": "0" * 64},
        {"kind": "limit"},
    ],
)
def test_no_form_but_the_one_that_was_shown_is_applied(
    house: House, changes: dict[str, str]
) -> None:
    browser, token = open_form(house)
    form = read_review(send(browser, token, **URGENT))
    for name, value in {**changes, "step": "apply"}.items():
        form.setlist(name, [value])
    answer = browser.post(PATH, data=form, headers={"Host": HOST})
    assert answer.status_code in (200, 422)
    assert modes(house) == [ServiceMode.NORMAL] * 2


def test_a_share_of_each_limit(house: House) -> None:
    house.database.write(
        [(ELSEWHERE, TODAY)],
        lambda tx: set_people_limit(tx, ELSEWHERE, 5, "manager", house.clock.now),
    )
    browser, token = open_form(house)
    shown = send(browser, token, kind="limit", limit_as="percent", percent="50")
    assert "12 → 6" in shown.text and "5 → 2" in shown.text
    assert confirm(browser, shown).status_code == 200
    limits = [house.database.find_office(code).people_limit for code in BOTH]
    assert limits == [6, 2]
    assert confirm(browser, shown).status_code == 200, "not halved again"
    assert [house.database.find_office(code).people_limit for code in BOTH] == limits


def test_one_day_closed_everywhere(house: House) -> None:
    day = TODAY + timedelta(days=2)
    house.book(slot=house.slot(10, day=2))
    browser, token = open_form(house)
    fields = {"kind": "day", "date": day.isoformat(), "open": "closed", "reason_id": "Pemilu"}
    shown = send(browser, token, **fields)
    assert "1 pendaftaran akan kehilangan jadwal" in shown.text
    assert confirm(browser, shown).status_code == 200
    for code in BOTH:
        assert house.database.find_office(code).openings_on(day) == ()


TOGETHER = {
    "kind": "together",
    "part_mode": "yes",
    "part_day": "yes",
    "part_limit": "yes",
    "mode": "URGENT_ONLY",
    "notice_id": "Hanya layanan mendesak.",
    "date": (TODAY + timedelta(days=1)).isoformat(),
    "open": "own",
    "d_0_from": "08.00",
    "d_0_to": "12.00",
    "limit_as": "percent",
    "percent": "50",
}


def test_mode_notice_hours_and_limit_by_one_confirmation(house: House) -> None:
    browser, token = open_form(house)
    shown = send(browser, token, **TOGETHER)
    assert shown.status_code == 200, shown.text
    what = "Normal → Hanya keperluan mendesak; Selasa, 24 November: 08.00–12.00; orang di dalam:"
    assert shown.text.count(f"{what} 12 → 6") == 2
    for _press in range(2):
        assert confirm(browser, shown).status_code == 200
        for code in BOTH:
            office = house.database.find_office(code)
            assert office.mode_at(house.clock.now) is ServiceMode.URGENT_ONLY
            assert office.people_limit == 6
            assert [each.closes.hour for each in office.openings_on(TODAY + timedelta(1))] == [12]


def test_what_is_not_ticked_stays_and_something_must_be(house: House) -> None:
    browser, token = open_form(house)
    nothing = {name: text for name, text in TOGETHER.items() if not name.startswith("part_")}
    wrong = send(browser, token, **nothing)
    assert wrong.status_code == 422 and "Centang paling sedikit satu" in wrong.text
    both_wrong = {**TOGETHER, "mode": "", "percent": "0"}
    wrong = send(browser, token, **both_wrong)
    assert wrong.status_code == 422 and "Pilih mode" in wrong.text and "1 sampai 100" in wrong.text
    limit_alone = {**nothing, "part_limit": "yes", "mode": ""}
    assert confirm(browser, send(browser, token, **limit_alone)).status_code == 200
    assert [house.database.find_office(code).people_limit for code in BOTH] == [6, 6]
    assert modes(house) == [ServiceMode.NORMAL] * 2


def test_a_notice_leaves_the_mode_and_its_dates_as_they_were(house: House) -> None:
    browser, token = open_form(house)
    limited = {**URGENT, "ends_date": "2026-11-29", "review_on": "2026-11-27"}
    assert confirm(browser, send(browser, token, (HOME,), **limited)).status_code == 200
    house.clock.pass_by(minutes=1)
    said = {"kind": "notice", "notice_id": "Bawa fotokopi KK.", "ends_date": "2026-12-31"}
    assert confirm(browser, send(browser, token, **said)).status_code == 200
    at_home, elsewhere = (
        house.database.find_office(code).mode_period(house.clock.now) for code in BOTH
    )
    assert at_home is not None and elsewhere is not None
    assert (at_home.mode, at_home.review_on, at_home.ends_at) == (
        ServiceMode.URGENT_ONLY,
        TODAY + timedelta(days=4),
        at(0, day=7),
    )
    assert elsewhere.mode is ServiceMode.NORMAL and elsewhere.ends_at == at(0, day=39)
    assert dict(at_home.notice) == dict(elsewhere.notice) == {"id": "Bawa fotokopi KK."}


@pytest.mark.parametrize(
    ("fields", "offices", "wrong"),
    [
        (URGENT, (), "Pilih paling sedikit satu kantor"),
        ({"kind": "mode"}, BOTH, "Pilih mode"),
        ({"kind": "notice"}, BOTH, "Tulis pengumumannya"),
        ({"kind": "limit"}, BOTH, "Pilih cara menetapkan batas"),
        ({"kind": "limit", "limit_as": "percent", "percent": "0"}, BOTH, "1 sampai 100"),
        ({"kind": "limit", "limit_as": "number", "people_limit": ""}, BOTH, "mulai dari 1"),
        ({"kind": "day", "open": "closed"}, BOTH, "tanggal"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    house: House, fields: dict[str, Any], offices: tuple[str, ...], wrong: str
) -> None:
    browser, token = open_form(house)
    before = house.dump()
    shown = send(browser, token, offices, **fields)
    assert shown.status_code == 422 and wrong in shown.text
    assert house.dump() == before


def test_an_office_of_others_is_refused_and_none_is_changed(house: House) -> None:
    browser, token = open_form(house, "province")
    assert ELSEWHERE not in browser.get(PATH, headers={"Host": HOST}).text
    assert send(browser, token, BOTH, **URGENT).status_code == 403
    shown = send(browser, token, (), every="yes", **URGENT)
    assert confirm(browser, shown).status_code == 200
    assert modes(house) == [ServiceMode.URGENT_ONLY, ServiceMode.NORMAL]
