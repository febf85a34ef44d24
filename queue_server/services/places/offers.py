"""Places that somebody gives up go to the waitlist first: the first entry that they suit has them
held for a while.

Every way by which a place comes free leads through `pass_on`, in the transaction that frees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

from queue_server.domain.booking import steps
from queue_server.domain.booking import waitlist as rules_of
from queue_server.domain.booking.person_limits import PersonFacts, admit_ahead, admit_person
from queue_server.domain.booking.waitlist import Entry
from queue_server.domain.errors import Changed, LimitReached
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.owed import offer_channel
from queue_server.domain.messages.timing import when_due
from queue_server.domain.office.office import Office
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.step import Request
from queue_server.domain.visit.ticket import Origin, Ticket
from queue_server.services.messages.queueing import queue_offer, reach_of
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from .no_shows import list_missed
from .ticket_ids import draw

LOOKED_AT_MAX = 2_000
"""Bounds the time for which one place given up can hold the office-day's lock. All of them suit the
place; who comes after so many that may not have it is asked when the next one comes free.
"""


def pass_on(
    tx: Transaction, office: str, day: date, claim: Claim, now: datetime, *, but: str | None = None
) -> Ticket | None:
    """Give places that are still taken to the first who waits for such, as a timed offer; what an
    offer does not need is free at once.

    Returns the offer's held ticket, or None: then nothing was changed, and the places are still
    taken. Only places of the online share are offered, since the others are for those who come.
    `but` names an entry that has just let these places go.
    """
    if claim.pool is not Pool.ONLINE or claim.starts_at <= now:
        return None
    settings = tx.office(office)
    if waitlist_store.is_empty(tx, office):
        return None
    plan = tx.plan(office, day)
    starts = [slot.starts_at for slot in plan.run(claim.starts_at, claim.span)]
    freed = plan.change(claim, -1)
    remote = claim.letter == settings.remote_letter
    parties = rules_of.suiting_parties(settings, freed, starts, now, remote=remote)
    waiting = islice(waitlist_store.iterate_suiting(tx, office, day, parties, but), LOOKED_AT_MAX)
    eligible = _eligible(tx, settings, waiting, day, starts[0], now)
    while (chosen := rules_of.choose_entry(settings, freed, starts, eligible, now)) is not None:
        entry, wanted = chosen
        drawn = draw()
        try:
            waitlist_store.save(tx, entry, rules_of.offer(entry, drawn.id))
        except Changed:
            # Another process, on another day of this office, was quicker with the same entry: the
            # next one is asked.
            continue
        tx.put_plan(freed.change(wanted, 1))
        request = Request(
            drawn.id,
            drawn.code,
            office,
            day,
            wanted.letter,
            entry.service,
            Origin.ONLINE,
            party_size=entry.party_size,
            priority=entry.priority,
            language=entry.language,
            claim=wanted,
            kind=entry.kind,
        )
        until = rules_of.offer_until(settings, wanted.starts_at, told_at(settings, entry, now))
        ticket, event = steps.hold(request, wanted.starts_at, settings.rules, now, until=until)
        added = ticket_store.add(tx, ticket, event.adding(waitlist=entry.id))
        if entry.visitor is not None:
            queue_offer(tx, added, entry.visitor, now)
        return added
    return None


def _eligible(
    tx: Transaction,
    office: Office,
    entries: Iterable[Entry],
    day: date,
    starts_at: datetime,
    now: datetime,
) -> Iterator[Entry]:
    """Those who could take a place on this day; asked one by one, since most often the first is the
    one.
    """
    for entry in entries:
        if entry.visitor is None:
            continue
        live = ticket_store.peek_live_bookings(
            tx, office.code, entry.visitor.nik_fingerprint, entry.visitor.phone
        )
        try:
            admit_person(office.rules, entry.service, day, live, entry.party_size)
            missed_at = list_missed(tx, office, entry.visitor.nik_fingerprint, now)
            admit_ahead(office, PersonFacts(missed_at=missed_at), starts_at, now)
        except LimitReached:
            continue
        yield entry


def told_at(office: Office, entry: Entry, now: datetime) -> datetime:
    """When the person of an entry is told of an offer that is made now."""
    channel = offer_channel(reach_of(entry.visitor))
    return (channel and when_due(MessageKind.OFFER, channel, now, office.tz)) or now


def let_lapse(tx: Transaction, ticket: Ticket, *, withdrawn: bool = False) -> str | None:
    """Note that a hold has ended: if it was an offer, its entry waits on or ends. Returns the
    entry's id, None for any other hold.
    """
    entry = waitlist_store.find_offered(tx, ticket.office, ticket.id)
    if entry is None:
        return None
    after = (
        rules_of.withdraw(entry)
        if withdrawn
        else rules_of.lapse(entry, tx.office(ticket.office).rules)
    )
    waitlist_store.save(tx, entry, after)
    return entry.id
