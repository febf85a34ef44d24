"""The words of messages on the managers' pages: looked at, saved, refused, and brought back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.events import EventType
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import PLACEHOLDERS, find_faults
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.messages import wording as words_store
from queue_server.store.office import history as history_store
from queue_server.store.visit import events as event_store
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.edge.strangers.contact_proof import make_composer
from queue_server.web.edge.words.messages.templates import template_of, write_words
from tests.web.pages.manage.changing import FRIDAY, book, office_of
from tests.web.site import TUESDAY, Site, main_form, without_layout

KIND = MessageKind.CONFIRMATION
PAGE = f"/manage/messages/{KIND.value}"
BODY = "Halo dari <Tangerang>.\n\n{service}: {time}.\n\nKode: {code}. 100% gratis, {{lah}}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PLACEHOLDERS)
def test_the_standard_words_are_without_faults(kind: MessageKind, language: str) -> None:
    """What an office starts from when it edits."""
    assert find_faults(kind, write_words(template_of(kind, language))) == ()


def own_of(site: Site, kind: MessageKind = KIND) -> dict[str, str]:
    with site.application.database.read() as connection:
        own = words_store.find_own(connection, "3674", kind)
    return {language: each.words.text for language, each in own.items()}


def send(site: Site, manager: FlaskClient, step: str, **values: str) -> TestResponse:
    """The form of the page with some values changed."""
    form = main_form(manager.get(PAGE))
    return site.send(manager, form, step=step, **values)


def letter_of(site: Site, ticket: Ticket, language: str = "id") -> Any:
    """The confirmation that the visitor gets, in a language."""
    database = site.application.database
    compose = make_composer("http://kantor", b"k" * 32, database, site.clock)
    return compose(KIND, office_of(site), replace(ticket, language=language))


def test_every_kind_is_listed_and_shown_with_a_visit_that_nobody_has(
    site: Site, manager: FlaskClient
) -> None:
    listed = manager.get("/manage/messages")
    for kind in PLACEHOLDERS:
        assert f"/manage/messages/{kind.value}" in listed.text
        page = manager.get(f"/manage/messages/{kind.value}?lang=en")
        assert page.status_code == 200 and page.text.count("message-sample") == 4
    page = manager.get(f"{PAGE}?lang=id")
    assert "CONT-OHCO-NTOH" in page.text and "karakter" in page.text
    assert "Hospital or BPJS treatment now" in page.text, "each example speaks its own language"
    assert manager.get("/manage/messages/prove").status_code == 404
    assert manager.get("/manage/messages/nothing").status_code == 404


def test_words_are_looked_at_saved_used_and_brought_back(site: Site, manager: FlaskClient) -> None:
    ticket = book(site, FRIDAY, number=1, email="satu@example.com")
    before = letter_of(site, ticket)
    looked = send(site, manager, "look", text_id="Halo! {time}, kode {code}")
    assert looked.status_code == 200 and "Halo! Rabu" in looked.text and own_of(site) == {}
    body = BODY.replace("{{lah}}", "ya")
    shown = send(
        site,
        manager,
        "preview",
        text_id="Halo! {time}, kode {code}",
        body_id=body,
        subject_id="Ya %s",
    )
    assert shown.status_code == 200 and own_of(site) == {}, "the dry run changes nothing"
    assert "kata-kata baku → Ya %s · Halo dari &lt;Tangerang&gt;. ¶ {service}" in shown.text
    assert shown.text.count(" → ") == 1 and "sesudahnya" in shown.text
    back = site.send(manager, main_form(shown), step="edit")
    assert 'value="Ya %s"' in back.text and "Kode: {code}. 100% gratis, ya</textarea>" in back.text
    saved = site.send(manager, main_form(shown), step="apply")
    assert saved.status_code == 303 and "tersimpan" in manager.get(saved.location).text
    assert own_of(site) == {"id": "Halo! {time}, kode {code}"}, "English keeps the standard words"
    letter = letter_of(site, ticket)
    assert letter.subject == "Ya %s" and letter.text.startswith("Halo! ")
    assert letter.body.startswith("Halo dari <Tangerang>.\n\n") and "100% gratis, ya" in letter.body
    assert letter.body.splitlines()[-1] == before.body.splitlines()[-1], "it ends as all do"
    assert letter.attachment is not None
    assert letter_of(site, ticket, "en").subject.startswith("Your visit")
    assert "&lt;Tangerang&gt;" in manager.get(PAGE).text
    asked = send(site, manager, "preview", reset="1")
    assert asked.status_code == 200 and "→ kata-kata baku" in asked.text and own_of(site) != {}
    done = site.send(manager, main_form(asked), step="apply")
    assert done.status_code == 303 and own_of(site) == {}
    assert "kata-kata baku" in manager.get(done.location).text.lower()
    assert letter_of(site, ticket) == before
    with site.application.database.read() as connection:
        log = [
            each.event.facts
            for each in event_store.list_after(connection, "3674", TUESDAY.date(), 0)
            if each.event.type is EventType.MESSAGE_WORDED
        ]
    assert [each["kind"] for each in log] == ["confirmation"] * 2
    old, new = log[0]["words"]["id"]
    assert old is None and new["body"] == body and log[1]["words"]["id"] == [new, None]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("text_id", "{time} {code} {nik}", "{nik} tidak dikenal di sini"),
        ("body_en", "{time}", "{code} harus ada di sini"),
        ("subject_en", "  ", "Isi bagian ini"),
        ("body_id", "{time} {code} {", "Tanda { harus diikuti nama"),
        ("text_id", "{time} {code} " + "a" * 320, "paling banyak 320 karakter"),
        ("body_id", "a" * 10_000, "paling banyak 3000 karakter"),
        ("subject_id", "Halo \u202e", "karakter"),
    ],
)
def test_words_that_cannot_be_are_refused_beside_their_field(
    site: Site, manager: FlaskClient, field: str, typed: str, said: str
) -> None:
    done = send(site, manager, "preview", **{field: typed})
    assert done.status_code == 422 and own_of(site) == {}
    page = without_layout(done)
    assert said in page and f'href="#f-{field}"' in page and f'id="e-{field}"' in page


def test_sent_twice_it_is_one_change_and_the_slower_of_two_managers_is_told(
    site: Site, manager: FlaskClient
) -> None:
    form = main_form(manager.get(PAGE))
    late = main_form(manager.get(PAGE))
    shown = main_form(site.send(manager, form, text_en="{time}: {code}"))
    slow = main_form(site.send(manager, late, text_en="Also mine {time}: {code}"))
    assert [site.send(manager, shown, step="apply").status_code for _ in (1, 2)] == [303, 303]
    assert own_of(site) == {"en": "{time}: {code}"}
    with site.application.database.read() as connection:
        assert len(history_store.list_newest(connection, "3674", 9)) == 1
    for refused in (
        site.send(manager, late, text_en="Mine {time}: {code}"),
        site.send(manager, slow, step="apply"),
    ):
        assert refused.status_code == 409 and own_of(site) == {"en": "{time}: {code}"}
        assert "{time}: {code} → " in refused.text, "it sees what the other has written"
        assert "ine {time}: {code}" in refused.text
    again = site.send(manager, main_form(refused), step="apply")
    assert again.status_code == 303 and own_of(site) == {"en": "Also mine {time}: {code}"}


def test_a_small_change_late_in_a_long_text_is_seen_before_it_is_made(
    site: Site, manager: FlaskClient
) -> None:
    shown = send(site, manager, "preview", text_id="Kode {code}, datang {time}.")
    assert "kata-kata baku → Kode {code}, datang {time}.<" in shown.text, "the rest stays"
    body = "Halo. " * 60 + "\n\nKode: {code}.\n\n{time}\n\nBawa KTP."
    shown = send(site, manager, "preview", body_id=body)
    assert site.send(manager, main_form(shown), step="apply").status_code == 303
    shown = send(site, manager, "preview", body_id=body.replace("Bawa KTP.", "Bawa KK."))
    assert "…{code}. ¶ {time} ¶ Bawa KTP. → …{code}. ¶ {time} ¶ Bawa KK." in shown.text
    assert "tidak mengubah apa pun" in send(site, manager, "preview").text


def test_only_managers_of_the_office_change_its_words(site: Site) -> None:
    clerk = site.sign_in(site.browser(), "sari")
    assert clerk.get("/manage/messages").status_code == 403
    other = site.sign_in(site.browser(), "wati")
    form = main_form(other.get(PAGE))
    form.fields["office"] = "3674"
    shown = site.send(other, form, text_id="{time} {code}")
    assert shown.status_code in (200, 403)
    assert site.send(other, form, step="apply", text_id="{time} {code}").status_code in (200, 403)
    assert own_of(site) == {}


def test_lost_codes_repeat_what_is_said_of_a_visit(site: Site, manager: FlaskClient) -> None:
    page = f"/manage/messages/{MessageKind.LOST_CODE.value}"
    form = main_form(manager.get(page))
    body = "Kantor {office}.\n\n{time}: {code} {url}\n\nSelesai."
    shown = site.send(manager, form, body_id=body)
    assert site.send(manager, main_form(shown), step="apply").status_code == 303
    tickets = tuple(
        book(site, FRIDAY, number=number, email="satu@example.com") for number in (1, 2)
    )
    office, database = office_of(site), site.application.database
    letter = make_composer("http://kantor", b"k" * 32, database, site.clock)(
        MessageKind.LOST_CODE, office, tickets
    )
    paragraphs = letter.body.split("\n\n")
    assert paragraphs[0] == f"Kantor {office.name}." and paragraphs[3] == "Selesai."
    assert all(each.code[:4] in paragraphs[place] for place, each in enumerate(tickets, 1))
