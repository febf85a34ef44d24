"""What kiosks gave without the server is taken in: once, in any order, and nothing is dropped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.door.leases import Fate, Lease
from queue_server.domain.door.offline import ConflictReason
from queue_server.domain.errors import Superseded
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Origin, Place, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services import upkeep
from queue_server.services.booking import booking, cancelling
from queue_server.services.counter import calling, staffing
from queue_server.services.door import arrival, leasing, syncing
from queue_server.services.door.withdrawing import withdraw
from queue_server.services.idempotency import do_once
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.door import leases as lease_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from tests.services import ledger, stage
from tests.services.door.kiosk_stage import Kiosk, conflicts, open_kiosks, report
from tests.services.rush import rush

OPEN, NINE, BACK = stage.at(8 * 60), 9 * 60, stage.at(10 * 60)


class Stage:
    """A kiosk with its lease, and what else happens in its office."""

    def __init__(self, database: Database, **settings: Any) -> None:
        self.database = database
        self.office = stage.open_office(
            database, stage.small_office(stage.new_code(), **settings)
        ).code
        self.kiosk, self.other = open_kiosks(database, self.office)
        self.lease = self.kiosk.grant(OPEN)
        self.left = self.kiosk.numbers(self.lease)
        self.key = [(self.office, stage.TODAY)]

    def write(self, command: Any) -> Any:
        return self.database.write(self.key, command)

    def ticket(self, id: str) -> Ticket:
        with self.database.read() as connection:
            return ticket_store.find(connection, id)

    def book(self, minute: int = 600) -> Ticket:
        drawn = draw()
        wanted = BookingRequest(
            "REK", stage.at(minute), Visitor("Siti", drawn.id * 2, "1111", "+628121")
        )
        booked: Ticket = self.write(lambda tx: booking.book(tx, self.office, wanted, drawn, OPEN))
        return booked

    def online(self, key: str, minute: float = NINE) -> str:
        """A number of the ordinary way, whose answer the kiosk may never have seen."""
        drawn = draw()

        def command(tx: Any) -> dict[str, Any]:
            wanted = arrival.WalkIn("REK", device=self.kiosk.device)
            given = arrival.issue_walk_in(tx, self.office, wanted, drawn, stage.at(minute))
            return {"status": 201, "text": json.dumps({"id": given.ticket.id})}

        self.write(
            lambda tx: do_once(tx, self.kiosk.sender.scope, key, "r", command, stage.at(minute))
        )
        return drawn.id

    def call(self) -> Ticket:
        counter = f"{self.office}-1"
        self.write(lambda tx: staffing.open_counter(tx, self.office, counter, "siti", BACK))
        called: Ticket = self.write(
            lambda tx: calling.call_next(tx, self.office, counter, "siti", BACK)
        )
        return called

    def reasons(self) -> list[str]:
        return sorted(each.reason.value for each in conflicts(self.database, self.office))

    def adds_up(self) -> None:
        ledger.read(self.database, self.office).all_is_right()

    def fate(self, lease: Lease | None = None) -> Fate:
        with self.database.read() as connection:
            return lease_store.count_fates(
                connection, self.office, stage.TODAY, None if lease is None else lease.id
            )


@pytest.fixture
def here(shared_database: Database) -> Stage:
    return Stage(shared_database)


def test_a_walk_in_stands_where_it_would_have_stood(here: Stage) -> None:
    """The leased number, its code, and the turn time of the moment at which it was given."""
    number = here.left[0]
    later = here.online("k1", NINE + 30)
    assert here.kiosk.sync_one(BACK, report(number, NINE)) == ("created", None, "A501")
    ticket = here.ticket(number.id)
    assert (ticket.number, ticket.code, ticket.origin) == (
        "A501",
        number.code,
        Origin.OFFLINE_KIOSK,
    )
    assert (ticket.state, ticket.arrived_at) == (State.WAITING, stage.at(NINE))
    assert ticket.turn_time < here.ticket(later).turn_time  # type: ignore[operator]
    assert here.call().id == number.id
    assert here.reasons() == []
    here.adds_up()


def test_reported_again_nothing_happens(here: Stage) -> None:
    item = report(here.left[0], NINE)
    here.kiosk.sync(BACK, item)
    log = stage.event_log(here.database, here.office, stage.TODAY)
    assert here.kiosk.sync_one(BACK, item) == ("duplicate", None, "A501")
    assert stage.event_log(here.database, here.office, stage.TODAY) == log
    first = here.kiosk.sync(BACK, report(here.left[1], NINE), key="k")
    assert here.kiosk.sync(BACK, report(here.left[1], NINE), key="k") == first
    here.adds_up()


def test_with_a_limit_they_start_outside_and_are_let_in_as_others_are(
    shared_database: Database,
) -> None:
    here = Stage(shared_database, limit=3)
    here.kiosk.sync(BACK, *(report(each, NINE + n) for n, each in enumerate(here.left[:5])))
    given = [here.ticket(each.id) for each in here.left[:5]]
    assert [each.place for each in given] == [Place.INSIDE] * 3 + [Place.OUTSIDE] * 2
    types = [type for _, type, _ in stage.event_log(here.database, here.office, stage.TODAY)]
    assert types.count("admitted") == 3
    here.adds_up()


@pytest.mark.parametrize(("minute", "expected"), [(60, 8 * 60), (23 * 60, 10 * 60)])
def test_a_wrong_clock_moves_nobody_before_the_grant_or_into_the_future(
    here: Stage, minute: float, expected: float
) -> None:
    here.kiosk.sync(BACK, report(here.left[0], minute, clock_sure=False))
    assert here.ticket(here.left[0].id).arrived_at == stage.at(expected)


def test_a_booking_gets_the_number_on_its_paper(here: Stage) -> None:
    booked = here.book()
    item = report(here.left[0], NINE, None, code=booked.code)
    assert here.kiosk.sync_one(BACK, item) == ("created", None, "A501")
    after = here.ticket(booked.id)
    assert (after.state, after.number) == (State.WAITING, "A501")
    here.adds_up()


def test_a_visitor_who_was_there_has_not_missed_the_booking(here: Stage) -> None:
    """The kiosk was cut off until after the doors had closed."""
    booked = here.book()
    late = stage.at(15 * 60 + 10)
    upkeep.miss_slots(here.database, late)
    assert here.ticket(booked.id).state is State.NO_SHOW
    item = report(here.left[0], 9 * 60 + 50, None, code=booked.code)
    assert here.kiosk.sync_one(late, item) == ("created", None, "A501")
    after = here.ticket(booked.id)
    assert (after.state, after.number) == (State.WAITING, "A501")
    assert not list(stage.rows_of(here.database, tables.no_shows, here.office))
    here.adds_up()


def test_checked_in_elsewhere_first_the_number_on_paper_finds_the_visit(here: Stage) -> None:
    booked = here.book()
    here.write(lambda tx: arrival.check_in(tx, booked.id, stage.at(NINE + 45)))
    item = report(here.left[0], NINE, None, code=booked.code)
    assert here.kiosk.sync_one(BACK, item) == ("conflict", "already_checked_in", "A001")
    assert here.kiosk.sync_one(BACK, item) == ("duplicate", "already_checked_in", "A001")
    with here.database.read() as connection:
        visit = ticket_store.find_by_number(connection, here.office, stage.TODAY, "A501")
    assert visit.id == booked.id
    [conflict] = conflicts(here.database, here.office)
    assert booked.code not in str(conflict)
    here.adds_up()


@pytest.mark.parametrize("answered", [True, False])
def test_an_online_number_nobody_saw_is_replaced(here: Stage, answered: bool) -> None:
    ghost = here.online("lost") if answered else None
    item = report(here.left[0], NINE, superseded_key="lost")
    assert here.kiosk.sync_one(BACK, item)[0] == "created"
    if ghost is not None:
        assert here.ticket(ghost).state is State.CANCELLED
    with pytest.raises(Superseded):
        here.online("lost")
    second = report(here.left[1], NINE, superseded_key="lost")
    assert here.kiosk.sync_one(BACK, second)[:2] == ("conflict", "key_used")
    here.adds_up()


def test_an_online_number_that_was_called_stays(here: Stage) -> None:
    ghost = here.online("lost")
    assert here.call().id == ghost
    item = report(here.left[0], NINE, superseded_key="lost")
    assert here.kiosk.sync_one(BACK, item) == ("conflict", "already_called", "A001")
    here.adds_up()


def test_a_number_whose_visitor_left_is_taken_back_and_cannot_come_late(here: Stage) -> None:
    ghost = here.online("lost")
    scope = here.kiosk.sender.scope

    def take_back(key: str, scope: str = scope) -> bool:
        done: bool = here.write(lambda tx: withdraw(tx, here.office, scope, key, BACK))
        return done

    assert not take_back("lost", here.other.sender.scope)  # another kiosk's keys are its own
    assert here.ticket(ghost).state is State.WAITING
    assert [take_back("lost"), take_back("lost")] == [True, False]
    assert here.ticket(ghost).state is State.CANCELLED
    assert not take_back("on its way")
    for key in ("lost", "on its way"):
        with pytest.raises(Superseded):
            here.online(key)
    here.adds_up()


def test_who_was_called_or_got_another_number_is_not_taken_back(here: Stage) -> None:
    here.online("called")
    called = here.call()
    item = report(here.left[0], NINE, superseded_key="replaced")
    assert here.kiosk.sync_one(BACK, item) == ("created", None, "A501")
    scope = here.kiosk.sender.scope
    for key in ("called", "replaced"):
        assert not here.write(lambda tx, key=key: withdraw(tx, here.office, scope, key, BACK))
    assert here.ticket(called.id).state is State.CALLED
    assert here.ticket(here.left[0].id).state is State.WAITING
    here.adds_up()


def test_a_check_in_whose_answer_was_lost_takes_the_number_on_paper(here: Stage) -> None:
    booked = here.book()

    def command(tx: Any) -> dict[str, Any]:
        arrival.check_in(tx, booked.id, stage.at(NINE + 45))
        return {"status": 200, "text": json.dumps({"id": booked.id})}

    here.write(lambda tx: do_once(tx, here.kiosk.sender.scope, "lost", "r", command, BACK))
    item = report(here.left[0], NINE, None, code=booked.code, superseded_key="lost")
    assert here.kiosk.sync_one(BACK, item) == ("created", None, "A501")
    assert here.ticket(booked.id).number == "A501"
    assert here.reasons() == []
    here.adds_up()


def test_what_changed_meanwhile_is_told_and_the_number_is_good(here: Stage) -> None:
    outside = report(here.left[0], 15 * 60 + 30)
    assert here.kiosk.sync_one(stage.at(16 * 60), outside) == ("created", "outside_hours", "A501")
    big = report(here.left[1], NINE, party_size=40)
    assert here.kiosk.sync_one(stage.at(16 * 60), big)[:2] == ("created", "party_too_large")
    assert here.reasons() == ["outside_hours", "party_too_large"]
    here.adds_up()


def test_places_of_the_lease_are_used_and_what_goes_beyond_is_told(
    shared_database: Database,
) -> None:
    here = Stage(shared_database, limit=1, door={"walk_ins_beyond_places": False})
    places = here.kiosk.places(here.lease)
    assert 0 < places < 20
    reports = [report(each, NINE + n / 10) for n, each in enumerate(here.left)]
    done = here.kiosk.sync(BACK, *reports)
    assert {each.result for each in done} == {"created"}
    beyond = [each.reason for each in done].count(ConflictReason.BEYOND_PLACES)
    assert 0 < beyond <= 20 - places
    here.adds_up()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "0" * 12, "service": None}, "unknown_code"),
        ({"code": "not a code!!", "service": None}, "unknown_code"),
        ({"service": "GONE"}, "unknown_service"),
    ],
)
def test_what_nobody_knows_is_told(here: Stage, change: dict[str, Any], reason: str) -> None:
    item = report(here.left[0], NINE, **{"service": "REK", **change})
    assert here.kiosk.sync_one(BACK, item)[:2] == ("conflict", reason)
    assert here.reasons() == [reason]
    assert here.fate().synced == 1
    here.adds_up()


def test_a_cancelled_booking_is_told(here: Stage) -> None:
    booked = here.book()
    here.write(lambda tx: cancelling.cancel(tx, booked.id, "visitor", 0.0, BACK))
    item = report(here.left[0], NINE, None, code=booked.code)
    assert here.kiosk.sync_one(BACK, item)[:2] == ("conflict", "booking_over")
    here.adds_up()


def test_numbers_of_others_teach_nothing_and_are_not_recorded(here: Stage) -> None:
    mine = here.left[0]
    for sender, item in (
        (here.other, report(mine, NINE)),
        (here.kiosk, report(mine, NINE).__class__("x", here.lease.id, "A501", OPEN, "REK")),
        (here.kiosk, report(mine, NINE).__class__(mine.id, "x", "A501", OPEN, "REK")),
        (here.kiosk, report(mine, NINE).__class__(mine.id, here.lease.id, "A777", OPEN, "REK")),
    ):
        assert sender.sync_one(BACK, item) == ("conflict", "unknown_number", None)
    assert here.reasons() == []
    assert here.fate() == Fate(0, 0, 0, 40)


def test_after_the_day_and_after_a_loss_items_are_told_and_give_no_number(here: Stage) -> None:
    midnight = stage.at(24 * 60 + 5)
    assert here.kiosk.sync_one(midnight, report(here.left[0], NINE))[:2] == (
        "conflict",
        "wrong_day",
    )
    leasing.close_leases(here.database, midnight)
    assert here.kiosk.sync_one(midnight, report(here.left[1], NINE))[1] == "wrong_day"
    assert here.kiosk.sync_one(midnight, report(here.left[1], NINE))[0] == "duplicate"
    assert here.fate(here.lease) == Fate(1, 39, 0, 0)
    here.adds_up()
    lost = Stage(here.database)
    lost.write(
        lambda tx: leasing.replace_installation(tx, lost.office, lost.kiosk.device, "budi", BACK)
    )
    assert lost.kiosk.sync_one(BACK, report(lost.left[0], NINE))[:2] == ("conflict", "lease_lost")
    assert lost.fate() == Fate(0, 0, 40, 0)
    lost.adds_up()


def test_one_of_the_staff_deals_with_a_conflict(here: Stage) -> None:
    here.kiosk.sync(BACK, report(here.left[0], NINE, "GONE"))
    [conflict] = conflicts(here.database, here.office)
    for by in ("budi", "rini"):
        seen = here.write(
            lambda tx, by=by: syncing.note_seen(tx, here.office, conflict.id, by, BACK)
        )
        assert seen.seen_by == "budi"
    types = [type for _, type, _ in stage.event_log(here.database, here.office, stage.TODAY)]
    assert (types.count("conflict_recorded"), types.count("conflict_seen")) == (1, 1)


def test_the_same_report_sixteen_times_at_once(databases: list[Database]) -> None:
    here = Stage(databases[0])
    item = report(here.left[0], NINE)

    def send(place: int) -> str:
        sender = Kiosk(databases[place % len(databases)], here.office, here.kiosk.device, "x" * 16)
        return sender.sync_one(BACK, item)[0]

    assert sorted(rush(16, send)) == ["created"] + ["duplicate"] * 15
    here.adds_up()
