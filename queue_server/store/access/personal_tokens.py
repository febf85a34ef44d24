"""The tokens that members of staff have made for their own programs."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from queue_server.store.tables import tokens
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction

from .tokens import Token


def list_of_user(reader: Reader, user: str, now: datetime) -> list[tuple[Token, datetime]]:
    """Somebody's good ones, each with when it was made; the newest first."""
    statement = (
        sa.select(tokens)
        .where(
            tokens.c.user == user,
            tokens.c.scope.is_not(None),
            tokens.c.revoked_at.is_(None),
            tokens.c.expires_at > now,
        )
        .order_by(tokens.c.created_at.desc(), tokens.c.id)
    )
    return [
        (
            Token(
                row.id,
                row.name,
                row.role,
                row.office,
                row.user,
                scope=row.scope,
                expires_at=row.expires_at,
                used_at=row.used_at,
            ),
            row.created_at,
        )
        for row in ask(reader, statement, seeing=tokens)
    ]


def note_use(tx: Transaction, token: str, now: datetime) -> None:
    """Note that a token is in use."""
    tx.change(tokens.update().where(tokens.c.id == token).values(used_at=now))


def revoke(tx: Transaction, user: str, token: str, now: datetime) -> bool:
    """Revoke one of somebody's own. Returns whether it was this call that did."""
    mine = (
        tokens.c.id == token,
        tokens.c.user == user,
        tokens.c.scope.is_not(None),
        tokens.c.revoked_at.is_(None),
    )
    return tx.change(tokens.update().where(*mine).values(revoked_at=now)).rowcount == 1


def revoke_all(tx: Transaction, user: str, now: datetime) -> None:
    """Revoke all of somebody's own."""
    mine = (tokens.c.user == user, tokens.c.scope.is_not(None), tokens.c.revoked_at.is_(None))
    tx.change(tokens.update().where(*mine).values(revoked_at=now))
