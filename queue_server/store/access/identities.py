"""Which account here belongs to whom at the office's sign-in service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import User
from queue_server.store.tables import identities
from queue_server.store.writer.transaction import Transaction

from .users import find_user


@dataclass(frozen=True)
class Identity:
    """Who somebody is at a service: by the address it has verified, or by its own name for them,
    which never changes and is noted at the first sign-in.
    """

    user: str
    issuer: str
    email: str | None
    subject: str | None


def find_of_user(connection: Connection, user: str) -> Identity | None:
    """Who a user is at the service."""
    row = connection.execute(sa.select(identities).where(identities.c.user == user)).one_or_none()
    return None if row is None else Identity(row.user, row.issuer, row.email, row.subject)


def find_user_of(
    connection: Connection, issuer: str, subject: str, email: str | None
) -> tuple[User, Identity] | None:
    """The account of who has signed in at the service: by the name, or by the address of one that
    has no name yet.
    """
    by_email = sa.and_(identities.c.subject.is_(None), identities.c.email == email)
    statement = sa.select(identities).where(
        identities.c.issuer == issuer,
        sa.or_(identities.c.subject == subject, by_email)
        if email is not None
        else identities.c.subject == subject,
    )
    rows = connection.execute(statement).all()
    row = next((each for each in rows if each.subject == subject), rows[0] if rows else None)
    if row is None:
        return None
    identity = Identity(row.user, row.issuer, row.email, row.subject)
    return find_user(connection, row.user), identity


def is_taken(tx: Transaction, identity: Identity) -> bool:
    """Whether another account is linked by this address or name already."""
    same = [
        column == value
        for column, value in (
            (identities.c.email, identity.email),
            (identities.c.subject, identity.subject),
        )
        if value is not None
    ]
    statement = sa.select(identities.c.user).where(
        identities.c.issuer == identity.issuer, identities.c.user != identity.user, sa.or_(*same)
    )
    return tx.read(statement).first() is not None


def replace(tx: Transaction, identity: Identity, now: datetime) -> None:
    """Link a user, in place of how they were linked before."""
    remove(tx, identity.user)
    tx.insert(
        identities,
        {
            "user": identity.user,
            "issuer": identity.issuer,
            "email": identity.email,
            "subject": identity.subject,
            "linked_at": now,
        },
    )


def note_subject(tx: Transaction, identity: Identity, subject: str) -> bool:
    """Note the service's name for somebody who was known by the address alone. Returns whether it
    is theirs by now: of two with one address the first has it.
    """
    mine = (
        identities.c.user == identity.user,
        identities.c.issuer == identity.issuer,
        sa.or_(identities.c.subject.is_(None), identities.c.subject == subject),
    )
    return tx.change(identities.update().where(*mine).values(subject=subject)).rowcount == 1


def remove(tx: Transaction, user: str) -> bool:
    """Unlink a user. Returns whether they were linked."""
    return tx.change(identities.delete().where(identities.c.user == user)).rowcount == 1
