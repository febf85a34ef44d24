"""The province board, on both databases: what each row says, in which order they stand, and what
many offices cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.province.order import Concern
from queue_server.domain.visit.standstill import Pause
from queue_server.services.access import devices
from queue_server.services.office import offices
from queue_server.services.province.board import OfficeRow, view_province
from queue_server.services.supervisor import alerts, supervision
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import FrontDesk, front_desk

BOSS = "pengawas"


def look(desks: Sequence[FrontDesk]) -> list[OfficeRow]:
    database = desks[0].database
    with database.read() as connection:
        found = [database.offices.get(connection, each.code) for each in desks]
        return view_province(connection, found, stage.at(desks[0].minute))


def row_of(desk: FrontDesk) -> OfficeRow:
    (row,) = look([desk])
    return row


@pytest.fixture
def calm(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database)


@pytest.fixture
def busy(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, limit=2)


def test_an_office_nobody_has_come_to(calm: FrontDesk) -> None:
    row = row_of(calm)
    assert (row.concerns, row.open, row.inside, row.limit) == ((), True, 0, None)
    assert (row.stands.waiting, row.stands.oldest_minutes, row.counters_needed) == (0, None, 0)


def test_who_waits_and_for_how_long(busy: FrontDesk) -> None:
    for _ in range(3):
        busy.come()
        busy.pass_by(20)
    row = row_of(busy)
    assert (row.inside, row.limit, row.stands.over) == (2, 2, 0)
    assert (row.stands.waiting, row.stands.oldest_minutes) == (3, 60)
    # (3 waiting / 30 minutes + 3 arrivals / 60 minutes) * 10 minutes of a service = 1.5
    assert (row.stands.counters_open, row.counters_needed) == (0, 2)
    assert row.concerns == (Concern.NO_COUNTER, Concern.LONG_WAIT)
    busy.open("1")
    assert row_of(busy).concerns == (Concern.LONG_WAIT,)


def test_more_people_inside_than_allowed_now_and_before(busy: FrontDesk) -> None:
    first, _second = busy.come(), busy.come()
    busy.do(offices.set_people_limit, 1, BOSS)
    busy.pass_by(7)
    row = row_of(busy)
    assert row.concerns[:2] == (Concern.OVER_LIMIT, Concern.WAS_OVER_LIMIT)
    assert (row.stands.over, row.stands.over_minutes) == (1, 7)
    busy.open("1")
    assert busy.next("1") == first.id
    busy.pass_by(30)
    assert row_of(busy).concerns[0] is Concern.WAS_OVER_LIMIT
    assert row_of(busy).stands.over_minutes == 7


def test_an_evacuation_stands_first_and_a_drill_is_none(calm: FrontDesk, busy: FrontDesk) -> None:
    busy.come()
    assert [row.stands.office for row in look([calm, busy])] == [busy.code, calm.code]
    calm.do(supervision.pause, Pause.EVACUATION, "", BOSS)
    assert [row.stands.office for row in look([calm, busy])] == [calm.code, busy.code]
    calm.do(supervision.resume, "", BOSS)
    calm.do(supervision.pause, Pause.EVACUATION, "", BOSS, drill=True)
    row = row_of(calm)
    assert (row.concerns, row.paused, row.drill) == ((), Pause.EVACUATION, True)


def test_devices_count_while_the_office_is_at_work(calm: FrontDesk) -> None:
    now = stage.at(calm.minute)
    kiosk = calm.database.write(
        [], lambda tx: devices.add_paired(tx, "kiosk", calm.code, "Kiosk", f"t-{calm.code}", now)
    )
    assert (row_of(calm).devices, row_of(calm).troubled_devices) == (1, 0)
    calm.database.write(
        [],
        lambda tx: devices.note_heartbeat(
            tx, kiosk.office, kiosk.id, {"build": "test", "printer": "paper_out"}, now
        ),
    )
    row = row_of(calm)
    assert (row.troubled_devices, row.stands.silent_devices, row.concerns) == (1, 0, ())
    calm.pass_by(30)
    row = row_of(calm)
    assert (row.stands.silent_devices, row.concerns) == (1, (Concern.DEVICES_SILENT,))
    calm.minute = stage.CLOSES + 60
    assert row_of(calm).concerns == (), "devices sleep at night"


def test_the_review_of_a_mode_that_is_late(calm: FrontDesk) -> None:
    late = ModePeriod(
        "m1",
        ServiceMode.URGENT_ONLY,
        stage.at(0) - timedelta(days=9),
        stage.at(0),
        BOSS,
        review_on=stage.TODAY - timedelta(days=2),
    )
    calm.do(lambda tx, office, now: offices.switch_mode(tx, office, late, now))
    row = row_of(calm)
    assert (row.mode, row.review_on) == (ServiceMode.URGENT_ONLY, date(2026, 11, 21))
    assert (row.concerns, row.stands.overdue_days) == ((Concern.REVIEW_OVERDUE,), 2)
    anew = replace(late, id="m2", decided_at=stage.at(1), review_on=stage.TODAY)
    calm.do(lambda tx, office, now: offices.switch_mode(tx, office, anew, now))
    assert row_of(calm).concerns == (), "decided anew, the old date counts no more"


def test_open_alerts_stand_with_their_office(calm: FrontDesk) -> None:
    calm.come()
    calm.pass_by(11)
    alerts.watch_thresholds(calm.database, stage.at(calm.minute))
    assert {each.kind.value for each in row_of(calm).alerts} == {"NOBODY_CALLED", "FEW_COUNTERS"}


def test_many_offices_cost_no_more_queries_than_one(shared_database: Database) -> None:
    desks = [front_desk(shared_database) for _ in range(5)]
    for each in desks:
        each.come()
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with shared_database.read() as connection:
        found = [shared_database.offices.get(connection, each.code) for each in desks]
        counts = []
        for few in (found[:1], found):
            asked.clear()
            event.listen(connection, "before_cursor_execute", note)
            assert len(view_province(connection, few, stage.at(9 * 60))) == len(few)
            event.remove(connection, "before_cursor_execute", note)
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 6
