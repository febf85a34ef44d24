"""Calls for help at the kiosks: asked by a visitor, answered by the staff, ended by either or by
time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.door import help_calls as steps
from queue_server.domain.door.help_calls import (
    CALLS_WITHIN,
    LASTS,
    HelpCall,
    HelpEnd,
    HelpReason,
    HelpStage,
)
from queue_server.domain.events import Event
from queue_server.domain.office.office import Office
from queue_server.protocol.messages import HelpCalled
from queue_server.services.run_each import do_each
from queue_server.services.shown import Version, _local_or_none, local_time
from queue_server.store.door import help_calls as help_store
from queue_server.store.writer import days as day_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class HelpWanted:
    """A call for help as the staff see it. `stage` is a `HelpStage`, `answered_by` a user's id."""

    id: str
    device: str
    name: str
    language: str
    screen: str
    reason: str
    stage: str
    asked_at: str
    answered_by: str | None
    answered_at: str | None


@dataclass(frozen=True)
class HelpCalls:
    """The open calls for help of an office, oldest first."""

    office: str
    date: str
    version: Version
    sent_at: str
    build: str
    calls: tuple[HelpWanted, ...]


def ask(
    tx: Transaction,
    office: str,
    device: str,
    *,
    language: str,
    screen: str,
    reason: HelpReason,
    id: str,
    now: datetime,
) -> HelpCall:
    """Call for help from a kiosk. While its call is open, another press is the same call. Must
    declare today. Raises `HelpResting`.
    """
    open_call = help_store.find_open(tx, office, device)
    if open_call is not None and not open_call.is_lapsed(now):
        return open_call
    steps.admit_call(help_store.list_asked(tx, device, now - CALLS_WITHIN), now)
    today = tx.office(office).date_at(now)
    if open_call is not None:
        _end(tx, open_call, HelpEnd.LAPSED, now, day=today)
    fresh = HelpCall(id, office, today, device, language, screen, reason, now)
    call, event = steps.ask(fresh)
    help_store.add(tx, call)
    tx.record(event)
    return call


def answer(tx: Transaction, office: str, id: str, by: str, now: datetime) -> HelpCall:
    """Say that one goes to the kiosk; the first who says so goes. Must declare the call's day.
    Raises `UnknownHelp`, `HelpOver`.
    """
    call, event = steps.answer(help_store.find(tx, office, id), by, now)
    return _keep(tx, call, event)


def end(tx: Transaction, office: str, id: str, by: str, now: datetime) -> HelpCall:
    """End a call because the visitor was helped, or has gone. Must declare the call's day. Raises
    `UnknownHelp`.
    """
    return _end(tx, help_store.find(tx, office, id), HelpEnd.STAFF, now, by=by)


def take_back(tx: Transaction, office: str, device: str, now: datetime) -> None:
    """End the call of a kiosk because its visitor needs no help any more; without one nothing
    happens. Must declare today.
    """
    call = help_store.find_open(tx, office, device)
    if call is not None:
        _end(tx, call, HelpEnd.VISITOR, now, day=tx.office(office).date_at(now))


def end_lapsed(database: Database, now: datetime) -> int:
    """End the calls that nobody can be waiting for any more. Returns how many."""
    with database.read() as connection:
        over = help_store.list_asked_before(connection, now - LASTS)
    return do_each(
        over,
        lambda each: database.write(
            [each[:2]], partial(_lapse, office=each[0], id=each[2], now=now)
        ),
    )


def _lapse(tx: Transaction, office: str, id: str, now: datetime) -> int:
    before = help_store.find(tx, office, id)
    return int(_end(tx, before, HelpEnd.LAPSED, now) is not before)


def _end(
    tx: Transaction,
    call: HelpCall,
    how: HelpEnd,
    now: datetime,
    *,
    by: str | None = None,
    day: date | None = None,
) -> HelpCall:
    """`day`: today, where a call of the evening before is ended under today's lock."""
    ended, event = steps.end(call, how, now, by)
    return _keep(tx, ended, event if event is None or day is None else replace(event, date=day))


def _keep(tx: Transaction, call: HelpCall, event: Event | None) -> HelpCall:
    if event is not None:
        help_store.change(tx, call)
        tx.record(event)
    return call


def find_call(reader: Reader, office: str, device: str, now: datetime) -> HelpCall | None:
    """The call of a kiosk that goes on; None if there is none, or it has lapsed."""
    call = help_store.find_open(reader, office, device)
    return None if call is None or call.is_lapsed(now) else call


def view_call(office: Office, call: HelpCall, now: datetime) -> HelpCalled:
    """A call as its kiosk sees it."""
    return HelpCalled(call.id, call.stage_at(now).value, local_time(office, call.asked_at))


def view_wanted(office: Office, call: HelpCall, device_name: str, now: datetime) -> HelpWanted:
    """A call as the staff see it."""
    return HelpWanted(
        call.id,
        call.device,
        device_name,
        call.language,
        call.screen,
        call.reason.value,
        call.stage_at(now).value,
        local_time(office, call.asked_at),
        call.answered_by,
        _local_or_none(office, call.answered_at),
    )


def view_calls(connection: Connection, office: Office, now: datetime, build: str) -> HelpCalls:
    """The calls as the staff see them."""
    day = day_store.find(connection, office.code, office.date_at(now))
    return HelpCalls(
        office=office.code,
        date=day.date.isoformat(),
        version=(day.date.isoformat(), day.seq),
        sent_at=local_time(office, now),
        build=build,
        calls=tuple(
            view_wanted(office, each.call, each.device_name, now)
            for each in help_store.list_open(connection, office.code)
            if each.call.stage_at(now) is not HelpStage.ENDED
        ),
    )
