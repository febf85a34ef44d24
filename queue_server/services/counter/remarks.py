"""Clerks' remarks on a ticket: whether an urgent case is proven, and notes that live no longer than
the visit's day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.engine import Connection

from queue_server.domain.counter.remarks import (
    Evidence,
    admit_another_note,
    admit_evidence,
    admit_remark,
    clean_note,
)
from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.counter import notes as note_store
from queue_server.store.counter.notes import Note
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction


def check_evidence(
    tx: Transaction, office: str, ticket: str, clerk: str, evidence: Evidence, now: datetime
) -> Ticket:
    """Note what was found of the proof of an urgent case; the last word counts. Raises
    `WrongState`, `NotYourTicket`, `BadInput`.
    """
    about = ticket_store.get(tx, ticket, office)
    admit_evidence(about, clerk)
    _record(tx, about, EventType.EVIDENCE_CHECKED, {"evidence": evidence.value, "by": clerk}, now)
    return about


def write_note(
    tx: Transaction, office: str, ticket: str, clerk: str, text: str, id: str, now: datetime
) -> Ticket:
    """Keep a short note with a ticket. Its text is in no event and no public picture.

    Raises `WrongState`, `NotYourTicket`, `BadInput` (missing, too_long, nik), `LimitReached` (rule
    `notes`).
    """
    about = ticket_store.get(tx, ticket, office)
    admit_remark(about, clerk)
    kept = clean_note(text)
    admit_another_note(note_store.count(tx, office, ticket))
    note_store.add(tx, Note(id, ticket, office, about.date, clerk, now, kept))
    _record(tx, about, EventType.NOTED, {"by": clerk}, now)
    return about


def _record(
    tx: Transaction, ticket: Ticket, type: EventType, facts: dict[str, str], now: datetime
) -> None:
    tx.record(
        Event(type, ticket.office, ticket.date, now, ticket.id, {"number": ticket.number, **facts})
    )


def list_notes(connection: Connection, office: str, day: date) -> dict[str, list[Note]]:
    """The notes on each ticket of those who are there, oldest first."""
    by_ticket: dict[str, list[Note]] = {}
    for note in note_store.list_present(connection, office, day):
        by_ticket.setdefault(note.ticket, []).append(note)
    return by_ticket


def find_evidence(
    connection: Connection, office: str, tickets: Sequence[str]
) -> dict[str, Evidence]:
    """What was last found of each ticket's proof; those never asked for are left out."""
    return {
        str(event.ticket): Evidence(event.facts["evidence"])
        for event in event_store.list_of_tickets(
            connection, office, tickets, [EventType.EVIDENCE_CHECKED]
        )
    }


def forget_notes(tx: Transaction, codes: Sequence[str], now: datetime) -> int:
    """Delete the notes of days that are over. Returns how many."""
    return sum(note_store.forget_before(tx, code, tx.office(code).date_at(now)) for code in codes)
