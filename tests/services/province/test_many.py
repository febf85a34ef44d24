"""23 March 2020, from one desk: all eight offices of Banten serve urgent cases only, by one change,
one dry run and one confirmation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256

import pytest

from queue_server.demo import banten
from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.events import EventType
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.changes import Change, LimitChange, ModeDecision
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.transitions import State
from queue_server.services.booking import availability, booking
from queue_server.services.idempotency import Answer, do_once
from queue_server.services.office import offices
from queue_server.services.places.replanning import replan_day
from queue_server.services.places.ticket_ids import draw
from queue_server.services.province.many import (
    OfficeTrial,
    Outcome,
    Refused,
    Told,
    change_many,
    days_of,
    keep_outcomes,
    recall_outcomes,
    try_change,
)
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

SUNDAY_EVENING = datetime(2020, 3, 22, 13, 0, tzinfo=UTC)
"""20.00 WIB, when the order came."""

MONDAY = date(2020, 3, 23)
STARTS = datetime(2020, 3, 22, 17, 0, tzinfo=UTC)
BY = "provinsi"
WAYS = ({"email": "a@example.com"}, {"phone": "+6281200000001"}, {})
"""How each of three visitors of every office can be told."""


@pytest.fixture
def province(database: Database) -> Database:
    """The eight offices on the evening before."""
    return open_province(database)


def open_province(database: Database) -> Database:
    """The eight offices, each with three ordinary bookings and an urgent one for Monday."""
    for office in banten.offices((2020,)):
        database.write([], partial(offices.add_office, office=office))
        plan_monday(database, office)
        for number in range(4):
            book(database, office, number)
    return database


def plan_monday(database: Database, office: Office) -> None:
    """What upkeep does for every day to come."""
    database.write(
        [(office.code, MONDAY)],
        partial(replan_day, office=office.code, day=MONDAY, now=SUNDAY_EVENING),
    )


def book(database: Database, office: Office, number: int) -> None:
    urgent = number == 3
    with database.read() as connection:
        (day,) = availability.list_availability(
            connection, office, "KK", MONDAY, 1, 1, SUNDAY_EVENING, urgent=urgent
        )
    slot = next(each for each in day.slots[number:] if each.free)
    mark = sha256(f"{office.code} {number}".encode()).hexdigest()
    visitor = Visitor(f"Tamu {number}", mark, "0001", **WAYS[number % 3])
    wanted = BookingRequest("KK", slot.starts_at, visitor, urgent=urgent)
    database.write(
        [(office.code, MONDAY)],
        partial(booking.book, office=office.code, wanted=wanted, draw=draw(), now=SUNDAY_EVENING),
    )


def all_offices(database: Database) -> list[Office]:
    return [database.find_office(each.code) for each in banten.offices((2020,))]


def decide(office: Office) -> ModeDecision:
    return ModeDecision(
        ModePeriod(
            f"m-{office.code}",
            ServiceMode.URGENT_ONLY,
            STARTS,
            SUNDAY_EVENING,
            "",
            ends_at=STARTS + timedelta(days=7),
            review_on=date(2020, 3, 30),
            notice={"id": "Hanya layanan mendesak.", "en": "Urgent services only."},
        )
    )


def try_out(database: Database, changes: Mapping[str, Change]) -> list[OfficeTrial]:
    with database.read() as connection:
        return [
            try_change(connection, database.offices.get(connection, code), change, SUNDAY_EVENING)
            for code, change in changes.items()
        ]


def confirm(
    database: Database,
    trials: Sequence[OfficeTrial],
    changes: Mapping[str, Change],
    key: str,
    by: str = BY,
) -> list[Outcome]:
    """Take the change in every office as the dry run was seen, under a form's key."""
    revisions = {each.office.code: each.office.revision for each in trials}
    asked = [each.office for each in trials]
    wanted = {each.code: changes[each.code] for each in asked}

    def command(tx: Transaction) -> Answer:
        return keep_outcomes(change_many(tx, wanted, revisions, by, SUNDAY_EVENING))

    kept = database.write(
        days_of(asked, SUNDAY_EVENING),
        lambda tx: do_once(tx, f"many:{by}", key, "the form", command, SUNDAY_EVENING),
    )
    outcomes = recall_outcomes(kept)
    return [outcomes[each.code] for each in asked]


def decisions_of(database: Database, code: str) -> int:
    with database.read() as connection:
        day = SUNDAY_EVENING.date()
        return len(event_store.list_of_types(connection, code, day, (EventType.MODE_CHANGED,)))


def test_eight_offices_in_one_change_one_dry_run_one_confirmation(province: Database) -> None:
    before = all_offices(province)
    changes: dict[str, Change] = {each.code: decide(each) for each in before}

    trials = try_out(province, changes)
    assert [each.office.code for each in trials] == [each.code for each in before]
    assert {each.stranded for each in trials} == {3} and len(trials) == 8
    assert {each.told for each in trials} == {Told(by_mail=1, by_phone=1, nobody_can=1)}
    assert not any(each.is_same or each.refused for each in trials)
    assert all_offices(province) == before, "a dry run changes nothing"

    assert confirm(province, trials, changes, "form") == [True] * 8
    for each in before:
        plan_monday(province, each)
    after = all_offices(province)
    assert {each.mode_at(STARTS) for each in after} == {ServiceMode.URGENT_ONLY}
    assert [each.mode_period(STARTS).decided_by for each in after if each.mode_period(STARTS)] == [
        BY
    ] * 8
    for each in trials:
        assert each.preview is not None
        ids = [ticket.id for ticket in each.preview.stranded]
        with province.read() as connection:
            states = {ticket_store.find(connection, id).state for id in ids}
            owed = message_store.list_newest(connection, each.office.code, ids)
        assert states == {State.STRANDED}
        assert owed.keys() == set(ids)
        assert {message.kind for message in owed.values()} == {MessageKind.STRANDED}

    # Sent again, by a second press or after a lost answer: the same outcomes, and nothing twice.
    assert confirm(province, trials, changes, "form") == [True] * 8
    assert all_offices(province) == after
    assert [decisions_of(province, each.code) for each in after] == [1] * 8


def test_an_office_that_refuses_keeps_none_of_the_others_from_it(province: Database) -> None:
    before = all_offices(province)
    changes: dict[str, Change] = {each.code: decide(each) for each in before}
    trials = try_out(province, changes)
    meddled = before[2].code
    province.write(
        [(meddled, before[2].date_at(SUNDAY_EVENING))],
        lambda tx: offices.set_people_limit(tx, meddled, 5, "manager", SUNDAY_EVENING),
    )
    outcomes = confirm(province, trials, changes, "form")
    assert outcomes.index(Refused("changed", {"office": meddled})) == 2
    assert outcomes.count(True) == 7
    assert province.find_office(meddled).mode_at(STARTS) is ServiceMode.NORMAL

    # Only the one that is left is looked at anew and confirmed.
    left: dict[str, Change] = {meddled: changes[meddled]}
    assert confirm(province, try_out(province, left), left, "second form") == [True]
    assert {each.mode_at(STARTS) for each in all_offices(province)} == {ServiceMode.URGENT_ONLY}


def test_what_cannot_be_is_said_in_the_dry_run_and_changes_nothing(province: Database) -> None:
    before = all_offices(province)[:2]
    changes: dict[str, Change] = {
        before[0].code: LimitChange(0, 0.5, 0.1, 30),
        before[1].code: LimitChange(
            before[1].people_limit,
            before[1].rules.booking.online_share,
            before[1].rules.booking.urgent_share,
            before[1].rules.booking.release_minutes,
        ),
    }
    refused, same = try_out(province, changes)
    assert refused.refused is not None and refused.refused.code == "bad_input"
    assert same.is_same and same.refused is None
    outcomes = confirm(province, [refused, same], changes, "form")
    assert isinstance(outcomes[0], Refused) and outcomes[1] is False
    assert all_offices(province)[:2] == before
