"""Looking back at the calls of an office-day, from its log alone."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date

from sqlalchemy.engine import Connection

from queue_server.domain.counter.call_log import Explained, explain_calls
from queue_server.domain.events import RecordedEvent
from queue_server.domain.office.office import Office
from queue_server.store.visit import events as event_store

PAGE = 1_000


def explain_day(
    connection: Connection, office: Office, day: date, only: Container[int] | None = None
) -> list[Explained]:
    """The calls of an office-day with what the log says of each; `only` names those wanted by their
    sequence numbers.
    """
    return explain_calls(_events_of(connection, office.code, day), office, only)


def _events_of(connection: Connection, office: str, day: date) -> Iterator[RecordedEvent]:
    seq = 0
    while page := event_store.list_after(connection, office, day, seq, PAGE):
        yield from page
        seq = page[-1].seq
