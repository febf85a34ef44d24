"""Contacts that were written to: pending with their address, proved with their mark alone."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.booking.contacts import Contact
from queue_server.domain.errors import UnknownCode
from queue_server.store.tables import contacts
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction

_ALL = sa.select(*(contacts.c[each.name].label(each.name) for each in fields(Contact)))


def _from_row(row: sa.Row[Any] | None) -> Contact | None:
    return None if row is None else Contact(**row._mapping)


def find(reader: Reader, mark: str) -> Contact | None:
    """A contact by its mark, or None for one that nobody has asked yet."""
    return _from_row(
        ask(reader, _ALL.where(contacts.c.mark == mark), seeing=contacts).one_or_none()
    )


def find_by_proof(connection: Connection, proof: str) -> Contact:
    """The contact that a message asked. Raises `UnknownCode`."""
    contact = _from_row(connection.execute(_ALL.where(contacts.c.proof == proof)).one_or_none())
    if contact is None:
        raise UnknownCode()
    return contact


def put(tx: Transaction, contact: Contact) -> None:
    """Store a contact in the place of what was known of it."""
    tx.change(contacts.delete().where(contacts.c.mark == contact.mark))
    tx.insert(contacts, asdict(contact))


def forget_before(tx: Transaction, asked_until: datetime, proved_before: datetime) -> int:
    """Delete contacts whose message can no longer be answered, and those proved long ago. Returns
    how many.
    """
    over = sa.and_(contacts.c.proved_at.is_(None), contacts.c.expires_at <= asked_until)
    return tx.change(
        contacts.delete().where(sa.or_(over, contacts.c.proved_at < proved_before))
    ).rowcount
