"""Lost codes: one answer for everybody, one message for a contact, and only to the contact that the
booking has.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.domain.messages.message import Message, MessageChannel
from queue_server.domain.messages.owed import LOST_CODE_PAUSE
from tests.effects.mail_server import open_post
from tests.effects.telling import Process, list_messages
from tests.fixtures.application import EMAIL, HOST, NAME, NIK, PHONE, TODAY, House
from tests.web.site import forms_of

WHERE = {"Host": HOST}
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
WAYS = {"smtp_url": "smtp://127.0.0.1:9", "gateway_url": "console:"}


@pytest.fixture
def telling(open_house: Callable[..., House]) -> House:
    """An office that sends mail and text messages."""
    return open_house(**WAYS)


def ask(house: House, contact: str, day: str = TOMORROW, browser: FlaskClient | None = None) -> Any:
    """Fill in the page as a visitor without scripts does, and follow where it leads."""
    browser = browser or house.browser()
    form = next(
        each for each in forms_of(browser.get("/t/lost", headers=WHERE)) if "contact" in each.fields
    )
    data = {**form.fields, "contact": contact, "date": day}
    return browser.post("/t/lost", data=data, headers=WHERE, follow_redirects=True)


def owed(house: House) -> list[Message]:
    return [each for each in list_messages(house) if each.kind.value == "lost_code"]


@pytest.mark.parametrize(
    ("contact", "channel"),
    [
        (EMAIL, MessageChannel.EMAIL),
        (f" {EMAIL} ", MessageChannel.EMAIL),
        (PHONE, MessageChannel.PHONE),
        ("0812-9876-5432", MessageChannel.PHONE),
    ],
)
def test_a_code_is_sent_to_the_contact_that_was_given(
    telling: House, contact: str, channel: MessageChannel
) -> None:
    telling.book()
    assert ask(telling, contact).status_code == 200
    [message] = owed(telling)
    assert message.channel is channel


def test_nobody_learns_whether_there_is_a_booking(telling: House) -> None:
    telling.book()
    known = ask(telling, EMAIL).text
    others = ((EMAIL, "2026-11-30"), ("lain@contoh.id", TOMORROW), (PHONE, "2020-01-01"))
    for contact, day in others:
        assert ask(telling, contact, day).text == known
    assert len(owed(telling)) == 1


def test_all_codes_of_the_day_come_in_one_message(telling: House) -> None:
    codes = [
        telling.book(nik=f"910101450788004{last}", slot=telling.slot(9 + last), language="en")
        for last in range(3)
    ]
    telling.book(nik="9101014507880077", phone=None, email="lain@contoh.id")
    ask(telling, EMAIL)
    with open_post() as post:
        Process(telling, post, None).letters.step()
    [mail] = [each for each in post.mails if each["Subject"].startswith("Your code")]
    body = mail.get_content()
    assert all(each["code"] in body.upper() for each in codes) and body.count("/t/") == 3
    assert mail["To"] == EMAIL and not any(each in body for each in (NIK, NAME, PHONE))


def test_a_contact_gets_one_message_in_half_an_hour_whoever_asks(telling: House) -> None:
    telling.book()
    telling.book(nik="9101014507880043", slot=telling.slot(10, day=2))
    later = (TODAY + timedelta(days=2)).isoformat()
    for day in (TOMORROW, TOMORROW, later):
        ask(telling, EMAIL, day)
    assert len(owed(telling)) == 1
    telling.clock.pass_by(seconds=LOST_CODE_PAUSE.total_seconds())
    ask(telling, EMAIL, later)
    assert len(owed(telling)) == 2


@pytest.mark.parametrize(
    ("contact", "day", "words"),
    [
        ("", TOMORROW, "Tulis alamat email"),
        ("bukan alamat", TOMORROW, "Tulis alamat email"),
        ("x" * 10_000, TOMORROW, "Tulis alamat email"),
        ("🙂@contoh.id", TOMORROW, "Tulis alamat email"),
        (EMAIL, "", "Pilih hari kunjungan"),
        (EMAIL, "31-02-2026", "Pilih hari kunjungan"),
    ],
)
def test_what_cannot_be_is_shown_beside_the_field_and_kept(
    telling: House, contact: str, day: str, words: str
) -> None:
    page = ask(telling, contact, day)
    assert page.status_code == 422 and words in page.text and 'role="alert"' in page.text
    if contact == EMAIL:
        assert EMAIL in page.text


def test_an_office_that_sends_nothing_says_where_to_go(house: House) -> None:
    page = house.browser().get("/t/lost?lang=en", headers=WHERE).text
    assert "This office sends no messages" in page and 'name="contact"' not in page


def test_a_number_is_refused_where_only_mail_is_sent(open_house: Callable[..., House]) -> None:
    house = open_house(smtp_url=WAYS["smtp_url"])
    house.book()
    page = ask(house, PHONE)
    assert page.status_code == 422 and "hanya bisa mengirim email" in page.text


def test_one_address_cannot_try_the_contacts_of_many(open_house: Callable[..., House]) -> None:
    house = open_house(**WAYS, rate_limits=True)
    statuses = [ask(house, f"a{number}@contoh.id").status_code for number in range(31)]
    assert statuses == [200] * 30 + [429]
