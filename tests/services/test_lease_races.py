"""Fifty at once where no office-day's lock stands before them, on both databases: leases, devices,
people, keys, and what time brings.
"""

from __future__ import annotations

from collections import Counter as Tally
from datetime import datetime, timedelta
from typing import Any

import pytest

from queue_server.domain.access.accounts import User
from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.errors import KeyReused, PairingExpired, UserNameTaken
from queue_server.domain.events import Event, EventType
from queue_server.domain.messages.message import Message, MessageChannel, MessageKind, MessageState
from queue_server.domain.messages.owed import Reach
from queue_server.domain.messages.receipts import Receipt
from queue_server.services.access import devices, sessions
from queue_server.services.booking import booking, waitlist
from queue_server.services.booking.waitlist import WaitRequest
from queue_server.services.counter import calling
from queue_server.services.door import arrival
from queue_server.services.idempotency import do_once
from queue_server.services.messages.lost_codes import send_again
from queue_server.services.messages.queueing import queue_message
from queue_server.services.messages.reports import take_receipt
from queue_server.services.office import wait_learning
from queue_server.services.places.ticket_ids import draw
from queue_server.services.privacy import wiping
from queue_server.store import relays as relay_store
from queue_server.store import tables
from queue_server.store.access import devices as device_store
from queue_server.store.messages import counts as count_store
from queue_server.store.messages import messages as message_store
from queue_server.store.privacy import wiping as wiping_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import fair_stage as fair
from tests.services import stage
from tests.services.rush import CLIENTS, rush, rush_commands

CODE = "o1"
KEY = (CODE, stage.TODAY)
NOW = stage.at(9 * 60)
LEASE = timedelta(seconds=30)


@pytest.fixture
def office(databases: list[Database]) -> list[Database]:
    """The databases of an office with places for everybody."""
    fair.open_office(databases[0], places=CLIENTS)
    return databases


def claim(databases: list[Database], backlog: relay_store.Backlog, now: Any) -> list[bool]:
    return rush_commands(
        databases, [], lambda tx, _: relay_store.claim(tx, backlog, now, now + LEASE)
    )


def test_a_backlog_is_leased_to_one(office: list[Database]) -> None:
    """The first lease of a day makes the row; when it has run out, one of all takes it over."""

    def find(now: datetime) -> relay_store.Backlog | None:
        with office[0].read() as connection:
            backlogs = relay_store.list_backlogs(connection, now, stage.TODAY)
        return next((each for each in backlogs if each.date == stage.TODAY), None)

    first = find(NOW)
    assert first is not None
    assert sum(claim(office, first, NOW)) == 1
    assert find(NOW) is None and sum(claim(office, first, NOW)) == 0
    late = find(NOW + LEASE)
    assert late is not None
    assert sum(claim(office, late, NOW + LEASE)) == 1


def test_a_message_is_leased_to_one(office: list[Database]) -> None:
    ticket = fair.book(office[0])

    def owe(tx: Transaction) -> Message:
        tx.record(Event(EventType.RESCHEDULED, CODE, stage.TODAY, NOW, ticket.id))
        return queue_message(tx, ticket, EventType.RESCHEDULED, NOW, reach=Reach("ani@contoh.id"))

    message = office[0].write([KEY], owe)
    for now in (NOW, NOW + LEASE):
        with office[0].read() as connection:
            [found] = message_store.list_due(connection, MessageChannel.EMAIL, now, 9)
        got = rush_commands(
            office,
            [],
            lambda tx, _, now=now, found=found: message_store.claim(tx, found, now, now + LEASE),
        )
        assert (found.id, sum(got)) == (message.id, 1)


def rows(database: Database, table: Any) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(table.select()))


def ask(databases: list[Database]) -> devices.PairingDraw:
    pairing = devices.draw_pairing()
    databases[0].write([], lambda tx: devices.request_pairing(tx, "kiosk", pairing, NOW))
    return pairing


def approved(databases: list[Database]) -> devices.PairingDraw:
    pairing = ask(databases)
    databases[0].write(
        [KEY], lambda tx: devices.approve(tx, pairing.code, CODE, "Kiosk", "budi", NOW)
    )
    return pairing


def find(databases: list[Database], pairing: devices.PairingDraw) -> Any:
    return next(row for row in rows(databases[0], tables.devices) if row.id == pairing.id)


# Two writers meet in these only by chance, so each is played several times.
ROUNDS = 5


def test_a_device_is_approved_for_one_office(office: list[Database]) -> None:
    stage.open_office(office[0], stage.small_office("o2"))
    for _ in range(ROUNDS):
        pairing = ask(office)
        got = rush_commands(
            office,
            [KEY, ("o2", stage.TODAY)],
            lambda tx, place, code=pairing.code: (
                devices.approve(
                    tx, code, (CODE, "o2")[place // 2 % 2], f"K{place}", "budi", NOW
                ).name
            ),
        )
        device = find(office, pairing)
        assert (device.state, device.office) == (
            "APPROVED",
            (CODE, "o2")[int(device.name.removeprefix("K")) // 2 % 2],
        )
        assert got == [
            device.name if (CODE, "o2")[place // 2 % 2] == device.office else "unknown_device"
            for place in range(CLIENTS)
        ], "the office that was quicker sees its device at each press, the other none"


def test_of_the_tokens_that_an_approved_device_collects_one_is_good(office: list[Database]) -> None:
    for count in range(1, ROUNDS + 1):
        pairing = approved(office)
        got = rush_commands(
            office,
            [],
            lambda tx, _, asked=pairing: devices.collect_token(
                tx, asked.id, asked.secret, draw().id, NOW
            )[1],
        )
        assert got == [True] * CLIENTS
        good = [each for each in rows(office[0], tables.tokens) if each.revoked_at is None]
        assert len(good) == len({each.device for each in good}) == count


def test_a_device_that_is_heard_from_while_it_collects_keeps_one_token(
    office: list[Database],
) -> None:
    for _ in range(ROUNDS):
        pairing = approved(office)

        def collect_or_use(
            tx: Transaction, place: int, asked: devices.PairingDraw = pairing
        ) -> Any:
            if place == CLIENTS // 2:
                return device_store.note_first_use(tx, CODE, asked.id, NOW)
            return devices.collect_token(tx, asked.id, asked.secret, draw().id, NOW)[1]

        got = rush_commands(office, [], collect_or_use)
        assert set(got) <= {True, None, "pairing_expired"}
        with pytest.raises(PairingExpired):
            office[0].write(
                [],
                lambda tx, asked=pairing: devices.collect_token(
                    tx, asked.id, asked.secret, draw().id, NOW
                ),
            )
        assert (
            len(
                [
                    each
                    for each in rows(office[0], tables.tokens)
                    if each.device == pairing.id and each.revoked_at is None
                ]
            )
            <= 1
        )


def test_a_device_cut_off_while_it_is_paired_has_no_good_token(office: list[Database]) -> None:
    for _ in range(ROUNDS):
        pairing = approved(office)

        def collect_or_revoke(
            tx: Transaction, place: int, asked: devices.PairingDraw = pairing
        ) -> Any:
            if place >= CLIENTS - 2:
                return devices.revoke(tx, CODE, asked.id, "budi", NOW).state
            return devices.collect_token(tx, asked.id, asked.secret, draw().id, NOW)[1]

        got = rush_commands(office, [KEY], collect_or_revoke)
        assert got.count("REVOKED") == 2
        assert find(office, pairing).state == "REVOKED"
    assert all(each.revoked_at is not None for each in rows(office[0], tables.tokens))


def test_a_user_name_is_given_once(databases: list[Database]) -> None:
    def add(place: int) -> str:
        user = User(f"u{place}", "siti", "Siti", "clerk", None)
        try:
            databases[place % len(databases)].write([], lambda tx: sessions.add_user(tx, user, "-"))
        except UserNameTaken as refused:
            return refused.code
        return user.id

    got = rush(CLIENTS, add)
    assert got.count(UserNameTaken.code) == CLIENTS - 1
    assert [each.id for each in rows(databases[0], tables.users)] == [
        each for each in got if each != UserNameTaken.code
    ]


def test_one_key_joins_the_waitlist_once(office: list[Database]) -> None:
    """No day's lock stands before them: whoever comes second, in another process even, gets the
    first one's answer.
    """
    wanted = WaitRequest("REK", stage.TODAY, stage.TODAY, fair.person())

    def send(place: int) -> Any:
        drawn = draw()

        def command(tx: Transaction) -> dict[str, Any]:
            return {"code": waitlist.join(tx, CODE, wanted, drawn, NOW).code}

        return office[place % len(office)].write(
            [],
            lambda tx: do_once(
                tx, "public", "the-key", "join", command, NOW, person=wanted.visitor.nik_fingerprint
            ),
        )

    got = rush(CLIENTS, send)
    assert all(each == got[0] for each in got), Tally(map(str, got))
    assert [row.code for row in stage.rows_of(office[0], tables.waitlist, CODE)] == [got[0]["code"]]


def test_one_key_on_two_days_is_answered_or_refused(office: list[Database]) -> None:
    """A client that uses its key for two requests at one moment gets one of them done, and is told
    about the other.
    """
    slots = (fair.SLOT, fair.TOMORROW)

    def send(place: int) -> Any:
        drawn, which = draw(), place // 2 % 2
        request = BookingRequest("REK", slots[which], fair.person(10_000 + which))
        return office[place % len(office)].write(
            [(CODE, fair.day_of(slots[which]))],
            lambda tx: do_once(
                tx,
                "public",
                "the-key",
                f"book {which}",
                lambda tx: {"id": booking.book(tx, CODE, request, drawn, NOW).id},
                NOW,
            ),
        )

    got = Tally(each if isinstance(each, str) else each["id"] for each in rush(CLIENTS, send))
    [ticket] = stage.rows_of(office[0], tables.tickets, CODE)
    assert set(got) == {ticket.id, KeyReused.code}


def test_a_day_is_learnt_from_once(office: list[Database]) -> None:
    drawn = draw()
    office[0].write(
        [KEY], lambda tx: arrival.issue_walk_in(tx, CODE, arrival.WalkIn("REK"), drawn, NOW)
    )
    office[0].write([KEY], lambda tx: calling.call_next(tx, CODE, f"{CODE}-1", "ani", NOW))
    night = stage.at(24 * 60 + 5)
    got = rush(
        CLIENTS, lambda place: wait_learning.learn_from_days(office[place % len(office)], night)
    )
    [model] = stage.rows_of(office[0], tables.wait_models, CODE)
    assert (sum(got), model.revision, model.learnt_until) == (1, 1, stage.TODAY)
    assert len(list(stage.rows_of(office[0], tables.wait_days, CODE))) == 1


def test_visitors_are_forgotten_once(
    office: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clearing up the files is left out: it takes turns by itself, and the fifty would only wait
    for each other.
    """
    monkeypatch.setattr(wiping_store, "clear_up", lambda url: True)
    fair.cancel(office[0], fair.book(office[0]))
    later = NOW + timedelta(days=60)
    rush(CLIENTS, lambda place: wiping.wipe_personal_data(office[place % len(office)], later))
    types = Tally(type for _, type, _ in stage.event_log(office[0], CODE, stage.TODAY))
    assert types["personal_data_wiped"] == 1
    assert rows(office[0], tables.visitors) == []


def test_a_day_has_no_more_messages_by_telephone_than_its_limit(office: list[Database]) -> None:
    taken = rush_commands(office, [], lambda tx, _: count_store.take_one(tx, CODE, stage.TODAY, 10))
    assert (sum(taken), len(taken)) == (10, CLIENTS)
    with office[0].read() as connection:
        assert count_store.count(connection, CODE, stage.TODAY) == 10


def test_a_lost_code_is_sent_once_however_many_ask(office: list[Database]) -> None:
    visitor = fair.person()
    fair.book(office[0], visitor=visitor)
    address, ways = str(visitor.email), {MessageChannel.EMAIL}
    sent = rush_commands(office, [], lambda tx, _: send_again(tx, address, stage.TODAY, ways, NOW))
    assert (sum(sent), len(rows(office[0], tables.messages))) == (1, 1)


def test_a_receipt_counts_once_however_often_it_comes(office: list[Database]) -> None:
    """Half of the reports say that it arrived, half that it did not: it has arrived."""
    ticket = fair.book(office[0])
    message = Message(
        "m1",
        CODE,
        ticket.id,
        MessageKind.CALL,
        "1",
        MessageChannel.PHONE,
        MessageState.SENT,
        NOW,
        attempts=1,
    )
    office[0].write([], lambda tx: message_store.add(tx, message))
    reports = (Receipt.DELIVERED, Receipt.UNDELIVERED)
    known = rush_commands(
        office, [], lambda tx, number: take_receipt(tx, "m1", reports[number % 2], NOW)
    )
    assert all(known)
    [row] = rows(office[0], tables.messages)
    assert (row.receipt, row.state, row.last_error) == ("DELIVERED", "SENT", None)
