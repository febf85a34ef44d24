"""The planned time of a visit as clerks and supervisors are shown it, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.services.counter import serving
from queue_server.services.screens import queue, supervisor
from queue_server.services.screens.queued import TargetView, view_target
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import FrontDesk, front_desk


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database)


def asked_from(desk: FrontDesk) -> str | None:
    """From when on the dashboard marks counter 1."""
    with desk.database.read() as connection:
        now = stage.at(desk.minute)
        picture = supervisor.view_dashboard(connection, desk.office, now, "test")
    return next(each.ticket_asked_from for each in picture.counters if each.name == "1")


def test_the_console_and_the_dashboard_learn_from_when_on(desk: FrontDesk) -> None:
    minutes = desk.office.service("REK").minutes
    desk.come()
    assert asked_from(desk) is None
    desk.minute += 0.5 / 60
    served = desk.serve("1")
    longer, asked = (
        desk.office.local(stage.at(desk.minute + times * minutes + 0.5 / 60)).isoformat()
        for times in (1, 2)
    )
    with desk.database.read() as connection:
        [seen] = queue.view_queue(
            connection, desk.office, stage.at(desk.minute + 60), "test"
        ).serving
    assert seen.target == TargetView(minutes, longer, asked), (
        "a part of a second is never shown too early"
    )
    assert asked_from(desk) == asked
    desk.do(serving.park, served.id, "ani")
    assert asked_from(desk) is None


def test_a_service_that_was_withdrawn_has_no_planned_time(desk: FrontDesk) -> None:
    desk.come()
    served = desk.serve("1")
    assert view_target(desk.office, served) is not None
    assert view_target(replace(desk.office, services=()), served) is None
