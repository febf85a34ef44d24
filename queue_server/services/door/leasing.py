"""Leases of kiosks: granted and filled up, handed to another installation, ended with the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from queue_server.domain.door import leases
from queue_server.domain.door.leases import Lease, LeaseAction
from queue_server.domain.errors import UnknownStream
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.services.places.leased import end_lease, end_leases_of, give_back_ended
from queue_server.services.places.replanning import replan_day
from queue_server.services.places.ticket_ids import draw
from queue_server.services.run_each import do_each
from queue_server.store.door import leased_places as leased_store
from queue_server.store.door import leases as lease_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

BY = "upkeep"


def grant(
    tx: Transaction,
    office: str,
    device: str,
    installation: str,
    wanted: Mapping[str, int],
    day: date,
    now: datetime,
) -> Lease:
    """Give a kiosk its lease for a date, filled up to `wanted` unused numbers by stream, as far as
    the range has them. Asked again, it adds only what is missing. Must declare the date.

    Raises `UnknownOffice`, `UnknownStream`, `BadInput` for a date that is neither today nor the
    next open day, and `LeaseElsewhere` for a second installation.
    """
    settings = tx.office(office)
    leases.admit_date(settings, day, now)
    for letter in wanted:
        if letter not in {each.letter for each in settings.streams}:
            raise UnknownStream(stream=letter)
    wanted = {each: number for each, number in wanted.items() if leases.is_leased(settings, each)}
    alive = lease_store.list_active(tx, device, office)
    for each in alive:
        leases.admit_installation(each, installation)
    replan_day(tx, office, day, now)
    known = next((each for each in alive if each.date == day), None)
    action = LeaseAction.GRANT if known is None else LeaseAction.FILL
    lease = known or leases.grant(draw().id, device, installation, settings, day, now)
    if known is None:
        lease_store.add(tx, lease)
    ended = give_back_ended(tx, lease, now)
    numbers, places = _add_numbers(tx, lease, wanted), _add_places(tx, settings, lease, wanted, now)
    after, event = leases.note_fill(lease, action, settings, numbers, places, now)
    if known is None or ended or numbers or places or after != lease:
        lease_store.save(tx, after)
        tx.record(event)
    return after


def _add_numbers(tx: Transaction, lease: Lease, wanted: Mapping[str, int]) -> int:
    unused = lease_store.list_unused(tx, lease)
    last = lease_store.last_sequences(tx, lease.office, lease.date)
    kiosks, added = lease_store.count_kiosks(tx, lease.office), 0
    for letter, number in sorted(wanted.items()):
        has = sum(each.letter == letter for each in unused)
        sequences = leases.choose_sequences(number, has, last.get(letter), kiosks)
        drawn = ((sequence, draw()) for sequence in sequences)
        lease_store.add_numbers(tx, lease, letter, drawn)
        added += len(sequences)
    return added


def _add_places(
    tx: Transaction, office: Office, lease: Lease, wanted: Mapping[str, int], now: datetime
) -> int:
    if office.rules.door.walk_ins_beyond_places:
        return 0
    leased = [
        each for each in leased_store.list_of_day(tx, office.code, lease.date) if not each.used
    ]
    kiosks, added = lease_store.count_kiosks(tx, office.code), 0
    for letter, number in sorted(wanted.items()):
        plan, span = tx.plan(office.code, lease.date), leases.span_of_stream(office, letter)
        of_stream = [each for each in leased if each.claim.letter == letter]
        own = sum(each.lease == lease.id for each in of_stream)
        share = leases.fair_share(
            leases.count_free(plan, letter, span, now), len(of_stream), kiosks
        )
        plan, claims = leases.choose_places(plan, letter, span, min(number, share) - own, now)
        if claims:
            tx.put_plan(plan)
            leased_store.add(tx, lease, claims, [draw() for _ in claims])
        added += len(claims)
    return added


def note_contest(
    tx: Transaction, office: str, device: str, installation: str, now: datetime
) -> None:
    """Note that a second installation of a device has asked for a lease while the first one's is
    alive: an event and, with the next look at the thresholds, an alert. Must declare today.
    """
    lease = next(
        (
            each
            for each in lease_store.list_active(tx, device, office)
            if each.installation != installation
        ),
        None,
    )
    if lease is not None and lease_store.note_contest(tx, lease, installation, now):
        facts = {"lease": lease.id, "device": device}
        today = tx.office(office).date_at(now)
        tx.record(Event(EventType.LEASE_CONTESTED, office, today, now, None, facts))


def replace_installation(
    tx: Transaction, office: str, device: str, by: str, now: datetime
) -> list[date]:
    """Give up the leases of an installation that is gone, so that another one may have its own.
    Returns their dates; none are left the second time. Must declare `days_of_leases`.
    """
    return end_leases_of(tx, device, office, LeaseAction.LOSE, by, now)


def close_leases(database: Database, now: datetime) -> int:
    """End the leases of days that are over, and of devices that were cut off. Returns how many."""
    with database.read() as connection:
        due = [
            (lease, LeaseAction.REVOKE if is_cut_off else LeaseAction.CLOSE)
            for lease, is_cut_off in lease_store.list_live(connection)
            if is_cut_off
            or database.offices.get(connection, lease.office).date_at(now) > lease.date
        ]
    return do_each(
        due,
        lambda each: database.write(
            [(each[0].office, each[0].date)],
            partial(_close, id=each[0].id, office=each[0].office, action=each[1], now=now),
        ),
    )


def _close(tx: Transaction, id: str, office: str, action: LeaseAction, now: datetime) -> int:
    lease = lease_store.find(tx, id, office)
    if lease.state is not leases.TRANSITIONS[action].source:
        return 0
    end_lease(tx, lease, action, BY, now)
    return 1
