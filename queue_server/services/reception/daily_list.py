"""The bookings of a day as a list on paper, for the day on which the computer dies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.identity import mask_name
from queue_server.services.shown import service_of
from queue_server.store.visit import daily_list as list_store
from queue_server.store.writer.database import Database


@dataclass(frozen=True)
class ListedBooking:
    """A booking as it stands on the paper: the start by the office's clock, the name masked."""

    starts: time
    letter: str
    service: str
    name: str
    last4: str
    party_size: int
    number: str


def next_day(office: Office, now: datetime) -> date | None:
    """The date after today on which the office opens next; None if not within two months."""
    opens = office.next_opening(now)
    while opens is not None and office.date_at(opens) == office.date_at(now):
        opens = office.next_opening(opens)
    return None if opens is None else office.date_at(opens)


def list_day(
    database: Database, office: Office, day: date, language: str, by: str, now: datetime
) -> tuple[ListedBooking, ...]:
    """The bookings of a day that are still to come or wait, in order of their time.

    That somebody has taken the list is in today's log, with how many it holds.
    """
    with database.read() as connection:
        rows = list_store.list_bookings(connection, office.code, day)
    today = office.date_at(now)
    facts = {"by": by, "date": day.isoformat(), "listed": len(rows)}
    database.write(
        [(office.code, today)],
        lambda tx: tx.record(Event(EventType.DAY_LISTED, office.code, today, now, None, facts)),
    )
    listed = []
    for ticket, name, last4 in rows:
        words = service_of(office, ticket.service).name
        assert ticket.slot is not None, "only visits with a time are listed"
        listed.append(
            ListedBooking(
                office.local(ticket.slot).time(),
                ticket.letter,
                words.get(language) or words.get("id", ""),
                mask_name(name),
                last4,
                ticket.party_size,
                ticket.number or "",
            )
        )
    return tuple(listed)
