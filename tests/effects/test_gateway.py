"""The gateway for SMS and WhatsApp: what it is sent, what its answers mean, what it costs, and what
it reports.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import pytest
from structlog.testing import capture_logs

from queue_server.domain.messages.message import MessageChannel, MessageState
from queue_server.domain.messages.signature import is_signed, sign
from queue_server.domain.office.changes import RulesChange
from queue_server.effects import outbox
from queue_server.effects.messages.console import ConsoleSender
from queue_server.effects.messages.gateway import GatewaySender, parse_template
from queue_server.effects.messages.port import Draft, Refused
from queue_server.services.office.changes import apply_change
from queue_server.store.messages import counts as count_store
from queue_server.web.edge.words.messages.letters import Letter
from tests.effects.gateway import FakeGateway, open_gateway
from tests.effects.telling import KEY, SECRET, Process, list_messages, make_gateway, states
from tests.effects.test_mail import close_tomorrow, strand
from tests.fixtures.application import HOME, HOST, NAME, NIK, PHONE, TODAY, House, at

HOSTILE = 'Kata "kutip" & = \\ {phone} \n baris %s "}, {"to": "+62999'


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with open_gateway() as server:
        yield server


def draft(text: str = "Halo") -> Draft:
    return Draft("m-1", "+62812", Letter("", "", text), "id")


def book(house: House, **changes: Any) -> str:
    """A booking that is confirmed by telephone. Returns its code."""
    code: str = house.book(**{"notify": True, "email": None, **changes})["code"]
    return code


def test_a_request_is_signed_and_has_the_secret_and_a_key_against_repetition(
    gateway: FakeGateway,
) -> None:
    now = at(9)
    GatewaySender(make_gateway(gateway)).send(draft(HOSTILE), now)
    [taken] = gateway.requests
    assert taken.path == "/send?account=7"
    assert json.loads(taken.body) == {"to": "+62812", "text": HOSTILE, "id": "m-1"}
    headers = taken.headers
    assert headers["Authorization"] == f"Bearer {SECRET}" and headers["Idempotency-Key"] == "m-1"
    stamp, signature = headers["webhook-timestamp"], headers["webhook-signature"]
    assert is_signed(KEY, headers["webhook-id"], stamp, signature, taken.body, now)


def test_a_form_carries_whatever_stands_in_a_text(gateway: FakeGateway) -> None:
    body = "nomor={digits}&pesan={text}&jenis=transaksi"
    GatewaySender(make_gateway(gateway, body, "form")).send(draft(HOSTILE), at(9))
    [taken] = gateway.requests
    assert taken.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(taken.body.decode()) == {
        "nomor": ["62812"],
        "pesan": [HOSTILE],
        "jenis": ["transaksi"],
    }


@pytest.mark.parametrize(
    ("text", "form", "wrong"),
    [
        ('{"to": "{phone}"', "json", "is no JSON"),
        ('{"to": "{phone}", "text": "{text}", "nik": "{nik}"}', "json", "unknown: nik"),
        ('{"to": "{phone}"}', "json", "must name"),
        ("text={text}", "form", "must name"),
        ("text", "form", "is no form"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused(text: str, form: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        parse_template(text, form)


@pytest.mark.parametrize(
    ("status", "is_final"),
    [
        *((each, True) for each in (400, 410, 413, 422)),
        *((each, False) for each in (302, 401, 403, 404, 408, 429, 500, 503)),
    ],
)
def test_only_what_is_said_of_this_message_is_final(
    gateway: FakeGateway, status: int, is_final: bool
) -> None:
    gateway.answers = [status]
    with pytest.raises(Refused) as refused:
        GatewaySender(make_gateway(gateway)).send(draft(), at(9))
    assert (refused.value.code, refused.value.is_final) == (status, is_final)
    assert len(gateway.requests) == 1, "no redirect is followed"


def test_what_fails_is_tried_again_and_repetitions_reach_nobody(
    house: House, gateway: FakeGateway
) -> None:
    """It fails, then takes the message and hangs up, then answers."""
    book(house)
    gateway.answers = [503]
    process = Process(house, None, gateway)
    process.relay_all()
    with capture_logs() as logs:
        assert process.phone.step() == 1
        with house.database.read() as connection:
            assert outbox.list_failing(connection) == ["gateway: 1 messages, refused_503"]
        gateway.broken = True
        house.clock.pass_by(seconds=1)
        process.phone.step()
        gateway.broken = False
        house.clock.pass_by(seconds=5)
        process.phone.step()
    assert states(house)["confirmation"] == "SENT"
    assert len(gateway.requests) == 3 and len(gateway.texts) == 1
    for secret in (NIK, NAME, PHONE):
        assert secret not in repr(logs)
    with house.database.read() as connection:
        assert outbox.list_failing(connection) == []


def test_a_final_refusal_is_tried_no_more(house: House, gateway: FakeGateway) -> None:
    book(house)
    gateway.answers = [422]
    process = Process(house, None, gateway)
    process.work()
    house.clock.pass_by(minutes=10)
    process.work()
    [message] = [each for each in list_messages(house) if each.kind.value == "confirmation"]
    assert (message.state, message.last_error) == (MessageState.FAILED, "refused_422")
    assert len(gateway.requests) == 1


def test_a_gateway_that_hangs_holds_up_no_mail(house: House, gateway: FakeGateway) -> None:
    gateway.hangs = threading.Event()
    book(house)
    process = Process(house, None, gateway)
    process.relay_all()
    hanging = threading.Thread(target=process.phone.step)
    hanging.start()
    try:
        assert process.letters.step() == 0 and process.relay.step() == 0
    finally:
        gateway.hangs.set()
        hanging.join(60)
    assert states(house)["confirmation"] == "SENT"


def test_what_must_be_heard_waits_for_the_morning_and_without_a_gateway_for_the_staff(
    house: House, gateway: FakeGateway
) -> None:
    house.clock.now = at(22)
    strand(house, notify=True, email=None, slot=house.slot(10, day=1))
    process = Process(house, None, gateway)
    process.work()
    assert states(house)["stranded"] == "QUEUED"
    house.clock.now = at(6, day=1)
    Process(house, None, None).send_all()
    [message] = [each for each in list_messages(house) if each.kind.value == "stranded"]
    assert (message.state, message.last_error) == (MessageState.BY_HAND, "no_gateway")


def set_rules(house: House, **values: int) -> None:
    change = RulesChange({f"messages.{name}": value for name, value in values.items()})
    house.database.write(
        [(HOME, TODAY)],
        partial(apply_change, office=HOME, change=change, by="manager", now=house.clock.now),
    )


def test_an_office_sends_so_many_a_day_and_keeps_a_share_for_what_is_urgent(
    both_houses: House, gateway: FakeGateway
) -> None:
    house = both_houses
    set_rules(house, phone_daily_max=3, urgent_reserve_percent=34)
    for last in range(3):
        book(
            house,
            nik=f"910101450788004{last}",
            phone=f"+62812987654{last}0",
            slot=house.slot(10 + last),
        )
    process = Process(house, None, gateway)
    process.work()
    assert outcomes(house, "confirmation") == [
        ("FAILED", "daily_limit"),
        ("FAILED", "daily_limit"),
        ("SENT", None),
    ]
    close_tomorrow(house)
    process.work()
    assert outcomes(house, "stranded") == [
        ("BY_HAND", "daily_limit"),
        ("SENT", None),
        ("SENT", None),
    ]
    with house.database.read() as connection:
        assert count_store.count(connection, HOME, TODAY) == len(gateway.texts) == 3


def outcomes(house: House, kind: str) -> list[tuple[str, str | None]]:
    """How far the messages of a kind have come, and why no further."""
    told = [each for each in list_messages(house) if each.kind.value == kind]
    return sorted(((each.state.value, each.last_error) for each in told), key=str)


def test_a_day_has_no_more_messages_than_its_limit(both_houses: House) -> None:
    house = both_houses
    taken = [
        house.database.write([], lambda tx: count_store.take_one(tx, HOME, TODAY, 2))
        for _ in range(4)
    ]
    assert taken == [True, True, False, False]


def report(house: House, id: str, status: str, now: datetime, key: bytes = KEY) -> int:
    body = json.dumps({"id": id, "status": status, "provider": "x"}).encode()
    headers = {
        "Host": HOST,
        "webhook-id": "r-1",
        "webhook-timestamp": f"{now.timestamp():.0f}",
        "webhook-signature": sign(key, "r-1", now, body),
    }
    client = house.application.flask.test_client(use_cookies=False)
    return client.post("/hooks/receipts", data=body, headers=headers).status_code


@pytest.fixture
def reporting(open_house: Any, tmp_path: Any, gateway: FakeGateway) -> House:
    """A server that takes receipts, and has sent one message."""
    (tmp_path / "gateway.key").write_text(KEY.decode())
    house: House = open_house(
        gateway_url=gateway.url, gateway_signing_key_file=tmp_path / "gateway.key"
    )
    book(house)
    Process(house, None, gateway).work()
    return house


def sent_id(house: House) -> str:
    return next(each.id for each in list_messages(house) if each.kind.value == "confirmation")


@pytest.mark.parametrize(
    ("reports", "state"),
    [
        (("delivered",), "SENT"),
        (("failed",), "FAILED"),
        (("failed", "failed"), "FAILED"),
        (("failed", "delivered"), "SENT"),
        (("delivered", "failed", "sent"), "SENT"),
    ],
)
def test_receipts_in_any_order_and_any_number(
    reporting: House, reports: tuple[str, ...], state: str
) -> None:
    for each in reports:
        assert report(reporting, sent_id(reporting), each, reporting.clock.now) == 204
    assert states(reporting)["confirmation"] == state


def test_a_receipt_settles_what_nobody_could_note(reporting: House, gateway: FakeGateway) -> None:
    """The process that sent it died: what the gateway has is not sent again."""
    house = reporting
    book(house, nik="9101014507880043", phone="+6281298765433", slot=house.slot(11))
    process = Process(house, None, gateway)
    process.relay_all()
    with house.database.read() as connection:
        [owed] = process.phone.list_due(connection, house.clock.now)
    until = house.clock.now + process.phone.lease
    house.database.write([], lambda tx: process.phone.claim(tx, owed, house.clock.now, until))
    process.phone.carry_out(owed, house.clock.now)
    assert report(house, owed.id, "accepted", house.clock.now) == 204
    house.clock.pass_by(minutes=2)
    requests = len(gateway.requests)
    Process(house, None, gateway).send_all()
    assert len(gateway.requests) == requests


def test_receipts_that_are_not_signed_or_of_no_message_do_no_harm(reporting: House) -> None:
    house, before = reporting, reporting.dump()
    now = house.clock.now
    assert report(house, "nobody's", "failed", now) == 404
    assert report(house, sent_id(house), "failed", now, key=b"another") == 403
    assert report(house, sent_id(house), "failed", now.replace(year=2025)) == 403
    assert report(house, sent_id(house), "who knows", now) == 422
    assert house.dump() == before


def test_without_a_key_no_receipt_is_taken(house: House) -> None:
    assert report(house, "m-1", "failed", house.clock.now) == 403


def test_the_console_shows_what_would_be_sent(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleSender().send(draft("Nomor A012"), at(9))
    assert "+62812: Nomor A012" in capsys.readouterr().out


def test_a_server_with_a_gateway_tells_by_telephone(open_house: Any, gateway: FakeGateway) -> None:
    house: House = open_house(gateway_url=gateway.url)
    assert house.application.flask.extensions["antrean"].ways == {MessageChannel.PHONE}
    shown = house.settings.masked()["gateway_url"]
    assert shown.endswith("/send?***") and "account" not in shown
