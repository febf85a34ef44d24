"""Fifty at once about an office, on both databases: what several decide at one moment is decided
once, and told by one event.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.door.sensors import Reading
from queue_server.domain.office.changes import (
    Change,
    HoursChange,
    LimitChange,
    ModeDecision,
    ModeEnd,
    RulesChange,
)
from queue_server.domain.office.hours import DayHours
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.room.capacity import Room
from queue_server.domain.supervisor.alerts import AlertKind, Crossing
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.office_day import Pause
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking, stranded
from queue_server.services.door import admission, sensors
from queue_server.services.messages.queueing import mark_told
from queue_server.services.office import changes, rooms
from queue_server.services.places.replanning import replan_day
from queue_server.services.places.ticket_ids import draw
from queue_server.services.supervisor import alerts, supervision
from queue_server.store import tables
from queue_server.store.messages import by_hand
from queue_server.store.supervisor import announcements as announcement_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import ledger, stage
from tests.services.rush import CLIENTS, rush_commands

CODE, BOSS = "o1", "manager"
KEY = (CODE, stage.TODAY)
DAYS = [(CODE, day) for day in stage.DAYS]
NOW, TOMORROW = stage.at(9 * 60), stage.at(10 * 60 + 1440)


@pytest.fixture
def office(databases: list[Database]) -> list[Database]:
    """The databases of an office without a limit, that of a room but for its places."""
    stage.open_office(databases[0], stage.small_office(CODE, limit=None))
    return databases


def events(database: Database) -> Tally[str]:
    """The events of today by type; everything stored adds up."""
    found = ledger.read(database, CODE)
    found.all_is_right()
    return Tally(event.type for event in found.events if event.date == stage.TODAY)


def period(id: str = "m") -> ModePeriod:
    return ModePeriod(id, ServiceMode.CLOSED, TOMORROW, NOW, BOSS)


CHANGES: dict[str, Callable[[int], Change]] = {
    "hours": lambda place: HoursChange(
        days={stage.DAYS[1]: DayHours((), {"id": f"Rapat {place}"})}
    ),
    "limit": lambda place: LimitChange(place + 1, 0.5, 0.1, 30),
    "rules": lambda place: RulesChange({"calling.grace_minutes": place + 11}),
    "mode": lambda place: ModeDecision(period(f"m{place}")),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_of_fifty_changes_to_what_all_have_looked_at_one_is_made(
    office: list[Database], kind: str
) -> None:
    change, seen = CHANGES[kind], office[0].find_office(CODE).revision
    got = rush_commands(
        office,
        [KEY],
        lambda tx, place: changes.apply_change(tx, CODE, change(place), BOSS, NOW, seen).revision,
    )
    assert got.count("changed") == CLIENTS - 1
    with office[0].read() as connection:
        assert office[0].offices.get(connection, CODE).revision == max(
            each for each in got if isinstance(each, int)
        )


def test_changes_that_nobody_looked_at_before_are_all_made(office: list[Database]) -> None:
    """Without a dry run each is made on top of the one before: no revision is given twice."""
    got = rush_commands(
        office,
        [KEY],
        lambda tx, place: (
            changes.apply_change(tx, CODE, CHANGES["mode"](place), BOSS, NOW).revision
        ),
    )
    assert sorted(got) == list(range(2, CLIENTS + 2))
    assert (
        len(list(stage.rows_of(office[0], tables.mode_periods, CODE)))
        == events(office[0])["mode_changed"]
        == CLIENTS
    )


def test_a_decision_is_ended_once(office: list[Database]) -> None:
    office[0].write(
        [KEY], lambda tx: changes.apply_change(tx, CODE, ModeDecision(period()), BOSS, NOW)
    )
    got = rush_commands(
        office,
        [KEY],
        lambda tx, _: changes.apply_change(tx, CODE, ModeEnd("m", NOW), BOSS, NOW).code,
    )
    assert Tally(got) == {CODE: 1, "bad_input": CLIENTS - 1}, (
        "the others find no such decision any more"
    )
    assert events(office[0])["mode_changed"] == 2


def test_a_changed_day_is_planned_once(office: list[Database]) -> None:
    before = events(office[0])["slots_planned"]
    office[0].write(
        [KEY], lambda tx: changes.apply_change(tx, CODE, LimitChange(3, 0.5, 0.1, 30), BOSS, NOW)
    )
    rush_commands(office, [KEY], lambda tx, _: replan_day(tx, CODE, stage.TODAY, NOW))
    assert events(office[0])["slots_planned"] == before + 1


def test_the_same_room_is_described_once(office: list[Database]) -> None:
    rush_commands(
        office, [KEY], lambda tx, _: rooms.describe_room(tx, CODE, Room((), 20), BOSS, NOW)
    )
    assert events(office[0])["room_described"] == 1
    assert len(list(stage.rows_of(office[0], tables.zones, CODE))) == 1


def lose_time(databases: list[Database]) -> Ticket:
    """A booking for tomorrow, whose morning is then closed."""
    visitor = Visitor("Siti", "7" * 64, "7777", "+628127")
    wanted, drawn = BookingRequest("REK", TOMORROW, visitor), draw()
    ticket = databases[0].write(DAYS, lambda tx: booking.book(tx, CODE, wanted, drawn, NOW))
    closed = HoursChange(days={stage.DAYS[1]: DayHours(())})
    databases[0].write([KEY], lambda tx: changes.apply_change(tx, CODE, closed, BOSS, NOW))
    databases[0].write([DAYS[1]], lambda tx: replan_day(tx, CODE, stage.DAYS[1], NOW))
    return ticket


def told(databases: list[Database]) -> Tally[str]:
    return Tally(row.kind for row in stage.rows_of(databases[0], tables.messages, CODE))


def test_a_stranded_booking_is_moved_once_and_told_once(office: list[Database]) -> None:
    ticket, slot = lose_time(office), stage.at(13 * 60)
    got = rush_commands(
        office, DAYS, lambda tx, _: stranded.move(tx, CODE, ticket.id, slot, BOSS, 0.5, NOW)
    )
    assert Tally(got) == {True: 1, False: CLIENTS - 1}
    assert told(office) == {"stranded": 1, "moved": 1}
    ledger.read(office[0], CODE).all_is_right()


def test_a_stranded_booking_is_moved_or_cancelled(office: list[Database]) -> None:
    ticket, slot = lose_time(office), stage.at(13 * 60)

    def press(tx: Transaction, place: int) -> bool:
        if place % 2:
            return stranded.move(tx, CODE, ticket.id, slot, BOSS, 0.5, NOW)
        return stranded.cancel(tx, CODE, ticket.id, BOSS, 0.5, NOW)

    assert sum(rush_commands(office, DAYS, press)) == 1
    assert told(office) in ({"stranded": 1, "moved": 1}, {"stranded": 1, "cancelled": 1})
    ledger.read(office[0], CODE).all_is_right()


def test_a_visitor_is_told_by_one_of_the_staff(office: list[Database]) -> None:
    lose_time(office)
    with office[0].read() as connection:
        [message] = by_hand.list_calls(connection, CODE, 9)
    got = rush_commands(office, [], lambda tx, _: mark_told(tx, CODE, message.id, NOW))
    assert Tally(got) == {None: 1, "changed": CLIENTS - 1}


def test_everything_is_stopped_and_resumed_once(office: list[Database]) -> None:
    rush_commands(
        office, [KEY], lambda tx, _: supervision.pause(tx, CODE, Pause.PAUSE, "gempa", BOSS, NOW)
    )
    rush_commands(office, [KEY], lambda tx, _: supervision.resume(tx, CODE, "aman", BOSS, NOW))
    assert events(office[0])["service_paused"] == events(office[0])["service_resumed"] == 1


def test_a_counter_is_lent_once(office: list[Database]) -> None:
    rush_commands(
        office,
        [KEY],
        lambda tx, _: supervision.set_streams(tx, CODE, f"{CODE}-1", ["C"], "ramai", BOSS, NOW),
    )
    assert events(office[0])["counter_streams_changed"] == 1


def test_no_more_is_announced_than_anybody_reads_and_each_ends_once(office: list[Database]) -> None:
    text, until = {"id": "Halo", "en": "Hello"}, NOW + timedelta(hours=1)
    got = rush_commands(
        office,
        [KEY],
        lambda tx, place: (
            supervision.announce(tx, CODE, text, None, until, f"a{place}", BOSS, NOW).id
        ),
    )
    assert got.count("limit_reached") == CLIENTS - supervision.ANNOUNCEMENTS_MAX
    with office[0].read() as connection:
        shown = [each.id for each in announcement_store.list_live(connection, CODE, NOW)]
    assert sorted(shown) == sorted(each for each in got if each != "limit_reached")
    rush_commands(
        office,
        [KEY],
        lambda tx, place: supervision.end_announcement(
            tx, CODE, shown[place % len(shown)], BOSS, NOW
        ),
    )
    assert events(office[0])["announcement_ended"] == supervision.ANNOUNCEMENTS_MAX


def test_an_alert_is_raised_seen_and_ended_once(office: list[Database]) -> None:
    crossing = Crossing(AlertKind.FEW_COUNTERS, "", {"open": 0})

    def settle(found: list[Crossing]) -> list[int]:
        return rush_commands(
            office,
            [KEY],
            lambda tx, _: alerts.settle_alerts(tx, CODE, stage.TODAY, found, AlertKind, NOW),
        )

    assert sum(settle([crossing])) == 1
    [alert] = stage.rows_of(office[0], tables.alerts, CODE)
    by = rush_commands(
        office,
        [KEY],
        lambda tx, place: (
            alerts.acknowledge(tx, CODE, str(alert.id), f"boss-{place}", NOW).acknowledged_by
        ),
    )
    assert len(set(by)) == 1, "the first one counts"
    assert sum(settle([])) == 1
    found = events(office[0])
    assert found["alert_raised"] == found["alert_acknowledged"] == found["alert_ended"] == 1


def inside(databases: list[Database]) -> Any:
    return next(
        row
        for row in stage.rows_of(databases[0], tables.office_days, CODE)
        if row.date == stage.TODAY
    )


def test_a_guard_counts_nobody_below_zero(office: list[Database]) -> None:
    """Seven are inside by the guard's count; fifty times one is taken away."""
    office[0].write([KEY], lambda tx: admission.correct_occupancy(tx, CODE, 7, "", "guard", NOW))
    got = rush_commands(
        office,
        [KEY],
        lambda tx, _: admission.correct_occupancy(tx, CODE, -1, "", "guard", NOW).correction,
    )
    assert sorted(each for each in got if isinstance(each, int)) == list(range(7))
    assert got.count("bad_input") == CLIENTS - 7
    assert inside(office).correction == 0


def test_corrections_up_and_down_all_count(office: list[Database]) -> None:
    office[0].write(
        [KEY], lambda tx: admission.correct_occupancy(tx, CODE, CLIENTS, "", "guard", NOW)
    )
    rush_commands(
        office,
        [KEY],
        lambda tx, place: admission.correct_occupancy(
            tx, CODE, 3 if place % 2 else -2, "", "guard", NOW
        ),
    )
    assert inside(office).correction == CLIENTS + CLIENTS // 2
    assert events(office[0])["occupancy_corrected"] == CLIENTS + 1


def test_a_sensor_that_repeats_is_counted_once_and_never_goes_back(office: list[Database]) -> None:
    """The first reading of a day makes the row; of readings that overtake each other the highest
    stands, the others are refused.
    """
    first = rush_commands(
        office,
        [KEY],
        lambda tx, _: sensors.take_reading(tx, CODE, "s1", Reading(5, 2, NOW), NOW)[1],
    )
    assert sum(first) == 1
    got = rush_commands(
        office,
        [KEY],
        lambda tx, place: (
            sensors.take_reading(tx, CODE, "s1", Reading(5 + place, 2, NOW), NOW)[0].sensed
        ),
    )
    assert set(got) <= {"bad_reading", *range(3, 3 + CLIENTS)}
    [row] = stage.rows_of(office[0], tables.door_counts, CODE)
    assert (row.total_in, inside(office).sensed) == (5 + CLIENTS - 1, 3 + CLIENTS - 1)
