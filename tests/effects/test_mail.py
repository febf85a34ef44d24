"""E-mails about withdrawn times: sent once, in the visitor's language, tried again, never about
what is no longer true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from queue_server.domain.deliveries import MAIL_ATTEMPTS, pause_after
from queue_server.domain.messages.message import Message, MessageChannel, MessageState
from queue_server.domain.office.changes import HoursChange
from queue_server.domain.office.hours import DayHours
from queue_server.effects.messages.letters import LetterDelivery
from queue_server.effects.messages.mail import MailSender
from queue_server.effects.messages.smtp import MailServer, parse_mail_server
from queue_server.services import upkeep
from queue_server.services.booking import cancelling
from queue_server.services.office.changes import apply_change
from queue_server.services.places.ticket_ids import draw_chance
from queue_server.store.messages import by_hand
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.web.edge.words.messages.letters import Letter, write_letter
from tests.effects.mail_server import Post, open_post
from tests.fixtures.application import EMAIL, HOME, NAME, NIK, PHONE, TODAY, House

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


def mailer(house: House, post: Post | None) -> LetterDelivery:
    def compose(kind: Any, office: Any, ticket: Any) -> Letter:
        return write_letter(kind, office, ticket, house.settings.public_url)

    return LetterDelivery(house.database, hand_in(post), compose, house.clock)


def hand_in(post: Post | None) -> MailSender | None:
    """The adapter for a mail server; none without one."""
    if post is None:
        return None
    return MailSender(MailServer("127.0.0.1", post.port, "antrean@kantor.example"))


def strand(house: House, **changes: Any) -> str:
    """A booking for tomorrow whose day is then closed. Returns the ticket's code."""
    code: str = house.book(**changes)["code"]
    close_tomorrow(house)
    return code


def close_tomorrow(house: House) -> None:
    """Withdraw every time of tomorrow."""
    change = HoursChange(days={TOMORROW: DayHours((), {"id": "Rapat", "en": "Meeting"})})
    house.database.write(
        [(HOME, TODAY)],
        partial(apply_change, office=HOME, change=change, by="manager", now=house.clock.now),
    )
    upkeep.plan_office(house.database, HOME, house.clock.now)


def messages(house: House) -> list[Message]:
    with house.database.read() as connection:
        later = house.clock.now + timedelta(days=9)
        due = message_store.list_due(connection, MessageChannel.EMAIL, later, 99)
        return due + by_hand.list_calls(connection, HOME, 99)


def address_of(house: House, message: Message) -> str | None:
    with house.database.read() as connection:
        visitor = ticket_store.find_visitor(connection, message.office, message.ticket)
    return visitor and visitor.email


def count(house: House, state: MessageState) -> int:
    with house.database.read() as connection:
        return message_store.count_by_state(connection, HOME).get(state, 0)


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        (
            "id",
            f"Kunjungan Anda ke Kantor {HOME} perlu jadwal baru",
            "Selasa, 24 November 2026, 10.00 WIB",
        ),
        (
            "en",
            f"Your visit to Kantor {HOME} needs a new time",
            "Tuesday, 24 November 2026, 10:00 WIB",
        ),
    ],
)
def test_a_stranded_visitor_is_told_once_in_the_language_of_the_booking(
    house: House, post: Post, language: str, subject: str, words: str
) -> None:
    code = strand(house, language=language)
    sender = mailer(house, post)
    assert sender.step() == 1 and sender.step() == 0
    (mail,) = post.mails
    assert post.envelopes == [("antrean@kantor.example", EMAIL)]
    body = mail.get_content()
    assert (
        mail["Subject"] == subject
        and words in body
        and f"/t/{code}" in body.lower().replace(code.lower(), code)
    )
    for secret in (NIK, NAME, PHONE):
        assert secret not in body and secret not in mail["Subject"]
    assert count(house, MessageState.SENT) == 1


def test_two_senders_send_one_mail(both_houses: House, post: Post) -> None:
    house = both_houses
    strand(house)
    first, second = mailer(house, post), mailer(house, post)
    (message,) = messages(house)
    until = house.clock.now + LetterDelivery.lease
    assert house.database.write(
        [], partial(message_store.claim, message=message, now=house.clock.now, until=until)
    )
    assert first.step() == second.step() == 0, "somebody else holds the lease"
    assert not house.database.write(
        [],
        partial(message_store.claim, message=message, now=house.clock.now, until=house.clock.now),
    )
    house.clock.pass_by(seconds=LetterDelivery.lease.total_seconds())
    assert first.step() == 1 and second.step() == 0, "the lease of one who died runs out"
    assert len(post.mails) == 1


def test_a_sender_whose_lease_ran_out_says_nothing_over_the_next_one(
    both_houses: House, post: Post
) -> None:
    """The first hangs for longer than its lease; the second sends the mail; what the first then
    reports is late, and sends no third.
    """
    house = both_houses
    strand(house)
    (message,) = messages(house)
    until = house.clock.now + LetterDelivery.lease
    house.database.write(
        [], partial(message_store.claim, message=message, now=house.clock.now, until=until)
    )
    house.clock.pass_by(seconds=LetterDelivery.lease.total_seconds())
    assert mailer(house, post).step() == 1
    late = partial(
        message_store.settle,
        message=message,
        state=MessageState.QUEUED,
        now=house.clock.now,
        retry_at=house.clock.now,
    )
    house.database.write([], late)
    assert mailer(house, post).step() == 0
    assert len(post.mails) == 1 and count(house, MessageState.SENT) == 1


def test_what_fails_is_tried_again_with_growing_pauses_and_at_last_left_to_the_staff(
    house: House, post: Post
) -> None:
    strand(house)
    sender = mailer(house, post)
    post.broken = True
    with capture_logs() as logs:
        for failures in range(1, MAIL_ATTEMPTS):
            assert sender.step() == 1 and sender.step() == 0
            house.clock.pass_by(seconds=pause_after(failures).total_seconds())
        assert sender.step() == 1
    assert count(house, MessageState.FAILED) == 1
    assert [each["event"] for each in logs] == [
        *["reaction_failed"] * (MAIL_ATTEMPTS - 1),
        "mail_given_up",
    ]
    assert EMAIL not in repr(logs) and NAME not in repr(logs)
    post.broken = False
    house.clock.pass_by(days=1)
    assert sender.step() == 0 and post.mails == []
    (message,) = messages(house)
    assert message.state is MessageState.FAILED and message.attempts == MAIL_ATTEMPTS


def test_a_mail_server_that_is_away_for_a_while_loses_nothing(house: House, post: Post) -> None:
    strand(house)
    away = Post(port=1)
    assert mailer(house, away).step() == 1
    assert count(house, MessageState.QUEUED) == 1
    house.clock.pass_by(minutes=1)
    assert mailer(house, post).step() == 1
    assert len(post.mails) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 no such user", MessageState.FAILED), ("451 come back later", MessageState.QUEUED)],
)
def test_an_address_that_is_refused_stops_no_other(
    house: House, post: Post, answer: str, state: MessageState
) -> None:
    post.refuse["salah@contoh.id"] = answer
    house.book(nik="9101014507880043", phone=None, email="salah@contoh.id")
    strand(house)
    assert mailer(house, post).step() == 2
    assert [receiver for _sender, receiver in post.envelopes] == [EMAIL] and post.connections == 1
    assert count(house, state) == 1 and count(house, MessageState.SENT) == 1


def test_one_that_cannot_be_written_comes_to_the_staff_in_the_end_and_stops_no_other(
    house: House, post: Post
) -> None:
    house.book(nik="9101014507880043", phone=None, email="salah@contoh.id")
    strand(house)

    def compose(kind: Any, office: Any, ticket: Any) -> Letter:
        letter = write_letter(kind, office, ticket, house.settings.public_url)
        return letter if ticket.id == good else replace(letter, subject="two\nlines")

    good = next(each.ticket for each in messages(house) if address_of(house, each) == EMAIL)
    sender = LetterDelivery(house.database, hand_in(post), compose, house.clock)
    assert sender.step() == 2
    assert [receiver for _sender, receiver in post.envelopes] == [EMAIL]
    for failures in range(1, MAIL_ATTEMPTS):
        house.clock.pass_by(seconds=pause_after(failures).total_seconds())
        assert sender.step() == 1
    assert count(house, MessageState.FAILED) == 1


def test_without_a_mail_server_the_staff_tell_by_hand(house: House) -> None:
    strand(house)
    assert mailer(house, None).step() == 1
    (message,) = messages(house)
    assert (message.state, message.last_error) == (MessageState.BY_HAND, "no_mail_server")


def test_what_is_no_longer_true_is_not_sent(house: House, post: Post) -> None:
    code = strand(house)
    with house.database.read() as connection:
        ticket = ticket_store.find_by_code(connection, code)
    house.database.write(
        [(HOME, TOMORROW)],
        partial(
            cancelling.cancel,
            ticket=ticket.id,
            by="holder",
            chance=draw_chance(),
            now=house.clock.now,
        ),
    )
    assert mailer(house, post).step() == 1
    assert post.mails == [] and count(house, MessageState.DONE) == 1


def test_the_address_of_a_mail_server() -> None:
    assert parse_mail_server("smtp://mail.example", "antrean.example") == MailServer(
        "mail.example", 25, "antrean@antrean.example"
    )
    assert parse_mail_server(
        "smtps://me:p%40ss@mail.example?from=kantor@b.example", "x"
    ) == MailServer("mail.example", 465, "kantor@b.example", True, "me", "p@ss")
    for wrong in ("mail.example", "http://mail.example", "smtp://"):
        with pytest.raises(ValueError, match="use smtp"):
            parse_mail_server(wrong, "x")
