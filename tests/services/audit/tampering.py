"""An office with a chained log, and somebody who changes its rows by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.engine import Connection

from queue_server.cli import main
from queue_server.effects.chain import ChainDelivery
from queue_server.store import tables
from queue_server.store.audit import log_rows
from tests.fixtures.application import HOME, TODAY, House

DAY = TODAY.isoformat()
EVENTS = tables.events
TODAYS = sa.and_(EVENTS.c.office == HOME, EVENTS.c.date == TODAY)


def chain(house: House) -> int:
    """Let the chain catch up. Returns how many events it came on by."""
    delivery, events = ChainDelivery(house.database, house.clock), 0
    while number := delivery.step():
        events += number
    return events


def tamper(house: House, *statements: Callable[[Connection], object] | sa.Executable) -> None:
    """Somebody with the database's password changes rows by hand."""
    engine = sa.create_engine(house.settings.database_url)
    with engine.begin() as connection:
        for each in statements:
            connection.execute(each) if isinstance(each, sa.Executable) else each(connection)
    engine.dispose()


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", "verify", *arguments])


def faults(*arguments: str) -> list[dict[str, Any]]:
    """What is wrong, without the names that are not given."""
    result = verify("--json", *arguments)
    told = [fault for each in json.loads(result.output)["offices"] for fault in each["faults"]]
    assert result.exit_code == (1 if told else 0), result.output
    return [{name: value for name, value in each.items() if value is not None} for each in told]


def row(kind: str, seq: int, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "office": HOME, "date": DAY, "seq": seq, **more}


def at(seq: int) -> sa.ColumnElement[bool]:
    return sa.and_(TODAYS, EVENTS.c.seq == seq)


def last_seq(house: House) -> int:
    with house.database.read() as connection:
        return log_rows.find_ends(connection, HOME, DAY)[0]


def serve_some(house: House) -> None:
    """Six visitors walk in, are called and served."""
    for _ in range(6):
        ticket = house.called()["id"]
        for step in ("start", "finish"):
            assert house.post(f"/tickets/{ticket}/{step}", "clerk").status_code == 200
        house.clock.pass_by(minutes=1)
