"""Banten, 23 March 2020: all eight offices serve urgent cases only from one day to the next, with
bookings already made.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256

import pytest

from queue_server.demo import banten
from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.slots import slot_id
from queue_server.domain.errors import NotInService
from queue_server.domain.messages.message import MessageChannel, MessageKind, MessageState
from queue_server.domain.office.changes import ModeDecision, ModeEnd
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services import upkeep
from queue_server.services.booking import availability, booking, stranded
from queue_server.services.bulk import take_each
from queue_server.services.office import offices
from queue_server.services.office.changes import apply_change, preview_change
from queue_server.services.places.ticket_ids import draw
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import slots as slot_store
from queue_server.store.writer.database import Database

SUNDAY_EVENING = datetime(2020, 3, 22, 13, 0, tzinfo=UTC)
"""20.00 WIB, when the order came."""

MONDAY = date(2020, 3, 23)
STARTS = datetime(2020, 3, 22, 17, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(days=7)
NOTICE = {"id": "Hanya layanan mendesak.", "en": "Urgent services only."}


@pytest.fixture
def province(database: Database) -> Database:
    """The eight offices, on the evening before, with bookings for two weeks: one in four urgent,
    reachable in different ways.
    """
    for office in banten.offices((2020,)):
        database.write([], partial(offices.add_office, office=office))
    upkeep.prepare_slots(database, SUNDAY_EVENING)
    for office in banten.offices((2020,)):
        for ahead in (0, 1, 3, 7, 8):  # Wednesday is Nyepi
            book_some(database, office, MONDAY + timedelta(days=ahead))
    return database


def book_some(database: Database, office: Office, day: date) -> None:
    """Eight bookings spread over a day."""
    for number in range(8):
        urgent = number % 4 == 3
        with database.read() as connection:
            slots = availability.list_availability(
                connection, office, "KK", day, 1, 1, SUNDAY_EVENING, urgent=urgent
            )[0].slots
        slot = next(each for each in slots[number:] if each.free)
        mark = sha256(f"{office.code} {day} {number}".encode()).hexdigest()
        contact = (
            {"email": f"{number}@example.com"}
            if number % 2
            else {"phone": f"+62812{mark[:8]}"}
            if number
            else {}
        )
        visitor = Visitor(f"Tamu {number}", mark, "0001", **contact)
        wanted = BookingRequest("KK", slot.starts_at, visitor, urgent=urgent)
        database.write(
            [(office.code, day)],
            partial(
                booking.book, office=office.code, wanted=wanted, draw=draw(), now=SUNDAY_EVENING
            ),
        )


def bookings(database: Database, office: Office, day: date) -> list[Ticket]:
    with database.read() as connection:
        return ticket_store.list_claiming(connection, office.code, day)


def decide(office: Office) -> ModeDecision:
    return ModeDecision(
        ModePeriod(
            f"m-{office.code}",
            ServiceMode.URGENT_ONLY,
            STARTS,
            SUNDAY_EVENING,
            "admin",
            ends_at=ENDS,
            review_on=date(2020, 3, 30),
            notice=NOTICE,
        )
    )


def all_offices(database: Database) -> list[Office]:
    return [database.find_office(each.code) for each in banten.offices((2020,))]


def test_the_province_goes_over_to_urgent_cases_overnight_and_back(province: Database) -> None:
    for office in all_offices(province):
        switch_and_return(province, office)


def switch_and_return(database: Database, office: Office) -> None:
    before = {
        ticket.id: ticket
        for ahead in range(14)
        for ticket in bookings(database, office, MONDAY + timedelta(days=ahead))
    }
    assert len(before) == 40
    hit = {
        each.id
        for each in before.values()
        if each.channel is Channel.REGULAR and each.slot is not None and each.slot < ENDS
    }
    kept = before.keys() - hit
    assert len(hit) == 18 and any(each.channel is Channel.URGENT for each in before.values())

    # The dry run lists exactly the non-urgent bookings of the coming week, and changes nothing.
    with database.read() as connection:
        shown = preview_change(connection, office, decide(office), SUNDAY_EVENING)
    assert {each.id for each in shown.stranded} == hit
    assert [each.date for each in shown.days] == [
        MONDAY,
        MONDAY + timedelta(days=1),
        MONDAY + timedelta(days=3),
    ]
    assert [each.slot for each in shown.stranded] == sorted(
        each.slot for each in shown.stranded if each.slot
    )
    assert database.find_office(office.code) == office

    # Applied, they are stranded, and every one of them is owed a message; the urgent ones and those
    # of the week after stay.
    today = (office.code, office.date_at(SUNDAY_EVENING))
    database.write(
        [today],
        lambda tx: apply_change(
            tx, office.code, decide(office), "admin", SUNDAY_EVENING, shown.revision
        ),
    )
    upkeep.plan_office(database, office.code, SUNDAY_EVENING)
    with database.read() as connection:
        after = {id: ticket_store.find(connection, id) for id in before}
        owed = message_store.list_newest(connection, office.code, hit)
    assert {id for id, each in after.items() if each.state is State.STRANDED} == hit
    assert all(after[id] == before[id] for id in kept)
    assert {each.kind for each in owed.values()} == {MessageKind.STRANDED} and owed.keys() == hit
    assert {(each.channel, each.state) for each in owed.values()} == {
        (MessageChannel.EMAIL, MessageState.QUEUED),
        (MessageChannel.PHONE, MessageState.BY_HAND),
        (MessageChannel.NONE, MessageState.DONE),
    }
    assert upkeep.plan_office(database, office.code, SUNDAY_EVENING) == 0
    admit_urgent_alone(database, office)

    # When the week is over, all of them are moved to the nearest free times, each to its own place.
    later = ENDS + timedelta(hours=3)
    upkeep.prepare_slots(database, later)
    office = database.find_office(office.code)
    with database.read() as connection:
        moves = stranded.propose_moves(connection, office, later)
    wanted = [(each.ticket, each.slot) for each in moves if each.slot is not None]
    assert {each.id for each, _slot in wanted} == hit
    assert all(slot >= later + stranded.NOTICE for _each, slot in wanted)
    steps = [stranded.plan_move(office, each, slot, "admin", later) for each, slot in wanted]
    for key, done in (("first", True), ("first", True), ("second", False)):
        outcomes = take_each(database, steps, "admin", key, "", later)
        assert outcomes == [done] * 18, "a second press does nothing"
    with database.read() as connection:
        moved = {id: ticket_store.find(connection, id) for id in hit}
        told = message_store.list_newest(connection, office.code, hit)
    assert {(each.state, each.reschedules) for each in moved.values()} == {(State.BOOKED, 0)}
    assert {each.kind for each in told.values()} == {MessageKind.MOVED}
    assert {id: each.slot for id, each in moved.items()} == {each.id: slot for each, slot in wanted}
    assert_counters_follow(database, office, later)


def admit_urgent_alone(database: Database, office: Office) -> None:
    """Of new bookings in that week only urgent ones are taken."""
    office = database.find_office(office.code)
    with database.read() as connection:
        regular = availability.list_availability(
            connection, office, "KK", MONDAY, 14, 1, SUNDAY_EVENING
        )
        urgent = availability.list_availability(
            connection, office, "KK", MONDAY, 14, 1, SUNDAY_EVENING, urgent=True
        )
    assert all(slot.starts_at >= ENDS for day in regular for slot in day.slots) and regular
    assert urgent[0].date == MONDAY
    slot = urgent[0].slots[-1].starts_at
    wanted = BookingRequest(
        "KK", slot, Visitor("Baru", sha256(office.code.encode()).hexdigest(), "0002")
    )
    with pytest.raises(NotInService):
        database.write(
            [(office.code, MONDAY)],
            partial(
                booking.book, office=office.code, wanted=wanted, draw=draw(), now=SUNDAY_EVENING
            ),
        )


def assert_counters_follow(database: Database, office: Office, now: datetime) -> None:
    """Every taken count equals the tickets that claim it."""
    for ahead in range(15):
        day = office.date_at(now) + timedelta(days=ahead)
        with database.read() as connection:
            plan = slot_store.load(connection, office.code, day)
            claims = [
                each.claim for each in ticket_store.list_claiming(connection, office.code, day)
            ]
        taken = {
            slot_id(slot.starts_at): slot.people.taken_total
            for slot in plan.slots
            if slot.people.taken_total
        }
        counted: dict[str, int] = {}
        for claim in claims:
            assert claim is not None
            counted[slot_id(claim.starts_at)] = (
                counted.get(slot_id(claim.starts_at), 0) + claim.people
            )
        assert taken == counted


def test_ending_it_early_strands_nobody_and_opens_the_days_again(province: Database) -> None:
    office = all_offices(province)[-1]
    today = (office.code, office.date_at(SUNDAY_EVENING))
    province.write(
        [today], lambda tx: apply_change(tx, office.code, decide(office), "admin", SUNDAY_EVENING)
    )
    upkeep.plan_office(province, office.code, SUNDAY_EVENING)
    tuesday = STARTS + timedelta(days=1, hours=1)
    office = province.find_office(office.code)
    with province.read() as connection:
        shown = preview_change(connection, office, ModeEnd(f"m-{office.code}", tuesday), tuesday)
    assert shown.stranded == ()
    assert (
        shown.office.mode_at(tuesday) is ServiceMode.NORMAL
        and office.mode_at(tuesday) is ServiceMode.URGENT_ONLY
    )
    end = partial(
        apply_change,
        office=office.code,
        change=ModeEnd(f"m-{office.code}", tuesday),
        by="admin",
        now=tuesday,
    )
    province.write([(office.code, office.date_at(tuesday))], end)
    assert province.find_office(office.code).mode_at(tuesday) is ServiceMode.NORMAL
    with province.read() as connection:
        free = availability.list_availability(
            connection, province.find_office(office.code), "KK", MONDAY, 14, 1, tuesday
        )
    assert free[0].date == MONDAY + timedelta(days=1)
