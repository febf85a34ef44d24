"""What a kiosk needs to go on without the server, as it is at this moment."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.domain.door import leases as rules_of
from queue_server.domain.door.leases import LeaseState
from queue_server.domain.door.steps import check_in_opens_at
from queue_server.domain.office.admission import admit_service, refusal_of
from queue_server.domain.office.office import Office, Service
from queue_server.domain.visit.ticket import Ticket
from queue_server.protocol.leases import (
    Lease,
    LeasedBooking,
    LeasedNumber,
    LeasedPeriod,
    LeasedService,
    digest_code,
)
from queue_server.services.shown import local_time, service_of
from queue_server.store.door import leased_places as leased_store
from queue_server.store.door import leases as lease_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import slots as slot_store


def view_lease(
    connection: Connection,
    office: Office,
    lease: rules_of.Lease,
    secret: bytes,
    public_url: str,
    now: datetime,
) -> Lease:
    """A lease with the settings and bookings of now. One that has ended has no numbers, places or
    bookings any more. `secret` is the server's, from which the lease's key is made.
    """
    key = rules_of.derive_key(secret, lease.id)
    is_live = lease.state is LeaseState.ACTIVE
    at = max(now, office.opens_at(lease.date) or now)
    numbers = lease_store.list_unused(connection, lease) if is_live else []
    leased = {each.letter for each in office.streams if rules_of.is_leased(office, each.letter)}
    bookings = ticket_store.list_booked(connection, office.code, lease.date) if is_live else []
    return Lease(
        lease=lease.id,
        date=lease.date.isoformat(),
        state=lease.state.value,
        epoch=office.revision,
        now=local_time(office, now),
        offline_until=local_time(
            office, rules_of.day_ends_at(office, lease.date, lease.granted_at)
        ),
        office=office.code,
        office_name=office.name,
        zone=office.zone,
        mode=office.mode_at(at).value,
        public_url=public_url,
        key=key,
        pin_digest=digest_code(key, rules_of.derive_pin(secret, lease.id)),
        periods=tuple(
            LeasedPeriod(
                *(
                    local_time(office, datetime.combine(lease.date, edge, office.tz))
                    for edge in (each.opens, each.closes)
                )
            )
            for each in office.openings_on(lease.date)
        ),
        services=tuple(_view_service(office, each, at) for each in office.services),
        streams={each.letter: dict(each.name) for each in office.streams_here},
        numbers=tuple(
            LeasedNumber(each.number, each.id, each.code, each.letter)
            for each in numbers
            if each.letter in leased
        ),
        places=_count_places(connection, office, lease, now),
        bookings=tuple(
            _view_booking(office, each, key) for each in bookings if not each.kind.is_remote
        ),
        limit=office.people_limit,
        party_max=office.largest_kiosk_party,
        languages=office.languages,
        pace_seconds=office.rules.door.kiosk_pace_seconds,
        burst_numbers=office.rules.door.kiosk_burst_numbers,
    )


def _view_service(office: Office, service: Service, at: datetime) -> LeasedService:
    return LeasedService(
        code=service.code,
        stream=service.letter,
        urgent_stream=office.rules.booking.urgent_letter or service.letter,
        name=dict(service.name),
        summary=dict(service.summary),
        minutes=service.minutes,
        channel=service.channel.value,
        reason=refusal_of(partial(admit_service, office, service, urgent=False, at=at)),
        urgent_reason=refusal_of(partial(admit_service, office, service, urgent=True, at=at)),
        bring=dict(service.requirements),
    )


def _count_places(
    connection: Connection, office: Office, lease: rules_of.Lease, now: datetime
) -> dict[str, int] | None:
    if office.rules.door.walk_ins_beyond_places:
        return None
    plan = slot_store.load(connection, office.code, lease.date)
    open_slots = {each.starts_at for each in plan.slots if each.ends_at > now}
    left = Counter({each.letter: 0 for each in office.streams_here})
    for each in leased_store.list_of_day(connection, office.code, lease.date, lease.id):
        if not each.used and each.claim.starts_at in open_slots:
            left[each.claim.letter] += each.claim.people
    return dict(left)


def _view_booking(office: Office, booking: Ticket, key: str) -> LeasedBooking:
    assert booking.slot is not None, "only bookings with a time are listed"
    claim = booking.claim
    span = 1 if claim is None else claim.span
    minutes = span * office.rules.booking.slot_minutes
    opens_at = check_in_opens_at(booking, office) or booking.slot
    closes_at = office.closes_at(booking.slot) or booking.slot
    return LeasedBooking(
        digest=digest_code(key, booking.code),
        stream=booking.letter,
        service=service_of(office, booking.service).code,
        starts_at=local_time(office, booking.slot),
        ends_at=local_time(office, booking.slot + timedelta(minutes=minutes)),
        check_in_from=local_time(office, opens_at),
        check_in_until=local_time(office, closes_at),
        party_size=booking.party_size,
        language=booking.language,
    )
