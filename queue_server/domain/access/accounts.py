"""Who works here, and who may change whose account: the rules, as guards that raise."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from queue_server.domain.errors import BadInput, LastAdministrator, OwnAccount, UnknownUser

from .common_passwords import is_common
from .workplaces import Worker, covers

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


def is_leading(role: str) -> bool:
    """Whether this is the role of a manager or of somebody above: whoever can change what others
    may do, and so must prove more at the sign-in.
    """
    return role in (Role.MANAGER, Role.ADMIN)


@dataclass(frozen=True)
class User:
    """A member of staff. `office` None means all offices; `also` are others than `office`.

    `must_change`: the password was chosen by somebody else, and until it is changed it opens
    nothing but the page to change it. `distrusted`: somebody else may know the password, so until
    it is changed it signs nobody in without a second factor, and opens as little.
    """

    id: str
    username: str
    name: str
    role: str
    office: str | None
    active: bool = True
    must_change: bool = False
    also: tuple[str, ...] = ()
    distrusted: bool = False

    @property
    def must_renew(self) -> bool:
        """Whether the password has to be changed before anything else."""
        return self.must_change or self.distrusted


class Asker(Worker, Protocol):
    """Whoever wants to change an account: a user, or the holder of a token."""

    @property
    def id(self) -> str: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class _Place:
    office: str | None
    also: Collection[str]


COMMAND_LINE = "command line"
"""Who acts by the command line, where the log names who did something: with a space, so nobody's
user name.
"""

ADMINISTRATION = User(COMMAND_LINE, "", "", Role.ADMIN, None)
"""Whoever works on the database itself, by the command line."""


def may_manage(by: Asker, role: str, office: str | None, also: Collection[str] = ()) -> bool:
    """Whether an account of this role and office is theirs to add and to change: an administrator's
    all are, a manager's those of `OF_AN_OFFICE`. Whoever works in an office that is not theirs is
    not theirs either.
    """
    if not covers(by, _Place(office, also)):
        return False
    return role in roles_given_by(by)


def roles_given_by(by: Asker) -> tuple[Role, ...]:
    """The roles that somebody may hand out, the least powerful first."""
    if by.role == Role.ADMIN:
        return OF_PEOPLE
    return OF_AN_OFFICE if by.role == Role.MANAGER else ()


def admit_managing(by: Asker, user: User) -> None:
    """Refuse to change an account that is another's to manage. Raises `UnknownUser`, so that ids
    teach nothing.
    """
    if not may_manage(by, user.role, user.office, user.also):
        raise UnknownUser(user=user.id)


def admit_adding(by: Asker, role: str, office: str | None, also: Collection[str] = ()) -> None:
    """Refuse to add an account that would be another's to manage. Raises `BadInput` (field
    `role`).
    """
    if not may_manage(by, role, office, also):
        raise BadInput(field="role", reason="choice")


def admit_other(by: Asker, user: User) -> None:
    """Refuse to close the own account, or to set its password without knowing the present one.
    Raises `OwnAccount`.
    """
    if by.id == user.id:
        raise OwnAccount()


def admit_resetting_factor(by: Asker, user: User) -> None:
    """Refuse to take somebody's second factor away to anybody but an administrator: who resets
    passwords as well could sign in in their place. Raises `UnknownUser`, `OwnAccount`.
    """
    admit_managing(by, user)
    if by.role != Role.ADMIN:
        raise UnknownUser(user=user.id)
    admit_other(by, user)


def admit_linking(by: Asker, user: User) -> None:
    """Refuse to say who somebody is at the sign-in service to anybody but an administrator, for
    the same reason. Raises `UnknownUser`.
    """
    admit_managing(by, user)
    if by.role != Role.ADMIN:
        raise UnknownUser(user=user.id)


def admit_closing(user: User, administrators: Iterable[User]) -> None:
    """Refuse to close the account of the last one who may manage everything that this one may.
    Raises `LastAdministrator`.

    `administrators` are the active ones.
    """
    if user.role == Role.ADMIN and not any(
        each.id != user.id and covers(each, user) for each in administrators
    ):
        raise LastAdministrator()


def admit_moving(before: User, after: User, administrators: Iterable[User]) -> None:
    """Refuse a role or offices that would leave nobody who may manage everything that this one may
    now. Raises `LastAdministrator`.
    """
    if before.active and not (after.role == Role.ADMIN and covers(after, before)):
        admit_closing(before, administrators)


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
