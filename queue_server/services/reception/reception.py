"""The reception: bookings found by name, numbers and slips for those who stand there, and visits
that turn out otherwise.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from queue_server.domain.errors import BadInput, WrongState
from queue_server.domain.events import Event, EventType
from queue_server.domain.visit import reception_steps
from queue_server.domain.visit.occupancy import admit_party, admit_party_size
from queue_server.domain.visit.office_day import admit_today
from queue_server.domain.visit.standstill import Act
from queue_server.domain.visit.step import Draw
from queue_server.domain.visit.ticket import Place, Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.door import admission
from queue_server.services.door.admission import admit_who_fit
from queue_server.services.door.arrival import Arrived, WalkIn, issue_walk_in
from queue_server.services.places import places
from queue_server.services.places.replanning import replan_day
from queue_server.services.supervisor.supervision import admit_reason
from queue_server.services.visit.looking import note_search
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

LETTERS_MIN = 2
FOUND_MAX = 12


@dataclass(frozen=True)
class NamedBooking:
    """A booking with its visitor's name, for the eyes of the office's staff alone."""

    ticket: Ticket
    name: str


@dataclass(frozen=True)
class NamesFound:
    """At most FOUND_MAX bookings whose name fits, in order of their time; `cut` when there are
    more.
    """

    bookings: tuple[NamedBooking, ...]
    cut: bool


def search_names(
    database: Database, office: str, typed: str, by: str, now: datetime, last4: str | None = None
) -> NamesFound:
    """Today's bookings of an office of which each word typed begins a word of the name; with the
    last four characters of the NIK, passport or phone those of all coming days.

    That somebody has looked is in the day's log, with how many were found; the name is not. Raises
    `BadInput` below LETTERS_MIN letters, `UnknownOffice`.
    """
    words = _words_of(typed)
    if sum(each.isalpha() for word in words for each in word) < LETTERS_MIN:
        raise BadInput(field="name", reason="too_short", low=LETTERS_MIN)
    today = database.find_office(office).date_at(now)
    with database.read() as connection:
        fitting = [
            NamedBooking(ticket, name)
            for ticket, name in ticket_store.list_named(connection, office, today, last4)
            if _fits(words, name)
        ]
    database.write(
        [(office, today)], lambda tx: note_search(tx, office, today, by, len(fitting), now)
    )
    return NamesFound(tuple(fitting[:FOUND_MAX]), len(fitting) > FOUND_MAX)


def _words_of(text: str) -> list[str]:
    """Words without case and accents, so that "sítì" finds Siti."""
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each)
    )
    return plain.casefold().split()


def _fits(words: list[str], name: str) -> bool:
    parts = _words_of(name)
    return all(any(part.startswith(word) for part in parts) for word in words)


def issue(
    tx: Transaction, office: str, wanted: WalkIn, beyond: str | None, draw: Draw, now: datetime
) -> Arrived:
    """Give a number to somebody at the desk. `beyond` is why one is given though the day may be
    full; None gives none then.

    `wanted.by` names who gives it. Raises as `issue_walk_in` does, and `BadInput` for an empty
    reason.
    """
    if beyond is None:
        return issue_walk_in(tx, office, wanted, draw, now)
    why = admit_reason(beyond)
    arrived = issue_walk_in(tx, office, replace(wanted, beyond_places=True), draw, now)
    ticket = arrived.ticket
    if ticket.claim is None:
        facts = {"number": ticket.number, "by": wanted.by, "reason": why}
        tx.record(Event(EventType.ISSUED_BEYOND, office, ticket.date, now, ticket.id, facts))
    return arrived


def change_party(
    tx: Transaction, office: str, ticket: str, party_size: int, by: str, now: datetime
) -> Ticket:
    """Let more or fewer persons come than was said. The same size again changes nothing.

    Raises `UnknownTicket`, `WrongState`, `BadInput` (party size), `RoomFull` and
    `AdmissionsStopped` for one inside, `SlotFull` for a booking, `DayFull` where the office gives
    no numbers beyond its places, `Paused` for one who has come while everybody is sent out.
    """
    settings = tx.office(office)
    present = ticket_store.get(tx, ticket, office)
    reception_steps.admit_party_change(present)
    admit_party_size(party_size, 1 if present.kind.is_remote else settings.largest_party)
    if party_size == present.party_size:
        return present
    if present.place is not None:
        admit_today(tx.day(office, present.date), Act.CHANGE_VISIT)
    # A change of settings that has not reached this day yet may take the places of this very visit.
    replan_day(tx, office, present.date, now)
    before = ticket_store.get(tx, ticket, office)
    reception_steps.admit_party_change(before)
    if before.place is Place.INSIDE and party_size > before.party_size:
        admit_party(
            tx.day(office, before.date).occupancy(settings.people_limit),
            party_size - before.party_size,
        )
    claim = places.resize(tx, settings, before, party_size, now)
    after, event = reception_steps.change_party(before, party_size, claim, now)
    saved = ticket_store.save(tx, before, after, _by(event, by))
    if before.place is not None:
        admit_who_fit(tx, office, before.date, now)
    return ticket_store.get(tx, saved.id, office)


def leave(
    tx: Transaction, office: str, ticket: str, by: str, now: datetime, persons: int | None = None
) -> Ticket:
    """Note that a party, or so many `persons` of one that waits, went away.

    In an evacuation a whole party goes outside, also from a counter, and keeps its place in the
    queue. Raises `UnknownTicket`, `WrongState` for one at a counter, where the clerk ends the
    visit, for one that is outside already in an evacuation, and for a part of one that does not
    wait; `Paused` for a part of one in an evacuation.
    """
    before = ticket_store.get(tx, ticket, office)
    if persons is None or persons >= before.party_size:
        return admission.leave(tx, office, ticket, by, now)
    admit_today(tx.day(office, before.date), Act.CHANGE_VISIT)
    if before.state is not State.WAITING:
        raise WrongState(action="leave", state=before.state.value, allowed=[State.WAITING.value])
    return change_party(tx, office, ticket, before.party_size - persons, by, now)


def make_urgent(
    tx: Transaction, office: str, ticket: str, urgency: str, by: str, now: datetime
) -> Ticket:
    """Put a waiting visitor into the urgent lane for a coded reason; number, places and turn time
    are kept.

    Raises `UnknownTicket`, `WrongState` for one who is not waiting or is urgent already, `Paused`.
    """
    before = ticket_store.get(tx, ticket, office)
    admit_today(tx.day(office, before.date), Act.CHANGE_VISIT)
    urgent_letter = tx.office(office).rules.booking.urgent_letter
    letter = before.letter if before.kind.is_remote else urgent_letter or before.letter
    after, event = reception_steps.make_urgent(before, letter, now)
    told = _by(event, by)
    return ticket_store.save(
        tx, before, after, replace(told, facts={**told.facts, "urgency": urgency})
    )


def set_priority(
    tx: Transaction, office: str, ticket: str, priority: bool, by: str, now: datetime
) -> Ticket:
    """Give a visit priority or take it away, while it is booked or waits. The same again changes
    nothing. Why somebody has it is asked at the desk and kept nowhere.

    Raises `UnknownTicket`, `WrongState`, `Paused` for one who has come while everybody is sent out.
    """
    before = ticket_store.get(tx, ticket, office)
    rules = tx.office(office).rules
    after, event = reception_steps.set_priority(before, rules, now, priority=priority)
    if before.priority == priority:
        return before
    if before.place is not None:
        admit_today(tx.day(office, before.date), Act.CHANGE_VISIT)
    ticket_store.save(tx, before, after, _by(event, by))
    if before.place is not None:
        admit_who_fit(tx, office, before.date, now)
    return ticket_store.get(tx, ticket, office)


def copy_slip(tx: Transaction, office: str, ticket: str, by: str, now: datetime) -> Ticket:
    """Note that a slip is given out once more. Raises `UnknownTicket`, `WrongState`."""
    copied = ticket_store.get(tx, ticket, office)
    reception_steps.admit_copy(copied)
    tx.record(
        Event(
            EventType.SLIP_COPIED,
            office,
            copied.date,
            now,
            copied.id,
            {"number": copied.number, "by": by},
        )
    )
    return copied


def _by(event: Event, by: str) -> Event:
    return replace(event, facts={**event.facts, "by": by})
