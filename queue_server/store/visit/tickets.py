"""Tickets and the visitors behind bookings: rows to values and back, found, added and saved with
their events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from queue_server.domain.booking.person_limits import LiveBooking
from queue_server.domain.errors import Changed, UnknownCode, UnknownTicket
from queue_server.domain.events import Event
from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.claim import Pool
from queue_server.domain.visit.clock import JUMP
from queue_server.domain.visit.identity import Document, Need, Visitor
from queue_server.domain.visit.office_day import follow
from queue_server.domain.visit.ticket import Channel, Origin, Place, Ticket
from queue_server.domain.visit.transitions import LIVE_STATES, State
from queue_server.domain.visit.turn import TurnBasis
from queue_server.store.tables import leased_numbers, tickets, visitors
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.reader import Reader, ask, ask_rows
from queue_server.store.writer.transaction import Transaction

TICKET_COLUMNS = [tickets.c[each.name] for each in fields(Ticket)]
_ENUMS: dict[int, type[StrEnum]] = {
    index: kind
    for index, each in enumerate(fields(Ticket))
    for name, kind in (
        ("state", State),
        ("origin", Origin),
        ("channel", Channel),
        ("place", Place),
        ("turn_basis", TurnBasis),
        ("pool", Pool),
        ("kind", VisitKind),
    )
    if each.name == name
}
TICKET_NAMES = [each.name for each in fields(Ticket)]
VISITOR_NAMES = [each.name for each in fields(Visitor)]

_values_of = attrgetter(*TICKET_NAMES)
_person_of = attrgetter(*VISITOR_NAMES)


def ticket_from_row(row: Sequence[Any]) -> Ticket:
    return _ticket_from_values(list(row))


def _ticket_from_values(values: list[Any]) -> Ticket:
    for index, kind in _ENUMS.items():
        if values[index] is not None:
            values[index] = kind(values[index])
    return Ticket(*values)


def _row_from_ticket(ticket: Ticket) -> dict[str, Any]:
    values = list(_values_of(ticket))
    for index in _ENUMS:
        if values[index] is not None:
            values[index] = values[index]._value_
    return dict(zip(TICKET_NAMES, values, strict=True))


_IN_OFFICE = tickets.c.office == sa.bindparam("b_office")
_OF_ID = sa.select(*TICKET_COLUMNS).where(tickets.c.id == sa.bindparam("b_id"))
_OF_CODE = sa.select(*TICKET_COLUMNS).where(tickets.c.code == sa.bindparam("b_code"))
_BY_ID, _BY_ID_IN = Compiled(_OF_ID), Compiled(_OF_ID.where(_IN_OFFICE))
_BY_CODE, _BY_CODE_IN = Compiled(_OF_CODE), Compiled(_OF_CODE.where(_IN_OFFICE))


def find(reader: Reader, id: str, office: str | None = None) -> Ticket:
    """A ticket, with `office` of that one only: another's is as unknown as none. Raises
    `UnknownTicket`.
    """
    query = _BY_ID if office is None else _BY_ID_IN
    rows = ask_rows(reader, query, {"b_id": id, "b_office": office}, seeing=tickets)
    if not rows:
        raise UnknownTicket(ticket=id)
    return ticket_from_row(rows[0])


def find_by_code(reader: Reader, code: str, office: str | None = None) -> Ticket:
    """A ticket by its secret code, with `office` of that one only. Raises `UnknownCode`."""
    query = _BY_CODE if office is None else _BY_CODE_IN
    rows = ask_rows(reader, query, {"b_code": code, "b_office": office}, seeing=tickets)
    if not rows:
        raise UnknownCode()
    return ticket_from_row(rows[0])


def find_by_number(connection: Connection, office: str, day: date, number: str) -> Ticket:
    """The ticket with a number of an office-day, or the one to which the number on a kiosk's paper
    leads. Raises `UnknownCode`.
    """
    statement = sa.select(*TICKET_COLUMNS).where(tickets.c.office == office)
    row = connection.execute(
        statement.where(tickets.c.date == day, tickets.c.number == number)
    ).one_or_none()
    if row is None and number[1:].isdigit():
        on_paper = sa.select(leased_numbers.c.ticket).where(
            leased_numbers.c.office == office,
            leased_numbers.c.date == day,
            leased_numbers.c.letter == number[:1],
            leased_numbers.c.sequence == int(number[1:]),
        )
        row = connection.execute(
            statement.where(tickets.c.id == on_paper.scalar_subquery())
        ).one_or_none()
    if row is None:
        raise UnknownCode()
    return ticket_from_row(row)


def has_number(tx: Transaction, office: str, day: date, number: str) -> bool:
    """Whether a number was given on an office-day."""
    statement = sa.select(tickets.c.id).where(
        tickets.c.office == office, tickets.c.date == day, tickets.c.number == number
    )
    return tx.read(statement, seeing=tickets).first() is not None


def count_walk_ins(reader: Reader, office: str, day: date, letter: str) -> int:
    """How many numbers a stream has given on an office-day to those without a booking."""
    statement = sa.select(sa.func.count()).where(
        tickets.c.office == office,
        tickets.c.date == day,
        tickets.c.letter == letter,
        tickets.c.slot.is_(None),
        tickets.c.number.is_not(None),
    )
    return int(ask(reader, statement, seeing=tickets).scalar_one())


def get(tx: Transaction, id: str, office: str | None = None) -> Ticket:
    """`find` of a ticket that a command is to change: of a day that it has declared.

    Raises `UnknownTicket`, and `Changed` where it was moved to another day after the command had
    looked which to declare.
    """
    ticket = find(tx, id, office)
    if (ticket.office, ticket.date) not in tx.days:
        raise Changed(ticket=id)
    return ticket


def add(tx: Transaction, ticket: Ticket, event: Event, visitor: Visitor | None = None) -> Ticket:
    """Store a new ticket with its event, and the visitor of a booking."""
    tx.insert(tickets, _row_from_ticket(ticket))
    if visitor is not None:
        add_visitor(tx, ticket, visitor)
    tx.put_day(follow(tx.day(ticket.office, ticket.date), None, ticket, event.at))
    tx.record(event)
    return ticket


def add_visitor(tx: Transaction, ticket: Ticket, visitor: Visitor) -> None:
    """Store who is behind a booking."""
    tx.insert(visitors, {"ticket": ticket.id, "office": ticket.office, **visitor_to_row(visitor)})


def visitor_to_row(visitor: Visitor) -> dict[str, Any]:
    """The columns of a person."""
    return {
        **asdict(visitor),
        "document": visitor.document.value,
        "needs": " ".join(each.value for each in visitor.needs),
    }


@cache
def _update_of(names: tuple[str, ...]) -> Compiled:
    return Compiled(
        tickets.update()
        .where(
            tickets.c.id == sa.bindparam("b_id"),
            _IN_OFFICE,
            tickets.c.version == sa.bindparam("b_version"),
        )
        .values({name: sa.bindparam(f"n_{name}", type_=tickets.c[name].type) for name in names})
    )


def save(tx: Transaction, before: Ticket, after: Ticket, event: Event) -> Ticket:
    """Store a ticket's step with its event. Raises `Changed` if the row is no longer the one the
    step started from.
    """
    old, new = _row_from_ticket(before), _row_from_ticket(after)
    changed = tuple(name for name in TICKET_NAMES if old[name] != new[name])
    parameters = {f"n_{name}": new[name] for name in changed}
    if (
        tx.run(
            _update_of(changed),
            {
                "b_id": before.id,
                "b_office": before.office,
                "b_version": before.version,
                **parameters,
            },
        )
        != 1
    ):
        raise Changed(ticket=before.id)
    if before.date == after.date:
        tx.put_day(follow(tx.day(after.office, after.date), before, after, event.at))
    tx.record(event)
    return after


_VISITOR = Compiled(
    sa.select(visitors).where(
        visitors.c.office == sa.bindparam("b_office"), visitors.c.ticket == sa.bindparam("b_ticket")
    )
)


def find_visitor(reader: Reader, office: str, ticket: str) -> Visitor | None:
    """Who is behind a booking of an office, or None for a walk-in."""
    rows = ask_rows(reader, _VISITOR, {"b_office": office, "b_ticket": ticket}, seeing=visitors)
    return visitor_from_row(rows[0]) if rows else None


def list_named(
    connection: Connection, office: str, day: date, last4: str | None = None
) -> list[tuple[Ticket, str]]:
    """The bookings of an office-day whose visitor is still to come or waits, with the visitor's
    name, in order of their time. With the last four characters of the visitor's NIK, passport or
    phone those of that day and later.
    """
    if last4 is None:
        which = tickets.c.date == day
    else:
        which = sa.and_(
            tickets.c.date >= day,
            sa.or_(
                visitors.c.nik_last4 == last4.upper(),
                visitors.c.phone.endswith(last4, autoescape=True),
            ),
        )
    statement = (
        sa.select(*TICKET_COLUMNS, visitors.c.name.label("visitor_name"))
        .select_from(tickets.join(visitors, visitors.c.ticket == tickets.c.id))
        .where(
            tickets.c.office == office,
            which,
            visitors.c.office == office,
            tickets.c.state.in_([State.BOOKED.value, State.WAITING.value]),
            tickets.c.slot.is_not(None),
        )
        .order_by(tickets.c.slot, tickets.c.id)
    )
    return [
        (_ticket_from_values(list(row)[:-1]), str(row[-1])) for row in connection.execute(statement)
    ]


def visitor_from_row(row: Row[Any]) -> Visitor:
    """The person of a row that has the columns of one; a row from before a column was added says
    nothing in it.
    """
    person = Visitor(*_person_of(row))
    return replace(
        person,
        document=Document(row.document or Document.NIK),
        needs=tuple(map(Need, (row.needs or "").split())),
        represented=bool(row.represented),
        reminders=bool(row.reminders),
    )


def list_live_bookings(
    tx: Transaction, office: str, fingerprint: str, phone: str | None
) -> list[LiveBooking]:
    """Live bookings of an office that share a NIK fingerprint or a phone.

    On PostgreSQL other processes may book for the same person or phone on another day, so both are
    locked too.
    """
    lock_person(tx, fingerprint)
    if phone is not None:
        lock_person(tx, phone)
    return peek_live_bookings(tx, office, fingerprint, phone)


def lock_person(tx: Transaction, mark: str) -> None:
    """Let nobody else book for this NIK fingerprint or phone until the commit. SQLite has one
    writer, so nobody does.
    """
    if tx.dialect == "postgresql":
        tx.read(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(mark, 0))))


def peek_live_bookings(
    tx: Transaction, office: str, fingerprint: str, phone: str | None
) -> list[LiveBooking]:
    """`list_live_bookings` without the lock: good enough to spare somebody a useless offer."""
    rows = tx.read(_LIVE_BOOKINGS, {"office": office, "fingerprint": fingerprint, "phone": phone})
    return [
        LiveBooking(
            row.service,
            row.nik_fingerprint == fingerprint,
            phone is not None and row.phone == phone,
            row.date,
            row.party_size,
        )
        for row in rows
    ]


# The office is asked of the visitor and not of the ticket: any further condition on tickets tempts
# SQLite's planner to walk all tickets of the office instead of the few of this person.
_OF_PERSON = (
    visitors.c.office == sa.bindparam("office"),
    sa.or_(
        visitors.c.nik_fingerprint == sa.bindparam("fingerprint"),
        visitors.c.phone == sa.bindparam("phone", type_=sa.Text),
    ),
    tickets.c.state.in_([state.value for state in sorted(LIVE_STATES)]),
)
_LIVE_BOOKINGS = (
    sa.select(
        tickets.c.service,
        tickets.c.date,
        tickets.c.party_size,
        visitors.c.nik_fingerprint,
        visitors.c.phone,
    )
    .select_from(visitors.join(tickets, visitors.c.ticket == tickets.c.id))
    .where(*_OF_PERSON)
)


def _has_run_out(now: datetime) -> sa.ColumnElement[bool]:
    """`domain.booking.steps.has_run_out` of the table's holds."""
    return sa.or_(tickets.c.expires_at <= now, tickets.c.created_at > now + JUMP)


def list_live_contacts(
    tx: Transaction, office: str, fingerprint: str, phone: str | None
) -> list[tuple[Ticket, str]]:
    """Live bookings of an office that share a NIK fingerprint or a phone and have an e-mail
    address, with it; the nearest first.
    """
    statement = (
        sa.select(*TICKET_COLUMNS, visitors.c.email.label("visitor_email"))
        .select_from(visitors.join(tickets, visitors.c.ticket == tickets.c.id))
        .where(*_OF_PERSON, visitors.c.email.is_not(None))
        .order_by(tickets.c.slot, tickets.c.id)
    )
    rows = tx.read(statement, {"office": office, "fingerprint": fingerprint, "phone": phone})
    return [(_ticket_from_values(list(row)[:-1]), str(row[-1])) for row in rows]


def list_with_contact(reader: Reader, address: str) -> list[Ticket]:
    """Every visit that was booked with an e-mail address or telephone number and whose visitor is
    known, in order of their time.
    """
    statement = (
        sa.select(*TICKET_COLUMNS)
        .select_from(visitors.join(tickets, visitors.c.ticket == tickets.c.id))
        .where(
            visitors.c.email.in_({address, address.lower()})
            if "@" in address
            else visitors.c.phone == address
        )
        .order_by(tickets.c.slot, tickets.c.id)
    )
    return [ticket_from_row(row) for row in ask(reader, statement, seeing=visitors)]


def list_expired_holds(tx: Transaction, office: str, day: date, now: datetime) -> list[Ticket]:
    """Holds of an office-day that have run out, the oldest first."""
    statement = sa.select(*TICKET_COLUMNS).where(
        tickets.c.expires_at.is_not(None),
        _has_run_out(now),
        tickets.c.state == State.HELD.value,
        tickets.c.office == office,
        tickets.c.date == day,
    )
    ordered = statement.order_by(tickets.c.expires_at, tickets.c.id)
    return [ticket_from_row(row) for row in tx.read(ordered, seeing=tickets)]


_NEXT_EXPIRY = Compiled(
    # Only holds have such a moment, and they are few: their index is the one to use, not one of all
    # tickets of the day.
    sa.select(tickets.c.expires_at)
    .where(
        tickets.c.expires_at.is_not(None),
        tickets.c.office.concat("") == sa.bindparam("office"),
        tickets.c.date == sa.bindparam("date"),
    )
    .order_by(tickets.c.expires_at)
    .limit(sa.literal_column("1"))
)


def next_expiry(tx: Transaction, office: str, day: date) -> datetime | None:
    """When the first hold of an office-day runs out, or ran out."""
    rows = tx.rows(_NEXT_EXPIRY, {"office": office, "date": day}, seeing=tickets)
    return rows[0].expires_at if rows else None


_CLAIMING = sa.select(*TICKET_COLUMNS).where(
    tickets.c.office == sa.bindparam("office"),
    tickets.c.date == sa.bindparam("date"),
    tickets.c.claim_at.is_not(None),
)


def list_claiming(reader: Reader, office: str, day: date) -> list[Ticket]:
    """Tickets of an office-day that hold places."""
    return [
        ticket_from_row(row)
        for row in ask(reader, _CLAIMING, {"office": office, "date": day}, seeing=tickets)
    ]


def list_booked(connection: Connection, office: str, day: date) -> list[Ticket]:
    """The bookings of an office-day whose visitors are still to come, in order of their time."""
    statement = (
        sa.select(*TICKET_COLUMNS)
        .where(
            tickets.c.office == office,
            tickets.c.date == day,
            tickets.c.state == State.BOOKED.value,
            tickets.c.slot.is_not(None),
        )
        .order_by(tickets.c.slot, tickets.c.id)
    )
    return [ticket_from_row(row) for row in connection.execute(statement)]


def list_expired(connection: Connection, now: datetime, limit: int) -> list[Ticket]:
    """Holds of all offices that have run out."""
    statement = sa.select(*TICKET_COLUMNS).where(
        tickets.c.expires_at.is_not(None), _has_run_out(now), tickets.c.state == State.HELD.value
    )
    return [ticket_from_row(row) for row in connection.execute(statement.limit(limit))]


def list_missed(connection: Connection, office: str, before: datetime, limit: int) -> list[Ticket]:
    """An office's bookings whose slot began before a moment and whose visitor has not come."""
    statement = sa.select(*TICKET_COLUMNS).where(
        sa.text("state = 'BOOKED'"), tickets.c.slot < before, tickets.c.office == office
    )
    return [ticket_from_row(row) for row in connection.execute(statement.limit(limit))]
