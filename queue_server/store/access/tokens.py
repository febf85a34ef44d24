"""Bearer tokens of programs, persons and devices. Their secrets are kept only as hashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.domain.errors import UnknownToken
from queue_server.store.tables import Instant, devices, tokens, users
from queue_server.store.writer.compiled import Compiled
from queue_server.store.writer.transaction import Transaction

from .user_offices import ALSO, find_also, list_also


@dataclass(frozen=True)
class Token:
    """A bearer token's holder. `user` is set for a program that acts as a clerk, `device` for a
    paired device.

    `is_first_use` says that nothing was heard yet from that device. `scope` is set for a personal
    token, which has the role and the offices that its user has now, until it expires.
    """

    id: str
    name: str
    role: str
    office: str | None
    user: str | None = None
    device: str | None = None
    is_first_use: bool = False
    scope: str | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class TokenState:
    """A bearer token of a program or a person as it is listed. `username` is whose account it acts
    for, `is_active` whether the token is good.
    """

    id: str
    name: str
    role: str
    office: str | None
    username: str | None
    created_at: datetime
    revoked_at: datetime | None
    is_active: bool
    scope: str | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None
    also: tuple[str, ...] = ()


def add_token(tx: Transaction, token: Token, token_hash: str, now: datetime) -> None:
    """Store a new bearer token."""
    tx.insert(
        tokens,
        {
            "id": token.id,
            "token_hash": token_hash,
            "name": token.name,
            "role": token.role,
            "office": token.office,
            "user": token.user,
            "device": token.device,
            "created_at": now,
            "scope": token.scope,
            "expires_at": token.expires_at,
        },
    )


_IS_GOOD = sa.and_(
    tokens.c.revoked_at.is_(None),
    sa.or_(tokens.c.user.is_(None), users.c.active),
    sa.or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > sa.bindparam("now", type_=Instant)),
)
"""A token, joined to the user it acts as if there is one: a closed account's are no good, whenever
they were made, nor is one after its last moment.
"""

_IS_PERSONAL = tokens.c.scope.is_not(None)
_HELD_ROLE = sa.case((_IS_PERSONAL, users.c.role), else_=tokens.c.role).label("role")
_HELD_OFFICE = sa.case((_IS_PERSONAL, users.c.office), else_=tokens.c.office).label("office")
_HELD_ALSO = sa.case((_IS_PERSONAL, ALSO), else_=None).label("also")

_TOKEN = Compiled(
    sa.select(
        tokens.c.id,
        tokens.c.name,
        _HELD_ROLE,
        _HELD_OFFICE,
        tokens.c.user,
        tokens.c.device,
        sa.and_(devices.c.id.is_not(None), devices.c.seen_at.is_(None)).label("is_first_use"),
        tokens.c.scope,
        tokens.c.expires_at,
        tokens.c.used_at,
    )
    .select_from(
        tokens.outerjoin(devices, devices.c.id == tokens.c.device).outerjoin(
            users, users.c.id == tokens.c.user
        )
    )
    .where(tokens.c.token_hash == sa.bindparam("hash"), _IS_GOOD)
)


def find_token(connection: Connection, token_hash: str, now: datetime) -> Token | None:
    """The holder of a bearer token, unless it was revoked, its time is over or its user's account
    is closed.
    """
    rows = _TOKEN.rows(connection, {"hash": token_hash, "now": now})
    if not rows:
        return None
    token = Token(*rows[0])
    if token.scope is None or token.user is None:
        return token
    return replace(token, also=find_also(connection, token.user))


def list_revoked(connection: Connection, ids: Sequence[str], now: datetime) -> set[str]:
    """Which of these tokens are no longer good."""
    joined = tokens.outerjoin(users, users.c.id == tokens.c.user)
    statement = (
        sa.select(tokens.c.id).select_from(joined).where(tokens.c.id.in_(ids), sa.not_(_IS_GOOD))
    )
    return set(connection.execute(statement, {"now": now}).scalars())


def list_tokens(connection: Connection, now: datetime) -> list[TokenState]:
    """The tokens of programs and persons, oldest first; those of paired devices go with their
    device.
    """
    statement = (
        sa.select(
            tokens.c.id,
            tokens.c.name,
            _HELD_ROLE,
            _HELD_OFFICE,
            users.c.username,
            tokens.c.created_at,
            tokens.c.revoked_at,
            _IS_GOOD.label("is_active"),
            tokens.c.scope,
            tokens.c.expires_at,
            tokens.c.used_at,
            _HELD_ALSO,
        )
        .select_from(tokens.outerjoin(users, users.c.id == tokens.c.user))
        .where(tokens.c.device.is_(None))
        .order_by(tokens.c.created_at, tokens.c.id)
    )
    return [
        TokenState(
            each.id,
            each.name,
            each.role,
            each.office,
            each.username,
            each.created_at,
            each.revoked_at,
            bool(each.is_active),
            each.scope,
            each.expires_at,
            each.used_at,
            list_also(each.also),
        )
        for each in connection.execute(statement, {"now": now})
    ]


def find_token_office(connection: Connection, id: str) -> str | None:
    """The office that a token is for, or its person's; None for all of them. Raises `UnknownToken`,
    for a paired device's too.
    """
    row = connection.execute(
        sa.select(_HELD_OFFICE)
        .select_from(tokens.outerjoin(users, users.c.id == tokens.c.user))
        .where(tokens.c.id == id, tokens.c.device.is_(None))
    ).one_or_none()
    if row is None:
        raise UnknownToken(token=id)
    office: str | None = row.office
    return office


def revoke_token(tx: Transaction, id: str, now: datetime) -> bool:
    """Cut a program off. Returns whether it was this call that did: one that is cut off stays
    so.
    """
    program = (tokens.c.id == id, tokens.c.device.is_(None), tokens.c.revoked_at.is_(None))
    return tx.change(tokens.update().where(*program).values(revoked_at=now)).rowcount == 1


def revoke_tokens_of_user(tx: Transaction, user: str, now: datetime) -> None:
    """Cut off all programs that act as a user."""
    tx.change(
        tokens.update()
        .where(tokens.c.user == user, tokens.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_tokens_of_device(
    tx: Transaction, office: str | None, device: str, now: datetime
) -> None:
    """Cut an office's device off."""
    mine = (tokens.c.office.is_not_distinct_from(office), tokens.c.device == device)
    tx.change(tokens.update().where(*mine, tokens.c.revoked_at.is_(None)).values(revoked_at=now))
