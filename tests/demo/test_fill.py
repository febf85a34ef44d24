"""The demonstration is played through the real commands into a real database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from queue_server.demo.banten import HOME
from queue_server.demo.fill import Access, fill
from queue_server.demo.scenarios import SCENARIOS
from queue_server.domain.access.accounts import OF_PEOPLE
from queue_server.domain.office.modes import ServiceMode
from queue_server.services.access import passwords, sign_in
from queue_server.services.booking import availability
from queue_server.services.booking.stranded import propose_moves
from queue_server.services.screens.lobby import view_board
from queue_server.settings import Settings
from queue_server.store import tables
from queue_server.store.migrations import upgrade
from queue_server.store.office.offices import all_codes
from queue_server.store.writer.database import Database

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Filled:
    """A filled database, who may do what in it, and what shares of the work it told of."""

    database: Database
    access: Access
    shares: list[float]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Filled]]:
    """`filled(name, now)` is the database of a scenario, filled for the first test that asks for
    it; none changes it.
    """
    known: dict[tuple[str, datetime], Filled] = {}

    def fill_once(name: str, now: datetime = NINE) -> Filled:
        if (name, now) not in known:
            folder = tmp_path_factory.mktemp("filled")
            settings = Settings(
                database_url=f"sqlite:///{folder / 'antrean.db'}",
                nik_key_file=folder / "nik.key",
                secret_key_file=folder / "secret.key",
            )
            upgrade(settings.database_url)
            database = Database(settings.database_url)
            shares: list[float] = []
            access = fill(database, settings, lambda: now, SCENARIOS[name], shares.append)
            known[name, now] = Filled(database, access, shares)
        return known[name, now]

    yield fill_once
    for each in known.values():
        each.database.close()


@pytest.mark.parametrize("name", SCENARIOS)
def test_some_visits_are_had_from_home(name: str, filled: Callable[..., Filled]) -> None:
    found = filled(name)
    rows = tables.tickets.c
    statement = sa.select(rows.state, rows.kind, rows.place, rows.date).where(
        rows.office == HOME, rows.kind != "OFFICE"
    )
    with found.database.read() as connection:
        office = found.database.offices.get(connection, HOME)
        calls = list(connection.execute(statement))
    assert office.remote_letter is not None
    assert [each.id for each in office.counters if each.remote] == [f"{HOME}-R"]
    assert f"{HOME}-R" not in found.access.counters
    today = [each for each in calls if each.date == office.date_at(NINE)]
    assert {each.kind for each in calls} == {"PHONE", "VIDEO"}
    # What was booked for today after the morning had begun is still to come.
    rung = {"SERVED"} if name == "urgent-only" else set()
    assert {"BOOKED", *rung} <= {each.state for each in today}
    assert len({each.date for each in calls}) > 2
    assert all(each.place in (None, "REMOTE", "OUTSIDE") for each in calls), "nobody is inside"


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_fills_the_database(name: str, filled: Callable[..., Filled]) -> None:
    scenario, found = SCENARIOS[name], filled(name)
    access = found.access
    with found.database.read() as connection:
        home = found.database.offices.get(connection, HOME)
        board = view_board(connection, home, NINE, "test")
        states = Counter(
            connection.execute(
                sa.select(tables.tickets.c.state).where(tables.tickets.c.office == HOME)
            ).scalars()
        )
        last_slot = connection.execute(sa.select(sa.func.max(tables.slots.c.date))).scalar_one()
    user, known = sign_in.find_user(found.database, access.logins["clerk"].username)
    assert (
        user is not None
        and not user.must_change
        and passwords.verify_password(known, access.logins["clerk"].password)
    )
    assert home.mode_at(NINE) is scenario.mode
    assert board.open
    assert home.people_limit is not None
    assert 0 < board.inside <= home.people_limit
    assert states["WAITING"] == board.waiting >= scenario.home.waiting // 2
    assert states["SERVED"] >= 1
    assert len(board.calls) >= 1
    assert last_slot == (NINE + timedelta(days=14)).date()
    assert set(access.tokens) == {
        "admin",
        "manager",
        "clerk",
        "kiosk",
        "display",
        "printer",
        "sensor",
    }
    assert set(access.logins) == {role.value for role in OF_PEOPLE}
    assert found.shares == sorted(found.shares) and found.shares[-1] == 1 and len(found.shares) > 10


def test_full_leaves_no_place_and_people_outside(filled: Callable[..., Filled]) -> None:
    database = filled("full").database
    with database.read() as connection:
        home = database.offices.get(connection, HOME)
        free = [
            slot.free
            for service in home.services
            for day in availability.list_availability(
                connection, home, service.code, home.date_at(NINE), 14, 1, NINE
            )
            for slot in day.slots
            if slot.starts_at > NINE + timedelta(minutes=home.rules.booking.release_minutes)
        ]
        outside = connection.execute(
            sa.select(sa.func.count())
            .select_from(tables.tickets)
            .where(tables.tickets.c.place == "OUTSIDE")
        ).scalar_one()
    assert set(free) == {0}
    assert outside > 5


def test_urgent_only_strands_what_was_booked_before_and_keeps_urgent_cases(
    filled: Callable[..., Filled],
) -> None:
    database = filled("urgent-only").database
    with database.read() as connection:
        rows = connection.execute(
            sa.select(
                tables.tickets.c.state, tables.tickets.c.channel, tables.tickets.c.slot
            ).where(tables.tickets.c.kind == "OFFICE")
        ).all()
        offices = [database.offices.get(connection, code) for code in all_codes(connection)]
        told = connection.execute(
            sa.select(sa.func.count()).select_from(tables.messages)
        ).scalar_one()
        proposed = [
            each.slot
            for each in propose_moves(
                connection, next(each for each in offices if each.code == HOME), NINE
            )
        ]
    assert {each.mode_at(NINE) for each in offices} == {ServiceMode.URGENT_ONLY} and len(
        offices
    ) == 8
    ends = {period.ends_at for each in offices for period in each.modes}
    assert len(ends) == 1
    end = ends.pop()
    assert end is not None
    before = [each for each in rows if each.slot is None or each.slot < end]
    assert {each.channel for each in before if each.state != "STRANDED"} == {"URGENT"}
    stranded = [each for each in before if each.state == "STRANDED"]
    assert {each.channel for each in stranded} == {"REGULAR"} and len(stranded) > 50
    assert told == len(stranded)
    assert {each.channel for each in rows if each.state == "BOOKED"} == {"REGULAR", "URGENT"}, (
        "what is after the order's end is kept"
    )
    assert sum(slot is not None for slot in proposed) > 10, "there is somewhere to move them to"


def test_on_a_closed_day_there_are_bookings_but_nobody_waits(filled: Callable[..., Filled]) -> None:
    database = filled("normal", SUNDAY).database
    with database.read() as connection:
        assert set(connection.execute(sa.select(tables.tickets.c.state)).scalars()) == {"BOOKED"}


def test_what_is_played_keeps_the_log_whole(filled: Callable[..., Filled]) -> None:
    database = filled("normal").database
    with database.read() as connection:
        days = connection.execute(
            sa.select(
                tables.office_days.c.office, tables.office_days.c.date, tables.office_days.c.seq
            )
        ).all()
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
