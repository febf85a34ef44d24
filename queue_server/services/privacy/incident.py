"""Dealing with an incident, one step in one command, so that a process that was stopped goes on
where it was. To take a step twice does no harm.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.access.accounts import ADMINISTRATION, COMMAND_LINE, User
from queue_server.domain.access.workplaces import works_in
from queue_server.domain.events import EventType
from queue_server.domain.privacy.incident import Incident, Step, begin, note_step
from queue_server.services.access import accounts, devices, log
from queue_server.services.access.factors import codes
from queue_server.store.access import devices as device_store
from queue_server.store.access import second_factors
from queue_server.store.access import users as user_store
from queue_server.store.privacy import incidents as incident_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction


def start(
    database: Database,
    since: datetime,
    noticed_at: datetime,
    choices: frozenset[Step],
    now: datetime,
    offices: tuple[str, ...] = (),
) -> Incident:
    """The incident that is open, with the choices made then; else a new one. Raises `BadInput`,
    `UnknownOffice`.
    """

    def command(tx: Transaction) -> Incident:
        known = incident_store.find_open(tx)
        if known is not None:
            return known
        for each in offices:
            tx.office(each)
        incident = begin(token_hex(4), since, noticed_at, choices, now, offices)
        incident_store.put(tx, incident)
        log.note(tx, EventType.INCIDENT_STARTED, None, COMMAND_LINE, now, incident=incident.id)
        return incident

    return database.write(log.days_of(database, None, now), command)


def close_sessions(database: Database, incident: Incident, now: datetime) -> Incident:
    """End every log-in."""

    def command(tx: Transaction) -> Incident:
        return _note(tx, incident, Step.SESSIONS, ended=incident_store.end_all_sessions(tx, now))

    return database.write([], command)


def revoke_tokens(database: Database, incident: Incident, now: datetime) -> Incident:
    """Cut off every program."""

    def command(tx: Transaction) -> Incident:
        return _note(tx, incident, Step.TOKENS, revoked=incident_store.revoke_all_tokens(tx, now))

    return database.write([], command)


def list_accounts(connection: Connection, offices: Sequence[str]) -> list[User]:
    """The accounts of those who work in one of these offices, or of all; closed ones too, which
    may be opened again.
    """
    return [
        each
        for each in user_store.list_users(connection, None)
        if not offices or any(works_in(each, office) for office in offices)
    ]


def count_helpless(connection: Connection, known: Sequence[User], choices: Set[Step]) -> int:
    """How many of these cannot sign in by themselves after new passwords are asked for: who has
    nothing left that proves it. The apps of all stop working with the key of log-ins.
    """
    lasting = set() if Step.SECOND_FACTORS in choices else second_factors.list_lasting(connection)
    return sum(each.active and each.id not in lasting for each in known)


def distrust_passwords(database: Database, incident: Incident, now: datetime) -> Incident:
    """Ask for new passwords: nobody signs in with a present one alone."""
    with database.read() as connection:
        known = list_accounts(connection, incident.offices)
        helpless = count_helpless(connection, known, incident.choices)
    for each in known:
        database.write(
            log.days_of(database, each.office, now),
            partial(accounts.distrust_password, by=ADMINISTRATION, user=each.id, now=now),
        )
    return note_done(
        database, incident, Step.PASSWORDS, accounts=len(known), need_administrator=helpless
    )


def reset_second_factors(database: Database, incident: Incident, now: datetime) -> Incident:
    """Take all second factors away, each as by hand."""
    with database.read() as connection:
        having = second_factors.list_having(connection)
        known = [each for each in list_accounts(connection, incident.offices) if each.id in having]
    for each in known:
        database.write(
            log.days_of(database, each.office, now),
            partial(codes.reset, by=ADMINISTRATION, user=each.id, now=now),
        )
    return note_done(database, incident, Step.SECOND_FACTORS, reset=len(known))


def revoke_devices(database: Database, incident: Incident, now: datetime) -> Incident:
    """Cut off every kiosk, TV, printer and sensor, each as by hand; they are paired anew."""
    with database.read() as connection:
        known = device_store.list_paired(connection)
    for each in known:
        database.write(
            log.days_of(database, each.office, now),
            partial(devices.revoke, office=each.office, device=each.id, by=COMMAND_LINE, now=now),
        )
    return note_done(database, incident, Step.DEVICES, revoked=len(known))


def note_done(database: Database, incident: Incident, step: Step, **counts: Any) -> Incident:
    """Note a step that was taken outside of the database."""
    return database.write([], lambda tx: _note(tx, incident, step, **counts))


def _note(tx: Transaction, incident: Incident, step: Step, **counts: Any) -> Incident:
    known = incident_store.find_open(tx)
    done = note_step(known or incident, step, **counts)
    # Another process may have taken it to its end meanwhile.
    if known is not None and known.id == incident.id:
        incident_store.put(tx, done)
    return done


def end(database: Database, incident: Incident, now: datetime) -> Incident:
    """Note that every step is taken; what remains is for people to do."""

    def command(tx: Transaction) -> Incident:
        known = incident_store.find_open(tx)
        if known is None or known.id != incident.id:
            return incident
        ended = replace(known, ended_at=now)
        incident_store.put(tx, ended)
        counts = {
            "sessions": known.steps[Step.SESSIONS]["ended"],
            "tokens": known.steps[Step.TOKENS]["revoked"],
            "persons": known.steps[Step.LIST]["persons"],
        }
        log.note(
            tx, EventType.INCIDENT_SECURED, None, COMMAND_LINE, now, incident=known.id, **counts
        )
        return ended

    return database.write(log.days_of(database, None, now), command)
