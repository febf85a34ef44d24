"""The first administrator: a code on the console of the server opens the set-up page, once.

The code has 78 random bits, is drawn anew at each start and kept as a hash where every process of
the server sees it. Where there is an administrator no code opens anything.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import Role, User
from queue_server.domain.errors import BadInput, SetUpOver
from queue_server.domain.events import EventType
from queue_server.store.access import setup_codes
from queue_server.store.access import users as user_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from . import log
from .accounts import draft_user, draw_password
from .sessions import hash_secret

TYPED_MAX = 60


def open_set_up(database: Database, now: datetime) -> str | None:
    """Draw the code of this start; None, and no code is good any more, where there is an
    administrator.
    """

    def command(tx: Transaction) -> str | None:
        code = None if setup_codes.has_administrator(tx) else draw_password()
        setup_codes.replace(tx, None if code is None else _hash(code), now)
        return code

    return database.write([], command)


def is_set_up(connection: Connection) -> bool:
    """Whether there is an administrator, so that the set-up page stays shut."""
    return setup_codes.has_administrator(connection)


def is_right_code(connection: Connection, typed: str) -> bool:
    """Whether this is the code on the console. The caller counts the guesses."""
    return setup_codes.is_known(connection, _hash(typed))


def draft_administrator(username: str, name: str) -> User:
    """The first administrator as they would be added. Raises `BadInput` (name, username)."""
    return draft_user(username, name, Role.ADMIN.value, None)


def add_administrator(
    tx: Transaction, user: User, password_hash: str, typed: str, now: datetime
) -> None:
    """Add the first administrator, whose own choice the password is, and use up the code. The
    command must declare `log.days_of` all offices.

    Raises `SetUpOver`, also for the second of two at once, `BadInput` (code) and `UserNameTaken`.
    """
    if setup_codes.has_administrator(tx):
        raise SetUpOver()
    if not setup_codes.use(tx, _hash(typed)):
        raise (
            SetUpOver()
            if setup_codes.has_administrator(tx)
            else BadInput(field="code", reason="wrong")
        )
    user_store.add_user(tx, user, password_hash)
    log.note(tx, EventType.ACCOUNT_ADDED, None, user.id, now, user=user.id, role=user.role)


def _hash(typed: str) -> str:
    """The hash of a code as it is read out and typed: capitals, blanks and hyphens say nothing."""
    plain = "".join(each for each in typed[:TYPED_MAX].lower() if each.isalnum())
    return hash_secret(plain)
