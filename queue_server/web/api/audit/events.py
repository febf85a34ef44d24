"""The log of an office-day, with the chain that proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from queue_server.domain import errors
from queue_server.domain.audit.chain import LogRow
from queue_server.domain.office.office import Office
from queue_server.store.audit import log_rows
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import AUDITORS
from queue_server.web.edge.bodies.audit import EventsQuery
from queue_server.web.edge.context import context, find_office, now


@dataclass(frozen=True)
class EventView:
    """One event: `seq` 1, 2, 3 … without gaps on its day, `facts` as the log keeps them, and
    `chain`, the hash of this event after the one before; null for the last seconds, before it is
    made.
    """

    seq: int
    type: str
    ticket: str | None
    at: str
    facts: Mapping[str, Any]
    chain: str | None


@dataclass(frozen=True)
class EventList:
    """All that happened on a day, in order. `next` is the cursor of a further page."""

    office: str
    date: str
    events: tuple[EventView, ...]
    next: str | None = None


@operation(
    "GET",
    "/offices/{office}/events",
    access=AUDITORS,
    tag="audit",
    query=EventsQuery,
    answers={200: EventList},
    refusals=[errors.UnknownOffice],
)
def list_events(office: str, query: EventsQuery) -> EventList:
    """List every event of a day with its facts and its place in the chain of hashes."""
    admit_office(office)
    the_office = find_office(office)
    day = (query.date or the_office.date_at(now())).isoformat()
    after = int(query.cursor or 0)
    with context().database.read() as connection:
        rows = log_rows.list_rows(connection, office, day, after, query.limit + 1)
    page = rows[: query.limit]
    return EventList(
        office,
        day,
        tuple(_view_event(the_office, each) for each in page),
        str(page[-1].seq) if len(rows) > len(page) else None,
    )


def _view_event(office: Office, row: LogRow) -> EventView:
    """The moment keeps its microseconds: the chain is made of them."""
    at = office.local(datetime.fromisoformat(row.at)).isoformat(timespec="microseconds")
    chain = None if row.hash is None else row.hash.hex()
    return EventView(row.seq, row.type, row.ticket, at, row.facts, chain)
