"""What must be heard and no mail server takes: it goes on by telephone, or to the staff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from queue_server.domain.deliveries import MAIL_ATTEMPTS, pause_after
from tests.effects.gateway import FakeGateway, open_gateway
from tests.effects.mail_server import Post, open_post
from tests.effects.telling import Process, list_messages
from tests.effects.test_mail import strand
from tests.fixtures.application import EMAIL, HOME, PHONE, House, at


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as server:
        server.refuse[EMAIL] = "550 no such user"
        yield server


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with open_gateway() as server:
        yield server


def outcomes(house: House, kind: str) -> list[tuple[str, str, str | None]]:
    """By which way each message of a kind went, how far it has come, and why no further."""
    return sorted(
        (each.channel.value, each.state.value, each.last_error)
        for each in list_messages(house)
        if each.kind.value == kind
    )


def test_an_address_that_is_refused_for_good_is_told_by_telephone_once(
    both_houses: House, post: Post, gateway: FakeGateway
) -> None:
    house = both_houses
    strand(house, notify=True)
    for _ in range(2):
        Process(house, post, gateway).work()
    assert outcomes(house, "stranded") == [
        ("EMAIL", "DONE", "refused_550"),
        ("PHONE", "SENT", None),
    ]
    assert [key.split("-")[-3] for key in gateway.texts] == ["stranded"]
    assert PHONE.encode() in next(iter(gateway.texts.values()))


@pytest.mark.parametrize("act", ["move", "cancel"])
def test_what_the_office_did_goes_on_by_telephone(
    house: House, post: Post, gateway: FakeGateway, act: str
) -> None:
    strand(house, notify=True)
    [ticket] = [each.ticket for each in list_messages(house)]
    body = (
        {"bookings": [{"ticket": ticket, "slot": house.slot(10, day=3)}]}
        if act == "move"
        else {"tickets": [ticket]}
    )
    assert house.post(f"/offices/{HOME}/stranded/{act}", "manager", body).status_code == 200
    Process(house, post, gateway).work()
    kind = "moved" if act == "move" else "cancelled"
    assert ("PHONE", "SENT", None) in outcomes(house, kind)


def test_what_is_not_urgent_goes_by_no_second_way(
    house: House, post: Post, gateway: FakeGateway
) -> None:
    house.book(notify=True)
    Process(house, post, gateway).work()
    assert outcomes(house, "confirmation") == [("EMAIL", "FAILED", "refused_550")]
    assert gateway.requests == []


@pytest.mark.parametrize(
    ("changes", "has_gateway"),
    [({"notify": True}, False), ({"notify": False}, True), ({"notify": True, "phone": None}, True)],
    ids=["no gateway", "not asked for", "no number"],
)
def test_where_no_other_way_is_left_the_staff_call(
    house: House, post: Post, gateway: FakeGateway, changes: dict[str, object], has_gateway: bool
) -> None:
    strand(house, **changes)
    Process(house, post, gateway if has_gateway else None).work()
    assert outcomes(house, "stranded") == [("EMAIL", "FAILED", "refused_550")]
    assert gateway.requests == []


def test_without_a_mail_server_it_goes_by_telephone(house: House, gateway: FakeGateway) -> None:
    strand(house, notify=True)
    Process(house, None, gateway).work()
    assert outcomes(house, "stranded") == [
        ("EMAIL", "DONE", "no_mail_server"),
        ("PHONE", "SENT", None),
    ]


def test_a_number_that_is_refused_as_well_comes_to_the_staff(
    house: House, post: Post, gateway: FakeGateway
) -> None:
    strand(house, notify=True)
    gateway.answers = [422]
    Process(house, post, gateway).work()
    assert outcomes(house, "stranded")[1] == ("PHONE", "FAILED", "refused_422")


def test_no_telephone_rings_at_night_for_it(house: House, post: Post, gateway: FakeGateway) -> None:
    house.clock.now = at(22)
    strand(house, notify=True)
    Process(house, post, gateway).work()
    assert outcomes(house, "stranded")[1] == ("PHONE", "QUEUED", None)
    house.clock.now = at(6, day=1)
    Process(house, post, gateway).work()
    assert outcomes(house, "stranded")[1] == ("PHONE", "SENT", None)


def test_a_mail_server_that_is_away_for_long_is_given_up_for_the_telephone(
    house: House, gateway: FakeGateway
) -> None:
    house.clock.now = at(6)
    strand(house, notify=True)
    process = Process(house, Post(port=1), gateway)
    for failures in range(1, MAIL_ATTEMPTS + 1):
        process.letters.step()
        house.clock.pass_by(seconds=pause_after(failures).total_seconds())
    process.phone.step()
    assert outcomes(house, "stranded") == [
        ("EMAIL", "DONE", "ConnectionRefusedError"),
        ("PHONE", "SENT", None),
    ]


def test_a_sender_whose_lease_ran_out_owes_nothing_more(
    house: House, post: Post, gateway: FakeGateway
) -> None:
    """The first hangs for longer than its lease; the second has sent the mail meanwhile."""
    strand(house, notify=True)
    first, second = Process(house, post, gateway).letters, Process(house, post, gateway).letters
    with house.database.read() as connection:
        [owed] = first.list_due(connection, house.clock.now)
    until = house.clock.now + first.lease
    assert house.database.write([], lambda tx: first.claim(tx, owed, house.clock.now, until))
    _number, late = first.carry_out(owed, house.clock.now)
    house.clock.pass_by(seconds=first.lease.total_seconds())
    post.refuse.clear()
    assert second.step() == 1
    house.database.write([], late)
    assert outcomes(house, "stranded") == [("EMAIL", "SENT", None)]
