"""The log of what happened: read back for audit, undo, reactions and replay. Written by
`Transaction.record` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.events import REMARKS, Event, EventType, RecordedEvent
from queue_server.store.tables import events
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


def event_from_row(row: Row[Any]) -> RecordedEvent:
    """A row of the log as an event."""
    return RecordedEvent(
        row.seq, Event(EventType(row.type), row.office, row.date, row.at, row.ticket, row.facts)
    )


def list_after(
    connection: Connection, office: str, day: date, seq: int, limit: int = 1_000
) -> list[RecordedEvent]:
    """An office-day's events with a sequence number above `seq`, in order."""
    statement = (
        sa.select(events)
        .where(events.c.office == office, events.c.date == day, events.c.seq > seq)
        .order_by(events.c.seq)
        .limit(limit)
    )
    return [event_from_row(row) for row in connection.execute(statement)]


def last_step_of(tx: Transaction, office: str, day: date, ticket: str) -> Event | None:
    """The newest step of a ticket on an office-day; remarks about it are none."""
    statement = (
        sa.select(events)
        .where(
            events.c.ticket == ticket,
            events.c.office == office,
            events.c.date == day,
            events.c.type.not_in([each.value for each in REMARKS]),
        )
        .order_by(events.c.seq.desc())
        .limit(1)
    )
    row = tx.read(statement, seeing=events).one_or_none()
    return None if row is None else event_from_row(row).event


def list_of_tickets(
    reader: Reader, office: str, tickets: Sequence[str], types: Sequence[EventType]
) -> list[Event]:
    """The events of some types about some tickets of an office, in order of time: a visit that was
    moved has some on each of its days.
    """
    if not tickets:
        return []
    # Asked so, the office is no reason for the planner to walk its whole log instead of the few
    # events of these tickets.
    mine = (
        events.c.office.concat("") == office,
        events.c.ticket.in_(tickets),
        events.c.type.in_([each.value for each in types]),
    )
    statement = sa.select(events).where(*mine).order_by(events.c.at, events.c.date, events.c.seq)
    return [event_from_row(row).event for row in ask(reader, statement, seeing=events)]


def list_newest(connection: Connection, office: str, day: date, most: int) -> list[RecordedEvent]:
    """The newest events of an office-day, newest first, at most `most`."""
    statement = (
        sa.select(events)
        .where(events.c.office == office, events.c.date == day)
        .order_by(events.c.seq.desc())
        .limit(most)
    )
    return [event_from_row(row) for row in connection.execute(statement)]


def list_of_types(
    reader: Reader,
    office: str,
    day: date,
    types: Sequence[EventType],
    most: int | None = None,
    before: int | None = None,
) -> list[RecordedEvent]:
    """The newest events of some types on an office-day, newest first, at most `most` (None: all);
    `before` a sequence number if one is given.
    """
    statement = (
        sa.select(events)
        .where(
            events.c.office == office,
            events.c.date == day,
            events.c.type.in_([each.value for each in types]),
        )
        .order_by(events.c.seq.desc())
        .limit(most)
    )
    if before is not None:
        statement = statement.where(events.c.seq < before)
    return [event_from_row(row) for row in ask(reader, statement, seeing=events)]


def find_last_of_type(reader: Reader, office: str, day: date, type: EventType) -> Event | None:
    """The newest event of a type on an office-day."""
    last = list_of_types(reader, office, day, [type], most=1)
    return last[0].event if last else None
