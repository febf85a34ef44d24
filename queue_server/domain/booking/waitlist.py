"""Waiting for a place that somebody else gives up: who is next, what is offered and for how long,
and what follows an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from queue_server.domain.errors import (
    BadInput,
    LimitReached,
    NotInService,
    UnknownService,
    WrongState,
)
from queue_server.domain.office.admission import admit_service, admits
from queue_server.domain.office.office import Office, Service, VisitKind
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.identity import Visitor
from queue_server.domain.visit.standstill import Act, Pause, admit_act
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Ticket, people_of

from . import steps
from .availability import letter_for
from .person_limits import PersonFacts, admit_visit
from .places import DayPlan, choose_claim, free_in, largest_party_in, release_bound
from .slots import span_of

Wish = tuple[str, VisitKind]
"""What is waited for: a service, by code, and the kind of visit."""


class EntryState(StrEnum):
    """Where an entry of the waitlist is in its life. OFFERED: a place is held for it and waits for
    an answer.
    """

    WAITING = "WAITING"
    OFFERED = "OFFERED"
    TAKEN = "TAKEN"
    LAPSED = "LAPSED"
    LEFT = "LEFT"


@dataclass(frozen=True)
class Entry:
    """One person's wish for a place of a service on one of the dates first..last, by a `kind` of
    visit.

    `offers` counts those let lapse; `ticket` is the held place while OFFERED, the booking once
    TAKEN. `visitor` is None once the entry has ended: what is known of the person goes with the
    booking, or is forgotten. `contact` is the keyed mark of where they are told; `proved`: that
    address or number has answered, or the office cannot send there and so asks for no proof.
    """

    id: str
    code: str
    office: str
    service: str
    letter: str
    party_size: int
    priority: bool
    first_date: date
    last_date: date
    language: str
    state: EntryState
    offers: int
    ticket: str | None
    created_at: datetime
    visitor: Visitor | None
    contact: str | None = None
    proved: bool = True
    kind: VisitKind = VisitKind.OFFICE


def admit_reachable(contact: str | None, *, needs_proof: bool, by_phone: bool = False) -> None:
    """Refuse an entry that nobody could be told of, where the office sends letters. Raises
    `BadInput` (field email; reason needed, or either_needed where a telephone number that may be
    written to does as well).
    """
    if needs_proof and contact is None:
        raise BadInput(field="email", reason="either_needed" if by_phone else "needed")


def admit_contact(office: Office, waiting: int) -> None:
    """Refuse one entry too many of the same contact; `waiting` are the live ones of the office with
    its e-mail address or phone.

    Raises `LimitReached` (rule waitlist_contact).
    """
    if waiting >= office.rules.waitlist.entries_per_contact_max:
        raise LimitReached(
            rule="waitlist_contact", limit=office.rules.waitlist.entries_per_contact_max
        )


def admit_dates(office: Office, first: date, last: date, now: datetime) -> None:
    """Refuse dates that are over, in the wrong order or beyond what can be booked.

    Raises `BadInput` (field first_date or last_date; reason past, order, too_far).
    """
    today = office.date_at(now)
    if first < today:
        raise BadInput(field="first_date", reason="past", low=today.isoformat())
    if last < first:
        raise BadInput(field="last_date", reason="order")
    furthest = today + timedelta(days=office.rules.booking.horizon_days)
    if last > furthest:
        raise BadInput(field="last_date", reason="too_far", high=furthest.isoformat())


def admit_wait(
    office: Office,
    service: Service,
    first: date,
    last: date,
    now: datetime,
    kind: VisitKind = VisitKind.OFFICE,
) -> None:
    """Refuse to wait for a service that cannot be had by that kind of visit, or takes none at any
    moment of these dates, by what is decided now: a decision with an end that lies before, or one
    on another service, forbids nothing. Raises `BadInput` (visit), `NotInService`.
    """
    letter_for(office, service.code, urgent=False, kind=kind)
    begins = max(now, datetime.combine(first, time.min, office.tz))
    over = datetime.combine(last + timedelta(days=1), time.min, office.tz)
    changes = {
        at
        for each in office.modes
        for at in (each.starts_at, each.ends_at)
        if at is not None and begins < at < over
    }
    if not any(
        admits(office, service, urgent=False, at=at, kind=kind) for at in (begins, *changes)
    ):
        admit_service(office, service, urgent=False, at=begins, kind=kind)


def _useful(office: Office, starts: Sequence[datetime], now: datetime) -> list[datetime]:
    """The times that leave at least `hold_minutes` for an answer and can be booked already."""
    soonest = now + timedelta(minutes=office.rules.booking.hold_minutes)
    latest = now + timedelta(days=office.rules.booking.horizon_days)
    return [starts_at for starts_at in starts if soonest <= starts_at <= latest]


def suiting_parties(
    office: Office, plan: DayPlan, starts: Sequence[datetime], now: datetime, *, remote: bool
) -> dict[Wish, int]:
    """The wishes that one of these times of a day could be offered to, each with the largest party
    that fits; `remote` for places of visits from home, which are with one person.

    So those who wait are asked for by what suits them, and entries that no such time could suit
    stand in nobody's way.
    """
    parties = {}
    for service in office.services:
        for kind in service.remote if remote else (VisitKind.OFFICE,):
            largest = max(
                (_largest(office, plan, service, kind, each, now) for each in starts), default=0
            )
            if largest:
                parties[service.code, kind] = largest
    return parties


def _largest(
    office: Office,
    plan: DayPlan,
    service: Service,
    kind: VisitKind,
    starts_at: datetime,
    now: datetime,
) -> int:
    if not _useful(office, [starts_at], now) or not admits(
        office, service, urgent=False, at=starts_at, kind=kind
    ):
        return 0
    released_until = release_bound(office.rules.booking.release_minutes, now)
    span = span_of(office, service)
    run, letter = (
        plan.run(starts_at, span),
        letter_for(office, service.code, urgent=False, kind=kind),
    )
    if kind.is_remote:
        free = free_in(run, span, letter, Pool.ONLINE, 0, released_until=released_until)
        return min(free, 1)
    return largest_party_in(run, span, letter, Pool.ONLINE, released_until=released_until)


def choose_entry(
    office: Office,
    plan: DayPlan,
    starts: Sequence[datetime],
    entries: Iterable[Entry],
    now: datetime,
) -> tuple[Entry, Claim] | None:
    """The first of the waiting entries, in order, whom one of these times of a day suits, with the
    places it would take.

    Slots of the plan count as they are, so a party may be larger than the one that gave its places
    up if others are free. Times that leave less than `hold_minutes` for an answer are offered to
    nobody. No more of the entries are read than needed.
    """
    useful = _useful(office, starts, now)
    for entry in entries:
        if (
            entry.state is EntryState.WAITING
            and entry.proved
            and entry.first_date <= plan.date <= entry.last_date
        ):
            for starts_at in useful:
                claim = _claim_for(office, plan, starts_at, entry, now)
                if claim is not None:
                    return entry, claim
    return None


def _claim_for(
    office: Office, plan: DayPlan, starts_at: datetime, entry: Entry, now: datetime
) -> Claim | None:
    try:
        service = office.service(entry.service)
        admit_service(office, service, urgent=False, at=starts_at, kind=entry.kind)
        letter = letter_for(office, service.code, urgent=False, kind=entry.kind)
    except (UnknownService, NotInService, BadInput):
        return None
    released_until = release_bound(office.rules.booking.release_minutes, now)
    span = span_of(office, service)
    return choose_claim(
        plan,
        starts_at,
        span,
        letter,
        (Pool.ONLINE,),
        people_of(entry.kind, entry.party_size),
        released_until=released_until,
    )


def offer_until(office: Office, starts_at: datetime, told_at: datetime) -> datetime:
    """Until when an offered place is kept: `waitlist_offer_minutes` after its person is told, but
    never beyond its own time.

    An offer told while the doors are open, from the first opening of the day to its last closing,
    is kept for `waitlist_offer_open_minutes` if that is shorter: then people can be expected to
    answer, and the next one waits.
    """
    minutes = office.rules.waitlist.offer_minutes
    if office.is_open(told_at):
        minutes = min(minutes, office.rules.waitlist.offer_open_minutes)
    return min(told_at + timedelta(minutes=minutes), starts_at)


def offer(entry: Entry, ticket: str) -> Entry:
    """A place is held for the entry. Raises `WrongState`."""
    _admit(entry, "offer", EntryState.WAITING)
    return replace(entry, state=EntryState.OFFERED, ticket=ticket)


def decline(entry: Entry) -> Entry:
    """The person does not want this place but goes on waiting. Raises `WrongState`."""
    _admit(entry, "decline", EntryState.OFFERED)
    return replace(entry, state=EntryState.WAITING, ticket=None)


def lapse(entry: Entry, rules: Rules) -> Entry:
    """An offer ran out unanswered; after `waitlist_offers_max` of them the entry ends. Raises
    `WrongState`.
    """
    _admit(entry, "lapse", EntryState.OFFERED)
    offers = entry.offers + 1
    waiting = replace(entry, state=EntryState.WAITING, ticket=None, offers=offers)
    return waiting if offers < rules.waitlist.offers_max else end(waiting, EntryState.LAPSED)


def withdraw(entry: Entry) -> Entry:
    """The office took the offered slot away: the entry waits again, and this is not counted. Raises
    `WrongState`.
    """
    _admit(entry, "withdraw", EntryState.OFFERED)
    return replace(entry, state=EntryState.WAITING, ticket=None)


def accept(entry: Entry) -> Entry:
    """The place is taken; its ticket is the person's booking. Raises `WrongState`."""
    _admit(entry, "accept", EntryState.OFFERED)
    return replace(end(entry, EntryState.TAKEN), ticket=entry.ticket)


def decide_acceptance(
    office: Office,
    entry: Entry,
    held: Ticket,
    person: PersonFacts,
    now: datetime,
    *,
    paused: Pause | None = None,
) -> tuple[Entry, Step]:
    """Turn the place offered to an entry into its person's booking. `paused` is what makes its day
    stand still.

    Refuses in this order: `Paused` on a day of an evacuation, `WrongState`, `TooLate` for an offer
    that has run out, `LimitReached` (rule service, office, day, phone, no_shows).
    """
    assert held.slot is not None, "an offer is a slot's"
    admit_act(paused, Act.BOOK)
    booked = steps.confirm(
        held, now, channel=held.channel, priority=entry.priority, language=entry.language
    )
    admit_visit(office, person, entry.service, held.slot, entry.party_size, now)
    return accept(entry), booked


def leave(entry: Entry) -> Entry:
    """The person no longer waits. Raises `WrongState`."""
    _admit(entry, "leave", EntryState.WAITING, EntryState.OFFERED)
    return end(entry, EntryState.LEFT)


def end(entry: Entry, state: EntryState) -> Entry:
    """The entry in a last state, without its person."""
    return replace(entry, state=state, ticket=None, visitor=None, contact=None)


def _admit(entry: Entry, action: str, *states: EntryState) -> None:
    if entry.state not in states:
        raise WrongState(action=action, state=entry.state.value, allowed=sorted(states))
