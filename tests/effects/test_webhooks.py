"""Webhooks: signed, once for each event, in order, tried again, given up, and switched off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.commands.doctor import examine
from queue_server.domain.errors import BadInput, Changed, TooManyWebhooks, UnknownWebhook
from queue_server.domain.events import EventType
from queue_server.domain.webhooks.endpoint import (
    ENDPOINTS_MAX,
    OFF_AFTER,
    Endpoint,
    derive_key,
    write_secret,
)
from queue_server.domain.webhooks.message import KEPT, REFUSALS_MAX, WebhookState
from queue_server.effects import outbox
from queue_server.services import upkeep
from queue_server.services.webhooks import endpoints
from queue_server.services.webhooks.owing import owe_event, stop_failing
from queue_server.store import tables
from queue_server.store.visit import events as event_store
from queue_server.store.webhooks import endpoints as endpoint_store
from queue_server.store.webhooks import messages as message_store
from tests.effects.gateway import FakeGateway, open_gateway
from tests.effects.telling import Process
from tests.effects.webhook_receiver import verify
from tests.fixtures.application import EMAIL, HOME, NAME, NIK, PHONE, TODAY, House

TYPES = ["walked_in", "called", "booked"]


@pytest.fixture
def receiver() -> Iterator[FakeGateway]:
    with open_gateway() as server:
        yield server


def run(house: House, command: Any, *arguments: Any) -> Any:
    """Run a command of a manager today."""
    moment = house.clock()
    return house.database.write(
        [(HOME, TODAY if moment.date() == TODAY else moment.date())],
        lambda tx: command(tx, HOME, *arguments, "manager", moment),
    )


def add(house: House, receiver: FakeGateway, types: list[str] = TYPES, id: str = "e1") -> Endpoint:
    endpoint: Endpoint = run(house, endpoints.add, id, receiver.url, types)
    return endpoint


def find(house: House, id: str = "e1") -> Endpoint:
    with house.database.read() as connection:
        return endpoint_store.find(connection, id)


def states(house: House) -> list[str]:
    """How far each message has come, in order."""
    rows = tables.webhook_messages
    with house.database.read() as connection:
        statement = sa.select(rows.c.state).order_by(rows.c.date, rows.c.seq)
        return list(connection.execute(statement).scalars())


def secret_of(house: House, endpoint: Endpoint, version: int | None = None) -> str:
    server_key = house.application.flask.extensions["antrean"].secret_key
    return write_secret(derive_key(server_key, endpoint.id, version or endpoint.secret_version))


def work(house: House) -> Process:
    process = Process(house, None, None)
    process.relay_all()
    process.webhooks.step()
    return process


def test_what_happens_is_told_in_order_once_and_signed(
    both_houses: House, receiver: FakeGateway
) -> None:
    house = both_houses
    house.walk_in()  # before anybody asked to be told
    house.clock.pass_by(seconds=1)
    endpoint = add(house, receiver)
    house.clock.pass_by(seconds=1)
    house.book(phone=PHONE, email=EMAIL)
    house.clock.pass_by(seconds=1)
    house.walk_in("KTP")
    house.call_next()
    process = work(house)
    process.webhooks.step()
    secret = secret_of(house, endpoint)
    told = [verify(secret, each, house.clock()) for each in receiver.requests]
    assert [each["type"] for each in told] == ["booked", "walked_in", "called"]
    assert told[2]["data"]["office"] == HOME and told[1]["data"]["number"] == "A002"
    ids = [each.headers["webhook-id"] for each in receiver.requests]
    assert len(set(ids)) == 3
    sent = b"".join(each.body for each in receiver.requests).decode()
    assert not any(each in sent for each in (NIK, NAME, PHONE, EMAIL, "clerk"))
    assert states(house) == ["TAKEN"] * 3
    with pytest.raises(ValueError, match="no signature"):
        verify(write_secret(b"another key"), receiver.requests[0], house.clock())
    with house.database.read() as connection:
        [first, *_rest] = event_store.list_after(connection, HOME, TODAY, 0)
    assert owe_event(house.database, first) == 0


def test_what_a_killed_process_has_sent_comes_again_with_the_same_id(
    both_houses: House, receiver: FakeGateway
) -> None:
    house = both_houses
    add(house, receiver)
    house.walk_in()
    process = Process(house, None, None)
    process.relay_all()
    now = house.clock()
    with house.database.read() as connection:
        [owed] = process.webhooks.list_due(connection, now)
    until = now + process.webhooks.lease
    assert house.database.write(
        [], partial(process.webhooks.claim, owed=owed, now=now, until=until)
    )
    process.webhooks.carry_out(owed, now)  # killed before it is noted
    assert work(house) and len(receiver.requests) == 1, "its lease still holds"
    house.clock.pass_by(seconds=process.webhooks.lease.total_seconds() + 1)
    work(house)
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body and states(house) == ["TAKEN"]


def test_two_processes_owe_an_event_once(both_houses: House, receiver: FakeGateway) -> None:
    house = both_houses
    add(house, receiver)
    house.walk_in()
    with house.database.read() as connection:
        recorded = event_store.list_after(connection, HOME, TODAY, 0)[-1]
    threads = [
        threading.Thread(target=owe_event, args=(house.database, recorded)) for _ in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert states(house) == ["QUEUED"]


def test_a_failure_holds_up_the_rest_and_is_tried_again(
    both_houses: House, receiver: FakeGateway
) -> None:
    house = both_houses
    add(house, receiver)
    house.walk_in()
    house.walk_in()
    receiver.answers = [500]
    process = work(house)
    assert len(receiver.requests) == 1 and states(house) == ["QUEUED"] * 2
    failing = find(house)
    assert (failing.failures, failing.last_error) == (1, "refused_500")
    with house.database.read() as connection:
        assert outbox.list_failing(connection) == [
            f"webhooks: {HOME} 127.0.0.1, 1 times, refused_500"
        ]
    process.webhooks.step()
    assert len(receiver.requests) == 1, "it is left alone for a pause"
    house.clock.pass_by(seconds=1)
    process.webhooks.step()
    numbers = [each.body.partition(b'"number":"')[2][:4] for each in receiver.requests]
    assert numbers == [b"A001", b"A001", b"A002"] and states(house) == ["TAKEN"] * 2
    assert find(house).failures == 0


def test_a_message_that_is_refused_again_and_again_lets_the_next_one_pass(
    house: House, receiver: FakeGateway
) -> None:
    add(house, receiver)
    house.walk_in()
    house.walk_in()
    receiver.answers = [422] * REFUSALS_MAX
    process = Process(house, None, None)
    process.relay_all()
    for _ in range(REFUSALS_MAX + 1):
        process.webhooks.step()
        house.clock.pass_by(minutes=11)
    assert states(house) == ["GIVEN_UP", "TAKEN"]
    assert run(house, endpoints.send_again, "e1") == 1
    process.webhooks.step()
    assert states(house) == ["TAKEN", "TAKEN"]
    assert run(house, endpoints.send_again, "e1") == 0


def test_an_endpoint_that_takes_nothing_for_days_is_switched_off_with_an_alert(
    both_houses: House, receiver: FakeGateway
) -> None:
    house = both_houses
    add(house, receiver)
    house.walk_in()
    receiver.answers = [503, 503]
    process = work(house)
    assert stop_failing(house.database, house.clock()) == 0
    house.clock.pass_by(seconds=OFF_AFTER.total_seconds())
    assert stop_failing(house.database, house.clock()) == 1
    assert stop_failing(house.database, house.clock()) == 0, "once"
    stopped = find(house)
    assert (stopped.taking_since, stopped.off_because) == (None, "FAILING")
    assert states(house) == ["GIVEN_UP"]
    day = house.clock().date()
    assert EventType.WEBHOOK_STOPPED.value in _types_of(house, day)
    upkeep.PIECES["alerts"](house.database, house.clock())
    assert _open_alerts(house) == [("WEBHOOK_STOPPED", "e1", {"name": "127.0.0.1"})]
    check = {each["name"]: each for each in examine(house.settings)["checks"]}["webhooks"]
    assert not check["ok"] and "127.0.0.1 (FAILING)" in check["detail"]
    house.clock.pass_by(seconds=1)
    house.database.write(
        [(HOME, day)], partial(endpoints.start, office=HOME, id="e1", by="m", now=house.clock())
    )
    upkeep.PIECES["alerts"](house.database, house.clock())
    assert _open_alerts(house) == []
    assert process.webhooks.step() == 0, "what was given up stays so until somebody asks for it"


def _types_of(house: House, day: Any) -> list[str]:
    with house.database.read() as connection:
        return [each.event.type.value for each in event_store.list_after(connection, HOME, day, 0)]


def _open_alerts(house: House) -> list[tuple[str, str, Any]]:
    rows = tables.alerts
    with house.database.read() as connection:
        statement = sa.select(rows.c.kind, rows.c.subject, rows.c.facts).where(
            rows.c.ended_at.is_(None), rows.c.kind == "WEBHOOK_STOPPED"
        )
        return [tuple(row) for row in connection.execute(statement)]


def test_an_endpoint_that_says_it_is_gone_is_switched_off_at_once(
    house: House, receiver: FakeGateway
) -> None:
    add(house, receiver)
    house.walk_in()
    receiver.answers = [410]
    work(house)
    assert stop_failing(house.database, house.clock()) == 1
    assert find(house).off_because == "GONE"


def test_a_redirect_is_a_failure_and_followed_by_nobody(
    house: House, receiver: FakeGateway
) -> None:
    add(house, receiver)
    house.walk_in()
    receiver.answers = [302]
    work(house)
    assert [each.path for each in receiver.requests] == ["/send?account=7"]
    assert find(house).last_error == "refused_302"


def test_a_new_secret_signs_with_the_old_one_for_a_day(house: House, receiver: FakeGateway) -> None:
    old = add(house, receiver)
    run(house, endpoints.give_new_secret, "e1")
    new = find(house)
    house.walk_in()
    work(house)
    [taken] = receiver.requests
    for version in (1, 2):
        assert verify(secret_of(house, old, version), taken, house.clock())
    house.clock.pass_by(hours=3)
    run(house, endpoints.give_new_secret, "e1")
    house.walk_in()
    work(house)
    with pytest.raises(ValueError, match="no signature"):
        verify(secret_of(house, new, 1), receiver.requests[-1], house.clock())


def test_the_secret_is_not_in_the_database(house: House, receiver: FakeGateway) -> None:
    secret = secret_of(house, add(house, receiver))
    assert secret[6:] not in repr(house.dump()) and secret not in repr(house.dump())


def test_a_test_goes_out_at_once_even_to_one_that_failed(
    house: House, receiver: FakeGateway
) -> None:
    endpoint = add(house, receiver, ["called"])
    receiver.answers = [500]
    run(house, endpoints.test, "e1")
    process = work(house)
    assert find(house).failures == 1
    run(house, endpoints.test, "e1")
    process.relay_all()
    process.webhooks.step()
    types = [
        verify(secret_of(house, endpoint), each, house.clock())["type"]
        for each in receiver.requests
    ]
    assert types == ["webhook_tested"] * 3 and states(house) == ["TAKEN"] * 2


def test_managers_commands_may_come_twice_and_know_only_their_office(
    both_houses: House, receiver: FakeGateway
) -> None:
    house = both_houses
    add(house, receiver)
    house.walk_in()
    Process(house, None, None).relay_all()
    run(house, endpoints.change, "e1", receiver.url, ["called"])
    run(house, endpoints.change, "e1", receiver.url, ["called"])
    run(house, endpoints.stop, "e1")
    run(house, endpoints.stop, "e1")
    assert states(house) == ["GIVEN_UP"]
    for command in (endpoints.test, endpoints.send_again):
        with pytest.raises(Changed):
            run(house, command, "e1")
    house.walk_in()
    assert work(house) and receiver.requests == []
    run(house, endpoints.start, "e1")
    run(house, endpoints.start, "e1")
    with pytest.raises(UnknownWebhook):
        house.database.write(
            [("9102", TODAY)], lambda tx: endpoints.stop(tx, "9102", "e1", "wati", house.clock())
        )
    run(house, endpoints.remove, "e1")
    assert states(house) == []
    with pytest.raises(UnknownWebhook):
        run(house, endpoints.remove, "e1")
    types = [each for each in _types_of(house, TODAY) if each.startswith("webhook")]
    assert types == [
        "webhook_added",
        "webhook_changed",
        "webhook_stopped",
        "webhook_started",
        "webhook_removed",
    ]


def test_a_lease_held_while_a_manager_acts_overrules_nothing(
    house: House, receiver: FakeGateway
) -> None:
    add(house, receiver)
    house.walk_in()
    process = Process(house, None, None)
    process.relay_all()
    now = house.clock()
    with house.database.read() as connection:
        [owed] = process.webhooks.list_due(connection, now)
    until = now + process.webhooks.lease
    house.database.write([], partial(process.webhooks.claim, owed=owed, now=now, until=until))
    _number, settle = process.webhooks.carry_out(owed, now)
    run(house, endpoints.stop, "e1")
    house.database.write([], settle)
    assert find(house).off_because == "BY_HAND" and states(house) == ["GIVEN_UP"]


def test_an_office_has_at_most_so_many_and_only_good_ones(
    house: House, receiver: FakeGateway
) -> None:
    for url, types in (("nowhere", TYPES), (receiver.url, []), (receiver.url, ["noted"])):
        with pytest.raises(BadInput):
            run(house, endpoints.add, "bad", url, types)
    for number in range(ENDPOINTS_MAX):
        add(house, receiver, id=f"e{number}")
    with pytest.raises(TooManyWebhooks):
        add(house, receiver, id="more")


def test_what_has_ended_is_forgotten_after_two_weeks(
    both_houses: House, receiver: FakeGateway
) -> None:
    house = both_houses
    add(house, receiver)
    house.walk_in()
    work(house)
    upkeep.forget_expired(house.database, house.clock() + KEPT - timedelta(seconds=1))
    assert states(house) == ["TAKEN"]
    upkeep.forget_expired(house.database, house.clock() + KEPT + timedelta(seconds=1))
    assert states(house) == []
    with house.database.read() as connection:
        counts = message_store.count_by_state(connection, ["e1"])
    assert counts.get(("e1", WebhookState.TAKEN), 0) == 0
