"""An e-mail address proves itself by one letter: for large parties and for the waitlist, where the
office sends any.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.engine import Connection

from queue_server.domain.messages.message import Message, MessageChannel
from queue_server.effects.messages.letters import find_addressee
from queue_server.store.messages import messages as message_store
from queue_server.web.edge.strangers.contact_proof import make_composer
from tests.fixtures.application import EMAIL, HOME, HOST, NIK, House, csrf_of
from tests.web.problems import problem
from tests.web.site import Form, forms_of

LETTERS = {"smtp_url": "smtp://127.0.0.1:9"}
WHERE = {"Host": HOST}


@pytest.fixture
def writing(open_house: Any) -> House:
    """An office that sends letters."""
    house: House = open_house(**LETTERS)
    return house


def list_letters(connection: Connection, now: datetime) -> list[Message]:
    return message_store.list_due(connection, MessageChannel.EMAIL, now, 20)


def link_of(house: House) -> str:
    """The path in the one letter that is owed now, as the mailer would write it; nothing of the
    person stands in the letter.
    """
    compose = make_composer(
        house.settings.public_url,
        house.application.flask.extensions["antrean"].secret_key,
        house.database,
        house.clock,
    )
    with house.database.read() as connection:
        [message] = [
            each
            for each in message_store.list_due(
                connection, MessageChannel.EMAIL, house.clock.now, 20
            )
            if each.kind == "prove"
        ]
        office = house.database.offices.get(connection, HOME)
        addressee = find_addressee(connection, message, house.clock.now)
    assert addressee is not None and addressee.address == EMAIL
    body = compose(message.kind, office, addressee.subject).body
    assert NIK not in body and "Zulaikha" not in body
    found = re.search(r"http://\S+(/e/\S+)", body)
    assert found is not None
    return found[1]


def press(browser: FlaskClient, form: Form, **typed: str) -> Any:
    return browser.post(form.action, data={**form.fields, **typed}, headers=WHERE)


def press_on(browser: FlaskClient, form: Form, **typed: str) -> Any:
    """Press, and go on to the page that the form leads to."""
    return browser.get(press(browser, form, **typed).headers["Location"], headers=WHERE)


def test_a_large_party_books_once_its_address_has_answered(writing: House) -> None:
    house, wanted = writing, writing.booking(party_size=3)
    pair = {**wanted, "party_size": 2, "nik": "9101014507880077", "phone": None}
    assert house.post(f"/offices/{HOME}/bookings", body=pair).status_code == 201
    for _ in range(2):
        problem(house.post(f"/offices/{HOME}/bookings", body=wanted), 409, "contact_unproved")
    path, browser = link_of(house), house.browser()
    for _ in range(3):
        page = browser.get(path, headers=WHERE)
    assert page.status_code == 200
    problem(house.post(f"/offices/{HOME}/bookings", body=wanted), 409, "contact_unproved")
    assert (
        browser.get(path[:-1] + ("0" if path[-1] != "0" else "1"), headers=WHERE).status_code == 404
    ), "a made-up link is nobody's"
    [question] = [each for each in forms_of(page) if each.action.startswith("/e/")]
    assert press(browser, question).status_code == press(browser, question).status_code == 200
    assert house.post(f"/offices/{HOME}/bookings", body=wanted).status_code == 201


def test_a_letter_too_old_proves_nothing_and_a_new_one_is_sent_on_asking(writing: House) -> None:
    house, wanted = writing, writing.booking(party_size=3)
    problem(house.post(f"/offices/{HOME}/bookings", body=wanted), 409, "contact_unproved")
    old, browser = link_of(house), house.browser()
    [question] = [
        each for each in forms_of(browser.get(old, headers=WHERE)) if each.action.startswith("/e/")
    ]
    house.clock.pass_by(hours=24)
    assert press(browser, question).status_code == 410
    wanted["slot"] = house.slot(10, day=2)
    problem(house.post(f"/offices/{HOME}/bookings", body=wanted), 409, "contact_unproved")
    with house.database.read() as connection:
        assert (
            sum(
                each.kind == "prove"
                for each in message_store.list_due(
                    connection, MessageChannel.EMAIL, house.clock.now, 20
                )
            )
            == 2
        )
    assert browser.get(old, headers=WHERE).status_code == 404


def test_the_reception_books_for_a_large_party_without_a_letter(writing: House) -> None:
    wanted = {"service": "REK", "slot": writing.slot(10), "nik": NIK, "name": "X", "party_size": 4}
    assert writing.post(f"/offices/{HOME}/reception/bookings", "clerk", wanted).status_code == 201


def test_without_a_mail_server_nothing_is_asked(house: House) -> None:
    assert (
        house.post(
            f"/offices/{HOME}/bookings", body=house.booking(party_size=4, email=None)
        ).status_code
        == 201
    )
    page = house.browser().get(
        f"/o/{HOME}/book/details",
        query_string={"service": "REK", "slot": house.slot(10)},
        headers=WHERE,
    )
    assert "Datang lebih dari" not in page.text


def test_the_pages_say_it_before_anything_is_typed_and_keep_the_time(writing: House) -> None:
    house, browser = writing, writing.browser()
    page = browser.get(
        f"/o/{HOME}/book/day",
        query_string={"service": "REK", "day": "2026-11-24", "party_size": "3"},
        headers=WHERE,
    )
    times = [each for each in forms_of(page) if each.action.endswith("/book/hold")][-1]
    held = press(browser, times, slot=house.slot(10))
    page = browser.get(held.headers["Location"], headers=WHERE)
    assert page.text.index("memastikan alamat email") < page.text.index('name="nik"')
    [details] = [each for each in forms_of(page) if each.action.endswith("/book/check")]
    typed = {"name": "Siti", "nik": NIK, "email": ""}
    without = press_on(browser, details, **typed)
    assert 'id="e-email"' in without.text
    checked = press_on(browser, details, **{**typed, "email": EMAIL})
    assert "Konfirmasi dulu alamat email Anda" in checked.text
    [last] = [each for each in forms_of(checked) if each.action.endswith("/book/confirm")]
    longer = press_on(browser, Form(f"/o/{HOME}/book/extend", "post", last.fields), step="check")
    assert "Konfirmasi dulu alamat email Anda" in longer.text, "still, after the time was extended"
    early = press_on(browser, last)
    assert "kembali ke sini" in early.text
    other = house.browser()
    [question] = [
        each
        for each in forms_of(other.get(link_of(house), headers=WHERE))
        if each.action.startswith("/e/")
    ]
    assert press(other, question).status_code == 200
    [last] = [each for each in forms_of(early) if each.action.endswith("/book/confirm")]
    assert press(browser, last).status_code == 303, "the time was kept meanwhile"


def wish(**changes: Any) -> dict[str, Any]:
    given = {
        "service": "REK",
        "nik": NIK,
        "name": "Siti",
        "email": EMAIL,
        "first_date": "2026-11-24",
        "last_date": "2026-11-24",
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def test_an_entry_is_offered_nothing_until_its_address_has_answered(writing: House) -> None:
    house, path = writing, f"/offices/{HOME}/waitlist"
    booked = house.book(nik="9101014507880077", phone=None, email=None)
    body = problem(house.post(path, body=wish(email=None)), 422, "bad_input")
    assert (body["field"], body["reason"]) == ("email", "needed")
    joined = house.post(path, body=wish()).get_json()
    assert not joined["contact_proved"]
    house.post(f"/tickets/{booked['code']}/cancel", body={"last4": "0077"})
    assert house.get(f"/waitlist/{joined['code']}").get_json()["offer"] is None
    browser = house.browser()
    assert (
        "Mohon konfirmasi alamat email Anda"
        in browser.get(f"/w/{joined['code']}", headers=WHERE).text
    )
    [question] = [
        each
        for each in forms_of(browser.get(link_of(house), headers=WHERE))
        if each.action.startswith("/e/")
    ]
    assert press(browser, question).status_code == 200
    offered = house.get(f"/waitlist/{joined['code']}").get_json()
    assert offered["contact_proved"] and offered["offer"]["slot"] == house.slot(10), (
        "what is kept back is offered in that moment"
    )


def test_without_a_mail_server_the_page_of_the_entry_shows_the_offer(house: House) -> None:
    booked = house.book(nik="9101014507880077", phone=None, email=None)
    joined = house.post(f"/offices/{HOME}/waitlist", body=wish(email=None)).get_json()
    house.post(f"/tickets/{booked['code']}/cancel", body={"last4": "0077"})
    assert (
        "Tempat ini disimpan untuk Anda sampai pukul 09.15"
        in house.browser().get(f"/w/{joined['code']}", headers=WHERE).text
    )
    form = house.browser().get(
        f"/o/{HOME}/waitlist", query_string={"service": "REK"}, headers=WHERE
    )
    assert csrf_of(form) and "Kantor ini tidak mengirim email" in form.text
