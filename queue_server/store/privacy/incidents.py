"""Incidents, and what the database can say of whom one concerns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.privacy.incident import Incident, Step
from queue_server.domain.privacy.retention import DataKind
from queue_server.store.tables import (
    incidents,
    purges,
    sessions,
    tickets,
    tokens,
    visitors,
    waitlist,
)
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction

_READ_AT_ONCE = 1_000


@dataclass(frozen=True)
class Reachable:
    """A person whose data were there: since when, and where they can be told. `about` is the code
    of the ticket, or of the entry of the waitlist.
    """

    office: str
    about: str
    name: str
    phone: str | None
    email: str | None
    language: str
    stored_at: datetime


def _incident_from_row(row: sa.Row[Any]) -> Incident:
    return Incident(
        row.id,
        row.noticed_at,
        row.since,
        row.started_at,
        frozenset(map(Step, row.choices)),
        {Step(name): counts for name, counts in row.steps.items()},
        row.ended_at,
        tuple(row.offices or ()),
    )


def find_open(reader: Reader) -> Incident | None:
    """The incident that has not been dealt with to its end."""
    statement = sa.select(incidents).where(incidents.c.is_open.is_(True))
    row = ask(reader, statement, seeing=incidents).one_or_none()
    return None if row is None else _incident_from_row(row)


def list_all(connection: Connection) -> list[Incident]:
    """All incidents, the newest first."""
    statement = sa.select(incidents).order_by(incidents.c.started_at.desc(), incidents.c.id)
    return [_incident_from_row(row) for row in connection.execute(statement)]


def put(tx: Transaction, incident: Incident) -> None:
    """Store an incident in the place of what was known of it."""
    tx.change(incidents.delete().where(incidents.c.id == incident.id))
    tx.insert(
        incidents,
        {
            "id": incident.id,
            "noticed_at": incident.noticed_at,
            "since": incident.since,
            "started_at": incident.started_at,
            "choices": sorted(each.value for each in incident.choices),
            "steps": {step.value: dict(counts) for step, counts in incident.steps.items()},
            "ended_at": incident.ended_at,
            "offices": list(incident.offices),
            "is_open": True if incident.ended_at is None else None,
        },
    )


def end_all_sessions(tx: Transaction, now: datetime) -> int:
    """End every log-in. Returns how many."""
    return tx.change(
        sessions.update().where(sessions.c.revoked_at.is_(None)).values(revoked_at=now)
    ).rowcount


def revoke_all_tokens(tx: Transaction, now: datetime) -> int:
    """Cut off every program; devices have their own step. Returns how many."""
    programs = (tokens.c.device.is_(None), tokens.c.revoked_at.is_(None))
    return tx.change(tokens.update().where(*programs).values(revoked_at=now)).rowcount


def iterate_reachable(connection: Connection, until: datetime) -> Iterator[Reachable]:
    """Everybody whose data are held and were stored before a moment, by office: visits first, then
    those of the waitlist.
    """
    booked = (
        sa.select(
            visitors.c.office,
            tickets.c.code,
            visitors.c.name,
            visitors.c.phone,
            visitors.c.email,
            tickets.c.language,
            tickets.c.created_at,
        )
        .select_from(visitors.join(tickets, tickets.c.id == visitors.c.ticket))
        .where(tickets.c.created_at <= until)
        .order_by(visitors.c.office, tickets.c.created_at, tickets.c.id)
    )
    waits = (
        sa.select(
            waitlist.c.office,
            waitlist.c.code,
            waitlist.c.name,
            waitlist.c.phone,
            waitlist.c.email,
            waitlist.c.language,
            waitlist.c.created_at,
        )
        .where(waitlist.c.nik_fingerprint.is_not(None), waitlist.c.created_at <= until)
        .order_by(waitlist.c.office, waitlist.c.created_at, waitlist.c.id)
    )
    for statement in (booked, waits):
        rows = connection.execution_options(yield_per=_READ_AT_ONCE).execute(statement)
        yield from (Reachable(*row) for row in rows)


def count_forgotten(connection: Connection, since: date) -> dict[str, int]:
    """How many visitors each office has forgotten in the nights from a date on: they may have been
    reachable too, and nobody can be told any more who they were.
    """
    statement = (
        sa.select(purges.c.office, sa.func.sum(purges.c.rows).label("total"))
        .where(purges.c.kind == DataKind.VISITORS.value, purges.c.night >= since)
        .group_by(purges.c.office)
    )
    return {row.office: int(row.total) for row in connection.execute(statement) if row.total}
