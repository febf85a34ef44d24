"""Groups of bookings that look like one hand behind many names: listing them, and voiding those
that a manager has judged."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.booking import steps
from queue_server.domain.booking.anomalies import Group, find_groups
from queue_server.domain.events import EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.bulk import Step
from queue_server.services.messages.queueing import queue_message
from queue_server.services.places import places
from queue_server.services.places.ticket_ids import draw_chance
from queue_server.store.booking import anomalies as anomaly_store
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from . import cancelling

MOST_LOOKED_AT = 10_000
MOST = 500
"""Bookings that are voided at once; what is left is shown after it."""


def list_groups(connection: Connection, office: Office, now: datetime) -> list[Group]:
    """The groups among the visits to come that are worth a look, the largest first."""
    return find_groups(
        anomaly_store.list_traces(connection, office.code, office.date_at(now), MOST_LOOKED_AT)
    )


def void(
    tx: Transaction, office: str, ticket: str, by: str, reason: str, chance: float, now: datetime
) -> bool:
    """Cancel a booking, owing its holder a message, or end a hold. Must declare its day.

    False, and nothing changed, for a visit that is over, has begun, or is held for somebody on the
    waitlist.
    """
    before = ticket_store.get(tx, ticket, office)
    if before.state in (State.BOOKED, State.STRANDED):
        queue_message(
            tx,
            cancelling.cancel(tx, ticket, by, chance, now, reason=reason),
            EventType.CANCELLED,
            now,
        )
        return True
    if (
        before.state is not State.HELD
        or waitlist_store.find_offered(tx, office, ticket) is not None
    ):
        return False
    after, event = steps.expire(before, now, withdrawn=True)
    ticket_store.save(tx, before, after, event.adding(by=by, reason=reason))
    places.free(tx, office, before.date, before.claim, now)
    return True


def plan_void(office: Office, ticket: Ticket, by: str, reason: str, now: datetime) -> Step:
    """`void` as a step of a bulk action."""
    take = partial(
        void,
        office=office.code,
        ticket=ticket.id,
        by=by,
        reason=reason,
        chance=draw_chance(),
        now=now,
    )
    return Step(ticket.id, ((office.code, ticket.date),), take)
