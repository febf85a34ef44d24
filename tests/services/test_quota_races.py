"""The quotas of a stream hold however many ask at once, on both databases; kiosks that are cut off
give no numbers that only the server can count.
"""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.errors import DayFull, SlotFull
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.structure import put_stream
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking, holding
from queue_server.services.door import arrival, leasing
from queue_server.services.office.changes import apply_change, preview_change
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.kiosk import view_offer
from queue_server.services.upkeep import plan_office
from queue_server.store.door import leases as lease_store
from queue_server.store.writer import slots as slot_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import stage
from tests.services.rush import rush

CODE, AT_ONCE = "o1", 12
SLOT, NOW = stage.at(10 * 60), stage.at(9 * 60 + 55)
KEY = (CODE, stage.DAYS[0])


@pytest.fixture
def office(databases: list[Database]) -> list[Database]:
    stage.open_office(databases[0], stage.small_office(CODE, limit=100))
    return databases


def give_quota(databases: list[Database], **quotas: int | None) -> Office:
    settings = databases[0].find_office(CODE)
    change = put_stream(settings, replace(settings.stream("A"), **quotas))
    databases[0].write([KEY], lambda tx: apply_change(tx, CODE, change, "ani", NOW))
    plan_office(databases[0], CODE, NOW)
    return databases[0].find_office(CODE)


def hold(databases: list[Database], place: int) -> str:
    drawn, wanted = draw(), HoldRequest("REK", SLOT)
    try:
        return (
            databases[place % len(databases)]
            .write([KEY], lambda tx: holding.hold(tx, CODE, wanted, drawn, NOW))
            .state.value
        )
    except SlotFull as refused:
        return refused.code


def walk_in(databases: list[Database], place: int, **how: Any) -> str:
    drawn, wanted = draw(), arrival.WalkIn("REK", **how)
    try:
        databases[place % len(databases)].write(
            [KEY], lambda tx: arrival.issue_walk_in(tx, CODE, wanted, drawn, NOW)
        )
    except DayFull as refused:
        assert refused.facts["quota"] == 3
        return refused.code
    return "WAITING"


def test_a_slot_gives_no_more_places_than_its_quota(office: list[Database]) -> None:
    give_quota(office, slot_quota=2)
    asked = Tally(rush(AT_ONCE, lambda place: hold(office, place)))
    assert asked == {"HELD": 2, "slot_full": AT_ONCE - 2}
    with office[0].read() as connection:
        plan = slot_store.load(connection, CODE, stage.DAYS[0])
    ahead = [each for each in plan.slots if each.starts_at > NOW]  # one that has begun stays
    assert ahead and all(each.streams["A"].total <= 2 for each in ahead)
    assert max(each.streams["C"].total for each in ahead) > 2


def test_a_stream_gives_no_more_numbers_than_its_quota(office: list[Database]) -> None:
    settings = give_quota(office, walk_in_quota=3)
    asked = Tally(rush(AT_ONCE, lambda place: walk_in(office, place)))
    assert asked == {"WAITING": 3, "day_full": AT_ONCE - 3}
    with office[0].read() as connection:
        offered = view_offer(connection, settings, NOW)
    reasons = {each.code: each.reason for each in offered.services}
    assert reasons["REK"] == reasons["IKD"] == "day_full" and reasons["CTK"] is None
    assert walk_in(office, 0, beyond_places=True) == "WAITING", "staff decide otherwise"


def test_a_kiosk_that_is_cut_off_gives_none_of_such_a_stream(office: list[Database]) -> None:
    give_quota(office, walk_in_quota=3)
    office[0].write(
        [KEY], lambda tx: leasing.grant(tx, CODE, "k1", "i1", {"A": 5, "C": 5}, stage.DAYS[0], NOW)
    )
    with office[0].read() as connection:
        [lease] = lease_store.list_of_office(connection, CODE)
        letters = {each.letter for each in lease_store.list_unused(connection, lease)}
    assert letters == {"C"}


def test_the_dry_run_of_a_smaller_quota_names_the_bookings_that_lose_their_time(
    office: list[Database],
) -> None:
    def book(tx: Transaction, number: int) -> Ticket:
        visitor = Visitor("Tamu", sha256(str(number).encode()).hexdigest(), "0001")
        return booking.book(tx, CODE, BookingRequest("REK", SLOT, visitor), draw(), NOW)

    booked = [
        office[0].write([KEY], lambda tx, number=number: book(tx, number)) for number in range(3)
    ]
    settings = office[0].find_office(CODE)
    change = put_stream(settings, replace(settings.stream("A"), slot_quota=2))
    with office[0].read() as connection:
        preview = preview_change(connection, settings, change, NOW)
    assert [each.id for each in preview.stranded] == [booked[-1].id]
