"""Booked visits that nobody came for, by NIK fingerprint and only for as long as they count."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from queue_server.store.tables import no_shows
from queue_server.store.writer.transaction import Transaction


def add(tx: Transaction, ticket: str, office: str, fingerprint: str, at: datetime) -> None:
    """Count a missed visit against its person."""
    tx.insert(
        no_shows, {"ticket": ticket, "office": office, "nik_fingerprint": fingerprint, "at": at}
    )


def remove(tx: Transaction, office: str, ticket: str) -> int:
    """Count a missed visit no longer. Returns how many were counted: one or none."""
    return tx.change(
        no_shows.delete().where(no_shows.c.office == office, no_shows.c.ticket == ticket)
    ).rowcount


def list_times(tx: Transaction, office: str, fingerprint: str, after: datetime) -> list[datetime]:
    """When a person missed booked visits at an office, since a moment."""
    statement = sa.select(no_shows.c.at).where(
        no_shows.c.nik_fingerprint == fingerprint,
        no_shows.c.office == office,
        no_shows.c.at > after,
    )
    return list(tx.read(statement, seeing=no_shows).scalars())


def forget_before(tx: Transaction, office: str, moment: datetime) -> int:
    """Delete what no longer counts. Returns how many."""
    return tx.change(
        no_shows.delete().where(no_shows.c.office == office, no_shows.c.at <= moment)
    ).rowcount
