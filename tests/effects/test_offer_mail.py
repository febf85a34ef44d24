"""E-mails about places offered to those who wait: sent once, while the offer stands, and never left
to the staff.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from queue_server.domain.messages.message import MessageState
from tests.effects.mail_server import Post, open_post
from tests.effects.test_mail import count, mailer, messages
from tests.fixtures.application import EMAIL, HOME, NAME, NIK, PHONE, House


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


def offer(house: House, **changes: str | None) -> str:
    """Somebody waits, and a booking is cancelled. Returns the entry's code."""
    booked = house.book(nik="9101014507880043", phone=None, email=None)
    wish = {
        "service": "REK",
        "first_date": "2026-11-23",
        "last_date": "2026-11-24",
        "nik": NIK,
        "name": NAME,
        "phone": PHONE,
        "email": EMAIL,
        "language": "en",
        **changes,
    }
    body = {name: value for name, value in wish.items() if value is not None}
    code: str = house.post(f"/offices/{HOME}/waitlist", body=body).get_json()["code"]
    house.post(f"/tickets/{booked['code']}/cancel", body={"last4": "0043"})
    return code


def test_an_offer_is_told_once_with_its_time_and_the_entrys_page(house: House, post: Post) -> None:
    code = offer(house)
    sender = mailer(house, post)
    assert sender.step() == 1 and sender.step() == 0
    (mail,) = post.mails
    body = mail.get_content().replace("=\n", "")
    assert (
        post.envelopes[0][1] == EMAIL
        and mail["Subject"] == f"A place has become free at Kantor {HOME}"
    )
    assert (
        "Tuesday, 24 November 2026, 10:00 WIB" in body
        and "until Monday, 23 November 2026, 09:15 WIB" in body
    )
    assert f"/w/{code}" in body
    for secret in (NIK, NAME, PHONE):
        assert secret not in body


def test_an_offer_that_is_over_is_not_told(house: House, post: Post) -> None:
    code = offer(house)
    house.post(f"/waitlist/{code}/accept", body={})
    assert (
        mailer(house, post).step() == 1
        and post.mails == []
        and count(house, MessageState.DONE) == 1
    )


def test_who_gave_no_address_is_told_by_the_page_alone(house: House, post: Post) -> None:
    offer(house, email=None)
    assert messages(house) == []


def test_without_a_mail_server_nobody_is_asked_to_call(house: House) -> None:
    offer(house)
    assert mailer(house, None).step() == 1
    assert count(house, MessageState.DONE) == 1 and messages(house) == []
