"""Visitors who must be told by hand that the office has taken their time, moved them or cancelled
their visit: whom to ring, about what, and what to offer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.booking.moving import moved_from
from queue_server.domain.events import Event, EventType
from queue_server.domain.messages.message import Message, MessageKind
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking.stranded import propose_moves
from queue_server.store.booking.stranded import list_tickets, list_visitors
from queue_server.store.messages import by_hand
from queue_server.store.visit import events as event_store
from queue_server.store.writer.database import Database

CALLS_MAX = 500
"""Calls on one list: more than anybody rings in a day."""


@dataclass(frozen=True)
class Call:
    """Somebody to ring, about a message that is owed. `lost_at` is the time that the office took,
    `kept_at` the one it has given instead, `proposed` one that is free.
    """

    message: Message
    ticket: Ticket
    visitor: Visitor | None
    lost_at: datetime | None
    kept_at: datetime | None = None
    proposed: datetime | None = None


def list_calls(
    connection: Connection, office: Office, proposed: Mapping[str, datetime], most: int
) -> list[Call]:
    """Whom to ring, the oldest message first, at most so many; `proposed` are the times that are
    free for bookings, by ticket.
    """
    messages = by_hand.list_calls(connection, office.code, most)
    ids = list(dict.fromkeys(each.ticket for each in messages))
    tickets = list_tickets(connection, office.code, ids)
    visitors = list_visitors(connection, office.code, ids)
    moved = [each.ticket for each in messages if each.kind is MessageKind.MOVED]
    moves: dict[str | None, list[Event]] = defaultdict(list)
    for event in event_store.list_of_tickets(
        connection, office.code, moved, (EventType.RESCHEDULED,)
    ):
        moves[event.ticket].append(event)
    calls = []
    for message in messages:
        ticket = tickets[message.ticket]
        is_moved = message.kind is MessageKind.MOVED
        calls.append(
            Call(
                message,
                ticket,
                visitors.get(ticket.id),
                moved_from(ticket, moves[ticket.id]) if is_moved else ticket.slot,
                ticket.slot if is_moved else None,
                proposed.get(ticket.id) if message.kind is MessageKind.STRANDED else None,
            )
        )
    return calls


def take_calls(
    database: Database, office: Office, format: str, by: str, now: datetime
) -> list[Call]:
    """All whom to ring, at most CALLS_MAX, to be taken away on paper. That somebody has taken the
    list is in today's log, with how many it holds.
    """
    with database.read() as connection:
        moves = propose_moves(connection, office, now)
        proposed = {each.ticket.id: each.slot for each in moves if each.slot is not None}
        calls = list_calls(connection, office, proposed, CALLS_MAX)
    today = office.date_at(now)
    facts = {"by": by, "listed": len(calls), "format": format}
    database.write(
        [(office.code, today)],
        lambda tx: tx.record(Event(EventType.CALLS_LISTED, office.code, today, now, None, facts)),
    )
    return calls
