"""What visitors are told after an event by itself: owed by the reaction to it, once for each
ticket, kind and occasion, however often the reaction runs.

It is not owed by the command: a booking in a rush, or a call, then costs nothing more for it, and
the relay finds the event of a process that died.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.counter.steps import undo_closes_at
from queue_server.domain.events import Event, EventType, RecordedEvent
from queue_server.domain.messages.message import (
    ABOUT_A_TIME,
    Message,
    MessageChannel,
    MessageKind,
    MessageState,
    mark_time,
    name_message,
)
from queue_server.domain.messages.owed import (
    FOLLOWS,
    FROM_HOME,
    LETTER_AFTER,
    MOVES_THE_LINE,
    Reach,
    choose_meeting_way,
    choose_way,
    follows,
)
from queue_server.domain.messages.timing import plan_reminders, when_stale
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.store.booking.stranded import list_visitors
from queue_server.store.counter import line
from queue_server.store.messages import messages as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .queueing import occasion_of, reach_of

Ways = Collection[MessageChannel]
"""The channels that this server has."""


def follow_event(database: Database, recorded: RecordedEvent, ways: Ways, now: datetime) -> int:
    """Owe what follows an event. Returns how many messages that made. Reads first, so that an event
    about nobody who can be told writes nothing, nor one that was followed before.
    """
    event = recorded.event
    if event.ticket is None or not ways:
        return 0
    with database.read() as connection:
        owed = _list_following(database, connection, recorded, ways, now)
        if event.type in MOVES_THE_LINE:
            owed += _list_ahead(database, connection, event, ways, now)
        owed = message_store.leave_known_out(connection, owed)
    if not owed:
        return 0

    def write(tx: Transaction) -> int:
        return sum(message_store.add_once(tx, each) for each in owed)

    return database.write([], write)


def _list_following(
    database: Database, connection: Connection, recorded: RecordedEvent, ways: Ways, now: datetime
) -> list[Message]:
    event = recorded.event
    if event.ticket is None or not {event.type} & (FOLLOWS.keys() | FROM_HOME.keys()):
        return []
    visitor = ticket_store.find_visitor(connection, event.office, event.ticket)
    if visitor is None:
        return []
    ticket = ticket_store.find(connection, event.ticket, event.office)
    kind, reach = follows(event.type, ticket.kind), reach_of(visitor)
    if kind is None:
        return []
    # Named by what has become of the booking: who has moved twice before the first event is looked
    # at hears of it once, and who has moved at once gets no confirmation of the earlier time.
    occasion = str(ticket.reschedules) if kind in ABOUT_A_TIME else occasion_of(recorded)
    is_overtaken = kind is MessageKind.CONFIRMATION and ticket.reschedules > 0
    owed = []
    if not is_overtaken and not _has_owed(connection, recorded, ticket):
        span = None
        if event.type is EventType.VOIDED:
            # Nobody hears of a void that may still be taken back.
            office = database.offices.get(connection, event.office)
            span = undo_closes_at(event.at, office.rules), None
        owed.append(_owe(ticket, kind, occasion, reach, ways, event, now, span=span))
    if kind in ABOUT_A_TIME and ticket.state is State.BOOKED and ticket.slot is not None:
        office = database.offices.get(connection, event.office)
        hours = office.rules.messages.reminder_hours
        owed += [
            _owe(
                ticket,
                MessageKind.REMINDER,
                each.name,
                reach,
                ways,
                event,
                now,
                span=(each.due_at, each.stale_at),
            )
            for each in plan_reminders(ticket.slot, hours, office.tz, now)
        ]
    return [each for each in owed if each is not None]


def _has_owed(connection: Connection, recorded: RecordedEvent, ticket: Ticket) -> bool:
    """Whether the event's command has owed what is to be said of it: the office did it."""
    kind = LETTER_AFTER.get(recorded.event.type)
    if kind is None:
        return False
    id = name_message(ticket.id, kind, occasion_of(recorded))
    return message_store.is_known(connection, id)


def _list_ahead(
    database: Database, connection: Connection, event: Event, ways: Ways, now: datetime
) -> list[Message]:
    """Those near the head of the line in which something has moved, who asked to be told."""
    office = database.offices.get(connection, event.office)
    if event.ticket is None or event.date != office.date_at(now):
        return []
    letter = ticket_store.find(connection, event.ticket, event.office).letter
    most = office.rules.messages.ahead_parties + 1
    near = line.list_first(connection, event.office, event.date, letter, most)
    visitors = list_visitors(connection, event.office, [each.id for each in near])
    owed = [
        _owe(each, MessageKind.AHEAD, "", reach_of(visitors.get(each.id)), ways, event, now)
        for each in near
    ]
    return [each for each in owed if each is not None]


def _owe(
    ticket: Ticket,
    kind: MessageKind,
    occasion: str,
    reach: Reach,
    ways: Ways,
    event: Event,
    now: datetime,
    *,
    span: tuple[datetime, datetime | None] | None = None,
) -> Message | None:
    meets = event.type is EventType.MEETING_OPENED
    channel = choose_meeting_way(reach, ways) if meets else choose_way(kind, reach, ways)
    if channel is None:
        return None
    name = f"{mark_time(ticket.slot)}-{occasion}" if kind in ABOUT_A_TIME else occasion
    due_at, stale_at = span or (None, when_stale(kind, event.at, ticket.slot))
    if stale_at is not None and stale_at <= now:
        return None
    return Message(
        name_message(ticket.id, kind, name),
        ticket.office,
        ticket.id,
        kind,
        name,
        channel,
        MessageState.QUEUED,
        now,
        due_at,
        stale_at,
    )
