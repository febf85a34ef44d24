"""Managers' pages on personal data: times and proof, one person, the record of processing."""

from __future__ import annotations

import html
import json
import logging
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.privacy.looking import LOOKS_MAX
from queue_server.services import upkeep
from queue_server.store import tables
from tests.fixtures.application import (
    ELSEWHERE,
    EMAIL,
    HOME,
    HOST,
    NAME,
    NIK,
    PASSWORD,
    PHONE,
    House,
)
from tests.fixtures.pdf import read_text
from tests.web.site import Form, forms_of, without_layout

PAGE, PERSON, RECORD = "/manage/privacy", "/manage/privacy/person", "/manage/privacy/record"
SISTER = {"nik": "9101014507900043", "name": "Saudari Planted", "email": None}


class Manager:
    """A manager's browser that fills in forms."""

    def __init__(self, house: House, name: str = "manager") -> None:
        self.house, self.name = house, name
        self.browser: FlaskClient = house.sign_in(name)[0]

    def get(self, path: str) -> TestResponse:
        mark = "&" if "?" in path else "?"
        return self.browser.get(f"{path}{mark}lang=en", headers={"Host": HOST})

    def send(self, page: TestResponse, action: str, **typed: str) -> TestResponse:
        [form, *_] = [each for each in forms_of(page) if each.action.startswith(action)]
        return self.send_form(form, **typed)

    def send_form(self, form: Form, **typed: str) -> TestResponse:
        return self.browser.post(form.action, data={**form.fields, **typed}, headers={"Host": HOST})

    def look(self, by: str, typed: str) -> TestResponse:
        return self.send(self.get(PERSON), PERSON, by=by, typed=typed)


@pytest.fixture
def manager(house: House) -> Manager:
    return Manager(house)


def said(answer: TestResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", without_layout(answer))).split())


def test_the_page_tells_how_long_and_what_the_last_nights_deleted(
    house: House, manager: Manager
) -> None:
    first = said(manager.get(PAGE))
    assert "No purge has come to its end yet" in first and "Visitors" in first
    house.book()
    house.clock.pass_by(days=9)
    upkeep.keep_up(house.database, house.clock())
    page = said(Manager(house).get(PAGE))
    assert "rows deleted, and nothing left that had to go." in page
    assert "Proof of the last nights" in page and "was changed" not in page
    house.clock.pass_by(days=2, seconds=1)
    assert "has not come to its end for two days" in said(Manager(house).get(PAGE))


def test_a_changed_proof_is_seen(house: House, manager: Manager) -> None:
    upkeep.keep_up(house.database, house.clock())
    assert "was changed" not in said(manager.get(PAGE))
    house.database.write(
        [],
        lambda tx: tx.change(
            tables.purges.update().where(tables.purges.c.kind == "visitors").values(rows=5)
        ),
    )
    assert "The proof of a night was changed" in said(manager.get(PAGE))


def test_the_times_are_changed_after_a_dry_run(house: House, manager: Manager) -> None:
    wrong = manager.send(manager.get(PAGE), PAGE, **{"privacy.personal_data_days": "91"})
    assert wrong.status_code == 422 and "enter a whole number from 1 to 90" in said(wrong)
    review = manager.send(manager.get(PAGE), PAGE, **{"privacy.personal_data_days": "3"})
    assert review.status_code == 200 and "7 days" in said(review) and "3 days" in said(review)
    assert house.database.find_office(HOME).rules.privacy.personal_data_days == 7
    [form] = [each for each in forms_of(review) if "mark" in each.fields]
    assert manager.send_form(form, step="apply").status_code == 303
    assert house.database.find_office(HOME).rules.privacy.personal_data_days == 3
    assert house.database.find_office(ELSEWHERE).rules.privacy.personal_data_days == 7


def test_a_person_is_shown_given_out_and_erased(house: House, manager: Manager) -> None:
    code = house.book()["code"]
    shown = manager.look("number", NIK)
    assert shown.status_code == 200
    for part in (NAME, PHONE, EMAIL, NIK[-4:], code):
        assert part in said(shown)
    assert NIK not in shown.text
    file = manager.send(shown, f"{PERSON}/file", format="json")
    told = json.loads(file.data)
    assert [each["name"] for each in told["visits"]] == [NAME]
    assert file.headers["Cache-Control"] == "no-store"
    pdf = manager.send(shown, f"{PERSON}/file", format="pdf")
    assert NAME in read_text(pdf.data)
    asked = manager.send(shown, f"{PERSON}/erase")
    assert "still ahead" in said(asked) and house.get(f"/tickets/{code}").status_code == 200
    refused = manager.send(asked, f"{PERSON}/erase")
    assert refused.status_code == 409 and "Tick that they are cancelled" in said(refused)
    receipt = manager.send(asked, f"{PERSON}/erase", cancel="1")
    assert receipt.status_code == 200 and "Receipt" in said(receipt)
    assert not [each for each in (NAME, PHONE, EMAIL) if each in repr(house.dump())]
    assert manager.send(asked, f"{PERSON}/erase", cancel="1").status_code == 404, "done already"
    assert manager.look("number", NIK).status_code == 404
    audit = said(manager.get("/supervise/audit"))
    assert NAME not in audit and NIK not in audit


def test_several_with_one_telephone_are_told_apart(house: House, manager: Manager) -> None:
    house.book()
    house.book(**SISTER, slot=house.slot(11))
    several = manager.look("phone", "0812-9876-5432")
    assert several.status_code == 200
    text = said(several)
    assert NAME not in text and "Sa***" in text and "…0042" in text and "…0043" in text
    forms = [each for each in forms_of(several) if "handle" in each.fields]
    shown = [said(manager.send_form(each)) for each in forms]
    assert [sum(name in page for page in shown) for name in (NAME, "Saudari Planted")] == [1, 1]


@pytest.mark.parametrize(
    ("by", "typed", "words"),
    [
        ("number", "123", "passport"),
        ("number", "", "Enter"),
        ("phone", "abc", "phone"),
        ("code", "X" * 5_000, "Nothing is held"),
        ("nonsense", "'; DROP TABLE visitors", "passport"),
    ],
)
def test_what_is_no_number_is_said_and_not_echoed(
    manager: Manager, by: str, typed: str, words: str
) -> None:
    answer = manager.look(by, typed)
    assert answer.status_code in (404, 422) and words.lower() in said(answer).lower()
    assert not typed or typed not in html.unescape(answer.text)


def test_a_bored_manager_is_stopped(manager: Manager) -> None:
    for _ in range(LOOKS_MAX):
        assert manager.look("code", "NOBODYSCODE1").status_code == 404
    refused = manager.look("code", "NOBODYSCODE1")
    assert refused.status_code == 429 and "Try again later" in said(refused)


def test_a_handle_is_good_for_one_manager_and_a_quarter_of_an_hour(house: House) -> None:
    house.book()
    manager, other = Manager(house), Manager(house, "admin")
    shown = manager.look("number", NIK)
    [form, *_] = [each for each in forms_of(shown) if each.action.startswith(f"{PERSON}/file")]
    page = other.get(f"{PERSON}?office={HOME}")
    [own, *_] = [each for each in forms_of(page) if each.action.startswith(PERSON)]
    stolen = {**own.fields, "handle": form.fields["handle"]}
    answer = other.browser.post(PERSON, data=stolen, headers={"Host": HOST})
    assert answer.status_code == 404
    for broken in ("", "x", form.fields["handle"][:-4] + "AAAA"):
        assert manager.send_form(form, handle=broken, format="json").status_code == 404
    assert manager.send_form(form, format="exe").status_code == 404
    house.clock.pass_by(minutes=15, seconds=1)
    asked = manager.send_form(form, format="json")
    assert asked.status_code == 403, "first, who it is"
    assert manager.send_form(form, format="json", own_proof=PASSWORD).status_code == 404


def test_nothing_that_is_typed_reaches_the_log(
    house: House, manager: Manager, caplog: pytest.LogCaptureFixture
) -> None:
    house.book()
    with caplog.at_level(logging.DEBUG):
        manager.look("number", NIK)
        manager.look("phone", PHONE)
    assert not [each for each in (NIK, PHONE, NAME) if each in caplog.text]
    assert not [each for each in (NIK, PHONE) if each in repr(house.dump()["answers"])]


def test_the_record_names_every_kind_in_both_languages_and_as_files(
    house: House, manager: Manager
) -> None:
    page = said(manager.get(RECORD))
    for part in ("Visitors", "Missed visits", "Backups", "visitors.nik_fingerprint", "Kantor 9101"):
        assert part in page
    assert "Mail server" not in page, "no way to send is set"
    indonesian = manager.browser.get(f"{RECORD}/file?format=md&lang=id", headers={"Host": HOST})
    assert "# Catatan pemrosesan data: Kantor 9101" in indonesian.text
    english = manager.get(f"{RECORD}/file?format=html")
    assert "<h1>Record of processing: Kantor 9101</h1>" in english.text
    assert "visitors.phone" in read_text(manager.get(f"{RECORD}/file?format=pdf").data)
    assert manager.get(f"{RECORD}/file?format=exe").status_code == 404


def test_the_record_names_whom_messages_and_events_go_to(open_house: object) -> None:
    house = open_house(smtp_url="smtp://surat.contoh.id")  # type: ignore[operator]
    assert "Mail server surat.contoh.id" in said(Manager(house).get(RECORD))


def test_only_managers_of_the_office_see_any_of_it(house: House) -> None:
    supervisor = Manager(house, "supervisor")
    for path in (PAGE, PERSON, RECORD, f"{RECORD}/file?format=md"):
        assert supervisor.get(path).status_code == 403
    elsewhere = Manager(house, "manager_elsewhere")
    house.book()
    assert elsewhere.look("number", NIK).status_code == 404
    assert elsewhere.get(f"{PAGE}?office={HOME}").status_code in (200, 403)
    assert "Kantor 9101" not in said(elsewhere.get(f"{PAGE}?office={HOME}"))
