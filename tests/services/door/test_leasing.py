"""Leases of kiosks: what is set aside for each, and what becomes of it, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from queue_server.domain.door.leases import Fate, LeaseState
from queue_server.domain.errors import BadInput, DayFull, LeaseElsewhere, UnknownStream
from queue_server.services.access import devices
from queue_server.services.door import arrival, leasing
from queue_server.services.door.lease_view import view_lease
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.access import devices as device_store
from queue_server.store.door import leases as lease_store
from queue_server.store.writer.database import Database
from tests.services import ledger, stage
from tests.services.door.kiosk_stage import Kiosk, open_kiosks
from tests.services.rush import rush

OPEN = stage.at(8 * 60)
LATER = stage.at(10 * 60)
BOUND: dict[str, Any] = {"door": {"walk_ins_beyond_places": False}}


def kiosks(database: Database, many: int = 2, limit: int | None = 6, **rules: Any) -> list[Kiosk]:
    office = stage.open_office(database, stage.small_office(stage.new_code(), limit=limit, **rules))
    return open_kiosks(database, office.code, many)


def events(database: Database, office: str) -> list[str]:
    log = stage.event_log(database, office, stage.TODAY)
    return [type for _, type, _ in log if type.startswith("lease")]


def give(kiosk: Kiosk, minute: float, *, at_kiosk: bool = True) -> str | None:
    """A number that the kiosk, or else the reception, asks the server for."""
    drawn = draw()
    wanted = arrival.WalkIn("REK", device=kiosk.device if at_kiosk else None)
    return kiosk.database.write(
        [(kiosk.office, stage.TODAY)],
        lambda tx: arrival.issue_walk_in(tx, kiosk.office, wanted, drawn, stage.at(minute)),
    ).ticket.number


def test_two_kiosks_never_have_a_number_in_common(shared_database: Database) -> None:
    one, two = kiosks(shared_database)
    first, second = one.grant(OPEN), two.grant(OPEN)
    assert [each.number for each in one.numbers(first)] == [f"A{n}" for n in range(501, 521)]
    assert [each.number for each in two.numbers(second)] == [f"A{n}" for n in range(521, 541)]
    assert (first.state, first.date) == (LeaseState.ACTIVE, stage.TODAY)
    assert first.offline_until == stage.at(15 * 60)


def test_asking_again_adds_what_is_missing_and_nothing_else(shared_database: Database) -> None:
    [one] = kiosks(shared_database, 1)
    first = one.grant(OPEN, {"A": 5})
    assert one.grant(OPEN, {"A": 5}).id == one.grant(LATER, {"A": 8}).id == first.id
    assert [each.number for each in one.numbers(first)] == [f"A{n}" for n in range(501, 509)]
    assert events(shared_database, one.office) == ["lease_granted", "lease_filled"]


def test_offices_that_give_numbers_beyond_places_set_none_aside(shared_database: Database) -> None:
    [one] = kiosks(shared_database, 1)
    assert one.places(one.grant(OPEN)) == 0
    ledger.read(shared_database, one.office).all_is_right()


def test_each_kiosk_gets_its_part_of_half_of_the_walk_in_places(shared_database: Database) -> None:
    one, two = kiosks(shared_database, **BOUND)
    first = one.grant(OPEN, {"A": 200})
    with shared_database.read() as connection:
        office = shared_database.offices.get(connection, one.office)
        view = view_lease(connection, office, first, b"s" * 32, "http://x", OPEN)
    mine = one.places(first)
    second = two.grant(OPEN, {"A": 200})
    assert mine > 0 and two.places(second) in (mine, mine - 1)
    assert view.places is not None and view.places["A"] == mine
    ledger.read(shared_database, one.office).all_is_right()


def test_a_kiosk_that_is_online_uses_its_own_places_up_and_not_another_s(
    shared_database: Database,
) -> None:
    one, two = kiosks(shared_database, limit=1, **BOUND)
    first, second = one.grant(OPEN), two.grant(OPEN)
    mine, other = one.places(first), two.places(second)
    assert mine > 0 and other > 0
    with pytest.raises(DayFull):
        while True:
            give(one, 8 * 60, at_kiosk=False)
    for left in reversed(range(mine)):
        give(one, 8 * 60)
        assert one.places(first) == left
    with pytest.raises(DayFull):
        give(one, 8 * 60)
    assert two.places(second) == other
    ledger.read(shared_database, one.office).all_is_right()


def test_a_second_installation_is_refused_until_a_manager_replaces_the_first(
    shared_database: Database,
) -> None:
    [one] = kiosks(shared_database, 1, **BOUND)
    first = one.grant(OPEN)
    key = [(one.office, stage.TODAY)]
    with pytest.raises(LeaseElsewhere):
        one.grant(OPEN, installation="another")
    for _ in range(2):
        shared_database.write(
            key, lambda tx: leasing.note_contest(tx, one.office, one.device, "another", OPEN)
        )
    with shared_database.read() as connection:
        assert lease_store.list_contested(connection, one.office) == {one.device: "Kiosk 1"}
    for _ in range(2):
        shared_database.write(
            key, lambda tx: leasing.replace_installation(tx, one.office, one.device, "budi", LATER)
        )
    second = one.grant(LATER, installation="another")
    assert [each.number for each in one.numbers(second)][0] == "A521"
    with shared_database.read() as connection:
        assert lease_store.find(connection, first.id, one.office).state is LeaseState.LOST
        assert lease_store.list_contested(connection, one.office) == {}
        assert lease_store.count_fates(connection, one.office, stage.TODAY) == Fate(0, 0, 40, 40)
    assert events(shared_database, one.office) == [
        "lease_granted",
        "lease_contested",
        "lease_lost",
        "lease_granted",
    ]
    ledger.read(shared_database, one.office).all_is_right()


def test_the_day_ends_and_everything_goes_back_once(shared_database: Database) -> None:
    [one] = kiosks(shared_database, 1, **BOUND)
    lease = one.grant(OPEN)
    tomorrow = one.grant(OPEN, day=stage.DAYS[1])
    midnight = stage.at(24 * 60 + 1)
    assert leasing.close_leases(shared_database, stage.at(23 * 60)) == 0
    leasing.close_leases(shared_database, midnight)
    leasing.close_leases(shared_database, midnight)
    with shared_database.read() as connection:
        assert lease_store.find(connection, lease.id, one.office).state is LeaseState.CLOSED
        assert lease_store.find(connection, tomorrow.id, one.office).state is LeaseState.ACTIVE
        assert lease_store.count_fates(connection, one.office, stage.TODAY) == Fate(0, 40, 0, 0)
    assert one.places(lease) == 0
    assert events(shared_database, one.office) == ["lease_granted", "lease_closed"]
    ledger.read(shared_database, one.office).all_is_right()


def test_a_device_that_is_cut_off_loses_its_leases(shared_database: Database) -> None:
    [one] = kiosks(shared_database, 1, **BOUND)
    today, tomorrow = one.grant(OPEN), one.grant(OPEN, day=stage.DAYS[1])
    shared_database.write(
        [(one.office, stage.TODAY)],
        lambda tx: devices.revoke(tx, one.office, one.device, "budi", LATER),
    )
    leasing.close_leases(shared_database, LATER)
    with shared_database.read() as connection:
        assert device_store.find(connection, one.device).state == "REVOKED"
        for each in (today, tomorrow):
            ended = lease_store.find(connection, each.id, one.office)
            assert ended.state is LeaseState.REVOKED
    ledger.read(shared_database, one.office).all_is_right()


def test_only_today_and_the_next_open_day_can_be_leased(shared_database: Database) -> None:
    [one] = kiosks(shared_database, 1)
    with pytest.raises(BadInput):
        one.grant(OPEN, day=stage.TODAY + timedelta(days=7))
    with pytest.raises(UnknownStream):
        one.grant(OPEN, {"Z": 1})


def test_the_range_is_never_left_and_the_last_number_never_given_twice(
    shared_database: Database,
) -> None:
    one, two = kiosks(shared_database)
    first, second = one.grant(OPEN, {"A": 499}), two.grant(OPEN, {"A": 499})
    for _ in range(12):
        one.grant(OPEN, {"A": 499})
        two.grant(OPEN, {"A": 499})
    got = [each.number for each in one.numbers(first) + two.numbers(second)]
    assert sorted(got) == [f"A{n}" for n in range(501, 1000)]


@pytest.mark.parametrize("same", [True, False])
def test_sixteen_grants_at_once(databases: list[Database], same: bool) -> None:
    """The same kiosk has one lease however often it asks, sixteen have numbers of their own."""
    stage.open_office(databases[0], stage.small_office("o1", limit=100, **BOUND))
    all_kiosks = open_kiosks(databases[0], "o1", 1 if same else 16)

    def ask(place: int) -> str:
        kiosk = all_kiosks[0 if same else place]
        here = Kiosk(databases[place % len(databases)], "o1", kiosk.device, kiosk.installation)
        return here.grant(OPEN, {"A": 9}).id

    leases = rush(16, ask)
    assert len(set(leases)) == (1 if same else 16)
    rows = list(stage.rows_of(databases[0], tables.leased_numbers, "o1"))
    assert sorted(row.sequence for row in rows) == list(range(501, 510 if same else 645))
    ledger.read(databases[0], "o1").all_is_right()
