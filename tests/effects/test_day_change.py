"""Over midnight: each office's screens get the empty board of the new day when the day begins
there, on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from queue_server.effects.live import LOOK_SECONDS, LiveHub
from queue_server.store.writer.database import Database
from tests.effects.test_live import Ether
from tests.services import stage
from tests.services.front_desk import FrontDesk

ZONES = {"Asia/Jayapura": 22, "Asia/Makassar": 23, "Asia/Jakarta": 24}
"""The hour in Jakarta at which the day ends there."""


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    opened = Database(migrated_url)
    yield opened
    opened.close()


def test_every_office_gets_an_empty_board_when_its_own_day_begins(database: Database) -> None:
    """Nothing happens at night, so nothing but the clock brings it."""
    moment, seconds = stage.at(12 * 60), 0.0
    live = LiveHub(
        database, lambda: moment, "build", "http://127.0.0.1:8000", monotonic=lambda: seconds
    )
    ether = Ether(live)
    offices = {}
    for zone in ZONES:
        office = replace(stage.small_office(stage.new_code()), zone=zone)
        stage.open_office(database, office)
        offices[zone] = office.code
        desk = FrontDesk(database, office, minute=12 * 60)
        desk.open("1")
        desk.call(desk.come(), "1")
        desk.come()
        snapshot = live.snapshot("board", office.code)
        assert (len(snapshot["calls"]), snapshot["waiting"]) == (1, 1)
        live.join("board", office.code, snapshot)

    def look() -> dict[str, tuple[str, int, int]]:
        nonlocal seconds
        seconds += LOOK_SECONDS
        live.flush()
        sent = {
            board["office"]: (board["date"], len(board["calls"]), board["waiting"])
            for _event, _room, board in ether.sent
        }
        ether.take()
        return sent

    tomorrow = (stage.TODAY + timedelta(days=1)).isoformat()
    assert look() == {}
    for zone, hour in ZONES.items():
        moment = stage.at(hour * 60) - timedelta(seconds=1)
        assert look() == {}, "not a second before"
        moment += timedelta(seconds=1)
        assert look() == {offices[zone]: (tomorrow, 0, 0)}
        assert look() == {}, "once"
