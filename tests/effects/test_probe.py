"""What `/readyz` says: what the process has really tried, and real commits that failed since.
Asking costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from queue_server.domain.errors import RoomFull
from queue_server.effects.probe import FREE_BYTES_WANTED, STALE_SECONDS, Probe, Surroundings
from queue_server.store import clock_jumps, tables
from queue_server.store import keys as key_store
from queue_server.store.clock_jumps import ClockJump
from queue_server.store.migrations import list_revisions
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.strangers import limits
from tests.fixtures.application import HOME, House, at

ALL_WELL = {"read", "write", "schema", "nik_key", "probe", "reactions", "clock", "disk"}


class Stopwatch:
    """A clock that nobody can set, moved by the test."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def ready(house: House) -> tuple[int, dict[str, str]]:
    """What `/readyz` answers, and its checks that are not well."""
    answer = house.browser().get("/readyz")
    return answer.status_code, {
        name: text for name, text in answer.get_json()["checks"].items() if text != "ok"
    }


def walk_in(house: House) -> int:
    return house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "REK"}).status_code


def make_probe(house: House, stopwatch: Stopwatch, **changes: object) -> Probe:
    with house.database.read() as connection:
        key = key_store.find_id(connection)
    given = {
        "revision": list_revisions()[0],
        "nik_key_id": key,
        "measure_free_bytes": lambda: FREE_BYTES_WANTED,
        **changes,
    }
    return Probe(house.database, Surroundings(**given), house.clock, stopwatch)  # type: ignore[arg-type]


def tell(house: House, statement: str) -> None:
    """Say something to the writer's own connection, for as long as it lives."""
    house.database.write([], lambda tx: tx.change(sa.text(statement)))


def break_writing(house: House) -> None:
    """From now on the database really refuses to take more: SQLite finds no room for a page,
    PostgreSQL may only read.
    """
    if not house.database.is_sqlite:
        return tell(house, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    pages: list[int] = []
    house.database.write(
        [], lambda tx: pages.append(tx.read(sa.text("PRAGMA page_count")).scalar_one())
    )
    tell(house, f"PRAGMA max_page_count = {pages[0]}")
    for _ in range(200):  # what is free inside the file is used up first
        if walk_in(house) != 201:
            return
    pytest.fail("the file never became full")


def mend_writing(house: House) -> None:
    if house.database.is_sqlite:
        tell(house, "PRAGMA max_page_count = 1000000")
    else:
        house.database.close()  # what was said to a connection ends with it


def test_before_the_first_try_it_is_not_ready_and_then_it_says_of_each_part_how_it_is(
    both_houses: House,
) -> None:
    house = both_houses
    assert ready(house) == (503, {"probe": "not yet"})
    house.application.probe.step()
    answer = house.browser().get("/readyz").get_json()
    assert set(answer["checks"]) == ALL_WELL and (answer["status"], ready(house)) == (
        "ok",
        (200, {}),
    )


def test_asking_writes_and_reads_nothing_and_counts_like_any_request(
    open_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EVERYTHING", "20 per minute")
    house = open_house(rate_limits=True)
    house.application.probe.step()
    before = house.dump()

    def refuse(*_arguments: object) -> None:
        pytest.fail("whoever asks costs the database nothing")

    monkeypatch.setattr(house.database, "write", refuse)
    monkeypatch.setattr(house.database, "read", refuse)
    client = house.browser()
    answers = [client.get("/readyz").status_code for _ in range(22)]
    monkeypatch.undo()
    assert answers == [200] * 20 + [429] * 2
    assert house.dump() == before


def test_a_try_leaves_one_row_and_each_process_its_own(both_houses: House) -> None:
    house = both_houses
    first, second = make_probe(house, Stopwatch()), make_probe(house, Stopwatch())
    for probe in (first, second, first, second):
        house.clock.pass_by(seconds=5)
        probe.step()
    with house.database.read() as connection:
        assert len(connection.execute(sa.select(tables.probes.c.process).distinct()).all()) == 2
        assert (
            connection.execute(sa.select(sa.func.count()).select_from(tables.probes)).scalar_one()
            == 2
        )
    house.clock.pass_by(minutes=11)
    first.step()
    with house.database.read() as connection:
        assert (
            connection.execute(sa.select(sa.func.count()).select_from(tables.probes)).scalar_one()
            == 1
        ), "the other has gone"


def test_a_real_commit_that_fails_is_seen_at_once_and_again_when_the_cause_is_gone(
    both_houses: House,
) -> None:
    """As on a full disk: thousands of refusals stood beside "write ok", because what was tried
    needed no room.
    """
    house = both_houses
    house.application.probe.step()
    break_writing(house)
    assert walk_in(house) == 503
    status, checks = ready(house)
    assert status == 503 and checks["write"].startswith("failed"), (
        "without waiting for the next try"
    )
    house.application.probe.step()
    assert ready(house)[0] == 503, "what is tried needs as much as a ticket does"
    mend_writing(house)
    assert ready(house)[0] == 503, "nobody knows yet"
    house.application.probe.step()
    assert ready(house) == (200, {}) and walk_in(house) == 201


def test_a_full_disk_is_found_by_the_try_alone(house: House) -> None:
    house.application.probe.step()
    break_writing(house)
    calm = make_probe(house, Stopwatch())
    calm.step()
    assert calm.report().checks["write"] == "failed: OperationalError: database or disk is full"
    assert not calm.report().ready


def test_a_refused_command_says_nothing_of_the_database(both_houses: House) -> None:
    house = both_houses
    house.application.probe.step()

    def refuse(_tx: Transaction) -> None:
        raise RoomFull(limit=1)

    def insert_twice(tx: Transaction) -> None:
        for _ in range(2):
            tx.insert(tables.key_ids, {"name": "twice", "id": "x", "since": at(9)})

    with pytest.raises(RoomFull):
        house.database.write([], refuse)
    with pytest.raises(sa.exc.IntegrityError):
        house.database.write([], insert_twice)
    assert ready(house) == (200, {})


def test_a_try_that_does_not_come_back_is_not_ready(house: House) -> None:
    stopwatch = Stopwatch()
    probe = make_probe(house, stopwatch)
    probe.step()
    stopwatch.seconds += STALE_SECONDS - 1
    assert probe.report().ready
    stopwatch.seconds += 2
    assert not probe.report().ready and probe.report().checks["probe"] == "no answer for 21 s"


def test_a_database_that_is_gone_is_not_ready(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_arguments: object) -> None:
        raise sa.exc.OperationalError("", {}, ConnectionRefusedError(111, "Connection refused"))

    house.application.probe.step()
    monkeypatch.setattr(house.database, "write", gone)
    monkeypatch.setattr(house.database, "read", gone)
    house.application.probe.step()
    status, checks = ready(house)
    assert (
        status == 503
        and {"read", "write"} <= set(checks)
        and "Connection refused" in checks["write"]
    )


def test_another_schema_or_another_key_under_a_running_server_is_not_ready(
    both_houses: House,
) -> None:
    house = both_houses
    house.application.probe.step()
    house.database.write([], lambda tx: key_store.replace_id(tx, "0" * 16, at(9)))
    house.application.probe.step()
    assert ready(house) == (503, {"nik_key": "another key"})
    tell(house, "UPDATE alembic_version SET version_num = '9999'")
    house.application.probe.step()
    assert ready(house)[1]["schema"] == "revision 9999"


@pytest.mark.parametrize(
    ("name", "changes", "text"),
    [
        ("disk", {"measure_free_bytes": lambda: 12_000_000}, "12 MB free"),
        (
            "redis",
            {
                "ping": lambda: (_ for _ in ()).throw(
                    ConnectionRefusedError(111, "Connection refused")
                )
            },
            "failed: ConnectionRefusedError: Connection refused",
        ),
    ],
)
def test_what_visitors_can_be_served_without_is_told_and_does_not_stop_them(
    house: House, name: str, changes: dict[str, object], text: str
) -> None:
    probe = make_probe(house, Stopwatch(), **changes)
    with capture_logs() as logs:
        probe.step()
    found = probe.report()
    assert (found.ready, found.status, found.checks[name]) == (True, "degraded", text)
    assert [each["event"] for each in logs] == ["readiness_changed"] and logs[0][name] == text
    with capture_logs() as logs:
        probe.step()
    assert logs == [], "it is said once"


def test_a_clock_that_was_set_is_told_for_a_while(house: House) -> None:
    probe = make_probe(house, Stopwatch())
    probe.step()
    assert probe.report().checks["clock"] == "ok"
    jump = ClockJump(house.clock.now, -3600)
    house.database.write([], partial(clock_jumps.add, jump=jump))
    probe.step()
    assert (probe.report().ready, probe.report().status, probe.report().checks["clock"]) == (
        True,
        "degraded",
        "jumped by -60 min",
    )
    house.clock.pass_by(minutes=61)
    probe.step()
    assert probe.report().checks["clock"] == "ok"
