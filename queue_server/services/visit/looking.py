"""Looks at the persons of visits: who booked the visit that stands here, for the eyes of this desk
alone, and the one way in which the log keeps that somebody looked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.engine import Connection

from queue_server.domain.events import Event, EventType
from queue_server.domain.privacy.looking import stands_out
from queue_server.domain.visit.booker import Showing, Where, admit_look
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction

LOOKS = (EventType.BOOKER_SHOWN, EventType.CONTACT_SHOWN, EventType.NAMES_SEARCHED)
"""What tells that a member of staff has seen whose visits there are."""


class Known(StrEnum):
    """What is known of who booked. WALK_IN: the number was taken at the door, without a name;
    ERASED: the person's data are deleted.
    """

    BOOKED = "BOOKED"
    WALK_IN = "WALK_IN"
    ERASED = "ERASED"


@dataclass(frozen=True)
class Booker:
    """Who booked a visit. `last4` are the last characters of the number of the `document`;
    `represented`: somebody else comes for who is named here. All None where `known` is not BOOKED.
    """

    ticket: str
    known: Known
    name: str | None = None
    last4: str | None = None
    document: str | None = None
    represented: bool = False


@dataclass(frozen=True)
class Looks:
    """How often one person looked on a day: at visits by desk, at numbers to ring, for names.
    `stands_out`: more often than one desk has visitors.
    """

    by: str
    at: Counter[Where]
    numbers: int
    searches: int
    stands_out: bool


def show_booker(
    database: Database, office: str, ticket: str, where: Where, by: str, now: datetime
) -> Booker:
    """Who booked the visit that a desk has before it. The log keeps the first look of each person,
    never the name.

    Raises `UnknownTicket`, `WrongDay`, `WrongState`, `NotYourTicket`.
    """
    showing = Showing(where, by, database.find_office(office).date_at(now))
    with database.read() as connection:
        about = _find(connection, office, ticket, showing)
        seen = _view(connection, about)
        if seen.known is not Known.BOOKED:
            return seen
        if _has_looked(connection, about, EventType.BOOKER_SHOWN, by):
            return seen

    def look(tx: Transaction) -> Booker:
        about = _find(tx, office, ticket, showing)
        note_look(tx, about, EventType.BOOKER_SHOWN, by, now, where=where.value)
        return _view(tx, about)

    return database.write([(office, about.date)], look)


def _find(reader: Reader, office: str, ticket: str, showing: Showing) -> Ticket:
    about = ticket_store.find(reader, ticket, office)
    admit_look(about, showing)
    return about


def _view(reader: Reader, ticket: Ticket) -> Booker:
    if ticket.slot is None:
        return Booker(ticket.id, Known.WALK_IN)
    visitor = ticket_store.find_visitor(reader, ticket.office, ticket.id)
    if visitor is None:
        return Booker(ticket.id, Known.ERASED)
    return Booker(
        ticket.id,
        Known.BOOKED,
        visitor.name,
        visitor.nik_last4,
        visitor.document.value,
        visitor.represented,
    )


def note_look(
    tx: Transaction, ticket: Ticket, type: EventType, by: str, now: datetime, **facts: str | None
) -> None:
    """Keep that somebody has looked at who a visit is about: once for each person, visit and kind
    of look.
    """
    if not _has_looked(tx, ticket, type, by):
        told = {"number": ticket.number, "by": by, "counter": ticket.counter, **facts}
        tx.record(Event(type, ticket.office, ticket.date, now, ticket.id, told))


def note_search(
    tx: Transaction, office: str, today: date, by: str, fitting: int, now: datetime
) -> None:
    """Keep that somebody has searched bookings by name, and how many fitted."""
    facts = {"by": by, "found": fitting}
    tx.record(Event(EventType.NAMES_SEARCHED, office, today, now, None, facts))


def _has_looked(reader: Reader, ticket: Ticket, type: EventType, by: str) -> bool:
    looks = event_store.list_of_tickets(reader, ticket.office, [ticket.id], [type])
    return any(each.facts.get("by") == by for each in looks)


def count_looks(connection: Connection, office: str, day: date) -> list[Looks]:
    """Everybody who looked at visitors on a day and how often, who looked most first."""
    by_person: dict[str, list[Event]] = defaultdict(list)
    for each in event_store.list_of_types(connection, office, day, LOOKS):
        by_person[str(each.event.facts.get("by", ""))].append(each.event)
    return sorted(
        (_count(by, events) for by, events in by_person.items()),
        key=lambda each: (-each.at.total() - each.numbers - each.searches, each.by),
    )


def _count(by: str, events: list[Event]) -> Looks:
    kinds = Counter(each.type for each in events)
    shown = [each.facts["where"] for each in events if each.type is EventType.BOOKER_SHOWN]
    at = Counter(map(Where, shown))
    numbers, searches = kinds[EventType.CONTACT_SHOWN], kinds[EventType.NAMES_SEARCHED]
    return Looks(by, at, numbers, searches, stands_out(at.total() + numbers, searches))
