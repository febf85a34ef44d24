"""How many statements the commands of a booking cost, with all that they read up front."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from queue_server.domain.booking.booking import BookingRequest
from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.booking.rush import Source
from queue_server.domain.errors import SlotFull
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking import booking, holding, moving
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer import compiled
from queue_server.store.writer.database import Database
from tests.services import fair_stage as fair
from tests.services import stage

NOW, SLOT, LATER = fair.NOW, fair.SLOT, fair.LATER
DAYS = [(fair.CODE, day) for day in stage.DAYS[:2]]
SOURCE = Source("address", "network", "browser")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that goes to the database, by whichever way."""
    statements: list[str] = []

    def noted(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(form: Any, *given: Any) -> Any:
            statements.append(form.text)
            return original(form, *given)

        return run

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    for name in ("fetch", "execute", "execute_each"):
        monkeypatch.setattr(compiled._Form, name, noted(getattr(compiled._Form, name)))
    sa.event.listen(Engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(Engine, "before_cursor_execute", note)


def test_what_each_command_costs(database: Database, sent: list[str]) -> None:
    fair.open_office(database, places=4)
    fair.book(database, SLOT)
    fair.book(database, fair.TOMORROW)
    cost: dict[str, int] = {}

    def count(name: str, command: Callable[..., Ticket], *given: Any, days: int = 1) -> Ticket:
        sent.clear()
        ticket = database.write(DAYS[:days], lambda tx: command(tx, *given, NOW))
        cost[name] = len(sent)
        return ticket

    def wish(slot: datetime = SLOT, **wanted: Any) -> tuple[str, BookingRequest, Any]:
        return fair.CODE, BookingRequest("REK", slot, fair.person(), **wanted), draw()

    booked = count("book", booking.book, *wish(LATER))
    held = count("hold", holding.hold, fair.CODE, HoldRequest("REK", SLOT, source=SOURCE), draw())
    count("confirm", booking.book, *wish(hold=held.code))
    count("move", moving.reschedule, booked.id, SLOT, "holder", 0.5)
    count("move on", moving.reschedule, booked.id, fair.TOMORROW, "holder", 0.5, days=2)
    fair.fill(database, places=1)
    for _ in range(2):  # the first one asks what is about to run out
        with pytest.raises(SlotFull):
            count("full", booking.book, *wish(source=SOURCE))
        cost["full"] = len(sent)
    on_sqlite = {"book": 10, "hold": 9, "confirm": 10, "move": 13, "move on": 13, "full": 2}
    on_postgresql = {"book": 12, "hold": 10, "confirm": 12, "move": 13, "move on": 14, "full": 2}
    assert cost == (on_sqlite if database.is_sqlite else on_postgresql)
