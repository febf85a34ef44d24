"""Calls for help at the kiosks: at most one open call of each; the database sees to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.door.help_calls import HelpCall, HelpEnd, HelpReason
from queue_server.domain.errors import UnknownHelp
from queue_server.store.tables import devices, help_calls
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class NamedCall:
    """A call for help and the name of its kiosk."""

    call: HelpCall
    device_name: str


def _call_from_row(row: Row[Any]) -> HelpCall:
    return HelpCall(
        row.id,
        row.office,
        row.date,
        row.device,
        row.language,
        row.screen,
        HelpReason(row.reason),
        row.asked_at,
        row.answered_at,
        row.answered_by,
        row.ended_at,
        None if row.ended_how is None else HelpEnd(row.ended_how),
    )


def _values_of(call: HelpCall) -> dict[str, Any]:
    return {
        "answered_at": call.answered_at,
        "answered_by": call.answered_by,
        "ended_at": call.ended_at,
        "ended_how": None if call.end is None else call.end.value,
    }


def add(tx: Transaction, call: HelpCall) -> None:
    """Keep a new call."""
    about = {
        "id": call.id,
        "office": call.office,
        "date": call.date,
        "device": call.device,
        "language": call.language,
        "screen": call.screen,
        "reason": call.reason.value,
        "asked_at": call.asked_at,
    }
    tx.insert(help_calls, {**about, **_values_of(call)})


def change(tx: Transaction, call: HelpCall) -> None:
    """Store what became of a call; the command holds the lock of the call's office-day."""
    tx.change(
        help_calls.update()
        .where(help_calls.c.id == call.id, help_calls.c.office == call.office)
        .values(**_values_of(call))
    )


def find(reader: Reader, office: str, id: str) -> HelpCall:
    """Raises `UnknownHelp`, also for another office's."""
    statement = sa.select(help_calls).where(help_calls.c.id == id, help_calls.c.office == office)
    row = ask(reader, statement, seeing=help_calls).one_or_none()
    if row is None:
        raise UnknownHelp(help=id)
    return _call_from_row(row)


def find_open(reader: Reader, office: str, device: str) -> HelpCall | None:
    """The call of a kiosk that has not ended."""
    statement = sa.select(help_calls).where(
        help_calls.c.office == office,
        help_calls.c.device == device,
        help_calls.c.ended_at.is_(None),
    )
    row = ask(reader, statement, seeing=help_calls).one_or_none()
    return None if row is None else _call_from_row(row)


def list_asked(reader: Reader, device: str, since: datetime) -> list[datetime]:
    """When a kiosk has called since a moment."""
    statement = sa.select(help_calls.c.asked_at).where(
        help_calls.c.device == device, help_calls.c.asked_at > since
    )
    return [row.asked_at for row in ask(reader, statement, seeing=help_calls)]


def list_open(connection: Connection, office: str) -> list[NamedCall]:
    """The calls of an office that have not ended, oldest first."""
    statement = (
        sa.select(help_calls, devices.c.name.label("device_name"))
        .join(devices, devices.c.id == help_calls.c.device)
        .where(help_calls.c.office == office, help_calls.c.ended_at.is_(None))
        .order_by(help_calls.c.asked_at, help_calls.c.id)
    )
    return [
        NamedCall(_call_from_row(row), row.device_name) for row in connection.execute(statement)
    ]


def list_asked_before(connection: Connection, before: datetime) -> list[tuple[str, date, str]]:
    """Office, date and id of every open call that was made until a moment."""
    statement = (
        sa.select(help_calls.c.office, help_calls.c.date, help_calls.c.id)
        .where(help_calls.c.ended_at.is_(None), help_calls.c.asked_at <= before)
        .order_by(help_calls.c.asked_at)
    )
    return [(row.office, row.date, row.id) for row in connection.execute(statement)]


def forget_before(tx: Transaction, before: datetime) -> int:
    """Delete calls that ended before a moment. Returns how many; their events stay in the log."""
    return tx.change(help_calls.delete().where(help_calls.c.ended_at < before)).rowcount
