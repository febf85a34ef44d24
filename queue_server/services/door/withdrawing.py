"""Taking back what a kiosk asked for on behalf of a visitor who left before the answer came, so
that no number is called that nobody holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from queue_server.domain.booking import steps as booking_steps
from queue_server.domain.door.offline import was_called
from queue_server.domain.errors import UnknownTicket
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import TRANSITIONS, Action
from queue_server.services.places import places
from queue_server.store import idempotency as answer_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

NOBODY = "nobody"
"""What stands in place of a request that is withdrawn."""


def withdraw(tx: Transaction, office: str, scope: str, key: str, now: datetime) -> bool:
    """Take back the walk-in that was asked for under a key of `scope`, and refuse the request if it
    comes late. Returns whether a ticket was taken out of the queue now.

    Who was called meanwhile stays: the clerk ends that visit. A booking that was checked in stays,
    because its visitor holds its code and may come back. Must declare today of the office.
    """
    answer, by = answer_store.supersede(tx, scope, key, NOBODY, now)
    id = find_ticket_id(answer)
    if by != NOBODY or id is None:
        return False
    try:
        ticket = ticket_store.find(tx, id, office)
    except UnknownTicket:
        return False
    today = tx.office(office).date_at(now)
    if ticket.slot is not None or ticket.date != today or was_called(ticket):
        return False
    return void_unseen(tx, ticket, tx.time_on(office, today, now), {"reason": "withdrawn"})


def void_unseen(tx: Transaction, ticket: Ticket, now: datetime, facts: Mapping[str, Any]) -> bool:
    """Take a number out of the queue that its visitor never saw, with its places. False where it
    can no longer be cancelled.
    """
    if ticket.state not in TRANSITIONS[Action.CANCEL].sources:
        return False
    after, event = booking_steps.cancel(ticket, now)
    ticket_store.save(tx, ticket, after, replace(event, facts={**event.facts, **facts}))
    places.give_back(tx, ticket.office, ticket.date, ticket.claim)
    return True


def find_ticket_id(answer: Any) -> str | None:
    """The id of the ticket that an answer to a kiosk tells of."""
    if not isinstance(answer, dict) or "text" not in answer:
        return None
    told = json.loads(answer["text"])
    id = told.get("id") if isinstance(told, dict) else None
    return id if isinstance(id, str) else None
