"""What visitors are told without a command that owes it: every kind once, by mail and by telephone,
also when a process is killed between the commit and the sending.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from queue_server.domain.messages.message import MessageChannel, MessageState
from queue_server.services.messages.lost_codes import send_again
from tests.effects.gateway import FakeGateway, open_gateway
from tests.effects.mail_server import Post, open_post
from tests.effects.telling import Process, list_messages, states
from tests.effects.test_mail import strand
from tests.fixtures.application import EMAIL, HOME, NAME, NIK, PHONE, TODAY, House

TOMORROW = TODAY + timedelta(days=1)
BOTH = frozenset({MessageChannel.EMAIL, MessageChannel.PHONE})


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        yield server


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with open_gateway() as server:
        yield server


def book(house: House, **changes: Any) -> dict[str, Any]:
    """Book for tomorrow at ten, and ask to be told."""
    return house.book(**{"notify": True, **changes})


def book_today(house: House, **changes: Any) -> dict[str, Any]:
    return book(house, **{"slot": house.slot(9, 30, day=0), **changes})


def check_in(house: House, booked: dict[str, Any]) -> None:
    done = house.post(f"/tickets/{booked['code']}/check-in", "kiosk", {})
    assert done.status_code == 200, done.text


def confirm(house: House, **by: Any) -> str:
    book(house, **by)
    return "confirmation"


def change(house: House, **by: Any) -> str:
    code = book(house, **by)["code"]
    body = {"slot": house.slot(11), "last4": "0042"}
    assert house.post(f"/tickets/{code}/reschedule", body=body).status_code == 200
    return "changed"


def withdraw(house: House, **by: Any) -> str:
    code = book(house, **by)["code"]
    assert house.post(f"/tickets/{code}/cancel", body={"last4": "0042"}).status_code == 200
    return "withdrawn"


def remind(house: House, **by: Any) -> str:
    book(house, **by)
    Process(house, Post(port=1), FakeGateway(port=1)).relay_all()
    house.clock.pass_by(hours=23, minutes=1)
    return "reminder-hours"


def call(house: House, **by: Any) -> str:
    check_in(house, book_today(house, **by))
    assert house.call_next().status_code == 200
    return "call"


def come_in(house: House, **by: Any) -> str:
    """The room is full, then somebody leaves."""
    booked = book_today(house, **by)
    for _ in range(4):
        house.walk_in(party_size=3)
    check_in(house, booked)
    called = house.call_next().get_json()
    for step in ("start", "finish"):
        assert house.post(f"/tickets/{called['id']}/{step}", "clerk").status_code == 200
    return "come_in"


def ahead(house: House, **by: Any) -> str:
    """Others are before them; one is called."""
    house.walk_in()
    house.clock.pass_by(minutes=1)
    check_in(house, book_today(house, **by))
    assert house.call_next().status_code == 200
    return "ahead"


def lose_code(house: House, **by: Any) -> str:
    book(house, **by)
    address = PHONE if by.get("email", EMAIL) is None else EMAIL
    now = house.clock.now
    assert house.database.write([], lambda tx: send_again(tx, address, TOMORROW, BOTH, now))
    return "lost_code"


def withdraw_time(house: House, **by: Any) -> str:
    strand(house, notify=True, **by)
    return "stranded"


CASES = [confirm, change, withdraw, remind, call, come_in, ahead, lose_code, withdraw_time]
EACH = pytest.mark.parametrize("happen", CASES, ids=lambda each: each.__name__)


@EACH
@pytest.mark.parametrize("way", ["EMAIL", "PHONE"])
def test_each_kind_is_received_once_although_processes_die(
    house: House, post: Post, gateway: FakeGateway, happen: Callable[..., str], way: str
) -> None:
    """Killed before the event is relayed, after it, after the message is taken by the provider and
    before that is noted, and after it is noted.
    """
    by = {"email": None} if way == "PHONE" else {"phone": None}
    kind = happen(house, **by)
    Process(house, Post(port=1), FakeGateway(port=1)).relay_all()
    second = Process(house, post, gateway)
    second.relay_all()
    delivery = second.phone if way == "PHONE" else second.letters
    with house.database.read() as connection:
        [owed] = [
            each
            for each in delivery.list_due(connection, house.clock.now)
            if each.kind.value == kind.partition("-")[0]
        ]
    until = house.clock.now + delivery.lease
    assert house.database.write([], lambda tx: delivery.claim(tx, owed, house.clock.now, until))
    if happen not in (call, come_in):  # of use for no longer than a lease lasts
        delivery.carry_out(owed, house.clock.now)  # and killed before the settling
        house.clock.pass_by(seconds=delivery.lease.total_seconds())
    else:
        _number, settle = delivery.carry_out(owed, house.clock.now)
        house.database.write([], settle)
    for _ in range(2):
        Process(house, post, gateway).work()
    assert states(house)[kind] == "SENT"
    if way == "PHONE":
        assert list(gateway.texts).count(owed.id) == 1
        words = json.loads(gateway.texts[owed.id])["text"]
        assert post.mails == []
    else:
        received = {mail["Message-ID"]: mail for mail in post.mails}
        mail = received[f"<{owed.id}@kantor.example>"]
        words = mail["Subject"] + mail.get_body().get_content()  # type: ignore[union-attr]
        assert gateway.texts == {}
    for secret in (NIK, NAME, PHONE, EMAIL):
        assert secret not in words


def test_what_follows_an_event_is_owed_once_by_any_number_of_processes(
    both_houses: House, post: Post, gateway: FakeGateway
) -> None:
    house = both_houses
    change(house)
    first, second = Process(house, post, gateway), Process(house, post, gateway)
    with house.database.read() as connection:
        backlogs = first.relay.list_due(connection, house.clock.now)
    for process in (first, second):
        for each in backlogs:
            process.relay.carry_out(each, house.clock.now)
    assert sorted(each.kind.value for each in list_messages(house)) == [
        "changed",
        *["reminder"] * 2,
    ], "of the time that it no longer has nothing is confirmed"


def test_a_booking_without_a_wish_to_be_told_is_confirmed_by_mail_alone(
    house: House, post: Post, gateway: FakeGateway
) -> None:
    house.book(nik="9101014507880043", phone=None, email="lain@contoh.id")
    house.book(nik="9101014507880077", phone="081298765433", email=None)
    Process(house, post, gateway).work()
    assert states(house) == {"confirmation": "SENT"} and gateway.requests == []
    assert [receiver for _sender, receiver in post.envelopes] == ["lain@contoh.id"]


def test_where_no_contact_is_given_nothing_is_owed(
    house: House, post: Post, gateway: FakeGateway
) -> None:
    book(house, phone=None, email=None)
    Process(house, post, gateway).work()
    assert list_messages(house) == []


def test_a_confirmation_brings_the_calendar_file(house: House, post: Post) -> None:
    code = house.book(language="en")["code"]
    Process(house, post, None).work()
    [mail] = post.mails
    [file] = mail.iter_attachments()
    assert file.get_content_type() == "text/calendar" and file.get_param("method") == "PUBLISH"
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert b"BEGIN:VEVENT" in content and f"/t/{code}".encode() in content.replace(b"\r\n ", b"")
    assert "Your ticket" in mail.get_body().get_content()  # type: ignore[union-attr]


def test_who_was_moved_is_reminded_of_the_new_time_alone(house: House, post: Post) -> None:
    process = Process(house, post, None)
    code = book(house, phone=None, slot=house.slot(10, day=3))["code"]
    process.work()
    body = {"slot": house.slot(11, day=3), "last4": "0042"}
    assert house.post(f"/tickets/{code}/reschedule", body=body).status_code == 200
    process.work()
    for hours in (49, 1, 21, 1):  # both reminders of ten o'clock, and both of eleven
        house.clock.pass_by(hours=hours)
        process.send_all()
    assert [each["Subject"] for each in post.mails] == [
        f"Janji Anda di Kantor {HOME} sudah dibuat",
        f"Kunjungan Anda ke Kantor {HOME} mendapat jadwal baru",
        *[f"Janji Anda di Kantor {HOME}: Kamis, 26 November 2026, 11.00 WIB"] * 2,
    ]


def test_who_has_moved_reads_both_times(house: House, post: Post) -> None:
    change(house, language="en")
    Process(house, post, None).work()
    body = post.mails[-1].get_body().get_content()  # type: ignore[union-attr]
    assert "It is now: " in body and "11:00 WIB" in body
    assert "No longer: Tuesday, 24 November 2026, 10:00 WIB." in body


def test_an_urgent_case_reads_what_shows_it(house: House, post: Post) -> None:
    house.book(urgency="hospital")
    Process(house, post, None).work()
    body = post.mails[-1].get_body().get_content()  # type: ignore[union-attr]
    assert "Mendesak: " in body and "surat" in body


def test_who_cancelled_is_not_reminded(house: House, post: Post) -> None:
    code = book(house, phone=None)["code"]
    process = Process(house, post, None)
    process.work()
    assert house.post(f"/tickets/{code}/cancel", body={"last4": "0042"}).status_code == 200
    house.clock.pass_by(hours=23, minutes=1)
    process.work()
    assert states(house)["reminder-hours"] == "DONE"
    assert [each["Subject"].split()[0] for each in post.mails] == ["Janji", "Kunjungan"]


def test_what_the_office_moved_is_told_as_such_and_reminded_of(house: House, post: Post) -> None:
    """No "as you wished" for what the office did."""
    strand(house, notify=True, phone=None)
    [ticket] = [each.ticket for each in list_messages(house)]
    body = {"bookings": [{"ticket": ticket, "slot": house.slot(10, day=3)}]}
    done = house.post(f"/offices/{HOME}/stranded/move", "manager", body)
    assert done.status_code == 200, done.text
    Process(house, post, None).relay_all()
    assert {"moved", "reminder-day", "reminder-hours"} <= set(states(house))
    assert "changed" not in states(house)


@pytest.mark.parametrize("minutes", [4, 6])
def test_a_call_is_sent_at_once_or_not_at_all(
    house: House, gateway: FakeGateway, minutes: int
) -> None:
    call(house, email=None)
    Process(house, None, FakeGateway(port=1)).relay_all()
    house.clock.pass_by(minutes=minutes)
    Process(house, None, gateway).work()
    assert states(house)["call"] == ("SENT" if minutes < 5 else "DONE")
    assert len(gateway.texts) == (1 if minutes < 5 else 0)


def test_a_mail_server_that_is_away_for_a_day_leaves_what_failed_for_the_staff_to_see(
    house: House,
) -> None:
    call(house, email=None)
    process = Process(house, None, FakeGateway(port=1))
    process.relay_all()
    process.phone.step()
    house.clock.pass_by(minutes=10)
    process.send_all()
    [message] = [each for each in list_messages(house) if each.kind.value == "call"]
    assert (message.state, message.last_error) == (MessageState.FAILED, "ConnectionRefusedError")


def test_who_has_many_before_them_is_not_told_that_it_is_near(
    house: House, gateway: FakeGateway
) -> None:
    """Five before them: at the first call there are four, at the second three."""
    booked = book_today(house, email=None)
    for _ in range(5):
        house.walk_in()
    house.clock.pass_by(minutes=45)  # they are late, so that their time counts for nothing
    check_in(house, booked)
    told = []
    for _ in range(2):
        called = house.call_next().get_json()
        Process(house, None, gateway).work()
        told.append("ahead" in states(house))
        for step in ("start", "finish"):
            house.post(f"/tickets/{called['id']}/{step}", "clerk")
    assert told == [False, True]


def test_no_reminder_goes_out_while_the_clock_may_have_been_set_ahead(
    house: House, post: Post
) -> None:
    remind(house, phone=None)
    is_settling = [True]
    process = Process(house, post, None, lambda: is_settling[0])
    process.work()
    assert states(house)["reminder-hours"] == "QUEUED" and states(house)["confirmation"] == "SENT"
    is_settling[0] = False
    process.work()
    assert states(house)["reminder-hours"] == "SENT"
