"""The places that kiosks have leased: taken for a visitor, given back when the lease ends."""

from __future__ import annotations

from datetime import date, datetime

from queue_server.domain.booking.availability import pools_of
from queue_server.domain.booking.places import first_claim
from queue_server.domain.booking.slots import span_of
from queue_server.domain.door.leases import Lease, LeaseAction, end
from queue_server.domain.office.office import Office
from queue_server.domain.visit.claim import Claim
from queue_server.store.door import leased_places as leased_store
from queue_server.store.door import leases as lease_store
from queue_server.store.door.leased_places import Leased
from queue_server.store.writer.transaction import Transaction


def take_leased(
    tx: Transaction,
    office: Office,
    lease: Lease,
    service: str,
    letter: str,
    party_size: int,
    *,
    urgent: bool,
    now: datetime,
) -> Claim | None:
    """Take the places of a visitor at the door, with those that the kiosk's lease has set aside for
    as many persons; they are the lease's no longer. None, and nothing is changed, where the party
    fits into no slot even so. Raises `UnknownService`.
    """
    chosen = choose_leased(tx, lease, letter, party_size, now)
    if not chosen:
        return None
    plan = tx.plan(office.code, lease.date)
    for each in chosen:
        plan = plan.change(each.claim, -1)
    claim = first_claim(
        plan,
        span_of(office, office.service(service)),
        letter,
        pools_of(office, service, online=False, urgent=urgent, at=now),
        party_size,
        office.rules.booking.release_minutes,
        now,
        ahead_minutes=None,
    )
    if claim is None:
        return None
    tx.put_plan(plan.change(claim, 1))
    for each in chosen:
        leased_store.drop(tx, office.code, each.id)
    return claim


def choose_leased(
    tx: Transaction, lease: Lease, letter: str, people: int, now: datetime
) -> list[Leased]:
    """Up to `people` unused places of a lease: first those of slots that are not over, the earliest
    first.
    """
    slots = {each.starts_at: each for each in tx.plan(lease.office, lease.date).slots}
    left = [
        each
        for each in leased_store.list_of_day(tx, lease.office, lease.date, lease.id)
        if each.claim.letter == letter and not each.used
    ]
    left.sort(key=lambda each: (slots[each.claim.starts_at].ends_at <= now, each.claim.starts_at))
    return left[:people]


def use_up(tx: Transaction, lease: Lease, letter: str, people: int, now: datetime) -> int:
    """Keep places of a lease taken for a party that has come and fits into no slot as a whole.
    Returns for how many persons.
    """
    chosen = choose_leased(tx, lease, letter, people, now)
    for each in chosen:
        leased_store.use(tx, lease.office, each.id)
    return len(chosen)


def give_back_ended(tx: Transaction, lease: Lease, now: datetime) -> int:
    """Give back the places of a lease in slots that are over: nobody can come for them any more.
    Returns how many; the caller records the event.
    """
    plan = tx.plan(lease.office, lease.date)
    ends, ended = {each.starts_at: each.ends_at for each in plan.slots}, 0
    for each in leased_store.list_of_day(tx, lease.office, lease.date, lease.id):
        if not each.used and ends[each.claim.starts_at] <= now:
            plan = plan.change(each.claim, -1)
            leased_store.drop(tx, lease.office, each.id)
            ended += 1
    if ended:
        tx.put_plan(plan)
    return ended


def end_lease(tx: Transaction, lease: Lease, action: LeaseAction, by: str, now: datetime) -> Lease:
    """End a lease: its places go back, its unused numbers are burnt. Must declare its day.

    A place for which somebody has come stays taken, except at the end of the day. Raises
    `LeaseOver`.
    """
    fate = lease_store.count_fates(tx, lease.office, lease.date, lease.id)
    after, event = end(lease, action, fate, by, now)
    plan = tx.plan(lease.office, lease.date)
    for each in leased_store.list_of_day(tx, lease.office, lease.date, lease.id):
        if action is LeaseAction.CLOSE or not each.used:
            plan = plan.change(each.claim, -1)
            leased_store.drop(tx, lease.office, each.id)
    tx.put_plan(plan)
    lease_store.burn_numbers(tx, lease)
    lease_store.save(tx, after)
    tx.record(event)
    return after


def end_leases_of(
    tx: Transaction, device: str, office: str, action: LeaseAction, by: str, now: datetime
) -> list[date]:
    """End the live leases of a device on the days that the command has declared. Returns the
    dates; the upkeep ends the others of a device that was cut off.
    """
    ended = [
        each
        for each in lease_store.list_active(tx, device, office)
        if (office, each.date) in tx.days
    ]
    for each in ended:
        end_lease(tx, each, action, by, now)
    return [each.date for each in ended]
