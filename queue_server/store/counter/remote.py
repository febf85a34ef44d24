"""Visits from home: whose time has come, whom to ring, and where those by video meet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.store.tables import meetings, tickets
from queue_server.store.visit.tickets import TICKET_COLUMNS, ticket_from_row
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.reader import Reader, ask_rows
from queue_server.store.writer.transaction import Transaction

_DUE_CALLS = (
    sa.text("state = 'BOOKED'"),
    tickets.c.kind != VisitKind.OFFICE.value,
    tickets.c.slot <= sa.bindparam("now", type_=tickets.c.slot.type),
)
_DUE_CALLS_OF_DAY = Compiled(
    sa.select(*TICKET_COLUMNS)
    .where(
        *_DUE_CALLS,
        tickets.c.office == sa.bindparam("office"),
        tickets.c.date == sa.bindparam("date"),
    )
    .order_by(tickets.c.slot, tickets.c.id)
)


def list_due(tx: Transaction, office: str, day: date, now: datetime) -> list[Ticket]:
    """Booked visits from home of an office-day whose time has come, in order of it."""
    parameters = {"office": office, "date": day, "now": now}
    return [ticket_from_row(row) for row in tx.rows(_DUE_CALLS_OF_DAY, parameters, seeing=tickets)]


def list_due_days(connection: Connection, now: datetime, limit: int) -> list[tuple[str, date]]:
    """Office-days that have booked visits from home whose time has come."""
    statement = sa.select(tickets.c.office, tickets.c.date).where(*_DUE_CALLS).distinct()
    rows = connection.execute(statement.limit(limit), {"now": now})
    return sorted((row.office, row.date) for row in rows)


_ENDED = Compiled(
    sa.select(tickets.c.state, sa.func.count().label("visits"))
    .where(
        tickets.c.office == sa.bindparam("office"),
        tickets.c.date == sa.bindparam("date"),
        # Who stood in line has a number; with it the read follows the index of the day's numbers.
        tickets.c.number.is_not(None),
        tickets.c.kind != VisitKind.OFFICE.value,
    )
    .group_by(tickets.c.state)
)


def count_ended(connection: Connection, office: str, day: date) -> Counter[State]:
    """How many visits from home of an office-day are in each state, of those that stood in line."""
    rows = _ENDED.rows(connection, {"office": office, "date": day})
    return Counter({State(row.state): int(row.visits) for row in rows})


@dataclass(frozen=True)
class Meeting:
    """Where a visit by video meets, since when."""

    url: str
    opened_at: datetime


def open_meeting(tx: Transaction, ticket: Ticket, meeting: Meeting) -> None:
    """Keep where a visit meets, in place of any earlier address."""
    insert = (postgresql.insert if tx.dialect == "postgresql" else sqlite.insert)(meetings)
    upsert = insert.on_conflict_do_update(
        index_elements=["ticket"],
        set_={name: insert.excluded[name] for name in ("url", "opened_at")},
    )
    mine = {"ticket": ticket.id, "office": ticket.office, "date": ticket.date}
    tx.change(upsert, {**mine, "url": meeting.url, "opened_at": meeting.opened_at})


_MEETING = Compiled(
    sa.select(meetings.c.url, meetings.c.opened_at).where(
        meetings.c.office == sa.bindparam("office"), meetings.c.ticket == sa.bindparam("ticket")
    )
)


def find_meeting(reader: Reader, office: str, ticket: str) -> Meeting | None:
    """Where a visit meets; None while no clerk has opened a meeting."""
    rows = ask_rows(reader, _MEETING, {"office": office, "ticket": ticket}, seeing=meetings)
    return Meeting(rows[0].url, rows[0].opened_at) if rows else None


def forget_before(tx: Transaction, office: str, day: date) -> int:
    """Delete where an office's visits of the days before `day` have met. Returns how many."""
    return tx.change(
        meetings.delete().where(meetings.c.office == office, meetings.c.date < day)
    ).rowcount
