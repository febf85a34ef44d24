"""Who works here, and who may change whose account: the rules, as guards that raise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from queue_server.domain.errors import BadInput, LastAdministrator, OwnAccount, UnknownUser

from .common_passwords import is_common

PASSWORD_SHORTEST, PASSWORD_LONGEST = 10, 200
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,59}\Z")


class Role(StrEnum):
    """What somebody may do; each route names the roles it lets in."""

    ADMIN = "admin"
    PROVINCE = "province"
    AUDITOR = "auditor"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    CLERK = "clerk"
    RECEPTION = "reception"
    GUARD = "guard"
    KIOSK = "kiosk"
    DISPLAY = "display"
    PRINTER = "printer"
    SENSOR = "sensor"


OF_AN_OFFICE = (Role.CLERK, Role.RECEPTION, Role.GUARD, Role.SUPERVISOR, Role.MANAGER)
"""The roles that a manager hands out, the least powerful first."""

OF_PEOPLE = (*OF_AN_OFFICE, Role.AUDITOR, Role.PROVINCE, Role.ADMIN)
"""The roles that an account may have: an administrator hands out all of them."""


@dataclass(frozen=True)
class User:
    """A member of staff. `office` None means all offices.

    `must_change`: the password was chosen by somebody else, and until it is changed it opens
    nothing but the page to change it.
    """

    id: str
    username: str
    name: str
    role: str
    office: str | None
    active: bool = True
    must_change: bool = False


class Asker(Protocol):
    """Whoever wants to change an account: a user, or the holder of a token."""

    @property
    def id(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def office(self) -> str | None: ...


COMMAND_LINE = "command line"
"""Who acts by the command line, where the log names who did something: with a space, so nobody's
user name.
"""

ADMINISTRATION = User(COMMAND_LINE, "", "", Role.ADMIN, None)
"""Whoever works on the database itself, by the command line."""


def may_manage(by: Asker, role: str, office: str | None) -> bool:
    """Whether an account of this role and office is theirs to add and to change: an administrator's
    all are, a manager's those of `OF_AN_OFFICE` in the own office. What works for all offices is
    not of the own one.
    """
    if by.office is not None and by.office != office:
        return False
    return (by.role == Role.ADMIN and role in OF_PEOPLE) or (
        by.role == Role.MANAGER and role in OF_AN_OFFICE
    )


def admit_managing(by: Asker, user: User) -> None:
    """Refuse to change an account that is another's to manage. Raises `UnknownUser`, so that ids
    teach nothing.
    """
    if not may_manage(by, user.role, user.office):
        raise UnknownUser(user=user.id)


def admit_adding(by: Asker, role: str, office: str | None) -> None:
    """Refuse to add an account that would be another's to manage. Raises `BadInput` (field
    `role`).
    """
    if not may_manage(by, role, office):
        raise BadInput(field="role", reason="choice")


def admit_other(by: Asker, user: User) -> None:
    """Refuse to close the own account, or to set its password without knowing the present one.
    Raises `OwnAccount`.
    """
    if by.id == user.id:
        raise OwnAccount()


def admit_closing(user: User, administrators: Iterable[User]) -> None:
    """Refuse to close the account of the last one who may manage everything that this one may.
    Raises `LastAdministrator`.

    `administrators` are the active ones.
    """
    if user.role == Role.ADMIN and not any(
        each.id != user.id and each.office in (None, user.office) for each in administrators
    ):
        raise LastAdministrator()


def parse_username(text: str) -> str:
    """A user name in its one spelling. Raises `BadInput` (field `username`; reason missing,
    characters).
    """
    username = text.strip().lower()
    if not username:
        raise BadInput(field="username", reason="missing")
    if not _USERNAME.match(username):
        raise BadInput(field="username", reason="characters")
    return username


def admit_password(password: str, username: str, names: Iterable[str] = ()) -> None:
    """Refuse a password that is too easily guessed, or too long to be one. `names` are the
    person's, the office's and the like.

    Raises `BadInput` (field `password`; reason too_short, too_long, user_name, common).
    """
    if len(password) < PASSWORD_SHORTEST:
        raise BadInput(field="password", reason="too_short")
    if len(password) > PASSWORD_LONGEST:
        raise BadInput(field="password", reason="too_long")
    if password.strip().lower() == username:
        raise BadInput(field="password", reason="user_name")
    if is_common(password, (username, *names)):
        raise BadInput(field="password", reason="common")
