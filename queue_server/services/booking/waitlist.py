"""The waitlist as its people use it: joining, looking, taking or declining an offer, leaving.

An entry stands under no office-day's lock, since it may get a place on any of several; its steps
are conditional updates. A step that has to do with an offer needs the lock of the offer's day: read
the entry, declare `days_of_offer`, and start over on `Changed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.booking import steps
from queue_server.domain.booking import waitlist as rules_of
from queue_server.domain.booking.availability import letter_for
from queue_server.domain.booking.booking import admit_reach
from queue_server.domain.booking.contacts import PROOF_TIME
from queue_server.domain.booking.person_limits import admit_visit
from queue_server.domain.booking.waitlist import Entry, EntryState
from queue_server.domain.errors import Changed, LimitReached, WrongState
from queue_server.domain.messages.owed import offer_address
from queue_server.domain.office.office import VisitKind
from queue_server.domain.privacy.retention import DataKind
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.occupancy import admit_party_size
from queue_server.domain.visit.step import Draw
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.messages.queueing import reach_of
from queue_server.services.places import offers, places
from queue_server.services.run_each import do_each
from queue_server.store.booking import held_back as kept_store
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.office import offices as office_store
from queue_server.store.privacy import purges as purge_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey, Transaction

from . import contacts
from .persons import load_person

BATCH = 200


@dataclass(frozen=True)
class WaitRequest:
    """What a person waits for: a place of a service on one of the dates first..last.

    `contact` is the mark of the address or number where the visitor is told of an offer;
    `needs_proof` where the office can send there, so that it must be proved. `by_phone`: the
    office sends to telephones.
    """

    service: str
    first: date
    last: date
    visitor: Visitor
    party_size: int = 1
    priority: bool = False
    language: str = "id"
    contact: str | None = None
    needs_proof: bool = False
    by_phone: bool = False
    kind: VisitKind = VisitKind.OFFICE


@dataclass(frozen=True)
class Standing:
    """An entry as it stands: how many came before, and the ticket that is held for it or has become
    its booking.
    """

    entry: Entry
    before: int
    ticket: Ticket | None

    @property
    def offered(self) -> Ticket | None:
        """The held ticket, while a place is offered."""
        return self.ticket if self.entry.state is EntryState.OFFERED else None


def join(tx: Transaction, office: str, wanted: WaitRequest, draw: Draw, now: datetime) -> Entry:
    """Join the waitlist of an office; one live entry for each person and service. No day need be
    declared.

    Raises `UnknownService`, `NotInService`, `BadInput`, `LimitReached` (rule waitlist,
    waitlist_contact, and as for a booking).
    """
    settings = tx.office(office)
    service = settings.service(wanted.service)
    letter = letter_for(settings, service.code, urgent=False, kind=wanted.kind)
    admit_party_size(wanted.party_size, 1 if wanted.kind.is_remote else settings.largest_party)
    admit_reach(wanted.kind, wanted.visitor)
    rules_of.admit_dates(settings, wanted.first, wanted.last, now)
    rules_of.admit_wait(settings, service, wanted.first, wanted.last, now, wanted.kind)
    rules_of.admit_reachable(
        wanted.contact, needs_proof=wanted.needs_proof, by_phone=wanted.by_phone
    )
    # The person comes last, as in a booking. No time is known yet, so the limit on how far ahead
    # this person may book is asked when there is one.
    person = load_person(tx, settings, wanted.visitor, now, ahead=False)
    admit_visit(settings, person, wanted.service, now, wanted.party_size, now, ahead=False)
    if (
        waitlist_store.find_live(tx, office, service.code, wanted.visitor.nik_fingerprint)
        is not None
    ):
        raise LimitReached(rule="waitlist", limit=1)
    waiting = waitlist_store.count_of_contact(tx, office, wanted.contact, wanted.visitor.phone)
    rules_of.admit_contact(settings, waiting)
    proved = not wanted.needs_proof or contacts.ask_once(
        tx, office, wanted.contact, offer_address(reach_of(wanted.visitor)), wanted.language, now
    )
    return waitlist_store.add(
        tx,
        Entry(
            draw.id,
            draw.code,
            office,
            service.code,
            letter,
            wanted.party_size,
            wanted.priority,
            wanted.first,
            wanted.last,
            wanted.language,
            EntryState.WAITING,
            0,
            None,
            now,
            wanted.visitor,
            wanted.contact,
            proved,
            wanted.kind,
        ),
    )


def days_with_kept_places(
    connection: Connection, office: str, first: date, last: date
) -> list[date]:
    """Days on which places given up lately are still kept back: somebody who joins now may get
    one.
    """
    return kept_store.list_days(connection, office, first, last)


def offer_kept(tx: Transaction, office: str, day: date, now: datetime) -> int:
    """Offer the places of a day that are kept back to the waitlist. Returns how many offers that
    made. Must declare the day.
    """
    made = 0
    for kept in kept_store.list_of_day(tx, office, day):
        if kept.public_at > now and offers.pass_on(tx, office, day, kept.claim, now) is not None:
            kept_store.free(tx, office, kept.id)
            made += 1
    return made


def look(connection: Connection, code: str) -> Standing:
    """An entry by its secret code. Raises `UnknownCode`."""
    entry = waitlist_store.find_by_code(connection, code)
    ticket = ticket_store.find(connection, entry.ticket) if entry.ticket is not None else None
    return Standing(entry, waitlist_store.count_before(connection, entry), ticket)


def stand_in_line(tx: Transaction, entry: Entry) -> Standing:
    """Where an entry stands that has just joined."""
    return Standing(entry, waitlist_store.count_before(tx, entry), None)


def days_of_offer(standing: Standing) -> list[DayKey]:
    """The office-days to lock for a step of an entry: that of its offer, if it has one."""
    return [] if standing.offered is None else [(standing.offered.office, standing.offered.date)]


def accept(tx: Transaction, standing: Standing, now: datetime) -> Ticket:
    """Take the place offered: the held ticket becomes the person's booking.

    Raises `WrongState`, `Changed`, and as `decide_acceptance` does.
    """
    entry, held = _offered(tx, standing, "accept")
    assert entry.visitor is not None, "a live entry has its person"
    office = tx.office(entry.office)
    person = load_person(tx, office, entry.visitor, now)
    paused = tx.day(held.office, held.date).paused
    taken, (booked, event) = rules_of.decide_acceptance(
        office, entry, held, person, now, paused=paused
    )
    waitlist_store.save(tx, entry, taken)
    saved = ticket_store.save(tx, held, booked, event)
    ticket_store.add_visitor(tx, saved, entry.visitor)
    return saved


def decline(tx: Transaction, standing: Standing, now: datetime) -> Entry:
    """Let the place offered go to the next, and wait on. Raises `WrongState`, `Changed`."""
    entry, held = _offered(tx, standing, "decline")
    after = waitlist_store.save(tx, entry, rules_of.decline(entry))
    _give_up(tx, held, entry, now)
    return after


def leave(tx: Transaction, standing: Standing, now: datetime) -> Entry:
    """Leave the waitlist; a place offered goes to the next. Raises `WrongState`, `Changed`."""
    entry = _same(tx, standing)
    after = rules_of.leave(entry)
    waitlist_store.save(tx, entry, after)
    if standing.offered is not None:
        _give_up(tx, ticket_store.get(tx, standing.offered.id), entry, now)
    return after


def _same(tx: Transaction, standing: Standing) -> Entry:
    """The entry as it is now, if it still has the offer that it was read with: only that one's day
    is locked. Raises `Changed`.
    """
    entry = waitlist_store.get(tx, standing.entry.office, standing.entry.id)
    if entry.ticket != standing.entry.ticket:
        raise Changed(entry=entry.id)
    return entry


def _offered(tx: Transaction, standing: Standing, action: str) -> tuple[Entry, Ticket]:
    entry = _same(tx, standing)
    if entry.state is not EntryState.OFFERED or standing.offered is None:
        raise WrongState(action=action, state=entry.state.value, allowed=[EntryState.OFFERED.value])
    return entry, ticket_store.get(tx, standing.offered.id)


def _give_up(tx: Transaction, held: Ticket, entry: Entry, now: datetime) -> None:
    after, event = steps.expire(held, now, withdrawn=True)
    ticket_store.save(tx, held, after, event.adding(waitlist=entry.id))
    places.free(tx, held.office, held.date, held.claim, now, but=entry.id)


def end_waiting(database: Database, now: datetime) -> int:
    """End the entries whose last date is over or whose letter nobody has answered, and forget their
    people. Returns how many.
    """
    asked_until = now - PROOF_TIME
    with database.read() as connection:
        today = {
            code: database.offices.get(connection, code).date_at(now)
            for code in office_store.all_codes(connection)
        }
        over = [
            (code, id)
            for code, day in today.items()
            for id in waitlist_store.list_over(connection, code, day, asked_until, BATCH)
        ]
    return do_each(
        over, lambda each: database.write([], partial(_end, office=each[0], id=each[1], now=now))
    )


def _end(tx: Transaction, office: str, id: str, now: datetime) -> int:
    entry = waitlist_store.get(tx, office, id)
    if entry.state is not EntryState.WAITING:
        return 0
    waitlist_store.save(tx, entry, rules_of.end(entry, EntryState.LAPSED))
    purge_store.count(tx, office, DataKind.WAITLIST, 1, now)
    return 1
