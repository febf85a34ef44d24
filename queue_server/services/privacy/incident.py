"""Dealing with an incident, one step in one command, so that a process that was stopped goes on
where it was. To take a step twice does no harm.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any

from queue_server.domain.access.accounts import COMMAND_LINE
from queue_server.domain.events import EventType
from queue_server.domain.privacy.incident import Incident, Step, begin, note_step
from queue_server.services.access import devices, log
from queue_server.store.access import devices as device_store
from queue_server.store.privacy import incidents as incident_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction


def start(
    database: Database,
    since: datetime,
    noticed_at: datetime,
    choices: frozenset[Step],
    now: datetime,
) -> Incident:
    """The incident that is open, with the choices made then; else a new one. Raises `BadInput`."""

    def command(tx: Transaction) -> Incident:
        known = incident_store.find_open(tx)
        if known is not None:
            return known
        incident = begin(token_hex(4), since, noticed_at, choices, now)
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
