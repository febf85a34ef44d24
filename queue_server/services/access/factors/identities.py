"""Accounts linked to the office's sign-in service: an administrator links them, nobody is made an
account there, and the second factor is asked for all the same.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import Asker, User, admit_linking
from queue_server.domain.errors import BadInput, IdentityTaken
from queue_server.domain.events import EventType
from queue_server.services.access import log
from queue_server.store.access import identities as store
from queue_server.store.access import users as user_store
from queue_server.store.access.identities import Identity
from queue_server.store.writer.transaction import Transaction

EMAIL_LONGEST, SUBJECT_LONGEST = 254, 255
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")


def parse_email(text: str) -> str | None:
    """An address in its one spelling, None for an empty text. Raises `BadInput` (field `email`)."""
    email = text.strip().lower()
    if email and (not _EMAIL.match(email) or len(email) > EMAIL_LONGEST or not email.isprintable()):
        raise BadInput(field="email", reason="format")
    return email or None


def parse_subject(text: str) -> str | None:
    """The service's own name for somebody, None for an empty text. Raises `BadInput` (field
    `subject`).
    """
    subject = text.strip()
    if len(subject) > SUBJECT_LONGEST or not subject.isprintable():
        raise BadInput(field="subject", reason="format")
    return subject or None


def link(
    tx: Transaction,
    by: Asker,
    user: str,
    issuer: str,
    email: str | None,
    subject: str | None,
    now: datetime,
) -> None:
    """Link an account to somebody at the service, or with neither address nor name unlink it.
    Raises `UnknownUser`, `IdentityTaken`.
    """
    account = user_store.lock_user(tx, user)
    admit_linking(by, account)
    if email is None and subject is None:
        if store.remove(tx, user):
            log.note(tx, EventType.IDENTITY_UNLINKED, account.office, by.id, now, user=user)
        return
    identity = Identity(user, issuer, email, subject)
    if store.is_taken(tx, identity):
        raise IdentityTaken()
    store.replace(tx, identity, now)
    log.note(tx, EventType.IDENTITY_LINKED, account.office, by.id, now, user=user)


def find_linked(
    connection: Connection, issuer: str, subject: str, email: str | None
) -> tuple[User, Identity] | None:
    """The active account that is linked to who has signed in at the service."""
    linked = store.find_user_of(connection, issuer, subject, email)
    return linked if linked is not None and linked[0].active else None


def bind(tx: Transaction, identity: Identity, subject: str) -> bool:
    """Hold the service's name for somebody to the link. Returns whether the link is still theirs:
    not unlinked, and not another's by the same address.
    """
    taken = replace(identity, email=None, subject=subject)
    return not store.is_taken(tx, taken) and store.note_subject(tx, identity, subject)
