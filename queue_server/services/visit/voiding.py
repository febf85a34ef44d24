"""A card that is another person's: the booked visit ends, its places go on, and its booker's count
of missed visits goes up.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.booker import Showing, Where, decide_void
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import TRANSITIONS, Action
from queue_server.services.door.admission import admit_who_fit
from queue_server.services.places import places
from queue_server.services.places.no_shows import count_missed
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction


def void(tx: Transaction, office: str, ticket: str, where: Where, by: str, now: datetime) -> Step:
    """End a booked visit because the card shown at a desk is another person's: the visit after it,
    and the event. Undone as any step at a counter, also by who oversees the office.

    Raises `UnknownTicket`, `NoBooking`, `WrongDay`, `Paused`, `NotYourTicket`, `WrongState`.
    """
    before = ticket_store.get(tx, ticket, office)
    showing = Showing(where, by, tx.office(office).date_at(now))
    now = tx.time_on(office, before.date, now)
    step = decide_void(before, showing, tx.day(office, before.date).paused, now)
    after, event = ticket_store.save(tx, before, *step), step[1]
    count_missed(tx, after, now)
    places.free(tx, office, before.date, before.claim, now)
    if before.place is not None:
        admit_who_fit(tx, office, before.date, now)
    return after, event


def find_void(reader: Reader, ticket: Ticket) -> Event | None:
    """How a visit was voided, if that is how it ended and nobody has taken it back."""
    if ticket.state is not TRANSITIONS[Action.VOID].target:
        return None
    types = (EventType.VOIDED, EventType.UNDONE)
    steps = event_store.list_of_tickets(reader, ticket.office, [ticket.id], types)
    return steps[-1] if steps and steps[-1].type is EventType.VOIDED else None
