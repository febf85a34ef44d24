"""Giving a visit up before it has begun."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking import steps
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.door.admission import admit_who_fit
from queue_server.services.places import places
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def cancel(
    tx: Transaction,
    ticket: str,
    by: str,
    chance: float,
    now: datetime,
    *,
    reason: str | None = None,
) -> Ticket:
    """Cancel a visit; its places are kept back for a while and then free for all. Raises
    `UnknownTicket`, `WrongState`.

    `chance` in [0, 1), drawn by the caller, picks how long they are kept back. `reason` is the code
    of why the visitor or the office cancels it; the event keeps it.
    """
    before = ticket_store.get(tx, ticket)
    after, event = steps.cancel(before, now)
    saved = ticket_store.save(tx, before, after, event.adding(by=by, reason=reason))
    places.keep_back(tx, before, saved, chance, now)
    if before.place is not None:
        admit_who_fit(tx, saved.office, saved.date, now)
    return saved
