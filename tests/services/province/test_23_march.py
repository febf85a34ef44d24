"""23 March 2020 as it was: mode, notice, hours and limit of all eight offices of Banten by one
change, seen once and confirmed once. Killed half-way it has done nothing, and two officials at once
do not mix.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path

import pytest

from queue_server.domain.events import EventType
from queue_server.domain.office.changes import Change, HoursChange, LimitChange, Together
from queue_server.domain.office.hours import DayHours
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Office
from queue_server.services.office.offices import set_people_limit
from queue_server.services.province import many
from queue_server.services.province.many import Outcome, Refused
from queue_server.store.office import history as history_store
from queue_server.store.visit import events as event_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .test_many import (
    MONDAY,
    STARTS,
    SUNDAY_EVENING,
    all_offices,
    confirm,
    decide,
    open_province,
    plan_monday,
    try_out,
)

KILLED = -signal.SIGKILL


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    opened = Database(migrated_url)
    yield opened
    opened.close()


@pytest.fixture
def province(database: Database) -> Database:
    return open_province(database)


def order(office: Office) -> Change:
    """What the governor ordered: urgent cases only, with the notice; open until noon; half as many
    people inside.
    """
    rules = office.rules.booking
    assert office.people_limit is not None
    return Together(
        (
            decide(office),
            HoursChange(days={MONDAY: DayHours(((time(8), time(12)),), {"id": "Darurat"})}),
            LimitChange(
                office.people_limit // 2,
                rules.online_share,
                rules.urgent_share,
                rules.release_minutes,
            ),
        )
    )


def orders(database: Database) -> dict[str, Change]:
    return {each.code: order(each) for each in all_offices(database)}


def events_of(database: Database, code: str) -> list[EventType]:
    kinds = (EventType.MODE_CHANGED, EventType.HOURS_CHANGED, EventType.LIMIT_CHANGED)
    with database.read() as connection:
        day = SUNDAY_EVENING.date()
        found = event_store.list_of_types(connection, code, day, kinds)
    return [each.event.type for each in found]


def is_ordered(office: Office, before: Office) -> bool:
    assert before.people_limit is not None
    return (
        office.mode_at(STARTS) is ServiceMode.URGENT_ONLY
        and [each.closes for each in office.openings_on(MONDAY)] == [time(12)]
        and office.people_limit == before.people_limit // 2
    )


def test_mode_notice_hours_and_limit_of_eight_offices_by_one_confirmation(
    province: Database,
) -> None:
    before = all_offices(province)
    changes = orders(province)

    trials = try_out(province, changes)
    assert len(trials) == 8 and not any(each.refused or each.is_same for each in trials)
    assert {each.stranded for each in trials} == {3}
    assert all_offices(province) == before, "a dry run changes nothing"

    assert confirm(province, trials, changes, "form") == [True] * 8
    after = all_offices(province)
    assert all(map(is_ordered, after, before))
    for office in after:
        period = office.mode_period(STARTS)
        assert period is not None and period.notice["id"] == "Hanya layanan mendesak."
        plan_monday(province, office)
        assert sorted(events_of(province, office.code)) == sorted(
            [EventType.MODE_CHANGED, EventType.HOURS_CHANGED, EventType.LIMIT_CHANGED]
        )
        with province.read() as connection:
            history = history_store.list_newest(connection, office.code, 9)
        assert len(history) == 3, "each part stands in the history, and can be taken back by itself"

    # Sent again, it halves nothing a second time.
    assert confirm(province, trials, changes, "form") == [True] * 8
    assert all(map(is_ordered, all_offices(province), before))


def test_an_office_changed_in_between_is_left_out_whole_and_redone(province: Database) -> None:
    before = all_offices(province)
    changes = orders(province)
    trials = try_out(province, changes)
    meddled = before[5]
    province.write(
        [(meddled.code, meddled.date_at(SUNDAY_EVENING))],
        lambda tx: set_people_limit(tx, meddled.code, 9, "manager", SUNDAY_EVENING),
    )
    outcomes = confirm(province, trials, changes, "form")
    assert outcomes.count(True) == 7
    assert outcomes[5] == Refused("changed", {"office": meddled.code})
    left = province.find_office(meddled.code)
    assert (left.people_limit, left.mode_at(STARTS)) == (9, ServiceMode.NORMAL)
    assert left.openings_on(MONDAY) == meddled.openings_on(MONDAY)

    again = {meddled.code: order(left)}
    assert confirm(province, try_out(province, again), again, "second form") == [True]
    assert is_ordered(province.find_office(meddled.code), left)


def test_a_part_that_cannot_be_in_one_office_takes_the_whole_change_from_it_alone(
    province: Database,
) -> None:
    before = all_offices(province)
    changes = orders(province)
    whole = changes[before[0].code]
    assert isinstance(whole, Together)
    changes[before[0].code] = Together((*whole.changes[:2], LimitChange(0, 0.5, 0.1, 30)))
    trials = try_out(province, changes)
    assert [each.refused is not None for each in trials] == [True] + [False] * 7
    outcomes = confirm(province, trials, changes, "form")
    assert isinstance(outcomes[0], Refused) and outcomes[1:] == [True] * 7
    assert province.find_office(before[0].code) == before[0]
    assert events_of(province, before[0].code) == []


def test_two_officials_at_once_do_not_mix(province: Database) -> None:
    before = all_offices(province)
    mode_alone: Mapping[str, Change] = {each.code: decide(each) for each in before}
    both = {"one": orders(province), "other": mode_alone}
    seen = {name: try_out(province, changes) for name, changes in both.items()}
    start = threading.Barrier(2)
    got: dict[str, list[Outcome]] = {}

    def press(name: str) -> None:
        start.wait()
        got[name] = confirm(province, seen[name], both[name], name, by=name)

    threads = [threading.Thread(target=press, args=(name,)) for name in both]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    first, second = sorted(got, key=lambda name: got[name] != [True] * 8)
    assert got[first] == [True] * 8
    assert got[second] == [Refused("changed", {"office": each.code}) for each in before]
    for each in all_offices(province):
        period = each.mode_period(STARTS)
        assert period is not None and period.decided_by == first


def test_killed_half_way_it_has_done_nothing_and_sent_again_all(
    province: Database, migrated_url: str
) -> None:
    before = all_offices(province)
    changes = orders(province)
    trials = try_out(province, changes)
    killed = subprocess.run(
        [sys.executable, "-m", __name__, migrated_url],
        cwd=Path(__file__).parents[3],
        timeout=60,
        check=False,
    )
    assert killed.returncode == KILLED
    assert all_offices(province) == before
    assert [events_of(province, each.code) for each in before] == [[]] * 8

    assert confirm(province, trials, changes, "form") == [True] * 8
    assert all(map(is_ordered, all_offices(province), before))
    assert {events_of(province, each.code).count(EventType.MODE_CHANGED) for each in before} == {1}


def die_half_way(url: str) -> None:
    """Confirm the change and be killed when four offices are changed."""
    database = Database(url)
    changes = orders(database)
    apply, made = many.apply_change, []

    def apply_or_die(tx: Transaction, code: str, *rest: object) -> Office:
        if len(made) == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        made.append(code)
        return apply(tx, code, *rest)  # type: ignore[arg-type]  # handed on as it came

    many.apply_change = apply_or_die  # type: ignore[assignment]  # the test's own way to die there
    confirm(database, try_out(database, changes), changes, "form")


if __name__ == "__main__":
    die_half_way(sys.argv[1])
