"""What `antrean privacy` does, on the database itself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from random import random
from typing import Any

from queue_server.app import make_clock
from queue_server.commands.administration import open_database
from queue_server.domain.access.accounts import COMMAND_LINE
from queue_server.domain.errors import BadInput, LimitReached, UnknownCode
from queue_server.domain.office.office import IdentityKind
from queue_server.domain.privacy.looking import By, StillLive
from queue_server.domain.privacy.purges import Purge, find_broken
from queue_server.domain.visit.identity import parse_identity
from queue_server.nik_key import open_nik_key
from queue_server.services import upkeep
from queue_server.services.privacy import person as people
from queue_server.services.privacy.person import Sought
from queue_server.settings import Settings
from queue_server.store.office import offices as office_store
from queue_server.store.privacy import purges as purge_store
from queue_server.store.writer.database import Database
from queue_server.web.edge.contacts import parse_phone

NIGHTS_TOLD = 7


class Refused(Exception):
    """Why a person's data are not shown or erased; the message is one line."""


def purge_now(settings: Settings) -> dict[str, Any]:
    """Delete what has to go. Returns how many of each piece were done, and the proofs."""
    now = _now(settings)
    with open_database(settings) as database:
        done = upkeep.purge(database, now)
        with database.read() as connection:
            offices = [
                _tell_office(database, connection, code, now)
                for code in sorted(office_store.all_codes(connection))
            ]
    return {"done": done, "offices": offices}


def _tell_office(database: Database, connection: Any, code: str, now: datetime) -> dict[str, Any]:
    nights = purge_store.list_finished(connection, code)
    broken = find_broken(nights)
    today = database.offices.get(connection, code).date_at(now)
    return {
        "office": code,
        "finished": purge_store.is_finished(connection, code, today),
        "proof_holds": broken is None,
        "broken": broken and broken.night.isoformat(),
        "nights": [_tell_night(each) for each in nights[-NIGHTS_TOLD:]],
    }


def _tell_night(purge: Purge) -> dict[str, Any]:
    return {
        "night": purge.night.isoformat(),
        "finished_at": purge.finished_at.isoformat(),
        "deleted": purge.deleted,
        "digest": purge.digest,
        "rows": [{**asdict(each), "until": each.until.isoformat()} for each in purge.rows],
    }


def read_sought(settings: Settings, office: str, by: str, typed: str) -> Sought:
    """Who is meant; a number becomes its fingerprint at once. Raises `Refused`."""
    now = _now(settings)
    try:
        match By(by):
            case By.PHONE:
                return Sought(By.PHONE, parse_phone(typed))
            case By.CODE:
                return Sought(By.CODE, typed.upper().replace("-", "").replace(" ", ""))
        with open_database(settings) as database:
            today = database.find_office(office).date_at(now)
            key = open_nik_key(database, settings.nik_key_file, now)
        identity = parse_identity(typed, IdentityKind.NIK_OR_PASSPORT, today)
        return Sought(By.NUMBER, identity.fingerprint(key))
    except BadInput:
        raise Refused(f"This is no {by}. Check what you typed.") from None


def export_person(settings: Settings, office: str, sought: Sought) -> dict[str, Any]:
    """What an office holds of a person. Raises `Refused`."""
    now = _now(settings)
    with open_database(settings) as database:
        key = open_nik_key(database, settings.nik_key_file, now)
        fingerprint = _find_one(database, office, sought, now)
        with database.read() as connection:
            held = people.load(connection, office, fingerprint, key)
        people.note_export(database, office, COMMAND_LINE, "json", now)
    return {"office": office, "made_at": now.isoformat(), **people.write_held(held)}


def erase_person(
    settings: Settings, office: str, sought: Sought, *, cancelling: bool
) -> dict[str, Any]:
    """Erase what an office holds of a person. Returns the receipt. Raises `Refused`."""
    now = _now(settings)
    with open_database(settings) as database:
        key = open_nik_key(database, settings.nik_key_file, now)
        fingerprint = _find_one(database, office, sought, now)
        try:
            receipt = people.erase(
                database,
                office,
                fingerprint,
                key,
                COMMAND_LINE,
                random(),
                now,
                cancelling_first=cancelling,
            )
        except StillLive as refused:
            raise Refused(
                "The visitor is here now: finish the visit first."
                if refused.facts["present"]
                else "There are visits ahead: --cancel cancels them first."
            ) from None
    return {**asdict(receipt), "at": receipt.at.astimezone(UTC).isoformat()}


def _find_one(database: Database, office: str, sought: Sought, now: datetime) -> str:
    try:
        fingerprints = people.look_up(database, office, sought, COMMAND_LINE, now)
    except (LimitReached, UnknownCode):
        raise Refused("Too many looks within an hour; each is in the log. Try later.") from None
    if not fingerprints:
        raise Refused("Nothing is held of this person.")
    if len(fingerprints) > 1:
        raise Refused("Several persons gave this telephone number: look by NIK or by code.")
    return fingerprints[0]


def _now(settings: Settings) -> datetime:
    return make_clock(settings.clock_offset_seconds)()
