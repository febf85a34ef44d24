"""The steps of a set-up as forms: what is wrong is said at its field, and each is done once."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.services.office.whole.catalogues import DUKCAPIL, read_text
from tests.fixtures.application import HOST, House, csrf_of
from tests.web.pages.setup.test_empty import EMPTY, empty

__all__ = ["empty"]

HEADERS = {"Host": HOST}
WEEK = {f"day_{day}": "1" for day in range(5)} | {
    "opens": "08:00",
    "closes": "15.00",
    "pause_from": "12:00",
    "pause_to": "13:00",
    "friday_from": "",
    "friday_to": "",
}


@pytest.fixture
def admin(empty: House) -> FlaskClient:
    return empty.sign_in("admin")[0]


def send(browser: FlaskClient, page: str, **typed: object) -> TestResponse:
    address = f"/setup/{page}?office={EMPTY}&lang=en"
    token = csrf_of(browser.get(address, headers=HEADERS))
    data = {"csrf_token": token, "office": EMPTY, **typed}
    return browser.post(address, data=data, headers=HEADERS)


def test_a_new_office_is_made_once_and_its_faults_are_said(
    empty: House, admin: FlaskClient
) -> None:
    typed = {"code": "9177", "name": "Kantor Baru", "address": "Jalan 1", "zone": "Asia/Makassar"}
    for changes, words in (
        ({"code": "91 77"}, "letters, digits and hyphens"),
        ({"code": EMPTY}, "An office has this code"),
        ({"name": " "}, "Enter the name of the office"),
        ({"address": ""}, "Enter the address"),
        ({"zone": "Asia/Atlantis"}, "Choose a time zone"),
    ):
        wrong = send(admin, "office", phone="", **typed | changes)
        assert wrong.status_code in (409, 422) and words in wrong.text, changes
    for _time in range(2):
        done = send(admin, "office", phone="", idempotency_key="one", **typed)
        assert done.headers["Location"] == "/setup/steps?office=9177&done=office"
    assert empty.database.find_office("9177").zone == "Asia/Makassar"


def test_only_who_works_for_all_offices_makes_one(house: House) -> None:
    manager = house.sign_in("manager")[0]
    assert manager.get("/setup/office", headers=HEADERS).status_code == 403
    assert manager.get("/setup/steps", headers=HEADERS).status_code == 200


def test_the_room_comes_from_its_size_a_number_or_no_limit(
    empty: House, admin: FlaskClient
) -> None:
    size = {"way": "size", "length_m": "8", "width_m": "7,5", "area_per_person_m2": "4"}
    for changes in ({"length_m": "0"}, {"width_m": "wide"}, {"area_per_person_m2": "999"}):
        assert send(admin, "room", **size | changes).status_code == 422
    assert send(admin, "room", way="number", people_limit="0").status_code == 422
    assert empty.database.find_office(EMPTY).people_limit is None
    assert send(admin, "room", **size).status_code == 303
    assert empty.database.find_office(EMPTY).people_limit == 15
    assert send(admin, "room", way="number", people_limit="9").status_code == 303
    assert empty.database.find_office(EMPTY).people_limit == 9
    assert send(admin, "room", way="none").status_code == 303
    assert empty.database.find_office(EMPTY).people_limit is None
    steps = admin.get(f"/setup/steps?office={EMPTY}&lang=en", headers=HEADERS).text
    assert "1 step of 8 is done" in steps, "no limit is a decision too"


def test_the_week_is_set_once(empty: House, admin: FlaskClient) -> None:
    for changes in ({"opens": "soon"}, {"closes": "07:00"}, {"pause_to": ""}):
        assert send(admin, "week", **WEEK | changes).status_code == 422
    nobody = {name: value for name, value in WEEK.items() if not name.startswith("day")}
    assert "Choose at least one day" in send(admin, "week", **nobody).text
    assert send(admin, "week", **WEEK).status_code == 303
    week = empty.database.find_office(EMPTY).hours.week
    assert [each.weekday for each in week] == [0, 0, 1, 1, 2, 2, 3, 3, 4]
    done = admin.get(f"/setup/week?office={EMPTY}", headers=HEADERS)
    assert done.headers["Location"] == f"/manage/hours?office={EMPTY}"


def test_services_come_from_the_catalogue_or_from_a_file(empty: House, admin: FlaskClient) -> None:
    assert send(admin, "counters", counters="2").status_code == 422, "no queue to serve yet"
    assert send(admin, "services").status_code == 422
    broken = read_text(DUKCAPIL).replace("letter: A", "letter: AB", 1)
    for content, words in (
        (b"", "Choose a file"),
        (b"#" * 50_000, "at most 48 KB"),
        (broken.encode(), "streams[0].letter"),
    ):
        file = (io.BytesIO(content), "catalogue.yaml")
        wrong = send(admin, "services", **{"from": "own", "catalogue": file})
        assert wrong.status_code == 422 and words in wrong.text
    file = (io.BytesIO(read_text(DUKCAPIL).encode()), "catalogue.yaml")
    assert send(admin, "services", **{"from": "own", "catalogue": file}).status_code == 303
    office = empty.database.find_office(EMPTY)
    assert len(office.services) == 14 and office.rules.booking.urgent_letter == "U"
    assert send(admin, "counters", counters="many").status_code == 422
    assert send(admin, "counters", counters="2").status_code == 303
    assert len(empty.database.find_office(EMPTY).counters) == 2


def test_pages_of_the_staff_say_what_an_office_lacks(empty: House, admin: FlaskClient) -> None:
    page = admin.get(f"/manage?office={EMPTY}&lang=en", headers=HEADERS).text
    assert "Still to set up: opening hours, services, counters." in page
    assert f"/setup/steps?office={EMPTY}" in page
    assert "Still to set up" not in admin.get("/manage?office=9101&lang=en", headers=HEADERS).text


def test_where_there_are_visits_the_limit_goes_the_way_with_a_dry_run(
    empty: House, admin: FlaskClient
) -> None:
    empty.book()
    page = admin.get("/setup/room?office=9101&lang=en", headers=HEADERS)
    data = {"csrf_token": csrf_of(page), "office": "9101", "way": "number", "people_limit": "1"}
    refused = admin.post("/setup/room?office=9101&lang=en", data=data, headers=HEADERS)
    assert refused.status_code == 409 and "Limit and shares" in refused.text
    assert empty.database.find_office("9101").people_limit == 12
