"""Everything that an office holds of one person, found by their fingerprint, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queue_server.domain.messages.message import MessageChannel, MessageKind, MessageState
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.tables import (
    contacts,
    messages,
    no_shows,
    takings,
    ticket_notes,
    tickets,
    visitors,
    waitlist,
    wrong_proofs,
)
from queue_server.store.visit.tickets import TICKET_COLUMNS, ticket_from_row, visitor_from_row
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction

_PERSON = [visitors.c[name] for name in Visitor.__dataclass_fields__]


@dataclass(frozen=True)
class SentMessage:
    """A message about a visit, as far as it is kept."""

    ticket: str
    kind: MessageKind
    channel: MessageChannel
    state: MessageState
    created_at: datetime


@dataclass(frozen=True)
class Wish:
    """An entry of the waitlist that still has its person."""

    id: str
    code: str
    service: str
    created_at: datetime
    visitor: Visitor
    contact: str | None


@dataclass(frozen=True)
class Note:
    """What a clerk has noted about a visit."""

    ticket: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Held:
    """What an office holds of a person: visits with what each says of its visitor, wishes of the
    waitlist, notes, messages, when visits were missed, contacts (when asked, whether proved), and
    how many marks of where places were taken from.
    """

    fingerprint: str
    visits: Sequence[tuple[Ticket, Visitor]]
    wishes: Sequence[Wish]
    notes: Sequence[Note]
    messages: Sequence[SentMessage]
    missed_at: Sequence[datetime]
    contacts: Sequence[tuple[datetime, bool]]
    sources: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        return not (self.visits or self.wishes or self.missed_at)


def list_fingerprints(reader: Reader, office: str, phone: str) -> list[str]:
    """The persons of an office who gave a telephone number, the newest first."""
    fingerprints: list[str] = []
    booked = (
        sa.select(visitors.c.nik_fingerprint)
        .join(tickets, tickets.c.id == visitors.c.ticket)
        .where(visitors.c.phone == phone, visitors.c.office == office)
        .order_by(tickets.c.created_at.desc())
    )
    fingerprints += ask(reader, booked, seeing=visitors).scalars()
    waits = sa.select(waitlist.c.nik_fingerprint).where(
        waitlist.c.phone == phone,
        waitlist.c.office == office,
        waitlist.c.nik_fingerprint.is_not(None),
    )
    return [*fingerprints, *ask(reader, waits, seeing=waitlist).scalars()]


def find_by_code(reader: Reader, office: str, code: str) -> str | None:
    """The fingerprint behind a booking's code, or behind an entry of the waitlist; None where
    nobody is known.
    """
    booked = (
        sa.select(visitors.c.nik_fingerprint)
        .join(tickets, tickets.c.id == visitors.c.ticket)
        .where(tickets.c.code == code, visitors.c.office == office)
    )
    fingerprint: str | None = ask(reader, booked, seeing=visitors).scalar_one_or_none()
    if fingerprint is None:
        waits = sa.select(waitlist.c.nik_fingerprint).where(
            waitlist.c.code == code, waitlist.c.office == office
        )
        fingerprint = ask(reader, waits, seeing=waitlist).scalar_one_or_none()
    return fingerprint


def load(reader: Reader, office: str, fingerprint: str, marks: Sequence[str] = ()) -> Held:
    """What an office holds of the person with a fingerprint. `marks` are keyed marks of contacts
    that are theirs besides those of the waitlist.
    """
    statement = (
        sa.select(*TICKET_COLUMNS, *_PERSON)
        .select_from(visitors.join(tickets, tickets.c.id == visitors.c.ticket))
        .where(visitors.c.nik_fingerprint == fingerprint, visitors.c.office == office)
        .order_by(tickets.c.date, tickets.c.slot, tickets.c.id)
    )
    visits = [
        (ticket_from_row(row[: len(TICKET_COLUMNS)]), visitor_from_row(row))
        for row in ask(reader, statement, seeing=visitors).all()
    ]
    wishes = _list_wishes(reader, office, fingerprint)
    own = [ticket.id for ticket, _visitor in visits]
    known = {*marks, *(each.contact for each in wishes if each.contact)}
    return Held(
        fingerprint,
        visits,
        wishes,
        [
            Note(row.ticket, row.at, row.text)
            for row in _rows(reader, ticket_notes, office, own, ticket_notes.c.at)
        ],
        [
            SentMessage(
                row.ticket,
                MessageKind(row.kind),
                MessageChannel(row.channel),
                MessageState(row.state),
                row.created_at,
            )
            for row in _rows(reader, messages, office, own, messages.c.created_at)
        ],
        list(
            ask(
                reader,
                sa.select(no_shows.c.at)
                .where(no_shows.c.nik_fingerprint == fingerprint, no_shows.c.office == office)
                .order_by(no_shows.c.at),
                seeing=no_shows,
            ).scalars()
        ),
        [
            (row.asked_at, row.proved_at is not None)
            for row in ask(
                reader,
                sa.select(contacts).where(contacts.c.mark.in_(sorted(known))),
                seeing=contacts,
            ).all()
        ],
        len(_rows(reader, takings, office, own, takings.c.at)),
    )


def _rows(reader: Reader, table: sa.Table, office: str, own: Sequence[str], by: Any) -> list[Any]:
    statement = sa.select(table).where(table.c.office == office, table.c.ticket.in_(own))
    return list(ask(reader, statement.order_by(by), seeing=table).all())


def _list_wishes(reader: Reader, office: str, fingerprint: str) -> list[Wish]:
    statement = sa.select(waitlist).where(
        waitlist.c.nik_fingerprint == fingerprint, waitlist.c.office == office
    )
    return [
        Wish(row.id, row.code, row.service, row.created_at, visitor_from_row(row), row.contact)
        for row in ask(reader, statement, seeing=waitlist).all()
    ]


def erase(tx: Transaction, office: str, held: Held, marks: Sequence[str]) -> int:
    """Forget everything about a person that `load` finds; the tickets stay, without their person.
    Returns how many rows that was.
    """
    own = [ticket.id for ticket, _visitor in held.visits]
    known = sorted({*marks, *(each.contact for each in held.wishes if each.contact)})
    gone = 0
    for table in (ticket_notes, takings, wrong_proofs, messages, visitors):
        gone += tx.change(
            table.delete().where(table.c.office == office, table.c.ticket.in_(own))
        ).rowcount
    gone += tx.change(
        messages.delete().where(messages.c.office == office, messages.c.ticket.in_(known))
    ).rowcount
    gone += tx.change(contacts.delete().where(contacts.c.mark.in_(known))).rowcount
    gone += tx.change(
        no_shows.delete().where(
            no_shows.c.nik_fingerprint == held.fingerprint, no_shows.c.office == office
        )
    ).rowcount
    return gone
