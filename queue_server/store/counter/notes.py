"""Clerks' notes on tickets: personal data of the visit's day, for the staff of its office alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.visit.transitions import PRESENT_STATES
from queue_server.store.tables import ticket_notes, tickets
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class Note:
    """One short note of a clerk on a ticket."""

    id: str
    ticket: str
    office: str
    date: date
    clerk: str
    at: datetime
    text: str


def add(tx: Transaction, note: Note) -> None:
    """Keep a note."""
    tx.insert(
        ticket_notes,
        {
            "id": note.id,
            "ticket": note.ticket,
            "office": note.office,
            "date": note.date,
            "clerk": note.clerk,
            "at": note.at,
            "text": note.text,
        },
    )


def count(tx: Transaction, office: str, ticket: str) -> int:
    """How many notes a ticket has."""
    mine = (ticket_notes.c.office == office, ticket_notes.c.ticket == ticket)
    return int(
        tx.read(
            sa.select(sa.func.count()).select_from(ticket_notes).where(*mine), seeing=ticket_notes
        ).scalar_one()
    )


_PRESENT = Compiled(
    sa.select(ticket_notes)
    .join(tickets, tickets.c.id == ticket_notes.c.ticket)
    .where(
        ticket_notes.c.office == sa.bindparam("office"),
        ticket_notes.c.date == sa.bindparam("date"),
        sa.or_(*(tickets.c.state == state.value for state in sorted(PRESENT_STATES))),
    )
    .order_by(ticket_notes.c.at, ticket_notes.c.id)
)


def list_present(connection: Connection, office: str, day: date) -> list[Note]:
    """The notes on those who have come on an office-day and are not done, oldest first."""
    return [
        Note(row.id, row.ticket, row.office, row.date, row.clerk, row.at, row.text)
        for row in _PRESENT.rows(connection, {"office": office, "date": day})
    ]


def forget_before(tx: Transaction, office: str, day: date) -> int:
    """Delete an office's notes of the days before `day`. Returns how many."""
    return tx.change(
        ticket_notes.delete().where(ticket_notes.c.office == office, ticket_notes.c.date < day)
    ).rowcount
