"""The demonstration is played through the real commands into a real database."""
from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
import sqlalchemy as sa

from queue_server.demo.banten import HOME
from queue_server.demo.fill import Access, fill
from queue_server.demo.scenarios import SCENARIOS, Scenario
from queue_server.domain.modes import ServiceMode
from queue_server.services import booking, staff
from queue_server.services.board import view_board
from queue_server.services.stranded import propose_moves
from queue_server.settings import Settings
from queue_server.store import tables
from queue_server.store.database import Database
from queue_server.store.migrations import upgrade
from queue_server.store.offices import all_codes

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def filled(url: str, folder: Path, scenario: Scenario, now: datetime = NINE) -> tuple[Database, Access]:
    upgrade(url)
    database = Database(url)
    settings = Settings(database_url=url, nik_key_file=folder / "nik.key", secret_key_file=folder / "secret.key")
    return database, fill(database, settings, lambda: now, scenario)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_fills_the_database_in_seconds(name: str, sqlite_url: str, tmp_path: Path) -> None:
    scenario = SCENARIOS[name]
    started = process_time()
    database, access = filled(sqlite_url, tmp_path, scenario)
    took = process_time() - started
    with database.read() as connection:
        home = database.offices.get(connection, HOME)
        board = view_board(connection, home, NINE, "test")
        states = Counter(connection.execute(sa.select(tables.tickets.c.state).where(tables.tickets.c.office == HOME)).scalars())
        last_slot = connection.execute(sa.select(sa.func.max(tables.slots.c.date))).scalar_one()
        assert staff.check_password(connection, access.logins["clerk"].username, access.logins["clerk"].password)
    assert home.mode_at(NINE) is scenario.mode
    assert board.open
    assert home.people_limit is not None
    assert 0 < board.inside <= home.people_limit
    assert states["WAITING"] == board.waiting >= scenario.home.waiting // 2
    assert states["SERVED"] >= 1
    assert len(board.calls) >= 1
    assert last_slot == (NINE + timedelta(days=14)).date()
    assert set(access.tokens) == {"admin", "manager", "clerk", "kiosk", "display", "printer", "sensor"}
    assert set(access.logins) == {"admin", "manager", "supervisor", "clerk", "guard"}
    assert took < 8, "seconds of this process, so that a busy machine does not count"


def test_full_leaves_no_place_and_people_outside(sqlite_url: str, tmp_path: Path) -> None:
    database, _ = filled(sqlite_url, tmp_path, SCENARIOS["full"])
    with database.read() as connection:
        home = database.offices.get(connection, HOME)
        free = [
            slot.free
            for service in home.services
            for day in booking.list_availability(connection, home, service.code, home.date_at(NINE), 14, 1, NINE)
            for slot in day.slots
            if slot.starts_at > NINE + timedelta(minutes=home.rules.release_minutes)
        ]
        outside = connection.execute(
            sa.select(sa.func.count()).select_from(tables.tickets).where(tables.tickets.c.place == "OUTSIDE")
        ).scalar_one()
    assert set(free) == {0}
    assert outside > 5


def test_urgent_only_strands_what_was_booked_before_and_keeps_urgent_cases(sqlite_url: str, tmp_path: Path) -> None:
    database, _ = filled(sqlite_url, tmp_path, SCENARIOS["urgent-only"])
    with database.read() as connection:
        rows = connection.execute(sa.select(tables.tickets.c.state, tables.tickets.c.channel, tables.tickets.c.slot)).all()
        offices = [database.offices.get(connection, code) for code in all_codes(connection)]
        told = connection.execute(sa.select(sa.func.count()).select_from(tables.messages)).scalar_one()
        proposed = [each.slot for each in propose_moves(connection, next(each for each in offices if each.code == HOME), NINE)]
    assert {each.mode_at(NINE) for each in offices} == {ServiceMode.URGENT_ONLY} and len(offices) == 8
    ends = {period.ends_at for each in offices for period in each.modes}
    assert len(ends) == 1
    end = ends.pop()
    assert end is not None
    before = [each for each in rows if each.slot is None or each.slot < end]
    assert {each.channel for each in before if each.state != "STRANDED"} == {"URGENT"}
    stranded = [each for each in before if each.state == "STRANDED"]
    assert {each.channel for each in stranded} == {"REGULAR"} and len(stranded) > 50
    assert told == len(stranded)
    assert {each.channel for each in rows if each.state == "BOOKED"} == {"REGULAR", "URGENT"}, "what is after the order's end is kept"
    assert sum(slot is not None for slot in proposed) > 10, "there is somewhere to move them to"


def test_on_a_closed_day_there_are_bookings_but_nobody_waits(sqlite_url: str, tmp_path: Path) -> None:
    database, _ = filled(sqlite_url, tmp_path, SCENARIOS["normal"], SUNDAY)
    with database.read() as connection:
        assert set(connection.execute(sa.select(tables.tickets.c.state)).scalars()) == {"BOOKED"}


def test_what_is_played_keeps_the_log_whole(sqlite_url: str, tmp_path: Path) -> None:
    database, _ = filled(sqlite_url, tmp_path, SCENARIOS["normal"])
    with database.read() as connection:
        days = connection.execute(sa.select(tables.office_days.c.office, tables.office_days.c.date, tables.office_days.c.seq)).all()
        for office, day, seq in days:
            found = connection.execute(
                sa.select(tables.events.c.seq, tables.events.c.at)
                .where(tables.events.c.office == office, tables.events.c.date == day)
                .order_by(tables.events.c.seq)
            ).all()
            assert [each.seq for each in found] == list(range(1, seq + 1))
            assert all(each.at <= NINE for each in found)
        niks = connection.execute(sa.select(tables.visitors.c.nik_fingerprint)).scalars().all()
    assert len(set(niks)) == len(niks)
