"""Reports by mail on the managers' page: an address is added, seen and removed, in its own office
only; and the mail that is made has the report.
"""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient

from queue_server.domain.reports.mailing import ReportMail
from queue_server.domain.reports.period import Period, Step
from queue_server.store.reports import mails as mail_store
from queue_server.web.edge.reports.letter import make_report_composer
from tests.fixtures.pdf import read_text
from tests.web.site import TUESDAY, Site, forms_of, main_form

PAGE = "/manage/reports/mail"
ADDRESS = "kepala@kantor.go.id"


def stored(site: Site, office: str = "3674") -> list[ReportMail]:
    with site.application.database.read() as connection:
        return mail_store.list_of_office(connection, office)


def test_an_address_is_added_once_and_removed(site: Site, manager: FlaskClient) -> None:
    form = main_form(manager.get(PAGE))
    data = {**form.fields, "email": f" {ADDRESS} ", "every": "week", "language": "en"}
    for _ in range(2):
        assert manager.post(form.action, data=data).status_code == 303
    [mail] = stored(site)
    assert (mail.email, mail.every, mail.language) == (ADDRESS, Step.WEEK, "en")
    page = manager.get(PAGE)
    assert ADDRESS in page.text
    again = {**main_form(page).fields, "email": ADDRESS, "every": "week", "language": "id"}
    refused = manager.post(form.action, data=again)
    assert refused.status_code == 422 and ADDRESS in refused.text
    assert stored(site) == [mail]
    [removal] = [each for each in forms_of(page) if "mail" in each.fields]
    for _ in range(2):
        assert manager.post(removal.action, data=removal.fields).status_code == 303
    assert stored(site) == []


def test_what_cannot_be_changes_nothing(site: Site, manager: FlaskClient) -> None:
    form = main_form(manager.get(PAGE))
    right = {"email": ADDRESS, "every": "month", "language": "id"}
    for wrong in (
        {"email": ""},
        {"email": "kepala@"},
        {"email": "a@b.id\nBcc: c@d.id"},
        {"email": "a" * 300},
        {"every": "day"},
        {"every": ""},
        {"language": "fr"},
    ):
        refused = manager.post(form.action, data={**form.fields, **right, **wrong})
        assert refused.status_code == 422, wrong
        [field] = wrong
        assert f'href="#f-{field}"' in refused.text
    assert stored(site) == []


def test_managers_of_another_office_neither_see_nor_remove_it(
    site: Site, manager: FlaskClient
) -> None:
    form = main_form(manager.get(PAGE))
    right = {"email": ADDRESS, "every": "month", "language": "id"}
    assert manager.post(form.action, data={**form.fields, **right}).status_code == 303
    other = site.sign_in(site.browser(), "wati")
    own = main_form(other.get(PAGE))
    assert ADDRESS not in other.get(PAGE).text
    remove = {**own.fields, "mail": stored(site)[0].id}
    assert other.post(PAGE, data=remove).status_code == 303
    assert len(stored(site)) == 1


def test_the_mail_has_the_report_as_a_pdf_in_the_language_chosen(site: Site) -> None:
    parts = site.application.flask.extensions["antrean"]
    compose = make_report_composer(
        site.application.beside,
        site.application.database,
        parts.settings.database_url,
        "https://antrean.example",
        lambda: TUESDAY,
    )
    with site.application.database.read() as connection:
        office = site.application.database.offices.get(connection, "3674")
    month = Period(date(2020, 2, 1), date(2020, 2, 29))
    for language, words in (("id", "Laporan"), ("en", "Report")):
        mail = ReportMail("m", "3674", Step.MONTH, ADDRESS, language, "b", TUESDAY, TUESDAY)
        letter = compose(office, mail, month)
        assert words in letter.subject and office.name in letter.subject
        assert "https://antrean.example/manage/reports/mail?office=3674" in letter.body
        assert letter.attachment is not None
        assert letter.attachment.name == "antrean-3674-2020-02-01-2020-02-29.pdf"
        assert words in read_text(letter.attachment.content)
