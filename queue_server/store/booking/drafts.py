"""Answers of bookings that are not finished: sealed text under a name that only the browser that
gave them can make anew.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from queue_server.store.tables import booking_drafts
from queue_server.store.writer.transaction import Transaction


def find(connection: Connection, id: str, now: datetime) -> str | None:
    """The sealed answers of that name; None once their time is over."""
    statement = select(booking_drafts.c.sealed).where(
        booking_drafts.c.id == id, booking_drafts.c.expires_at > now
    )
    return connection.execute(statement).scalar_one_or_none()


def put(tx: Transaction, id: str, sealed: str, expires_at: datetime) -> None:
    """Keep sealed answers in the place of those kept before."""
    tx.change(booking_drafts.delete().where(booking_drafts.c.id == id))
    tx.insert(booking_drafts, {"id": id, "sealed": sealed, "expires_at": expires_at})


def is_any_over(connection: Connection, now: datetime) -> bool:
    """Whether there are answers whose time is over."""
    statement = select(booking_drafts.c.id).where(booking_drafts.c.expires_at <= now).limit(1)
    return connection.execute(statement).first() is not None


def forget_before(tx: Transaction, now: datetime) -> int:
    """Delete all answers whose time is over. Returns how many."""
    return tx.change(booking_drafts.delete().where(booking_drafts.c.expires_at <= now)).rowcount
