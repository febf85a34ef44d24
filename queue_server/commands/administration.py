"""What an administrator changes from the command line, on the database itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from queue_server.app import make_clock
from queue_server.domain.access.accounts import (
    ADMINISTRATION,
    COMMAND_LINE,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    User,
    admit_password,
)
from queue_server.domain.access.workplaces import place_in
from queue_server.domain.errors import (
    BadInput,
    DomainError,
    IdentityTaken,
    LastAdministrator,
    PairingExpired,
    UnknownDevice,
    UnknownOffice,
    UnknownToken,
    UnknownUser,
    UserNameTaken,
)
from queue_server.services.access import accounts, devices, log, passwords, sessions
from queue_server.services.access.factors import codes, identities
from queue_server.settings import Settings
from queue_server.store.access import devices as device_store
from queue_server.store.access import tokens as token_store
from queue_server.store.access import users as user_store
from queue_server.store.access.tokens import Token
from queue_server.store.writer.database import Database

_BAD = {
    ("password", "too_short"): f"A password needs at least {PASSWORD_SHORTEST} characters.",
    ("password", "too_long"): f"A password has at most {PASSWORD_LONGEST} characters.",
    (
        "password",
        "common",
    ): "This password is among those that are guessed first. Choose another one, such as four "
    "unrelated words.",
    ("password", "user_name"): "The password must not be the user name.",
    ("username", "missing"): "A user name is needed.",
    (
        "username",
        "characters",
    ): "A user name has at most 60 characters: a to z, digits, and after the first one also . _ @ "
    "+ -.",
    ("email", "format"): "This is no e-mail address.",
    ("subject", "format"): "A name at the service has at most 255 characters in one line.",
    ("name", "missing"): "A name is needed.",
    ("name", "too_long"): "A name has at most 80 characters.",
    ("name", "characters"): "A name has letters, and nothing that cannot be printed.",
}


class AdministrationError(Exception):
    """What was asked for cannot be done; the message says why."""


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database for one command. Raises `AdministrationError` for what the command refuses."""
    database = Database(settings.database_url)
    try:
        yield database
    except DomainError as error:
        raise AdministrationError(_explain(error)) from None
    finally:
        database.close()


def _explain(error: DomainError) -> str:
    facts = error.facts
    match error:
        case UnknownOffice():
            return f"There is no office {facts['office']}."
        case UnknownUser():
            return f"There is no user {facts['user']}."
        case UserNameTaken():
            return f"There is a user {facts['username']} already."
        case LastAdministrator():
            return "This is the last administrator who can manage all this. Add another one first."
        case IdentityTaken():
            return "Another account is linked to this person already."
        case UnknownToken():
            return (
                f"No program has a token {facts['token']}. A device is cut off with antrean "
                "device revoke."
            )
        case UnknownDevice():
            return "No device shows that code, or has that id."
        case PairingExpired():
            return "That pairing code is too old. Start the pairing again on the device."
        case BadInput():
            return _BAD.get((str(facts.get("field")), str(facts.get("reason"))), error.code)
        case _:
            return error.code


def _write(
    settings: Settings, database: Database, office: str | None, command: Callable[..., Any]
) -> Any:
    """Run a command that leaves its event on today of an office, or of the first one; returns what
    it does.
    """
    now = make_clock(settings.clock_offset_seconds)()
    return database.write(log.days_of(database, office, now), partial(command, now=now))


def _hash_new(password: str, user: User) -> str:
    """The hash of a password that may be used. Raises `BadInput`."""
    admit_password(password, user.username, [user.name])
    return passwords.hash_password(password)


def add_user(
    settings: Settings, username: str, name: str, role: str, codes: Sequence[str], password: str
) -> None:
    """Add a member of staff, for these offices or, without any, for all. Raises
    `AdministrationError` for a taken or odd name, a password that is no good, an unknown office.
    """
    office, also = place_in(codes)
    with open_database(settings) as database:
        user = accounts.draft_user(username, name, role, office, also)
        hashed = _hash_new(password, user)
        _write(
            settings,
            database,
            office,
            partial(accounts.add, by=ADMINISTRATION, user=user, password_hash=hashed),
        )


def list_users(settings: Settings, office: str | None) -> list[dict[str, Any]]:
    """All who work here, or those of an office. Raises `AdministrationError` for an unknown
    office.
    """
    with open_database(settings) as database:
        _check_office(database, office)
        with database.read() as connection:
            return [asdict(each) for each in user_store.list_users(connection, office)]


def reassign_user(
    settings: Settings, username: str, role: str | None, codes: Sequence[str], everywhere: bool
) -> None:
    """Give a member of staff another role, other offices, or all of them; what is left out stays.
    Raises `AdministrationError`.
    """
    with open_database(settings) as database:
        user = _find_user(database, username)
        office, also = place_in(codes) if codes or everywhere else (user.office, user.also)
        command = partial(
            accounts.reassign,
            by=ADMINISTRATION,
            user=user.id,
            role=role or user.role,
            office=office,
            also=also,
        )
        _write(settings, database, user.office, command)


def set_password(settings: Settings, username: str, password: str) -> None:
    """Give a member of staff a new password and end their log-ins. Raises `AdministrationError`."""
    with open_database(settings) as database:
        user = _find_user(database, username)
        command = partial(
            accounts.set_password,
            by=ADMINISTRATION,
            user=user.id,
            password_hash=_hash_new(password, user),
        )
        _write(settings, database, user.office, command)


def reset_second_factor(settings: Settings, username: str) -> bool:
    """Take somebody's second factor away and end their log-ins. Returns whether there was one.
    Raises `AdministrationError`.
    """
    with open_database(settings) as database:
        user = _find_user(database, username)
        done: bool = _write(
            settings, database, user.office, partial(codes.reset, by=ADMINISTRATION, user=user.id)
        )
        return done


def link_user(settings: Settings, username: str, email: str, subject: str) -> None:
    """Link an account to its person at the sign-in service, or unlink it. Raises
    `AdministrationError`.
    """
    if settings.oidc_issuer is None:
        raise AdministrationError("There is no sign-in service: set ANTREAN_OIDC_ISSUER.")
    with open_database(settings) as database:
        user = _find_user(database, username)
        command = partial(
            identities.link,
            by=ADMINISTRATION,
            user=user.id,
            issuer=settings.oidc_issuer,
            email=identities.parse_email(email),
            subject=identities.parse_subject(subject),
        )
        _write(settings, database, user.office, command)


def set_active(settings: Settings, username: str, active: bool) -> None:
    """Close an account at once, or open it again. Raises `AdministrationError`."""
    with open_database(settings) as database:
        user = _find_user(database, username)
        _write(
            settings,
            database,
            user.office,
            partial(accounts.set_active, by=ADMINISTRATION, user=user.id, active=active),
        )


def _find_user(database: Database, username: str) -> User:
    with database.read() as connection:
        return user_store.find_user_by_name(connection, username.strip().lower())


def add_token(settings: Settings, name: str, role: str, office: str | None) -> str:
    """Make a bearer token; only its hash is kept. Raises `AdministrationError` for an unknown
    office.
    """
    secret = sessions.new_secret()
    with open_database(settings) as database:
        _check_office(database, office)
        token = Token(secrets.token_hex(8), name, role, office)
        _write(
            settings,
            database,
            office,
            partial(accounts.add_token, by=ADMINISTRATION, token=token, secret=secret),
        )
    return secret


def list_tokens(settings: Settings) -> list[dict[str, Any]]:
    """The tokens of programs and persons, without anything secret."""

    def stamp(moment: datetime | None) -> str | None:
        return moment.isoformat(timespec="seconds") if moment else None

    now = make_clock(settings.clock_offset_seconds)()
    with open_database(settings) as database, database.read() as connection:
        return [
            {
                **asdict(each),
                "created_at": stamp(each.created_at),
                "revoked_at": stamp(each.revoked_at),
                "expires_at": stamp(each.expires_at),
                "used_at": stamp(each.used_at),
            }
            for each in token_store.list_tokens(connection, now)
        ]


def revoke_token(settings: Settings, id: str) -> None:
    """Revoke a token of a program or a person. Raises `AdministrationError`."""
    with open_database(settings) as database:
        with database.read() as connection:
            office = token_store.find_token_office(connection, id)
        _write(
            settings,
            database,
            office,
            partial(accounts.revoke_token, by=ADMINISTRATION, token=id, office=office),
        )


def _check_office(database: Database, office: str | None) -> None:
    if office is not None:
        with database.read() as connection:
            database.offices.get(connection, office)


def list_devices(settings: Settings, office: str | None) -> list[dict[str, Any]]:
    """All devices, or those of an office."""
    with open_database(settings) as database, database.read() as connection:
        return [
            {
                "id": each.id,
                "kind": each.kind,
                "name": each.name,
                "office": each.office,
                "state": each.state,
                "seen_at": each.seen_at.isoformat(timespec="seconds") if each.seen_at else None,
                "health": each.health,
            }
            for each in device_store.list_of_office(connection, office)
        ]


def approve_device(settings: Settings, pairing_code: str, office: str, name: str) -> None:
    """Approve a device by the code on its screen. Raises `AdministrationError`."""
    with open_database(settings) as database:
        command = partial(
            devices.approve, pairing_code=pairing_code, office=office, name=name, by=COMMAND_LINE
        )
        _write(settings, database, office, command)


def revoke_device(settings: Settings, id: str) -> None:
    """Cut a device off. Raises `AdministrationError`."""
    with open_database(settings) as database:
        with database.read() as connection:
            office = device_store.find(connection, id, None).office
        _write(
            settings,
            database,
            office,
            partial(devices.revoke, office=None, device=id, by=COMMAND_LINE),
        )
