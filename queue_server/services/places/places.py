"""Taking and giving back the places of visits: the one way by which a ticket comes to its places
and parts with them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from queue_server.domain.booking import steps
from queue_server.domain.booking.availability import letter_for, pools_of
from queue_server.domain.booking.places import (
    choose_claim,
    facts_of_claim,
    first_claim,
    public_again_at,
    refused_until,
    release_bound,
)
from queue_server.domain.booking.slots import slot_id, span_of
from queue_server.domain.door.leases import Lease
from queue_server.domain.errors import DayFull, SlotFull
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.claim import Claim, Pool
from queue_server.domain.visit.ticket import Channel, Ticket
from queue_server.store.booking import held_back as kept_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from . import offers
from .leased import take_leased
from .replanning import replan_day


def take_at_door(
    tx: Transaction,
    office: Office,
    service: str,
    party_size: int,
    *,
    urgent: bool,
    now: datetime,
    lease: Lease | None = None,
) -> Claim | None:
    """Take the first places of the running day for a visitor at the door; None when there are none
    left within reach.

    What has run out is reclaimed first, if that is needed. At a kiosk with a `lease` those that
    this has set aside come last, so that a kiosk which is not cut off locks nobody out. Raises
    `UnknownService`.
    """
    day = office.date_at(now)
    replan_day(tx, office.code, day, now)
    if not tx.plan(office.code, day).slots:
        return None
    letter, span = (
        letter_for(office, service, urgent=urgent),
        span_of(office, office.service(service)),
    )
    pools, rules = pools_of(office, service, online=False, urgent=urgent, at=now), office.rules

    def choose() -> Claim | None:
        notes, kind = (
            tx.notes(office.code, day),
            (
                span,
                letter,
                pools,
                party_size,
                rules.booking.release_minutes,
                rules.door.walk_in_ahead_minutes,
            ),
        )
        if notes.is_refused(kind, now):
            return None
        first = first_claim(
            notes.plan,
            span,
            letter,
            pools,
            party_size,
            rules.booking.release_minutes,
            now,
            ahead_minutes=rules.door.walk_in_ahead_minutes,
        )
        if first is None:
            until = refused_until(
                notes.plan,
                rules.booking.release_minutes,
                now,
                ahead_minutes=rules.door.walk_in_ahead_minutes,
            )
            notes.note_refused(kind, now, until)
        return first

    claim = choose()
    if claim is None and reclaim_due(tx, office.code, day, now):
        claim = choose()
    if claim is not None:
        take(tx, office.code, day, claim)
    elif lease is not None:
        claim = take_leased(tx, office, lease, service, letter, party_size, urgent=urgent, now=now)
    return claim


def take(tx: Transaction, office: str, day: date, claim: Claim) -> None:
    """Take the places of a claim. Raises `SlotFull`."""
    tx.put_plan(tx.plan(office, day).change(claim, 1))


def resize(
    tx: Transaction, office: Office, ticket: Ticket, people: int, now: datetime
) -> Claim | None:
    """Make the places of a visit more or fewer; what has run out is reclaimed first, if that is
    needed. The caller saves the ticket with the claim returned.

    A booking keeps its slot. Who has come already is fitted in anew where the slot is full, as
    anybody at the door would be; None when the day is full and the office gives numbers beyond its
    places. Raises `SlotFull`, and `DayFull` where it does not.
    """
    claim = ticket.claim
    if claim is None:
        return None
    wanted = _choose_again(tx, office, ticket, claim, people, now)
    if wanted is None and reclaim_due(tx, office.code, ticket.date, now):
        wanted = _choose_again(tx, office, ticket, claim, people, now)
    plan = tx.plan(office.code, ticket.date)
    if wanted is None and ticket.number is None:
        released_until = release_bound(office.rules.booking.release_minutes, now)
        run = plan.run(claim.starts_at, claim.span)
        pools = _own_pools(office, ticket, claim)
        left = max(
            min(each.people.free(pool, released=each.starts_at <= released_until) for each in run)
            for pool in pools
        )
        raise SlotFull(slot=slot_id(claim.starts_at), free=left)
    if wanted is None and not office.rules.door.walk_ins_beyond_places:
        raise DayFull(date=ticket.date.isoformat())
    fewer = plan.change(claim, -1)
    tx.put_plan(fewer if wanted is None else fewer.change(wanted, 1))
    return wanted


def _choose_again(
    tx: Transaction, office: Office, ticket: Ticket, claim: Claim, people: int, now: datetime
) -> Claim | None:
    """The places that a visit would have with another number of persons: of its own slot, or for
    one who has come of any.
    """
    if people <= claim.people:
        return replace(claim, people=people)
    fewer, rules = tx.plan(office.code, ticket.date).change(claim, -1), office.rules
    wanted = choose_claim(
        fewer,
        claim.starts_at,
        claim.span,
        claim.letter,
        _own_pools(office, ticket, claim),
        people,
        released_until=release_bound(rules.booking.release_minutes, now),
    )
    if wanted is not None or ticket.number is None:
        return wanted
    at_door = pools_of(
        office, ticket.service, online=False, urgent=ticket.channel is Channel.URGENT, at=now
    )
    return first_claim(
        fewer,
        claim.span,
        claim.letter,
        at_door,
        people,
        rules.booking.release_minutes,
        now,
        ahead_minutes=rules.door.walk_in_ahead_minutes,
    )


def _own_pools(office: Office, ticket: Ticket, claim: Claim) -> tuple[Pool, ...]:
    """The pools from which a visit may have more of its own slot: first the one that it has taken
    from.
    """
    urgent = ticket.channel is Channel.URGENT
    own = pools_of(
        office, ticket.service, online=ticket.slot is not None, urgent=urgent, at=claim.starts_at
    )
    return tuple(dict.fromkeys((claim.pool, *own)))


def give_back(tx: Transaction, office: str, day: date, claim: Claim | None) -> None:
    """Give the places of a claim back to everybody, if there is one."""
    if claim is not None:
        tx.put_plan(tx.plan(office, day).change(claim, -1))


def free(
    tx: Transaction,
    office: str,
    day: date,
    claim: Claim | None,
    now: datetime,
    *,
    but: str | None = None,
) -> None:
    """Give the places of a claim on: to the first on the waitlist whom they suit (`but` names one
    to leave out), else to everybody.
    """
    if claim is not None and offers.pass_on(tx, office, day, claim, now, but=but) is None:
        give_back(tx, office, day, claim)


def keep_back(tx: Transaction, before: Ticket, after: Ticket, chance: float, now: datetime) -> None:
    """Give the places that a ticket has just given up to the waitlist, or keep them out of sight
    for a while, so that nobody can lie in wait for them. Whoever joins the waitlist meanwhile may
    still get them.

    `chance` in [0, 1) is as for `public_again_at`.
    """
    claim = before.claim
    if claim is None or offers.pass_on(tx, before.office, before.date, claim, now) is not None:
        return
    public_at = public_again_at(claim, tx.office(before.office).rules, chance, now)
    if public_at is None:
        give_back(tx, before.office, before.date, claim)
    else:
        # A booking that is moved gives up places more than once, but only once in each version.
        kept_store.keep(
            tx, f"{after.id}-{after.version}", before.office, before.date, claim, public_at
        )
        if (before.office, before.date) in tx.plans:
            tx.notes(before.office, before.date).note_due(public_at)


def reclaim_due(tx: Transaction, office: str, day: date, now: datetime) -> int:
    """`reclaim` for one who has found no place: costs nothing while it is known that nothing is
    due.
    """
    notes = tx.notes(office, day)
    if notes.quiet_until is None:
        notes.quiet_until = min(
            (
                at
                for at in (
                    ticket_store.next_expiry(tx, office, day),
                    kept_store.next_public(tx, office, day),
                )
                if at is not None
            ),
            default=datetime.max.replace(tzinfo=now.tzinfo),
        )
    if now < notes.quiet_until:
        return 0
    notes.quiet_until = None
    return reclaim(tx, office, day, now)


def reclaim(tx: Transaction, office: str, day: date, now: datetime) -> int:
    """Give on everything on an office-day whose time is over: holds and offers that ran out, places
    kept back. Returns how many.
    """
    expired = ticket_store.list_expired_holds(tx, office, day, now)
    for held in expired:
        after, event = steps.expire(held, now)
        ticket_store.save(tx, held, after, event)
        free(tx, office, day, held.claim, now, but=offers.let_lapse(tx, held))
    due = [each for each in kept_store.list_of_day(tx, office, day) if each.public_at <= now]
    for each in due:
        claim = each.claim
        kept_store.free(tx, office, each.id)
        free(tx, office, day, claim, now)
        tx.record(Event(EventType.PLACES_RELEASED, office, day, now, None, facts_of_claim(claim)))
    return len(expired) + len(due)
