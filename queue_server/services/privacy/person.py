"""One person's data, for the person: looked up, shown, given out, erased. Every look is in the log,
and no look says there whose data it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any

from queue_server.domain.booking.contacts import mark_contact
from queue_server.domain.booking.waitlist import EntryState
from queue_server.domain.errors import UnknownCode
from queue_server.domain.events import EventType
from queue_server.domain.privacy.looking import (
    LOOKS_WITHIN,
    By,
    Standing,
    admit_erasing,
    admit_look,
    tell_apart,
)
from queue_server.domain.privacy.retention import DataKind
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.transitions import LIVE_STATES, PRESENT_STATES
from queue_server.services.access import log
from queue_server.services.booking import cancelling, waitlist
from queue_server.store.privacy import persons as person_store
from queue_server.store.privacy import purges as purge_store
from queue_server.store.privacy import wiping as wiping_store
from queue_server.store.privacy.persons import Held
from queue_server.store.visit import events as event_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.reader import Reader
from queue_server.store.writer.transaction import Transaction

CLEARINGS = 3
"""How often the disk is tried to be cleared at once; the night does it in any case."""


@dataclass(frozen=True)
class Sought:
    """Who is looked for: the `value` is a fingerprint, a number in E.164 or a code."""

    by: By
    value: str


@dataclass(frozen=True)
class Receipt:
    """What was erased, for the person. `number` stands in the log too. `is_clear`: the disk holds
    nothing of it any more either; else the coming night sees to it.
    """

    number: str
    at: datetime
    rows: int
    cancelled: int
    is_clear: bool


def look_up(database: Database, office: str, sought: Sought, by: str, now: datetime) -> list[str]:
    """The fingerprints of whom somebody is looked for by; several where several gave one telephone
    number, none where nothing is held. Counts as a look. Raises `LimitReached`.
    """

    def command(tx: Transaction) -> list[str]:
        admit_look(_list_looks(tx, office, by, now), now)
        fingerprints = _find(tx, office, sought)
        log.note(
            tx,
            EventType.PERSON_LOOKED_UP,
            office,
            by,
            now,
            way=sought.by.value,
            persons=len(fingerprints),
        )
        return fingerprints

    return database.write(log.days_of(database, office, now), command)


def _list_looks(tx: Transaction, office: str, by: str, now: datetime) -> list[datetime]:
    """When somebody has looked lately; the hour before midnight counts too."""
    known = tx.office(office)
    days = sorted({known.date_at(now - LOOKS_WITHIN), known.date_at(now)})
    return [
        each.event.at
        for day in days
        for each in event_store.list_of_types(tx, office, day, [EventType.PERSON_LOOKED_UP])
        if each.event.facts.get("by") == by
    ]


def _find(reader: Reader, office: str, sought: Sought) -> list[str]:
    match sought.by:
        case By.NUMBER:
            held = person_store.load(reader, office, sought.value)
            return [] if held.is_empty else [sought.value]
        case By.PHONE:
            return tell_apart(person_store.list_fingerprints(reader, office, sought.value))
    fingerprint = person_store.find_by_code(reader, office, sought.value)
    return [] if fingerprint is None else [fingerprint]


def load(reader: Reader, office: str, fingerprint: str, key: bytes) -> Held:
    """What an office holds of a person; `key` is that of the marks of contacts."""
    held = person_store.load(reader, office, fingerprint)
    marks = _marks_of(held, key)
    return person_store.load(reader, office, fingerprint, marks) if marks else held


def _marks_of(held: Held, key: bytes) -> list[str]:
    people = [visitor for _ticket, visitor in held.visits]
    people += [each.visitor for each in held.wishes]
    addresses = {address for each in people for address in (each.phone, each.email) if address}
    return sorted(mark_contact(each, key) for each in addresses)


def note_export(database: Database, office: str, by: str, format: str, now: datetime) -> None:
    """Tell the log that a person's data were given out."""
    note = partial(
        log.note, type=EventType.PERSON_EXPORTED, office=office, by=by, now=now, format=format
    )
    database.write(log.days_of(database, office, now), note)


def standing_of(held: Held) -> Standing:
    """What stands against erasing."""
    live = [ticket for ticket, _visitor in held.visits if ticket.state in LIVE_STATES]
    present = sum(ticket.state in PRESENT_STATES for ticket in live)
    return Standing(len(live) - present, len(held.wishes), present)


def erase(
    database: Database,
    office: str,
    fingerprint: str,
    key: bytes,
    by: str,
    chance: float,
    now: datetime,
    *,
    cancelling_first: bool = False,
) -> Receipt:
    """Forget a person in an office. With `cancelling_first` visits ahead and wishes are given up
    first; a process that stops between has only given them up, and may be asked again.

    `chance` in [0, 1) picks how long their places are kept back. Raises `StillLive`, `UnknownCode`
    where nothing is held.
    """
    with database.read() as connection:
        held = load(connection, office, fingerprint, key)
    if held.is_empty:
        raise UnknownCode()
    admit_erasing(standing_of(held), cancelling=cancelling_first)
    cancelled = _give_up(database, held, by, chance, now)
    number = token_hex(4)

    def command(tx: Transaction) -> int:
        still_held = load(tx, office, fingerprint, key)
        # Somebody may have booked or come meanwhile.
        admit_erasing(standing_of(still_held), cancelling=False)
        # The wishes that were given up have lost their person, and their contacts' marks with it.
        marks = sorted({*_marks_of(held, key), *_marks_of(still_held, key), *_contacts_of(held)})
        rows = person_store.erase(tx, office, still_held, marks) + len(held.wishes)
        purge_store.count(tx, office, DataKind.ERASED, rows, now)
        facts = {"rows": rows, "cancelled": cancelled, "receipt": number}
        log.note(tx, EventType.PERSON_ERASED, office, by, now, **facts)
        return rows

    rows = database.write(log.days_of(database, office, now), command)
    is_clear = any(wiping_store.clear_up(database.url) for _ in range(CLEARINGS))
    return Receipt(number, now, rows, cancelled, is_clear)


def _contacts_of(held: Held) -> list[str]:
    return [each.contact for each in held.wishes if each.contact]


def _give_up(database: Database, held: Held, by: str, chance: float, now: datetime) -> int:
    """Cancel what stands ahead, each in a command of its own. Returns how many."""
    ahead = [ticket for ticket, _visitor in held.visits if ticket.state in LIVE_STATES]
    for ticket in ahead:
        database.write(
            [(ticket.office, ticket.date)],
            partial(cancelling.cancel, ticket=ticket.id, by=by, chance=chance, now=now),
        )
    for wish in held.wishes:
        _leave(database, wish.code, now)
    return len(ahead) + len(held.wishes)


def _leave(database: Database, code: str, now: datetime) -> None:
    with database.read() as connection:
        standing = waitlist.look(connection, code)
    if standing.entry.state in (EntryState.WAITING, EntryState.OFFERED):
        database.write(
            waitlist.days_of_offer(standing), partial(waitlist.leave, standing=standing, now=now)
        )


def write_held(held: Held) -> dict[str, Any]:
    """What is held, as plain values for a file: everything but fingerprints and marks, of which it
    says that there are some.
    """
    return {
        "visits": [
            {
                "code": ticket.code,
                "number": ticket.number,
                "date": ticket.date.isoformat(),
                "time": ticket.slot and ticket.slot.isoformat(),
                "service": ticket.service,
                "state": ticket.state.value,
                "party_size": ticket.party_size,
                **_write_visitor(visitor),
            }
            for ticket, visitor in held.visits
        ],
        "waitlist": [
            {
                "code": each.code,
                "service": each.service,
                "since": each.created_at.isoformat(),
                **_write_visitor(each.visitor),
            }
            for each in held.wishes
        ],
        "notes": [{"at": each.at.isoformat(), "text": each.text} for each in held.notes],
        "messages": [
            {
                "at": each.created_at.isoformat(),
                "about": each.kind.value,
                "way": each.channel.value,
                "state": each.state.value,
            }
            for each in held.messages
        ],
        "missed_visits": [each.isoformat() for each in held.missed_at],
        "contacts": [
            {"asked_at": asked_at.isoformat(), "confirmed": proved}
            for asked_at, proved in held.contacts
        ],
        "marks_of_addresses": held.sources,
        "number_kept_as": "keyed fingerprint (HMAC-SHA256) and last four characters",
    }


def _write_visitor(visitor: Visitor) -> dict[str, Any]:
    return {
        "name": visitor.name,
        "document": visitor.document.value,
        "number_ends_with": visitor.nik_last4,
        "phone": visitor.phone,
        "email": visitor.email,
        "needs": [each.value for each in visitor.needs],
        "represented": visitor.represented,
        "reminders": visitor.reminders,
    }
