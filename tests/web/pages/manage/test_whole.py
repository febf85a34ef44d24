"""The office as one thing, on its page: exported, imported after a dry run, copied, closed and
deleted.
"""

from __future__ import annotations

import html
import io
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.errors import UnknownOffice
from queue_server.services.office.whole.yaml_text import BYTES_MAX
from tests.fixtures.application import ELSEWHERE, HOME, HOST, House, csrf_of

HEADERS = {"Host": HOST}
IMPORT = "/manage/office/import?lang=en"


@pytest.fixture
def admin(house: House) -> FlaskClient:
    return house.sign_in("admin")[0]


def export(browser: FlaskClient, office: str = HOME) -> str:
    answer = browser.get(f"/manage/office/file.yaml?office={office}", headers=HEADERS)
    assert answer.status_code == 200 and answer.mimetype == "application/yaml"
    return answer.text


def send(browser: FlaskClient, text: str | bytes, **fields: str) -> TestResponse:
    content = text if isinstance(text, bytes) else text.encode()
    token = csrf_of(browser.get(IMPORT, headers=HEADERS))
    return browser.post(
        IMPORT,
        data={"csrf_token": token, "file": (io.BytesIO(content), "office.yaml"), **fields},
        headers=HEADERS,
        content_type="multipart/form-data",
    )


def confirm(browser: FlaskClient, review: TestResponse, **changes: str) -> TestResponse:
    """Send the form of a dry run, as it stands on the page."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', review.text))
    data = {name: html.unescape(value) for name, value in fields.items()} | changes
    return browser.post(IMPORT, data=data, headers=HEADERS, content_type="multipart/form-data")


def test_a_manager_downloads_the_file_and_another_offices_not(house: House) -> None:
    manager = house.sign_in("manager")[0]
    text = export(manager)
    assert f"code: '{HOME}'" in text and "booking:" in text
    assert export(manager, ELSEWHERE) == text, "theirs, whatever the address says"
    assert manager.get(IMPORT, headers=HEADERS).status_code == 403


def test_the_dry_run_says_in_words_what_differs_and_then_the_file_is_in_force(
    house: House, admin: FlaskClient
) -> None:
    before = house.database.find_office(HOME)
    text = (
        export(admin).replace("Kantor 9101", "Kantor Indah").replace("minutes: 10", "minutes: 12")
    )
    review = send(admin, text)
    assert review.status_code == 200
    assert "Name: Kantor 9101 → Kantor Indah" in html.unescape(review.text)
    assert "Changed: service REK" in review.text and "No booking loses its time" in review.text
    assert house.database.find_office(HOME) == before, "so far it was only read"
    done = confirm(admin, review)
    assert done.status_code == 303, done.text
    after = house.database.find_office(HOME)
    assert after.name == "Kantor Indah" and after.services[0].minutes == 12
    again = confirm(admin, review)
    assert again.status_code == 303 and house.database.find_office(HOME) == after


def test_a_confirmation_without_its_dry_run_is_a_dry_run(house: House, admin: FlaskClient) -> None:
    review = send(admin, export(admin).replace("Kantor 9101", "Kantor Indah"))
    for changes in ({"seal": "0" * 64}, {"as_code": "9177"}, {"revision": ""}):
        assert confirm(admin, review, **changes).status_code == 200
    assert house.database.find_office(HOME).name == "Kantor 9101"


def test_of_two_imports_the_second_looks_again(house: House, admin: FlaskClient) -> None:
    first = send(admin, export(admin).replace("Kantor 9101", "Eins"))
    second = send(admin, export(admin).replace("Kantor 9101", "Zwei"))
    assert confirm(admin, first).status_code == 303
    refused = confirm(admin, second)
    assert refused.status_code == 409 and "Somebody else changed this" in refused.text
    assert house.database.find_office(HOME).name == "Eins"


def test_a_file_makes_a_new_office_under_another_code(house: House, admin: FlaskClient) -> None:
    review = send(admin, export(admin), as_code="9155")
    assert review.status_code == 200 and "New office: Kantor 9101" in review.text
    assert confirm(admin, review).status_code == 303
    made = house.database.find_office("9155")
    assert [each.id for each in made.counters] == ["9155-1", "9155-2", "9155-3"]


WRONG = {
    "another version": ("version: 1", "version: 9", "version: this file is of version 9"),
    "unknown field": ("phone:", "fone:", "fone: there is no such field"),
    "letter twice": ("- letter: B", "- letter: A", "streams[1].letter: this stands here twice"),
    "overlap": (
        "  - day: tuesday\n    opens: 08:00",
        "  - day: monday\n    opens: 08:00",
        "hours.week: these overlap",
    ),
    "zone": ("Asia/Jakarta", "Asia/Atlantis", "zone: there is no “Asia/Atlantis”"),
    "yaml": ("phone:", "phone: [", "this is not written as YAML"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_path_and_nothing_is_changed(
    house: House, admin: FlaskClient, name: str
) -> None:
    old, new, words = WRONG[name]
    text = export(admin)
    assert old in text
    before = house.dump("sessions")
    answer = send(admin, text.replace(old, new, 1))
    assert answer.status_code == 422 and words in html.unescape(answer.text)
    assert house.dump("sessions") == before


def test_too_large_a_file_is_refused_early_and_a_strangers_smaller_one_too(
    house: House, admin: FlaskClient
) -> None:
    huge = send(admin, b"#" * (BYTES_MAX + 100_000))
    assert huge.status_code == 413
    assert send(admin, b"# " * 400_000).status_code == 422, "so much is read, and is no office"
    stranger = house.browser()
    answer = stranger.post(
        IMPORT,
        data={"file": (io.BytesIO(b"#" * 100_000), "office.yaml")},
        headers=HEADERS,
        content_type="multipart/form-data",
    )
    assert answer.status_code == 413


def test_a_copy_is_made_once_and_a_taken_code_is_said(house: House, admin: FlaskClient) -> None:
    page = admin.get(f"/manage/office?office={HOME}&lang=en", headers=HEADERS)
    data = {
        "csrf_token": csrf_of(page),
        "idempotency_key": "one",
        "office": HOME,
        "new_code": "9155",
        "new_name": "Kantor Kembar",
    }
    for _time in range(2):
        done = admin.post("/manage/office/copy?lang=en", data=data, headers=HEADERS)
        assert done.status_code == 303 and "office=9155" in done.headers["Location"]
    assert house.database.find_office("9155").name == "Kantor Kembar"
    data["idempotency_key"] = "two"
    taken = admin.post("/manage/office/copy?lang=en", data=data, headers=HEADERS)
    assert taken.status_code == 409 or taken.status_code == 422
    assert "An office has this code" in taken.text


def test_closing_shows_who_loses_a_time_and_can_be_ended(house: House) -> None:
    house.book()
    manager, _token = house.sign_in("manager")
    page = manager.get("/manage/office/close?lang=en", headers=HEADERS)
    data = {
        "csrf_token": csrf_of(page),
        "office": HOME,
        "first": "2026-11-24",
        "notice_id": "Pindah ke Jalan Baru 2.",
    }
    review = manager.post("/manage/office/close", data=data, headers=HEADERS)
    assert review.status_code == 200 and "Zulaikha Planted" in review.text
    assert house.database.find_office(HOME).modes == ()
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', review.text)
    form = {name: html.unescape(value) for name, value in fields}
    form |= {"step": "apply"}
    done = manager.post("/manage/office/close", data=form, headers=HEADERS)
    assert done.status_code == 303, done.text
    [period] = house.database.find_office(HOME).modes
    assert period.mode == "CLOSED" and period.ends_at is None
    assert period.notice["id"] == "Pindah ke Jalan Baru 2."


def test_an_office_is_deleted_after_its_code_was_typed(house: House, admin: FlaskClient) -> None:
    page = admin.get(f"/manage/office/delete?office={ELSEWHERE}&lang=en", headers=HEADERS)
    data = {"csrf_token": csrf_of(page), "office": ELSEWHERE, "typed": HOME}
    wrong = admin.post("/manage/office/delete?lang=en", data=data, headers=HEADERS)
    assert wrong.status_code == 422 and "not the code of the office" in wrong.text
    assert house.database.find_office(ELSEWHERE).code == ELSEWHERE
    data["typed"] = ELSEWHERE
    assert admin.post("/manage/office/delete", data=data, headers=HEADERS).status_code == 303
    with pytest.raises(UnknownOffice), house.database.read() as connection:
        house.database.offices.get(connection, ELSEWHERE)


def test_an_office_with_visits_is_not_deleted(house: House, admin: FlaskClient) -> None:
    house.book()
    page = admin.get(f"/manage/office/delete?office={HOME}&lang=en", headers=HEADERS)
    data = {"csrf_token": csrf_of(page), "office": HOME, "typed": HOME}
    refused = admin.post("/manage/office/delete?lang=en", data=data, headers=HEADERS)
    assert refused.status_code == 409 and "1 visit of this office is not over" in refused.text
    assert house.database.find_office(HOME).code == HOME
