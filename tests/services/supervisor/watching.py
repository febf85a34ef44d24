"""What a supervisor's tests look at: the log of an office-day, and the dashboard."""

from __future__ import annotations

from typing import Any

from queue_server.services.screens import supervisor
from queue_server.services.screens.supervisor import Dashboard
from queue_server.store import tables
from tests.services import stage
from tests.services.front_desk import FrontDesk

BOSS = "pengawas"


def events_of(desk: FrontDesk, *types: str) -> list[tuple[str, dict[str, Any]]]:
    rows = sorted(
        stage.rows_of(desk.database, tables.events, desk.code), key=lambda row: (row.date, row.seq)
    )
    # rows carry their columns
    return [(row.type, row.facts) for row in rows if row.type in types]  # type: ignore[misc]


def seen(desk: FrontDesk) -> Dashboard:
    with desk.database.read() as connection:
        return supervisor.view_dashboard(connection, desk.office, stage.at(desk.minute), "test")
