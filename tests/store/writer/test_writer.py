"""The one writer: commands share a commit, and none of them notices the others."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from queue_server.domain.errors import BadInput
from queue_server.domain.events import RecordedEvent
from queue_server.services.counter import calling
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.counter.heads import first_waiting
from queue_server.store.writer import days
from queue_server.store.writer.database import READERS, Database, OutcomeUnknown
from queue_server.store.writer.office_cache import OfficeCache
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.migrated import migrated
from tests.services import stage
from tests.store.crowd import (
    CODE,
    KEY,
    NOON,
    PATIENCE_SECONDS,
    issue,
    numbers,
    open_database,
    together,
)


class Stop(BaseException):
    """What a killed greenlet or Ctrl-C raises wherever it happens to be."""


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = open_database(migrated_url)
    yield database
    database.close()


@pytest.fixture
def commits(database: Database) -> list[Sequence[RecordedEvent]]:
    """The events of each commit from now on."""
    told: list[Sequence[RecordedEvent]] = []
    database.on_commit(told.append)
    return told


def stored_numbers(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(connection.execute(sa.select(tables.tickets.c.number)).scalars())


def admit_consistent(database: Database) -> None:
    """Events without a gap, and the day's row as counting gives it."""
    log = stage.event_log(database, *KEY)
    assert [seq for seq, _type, _ticket in log] == list(range(1, len(log) + 1))
    with database.read() as connection:
        day = days.find(connection, *KEY)
        waiting = connection.execute(
            sa.select(sa.func.count())
            .select_from(tables.tickets)
            .where(tables.tickets.c.state == "WAITING")
        ).scalar_one()
    assert (day.seq, day.waiting) == (len(log), waiting)


def refuse(tx: Transaction) -> None:
    """Add rows, then think better of it."""
    issue(tx)
    raise BadInput(field="test")


def refuse_after_change(tx: Transaction) -> None:
    """Add and change rows, see both, then think better of it."""
    issue(tx)
    assert calling.call_next(tx, CODE, f"{CODE}-1", "ani", NOON) is not None
    raise BadInput(field="test")


def stop(tx: Transaction) -> None:
    issue(tx)
    raise Stop


def test_those_who_wait_share_one_commit(database: Database, commits: list[Any]) -> None:
    outcomes = together(database, [issue] * 5)
    assert numbers(outcomes) == ["A001", "A002", "A003", "A004", "A005"]
    assert [len(events) for events in commits] == [5]
    admit_consistent(database)


def test_a_refused_command_undoes_itself_alone(database: Database, commits: list[Any]) -> None:
    outcomes = together(
        database, [issue, refuse, issue, refuse_after_change, issue, refuse, refuse_after_change]
    )
    assert numbers(outcomes) == ["A001", None, "A002", None, "A003", None, None]
    assert all(isinstance(outcomes[place], BadInput) for place in (1, 3, 5, 6))
    assert [len(events) for events in commits] == [3]
    assert stored_numbers(database) == ["A001", "A002", "A003"]
    admit_consistent(database)


@pytest.mark.parametrize("command", [refuse, refuse_after_change])
def test_a_command_that_is_refused_alone_leaves_nothing(
    database: Database, commits: list[Any], command: Any
) -> None:
    with pytest.raises(BadInput):
        database.write([KEY], command)
    assert (commits, stored_numbers(database)) == ([], [])
    assert database.write([KEY], issue).ticket.number == "A001"
    with database.read() as connection:
        assert (
            connection.execute(
                sa.select(sa.func.count()).select_from(tables.counter_days)
            ).scalar_one()
            == 0
        )
    admit_consistent(database)


def test_a_row_the_database_refuses_fails_only_its_own_command(database: Database) -> None:
    twice = draw()
    outcomes = together(
        database, [issue, lambda tx: issue(tx, twice), lambda tx: issue(tx, twice), issue]
    )
    assert numbers(outcomes) == ["A001", "A002", None, "A003"]
    assert isinstance(outcomes[2], IntegrityError)
    admit_consistent(database)


def test_a_full_disk_fails_only_the_command_that_fills_it(sqlite_url: str) -> None:
    database = open_database(migrated(sqlite_url))

    def limit_pages(tx: Transaction) -> None:
        pages = tx.read(sa.text("PRAGMA page_count")).scalar_one()
        tx.read(sa.text(f"PRAGMA max_page_count = {pages + 20}")).scalar_one()

    def hoard(tx: Transaction) -> None:
        tx.insert(
            tables.answers,
            {"scope": "s", "key": "k", "request": "r" * 1_000_000, "answer": {}, "at": NOON},
        )

    database.write([], limit_pages)
    outcomes = together(database, [issue, hoard, issue])
    assert numbers(outcomes) == ["A001", None, "A002"]
    assert isinstance(outcomes[1], OperationalError)
    admit_consistent(database)
    database.close()


def test_a_leader_that_is_stopped_leaves_the_others_to_the_next(database: Database) -> None:
    outcomes = together(database, [stop, issue, issue])
    assert isinstance(outcomes[0], Stop)
    assert numbers(outcomes) == [None, "A001", "A002"]
    assert database.write([KEY], issue).ticket.number == "A003"
    admit_consistent(database)


def test_a_stop_in_a_follower_costs_its_leader_and_itself_and_nobody_else(
    database: Database,
) -> None:
    outcomes = together(database, [issue, issue, stop, issue])
    assert numbers(outcomes) == [None, "A001", None, "A002"]
    assert isinstance(outcomes[0], Stop) and isinstance(outcomes[2], Stop)
    assert database.write([KEY], issue).ticket.number == "A003"
    admit_consistent(database)


@pytest.fixture
def at_commit() -> Iterator[list[Any]]:
    """Functions that are called, one for each commit, in its middle."""
    steps: list[Any] = []

    def step(connection: sa.Connection) -> None:
        if steps:
            steps.pop(0)(connection)

    sa.event.listen(Engine, "commit", step)
    yield steps
    sa.event.remove(Engine, "commit", step)


def test_a_stop_in_the_commit_is_told_to_all_and_nothing_runs_twice(
    database: Database, at_commit: list[Any]
) -> None:
    runs: list[int] = []

    def count(tx: Transaction) -> None:
        runs.append(1)
        issue(tx)

    def raise_stop(_connection: Any) -> None:
        raise Stop

    at_commit.extend([lambda _connection: None, raise_stop])
    outcomes = together(database, [count, count, count])
    assert [type(each) for each in outcomes] == [Stop, OutcomeUnknown, OutcomeUnknown]
    assert len(runs) == 3
    assert database.write([KEY], issue).ticket.number == "A001"
    admit_consistent(database)


def end_session(connection: sa.Connection) -> None:
    """Have the server end this very session, by another one."""
    pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    other = sa.create_engine(connection.engine.url)
    with other.begin() as second:
        second.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    other.dispose()


@pytest.mark.requires_postgresql
def test_a_connection_lost_in_the_commit_leaves_the_outcome_open(
    migrated_postgresql_url: str, at_commit: list[Any]
) -> None:
    database = open_database(migrated_postgresql_url)
    at_commit.extend([lambda _connection: None, end_session])
    outcomes = together(database, [issue, issue])
    assert [type(each) for each in outcomes] == [OutcomeUnknown, OutcomeUnknown]
    assert database.write([KEY], issue).ticket.number == "A001"
    admit_consistent(database)
    database.close()


@pytest.mark.requires_postgresql
def test_a_connection_lost_before_the_commit_is_tried_again(migrated_postgresql_url: str) -> None:
    database = open_database(migrated_postgresql_url)
    lost: list[int] = []

    def lose_once(tx: Transaction) -> Any:
        if not lost:
            lost.append(1)
            tx.read(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return issue(tx)

    assert database.write([KEY], lose_once).ticket.number == "A001"
    outcomes = together(database, [issue, issue])
    assert numbers(outcomes) == ["A002", "A003"]
    admit_consistent(database)
    database.close()


@pytest.mark.requires_postgresql
def test_a_deadlock_with_another_process_is_tried_again(migrated_postgresql_url: str) -> None:
    one, other = open_database(migrated_postgresql_url), Database(migrated_postgresql_url)
    both_hold_one = threading.Barrier(2, timeout=PATIENCE_SECONDS)
    tries: list[int] = []

    def lock_both(first: int, second: int) -> Any:
        def command(tx: Transaction) -> None:
            tx.read(sa.text("SET LOCAL deadlock_timeout = '50ms'"))
            tx.read(sa.text(f"SELECT pg_advisory_xact_lock({first})"))
            tries.append(1)
            if len(tries) <= 2:
                both_hold_one.wait()
            tx.read(sa.text(f"SELECT pg_advisory_xact_lock({second})"))

        return command

    thread = threading.Thread(target=one.write, args=([], lock_both(1, 2)))
    thread.start()
    other.write([], lock_both(2, 1))
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive() and len(tries) == 3
    one.close()
    other.close()


def test_a_listener_that_fails_does_not_spoil_the_answer(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_events: Any) -> None:
        raise ValueError("broken")

    database.on_commit(fail)
    assert database.write([KEY], issue).ticket.number == "A001"
    assert "listener" in caplog.text


def test_two_writers_of_one_database_see_each_other(database: Database, migrated_url: str) -> None:
    other = Database(migrated_url)
    given = [
        each.write([KEY], issue).ticket.number
        for _ in range(3)
        for each in (database, database, other)
    ]
    assert given == [f"A{n:03d}" for n in range(1, 10)]
    admit_consistent(database)
    other.close()


def test_what_a_command_changes_in_an_office_the_next_one_sees(database: Database) -> None:
    def rename_office(tx: Transaction) -> None:
        assert tx.office(CODE).name == "Kantor"
        tx.change(
            sa.update(tables.offices).values(name="Balai", revision=tables.offices.c.revision + 1)
        )

    database.write([KEY], issue)
    database.write([], rename_office)
    assert database.write([], lambda tx: tx.office(CODE).name) == "Balai"


def test_sixteen_threads_never_make_sqlite_wait_for_its_own_process(sqlite_url: str) -> None:
    """SQLite's busy handler has a tail of 1.5 s; here it must never be needed, so it is switched
    off.
    """
    database = open_database(migrated(sqlite_url))
    database.write([], lambda tx: tx.read(sa.text("PRAGMA busy_timeout = 0")).all())
    given: list[str | None] = []

    def visit() -> None:
        for _ in range(10):
            given.append(database.write([KEY], issue).ticket.number)

    threads = [threading.Thread(target=visit) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert sorted(filter(None, given)) == [f"A{n:03d}" for n in range(1, 161)]
    admit_consistent(database)
    database.close()


def test_analyze_does_not_change_how_the_next_visitor_is_found(sqlite_url: str) -> None:
    database = open_database(migrated(sqlite_url))
    first = database.write([KEY], issue).ticket
    with database.read() as connection:
        row = dict(
            connection.execute(sa.select(tables.tickets).where(tables.tickets.c.id == first.id))
            .one()
            ._mapping
        )
    many = [
        {
            **row,
            "id": str(n),
            "code": str(n),
            "number": f"A{n}",
            "state": "WAITING" if n % 25 == 0 else "SERVED",
        }
        for n in range(50_000)
    ]
    database.write([], lambda tx: tx.change(sa.insert(tables.tickets), many))

    def plan() -> list[str]:
        statements: list[str] = []
        with database.read() as connection:
            driver: Any = connection.connection.driver_connection
            driver.set_trace_callback(statements.append)
            first_waiting(
                Transaction(connection, OfficeCache(), {}, {}, {}, {}, alone=True), *KEY, ["A"], 3
            )
            driver.set_trace_callback(None)
            return [line[3] for line in driver.execute(f"EXPLAIN QUERY PLAN {statements[-1]}")]

    before = plan()
    assert any(
        "USING INDEX ix_tickets_waiting" in line
        or "USING COVERING INDEX ix_tickets_waiting" in line
        for line in before
    )
    database.write([], lambda tx: tx.change(sa.text("ANALYZE")))
    assert plan() == before
    database.close()


_ISSUE_FOR_EVER = """
import sys
from queue_server.store.writer.database import Database
from tests.store.crowd import KEY, issue
database = Database(sys.argv[1])
while True:
    print(database.write([KEY], issue).ticket.number, flush=True)
"""


def test_a_killed_process_loses_nothing_it_answered(database: Database, migrated_url: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _ISSUE_FOR_EVER, migrated_url], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    answered = [process.stdout.readline().strip() for _ in range(25)]
    process.send_signal(signal.SIGKILL)
    answered += process.stdout.read().split()
    process.wait()
    process.stdout.close()
    assert len(answered) >= 25 and set(answered) <= set(stored_numbers(database))
    admit_consistent(database)
    assert database.write([KEY], issue).ticket.number not in answered


_GREENLETS = """
from gevent import monkey; monkey.patch_all()
import sys, gevent
from tests.store.crowd import KEY, issue, open_database
database = open_database(sys.argv[1], gather=lambda: gevent.sleep(0))
sizes = []
database.on_commit(lambda events: sizes.append(len(events)))
def visit():
    for _ in range(5):
        database.write([KEY], issue)
visits = [gevent.spawn(visit) for _ in range(64)]
gevent.joinall(visits, timeout=30, raise_error=True)
assert all(each.successful() for each in visits) and sum(sizes) == 320, sizes
assert len(sizes) <= 10, sizes
# The first of these leads: it is killed while it gathers the others.
visits = [gevent.spawn(visit) for _ in range(4)]
gevent.sleep(0)
visits[0].kill(block=False)
visits[2].kill(block=False)
gevent.joinall(visits, timeout=30)
assert [each.successful() and each.value is None for each in visits][1::2] == [True, True], visits
assert all(each.dead for each in visits)
database.write([KEY], issue)
"""


def test_greenlets_join_one_commit_and_survive_the_death_of_their_leader(migrated_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _GREENLETS, migrated_url],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr


def test_more_readers_than_connections_take_turns(database: Database) -> None:
    """Twice as many threads as there are connections, each reading again and again: nobody is left
    to wait for a connection that another has put aside.
    """
    database.write([KEY], issue)
    started = threading.Barrier(2 * READERS)
    seen: list[int] = []

    def read() -> None:
        started.wait()
        for _ in range(3):
            with database.read() as connection:
                seen.append(
                    connection.execute(
                        sa.select(sa.func.count()).select_from(tables.tickets)
                    ).scalar_one()
                )

    threads = [threading.Thread(target=read) for _ in range(2 * READERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert seen == [1] * 6 * READERS
